//! Who sends a request.

use super::address;
use super::app::App;
use super::observed;
use super::problem::problem;
use super::websocket;
use crate::auth::{Client, Standing, Viewer};
use crate::error::Error;
use crate::graphql::code;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::future::FutureExt as _;

/// Puts the viewer into the request. No credential is the public; one that is not good is refused and never taken for the
/// public. A viewer that is there already, put by the program that the router is part of, stays.
pub(super) async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    match introduce(&app, &mut request).await {
        Ok(shows) => shows.answered_by(next.run(request).await),
        Err(refusal) => refusal,
    }
}

/// The same where a connection may become a socket. (One layer less for every request than one for each.)
pub(super) async fn identify_or_upgrade(State(app): State<App>, mut request: Request, next: Next) -> Response {
    match introduce(&app, &mut request).await {
        Ok(shows) if websocket::is_wanted(&request) => {
            shows.answered_by(websocket::upgrade(app, request).boxed().await)
        }
        Ok(shows) => shows.answered_by(next.run(request).await),
        Err(refusal) => refusal,
    }
}

/// What a request shows of who sends it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shows {
    Nothing,
    Credential,
}

impl Shows {
    /// What is answered to a credential is for whoever shows it.
    fn answered_by(self, mut response: Response) -> Response {
        if self == Self::Credential {
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        response
    }
}

async fn introduce(app: &App, request: &mut Request) -> Result<Shows, Response> {
    let address = address::of(request, app.trusted_proxies());
    request.extensions_mut().insert(Client { address });
    if request.extensions().get::<Viewer>().is_none() {
        let viewer = match viewer(app, request.headers()).await {
            Ok(Some(viewer)) => viewer,
            Ok(None) => return Err(refusal()),
            Err(error) => return Err(unable(&error)),
        };
        let credential = request.headers().get(header::AUTHORIZATION).and_then(bearer).map(str::to_owned);
        request.extensions_mut().insert(Standing::new(viewer.clone(), credential));
        request.extensions_mut().insert(viewer);
    }
    observed::told_of(request.extensions().get());
    let has_credential = request.headers().contains_key(header::AUTHORIZATION);
    Ok(if has_credential { Shows::Credential } else { Shows::Nothing })
}

/// Who the headers say that it is; nobody where what they say is not good.
async fn viewer(app: &App, headers: &HeaderMap) -> Result<Option<Viewer>, Error> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let Some(first) = given.next() else { return Ok(Some(Viewer::public())) };
    match bearer(first).filter(|_| given.next().is_none()) {
        Some(credential) => app.accounts().authority.viewer(app.db(), credential).await,
        None => Ok(None),
    }
}

/// What is shown as `Bearer`.
fn bearer(value: &HeaderValue) -> Option<&str> {
    bearer_in(value.to_str().ok()?)
}

/// The same of a text.
pub(super) fn bearer_in(text: &str) -> Option<&str> {
    let (scheme, credential) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| credential.trim_matches(' '))
}

/// The one answer to whatever is wrong with a credential.
fn refusal() -> Response {
    let message = "This credential is not good here. Leave it out to ask as the public.";
    let mut refusal = problem(StatusCode::UNAUTHORIZED, code::UNAUTHENTICATED, message);
    let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
    refusal.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    refusal
}

/// Nobody can say at present whether it is good.
fn unable(error: &Error) -> Response {
    if let Error::Unavailable(_) | Error::TimedOut(_) = error {
        tracing::warn!(%error, "a credential could not be looked up");
        return problem(StatusCode::SERVICE_UNAVAILABLE, code::UNAVAILABLE, &error.to_string());
    }
    tracing::error!(?error, "a credential could not be looked up");
    problem(StatusCode::INTERNAL_SERVER_ERROR, code::INTERNAL_SERVER_ERROR, "Something went wrong on our side.")
}
