//! Every path.

use super::app::App;
use super::graphiql;
use super::identify::identify;
use super::problem::problem;
use super::{agenda, embed, encoded, endpoint, export, health, keys, map, pages};
use crate::graphql::code;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use axum::{Router, middleware};
use std::any::Any;
use tower_http::catch_panic::CatchPanicLayer;
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
        // Around whatever compresses.
        .layer(middleware::from_fn(encoded::tell_apart))
        .with_state(app)
}

/// What everybody may read, as files.
fn files() -> Router<App> {
    let files = agenda::routes().route("/participation.geojson", get(map::get));
    files.route("/embed/lmi-agenda.js", get(embed::component))
}

/// What is everybody's, for the scripts of every page.
fn open_to_pages(paths: Router<App>) -> Router<App> {
    let everybody = HeaderValue::from_static("*");
    paths.layer(SetResponseHeaderLayer::overriding(header::ACCESS_CONTROL_ALLOW_ORIGIN, everybody))
}

async fn nowhere() -> Response {
    problem(StatusCode::NOT_FOUND, code::NOT_FOUND, "There is nothing here. The GraphQL endpoint is /graphql.")
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    problem(StatusCode::INTERNAL_SERVER_ERROR, code::INTERNAL_SERVER_ERROR, "Something went wrong on our side.")
}
