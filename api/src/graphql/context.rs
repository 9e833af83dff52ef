//! What a resolver finds in its context.

use crate::auth::Viewer;
use async_graphql::Context;
use sea_orm::DatabaseConnection;

/// The request's own facts, put into the context by the endpoint.
pub(crate) trait ContextExt {
    /// Where reads go.
    fn db(&self) -> &DatabaseConnection;
    /// Who asks.
    fn viewer(&self) -> &Viewer;
}

impl ContextExt for Context<'_> {
    fn db(&self) -> &DatabaseConnection {
        self.data_unchecked()
    }

    fn viewer(&self) -> &Viewer {
        self.data_unchecked()
    }
}
