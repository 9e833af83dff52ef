//! Whether the service lives, and whether it can answer.

use super::app::App;
use crate::auth::Viewer;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sea_orm::ConnectionTrait as _;
use serde_json::json;
use std::time::Duration;

/// How long the database may take to say anything.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process runs.
pub(super) async fn live() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

/// The process can answer: the database says something. While no server takes writes, whoever asks for what everybody may
/// read is answered, and would not be if no instance were asked any more.
pub(super) async fn ready(State(app): State<App>) -> Response {
    if app.near(&Viewer::public()).await.is_some_and(|near| !near.is_current) {
        return Json(json!({ "status": "ok", "reason": "no server takes writes; reads go on" })).into_response();
    }
    let asked = tokio::time::timeout(PATIENCE, app.db().execute_unprepared("SELECT 1")).await;
    if matches!(asked, Ok(Ok(_))) {
        Json(json!({ "status": "ok" })).into_response()
    } else {
        let reason = json!({ "status": "unavailable", "reason": "the database does not answer" });
        (StatusCode::SERVICE_UNAVAILABLE, Json(reason)).into_response()
    }
}
