//! An account as clients see it.

use crate::grant::RoleGrant;
use crate::graphql::tree::{Edited, Node};
use crate::graphql::{FieldResult, GlobalId, NodeType, Time, Walk};
use crate::identity::LinkedIdentity;
use async_graphql::{Context, ID, Object};
use entity::account;

/// Who signs in.
#[derive(Debug)]
pub struct Account(pub(in crate::account) Node<account::Entity>);

/// An account: who signs in, and what they may do.
#[Object]
impl Account {
    /// The account's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Account, self.0.row.id)
    }

    /// The address that its owner signs in with. Whoever may only know of the account sees it masked, as in `a***@***`.
    async fn email(&self, ctx: &Context<'_>) -> FieldResult<&str> {
        self.0.value_always::<String>(ctx).map(String::as_str)
    }

    /// What its owner is called.
    async fn display_name(&self) -> &str {
        &self.0.row.display_name
    }

    /// The roles that it holds, those that are over or were revoked left out.
    async fn roles(&self, ctx: &Context<'_>) -> FieldResult<Walk<&RoleGrant>> {
        self.0.list(ctx)
    }

    /// The identities at organizations' own identity providers that open it.
    async fn identities(&self, ctx: &Context<'_>) -> FieldResult<Walk<&LinkedIdentity>> {
        self.0.list(ctx)
    }

    /// When it was made.
    async fn created_at(&self) -> Time {
        Time(self.0.row.created_at)
    }

    /// When its owner last signed in, or came by an identity provider, to the hour; null where that has not happened yet.
    async fn last_sign_in_at(&self) -> Option<Time> {
        self.0.row.last_sign_in_at.map(Time)
    }

    /// Since when it is shut out; null where it is not.
    async fn disabled_at(&self) -> Option<Time> {
        self.0.row.disabled_at.map(Time)
    }

    /// Counts the changes of this row, from 1. Give it back with a change, so that nobody overwrites what they did
    /// not see.
    async fn version(&self) -> i32 {
        self.0.row.version
    }

    /// When it was last changed.
    async fn updated_at(&self) -> Time {
        Time(self.0.row.updated_at)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }
}
