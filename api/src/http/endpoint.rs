//! GraphQL over HTTP.

use super::accept::Accept;
use super::app::App;
use super::front::{self, Prepared};
use super::graphiql;
use super::live::{self, EVENT_STREAM};
use super::once::{Claim, MAX_KEY, Once};
use super::open::Caller;
use super::problem::problem;
use super::query;
use super::reply::{GRAPHQL_RESPONSE, JSON, Reply, code_of};
use crate::auth::{Client, Standing, Viewer};
use crate::error::Error;
use crate::graphql::{FieldError, Link, code};
use async_graphql::parser::types::OperationType;
use async_graphql::{Pos, Request, ServerError};
use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

/// Bytes of a request body at most.
const MAX_BODY: usize = 1024 * 1024;
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Mutations of which nothing is kept, also not that they were sent.
const NEVER_KEPT: [&str; 2] = ["openBallot", "castBallot"];

/// `POST /graphql`: a request as JSON.
pub(super) async fn post(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Extension(client): Extension<Client>,
    standing: Option<Extension<Standing>>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    if !sends_json(&headers) {
        let message = "Send the request as JSON in UTF-8, not compressed, with `Content-Type: application/json`.";
        return problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, code::BAD_USER_INPUT, message);
    }
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        let message = "The request body is more than 1 MB. Send less, or in several requests.";
        return problem(StatusCode::PAYLOAD_TOO_LARGE, code::QUERY_LIMIT, message);
    };
    // The library would take a list for the fields of a request, in their order.
    let is_object = body.trim_ascii_start().starts_with(b"{");
    match serde_json::from_slice::<Request>(&body) {
        Ok(request) if is_object => {
            let caller = Caller::new(&viewer, client, standing);
            answer(&app, viewer, (caller, request), &headers, false).await
        }
        _ => {
            let message = "The body is not a GraphQL request: one JSON object with `query`, and `variables` and \
                           `operationName` where they are needed.";
            problem(StatusCode::BAD_REQUEST, code::BAD_USER_INPUT, message)
        }
    }
}

fn sends_json(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let mut parts = text(header::CONTENT_TYPE).unwrap_or_default().split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case(JSON));
    let charset = parts.find_map(|part| part.get(..8)?.eq_ignore_ascii_case("charset=").then_some(&part[8..]));
    let is_utf8 = charset.is_none_or(|charset| charset.trim_matches('"').eq_ignore_ascii_case("utf-8"));
    is_json && is_utf8 && text(header::CONTENT_ENCODING).is_none_or(|encoding| encoding == "identity")
}

/// A request in the address.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    query: String,
    operation_name: Option<String>,
    variables: Option<String>,
}

impl Parameters {
    /// The request that they make; none where they cannot be read.
    fn request(uri: &Uri) -> Option<Request> {
        let Query(parameters) = Query::<Self>::try_from_uri(uri).ok()?;
        let given = |text: &String| !text.trim().is_empty();
        let variables = parameters.variables.filter(given).map(|json| serde_json::from_str(&json)).transpose().ok()?;
        let mut request = Request::new(parameters.query).variables(variables.unwrap_or_default());
        request.operation_name = parameters.operation_name.filter(given);
        Some(request)
    }
}

/// `GET /graphql`: a query in the address, or `GraphiQL` for a browser.
pub(super) async fn get(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Extension(client): Extension<Client>,
    standing: Option<Extension<Standing>>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let accept = Accept::of(&headers);
    let is_browser = accept.prefers("text/html", JSON) && accept.prefers("text/html", GRAPHQL_RESPONSE);
    if is_browser && !app.is_closed_to(&viewer) {
        return graphiql::page().into_response();
    }
    if let Some(request) = Parameters::request(&uri) {
        let caller = Caller::new(&viewer, client, standing);
        answer(&app, viewer, (caller, request), &headers, true).await
    } else {
        let message = "Give a query, as in /graphql?query={regions{number}}, with `variables` as a JSON object and \
                       `operationName` where they are needed; or send it by POST.";
        problem(StatusCode::BAD_REQUEST, code::BAD_USER_INPUT, message)
    }
}

/// Any other method.
pub(super) async fn wrong_method() -> Response {
    problem(StatusCode::METHOD_NOT_ALLOWED, code::BAD_USER_INPUT, "This address does not answer that method.")
}

