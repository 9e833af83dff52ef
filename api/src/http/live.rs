//! Subscriptions, as server-sent events: `next` for each answer, then `complete`, and a comment now and then so that nobody
//! on the way takes the connection for idle.

use super::app::App;
use super::front::with_code;
use super::problem::problem;
use crate::graphql::code;
use async_graphql::Request;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::{Stream, StreamExt as _, stream};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};

/// The media type of such an answer.
pub(super) const EVENT_STREAM: &str = "text/event-stream";
/// How often something is sent where nothing happens.
const ALIVE: Duration = Duration::from_secs(12);
/// How many may wait at once: each is looked after whenever there is something new.
static AT_ONCE: Semaphore = Semaphore::const_new(500);

/// Answers for as long as there is something to answer.
pub(super) fn events(app: &App, request: Request) -> Response {
    let Ok(place) = AT_ONCE.try_acquire() else {
        let message = "Too many wait for what comes at present. Try again in a minute, or ask for what there is now.";
        return problem(StatusCode::SERVICE_UNAVAILABLE, code::UNAVAILABLE, message);
    };
    let mut response = Response::new(Body::from_stream(frames(app, request, place)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(EVENT_STREAM));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The events as they go out. The library for them does not send the empty data that ends a subscription.
fn frames(
    app: &App,
    request: Request,
    place: SemaphorePermit<'static>,
) -> impl Stream<Item = Result<String, Infallible>> + use<> {
    let answers = app.schema().execute_stream(request);
    stream::unfold(Some((answers, place)), |answers| async {
        let (mut answers, place) = answers?;
        Some(match tokio::time::timeout(ALIVE, answers.next()).await {
            Ok(Some(answer)) => {
                let body = serde_json::to_string(&with_code(answer)).unwrap_or_default();
                (Ok(format!("event: next\ndata: {body}\n\n")), Some((answers, place)))
            }
            Ok(None) => (Ok("event: complete\ndata: \n\n".to_owned()), None),
            Err(_) => (Ok(":\n\n".to_owned()), Some((answers, place))),
        })
    })
}
