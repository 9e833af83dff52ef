//! Who sends a request.

use super::address;
use super::admission::{Payer, Refusal, levied_for};
use super::app::App;
use super::observed;
use super::open::Caller;
use super::problem::problem;
use crate::auth::{Client, Standing, Viewer};
use crate::database::Executor;
use crate::error::Error;
use crate::graphql::code;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

/// Points for showing what is not good.
const STRANGER: u64 = 1;

/// Answers a request to whoever sends it. No credential is the public; one that is not good is refused and never taken for the
/// public. A viewer that is there already, put by the program that the router is part of, stays.
pub(super) async fn let_in<F: Future<Output = Response>>(
    app: &App,
    mut request: Request,
    answer: impl FnOnce(Caller, Request) -> F,
) -> Response {
    let caller = match caller(app, &mut request).await {
        Ok(caller) => caller,
        Err(unknown) => return unknown.told(),
    };
    observed::told_of(caller.viewer());
    let is_shown = request.headers().contains_key(header::AUTHORIZATION);
    let mut response = levied_for(app, caller.payer(), || answer(caller, request)).await;
    if is_shown {
        // What is answered to a credential is for whoever shows it.
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

async fn caller(app: &App, request: &mut Request) -> Result<Caller, Unknown> {
    let address = address::of(request.extensions(), request.headers(), app.trusted_proxies());
    let client = Client { address };
    if let Some(viewer) = request.extensions_mut().remove::<Viewer>() {
        return Ok(Caller { standing: Standing::new(viewer, None), client });
    }
    let viewer = viewer(app, client, request.headers()).await?;
    let credential = request.headers().get(header::AUTHORIZATION).and_then(bearer).map(str::to_owned);
    Ok(Caller { standing: Standing::new(viewer, credential), client })
}

/// Why it is not known who sends a request.
enum Unknown {
    /// What was shown is not good.
    Stranger,
    /// Nobody can look at present.
    Unable(Error),
    /// Nobody looks now.
    Refused(Refusal),
}

impl Unknown {
    fn told(self) -> Response {
        match self {
            Self::Stranger => refusal(),
            Self::Unable(error) => unable(&error),
            Self::Refused(refusal) => refusal.told(),
        }
    }
}

/// Who the headers say that it is. Whoever shows something that is not good pays as the public does.
async fn viewer(app: &App, client: Client, headers: &HeaderMap) -> Result<Viewer, Unknown> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let Some(first) = given.next() else { return Ok(Viewer::public()) };
    let viewer = match bearer(first).filter(|_| given.next().is_none()) {
        Some(credential) => known(app, client, credential).await?,
        None => None,
    };
    match viewer {
        Some(viewer) => Ok(viewer),
        None => Err(app.admission().pay(Payer::at(client), STRANGER).err().map_or(Unknown::Stranger, Unknown::Refused)),
    }
}

/// Whose credential it is.
async fn known(app: &App, client: Client, credential: &str) -> Result<Option<Viewer>, Unknown> {
    let _turn = app.admission().credential(Payer::at(client)).await.map_err(Unknown::Refused)?;
    app.accounts().authority.viewer(&Executor::Pool(app.pool()), credential).await.map_err(Unknown::Unable)
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
