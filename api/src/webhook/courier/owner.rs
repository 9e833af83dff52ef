//! Whose rights an endpoint has: those that its account or key has at this moment.

use crate::account::Accounts;
use crate::auth::{Identity, Viewer};
use crate::error::Result;
use crate::policy::{Action, Kind};
use entity::webhook_endpoint::Model;

/// The endpoint's owner, as it stands now; nobody where that one is shut out, or may have no endpoints any more.
pub(super) async fn viewer(accounts: &Accounts, endpoint: &Model) -> Result<Option<Viewer>> {
    let identity = endpoint.account_id.map(Identity::Account).or(endpoint.api_key_id.map(Identity::Key));
    let viewer = accounts.authority.standing(&accounts.db, identity.unwrap_or_default()).await?;
    Ok(viewer.filter(|viewer| viewer.may_ever(Kind::Webhook, Action::Update)))
}
