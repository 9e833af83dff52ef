//! Every path.

use super::admission::levied;
use super::app::App;
use super::graphiql;
use super::identify::{identify, identify_or_upgrade};
use super::problem::problem;
use super::{agenda, cors, embed, encoded, endpoint, export, health, keys, map, pages};
use crate::graphql::code;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::set_header::SetResponseHeaderLayer;

/// Bytes of an answer from which on it is compressed.
const COMPRESSED_FROM: u64 = 1024;

/// The service's paths, on what they share.
pub fn router(app: App) -> Router {
    let identified = middleware::from_fn_with_state(app.clone(), identify);
    let levied = middleware::from_fn_with_state(app.clone(), levied);
    let entered = middleware::from_fn_with_state(app.clone(), identify_or_upgrade);
    let graphql = get(endpoint::get).post(endpoint::post).layer(entered);
    let graphql = cors::for_listed_sites(graphql, app.cors_origins());
    Router::new()
        .route("/", get(pages::index))
        .route("/graphql", graphql)
        .route("/invitation", get(pages::password))
        .route("/password-reset", get(pages::password))
        .route("/password.js", get(pages::password_script))
        .route("/survey", get(pages::survey))
        .route("/survey.js", get(pages::survey_script))
        .route("/graphql/assets/{file}", get(|Path(file): Path<String>| async move { graphiql::asset(&file) }))
        .route("/export/{file}", get(export::get).layer(identified))
        .merge(cors::open_to_pages(files().layer(levied)))
        .route("/.well-known/jwks.json", get(keys::published))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .fallback(nowhere)
        .method_not_allowed_fallback(endpoint::wrong_method)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(compression())
        // Around whatever compresses.
        .layer(middleware::from_fn_with_state(app.clone(), encoded::tell_apart))
        .with_state(app)
}

/// What everybody may read, as files.
fn files() -> Router<App> {
    let files = agenda::routes().route("/participation.geojson", get(map::get));
    files.route("/embed/lmi-agenda.js", get(embed::component)).route("/schema.graphql", get(pages::sdl))
}

/// Answers are compressed where that is worth it; those that are sent piece by piece are sent as they are.
fn compression() -> CompressionLayer<impl Predicate> {
    let worth_it = SizeAbove::new(COMPRESSED_FROM).and(NotForContentType::SSE).and(NotForContentType::IMAGES);
    CompressionLayer::new().compress_when(worth_it)
}

async fn nowhere() -> Response {
    problem(StatusCode::NOT_FOUND, code::NOT_FOUND, "There is nothing here. The GraphQL endpoint is /graphql.")
}

fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    problem(StatusCode::INTERNAL_SERVER_ERROR, code::INTERNAL_SERVER_ERROR, "Something went wrong on our side.")
}
