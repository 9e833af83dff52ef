//! What a resolver finds in its context.

use crate::account::Accounts;
use crate::auth::{Actor, Client, Viewer};
use crate::clock::Clock;
use async_graphql::Context;
use sea_orm::{DatabaseConnection, DatabaseExecutor, DatabaseTransaction};
use std::sync::Arc;

/// Where a request's statements go: to whatever connection is free, or into one transaction that the whole request is
/// part of.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pool: DatabaseConnection,
    transaction: Option<Arc<DatabaseTransaction>>,
}

impl Link {
    /// To whatever connection is free.
    pub(crate) fn pool(pool: &DatabaseConnection) -> Self {
        Self { pool: pool.clone(), transaction: None }
    }

    /// Into a transaction.
    pub(crate) fn within(pool: &DatabaseConnection, transaction: &Arc<DatabaseTransaction>) -> Self {
        Self { pool: pool.clone(), transaction: Some(Arc::clone(transaction)) }
    }

    /// What takes statements.
    pub(crate) fn executor(&self) -> DatabaseExecutor<'_> {
        match &self.transaction {
            Some(transaction) => transaction.as_ref().into(),
            None => (&self.pool).into(),
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

    fn accounts(&self) -> &Accounts {
        self.data_unchecked::<Arc<Accounts>>()
    }

    fn client(&self) -> Client {
        *self.data_unchecked::<Client>()
    }
}
