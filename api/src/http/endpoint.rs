//! GraphQL over HTTP.

use super::accept::Accept;
use super::admission::{self, Payer, Refusal};
use super::app::App;
use super::front::{self, Prepared, Runnable, Sent};
use super::graphiql;
use super::identify::let_in;
use super::live::{self, EVENT_STREAM};
use super::once::{Claim, MAX_KEY, Once};
use super::open::Caller;
use super::problem::problem;
use super::reply::{GRAPHQL_RESPONSE, JSON, Reply, code_of};
use super::{cors, query, sent, websocket};
use crate::error::Error;
use crate::graphql::{FieldError, Link, code};
use async_graphql::parser::types::OperationType;
use async_graphql::{Pos, ServerError};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::future::FutureExt as _;

const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Asks, with a 1, what the request costs.
pub(super) const COST: &str = "lmi-cost";
/// Mutations of which nothing is kept, also not that they were sent.
const NEVER_KEPT: [&str; 2] = ["openBallot", "castBallot"];

/// How a request is asked.
pub(super) struct Asked<'a> {
    pub(super) caller: Caller,
    pub(super) payer: Payer,
    pub(super) headers: &'a HeaderMap,
    pub(super) form: Form,
    /// What it costs, where that is asked, too.
    pub(super) cost: Option<u64>,
}

/// `POST /graphql`: a request as JSON.
pub(super) async fn post(State(app): State<App>, request: Request) -> Response {
    let answer = async |caller: Caller, request: Request| {
        let (head, body) = request.into_parts();
        if !sent::is_json(&head.headers) {
            let message = "Send the request as JSON in UTF-8, not compressed, with `Content-Type: application/json`.";
            return problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, code::BAD_USER_INPUT, message);
        }
        // Its place is kept until it is answered.
        match sent::in_body(&app, caller.payer(), body).await {
            Ok((sent, _place)) => answer_to(&app, caller, sent, &head.headers, false).await,
            Err(unread) => unread.told(app.limits()),
        }
    };
    cors::shared(&app, request, |request| let_in(&app, request, answer)).await
}

/// `GET /graphql`: a query in the address, a connection that is to become a socket, or `GraphiQL` for a browser.
pub(super) async fn get(State(app): State<App>, request: Request) -> Response {
    let answer = async |caller: Caller, request: Request| {
        if websocket::is_wanted(&request) {
            return websocket::upgrade(&app, caller, request).boxed().await;
        }
        let accept = Accept::of(request.headers());
        let is_browser = accept.prefers("text/html", JSON) && accept.prefers("text/html", GRAPHQL_RESPONSE);
        if is_browser && !app.is_closed_to(caller.viewer()) {
            return graphiql::page().into_response();
        }
        let Ok(sent) = sent::in_address(request.uri()) else {
            let message = "Give a query, as in /graphql?query={regions{number}}, with `variables` as a JSON object and \
                           `operationName` where they are needed; or send it by POST.";
            return problem(StatusCode::BAD_REQUEST, code::BAD_USER_INPUT, message);
        };
        answer_to(&app, caller, sent, request.headers(), true).await
    };
    cors::shared(&app, request, |request| let_in(&app, request, answer)).await
}

/// Any other method.
pub(super) async fn wrong_method() -> Response {
    problem(StatusCode::METHOD_NOT_ALLOWED, code::BAD_USER_INPUT, "This address does not answer that method.")
}

/// Checks a request, runs it, and gives its answer the form that the client accepts.
async fn answer_to(app: &App, caller: Caller, sent: Sent, headers: &HeaderMap, by_get: bool) -> Response {
    let payer = caller.payer();
    let accept = Accept::of(headers);
    let form = Form {
        modern: accept.prefers(GRAPHQL_RESPONSE, JSON),
        wants_events: accept.prefers_only(EVENT_STREAM, &[JSON, GRAPHQL_RESPONSE]),
        by_get,
    };
    let prepared = match admission::prepare(app, payer, caller.viewer(), sent).await {
        Ok(Ok(prepared)) => prepared,
        Ok(Err(errors)) => return form.of(Reply::of(&async_graphql::Response::from_errors(errors)), false),
        Err(refusal) => return refusal.told(),
    };
    let asks_cost = headers.get(COST).is_some_and(|value| value == "1");
    let cost = asks_cost.then_some(prepared.cost);
    let is_mutation = prepared.does == OperationType::Mutation;
    match prepared.does {
        OperationType::Subscription if accept.names(EVENT_STREAM) => {
            let prepared = caller.sends(prepared);
            live::events(app, caller, payer, prepared).boxed().await
        }
        OperationType::Subscription => {
            let message = "Subscriptions are answered as server-sent events. Send `Accept: text/event-stream`.";
            problem(StatusCode::NOT_ACCEPTABLE, code::BAD_USER_INPUT, message)
        }
        OperationType::Query if !form.wants_events => {
            query::answer(app, Asked { caller, payer, headers, form, cost }, prepared).await
        }
        OperationType::Mutation if by_get => {
            let message = "By GET only queries are answered. Send this by POST.";
            let mut refusal = problem(StatusCode::METHOD_NOT_ALLOWED, code::BAD_USER_INPUT, message);
            refusal.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
            refusal
        }
        OperationType::Query | OperationType::Mutation => {
            match run(app, Asked { caller, payer, headers, form, cost }, prepared).await {
                Ok(reply) => form.of(reply, is_mutation),
                Err(refused) => refused,
            }
        }
    }
}

