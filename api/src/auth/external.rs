//! Somebody whom an identity provider knows, as an account here.

use super::provider::ExternalIdentity;
use super::{Viewer, in_force};
use crate::error::Result;
use chrono::{DateTime, Utc};
use entity::ids::IdentityId;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

/// Links an identity to the account of an address for which its provider vouches, unless it was ever linked before, or
/// another of the same provider was to that account. The account itself stands in its history for who did it.
const LINK: &str = "
    WITH found AS (
      SELECT account.id, attribute_changes('account', account.id, 'linked at its first use'),
        shut_out_opener(account.id, NULL, $5)
      FROM account
      WHERE lower(account.email) = lower($4) AND account.disabled_at IS NULL
        AND NOT EXISTS (SELECT FROM identity AS other WHERE other.account_id = account.id AND other.issuer = $2))
    INSERT INTO identity (id, account_id, issuer, subject, linked_at)
    SELECT $1, found.id, $2, $3, $5 FROM found
    ON CONFLICT DO NOTHING";

/// The account that an identity is linked to, if it is in force. One whose address is vouched for is linked at its
/// first use.
pub(super) async fn viewer(
    db: &impl ConnectionTrait,
    identity: &ExternalIdentity,
    now: DateTime<Utc>,
) -> Result<Option<Viewer>> {
    let known = in_force::by_identity(db, identity, now).await?;
    let (None, Some(email)) = (&known, &identity.verified_email) else { return Ok(known) };
    let values = [
        IdentityId::new().into(),
        identity.issuer.as_str().into(),
        identity.subject.as_str().into(),
        email.as_str().into(),
        now.into(),
    ];
    db.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, LINK, values)).await?;
    // Also where nothing was linked: another request may just have done it.
    in_force::by_identity(db, identity, now).await
}
