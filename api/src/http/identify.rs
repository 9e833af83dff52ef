//! Who sends a request.

use super::problem::problem;
use crate::auth::Viewer;
use crate::graphql::code;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

/// Puts the viewer into the request. No credential is the public; one that is not good is refused and never taken
/// for the public. No accounts exist yet, so no credential is good. A viewer that is there already, put by the
/// program that the router is part of, stays.
pub(super) async fn identify(mut request: Request, next: Next) -> Response {
    if request.extensions().get::<Viewer>().is_none() {
        if request.headers().contains_key(header::AUTHORIZATION) {
            let message = "This credential is not good here. Leave it out to ask as the public.";
            let mut refusal = problem(StatusCode::UNAUTHORIZED, code::UNAUTHENTICATED, message);
            let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
            refusal.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
            return refusal;
        }
        request.extensions_mut().insert(Viewer::public());
    }
    next.run(request).await
}
