//! What a resolver finds in its context.

use crate::account::Accounts;
use crate::auth::{Actor, Client, Viewer};
use crate::clock::Clock;
use crate::database::{Executor, Near, Pool, Writers, begin, begin_reading};
use crate::error::Result;
use async_graphql::Context;
use sea_orm::{DatabaseTransaction, TransactionTrait as _};
use std::sync::{Arc, Mutex, PoisonError};

/// Where a request's statements go: to whatever connection is free, of the primary or for reading of a replica, or into one
/// transaction that the whole request is part of.
#[derive(Clone)]
pub(crate) struct Link {
    pool: Pool,
    near: Option<Near>,
    whole: Option<Whole>,
}

/// A transaction that a whole request is part of, and what waits for its end.
#[derive(Clone)]
struct Whole {
    transaction: Arc<DatabaseTransaction>,
    waiting: Afterwards,
}

type Act = Box<dyn FnOnce() + Send>;

/// What is to be done once a request's writes are there to stay: letters to send.
#[derive(Clone, Default)]
pub(crate) struct Afterwards(Arc<Mutex<Vec<Act>>>);

impl Afterwards {
    fn add(&self, act: Act) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(act);
    }

    /// Does it.
    pub(crate) fn run(self) {
        let acts = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for act in acts {
            act();
        }
    }
}

impl Link {
    /// To whatever connection is free.
    pub(crate) fn pool(pool: &Pool) -> Self {
        Self { pool: pool.clone(), near: None, whole: None }
    }

    /// To a replica, where there is one, as far as something is only read.
    pub(crate) fn near(pool: &Pool, near: Option<Near>) -> Self {
        Self { near, ..Self::pool(pool) }
    }

    /// Into a transaction. What waits for its end is for the caller to do or to drop.
    pub(crate) fn within(pool: &Pool, transaction: &Arc<DatabaseTransaction>) -> (Self, Afterwards) {
        let waiting = Afterwards::default();
        let whole = Whole { transaction: Arc::clone(transaction), waiting: waiting.clone() };
        (Self { whole: Some(whole), ..Self::pool(pool) }, waiting)
    }

    /// Into a transaction of its own that only reads: whatever is read through it is of one moment.
    pub(crate) async fn of_one_moment(pool: &Pool) -> Result<Self> {
        Ok(Self::within(pool, &Arc::new(begin_reading(pool).await?)).0)
    }

    /// What takes statements.
    pub(crate) fn executor(&self) -> Executor<'_> {
        match (&self.whole, &self.near) {
            (Some(whole), _) => Executor::Within(&whole.transaction),
            (None, Some(near)) => Executor::Near(near, &self.pool),
            (None, None) => Executor::Pool(&self.pool),
        }
    }

    /// A transaction of its own, or a part of the whole request's.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction> {
        match &self.whole {
            Some(whole) => Ok(whole.transaction.begin().await?),
            None => begin(&self.pool).await,
        }
    }

    /// Whether the whole request is part of one transaction.
    pub(crate) fn is_whole(&self) -> bool {
        self.whole.is_some()
    }

    /// Does something once what was just written is there to stay: at once, or at the end of the whole request.
    pub(crate) fn afterwards(&self, act: impl FnOnce() + Send + 'static) {
        match &self.whole {
            Some(whole) => whole.waiting.add(Box::new(act)),
            None => act(),
        }
    }
}

/// The request's own facts, put into the context by the endpoint.
pub(crate) trait ContextExt {
    /// Where statements go.
    fn link(&self) -> &Link;
    /// Who asks.
    fn viewer(&self) -> &Viewer;
    /// Who asks, at this moment, to change something.
    fn actor(&self) -> Actor<'_>;
    /// Those who may write at one time.
    fn writers(&self) -> &Writers;
    /// What signing in takes.
    fn accounts(&self) -> &Accounts;
    /// Where the request comes from.
    fn client(&self) -> Client;
}

impl ContextExt for Context<'_> {
    fn link(&self) -> &Link {
        self.data_unchecked()
    }

    fn viewer(&self) -> &Viewer {
        self.data_unchecked()
    }

    fn actor(&self) -> Actor<'_> {
        Actor::new(self.viewer(), *self.data_unchecked::<Clock>())
    }

    fn writers(&self) -> &Writers {
        self.data_unchecked()
    }

    fn accounts(&self) -> &Accounts {
        self.data_unchecked::<Arc<Accounts>>()
    }

    fn client(&self) -> Client {
        *self.data_unchecked::<Client>()
    }
}
