//! Every path.

use super::admission::levied;
use super::app::App;
use super::graphiql;
use super::identify::{identify, identify_or_upgrade};
use super::problem::problem;
use super::{agenda, cors, embed, encoded, endpoint, export, health, keys, map, metrics, observed, pages};
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

/// What is no page of its own may do nothing where a browser takes it for one.
const NO_PAGE: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Browsers that have been here ask over https alone, where that is how the service is reached.
const FOR_A_YEAR: &str = "max-age=31536000; includeSubDomains";

/// The service's paths, on what they share.
pub fn router(app: App) -> Router {
    let identified = middleware::from_fn_with_state(app.clone(), identify);
    let levied = middleware::from_fn_with_state(app.clone(), levied);
    let entered = middleware::from_fn_with_state(app.clone(), identify_or_upgrade);
    let graphql = get(endpoint::get).post(endpoint::post).layer(entered);
    let is_https = app.accounts().public_url.as_str().starts_with("https://");
    let always_https = move |_: &Response| is_https.then(|| HeaderValue::from_static(FOR_A_YEAR));
    let graphql = cors::for_listed_sites(graphql, app.cors_origins());
    let observed = middleware::from_fn_with_state(app.clone(), observed::observed);
    let measured = if app.tells_figures() { metrics::routes() } else { Router::new() };
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
        .merge(measured)
        .fallback(nowhere)
        .method_not_allowed_fallback(endpoint::wrong_method)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(SetResponseHeaderLayer::if_not_present(header::CONTENT_SECURITY_POLICY, no_page))
        .layer(SetResponseHeaderLayer::if_not_present(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")))
        .layer(SetResponseHeaderLayer::if_not_present(header::STRICT_TRANSPORT_SECURITY, always_https))
        .layer(compression())
        // Around whatever compresses.
        .layer(middleware::from_fn_with_state(app.clone(), encoded::tell_apart))
        .layer(observed)
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

/// Whoever is told that nothing has changed keeps what stood beside the answer.
fn no_page(response: &Response) -> Option<HeaderValue> {
    (response.status() != StatusCode::NOT_MODIFIED).then(|| HeaderValue::from_static(NO_PAGE))
}

async fn nowhere() -> Response {
    problem(StatusCode::NOT_FOUND, code::NOT_FOUND, "There is nothing here. The GraphQL endpoint is /graphql.")
}

fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    problem(StatusCode::INTERNAL_SERVER_ERROR, code::INTERNAL_SERVER_ERROR, "Something went wrong on our side.")
}
