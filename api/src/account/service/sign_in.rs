//! Signing in, staying signed in, and signing out.

use super::kept;
use super::throttle::{self, Subject};
use crate::account::Accounts;
use crate::auth::{AccessToken, Secret, Verdict, Viewer, hash_of};
use crate::database;
use crate::error::{Error, Result, Violation, ViolationCode};
use crate::observe::security::{self, Event};
use chrono::{DateTime, Duration, Utc};
use entity::ids::{AccountId, TokenFamilyId};
use entity::token_family::Reason;
use entity::{account, refresh_token, token_family};
use sea_orm::sea_query::{Expr, ExprTrait as _, Func};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
};
use std::net::IpAddr;

/// How long a refresh token waits to be used.
const REFRESH: Duration = Duration::days(30);
/// How long one sign-in goes on, however often it is gone on with; then the password is asked for again.
const LONGEST: Duration = Duration::days(90);

/// What somebody typed to sign in, and from where.
#[derive(Clone, Copy)]
pub(crate) struct Attempt<'a> {
    /// The address of the account.
    pub email: &'a str,
    /// The password.
    pub password: &'a str,
    /// The network address, where it is known.
    pub from: Option<IpAddr>,
}

/// Somebody who signed in.
pub(crate) struct SignedIn {
    /// Who.
    pub viewer: Viewer,
    /// What is shown with requests.
    pub access: AccessToken,
    /// What the next access token is got for, once.
    pub refresh: Secret,
}

/// Signs somebody in by password. An address without account is answered like a wrong password, and as late.
pub(crate) async fn sign_in(accounts: &Accounts, given: Attempt<'_>) -> Result<SignedIn> {
    let (db, now) = (&accounts.db, accounts.now());
    let subjects = given.subjects();
    throttle::attempt(db, &subjects, now).await?;
    let account = find(db, given.email).await?;
    // Asked also where there is none, so that it takes as long.
    let known = account.as_ref().map(|account| account.id);
    let kept = kept::password(db, known.unwrap_or_else(AccountId::new)).await?;
    let verdict = accounts.authority.passwords().verify(given.password, kept.as_deref()).await?;
    let Some(account) = account.filter(|account| verdict != Verdict::Wrong && account.disabled_at.is_none()) else {
        security::tell(known.map_or(Event::SignInRefused.into(), |known| Event::SignInRefused.of(known)));
        return Err(wrong());
    };
    let better = match verdict {
        Verdict::RightButOutdated => Some(accounts.authority.passwords().hash(given.password).await?),
        _ => None,
    };
    let transaction = database::begin(db).await?;
    note(&transaction, account.id, (kept.as_deref(), better.as_deref()), now).await?;
    let (family, refresh) = begin(&transaction, account.id, now).await?;
    throttle::succeeded(&transaction, &subjects).await?;
    transaction.commit().await?;
    security::tell(Event::SignedIn.of(account.id));
    finish(accounts, account.id, family, refresh).await
}

impl<'a> Attempt<'a> {
    fn subjects(&self) -> Vec<Subject<'a>> {
        std::iter::once(Subject::SignIn(self.email)).chain(self.from.map(Subject::Network)).collect()
    }
}

fn wrong() -> Error {
    let message = "The address or the password is wrong.";
    Error::Invalid(vec![Violation::new("password", ViolationCode::Invalid, message)])
}

/// The account of an address.
pub(super) async fn find(db: &impl ConnectionTrait, email: &str) -> Result<Option<account::Model>> {
    // Letters beyond ASCII, of which some have a lower case within it, are of no account.
    let of = Expr::expr(Func::lower(Expr::col(account::Column::Email))).eq(email.to_ascii_lowercase());
    Ok(account::Entity::find().filter(of).one(db).await?)
}

/// Notes that an account signed in, unless it was disabled or its password changed meanwhile.
async fn note(
    db: &impl ConnectionTrait,
    account: AccountId,
    (kept, better): (Option<&str>, Option<&str>),
    now: DateTime<Utc>,
) -> Result<()> {
    let Some(kept) = kept else { return Err(wrong()) };
    // It holds the row, so that what it finds stays so.
    if !kept::set_password(db, account, Some(kept), better.unwrap_or(kept)).await? {
        return Err(wrong());
    }
    account::Entity::update_many()
        .col_expr(account::Column::LastSignInAt, Expr::value(now))
        .filter(account::Column::Id.eq(account))
        .exec(db)
        .await?;
    Ok(())
}

