//! The one who asks, as they see themselves.

use super::object::Account;
use crate::api_key::ApiKey;
use crate::auth::{self, Identity};
use crate::grant::{self, RoleGrant};
use crate::graphql::tree::{self, Field};
use crate::graphql::{FieldResult, Found};
use async_graphql::{Context, Object};
use entity::{account, api_key, role_grant};

/// The one who asks: the bearer of the request's credential, or whoever has just signed in.
pub(crate) struct Viewer(pub(super) auth::Viewer);

/// Who you are here, and what you may do. A user interface shows just that.
#[Object]
impl Viewer {
    /// Your account; null for those who have not signed in, and for keys.
    async fn account(&self, ctx: &Context<'_>) -> Found<Account> {
        let id = self.0.identity().account()?;
        tree::find_by_key_as::<account::Entity>(ctx, &self.0, id).await
    }

    /// The key that the request was sent with; null where it was sent with none, and for a key of no organization.
    async fn api_key(&self, ctx: &Context<'_>) -> Found<ApiKey> {
        let Identity::Key(id) = self.0.identity() else { return None };
        tree::find_by_key_as::<api_key::Entity>(ctx, &self.0, id).await
    }

    /// The roles that your account holds; none for those who have not signed in, and for keys, which have a role of their own.
    async fn roles(&self, ctx: &Context<'_>) -> FieldResult<Vec<RoleGrant>> {
        let Some(account) = self.0.identity().account() else { return Ok(Vec::new()) };
        let listing = grant::of_account(&Field::of(ctx), account);
        Ok(tree::list_as::<role_grant::Entity>(ctx, &self.0, listing).await?)
    }

    /// What you may do, at least with some rows: `convening:update` and the like. With which rows is told by each row's `can`.
    async fn permissions(&self) -> Vec<String> {
        self.0.permissions()
    }
}
