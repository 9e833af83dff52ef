//! How what is given out as files is read: by documents like any other, asked as the public, and all of one file in one
//! transaction, so that nothing that is written meanwhile makes one state of two. And how files are kept.

use super::app::App;
use super::front::{self, Prepared};
use super::problem::{coded, refusal};
use super::reply::code_of;
use crate::auth::Viewer;
use crate::error::Error;
use crate::graphql::Link;
use async_graphql::{Request, ServerError, Variables};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use chrono::{DateTime, Utc};
use sea_orm::{AccessMode, DatabaseTransaction, IsolationLevel, TransactionTrait as _};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::Arc;

/// How long anybody may keep what is public before asking whether it is still so.
const KEPT: &str = "public, max-age=60";

/// Reads one state of what everybody may read.
pub(super) struct Reading<'a> {
    app: &'a App,
    transaction: Arc<DatabaseTransaction>,
}

impl<'a> Reading<'a> {
    /// Of this moment.
    pub(super) async fn begin(app: &'a App) -> Result<Self, Response> {
        let (isolation, access) = (Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly));
        let transaction = app.db().begin_with_config(isolation, access).await;
        Ok(Self { app, transaction: Arc::new(transaction.map_err(|error| refusal(error.into()))?) })
    }

    /// What a document answers.
    pub(super) async fn ask<T: DeserializeOwned>(&self, document: &str, variables: Value) -> Result<T, Response> {
        let viewer = Viewer::public();
        let request = Request::new(document).variables(Variables::from_json(variables));
        let prepared = front::prepare(self.app, &viewer, request);
        let Prepared { request, .. } = prepared.map_err(|errors| refused(&errors))?;
        let (link, _) = Link::within(self.app.db(), &self.transaction);
        let response = front::execute(self.app, viewer, request, link).await;
        if !response.errors.is_empty() {
            return Err(refused(&response.errors));
        }
        let data = response.data.into_json().and_then(serde_json::from_value);
        data.map_err(|error| refusal(Error::internal(error)))
    }

    /// Where other statements about the same state go.
    pub(super) fn transaction(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}

/// The refusal for the first of these faults.
fn refused(errors: &[ServerError]) -> Response {
    errors
        .first()
        .map_or_else(|| refusal(Error::internal("refused for nothing")), |error| coded(&code_of(error), &error.message))
}

/// Lets everybody keep an answer for a while. Whether it is still so is told by its tag.
pub(super) fn keep(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(KEPT));
}

/// Says when what an answer tells was changed last.
pub(super) fn changed(headers: &mut HeaderMap, at: DateTime<Utc>) {
    if let Ok(at) = HeaderValue::try_from(at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()) {
        headers.insert(header::LAST_MODIFIED, at);
    }
}