/// Begins a family of tokens.
pub(super) async fn begin(
    db: &impl ConnectionTrait,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<(TokenFamilyId, Secret)> {
    let family = token_family::ActiveModel {
        id: Set(TokenFamilyId::new()),
        account_id: Set(account),
        created_at: Set(now),
        revoked_at: Set(None),
        reason: Set(None),
    };
    let family = family.insert(db).await?.id;
    Ok((family, next(db, family, now).await?))
}

/// Another refresh token of a family.
async fn next(db: &impl ConnectionTrait, family: TokenFamilyId, now: DateTime<Utc>) -> Result<Secret> {
    let secret = Secret::new()?;
    let token = refresh_token::ActiveModel {
        hash: Set(secret.hash()),
        family_id: Set(family),
        issued_at: Set(now),
        expires_at: Set(now + REFRESH),
        used_at: Set(None),
    };
    refresh_token::Entity::insert(token).exec_without_returning(db).await?;
    Ok(secret)
}

/// The tokens of a sign-in, once it is written down.
pub(super) async fn finish(
    accounts: &Accounts,
    account: AccountId,
    family: TokenFamilyId,
    refresh: Secret,
) -> Result<SignedIn> {
    let viewer = accounts.authority.signed_in(&accounts.db, account, family).await?.ok_or_else(wrong)?;
    Ok(SignedIn { viewer, access: accounts.authority.issue(account, family)?, refresh })
}

/// Goes on with a sign-in. A token is good once: whoever shows it again has it from somebody else, or somebody else has it,
/// and nobody knows which of the two is asking. So the sign-in ends.
pub(crate) async fn refresh(accounts: &Accounts, token: &str) -> Result<SignedIn> {
    let now = accounts.now();
    let hash = hash_of(token);
    let transaction = database::begin(&accounts.db).await?;
    let Some(family) = kept::use_refresh_token(&transaction, &hash, now).await? else {
        let reused = end_reused(&transaction, &hash, now).await?;
        transaction.commit().await?;
        if let Some(account) = reused {
            security::tell(Event::RefreshTokenReused.of(account));
        }
        return Err(ended());
    };
    let family = token_family::Entity::find_by_id(family).one(&transaction).await?;
    let goes_on = |family: &token_family::Model| family.revoked_at.is_none() && now < family.created_at + LONGEST;
    let Some(family) = family.filter(goes_on) else { return Err(ended()) };
    let refresh = next(&transaction, family.id, now).await?;
    transaction.commit().await?;
    match finish(accounts, family.account_id, family.id, refresh).await {
        Err(Error::Invalid(_)) => Err(ended()),
        other => other,
    }
}

fn ended() -> Error {
    let message = "This token is not good any more. Sign in again.";
    Error::Invalid(vec![Violation::new("refreshToken", ViolationCode::Invalid, message)])
}

/// Ends the sign-in of a token that was used before, and says whose that was.
async fn end_reused(db: &impl ConnectionTrait, hash: &[u8], now: DateTime<Utc>) -> Result<Option<AccountId>> {
    let Some((family, true)) = kept::family_of(db, hash).await? else { return Ok(None) };
    if end(db, token_family::Column::Id.eq(family), Reason::Reused, now).await? == 0 {
        return Ok(None);
    }
    let family = token_family::Entity::find_by_id(family).one(db).await?;
    Ok(family.map(|family| family.account_id))
}

/// Ends sign-ins that have not ended yet, and says how many.
pub(super) async fn end(
    db: &impl ConnectionTrait,
    which: impl Into<Expr>,
    reason: Reason,
    now: DateTime<Utc>,
) -> Result<u64> {
    let ended = token_family::Entity::update_many()
        .set(token_family::ActiveModel { revoked_at: Set(Some(now)), reason: Set(Some(reason)), ..Default::default() })
        .filter(which.into())
        .filter(token_family::Column::RevokedAt.is_null())
        .exec(db)
        .await?;
    Ok(ended.rows_affected)
}

/// Ends the sign-in of a refresh token. What is no token ends nothing, and is told the same.
pub(crate) async fn sign_out(accounts: &Accounts, token: &str) -> Result<()> {
    let Some((family, _)) = kept::family_of(&accounts.db, &hash_of(token)).await? else { return Ok(()) };
    let ended = end(&accounts.db, token_family::Column::Id.eq(family), Reason::SignedOut, accounts.now()).await?;
    let family = token_family::Entity::find_by_id(family).one(&accounts.db).await?;
    if let Some(family) = family.filter(|_| ended > 0) {
        security::tell(Event::SignedOut.of(family.account_id));
    }
    Ok(())
}
