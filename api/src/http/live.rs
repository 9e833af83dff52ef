//! Answers as server-sent events: `next` for each, then `complete`, and a comment now and then so that nobody on the way
//! takes the connection for idle.
//!
//! Whoever does not read holds nothing up and nothing in memory: a task waits for room for the next event, and no longer
//! than its patience lasts.

use super::admission::{Payer, Refusal};
use super::app::App;
use super::front::{Prepared, Runnable, coded};
use super::open::{self, Caller};
use super::problem::{problem, refusal};
use super::reply::Reply;
use super::watch::{Loss, Watch};
use crate::graphql::code;
use async_graphql::{Response as Answer, ServerError};
use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
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
/// What stands around an answer.
const NEXT: &[u8] = b"event: next\ndata: ";
const END: &[u8] = b"\n\n";
/// What follows the last. The library for such events does not send the empty data without which nobody hears it.
const COMPLETE: &[u8] = b"event: complete\ndata: \n\n";
const COMMENT: &[u8] = b":\n\n";
/// Tells proxies that would gather an answer before they pass it on not to.
const UNGATHERED: HeaderName = HeaderName::from_static("x-accel-buffering");

/// A subscription, whose answers are sent for as long as there are any.
pub(super) async fn events(app: &App, caller: Caller, payer: Payer, prepared: Prepared) -> Response {
    if let Err(refused) = app.admission().pay_besides(payer, prepared.cost.saturating_sub(1)) {
        return refused.told();
    }
    let Some(place) = app.subscriptions().take(caller.client.address) else { return no_place() };
    let watch = match Watch::begin(app, &caller).await {
        Ok(Ok(Some(watch))) => watch,
        Ok(Ok(None)) => return single(Reply::of(&Answer::from_errors(vec![Loss::Credential.error()]))),
        Ok(Err(error)) => return refusal(error),
        Err(refused) => return Refusal::told(refused),
    };
    let request = prepared.request;
    let (events, waiting) = mpsc::channel(WAITING + 1);
    // Room is kept for how it ends.
    let Ok(farewell) = events.clone().try_reserve_owned() else { return no_place() };
    let feed = Feed { app: app.clone(), events };
    tokio::spawn(async move {
        if let Some(last) = feed.send(watch, request).await {
            farewell.send(last);
        }
        drop(place);
    });
    let waiting = stream::unfold(waiting, async |mut waiting: mpsc::Receiver<Bytes>| {
        waiting.recv().await.map(|event| (Ok::<_, Infallible>(event), waiting))
    });
    response(Body::from_stream(waiting.fuse()))
}

/// One answer as events.
pub(super) fn single(reply: Reply) -> Response {
    let mut response = response(last(&reply).into());
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
    headers.insert(UNGATHERED, HeaderValue::from_static("no"));
    response
}

fn next(reply: &Reply) -> Bytes {
    [NEXT, &reply.body, END].concat().into()
}

/// An answer, and that it was the last.
fn last(reply: &Reply) -> Bytes {
    [NEXT, &reply.body, END, COMPLETE].concat().into()
}

fn failed(errors: Vec<ServerError>) -> Bytes {
    last(&Reply::of(&Answer::from_errors(errors)))
}

fn too_slow() -> Bytes {
    let message = "What was sent was not read for too long. Subscribe again, and read as it comes.";
    failed(vec![coded(ServerError::new(message, None), code::UNAVAILABLE)])
}

/// Sends events to whoever reads them.
struct Feed {
    app: App,
    events: mpsc::Sender<Bytes>,
}

impl Feed {
    /// Sends the answers of a subscription until there are no more; then how it ended is to be said, unless nobody reads
    /// it or the service ends.
    async fn send(&self, watch: Watch, request: Runnable) -> Option<Bytes> {
        let sending = async {
            let mut answers = pin!(open::answers(&self.app, watch, request));
            loop {
                let event = match tokio::time::timeout(ALIVE, answers.next()).await {
                    Ok(Some(Ok(answer))) => next(&Reply::of(&answer)),
                    Ok(Some(Err(broken))) => return Some(failed(broken.errors())),
                    Ok(None) => return Some(Bytes::from_static(COMPLETE)),
                    Err(_) => Bytes::from_static(COMMENT),
                };
                match self.events.send_timeout(event, self.app.live().patience).await {
                    Err(SendTimeoutError::Timeout(_)) => return Some(too_slow()),
                    Err(SendTimeoutError::Closed(_)) => return None,
                    Ok(()) => {}
                }
            }
        };
        tokio::select! {
            last = sending => last,
            () = self.app.ending() => None,
            () = self.events.closed() => None,
        }
    }
}
