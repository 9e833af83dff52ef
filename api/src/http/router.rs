//! Every path.

use super::admission::levied;
use super::app::App;
use super::graphiql;
use super::problem::problem;
use super::{agenda, cors, embed, encoded, endpoint, export, health, keys, map, metrics, observed, pages, shield};
use crate::graphql::code;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::get;
use axum::{Router, middleware};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;

/// The service's paths, on what they share.
pub fn router(app: App) -> Router {
    let levied = middleware::from_fn_with_state(app.clone(), levied);
    let measured = if app.tells_figures() { metrics::routes() } else { Router::new() };
    // As one layer: each by itself would be one more box that is made for every request.
    let shared = ServiceBuilder::new()
        .layer(middleware::from_fn_with_state(app.clone(), around))
        .layer(CatchPanicLayer::custom(panicked));
    Router::new()
        .route("/", get(pages::index))
        .route("/graphql", get(endpoint::get).post(endpoint::post).options(cors::options))
        .route("/invitation", get(pages::password))
        .route("/password-reset", get(pages::password))
        .route("/password.js", get(pages::password_script))
        .route("/survey", get(pages::survey))
        .route("/survey.js", get(pages::survey_script))
        .route("/graphql/assets/{file}", get(|Path(file): Path<String>| async move { graphiql::asset(&file) }))
        .route("/export/{file}", get(export::get))
        .merge(cors::open_to_pages(files().layer(levied)))
        .route("/.well-known/jwks.json", get(keys::published))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .merge(measured)
        .fallback(nowhere)
        .method_not_allowed_fallback(endpoint::wrong_method)
        .layer(shared)
        .with_state(app)
}

/// Stands around everything: the operator sees each request, what is compressed has tags of its own, and every answer has what
/// keeps browsers from taking it for something else.
async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_https = app.accounts().public_url.as_str().starts_with("https://");
    let inner = app.clone();
    let answer = async move |request| encoded::tell_apart(&inner, request, next).await;
    let mut response = observed::observed(app, request, answer).await;
    shield::put(&mut response, is_https);
    response
}

/// What everybody may read, as files.
fn files() -> Router<App> {
    let files = agenda::routes().route("/participation.geojson", get(map::get));
    files.route("/embed/lmi-agenda.js", get(embed::component)).route("/schema.graphql", get(pages::sdl))
}

async fn nowhere() -> Response {
    problem(StatusCode::NOT_FOUND, code::NOT_FOUND, "There is nothing here. The GraphQL endpoint is /graphql.")
}

fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    problem(StatusCode::INTERNAL_SERVER_ERROR, code::INTERNAL_SERVER_ERROR, "Something went wrong on our side.")
}
