//! What every handler shares.

use super::admission::Admission;
use super::answers::Answers;
use super::cors::{self, Origin};
use super::front::{Documents, Engine, Facts};
use super::health::Health;
use super::limits::{Limits, seconds};
use super::places::{Most, Places};
use crate::account::Accounts;
use crate::auth::Viewer;
use crate::clock::Clock;
use crate::database::{Near, Notices, Pool, Reads, Writers};
use crate::feed::Feeds;
use crate::observe::Told;
use crate::webhook::{Courier, Network};
use anyhow::Context as _;
use ipnet::IpNet;
use sea_orm::DatabaseConnection;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, watch};
use tower_http::cors::CorsLayer;

/// The running service.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    engine: Engine,
    facts: Facts,
    /// The database as the service works on it.
    pool: Pool,
    /// The same as whoever has not signed in reads it, where that is another role.
    public: Option<Pool>,
    documents: Documents,
    options: Options,
    sites: CorsLayer,
    admission: Admission,
    answers: Answers,
    asking: Semaphore,
    sockets: Arc<Places>,
    subscriptions: Arc<Places>,
    ending: watch::Sender<bool>,
    health: Health,
}

/// How the service answers.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether it keeps its schema to itself.
    pub production: bool,
    /// The networks of proxies that are believed when they say whom a request comes from.
    pub trusted_proxies: Vec<IpNet>,
    /// What a request, a connection and everybody together may ask for.
    pub limits: Limits,
    /// Points that each may spend in a minute; 0 is without end.
    pub rate_limit: u64,
    /// What may stay open, and how long it is waited for.
    pub live: Live,
    /// Bytes of memory for answers to the public's queries.
    pub kept_answers: u64,
    /// The sites whose pages may send requests.
    pub cors_origins: Vec<Origin>,
    /// The servers that are read from besides the one that takes writes.
    pub reads: Reads,
    /// The database as whoever has not signed in reads it, where that is another role.
    pub public: Option<DatabaseConnection>,
    /// Whether figures are told elsewhere, and not where everybody asks.
    pub figures_elsewhere: bool,
    /// From when on an operation is slow; none where nobody wants to know.
    pub slow: Option<Duration>,
    /// Who is told of each statement that reads.
    pub told: Told,
}

/// What may stay open, and how long it is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Live {
    /// Sockets at once.
    pub sockets: Most,
    /// Subscriptions at once, over sockets or as server-sent events: each is looked after whenever there is something new.
    pub subscriptions: Most,
    /// How long a socket may take to say who it is.
    pub introduction: Duration,
    /// How long a reader may take until there is room for more.
    pub patience: Duration,
}

impl Default for Live {
    fn default() -> Self {
        Self::from(&Limits::default())
    }
}

impl From<&Limits> for Live {
    fn from(limits: &Limits) -> Self {
        Self {
            sockets: Most { in_all: limits.sockets, of_network: limits.sockets_of_network },
            subscriptions: Most { in_all: limits.subscriptions, of_network: limits.subscriptions_of_network },
            introduction: seconds(limits.introduction_seconds),
            patience: seconds(limits.reader_seconds),
        }
    }
}

/// Those who write at one time at most: each holds a connection until what was written is there to stay, and one under an
/// idempotency key while it waits for another of its key. What signs somebody in takes one more, so that half of the pool must
/// stay for those, and for reading.
const WRITERS: usize = 8;
/// Standings at one time at most that are looked at anew.
const ASKING: usize = 4;
/// How long a request may take.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);

impl App {
    /// The service with these accounts, on their database, which is up to date.
    pub fn new(accounts: Accounts, documents: Documents, options: Options) -> Self {
        let (direct, switch) = options.reads.direct(&accounts.db);
        let writers = Writers::new(WRITERS, switch.clone());
        let pool = Pool::new(accounts.db.clone(), switch.clone(), options.told.clone());
        let public = options.public.clone().map(|db| Pool::for_reading(db, switch.clone(), options.told.clone()));
        let notices = Arc::new(Notices::new((direct, switch)));
        let admission = Admission::new(&options.limits, options.rate_limit, accounts.authority.clock());
        let feeds = Arc::new(Feeds::new(accounts.db.clone(), Arc::clone(&notices)));
        let answers = Answers::new(options.kept_answers, Arc::clone(&notices));
        let (accounts, ballots) = (Arc::new(accounts), Arc::default());
        let network = if options.production { Network::Public } else { Network::Any };
        let facts = Facts { accounts, ballots, notices, feeds, network, writers };
        let (asking, ending) = (Semaphore::new(ASKING), watch::Sender::default());
        let (sockets, subscriptions) = (Places::new(options.live.sockets), Places::new(options.live.subscriptions));
        let sites = cors::for_listed_sites(&options.cors_origins);
        Self(Arc::new(Inner {
            engine: Engine::new(&facts),
            facts,
            pool,
            public,
            documents,
            options,
            sites,
            admission,
            answers,
            asking,
            sockets,
            subscriptions,
            ending,
            health: Health::default(),
        }))
    }

