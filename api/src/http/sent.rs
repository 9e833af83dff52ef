//! What a client sent: the parameters of a request, in its body or in its address.

use super::admission::{LARGE, Payer, Refusal, Turn};
use super::app::App;
use super::front::Sent;
use super::limits::{Limits, bytes, seconds};
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

/// Of one that is too long, so many times as much as it may have is passed over before it is refused: whoever is still
/// sending does not listen.
const PASSED_OVER: usize = 16;

/// Why there is no request to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// Too many send large ones at present.
    Refused(Refusal),
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
    pub(super) fn told(self, limits: &Limits) -> Response {
        let late = format!("The request body did not come within {} seconds. Send it again.", limits.body_seconds);
        let long = format!("The request body is more than {}. Send less, or in several requests.", bytes(limits.body));
        let (status, code, message) = match self {
            Self::Refused(refusal) => return refusal.told(),
            Self::Late => (StatusCode::REQUEST_TIMEOUT, code::TIMEOUT, late.as_str()),
            Self::TooLong => (StatusCode::PAYLOAD_TOO_LARGE, code::QUERY_LIMIT, long.as_str()),
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
pub(super) struct Parameters {
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

/// The request in a body, and the place that a large one takes, to be kept as long as the request.
pub(super) async fn in_body(app: &App, payer: Payer, body: Body) -> Result<(Sent, Option<Turn>), Unread> {
    let limits = app.limits();
    // One that says that it is too long to be passed over is not even begun to be read.
    if body.size_hint().lower() > limits.body.saturating_mul(PASSED_OVER) as u64 {
        return Err(Unread::TooLong);
    }
    let whole = tokio::time::timeout(seconds(limits.body_seconds), whole(app, payer, body));
    let (body, place) = whole.await.map_err(|_| Unread::Late)??;
    // The library would take a list for the fields of a request, in their order.
    match body.trim_ascii_start().first() {
        Some(b'{') => {}
        Some(b'[') => return Err(Unread::Batch),
        _ => return Err(Unread::NoRequest),
    }
    let sent = serde_json::from_slice::<Parameters>(&body).map_err(|_| Unread::NoRequest)?.sent()?;
    Ok((sent, place))
}

/// A whole body. Of large ones only so many are read at once, so that they do not fill the memory together.
async fn whole(app: &App, payer: Payer, body: Body) -> Result<(Vec<u8>, Option<Turn>), Unread> {
    let most = app.limits().body;
    let mut pieces = body.into_data_stream();
    let (mut read, mut length, mut place) = (Vec::new(), 0, None);
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Unread::TooLong)?;
        length += piece.len();
        if length <= most {
            if length > LARGE && place.is_none() {
                place = Some(app.admission().body(payer).await.map_err(Unread::Refused)?);
            }
            read.extend_from_slice(&piece);
        } else if length > most.saturating_mul(PASSED_OVER) {
            break;
        }
    }
    if length > most { Err(Unread::TooLong) } else { Ok((read, place)) }
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
    /// The request that they make.
    pub(super) fn sent(self) -> Result<Sent, Unread> {
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