/// The form of an answer.
#[derive(Clone, Copy)]
pub(super) struct Form {
    /// In GraphQL's own media type.
    pub(super) modern: bool,
    wants_events: bool,
    pub(super) by_get: bool,
}

impl Form {
    fn of(self, reply: Reply, is_mutation: bool) -> Response {
        if self.wants_events {
            return live::single(reply);
        }
        let mut response = reply.respond(self.modern);
        if is_mutation || self.by_get {
            // It may hold tokens, and nobody may take it for the answer to another; nor what was refused for what is answered later.
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        response
    }
}

/// Runs a mutation, or a query whose answer is an event, once it is its turn.
async fn run(app: &App, asked: Asked<'_>, prepared: Prepared) -> Result<Reply, Response> {
    let is_mutation = prepared.does == OperationType::Mutation;
    let key = if is_mutation { idempotency_key(asked.headers, &prepared).map_err(|refusal| *refusal)? } else { None };
    let _turn = app.admission().enter(asked.payer, &prepared).await.map_err(Refusal::told)?;
    let _writing = is_mutation.then(|| app.answers().writing());
    let Prepared { request, .. } = asked.caller.sends(prepared);
    let Some(key) = key else {
        let viewer = asked.caller.viewer().clone();
        let response = front::execute(app, viewer, request, Link::pool(app.pool())).await;
        return Ok(Reply::of(&told(response, asked.cost)));
    };
    let _place = app.admission().once(asked.payer).await.map_err(Refusal::told)?;
    match run_once(app, asked, request, &key).boxed().await {
        Ok(Some(reply)) => Ok(reply),
        Ok(None) => {
            let message = "Another request was sent under this idempotency key. Give each its own.";
            Err(problem(StatusCode::UNPROCESSABLE_ENTITY, code::IDEMPOTENCY_KEY_REUSED, message))
        }
        Err(error) => Ok(Reply::of(&refusal(error))),
    }
}

/// The answer, with what it cost for whoever asks.
pub(super) fn told(response: async_graphql::Response, cost: Option<u64>) -> async_graphql::Response {
    match cost {
        Some(cost) => front::with_cost(response, cost),
        None => response,
    }
}

/// The key that a mutation was sent under, if any.
fn idempotency_key(headers: &HeaderMap, prepared: &Prepared) -> Result<Option<String>, Box<Response>> {
    let Some(key) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    if NEVER_KEPT.iter().any(|field| prepared.request.root_fields().contains(*field)) {
        let message = "Answer a survey without an idempotency key: nothing is kept of who answers, or when. Each of its steps \
                       can be sent again as it is.";
        return Err(Box::new(problem(StatusCode::BAD_REQUEST, code::BAD_USER_INPUT, message)));
    }
    let fits = |key: &&str| (1..=MAX_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    let key = key.to_str().ok().filter(fits).map(str::to_owned);
    key.map(Some).ok_or_else(|| {
        let message = format!("An idempotency key is 1 to {MAX_KEY} visible ASCII characters.");
        Box::new(problem(StatusCode::BAD_REQUEST, code::BAD_USER_INPUT, &message))
    })
}

/// Runs a mutation that is to have its effect once however often it is sent; nothing where the key was given to another.
async fn run_once(app: &App, asked: Asked<'_>, request: Runnable, key: &str) -> Result<Option<Reply>, Error> {
    let Asked { caller, cost, .. } = asked;
    let viewer = caller.viewer().clone();
    // Whoever may do less than at the first time is not told again what was answered then; whoever may do more must
    // not do it twice.
    let mut granted: Vec<String> = viewer.grants().iter().map(|grant| format!("{grant:?}")).collect();
    granted.sort_unstable();
    let sent = serde_json::to_vec(&(request.sent(), granted));
    let once = Once::new(&viewer, key, &sent.map_err(Error::internal)?)?;
    let writer = app.writers().place().await?;
    match once.claim(app).await? {
        Claim::First(transaction) => {
            let (link, afterwards) = Link::within(app.pool(), &transaction);
            let response = front::execute(app, viewer, request, link).await;
            let faults: Vec<_> = response.errors.iter().filter(|error| may_pass(error)).cloned().collect();
            let response = told(response, cost);
            let reply = Reply::of(&response);
            if !faults.is_empty() {
                // What went well is undone with the rest, so that the whole can be sent again.
                let mut undone = async_graphql::Response::from_errors(faults);
                undone.http_headers = response.http_headers;
                return Ok(Some(Reply::of(&undone)));
            }
            if !reply.refused {
                once.keep(transaction, &reply.body, (writer, afterwards)).await?;
            }
            Ok(Some(reply))
        }
        Claim::Again(body) => Ok(Some(Reply::again(body))),
        Claim::Other => Ok(None),
    }
}

/// Whether the same request may do better another time.
pub(super) fn may_pass(error: &ServerError) -> bool {
    const PASSING: [&str; 4] = [code::INTERNAL_SERVER_ERROR, code::TIMEOUT, code::UNAVAILABLE, code::RATE_LIMITED];
    PASSING.contains(&code_of(error).as_str())
}

fn refusal(error: Error) -> async_graphql::Response {
    let error: async_graphql::Error = FieldError::from(error).into();
    async_graphql::Response::from_errors(vec![error.into_server_error(Pos::default())])
}
