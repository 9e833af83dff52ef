//! Refusals that come before GraphQL: each in the form of a GraphQL answer, so that clients need to know one form.

use crate::error::Error;
use crate::graphql::{FieldError, REQUEST_ID, SOON, code};
use crate::observe::trail;
use async_graphql::Value;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An answer with one error and nothing else. It may be otherwise in a moment, so that nobody keeps it.
pub(super) fn problem(status: StatusCode, code: &str, message: &str) -> Response {
    trail::failed(code);
    let id = (code == code::INTERNAL_SERVER_ERROR).then(trail::request_id).flatten();
    let extensions = match id {
        Some(id) => json!({ "code": code, REQUEST_ID: id }),
        None => json!({ "code": code }),
    };
    let body = Json(json!({ "errors": [{ "message": message, "extensions": extensions }] }));
    let mut response = (status, [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], body).into_response();
    if code == code::UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(SOON));
    }
    response
}

/// The answer outside of GraphQL to what was not done, with the code and the words that GraphQL has for it.
pub(super) fn refusal(error: Error) -> Response {
    let error: async_graphql::Error = FieldError::from(error).into();
    let code = match error.extensions.as_ref().and_then(|extensions| extensions.get("code")) {
        Some(Value::String(code)) => code.as_str(),
        _ => code::INTERNAL_SERVER_ERROR,
    };
    coded(code, &error.message)
}

/// The answer outside of GraphQL to what GraphQL has this code for.
pub(super) fn coded(code: &str, message: &str) -> Response {
    let status = match code {
        code::UNAUTHENTICATED => StatusCode::UNAUTHORIZED,
        code::FORBIDDEN => StatusCode::FORBIDDEN,
        code::NOT_FOUND => StatusCode::NOT_FOUND,
        code::BAD_USER_INPUT => StatusCode::BAD_REQUEST,
        code::RATE_LIMITED => StatusCode::TOO_MANY_REQUESTS,
        code::TIMEOUT | code::UNAVAILABLE => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let mut response = problem(status, code, message);
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}
