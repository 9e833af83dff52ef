//! How long the head of a request may be.

use super::app::App;
use super::limits::bytes;
use super::problem::problem;
use crate::graphql::code;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;

/// Refuses what is longer before anybody reads it.
pub(super) async fn bounded(State(app): State<App>, request: Request, next: Next) -> Response {
    let (limits, uri) = (app.limits(), request.uri());
    if uri.path_and_query().map_or(0, |address| address.as_str().len()) > limits.address {
        let message = format!("The address is longer than {}. Send the request by POST.", bytes(limits.address));
        return problem(StatusCode::URI_TOO_LONG, code::QUERY_LIMIT, &message);
    }
    let headers = request.headers().iter();
    if headers.map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>() > limits.headers {
        let message = format!("The headers are more than {}. Send fewer or shorter ones.", bytes(limits.headers));
        return problem(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, code::QUERY_LIMIT, &message);
    }
    next.run(request).await
}
