//! Changing a password, and setting a new one where it was forgotten.

use super::throttle::{self, Subject};
use super::{kept, one_time, opened, sign_in};
use crate::account::{Accounts, PublicUrl, validate};
use crate::auth::{Actor, Identity, Passwords, Verdict, Viewer};
use crate::database::begin;
use crate::error::{Error, Result, Violation, ViolationCode};
use crate::mail::Letter;
use crate::observe::security::{self, Event};
use crate::observe::trail::carried;
use crate::policy::Action;
use crate::validation::Violations;
use crate::writing::find_for;
use chrono::{DateTime, Utc};
use entity::ids::AccountId;
use entity::one_time_token::Purpose;
use entity::token_family::Reason;
use entity::{account, token_family};
use sea_orm::sea_query::Cond;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _};

/// Where a new password stands in the input.
const NEW: &str = "newPassword";

/// A password and the one that is to take its place.
#[derive(Clone, Copy)]
pub(crate) struct Change<'a> {
    /// The password as it is.
    pub current: &'a str,
    /// The password as it is to be.
    pub new: &'a str,
}

/// A link by which somebody sets a new password.
pub(crate) struct ResetLink {
    /// Where it leads.
    pub url: String,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// A password that is to be taken, and where it stands in the input.
#[derive(Clone, Copy)]
pub(super) struct Chosen<'a> {
    pub(super) field: &'a str,
    pub(super) password: &'a str,
}

impl Chosen<'_> {
    /// Notes what is wrong with it as the password of somebody.
    pub(super) async fn check(
        self,
        passwords: &Passwords,
        (email, display_name): (&str, &str),
        violations: &mut Violations,
    ) -> Result<()> {
        let known = || validate::known_words(email, display_name);
        if validate::password(violations, self.field, self.password)
            && passwords.is_guessable(self.password, known()).await?
        {
            validate::guessable(violations, self.field);
        }
        Ok(())
    }

    /// Refuses it where it may not be the password of an account.
    async fn refuse(self, accounts: &Accounts, of: &account::Model) -> Result<()> {
        let mut violations = Violations::default();
        self.check(accounts.authority.passwords(), (&of.email, &of.display_name), &mut violations).await?;
        violations.finish()
    }
}

/// Changes the password of whoever asks. All their other sign-ins end.
pub(crate) async fn change(accounts: &Accounts, viewer: &Viewer, passwords: Change<'_>) -> Result<()> {
    let id = viewer.identity().account().ok_or_else(|| viewer.refusal())?;
    let now = accounts.now();
    let account = account::Entity::find_by_id(id).one(&accounts.db).await?.ok_or(Error::Unauthenticated)?;
    Chosen { field: NEW, password: passwords.new }.refuse(accounts, &account).await?;
    // Whoever found a browser open must not try passwords without end either.
    let subjects = [Subject::SignIn(&account.email)];
    throttle::attempt(&accounts.db, &subjects, now).await?;
    let hashing = accounts.authority.passwords();
    let before = kept::password(&accounts.db, id).await?;
    if hashing.verify(passwords.current, before.as_deref()).await? == Verdict::Wrong {
        security::tell(Event::PasswordChangeRefused.of(id));
        let message = "This is not the password of your account.";
        return Err(Error::Invalid(vec![Violation::new("currentPassword", ViolationCode::Invalid, message)]));
    }
    let hash = hashing.hash(passwords.new).await?;
    let transaction = begin(&accounts.db).await?;
    set(&transaction, id, before.as_deref(), &hash).await?;
    let others = Cond::all()
        .add(token_family::Column::AccountId.eq(id))
        .add_option(viewer.sign_in().map(|own| token_family::Column::Id.ne(own)));
    sign_in::end(&transaction, others, Reason::PasswordChanged, now).await?;
    throttle::succeeded(&transaction, &subjects).await?;
    transaction.commit().await?;
    security::tell(Event::PasswordChanged.of(id));
    Ok(())
}

/// Replaces the hash of a password, unless it was replaced meanwhile.
pub(super) async fn set(
    db: &impl ConnectionTrait,
    account: AccountId,
    before: Option<&str>,
    after: &str,
) -> Result<()> {
    if kept::set_password(db, account, before, after).await? {
        return Ok(());
    }
    let message = "The password was changed meanwhile. Sign in with the new one.";
    Err(Error::Invalid(vec![Violation::new(NEW, ViolationCode::Conflict, message)]))
}

/// Sends a link for a new password to an address, if it has an account. What is answered, and when, does not tell.
pub(crate) async fn request_reset(accounts: &Accounts, email: &str) -> Result<()> {
    let now = accounts.now();
    throttle::attempt(&accounts.db, &[Subject::Letter(email)], now).await?;
    if !accounts.mailer.is_on() {
        return Ok(());
    }
    let (db, mailer, public_url) = (accounts.db.clone(), accounts.mailer.clone(), accounts.public_url.clone());
    let email = email.to_owned();
    tokio::spawn(carried(async move {
        let link = async {
            let account = sign_in::find(&db, &email).await?.filter(|account| account.disabled_at.is_none());
            let Some(account) = account else { return Ok(None) };
            let what = (Purpose::PasswordReset, one_time::PASSWORD_RESET);
            let secret = one_time::issue(&db, account.id, what, now).await?;
            security::tell(Event::PasswordResetAsked.of(account.id));
            Ok::<_, Error>(Some((account.email, public_url.password_reset(&secret))))
        };
        match link.await {
            Ok(Some((to, link))) => mailer.send(Letter::password_reset(to, &link)),
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "a link for a new password was not made"),
        }
    }));
    Ok(())
}

/// Makes a link for a new password, to be handed over by whoever may change the account.
pub(crate) async fn reset_link(
    public_url: &PublicUrl,
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: AccountId,
) -> Result<ResetLink> {
    let account = find_for::<account::Entity>(db, actor.viewer, id, Action::Update).await?;
    let what = (Purpose::PasswordReset, one_time::PASSWORD_RESET);
    let secret = one_time::issue(db, account.id, what, actor.now).await?;
    security::tell_once_kept(Event::PasswordLinkMade.of(account.id));
    let expires_at = actor.now + one_time::PASSWORD_RESET;
    Ok(ResetLink { url: public_url.password_reset(&secret), expires_at })
}

/// Sets a new password by a link. Every sign-in of the account ends, and what failed before is forgotten.
pub(crate) async fn reset(accounts: &Accounts, token: &str, new: &str) -> Result<()> {
    let now = accounts.now();
    let account = one_time::look_up(&accounts.db, token, Purpose::PasswordReset, now).await?;
    Chosen { field: NEW, password: new }.refuse(accounts, &account).await?;
    let before = kept::password(&accounts.db, account.id).await?;
    let hash = accounts.authority.passwords().hash(new).await?;
    let transaction = begin(&accounts.db).await?;
    one_time::redeem(&transaction, token, account.id, now).await?;
    opened::by_owner(&transaction, account.id).await?;
    set(&transaction, account.id, before.as_deref(), &hash).await?;
    let all = token_family::Column::AccountId.eq(account.id);
    sign_in::end(&transaction, all, Reason::PasswordReset, now).await?;
    let subjects = [Subject::SignIn(&account.email), Subject::Letter(&account.email)];
    throttle::succeeded(&transaction, &subjects).await?;
    transaction.commit().await?;
    security::tell(Event::PasswordReset.of(account.id));
    Ok(())
}

/// The account itself as the one who acts, for what it does before it has signed in.
pub(super) fn itself(account: AccountId) -> Viewer {
    Viewer::new(Identity::Account(account), Vec::new())
}
