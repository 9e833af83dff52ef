//! The service under test: the real router on a database of its own.

use crate::accounts::{PUBLIC_URL, signing_key};
use crate::answer::Answer;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, header};
use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::AccountId;
use ipnet::IpNet;
use lmi::account::{Accounts, PublicUrl};
use lmi::auth::provider::Providers;
use lmi::auth::{Authority, Grant, Identity, Keyring, Role, Scope, Viewer};
use lmi::clock::Clock;
use lmi::database::Reads;
use lmi::http::{App, Documents, Limits, Live, Manifest, Options, Origin, keep_listening, router};
use lmi::mail::Mailer;
use lmi::observe::Told;
use sea_orm::prelude::Uuid;
use sea_orm::{DatabaseConnection, Statement};
use serde_json::{Value, json};
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tower::ServiceExt as _;

/// Whom the roles of a test belong to.
const ACCOUNT: Uuid = Uuid::from_u128(0xacc0);
/// What time it is in every test.
const NOW: &str = "2026-06-01T12:00:00Z";

fn app(db: &DatabaseConnection, setup: &Setup) -> App {
    let keyring = Keyring::of_pem(&signing_key(1)).expect("a key");
    let authority = Authority::new(keyring, PUBLIC_URL, setup.clock).believing(setup.providers.clone());
    let public_url = PublicUrl::parse(PUBLIC_URL).expect("an address");
    let accounts = Accounts { db: db.clone(), authority, mailer: setup.mailer.clone(), public_url };
    let Setup {
        production, trusted_proxies, kept_answers, cors_origins, registered, live, reads, public, told, ..
    } = setup.clone();
    let Setup { limits, rate_limit, figures_elsewhere, slow, .. } = *setup;
    let documents = Documents::new(registered, &limits).expect("documents that are valid");
    let options = Options {
        production,
        trusted_proxies,
        kept_answers,
        cors_origins,
        live,
        reads,
        public,
        limits,
        rate_limit,
        figures_elsewhere,
        slow,
        told,
    };
    App::new(accounts, documents, options)
}

/// The service, as one viewer sees it.
#[derive(Clone, Debug)]
pub struct Service {
    /// The database as its owner's, for what a test has to put there itself.
    pub db: DatabaseConnection,
    /// The address of the database, as its owner's.
    pub url: String,
    /// The database as the service has it: as a role that owns nothing, where there are roles.
    served: DatabaseConnection,
    router: Router,
    statements: Arc<AtomicUsize>,
    sent: Arc<Mutex<Vec<Statement>>>,
    setup: Setup,
    viewer: Option<Viewer>,
    bearer: Option<String>,
    address: Option<SocketAddr>,
}

/// How the service is run.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Whether it keeps its schema to itself.
    pub production: bool,
    /// Bytes of memory for answers; tests change data behind the service's back, so that none are kept unless asked for.
    pub kept_answers: u64,
    /// What time it is.
    pub clock: Clock,
    /// The way letters go out.
    pub mailer: Mailer,
    /// The proxies that are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The sites whose pages may send requests.
    pub cors_origins: Vec<Origin>,
    /// The documents that are registered.
    pub registered: Manifest,
    /// The identity providers that are accepted.
    pub providers: Providers,
    /// What may be asked for at most. Whoever has to wait does, however busy the machine is that runs the tests.
    pub limits: Limits,
    /// Points that each may spend in a minute.
    pub rate_limit: u64,
    /// What may stay open.
    pub live: Live,
    /// The servers that are read from besides the database.
    pub reads: Reads,
    /// The database as whoever has not signed in reads it.
    pub public: Option<DatabaseConnection>,
    /// Whether figures are told elsewhere.
    pub figures_elsewhere: bool,
    /// From when on an operation is slow.
    pub slow: Option<Duration>,
    /// Who is told of each statement.
    pub told: Told,
}

impl Service {
    /// The service on a database that a test has made, where that is served by its owner.
    pub fn on(db: DatabaseConnection, url: String) -> Self {
        Self::new(db, url)
    }

    pub(crate) fn new(db: DatabaseConnection, url: String) -> Self {
        Self::on_roles(db.clone(), (db, None), url)
    }

    /// The service on a database that it reads and writes as one role, and as another for whoever has not signed in.
    pub(crate) fn on_roles(
        db: DatabaseConnection,
        (mut served, mut public): (DatabaseConnection, Option<DatabaseConnection>),
        url: String,
    ) -> Self {
        let statements = Arc::new(AtomicUsize::new(0));
        let sent = Arc::<Mutex<Vec<Statement>>>::default();
        let (counter, list) = (Arc::clone(&statements), Arc::clone(&sent));
        let told = Told::new(move |told| {
            lmi::observe::ran(told);
            counter.fetch_add(1, Ordering::Relaxed);
            list.lock().expect("a list").push(told.statement.clone());
        });
        for db in std::iter::once(&mut served).chain(public.as_mut()) {
            let told = told.clone();
            db.set_metric_callback(move |info| told.ran(info));
        }
        let (clock, mailer) = (Self::clock(), Mailer::off());
        let setup = Setup {
            production: false,
            kept_answers: 0,
            clock,
            mailer,
            trusted_proxies: Vec::new(),
            cors_origins: Vec::new(),
            registered: Manifest::default(),
            providers: Providers::default(),
            limits: "waiting=2000,waiting-of-one=2000,waiting-seconds=60".parse().expect("limits"),
            rate_limit: 0,
            live: Live::default(),
            reads: Reads::default(),
            public,
            figures_elsewhere: false,
            slow: None,
            told,
        };
        let router = router(app(&served, &setup));
        Self { db, served, url, router, statements, sent, setup, viewer: None, bearer: None, address: None }
    }

