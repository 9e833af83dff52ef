//! Which identities, of organizations' own providers, open an account.

use crate::auth::Actor;
use crate::auth::provider::ExternalIdentity;
use crate::error::{Error, Result, Violation, ViolationCode};
use crate::validation::{Meaning, refused};
use entity::identity::{self, Column, Entity, Model};
use entity::ids::{AccountId, IdentityId};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};

const TAKEN: &str = "This identity opens another account. Unlink it there first.";

const MEANINGS: &[Meaning] = &[
    ("identity_once", "token", ViolationCode::Taken, TAKEN),
    (
        "identity_one_of_issuer",
        "token",
        ViolationCode::Conflict,
        "The account has another identity at this identity provider. Unlink that one first.",
    ),
];

/// Lets an identity open an account. One that was unlinked, from this account or another, is linked anew.
pub(crate) async fn link(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    account: AccountId,
    identity: ExternalIdentity,
) -> Result<()> {
    let known = Entity::find()
        .filter(Column::Issuer.eq(identity.issuer.as_str()))
        .filter(Column::Subject.eq(identity.subject.as_str()))
        .lock_exclusive()
        .one(db)
        .await?;
    let linked = identity::ActiveModel {
        account_id: Set(account),
        created_at: Set(actor.now),
        unlinked_at: Set(None),
        ..Default::default()
    };
    let saved = match known {
        Some(Model { account_id, unlinked_at: None, .. }) if account_id == account => return Ok(()),
        Some(Model { unlinked_at: None, .. }) => {
            return Err(Error::Invalid(vec![Violation::new("token", ViolationCode::Taken, TAKEN)]));
        }
        Some(Model { id, .. }) => identity::ActiveModel { id: Set(id), ..linked }.update(db).await,
        None => {
            let (id, issuer, subject) = (Set(IdentityId::new()), Set(identity.issuer), Set(identity.subject));
            identity::ActiveModel { id, issuer, subject, ..linked }.insert(db).await
        }
    };
    saved.map(drop).map_err(|error| refused(error, MEANINGS))
}