    /// Tells all that is open to end, so that whoever waits turns to another instance.
    pub fn end(&self) {
        self.0.ending.send_replace(true);
    }

    /// Waits until nothing is open.
    pub async fn quiet(&self) {
        self.0.sockets.all_free().await;
        self.0.subscriptions.all_free().await;
    }

    /// How many sockets and subscriptions are open.
    pub fn open(&self) -> (usize, usize) {
        (self.0.sockets.taken(), self.0.subscriptions.taken())
    }

    /// Waits until all that is open is told to end.
    pub(super) async fn ending(&self) {
        // It cannot fail: whoever is asked is there.
        let _ = self.0.ending.subscribe().wait_for(|ending| *ending).await;
    }

    /// Whether all that is open is told to end.
    pub(super) fn is_ending(&self) -> bool {
        *self.0.ending.borrow()
    }

    /// What was found last of whether the service can answer.
    pub(super) fn health(&self) -> &Health {
        &self.0.health
    }

    pub(super) fn accounts(&self) -> &Arc<Accounts> {
        &self.0.facts.accounts
    }

    pub(super) fn db(&self) -> &DatabaseConnection {
        self.pool()
    }

    /// The same for what requests ask.
    pub(super) fn pool(&self) -> &Pool {
        &self.0.pool
    }

    /// Where what this viewer asks for is read from the primary: for whoever has not signed in as a role of the database that is
    /// shown nothing but what is public, where there is one.
    pub(super) fn pool_for(&self, viewer: &Viewer) -> &Pool {
        let public = self.0.public.as_ref().filter(|_| *viewer == Viewer::public());
        public.unwrap_or_else(|| self.pool())
    }

    /// What runs requests.
    pub(super) fn engine(&self) -> &Engine {
        &self.0.engine
    }

    pub(super) fn clock(&self) -> Clock {
        self.0.facts.accounts.authority.clock()
    }

    pub(super) fn trusted_proxies(&self) -> &[IpNet] {
        &self.0.options.trusted_proxies
    }

    /// Who may ask for something now.
    pub(super) fn admission(&self) -> &Admission {
        &self.0.admission
    }

    /// Those who may write at one time.
    pub(super) fn writers(&self) -> &Writers {
        &self.0.facts.writers
    }

    /// What may be asked for at most.
    pub(super) fn limits(&self) -> &Limits {
        &self.0.options.limits
    }

    /// The sites whose pages may send requests.
    pub(super) fn cors_origins(&self) -> &[Origin] {
        &self.0.options.cors_origins
    }

    /// What they may do.
    pub(super) fn sites(&self) -> &CorsLayer {
        &self.0.sites
    }

    /// What the database tells of.
    pub(super) fn notices(&self) -> &Arc<Notices> {
        &self.0.facts.notices
    }

    /// The feeds of changes.
    pub fn feeds(&self) -> &Arc<Feeds> {
        &self.0.facts.feeds
    }

    /// Whether figures are told where everybody asks.
    pub(super) fn tells_figures(&self) -> bool {
        !self.0.options.figures_elsewhere
    }

    /// From when on an operation is slow.
    pub(super) fn slow(&self) -> Option<Duration> {
        self.0.options.slow
    }

    /// The places for those whose standing is looked at anew.
    pub(super) fn asking(&self) -> &Semaphore {
        &self.0.asking
    }

    /// The places for sockets.
    pub(super) fn sockets(&self) -> &Arc<Places> {
        &self.0.sockets
    }

    /// The places for subscriptions.
    pub(super) fn subscriptions(&self) -> &Arc<Places> {
        &self.0.subscriptions
    }

    /// The servers of the database.
    pub(super) fn reads(&self) -> &Reads {
        &self.0.options.reads
    }

    /// Where a viewer's queries are read: from a replica that has all that the viewer must see, or from the primary.
    pub(super) async fn near(&self, viewer: &Viewer) -> Option<Near> {
        let reads = self.reads();
        if *viewer == Viewer::public() {
            reads.for_everybody(self.0.facts.notices.pulse()).await
        } else {
            reads.for_somebody().await
        }
    }

    /// How long what stays open is waited for.
    pub(super) fn live(&self) -> Live {
        self.0.options.live
    }

    /// The answers that are kept.
    pub(super) fn answers(&self) -> &Answers {
        &self.0.answers
    }

    /// Who brings webhooks to their endpoints.
    pub fn courier(&self) -> anyhow::Result<Courier> {
        let (accounts, notices, feeds) = (self.accounts(), self.notices(), self.feeds());
        let courier = Courier::new(Arc::clone(accounts), Arc::clone(notices), Arc::clone(feeds), self.0.facts.network);
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
