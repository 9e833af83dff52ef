//! Linking identities to accounts, and unlinking them.

use crate::auth::Actor;
use crate::auth::provider::ExternalIdentity;
use crate::error::{Error, Result, Violation, ViolationCode};
use crate::grant;
use crate::observe::security::{self, Event};
use crate::policy::{Action, Kind, authorize_some};
use crate::validation::{Meaning, refused};
use crate::writing::{find_for, permit};
use entity::identity::{ActiveModel, Column, Entity, Model};
use entity::ids::{AccountId, IdentityId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QuerySelect as _,
};

const TAKEN: &str = "This identity opens another account. Unlink it there first.";

const MEANINGS: &[Meaning] = &[
    ("identity_once", "token", ViolationCode::Taken, TAKEN),
    ("identity_subject_length", "subject", ViolationCode::Invalid, "Give who they are there, in 1 to 255 letters."),
    (
        "identity_one_of_issuer",
        "token",
        ViolationCode::Conflict,
        "The account has another identity at this identity provider. Unlink that one first.",
    ),
];

/// Lets the identity that somebody has proven to be theirs open their own account.
pub(crate) async fn link_own(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    proven: Option<ExternalIdentity>,
) -> Result<IdentityId> {
    let Some(account) = actor.account() else { return Err(actor.viewer.refusal()) };
    let Some(identity) = proven else {
        let message =
            "This token is not good here. Sign in at an identity provider that is accepted, and bring a fresh one.";
        return Err(refusal(ViolationCode::Invalid, message));
    };
    link(db, actor, account, identity).await
}

/// Lets an identity open an account. One that was unlinked, from this account or another, is linked anew.
pub(crate) async fn link(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    account: AccountId,
    identity: ExternalIdentity,
) -> Result<IdentityId> {
    authorize_some(actor.viewer, Kind::Identity, Action::Create)?;
    let row = ActiveModel {
        account_id: Set(account),
        linked_at: Set(actor.now),
        unlinked_at: Set(None),
        ..Default::default()
    };
    let saved = match known(db, &identity).await? {
        Some(Model { id, account_id, unlinked_at: None, .. }) if account_id == account => return Ok(id),
        Some(Model { unlinked_at: None, .. }) => return Err(refusal(ViolationCode::Taken, TAKEN)),
        Some(Model { id, .. }) => ActiveModel { id: Set(id), ..row }.update(db).await,
        None => {
            let (issuer, subject) = (Set(identity.issuer), Set(identity.subject));
            ActiveModel { id: Set(IdentityId::new()), issuer, subject, ..row }.insert(db).await
        }
    };
    let Model { id, .. } = saved.map_err(|error| refused(error, MEANINGS))?;
    permit::<Entity>(db, actor.viewer, id, (Kind::Identity, Action::Create)).await?;
    security::tell_once_kept(Event::IdentityLinked.of(account).about(id));
    Ok(id)
}

/// Lets an identity open its account no more. An administrator who could not sign in any more is not left the only one.
pub(crate) async fn unlink(db: &impl ConnectionTrait, actor: Actor<'_>, id: IdentityId) -> Result<()> {
    grant::one_at_a_time(db).await?;
    let linked = find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?;
    let had_one = grant::has_administrator(db, actor.now).await?;
    let unlink = Entity::update_many().col_expr(Column::UnlinkedAt, Expr::value(actor.now));
    unlink.filter(Column::Id.eq(linked.id)).exec(db).await?;
    security::tell_once_kept(Event::IdentityUnlinked.of(linked.account_id).about(linked.id));
    if had_one { grant::keep_an_administrator(db, actor.now).await } else { Ok(()) }
}

/// The identity as it is kept, linked or not. The row stays as it is until the transaction ends.
async fn known(db: &impl ConnectionTrait, identity: &ExternalIdentity) -> Result<Option<Model>> {
    let known = Entity::find()
        .filter(Column::Issuer.eq(identity.issuer.as_str()))
        .filter(Column::Subject.eq(identity.subject.as_str()));
    Ok(known.lock_exclusive().one(db).await?)
}

fn refusal(code: ViolationCode, message: &str) -> Error {
    Error::Invalid(vec![Violation::new("token", code, message)])
}
