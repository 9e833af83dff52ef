//! How what is given out as files is read: by documents like any other, asked as the public, and all of one file in one
//! transaction, so that nothing that is written meanwhile makes one state of two. And how files are kept.

use super::admission::{Payer, Refusal, Turn};
use super::app::App;
use super::front::{self, Prepared};
use super::problem::{coded, refusal};
use super::query::SHARED;
use super::reply::code_of;
use super::tag::{Content, tagged};
use crate::auth::Viewer;
use crate::database::Near;
use crate::error::Error;
use crate::graphql::Link;
use async_graphql::{Request, ServerError, Variables};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use futures_util::future::BoxFuture;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::convert::Infallible;

/// Who asks for a file, and how.
pub(super) struct Asking {
    headers: HeaderMap,
    payer: Payer,
}

impl FromRequestParts<App> for Asking {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let payer = Payer::of_request(app, &parts.extensions, &parts.headers);
        Ok(Self { headers: parts.headers.clone(), payer })
    }
}

/// Reads one state of what everybody may read.
pub(super) struct Reading<'a> {
    app: &'a App,
    link: Link,
    _turn: Turn,
}

impl<'a> Reading<'a> {
    /// Of this moment, as the primary has it, or a replica.
    async fn begin(app: &'a App, payer: Payer, near: Option<&Near>) -> Result<Self, Response> {
        let turn = app.admission().file(payer).await.map_err(Refusal::told)?;
        let pool = near.map_or_else(|| app.pool_for(&Viewer::public()), Near::pool);
        let link = Link::of_one_moment(pool).await.map_err(refusal)?;
        Ok(Self { app, link, _turn: turn })
    }

    /// What a document answers.
    pub(super) async fn ask<T: DeserializeOwned>(&self, document: &str, variables: Value) -> Result<T, Response> {
        let viewer = Viewer::public();
        let request = Request::new(document).variables(Variables::from_json(variables));
        let prepared = front::prepare_ours(self.app, request);
        let Prepared { request, .. } = prepared.map_err(|errors| refused(&errors))?;
        let response = front::execute(self.app, viewer, request, self.link.clone()).await;
        if !response.errors.is_empty() {
            return Err(refused(&response.errors));
        }
        let data = response.data.into_json().and_then(serde_json::from_value);
        data.map_err(|error| refusal(Error::internal(error)))
    }

    /// Where other statements about the same state go.
    pub(super) fn link(&self) -> &Link {
        &self.link
    }
}

/// The refusal for the first of these faults.
fn refused(errors: &[ServerError]) -> Response {
    errors
        .first()
        .map_or_else(|| refusal(Error::internal("refused for nothing")), |error| coded(&code_of(error), &error.message))
}

/// The answer with a file; without it for whoever has it.
fn respond(content: Content, asked: &HeaderMap, content_type: &'static str) -> Response {
    let mut response = tagged(asked, content_type, content);
    response.headers_mut().insert(header::CACHE_CONTROL, SHARED);
    response
}

/// The answer with a file, by the path that names it: from memory where what is kept still holds, else made anew.
pub(super) async fn answer<'a>(
    app: &'a App,
    path: &str,
    asked: &Asking,
    content_type: &'static str,
    made: impl Fn(Reading<'a>) -> BoxFuture<'a, Result<Content, Response>>,
) -> Response {
    let place = app.answers().asked_file(path);
    let kept = place.as_ref().and_then(|place| app.answers().find(place));
    if let Some(file) = kept {
        return respond(file, &asked.headers, content_type);
    }
    let near = app.near(&Viewer::public()).await;
    let mut is_current = near.as_ref().is_none_or(|near| near.is_current);
    let mut file = make((app, asked.payer), near.as_ref(), &made).await;
    if near.is_some() && file.as_ref().is_err_and(|refusal| refusal.status() == StatusCode::SERVICE_UNAVAILABLE) {
        // What the replica cannot tell, the primary may.
        (file, is_current) = (make((app, asked.payer), None, &made).await, true);
    }
    match file {
        Ok(file) => {
            if let Some(place) = &place
                && is_current
            {
                app.answers().keep(place, file.clone());
            }
            respond(file, &asked.headers, content_type)
        }
        Err(refusal) => refusal,
    }
}

async fn make<'a>(
    (app, payer): (&'a App, Payer),
    near: Option<&Near>,
    made: impl Fn(Reading<'a>) -> BoxFuture<'a, Result<Content, Response>>,
) -> Result<Content, Response> {
    made(Reading::begin(app, payer, near).await?).await
}