    /// The clock of every test.
    pub fn clock() -> Clock {
        Clock::Fixed(NOW.parse::<DateTime<Utc>>().expect("a time"))
    }

    /// The service in production.
    #[must_use]
    pub fn in_production(&self) -> Self {
        self.set_up(|setup| setup.production = true)
    }

    /// The service as somebody with this role, everywhere.
    #[must_use]
    pub fn as_role(&self, role: Role) -> Self {
        self.as_grants(vec![Grant::new(role, Scope::Everything)])
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
        self.set_up(|setup| setup.clock = clock)
    }

    /// The service some time later.
    #[must_use]
    pub fn later(&self, by: TimeDelta) -> Self {
        self.at(Clock::Fixed(self.setup.clock.now() + by))
    }

    /// The service run in another way.
    #[must_use]
    pub fn set_up(&self, change: impl FnOnce(&mut Setup)) -> Self {
        let mut setup = self.setup.clone();
        change(&mut setup);
        Self { router: router(app(&self.served, &setup)), setup, ..self.clone() }
    }

    /// Another instance of the service, which keeps so many bytes of answers and listens for what is changed elsewhere.
    #[must_use]
    pub fn keeping(&self, kept_answers: u64) -> Self {
        let setup = Setup { kept_answers, ..self.setup.clone() };
        let app = app(&self.served, &setup);
        tokio::spawn(keep_listening(app.clone()));
        Self { router: router(app), setup, ..self.clone() }
    }

    /// The database as the service has it.
    pub fn served(&self) -> &DatabaseConnection {
        &self.served
    }

    /// The database as it is read for whoever has not signed in.
    pub fn public(&self) -> &DatabaseConnection {
        self.setup.public.as_ref().expect("a role for whoever has not signed in")
    }

    /// The database as this viewer reads it.
    pub fn read_by_viewer(&self) -> &DatabaseConnection {
        if self.viewer.is_some() { self.served() } else { self.public() }
    }

    /// The service itself.
    pub fn app(&self) -> App {
        app(&self.served, &self.setup)
    }

    /// What the feed of changes of this viewer would miss, held against all that there is.
    pub async fn missed_by_the_feed(&self) -> Vec<String> {
        let viewer = self.viewer.clone().unwrap_or_default();
        lmi::feed::check(self.app().feeds(), &viewer).await.expect("a check")
    }

    /// The service as whoever shows this credential.
    #[must_use]
    pub fn bearing(&self, credential: &str) -> Self {
        Self { bearer: Some(format!("Bearer {credential}")), ..self.clone() }
    }

    /// The service as a machine with this network address meets it.
    #[must_use]
    pub fn from_address(&self, address: IpAddr) -> Self {
        Self { address: Some(SocketAddr::new(address, 40_000)), ..self.clone() }
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
    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        if let Some(viewer) = &self.viewer {
            request.extensions_mut().insert(viewer.clone());
        }
        if let Some(address) = self.address {
            request.extensions_mut().insert(ConnectInfo(address));
        }
        if let Some(bearer) = &self.bearer {
            request.headers_mut().insert(header::AUTHORIZATION, bearer.parse().expect("a header"));
        }
        let router = self.router.clone();
        let response = router.oneshot(request).await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        Answer { status, headers, text: String::from_utf8(body.to_vec()).expect("a text") }
    }

    /// The headers and the bytes of the answer to any request.
    pub async fn send_raw(&self, request: Request<Body>) -> (HeaderMap, Bytes) {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let headers = response.headers().clone();
        (headers, to_bytes(response.into_body(), usize::MAX).await.expect("a body"))
    }

    /// How many statements this service and its other instances have sent to the database so far.
    pub fn statements(&self) -> usize {
        self.statements.load(Ordering::Relaxed)
    }

    /// The answer to a document, and the statements that it took, in order.
    pub async fn sent(&self, document: &str, variables: &Value) -> (Answer, Vec<Statement>) {
        self.sent.lock().expect("a list").clear();
        let answer = self.ask_with(document, variables).await;
        (answer, std::mem::take(&mut *self.sent.lock().expect("a list")))
    }

    /// The answer to `GET` of a path, and how many statements it took.
    pub async fn counted_get(&self, path: &str) -> (Answer, usize) {
        let before = self.statements();
        let answer = self.get(path, "*/*").await;
        (answer, self.statements() - before)
    }

    /// The answer to a document, and how many statements it took.
    pub async fn counted(&self, document: &str, variables: &Value) -> (Answer, usize) {
        let before = self.statements();
        let answer = self.ask_with(document, variables).await;
        (answer, self.statements() - before)
    }
}
