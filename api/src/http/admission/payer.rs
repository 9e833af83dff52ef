//! Who pays: an account, a key, or for all who have not signed in their network.

use super::super::address;
use super::super::app::App;
use super::budget::Left;
use crate::auth::{Client, Identity, Viewer, network};
use axum::extract::{Request, State};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use std::net::IpAddr;
use uuid::Uuid;

/// Points for coming at all.
const COMES: u64 = 1;
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LEFT: HeaderName = HeaderName::from_static("ratelimit");

/// Who pays for a request, and waits in turn with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::http) enum Payer {
    /// An account.
    Account(Uuid),
    /// An API key.
    Key(Uuid),
    /// All who have not signed in, of a network; nothing where it is not known.
    Network(Option<IpAddr>),
}

impl Payer {
    /// Whoever asks, from where.
    pub(in crate::http) fn of(viewer: &Viewer, client: Client) -> Self {
        match viewer.identity() {
            Identity::Account(id) => Self::Account(id.0),
            Identity::Key(id) => Self::Key(id.0),
            Identity::Nobody | Identity::CommandLine => Self::at(client),
        }
    }

    /// Whoever is there.
    pub(in crate::http) fn at(client: Client) -> Self {
        Self::Network(client.address.map(network))
    }

    /// Whoever sends a request, as far as was found out.
    pub(in crate::http) fn of_request(app: &App, extensions: &Extensions, headers: &HeaderMap) -> Self {
        let client = Client { address: address::of(extensions, headers, app.trusted_proxies()) };
        extensions.get::<Viewer>().map_or_else(|| Self::at(client), |viewer| Self::of(viewer, client))
    }
}

/// Takes a point for each request, before anything else is done for it, and says in the answer what is left.
pub(in crate::http) async fn levied(State(app): State<App>, request: Request, next: Next) -> Response {
    let payer = Payer::of_request(&app, request.extensions(), request.headers());
    levied_for(&app, payer, || next.run(request)).await
}

/// The same for somebody whose request is answered so.
pub(in crate::http) async fn levied_for<F: Future<Output = Response>>(
    app: &App,
    payer: Payer,
    answer: impl FnOnce() -> F,
) -> Response {
    let Some(budget) = &app.admission().budget else { return answer().await };
    let mut response = match app.admission().pay(payer, COMES) {
        Ok(()) => answer().await,
        Err(refusal) => refusal.told(),
    };
    tell(budget.left(payer), response.headers_mut());
    response
}

/// As it stands in the draft of the `RateLimit` fields.
fn tell(Left { of, points, whole_in }: Left, headers: &mut HeaderMap) {
    let fields = [(POLICY, format!("\"points\";q={of};w=60")), (LEFT, format!("\"points\";r={points};t={whole_in}"))];
    for (name, value) in fields {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
}
