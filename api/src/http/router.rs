//! Every path.

use super::app::App;
use super::graphiql;
use super::identify::identify;
use super::problem::problem;
use super::{agenda, embed, endpoint, export, health, keys, map, pages};
use crate::graphql::code;
use axum::extract::Path;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use axum::{Router, middleware};
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{Any, CorsLayer};
use tower_http::set_header::SetResponseHeaderLayer;

/// The service's paths, on what they share.
pub fn router(app: App) -> Router {
    let identified = middleware::from_fn_with_state(app.clone(), identify);
    let graphql = get(endpoint::get).post(endpoint::post).layer(identified.clone());
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
        .merge(open_to_pages(files()))
        .route("/schema.graphql", get(pages::sdl))
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
        .with_state(app)
}

/// What everybody may read, as files.
fn files() -> Router<App> {
    let files = agenda::routes().route("/participation.geojson", get(map::get));
    files.route("/embed/lmi-agenda.js", get(embed::component))
}

/// What is everybody's, for the scripts of every page. They may say what they have, and are told how to.
fn open_to_pages(paths: Router<App>) -> Router<App> {
    let everybody = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD])
        .allow_headers([header::IF_NONE_MATCH])
        .expose_headers([header::ETAG])
        .max_age(Duration::from_hours(24))
        // Whoever asks is answered alike.
        .vary([]);
    // Said here, so that asking for leave is answered, too, and not taken for a wrong method.
    paths.method_not_allowed_fallback(endpoint::wrong_method).layer(everybody)
}

async fn nowhere() -> Response {
    problem(StatusCode::NOT_FOUND, code::NOT_FOUND, "There is nothing here. The GraphQL endpoint is /graphql.")
}

fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    problem(StatusCode::INTERNAL_SERVER_ERROR, code::INTERNAL_SERVER_ERROR, "Something went wrong on our side.")
}
