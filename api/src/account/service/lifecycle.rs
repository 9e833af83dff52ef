//! Making accounts, shutting them out and letting them in again.

use super::password::Chosen;
use super::{kept, sign_in};
use crate::account::validate;
use crate::auth::{Actor, Passwords};
use crate::error::{Result, ViolationCode};
use crate::grant;
use crate::observe::security::{self, Event};
use crate::policy::{Action, Kind, authorize};
use crate::validation::{Meaning, Violations};
use crate::writing::{at_version, find_for, insert, save};
use entity::account::{Column, Entity, Model};
use entity::ids::AccountId;
use entity::token_family::{self, Reason};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryOrder as _};

/// An account to make.
#[derive(Clone)]
pub(crate) struct NewAccount {
    /// Where its owner is reached.
    pub email: String,
    /// What its owner is called.
    pub display_name: String,
    /// The password; none where one is still to be chosen.
    pub password: Option<String>,
}

const MEANINGS: &[Meaning] =
    &[("account_email_key", "email", ViolationCode::Taken, "There is an account of this address already.")];

impl NewAccount {
    /// Refuses what no account may be.
    pub(crate) fn check(&self, violations: &mut Violations) {
        validate::email(violations, "email", &self.email);
        violations.title("displayName", &self.display_name);
    }

    pub(super) fn row(self, actor: Actor<'_>) -> Model {
        Model {
            id: AccountId::new(),
            email: self.email,
            display_name: self.display_name,
            last_sign_in_at: None,
            disabled_at: None,
            version: 1,
            created_at: actor.now,
            updated_at: actor.now,
        }
    }
}

/// Makes an account.
pub(crate) async fn create(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    passwords: &Passwords,
    new: NewAccount,
) -> Result<Model> {
    authorize(actor.viewer, Kind::Account, Action::Create)?;
    let mut violations = Violations::default();
    new.check(&mut violations);
    if let Some(password) = &new.password {
        let chosen = Chosen { field: "password", password };
        chosen.check(passwords, (&new.email, &new.display_name), &mut violations).await?;
    }
    violations.finish()?;
    let hash = match &new.password {
        Some(password) => Some(passwords.hash(password).await?),
        None => None,
    };
    let made = insert::<Entity>(db, actor, new.row(actor), MEANINGS).await?;
    if let Some(hash) = hash {
        kept::set_password(db, made.id, None, &hash).await?;
    }
    security::tell_once_kept(Event::AccountMade.of(made.id));
    Ok(made)
}

/// Every account, by name.
pub(crate) async fn list(db: &impl ConnectionTrait, actor: Actor<'_>) -> Result<Vec<Model>> {
    authorize(actor.viewer, Kind::AccountAddress, Action::Read)?;
    Ok(Entity::find().order_by_asc(Column::DisplayName).order_by_asc(Column::Id).all(db).await?)
}

/// The account of an address, for those who may read addresses.
pub(crate) async fn of_address(db: &impl ConnectionTrait, actor: Actor<'_>, email: &str) -> Result<Option<Model>> {
    authorize(actor.viewer, Kind::AccountAddress, Action::Read)?;
    sign_in::find(db, email).await
}

/// Shuts an account out: every sign-in of it ends, and nothing that it was granted counts.
pub(crate) async fn disable(db: &impl ConnectionTrait, actor: Actor<'_>, id: AccountId, version: i32) -> Result<Model> {
    grant::one_at_a_time(db).await?;
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    if before.disabled_at.is_some() {
        return Ok(before);
    }
    let row = Model { disabled_at: Some(actor.now), ..before.clone() };
    let row = save::<Entity>(db, actor, before, row, MEANINGS).await?;
    sign_in::end(db, token_family::Column::AccountId.eq(id), Reason::AccountDisabled, actor.now).await?;
    grant::keep_an_administrator(db, actor.now).await?;
    security::tell_once_kept(Event::AccountShutOut.of(id));
    Ok(row)
}

/// Lets an account in again. What it was granted counts as before; it signs in anew.
pub(crate) async fn enable(db: &impl ConnectionTrait, actor: Actor<'_>, id: AccountId, version: i32) -> Result<Model> {
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let row = Model { disabled_at: None, ..before.clone() };
    if before.disabled_at.is_some() {
        security::tell_once_kept(Event::AccountLetIn.of(id));
    }
    save::<Entity>(db, actor, before, row, MEANINGS).await
}
