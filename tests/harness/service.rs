//! The service under test: the real router on a database of its own.

use crate::answer::Answer;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, header};
use axum::{Extension, Router};
use chrono::{DateTime, Utc};
use entity::ids::AccountId;
use lmi::auth::{Grant, Identity, Role, Scope, Viewer};
use lmi::clock::Clock;
use lmi::http::{App, router};
use sea_orm::DatabaseConnection;
use sea_orm::prelude::Uuid;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tower::ServiceExt as _;

/// Whom the roles of a test belong to.
const ACCOUNT: Uuid = Uuid::from_u128(0xacc0);
/// What time it is in every test.
const NOW: &str = "2026-06-01T12:00:00Z";

/// The service, as one viewer sees it.
#[derive(Clone, Debug)]
pub struct Service {
    /// The database, for what a test has to put there itself.
    pub db: DatabaseConnection,
    /// The address of the database.
    pub url: String,
    router: Router,
    statements: Arc<AtomicUsize>,
    viewer: Option<Viewer>,
}

impl Service {
    pub(crate) fn new(mut db: DatabaseConnection, url: String) -> Self {
        let statements = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&statements);
        db.set_metric_callback(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        let router = router(App::new(db.clone(), false, Self::clock()));
        Self { db, url, router, statements, viewer: None }
    }

    /// The clock of every test.
    pub fn clock() -> Clock {
        Clock::Fixed(NOW.parse::<DateTime<Utc>>().expect("a time"))
    }

    /// The service in production.
    #[must_use]
    pub fn in_production(&self) -> Self {
        Self { router: router(App::new(self.db.clone(), true, Self::clock())), ..self.clone() }
    }

    /// The service as somebody with this role, everywhere.
    #[must_use]
    pub fn as_role(&self, role: Role) -> Self {
        self.as_grants(vec![Grant { role, scope: Scope::Everything }])
    }

    /// The service as somebody with these grants.
    #[must_use]
    pub fn as_grants(&self, grants: Vec<Grant>) -> Self {
        self.as_viewer(Viewer::new(Identity::Account(AccountId(ACCOUNT)), grants))
    }

    /// The service as a viewer.
    #[must_use]
    pub fn as_viewer(&self, viewer: Viewer) -> Self {
        Self { viewer: Some(viewer), ..self.clone() }
    }

    /// The service at another time.
    #[must_use]
    pub fn at(&self, clock: Clock) -> Self {
        Self { router: router(App::new(self.db.clone(), false, clock)), ..self.clone() }
    }

    /// The answer to a document.
    pub async fn ask(&self, document: &str) -> Answer {
        self.ask_with(document, &Value::Null).await
    }

    /// The answer to a document with variables.
    pub async fn ask_with(&self, document: &str, variables: &Value) -> Answer {
        let body = json!({ "query": document, "variables": variables }).to_string();
        let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body)).expect("a request")).await
    }

    /// The answer to `GET` of a path.
    pub async fn get(&self, path: &str, accept: &str) -> Answer {
        let request = Request::builder().method(Method::GET).uri(path).header(header::ACCEPT, accept);
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    /// The answer to any request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let router = match &self.viewer {
            Some(viewer) => self.router.clone().layer(Extension(viewer.clone())),
            None => self.router.clone(),
        };
        let response = router.oneshot(request).await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        Answer { status, headers, text: String::from_utf8(body.to_vec()).expect("a text") }
    }

    /// The answer to a document, and how many statements it took.
    pub async fn counted(&self, document: &str, variables: &Value) -> (Answer, usize) {
        let before = self.statements.load(Ordering::Relaxed);
        let answer = self.ask_with(document, variables).await;
        (answer, self.statements.load(Ordering::Relaxed) - before)
    }
}
