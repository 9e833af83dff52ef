//! The figures of the service, for whoever collects them.

use super::app::App;
use crate::database::Pool;
use crate::observe::metrics::{OPEN_METRICS, PLAIN, ServerState, State as Stands, metrics, plain};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

/// The path of the figures, by itself: for a port that only collectors reach.
pub fn metrics_router(app: App) -> Router {
    routes().with_state(app)
}

/// Asks the database how it stands, for as long as the service runs.
pub async fn keep_measuring(app: App) {
    metrics().sampled().keep_looking(app.db()).await;
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/metrics", get(figures))
}

async fn figures(State(app): State<App>, headers: HeaderMap) -> Response {
    let open = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let open = open.is_some_and(|accept| accept.contains("application/openmetrics-text"));
    let text = metrics().text(&stands(&app));
    let (text, media_type) = if open { (text, OPEN_METRICS) } else { (plain(&text), PLAIN) };
    let mut response = text.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// How the service stands now.
fn stands(app: &App) -> Stands {
    let reads = app.reads();
    let mut primary = server("primary".to_owned(), app.pool());
    primary.is_up = reads.takes_writes().unwrap_or_else(|| app.notices().pulse().epoch().is_some());
    let mut servers = vec![primary];
    for replica in reads.standings() {
        let state = server(format!("replica {}", replica.number), replica.db);
        servers.push(ServerState { is_up: replica.follows, lag_bytes: replica.lag_bytes, ..state });
    }
    let (sockets, subscriptions) = app.open();
    let (answers, answer_bytes, most_answer_bytes) = app.answers().room();
    let listens = app.notices().pulse().epoch().is_some();
    Stands { servers, answers, answer_bytes, most_answer_bytes, sockets, subscriptions, listens }
}

fn server(name: String, db: &Pool) -> ServerState {
    let pool = db.get_postgres_connection_pool();
    let (idle, most_connections) = (pool.num_idle() + db.waiting(), pool.options().get_max_connections());
    ServerState { name, connections: pool.size(), idle, most_connections, ..ServerState::default() }
}
