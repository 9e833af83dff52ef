//! What every handler shares.

use super::answers::Answers;
use super::front::Documents;
use crate::account::Accounts;
use crate::auth::Viewer;
use crate::clock::Clock;
use crate::database::Notices;
use crate::schema::{self, Schema};
use crate::survey::allowance::Allowance;
use crate::webhook::{Courier, Network};
use anyhow::Context as _;
use ipnet::IpNet;
use sea_orm::DatabaseConnection;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// The running service.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    accounts: Arc<Accounts>,
    schema: Schema,
    documents: Documents,
    options: Options,
    exports: Arc<Semaphore>,
    once: Semaphore,
    ballots: Arc<Allowance>,
    notices: Arc<Notices>,
    answers: Answers,
}

/// How the service answers.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether it keeps its schema to itself.
    pub production: bool,
    /// The networks of proxies that are believed when they say whom a request comes from.
    pub trusted_proxies: Vec<IpNet>,
    /// Bytes of memory for answers to the public's queries.
    pub kept_answers: u64,
}

/// Exports at one time at most: each holds a connection for as long as its reader takes.
const EXPORTS: usize = 4;
/// Mutations under idempotency keys at one time at most: each holds a connection while it waits for another of its key,
/// and what signs somebody in takes one more, so that half of the pool must stay for those.
const ONCE: usize = 8;
/// How long a request may take.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);

impl App {
    /// The service with these accounts, on their database, which is up to date.
    pub fn new(accounts: Accounts, options: Options) -> anyhow::Result<Self> {
        let documents = Documents::new(!options.production)?;
        let schema = schema::builder().finish();
        let (exports, once) = (Arc::new(Semaphore::new(EXPORTS)), Semaphore::new(ONCE));
        let notices = Arc::new(Notices::new(accounts.db.clone()));
        let answers = Answers::new(options.kept_answers, Arc::clone(&notices));
        let (accounts, ballots) = (Arc::new(accounts), Arc::default());
        Ok(Self(Arc::new(Inner { accounts, schema, documents, options, exports, once, ballots, notices, answers })))
    }

    pub(super) fn accounts(&self) -> &Arc<Accounts> {
        &self.0.accounts
    }

    pub(super) fn db(&self) -> &DatabaseConnection {
        &self.0.accounts.db
    }

    pub(super) fn schema(&self) -> &Schema {
        &self.0.schema
    }

    pub(super) fn clock(&self) -> Clock {
        self.0.accounts.authority.clock()
    }

    pub(super) fn trusted_proxies(&self) -> &[IpNet] {
        &self.0.options.trusted_proxies
    }

    /// The places for exports, of which there are few.
    pub(super) fn exports(&self) -> Arc<Semaphore> {
        Arc::clone(&self.0.exports)
    }

    /// The places for mutations under idempotency keys.
    pub(super) fn once(&self) -> &Semaphore {
        &self.0.once
    }

    /// How many ballots were handed out lately, and where.
    pub(super) fn ballots(&self) -> &Arc<Allowance> {
        &self.0.ballots
    }

    /// What the database tells of.
    pub(super) fn notices(&self) -> &Arc<Notices> {
        &self.0.notices
    }

    /// The answers that are kept.
    pub(super) fn answers(&self) -> &Answers {
        &self.0.answers
    }

    /// Where requests of the service itself may go.
    pub(super) fn network(&self) -> Network {
        if self.0.options.production { Network::Public } else { Network::Any }
    }

    /// Who brings webhooks to their endpoints.
    pub fn courier(&self) -> anyhow::Result<Courier> {
        let courier = Courier::new(Arc::clone(self.accounts()), Arc::clone(self.notices()), self.network());
        courier.context("webhooks cannot be sent: no certificates of this system can be read")
    }

    /// The documents that were read.
    pub(super) fn documents(&self) -> &Documents {
        &self.0.documents
    }

    /// Whether it keeps its schema to itself before this viewer.
    pub(super) fn is_closed_to(&self, viewer: &Viewer) -> bool {
        self.0.options.production && *viewer == Viewer::public()
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("options", &self.0.options).finish_non_exhaustive()
    }
}
