//! Subscriptions, as server-sent events: `next` for each answer, then `complete`, and a comment now and then so that nobody
//! on the way takes the connection for idle.

use super::app::App;
use super::endpoint::with_code;
use async_graphql::Request;
use axum::http::{HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::{Stream, StreamExt as _, stream};
use std::convert::Infallible;
use std::time::Duration;

/// The media type of such an answer.
pub(super) const EVENT_STREAM: &str = "text/event-stream";
/// How often something is sent where nothing happens.
const ALIVE: Duration = Duration::from_secs(12);

/// Answers for as long as there is something to answer.
pub(super) fn events(app: &App, request: Request) -> Response {
    let alive = KeepAlive::new().interval(ALIVE);
    let mut response = Sse::new(stream(app, request)).keep_alive(alive).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn stream(app: &App, request: Request) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
    let answers = app.schema().execute_stream(request);
    let next = answers.map(|answer| {
        let body = serde_json::to_string(&with_code(answer));
        Ok(Event::default().event("next").data(body.unwrap_or_default()))
    });
    next.chain(stream::once(async { Ok(Event::default().event("complete").data("")) }))
}
