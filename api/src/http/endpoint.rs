//! GraphQL over HTTP.

use super::app::{App, TIMEOUT};
use super::graphiql;
use super::problem::problem;
use crate::auth::Viewer;
use crate::graphql::{code, set_code};
use async_graphql::parser::parse_query;
use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::{Request, ServerError, Value};
use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// Bytes of a request body at most.
const MAX_BODY: usize = 1024 * 1024;
const JSON: &str = "application/json";
const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

/// `POST /graphql`: a request as JSON.
pub(super) async fn post(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !media_type.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case(JSON)) {
        let message = "Send the request as JSON, with `Content-Type: application/json`.";
        return problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, code::BAD_USER_INPUT, message);
    }
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        let message = "The request body is more than 1 MB. Send less, or in several requests.";
        return problem(StatusCode::PAYLOAD_TOO_LARGE, code::QUERY_LIMIT, message);
    };
    let Ok(request) = serde_json::from_slice::<Request>(&body) else {
        let message = "The body is not a GraphQL request: a JSON object with `query`, and `variables` and \
                       `operationName` where they are needed.";
        return problem(StatusCode::BAD_REQUEST, code::BAD_USER_INPUT, message);
    };
    answer(&app, viewer, request, &headers, false).await
}

/// `GET /graphql`: a query in the address, or GraphiQL for a browser that brings none.
pub(super) async fn get(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let accepts_html = accept(&headers).split(',').any(|range| range.trim_start().starts_with("text/html"));
    if accepts_html && !(app.is_production() && viewer == Viewer::public()) {
        return graphiql::page().into_response();
    }
    let parameters = query.unwrap_or_default();
    match async_graphql::http::parse_query_string(&parameters) {
        Ok(request) if !request.query.is_empty() => answer(&app, viewer, request, &headers, true).await,
        _ => {
            let message = "Give a query, as in /graphql?query={regions{number}}, or send one by POST.";
            problem(StatusCode::BAD_REQUEST, code::BAD_USER_INPUT, message)
        }
    }
}

fn accept(headers: &HeaderMap) -> &str {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Checks a request, runs it, and gives its answer the form that the client accepts.
async fn answer(app: &App, viewer: Viewer, mut request: Request, headers: &HeaderMap, by_get: bool) -> Response {
    let modern = accept(headers).contains(GRAPHQL_RESPONSE);
    let response = match parse_query(&request.query) {
        Err(error) => refused(ServerError::from(error), code::GRAPHQL_PARSE_FAILED),
        Ok(document) if by_get && changes_something(&document) => {
            let message = "By GET only queries are answered. Send this by POST.";
            let mut refusal = problem(StatusCode::METHOD_NOT_ALLOWED, code::BAD_USER_INPUT, message);
            refusal.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
            return refusal;
        }
        Ok(document) => {
            if let Err(error) = app.limits().check(&document) {
                refused(error, code::QUERY_LIMIT)
            } else {
                request.set_parsed_query(document);
                execute(app, viewer, request).await
            }
        }
    };
    let never_ran = response.data == Value::Null && response.errors.iter().all(|error| error.path.is_empty());
    let status = if modern && never_ran && response.is_err() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let media_type = if modern { GRAPHQL_RESPONSE } else { JSON };
    let answer = Answer { data: (!never_ran || response.is_ok()).then_some(&response.data), errors: &response.errors };
    match serde_json::to_vec(&answer) {
        Ok(body) => (status, [(header::CONTENT_TYPE, format!("{media_type}; charset=utf-8"))], body).into_response(),
        Err(error) => {
            tracing::error!(%error, "an answer has no JSON form");
            let message = "Something went wrong on our side.";
            problem(StatusCode::INTERNAL_SERVER_ERROR, code::INTERNAL_SERVER_ERROR, message)
        }
    }
}

async fn execute(app: &App, viewer: Viewer, mut request: Request) -> async_graphql::Response {
    if app.is_production() && viewer == Viewer::public() {
        request = request.disable_introspection();
    }
    let request = request.data(app.db().clone()).data(viewer);
    let Ok(mut response) = tokio::time::timeout(TIMEOUT, app.schema().execute(request)).await else {
        let message = "The request took longer than 10 seconds. Ask for less at once.";
        return refused(ServerError::new(message, None), code::TIMEOUT);
    };
    for error in &mut response.errors {
        // Whatever our own code refuses has its code. The rest is the library's: what precedes execution is
        // validation, and what has a place in the answer is an argument that could not be coerced.
        let code = if error.path.is_empty() { code::GRAPHQL_VALIDATION_FAILED } else { code::BAD_USER_INPUT };
        set_code(error, code);
    }
    response
}

fn refused(mut error: ServerError, code: &str) -> async_graphql::Response {
    set_code(&mut error, code);
    async_graphql::Response::from_errors(vec![error])
}

fn changes_something(document: &ExecutableDocument) -> bool {
    document.operations.iter().any(|(_, operation)| operation.node.ty != OperationType::Query)
}

/// An answer as it goes out: its fields stay in the order in which they were asked for.
#[derive(Serialize)]
struct Answer<'a> {
    /// A request that was refused before it ran has no `data` at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "<[ServerError]>::is_empty")]
    errors: &'a [ServerError],
}
