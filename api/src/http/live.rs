//! Answers as server-sent events: `next` for each, then `complete`, and a comment now and then so that nobody on the way
//! takes the connection for idle.
//!
//! Whoever does not read holds nothing up and nothing in memory: a task waits for room for the next event, and no longer
//! than its patience lasts.

use super::app::App;
use super::front::coded;
use super::open::{self, Caller, Loss, Watch};
use super::problem::{problem, refusal};
use super::reply::Reply;
use crate::graphql::code;
use async_graphql::{Request, Response as Answer, ServerError};
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::{StreamExt as _, stream};
use std::convert::Infallible;
use std::pin::pin;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::SendTimeoutError;

/// The media type of such an answer.
pub(super) const EVENT_STREAM: &str = "text/event-stream";
/// How often something is sent where nothing happens.
const ALIVE: Duration = Duration::from_secs(12);
/// Events that may wait for their reader.
const WAITING: usize = 4;
/// What ends an answer. The library for such events does not send the empty data without which nobody hears it.
const NEXT: &str = "event: next\ndata: ";
const END: &[u8] = b"\n\n";
const COMPLETE: &str = "event: complete\ndata: \n\n";
const COMMENT: &str = ":\n\n";

/// A subscription, whose answers are sent for as long as there are any.
pub(super) async fn events(app: &App, caller: Caller, request: Request) -> Response {
    let Some(place) = app.subscriptions().take(caller.client.address) else { return no_place() };
    let watch = match Watch::over(app, &caller.standing).await {
        Ok(Some(watch)) => watch,
        Ok(None) => return single(Reply::of(&Answer::from_errors(vec![Loss::Credential.error()]))),
        Err(error) => return refusal(error),
    };
    let (events, waiting) = mpsc::channel(WAITING + 1);
    // Room is kept for saying why it ends.
    let Ok(farewell) = events.clone().try_reserve_owned() else { return no_place() };
    let feed = Feed { app: app.clone(), events };
    tokio::spawn(async move {
        if feed.send(watch, request).await == Reader::Slow {
            farewell.send(next(&too_slow()) + COMPLETE);
        }
        drop(place);
    });
    let waiting = stream::unfold(waiting, async |mut waiting: mpsc::Receiver<String>| {
        waiting.recv().await.map(|event| (Ok::<_, Infallible>(event), waiting))
    });
    response(Body::from_stream(waiting))
}

/// One answer as events.
pub(super) fn single(reply: Reply) -> Response {
    let mut response = response(Body::from([NEXT.as_bytes(), &reply.body, END, COMPLETE.as_bytes()].concat()));
    response.headers_mut().extend(reply.headers);
    response
}

/// Nobody else can wait at present.
pub(super) fn no_place() -> Response {
    let message = "Too many wait for what comes at present. Try again in a minute, or ask for what there is now.";
    let mut response = problem(StatusCode::SERVICE_UNAVAILABLE, code::UNAVAILABLE, message);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    response
}

fn response(body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(EVENT_STREAM));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn next(answer: &str) -> String {
    format!("{NEXT}{answer}\n\n")
}

fn error(loss: Loss) -> String {
    body(&Answer::from_errors(vec![loss.error()]))
}

fn too_slow() -> String {
    let message = "What was sent was not read for too long. Subscribe again, and read as it comes.";
    body(&Answer::from_errors(vec![coded(ServerError::new(message, None), code::UNAVAILABLE)]))
}

fn body(answer: &Answer) -> String {
    serde_json::to_string(answer).unwrap_or_default()
}

/// What became of whoever reads events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    /// Was sent all that there was, or went away.
    Done,
    /// Did not read for too long.
    Slow,
}

/// Sends events to whoever reads them.
struct Feed {
    app: App,
    events: mpsc::Sender<String>,
}

impl Feed {
    /// Sends the answers of a subscription until there are no more, or nobody reads them.
    async fn send(&self, watch: Watch, request: Request) -> Reader {
        let mut answers = pin!(open::answers(&self.app, watch, request));
        loop {
            let answer = tokio::select! {
                answer = tokio::time::timeout(ALIVE, answers.next()) => answer,
                () = self.app.ending() => return Reader::Done,
                () = self.events.closed() => return Reader::Done,
            };
            let is_last = matches!(answer, Ok(None));
            let event = match answer {
                Ok(Some(Ok(answer))) => next(&body(&answer)),
                Ok(Some(Err(loss))) => next(&error(loss)),
                Ok(None) => COMPLETE.to_owned(),
                Err(_) => COMMENT.to_owned(),
            };
            match self.events.send_timeout(event, self.app.live().patience).await {
                Err(SendTimeoutError::Timeout(_)) => return Reader::Slow,
                Err(SendTimeoutError::Closed(_)) => return Reader::Done,
                Ok(()) if is_last => return Reader::Done,
                Ok(()) => {}
            }
        }
    }
}
