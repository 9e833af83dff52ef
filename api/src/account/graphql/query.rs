//! How accounts are found.

use super::object::Account;
use super::viewer::Viewer;
use crate::account::loader;
use crate::graphql::{Connection, ContextExt as _, Nullable, tree};
use crate::policy::{Action, Kind, authorize};
use async_graphql::{Context, Object};
use entity::account;

/// Root fields on accounts.
#[derive(Debug, Default)]
pub(crate) struct AccountQuery;

#[Object]
#[expect(unused_variables, reason = "arguments are read when the tree is planned")]
impl AccountQuery {
    /// Who you are here, and what you may do.
    async fn viewer(&self, ctx: &Context<'_>) -> Viewer {
        Viewer(ctx.viewer().clone())
    }

    /// The accounts by name; for ADMIN and AUDITOR, an error for others.
    async fn accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Nullable<Connection<Account>> {
        if let Err(refusal) = authorize(ctx.viewer(), Kind::Account, Action::Read) {
            return Some(Err(refusal.into()));
        }
        tree::connection::<account::Entity>(ctx, |_| Ok(loader::listing())).await
    }
}