/// Checks a request, runs it, and gives its answer the form that the client accepts.
async fn answer(
    app: &App,
    viewer: Viewer,
    (caller, request): (Caller, Request),
    headers: &HeaderMap,
    by_get: bool,
) -> Response {
    let wants_events = Accept::of(headers).prefers_only(EVENT_STREAM, &[JSON, GRAPHQL_RESPONSE]);
    let prepared = front::prepare(app, &viewer, caller.sends(request));
    let is_mutation = matches!(prepared, Ok(Prepared { does: OperationType::Mutation, .. }));
    let _writing = is_mutation.then(|| app.answers().writing());
    let reply = match prepared {
        Ok(Prepared { does: OperationType::Mutation, .. }) if by_get => {
            let message = "By GET only queries are answered. Send this by POST.";
            let mut refusal = problem(StatusCode::METHOD_NOT_ALLOWED, code::BAD_USER_INPUT, message);
            refusal.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
            return refusal;
        }
        Ok(Prepared { request, does: OperationType::Mutation, root_fields })
            if headers.contains_key(IDEMPOTENCY_KEY) =>
        {
            if NEVER_KEPT.iter().any(|field| root_fields.contains(*field)) {
                let message = "Answer a survey without an idempotency key: nothing is kept of who answers, or when. Each \
                               of its steps can be sent again as it is.";
                return problem(StatusCode::BAD_REQUEST, code::BAD_USER_INPUT, message);
            }
            let Some(key) = idempotency_key(headers) else {
                let message = format!("An idempotency key is 1 to {MAX_KEY} visible ASCII characters.");
                return problem(StatusCode::BAD_REQUEST, code::BAD_USER_INPUT, &message);
            };
            match run_once(app, viewer, request, key).await {
                Ok(Some(reply)) => reply,
                Ok(None) => {
                    let message = "Another request was sent under this idempotency key. Give each its own.";
                    return problem(StatusCode::UNPROCESSABLE_ENTITY, code::IDEMPOTENCY_KEY_REUSED, message);
                }
                Err(error) => Reply::of(&refusal(error)),
            }
        }
        Ok(Prepared { request, does: OperationType::Subscription, .. }) => {
            if Accept::of(headers).names(EVENT_STREAM) {
                return live::events(app, caller, front::with_facts(app, viewer, request, Link::pool(app.db()))).await;
            }
            let message = "Subscriptions are answered as server-sent events. Send `Accept: text/event-stream`.";
            return problem(StatusCode::NOT_ACCEPTABLE, code::BAD_USER_INPUT, message);
        }
        Ok(Prepared { request, does: OperationType::Query, .. }) if !wants_events => {
            return query::answer(app, viewer, request, headers, by_get).await;
        }
        Ok(Prepared { request, .. }) => Reply::of(&front::execute(app, viewer, request, Link::pool(app.db())).await),
        Err(errors) => Reply::of(&async_graphql::Response::from_errors(errors)),
    };
    if wants_events {
        return live::single(reply);
    }
    let modern = Accept::of(headers).prefers(GRAPHQL_RESPONSE, JSON);
    let mut response = reply.respond(modern);
    if is_mutation {
        // It may hold tokens, and nobody may take it for the answer to another.
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// The key that a mutation was sent under; none where it is none.
fn idempotency_key(headers: &HeaderMap) -> Option<&str> {
    let key = headers.get(IDEMPOTENCY_KEY)?.to_str().ok()?;
    let fits = (1..=MAX_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then_some(key)
}

/// Runs a mutation that is to have its effect once however often it is sent; nothing where the key was given to another.
async fn run_once(app: &App, viewer: Viewer, request: Request, key: &str) -> Result<Option<Reply>, Error> {
    // Whoever may do less than at the first time is not told again what was answered then; whoever may do more must
    // not do it twice.
    let mut granted: Vec<String> = viewer.grants().iter().map(|grant| format!("{grant:?}")).collect();
    granted.sort_unstable();
    let sent = serde_json::to_vec(&(&request.query, &request.operation_name, &request.variables, granted));
    let once = Once::new(&viewer, key, &sent.map_err(Error::internal)?)?;
    let _place = app.once().acquire().await.map_err(Error::internal)?;
    match once.claim(app).await? {
        Claim::First(transaction) => {
            let (link, afterwards) = Link::within(app.db(), &transaction);
            let response = front::execute(app, viewer, request, link).await;
            let faults: Vec<_> = response.errors.iter().filter(|error| may_pass(error)).cloned().collect();
            let reply = Reply::of(&response);
            if !faults.is_empty() {
                // What went well is undone with the rest, so that the whole can be sent again.
                let mut undone = async_graphql::Response::from_errors(faults);
                undone.http_headers = response.http_headers;
                return Ok(Some(Reply::of(&undone)));
            }
            if !reply.refused {
                once.keep(transaction, &reply.body).await?;
                afterwards.run();
            }
            Ok(Some(reply))
        }
        Claim::Again(body) => Ok(Some(Reply::again(body))),
        Claim::Other => Ok(None),
    }
}

/// Whether the same request may do better another time.
fn may_pass(error: &ServerError) -> bool {
    const PASSING: [&str; 4] = [code::INTERNAL_SERVER_ERROR, code::TIMEOUT, code::UNAVAILABLE, code::RATE_LIMITED];
    PASSING.contains(&code_of(error).as_str())
}

fn refusal(error: Error) -> async_graphql::Response {
    let error: async_graphql::Error = FieldError::from(error).into();
    async_graphql::Response::from_errors(vec![error.into_server_error(Pos::default())])
}
