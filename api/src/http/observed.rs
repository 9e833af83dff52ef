//! Each request, as the operator sees it: it has a name, is counted, and leaves a line in the log.

use super::app::App;
use super::front::Learned;
use crate::auth::{Identity, Viewer};
use crate::observe::kind::{Kind, Transport};
use crate::observe::metrics::{UnderWay, metrics};
use crate::observe::request_id::RequestId;
use crate::observe::trail::{Trail, note};
use crate::observe::{line, slow, span, traces};
use async_graphql::parser::types::OperationType;
use axum::extract::{ConnectInfo, MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::response::Response;
use std::net::SocketAddr;

/// Names the request, in both directions.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The status of what whoever asked did not wait for, as proxies write it.
const GONE: u16 = 499;
/// The status of a connection that became a socket.
const SWITCHED: u16 = 101;

/// Follows a request that is answered so from its head to the head of its answer.
pub(super) async fn observed<F: Future<Output = Response>>(
    app: App,
    request: Request,
    answer: impl FnOnce(Request) -> F,
) -> Response {
    let path = request.extensions().get::<MatchedPath>().cloned();
    let kind = Kind::of_path(path.as_ref().map(MatchedPath::as_str));
    let trail = Trail::new(name(&app, &request), (Transport::Http, kind), traces::request(Some(request.headers())));
    let asked = (request.method().clone(), path);
    let mut watched = Watched { app, trail, asked: Some(asked), status: None, _under_way: metrics().request() };
    let mut response = watched.trail.clone().follow(answer(request)).await;
    if let Ok(id) = HeaderValue::from_str(watched.trail.id().as_str()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    watched.status = Some(response.status().as_u16());
    response
}

/// Follows an operation that came over a socket.
pub(super) async fn over_socket<T>(app: &App, running: impl Future<Output = T>) -> T {
    let trail = Trail::new(RequestId::new(), (Transport::Socket, Kind::Unread), traces::request(None));
    let app = app.clone();
    let mut watched = Watched { app, trail, asked: None, status: None, _under_way: metrics().request() };
    let done = watched.trail.clone().follow(running).await;
    watched.status = Some(200);
    done
}

/// What a request is called: as a proxy that is trusted says, else as we do. Anybody else could make one request look like another.
fn name(app: &App, request: &Request) -> RequestId {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_canonical());
    let is_trusted = peer.is_some_and(|peer| app.trusted_proxies().iter().any(|network| network.contains(&peer)));
    let given = request.headers().get(REQUEST_ID).filter(|_| is_trusted);
    given.and_then(|given| RequestId::given(given.to_str().ok()?)).unwrap_or_else(RequestId::new)
}

/// A request, whose end is told whichever way it ends.
struct Watched {
    app: App,
    trail: Trail,
    /// How and for which path; nothing of what came over a socket.
    asked: Option<(Method, Option<MatchedPath>)>,
    status: Option<u16>,
    _under_way: UnderWay,
}

impl Drop for Watched {
    fn drop(&mut self) {
        let (took, trail) = (self.trail.elapsed(), &self.trail);
        let status = self.status.unwrap_or(GONE);
        {
            let mut facts = trail.facts();
            if status == SWITCHED {
                facts.kind = Kind::Subscription;
            }
            metrics().answered(trail.transport(), facts.kind, (status, facts.code.unwrap_or_default()), took);
            if facts.is_registered && facts.kind != Kind::Subscription {
                metrics().registered(facts.operation.as_deref().unwrap_or_default(), took);
            }
        }
        let (method, path) = match &self.asked {
            Some((method, path)) => (method.as_str(), path.as_ref().map_or("elsewhere", MatchedPath::as_str)),
            None => ("", ""),
        };
        let answered = line::Answered { method, path, status, took };
        line::tell(trail, answered);
        span::end(trail, answered);
        slow::notice(self.app.db(), trail, took, self.app.slow());
    }
}

/// Notes who asks: what they are to the service, and the key of their row, which nothing but the log of safety tells.
pub(super) fn told_of(viewer: &Viewer) {
    note(|facts| {
        facts.identity = viewer.identity().row();
        facts.viewer = Some(match viewer.identity() {
            Identity::Nobody => "public",
            Identity::Account(_) => "account",
            Identity::Key(_) => "key",
            Identity::CommandLine => "command line",
        });
    });
}

/// Notes what is asked for.
pub(super) fn asked_for(learned: &Learned<'_>) {
    note(|facts| {
        facts.kind = match learned.does {
            OperationType::Query => Kind::Query,
            OperationType::Mutation => Kind::Mutation,
            OperationType::Subscription => Kind::Subscription,
        };
        facts.operation = learned.operation.map(str::to_owned);
        facts.document = Some(learned.hash);
        facts.is_registered = learned.is_registered;
    });
}
