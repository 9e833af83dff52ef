//! The answer to a GraphQL request as it goes out.

use super::problem::problem;
use crate::graphql::{IN_DOUBT, REASON, SOON, code};
use crate::observe::trail;
use async_graphql::{Response, ServerError, Value};
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use std::collections::BTreeMap;

/// The media type that every client knows.
pub(super) const JSON: &str = "application/json";
/// The media type whose status tells whether a request was understood.
pub(super) const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

/// One of the two, as it stands in a header.
pub(super) const fn media_type(modern: bool) -> &'static str {
    if modern { "application/graphql-response+json; charset=utf-8" } else { "application/json; charset=utf-8" }
}

const MODERN: HeaderValue = HeaderValue::from_static(media_type(true));
const PLAIN: HeaderValue = HeaderValue::from_static(media_type(false));
/// Headers of an answer as they usually are: for so many there is room from the beginning.
const USUAL: usize = 12;

/// Tells an answer that was kept from a new one.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// An answer before it is known which media type the client accepts.
#[derive(Debug, Default)]
pub(super) struct Reply {
    /// The answer as JSON.
    pub(super) body: Bytes,
    /// Whether the request was refused before anything ran.
    pub(super) refused: bool,
    /// A status that it has whatever the client accepts.
    status: Option<StatusCode>,
    /// What resolvers add to the headers.
    pub(super) headers: HeaderMap,
}

/// Its fields stay in the order in which they were asked for.
#[derive(Serialize)]
struct Body<'a> {
    /// A request that was refused before it ran has no `data` at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "<[ServerError]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, Value>,
}

impl Reply {
    /// What the engine answered.
    pub(super) fn of(response: &Response) -> Self {
        let never_ran = response.data == Value::Null && response.errors.iter().all(|error| error.path.is_empty());
        let data = (!never_ran || response.is_ok()).then_some(&response.data);
        let body = serde_json::to_vec(&Body { data, errors: &response.errors, extensions: &response.extensions });
        let body = body.map_err(|error| tracing::error!(%error, "an answer has no JSON form"));
        if let Some(first) = response.errors.first() {
            trail::failed(&code_of(first));
        }
        let limited = response.errors.iter().any(|error| code_of(error) == code::RATE_LIMITED);
        let status = match body {
            Err(()) => Some(StatusCode::INTERNAL_SERVER_ERROR),
            Ok(_) => limited.then_some(StatusCode::TOO_MANY_REQUESTS),
        };
        let refused = never_ran && response.is_err();
        let mut headers = response.http_headers.clone();
        let is_worth_it = |error| code_of(error) == code::UNAVAILABLE && !is_in_doubt(error);
        if response.errors.iter().any(is_worth_it) {
            headers.entry(header::RETRY_AFTER).or_insert(HeaderValue::from(SOON));
        }
        Self { body: body.unwrap_or_default().into(), refused, status, headers }
    }

    /// An answer without errors.
    pub(super) fn known(body: Bytes) -> Self {
        Self { body, ..Self::default() }
    }

    /// An answer that was given before.
    pub(super) fn again(body: Vec<u8>) -> Self {
        let headers = HeaderMap::from_iter([(REPLAYED, HeaderValue::from_static("true"))]);
        Self { body: body.into(), headers, ..Self::default() }
    }

    /// The answer in the form that the client accepts.
    pub(super) fn respond(self, modern: bool) -> axum::response::Response {
        if self.status == Some(StatusCode::INTERNAL_SERVER_ERROR) {
            let message = "Something went wrong on our side.";
            return problem(StatusCode::INTERNAL_SERVER_ERROR, code::INTERNAL_SERVER_ERROR, message);
        }
        let by_form = if modern && self.refused { StatusCode::BAD_REQUEST } else { StatusCode::OK };
        let mut response = axum::response::Response::new(self.body.into());
        *response.status_mut() = self.status.unwrap_or(by_form);
        let headers = response.headers_mut();
        headers.reserve(USUAL);
        headers.extend(self.headers);
        headers.insert(header::CONTENT_TYPE, if modern { MODERN } else { PLAIN });
        response
    }
}

/// Whether what it is about may have been done.
fn is_in_doubt(error: &ServerError) -> bool {
    let reason = error.extensions.as_ref().and_then(|extensions| extensions.get(REASON));
    matches!(reason, Some(Value::String(reason)) if reason == IN_DOUBT)
}

/// The code of an error; nothing where it has none.
pub(super) fn code_of(error: &ServerError) -> String {
    match error.extensions.as_ref().and_then(|extensions| extensions.get("code")) {
        Some(Value::String(code)) => code.clone(),
        _ => String::new(),
    }
}
