//! What a client sent: the parameters of a request, in its body or in its address.

use super::front::Sent;
use super::problem::problem;
use crate::graphql::code;
use async_graphql::{Extensions, Request, Variables};
use axum::body::{Body, HttpBody as _};
use axum::extract::Query;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use futures_util::StreamExt as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// Bytes of a request body at most.
const MAX_BODY: usize = 1024 * 1024;
/// Bytes of a longer one that are passed over before it is refused: whoever is still sending does not listen.
const PASSED_OVER: usize = 16 * MAX_BODY;
/// How long a body may take to come.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why there is no request to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// It did not come in time.
    Late,
    TooLong,
    /// Several requests in one.
    Batch,
    NoRequest,
    /// A request that asks for nothing.
    NoQuery,
}

impl Unread {
    /// What the client is told.
    pub(super) fn told(self) -> Response {
        let (status, code, message) = match self {
            Self::Late => (
                StatusCode::REQUEST_TIMEOUT,
                code::TIMEOUT,
                "The request body did not come within 10 seconds. Send it again.",
            ),
            Self::TooLong => (
                StatusCode::PAYLOAD_TOO_LARGE,
                code::QUERY_LIMIT,
                "The request body is more than 1 MB. Send less, or in several requests.",
            ),
            Self::Batch => (
                StatusCode::BAD_REQUEST,
                code::BAD_USER_INPUT,
                "Batches are not answered. Send each request by itself, or several root fields in one.",
            ),
            Self::NoRequest => (
                StatusCode::BAD_REQUEST,
                code::BAD_USER_INPUT,
                "The body is not a GraphQL request: one JSON object with `query`, and `variables` and `operationName` \
                 where they are needed.",
            ),
            Self::NoQuery => (
                StatusCode::BAD_REQUEST,
                code::BAD_USER_INPUT,
                "The request has no `query`. Send the document as a text under that name.",
            ),
        };
        let mut response = problem(status, code, message);
        if let Self::Late | Self::TooLong = self {
            // What is still to come of the body is not read.
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

/// The parameters of a request. What is null is left out.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<Variables>,
    extensions: Option<Extensions>,
}

/// The same in an address, where all are texts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InAddress {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

/// Whether a body is JSON in UTF-8, as it is. No page of another site can send that without asking first.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let mut parts = text(header::CONTENT_TYPE).unwrap_or_default().split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    let charset = parts.find_map(|part| part.get(..8)?.eq_ignore_ascii_case("charset=").then_some(&part[8..]));
    let is_utf8 = charset.is_none_or(|charset| charset.trim_matches('"').eq_ignore_ascii_case("utf-8"));
    is_json && is_utf8 && text(header::CONTENT_ENCODING).is_none_or(|encoding| encoding == "identity")
}

/// The request in a body.
pub(super) async fn in_body(body: Body) -> Result<Sent, Unread> {
    // One that says that it is too long to be passed over is not even begun to be read.
    if body.size_hint().lower() > PASSED_OVER as u64 {
        return Err(Unread::TooLong);
    }
    let body = tokio::time::timeout(PATIENCE, whole(body)).await.map_err(|_| Unread::Late)??;
    // The library would take a list for the fields of a request, in their order.
    match body.trim_ascii_start().first() {
        Some(b'{') => {}
        Some(b'[') => return Err(Unread::Batch),
        _ => return Err(Unread::NoRequest),
    }
    serde_json::from_slice::<Parameters>(&body).map_err(|_| Unread::NoRequest)?.sent()
}

/// A whole body.
async fn whole(body: Body) -> Result<Vec<u8>, Unread> {
    let mut pieces = body.into_data_stream();
    let (mut read, mut length) = (Vec::new(), 0);
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Unread::TooLong)?;
        length += piece.len();
        if length <= MAX_BODY {
            read.extend_from_slice(&piece);
        } else if length > PASSED_OVER {
            break;
        }
    }
    if length > MAX_BODY { Err(Unread::TooLong) } else { Ok(read) }
}

/// The request in an address.
pub(super) fn in_address(uri: &Uri) -> Result<Sent, Unread> {
    let Query(given) = Query::<InAddress>::try_from_uri(uri).map_err(|_| Unread::NoRequest)?;
    let parameters = Parameters {
        query: given.query,
        document_id: given.document_id.filter(is_given),
        operation_name: given.operation_name.filter(is_given),
        variables: json(given.variables)?,
        extensions: json(given.extensions)?,
    };
    parameters.sent()
}

/// What is given without anything in it is not given.
#[expect(clippy::ptr_arg, reason = "it filters options of texts")]
fn is_given(text: &String) -> bool {
    !text.trim().is_empty()
}

fn json<T: DeserializeOwned>(text: Option<String>) -> Result<Option<T>, Unread> {
    text.filter(is_given).map(|json| serde_json::from_str(&json)).transpose().map_err(|_| Unread::NoRequest)
}

impl Parameters {
    fn sent(self) -> Result<Sent, Unread> {
        let extensions = self.extensions.unwrap_or_default();
        let names_one = self.document_id.is_some() || extensions.0.contains_key("persistedQuery");
        if self.query.is_none() && !names_one {
            return Err(Unread::NoQuery);
        }
        let mut request = Request::new(self.query.unwrap_or_default()).variables(self.variables.unwrap_or_default());
        request.operation_name = self.operation_name;
        request.extensions = extensions;
        Ok(Sent { request, document_id: self.document_id })
    }
}
