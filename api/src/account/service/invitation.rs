//! Inviting somebody, and accepting an invitation.
//!
//! Whoever invites is not told whether the address has an account. Where no letters go out, the inviter gets the link and
//! could accept it themselves, so it must never open more than they could grant: it opens only an account that this
//! invitation made (administrators can open any that nobody has opened yet), and not once somebody else has granted it
//! something.

use super::{NewAccount, SignedIn, kept, one_time, opened, password, sign_in};
use crate::account::Accounts;
use crate::auth::{Actor, Secret};
use crate::database::begin;
use crate::error::{Error, Result};
use crate::grant::{self, Wanted};
use crate::mail::Letter;
use crate::observe::security::{self, Event};
use crate::policy::{Action, Kind, authorize_some};
use crate::validation::Violations;
use crate::writing::attribute;
use chrono::{DateTime, Utc};
use entity::account::{self, Model};
use entity::identity;
use entity::one_time_token::Purpose;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
};

/// Somebody to invite, with what they are to be granted.
#[derive(Clone)]
pub(crate) struct Invitation {
    /// Where they are reached.
    pub email: String,
    /// What they are called.
    pub display_name: String,
    /// What they are to do, and where.
    pub grant: Wanted,
}

/// An invitation that was written down.
pub(crate) struct Invited {
    /// The letter to send now.
    pub letter: Option<Letter>,
    /// The link to hand over, where no letter is sent.
    pub link: Option<String>,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
}

/// What somebody brings who accepts an invitation.
#[derive(Clone, Copy)]
pub(crate) struct Acceptance<'a> {
    /// The token of the link.
    pub token: &'a str,
    /// The password that they choose.
    pub password: &'a str,
    /// What they want to be called; as the invitation says where absent.
    pub display_name: Option<&'a str>,
}

/// Invites somebody. The answer is the same whether or not there is an account of the address.
pub(crate) async fn invite(
    accounts: &Accounts,
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    mut invitation: Invitation,
) -> Result<Invited> {
    authorize_some(actor.viewer, Kind::Grant, Action::Create)?;
    let new = NewAccount { email: invitation.email, display_name: invitation.display_name, password: None };
    let mut violations = Violations::default();
    new.check(&mut violations);
    grant::check(db, actor, &mut invitation.grant, &mut violations).await?;
    violations.finish()?;
    let (account, is_new) = find_or_make(db, actor, new).await?;
    grant::ensure(db, actor, account.id, invitation.grant).await?;
    let may_open = accounts.mailer.is_on() || actor.viewer.may_always(Kind::Account, Action::Update);
    let opens = is_new || (may_open && is_pending(db, &account).await?);
    let lifetime = one_time::INVITATION;
    let secret = if opens && account.disabled_at.is_none() {
        let secret = one_time::issue(db, account.id, (Purpose::Invitation, lifetime), actor.now).await?;
        if !may_open {
            opened::handed_over(db, actor, &secret).await?;
        }
        Some(secret)
    } else {
        None
    };
    security::tell_once_kept(Event::Invited.of(account.id));
    let expires_at = actor.now + lifetime;
    if !accounts.mailer.is_on() {
        // To be told from one that opens, it would have to be tried.
        let secret = secret.map_or_else(Secret::new, Ok)?;
        return Ok(Invited { letter: None, link: Some(accounts.public_url.invitation(&secret)), expires_at });
    }
    let letter = match secret {
        Some(secret) => Some(Letter::invitation(account.email, &accounts.public_url.invitation(&secret))),
        None if account.disabled_at.is_some() => None,
        None => Some(Letter::granted(account.email, accounts.public_url.as_str())),
    };
    Ok(Invited { letter, link: None, expires_at })
}

/// The account of the address, made where there is none; whether it was made now.
async fn find_or_make(db: &impl ConnectionTrait, actor: Actor<'_>, new: NewAccount) -> Result<(Model, bool)> {
    let email = new.email.clone();
    let row = new.row(actor);
    let made = row.id;
    let once = OnConflict::new().do_nothing().to_owned();
    let insert = account::Entity::insert(row.into_active_model().reset_all()).on_conflict(once);
    insert.exec_without_returning(db).await?;
    let account = sign_in::find(db, &email).await?;
    let account = account.ok_or_else(|| Error::internal("an account was neither made nor found"))?;
    let is_new = account.id == made;
    Ok((account, is_new))
}

/// Whether nobody has ever signed in to it, nor can.
async fn is_pending(db: &impl ConnectionTrait, account: &Model) -> Result<bool> {
    let linked = identity::Entity::find().filter(identity::Column::UnlinkedAt.is_null());
    let vouched_for = linked.filter(identity::Column::AccountId.eq(account.id)).one(db).await?;
    Ok(vouched_for.is_none() && !kept::has_password(db, account.id).await?)
}

/// Accepts an invitation: sets the first password of the account, and signs in.
pub(crate) async fn accept(accounts: &Accounts, given: Acceptance<'_>) -> Result<SignedIn> {
    let now = accounts.now();
    let account = one_time::look_up(&accounts.db, given.token, Purpose::Invitation, now).await?;
    if !is_pending(&accounts.db, &account).await? {
        return Err(one_time::over());
    }
    let mut violations = Violations::default();
    let name = given.display_name.unwrap_or(&account.display_name);
    let chosen = password::Chosen { field: "password", password: given.password };
    chosen.check(accounts.authority.passwords(), (&account.email, name), &mut violations).await?;
    if let Some(name) = given.display_name {
        violations.title("displayName", name);
    }
    violations.finish()?;
    let hash = accounts.authority.passwords().hash(given.password).await?;
    let transaction = begin(&accounts.db).await?;
    let viewer = password::itself(account.id);
    attribute(&transaction, Actor { viewer: &viewer, now }).await?;
    one_time::redeem(&transaction, given.token, account.id, now).await?;
    opened::by_link(&transaction, account.id, given.token).await?;
    password::set(&transaction, account.id, None, &hash).await?;
    if let Some(name) = given.display_name.filter(|name| *name != account.display_name) {
        rename(&transaction, &account, name, now).await?;
    }
    let (family, refresh) = sign_in::begin(&transaction, account.id, now).await?;
    let signed_in_at = account::Entity::update_many().col_expr(account::Column::LastSignInAt, Expr::value(now));
    signed_in_at.filter(account::Column::Id.eq(account.id)).exec(&transaction).await?;
    transaction.commit().await?;
    security::tell(Event::InvitationAccepted.of(account.id));
    sign_in::finish(accounts, account.id, family, refresh).await
}

async fn rename(db: &impl ConnectionTrait, account: &Model, name: &str, now: DateTime<Utc>) -> Result<()> {
    let renamed = account::Entity::update_many()
        .col_expr(account::Column::DisplayName, Expr::value(name))
        .col_expr(account::Column::Version, Expr::value(account.version + 1))
        .col_expr(account::Column::UpdatedAt, Expr::value(now));
    renamed.filter(account::Column::Id.eq(account.id)).exec(db).await?;
    Ok(())
}
