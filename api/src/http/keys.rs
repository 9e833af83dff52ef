//! The public keys of access tokens, for whoever verifies them elsewhere.

use super::app::App;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

/// A new key is in front of those before it for longer than this before nothing is signed with them any more.
const CACHED: &str = "public, max-age=300";

/// The keys as a JSON Web Key Set.
pub(super) async fn published(State(app): State<App>) -> Response {
    ([(header::CACHE_CONTROL, CACHED)], Json(app.accounts().authority.published_keys())).into_response()
}
