//! Queries, which are most of what is asked. What is everybody's is answered from memory where it can be, and by GET it may
//! be kept on the way, too.

use super::admission::Turn;
use super::app::App;
use super::endpoint::{Asked, COST, Form, told};
use super::front::{self, Prepared};
use super::reply::{Reply, media_type};
use super::tag::{Content, tagged};
use crate::auth::Viewer;
use crate::graphql::Link;
use crate::unending::to_its_end;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use futures_util::future::FutureExt as _;
use std::collections::BTreeSet;

/// Every client asks anew each time, so that whoever wrote something reads it; a cache that many share may answer for as
/// long as another instance may lag behind.
pub(super) const SHARED: HeaderValue = HeaderValue::from_static("public, max-age=0, s-maxage=1, must-revalidate");
/// Root fields whose answer changes when nothing is told, so that it is not kept here: what was committed comes into the
/// feed only once everything that began before it has ended.
const UNTOLD: [&str; 1] = ["changes"];
const NOT_KEPT: HeaderValue = HeaderValue::from_static("no-store");
/// What an answer by GET depends on besides its address.
const VARIES: HeaderValue = HeaderValue::from_static("Accept, Authorization, LMI-Cost");

/// Answers a query: from memory where what is kept still holds, else by running it.
pub(super) async fn answer(app: &App, asked: Asked<'_>, prepared: Prepared) -> Response {
    let Asked { caller, payer, headers, form: Form { modern, by_get, .. }, cost } = asked;
    // What a request costs is for the one who asks.
    let is_public = *caller.viewer() == Viewer::public() && !headers.contains_key(COST);
    let is_told = is_told(prepared.request.root_fields());
    let asked = if is_public && is_told { app.answers().asked(&prepared.request) } else { None };
    if let Some(kept) = asked.as_ref().and_then(|asked| app.answers().find(asked)) {
        return if by_get { shared(headers, modern, kept) } else { Reply::known(kept.bytes().clone()).respond(modern) };
    }
    let turn = match app.admission().enter(payer, &prepared).await {
        Ok(turn) => turn,
        Err(refusal) => return refusal.told(),
    };
    let (response, is_current) = run(app, caller.viewer().clone(), caller.sends(prepared), turn).await;
    let response = told(response, cost);
    let reply = Reply::of(&response);
    // Whatever is added to the headers is for the one who asks.
    let is_everybodys = is_public && response.is_ok() && response.http_headers.is_empty();
    if is_everybodys && is_current {
        let content = Content::from(reply.body.clone());
        if let Some(asked) = &asked {
            app.answers().keep(asked, content.clone());
        }
        if by_get {
            return shared(headers, modern, content);
        }
    }
    let mut response = reply.respond(modern);
    if by_get {
        response.headers_mut().insert(header::CACHE_CONTROL, NOT_KEPT);
        response.headers_mut().append(header::VARY, VARIES);
    }
    response
}

/// What a query answers, and whether that is what holds now. Where whoever asked goes away it runs on: until the database is no
/// longer at work on it, its turn is not over.
pub(super) async fn run(
    app: &App,
    viewer: Viewer,
    prepared: Prepared,
    turn: Option<Turn>,
) -> (async_graphql::Response, bool) {
    let reading = read(app.clone(), viewer, prepared).boxed();
    match turn {
        Some(turn) => to_its_end(reading.inspect(|_| drop(turn))).await,
        None => reading.await,
    }
}

/// The same at once. What a feed tells of is read where the feed is written.
async fn read(app: App, viewer: Viewer, prepared: Prepared) -> (async_graphql::Response, bool) {
    let is_told = is_told(prepared.request.root_fields());
    let near = if is_told { app.near(&viewer).await } else { None };
    let is_current = near.as_ref().is_none_or(|near| near.is_current);
    let link = Link::near(if is_told { app.pool_for(&viewer) } else { app.pool() }, near);
    (front::execute(&app, viewer, prepared.request, link).await, is_current)
}

/// Whether all that a query with these root fields reads is told of when it changes.
pub(super) fn is_told(root_fields: &BTreeSet<String>) -> bool {
    UNTOLD.iter().all(|field| !root_fields.contains(*field))
}

/// An answer by GET that is everybody's; only that nothing has changed for whoever has it.
fn shared(asked: &HeaderMap, modern: bool, content: Content) -> Response {
    let mut response = tagged(asked, media_type(modern), content);
    response.headers_mut().insert(header::CACHE_CONTROL, SHARED);
    response.headers_mut().append(header::VARY, VARIES);
    response
}
