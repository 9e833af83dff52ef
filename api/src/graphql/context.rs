//! What a resolver finds in its context.

use crate::auth::{Actor, Viewer};
use crate::clock::Clock;
use async_graphql::Context;
use sea_orm::{DatabaseConnection, DatabaseExecutor, DatabaseTransaction};
use std::sync::Arc;

/// Where a request's statements go.
#[derive(Clone, Debug)]
pub(crate) enum Link {
    /// To whatever connection is free.
    Pool(DatabaseConnection),
    /// Into one transaction that the whole request is part of.
    Transaction(Arc<DatabaseTransaction>),
}

impl Link {
    /// What takes statements.
    pub(crate) fn executor(&self) -> DatabaseExecutor<'_> {
        match self {
            Self::Pool(pool) => pool.into(),
            Self::Transaction(transaction) => transaction.as_ref().into(),
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
}
