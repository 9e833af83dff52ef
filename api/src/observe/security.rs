//! What whoever looks after safety wants to know of: who signed in and who was refused, and who was given or denied what. A line each in
//! the log, of the target `lmi::security`. It has the keys of rows and never a name, an address or anything secret.

use super::trail::{Trail, on_trail};
use crate::graphql::code;
use uuid::Uuid;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    SignedIn,
    SignInRefused,
    /// Too many attempts failed: the next ones have to wait.
    GuessingHeldUp,
    SignedOut,
    RefreshTokenReused,
    /// Somebody comes whom an identity provider vouches for; told once an hour.
    CameByProvider,
    CredentialRefused,
    /// Somebody may not do what they asked for.
    Refused,
    PasswordChanged,
    PasswordChangeRefused,
    PasswordResetAsked,
    PasswordReset,
    PasswordLinkMade,
    Invited,
    InvitationAccepted,
    AccountMade,
    AccountShutOut,
    AccountLetIn,
    GrantMade,
    GrantRevoked,
    KeyMade,
    KeyRotated,
    KeyRevoked,
    IdentityLinked,
    IdentityUnlinked,
    PersonErased,
}

impl Event {
    /// As it is written.
    fn name(self) -> &'static str {
        match self {
            Self::SignedIn => "sign_in",
            Self::SignInRefused => "sign_in_refused",
            Self::GuessingHeldUp => "guessing_held_up",
            Self::SignedOut => "sign_out",
            Self::RefreshTokenReused => "refresh_token_reused",
            Self::CameByProvider => "came_by_provider",
            Self::CredentialRefused => "credential_refused",
            Self::Refused => "refused",
            Self::PasswordChanged => "password_changed",
            Self::PasswordChangeRefused => "password_change_refused",
            Self::PasswordResetAsked => "password_reset_asked",
            Self::PasswordReset => "password_reset",
            Self::PasswordLinkMade => "password_link_made",
            Self::Invited => "invited",
            Self::InvitationAccepted => "invitation_accepted",
            Self::AccountMade => "account_made",
            Self::AccountShutOut => "account_shut_out",
            Self::AccountLetIn => "account_let_in",
            Self::GrantMade => "grant_made",
            Self::GrantRevoked => "grant_revoked",
            Self::KeyMade => "key_made",
            Self::KeyRotated => "key_rotated",
            Self::KeyRevoked => "key_revoked",
            Self::IdentityLinked => "identity_linked",
            Self::IdentityUnlinked => "identity_unlinked",
            Self::PersonErased => "person_erased",
        }
    }

    /// Whether somebody should look, and not only be able to.
    fn is_alarming(self) -> bool {
        matches!(self, Self::GuessingHeldUp | Self::RefreshTokenReused)
    }

    /// It happened to this account.
    pub(crate) fn of(self, account: impl Into<Uuid>) -> Happened {
        Happened { account: Some(account.into()), ..Happened::from(self) }
    }
}

/// Something that happened, and to what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Happened {
    event: Event,
    /// The account that it happened to.
    account: Option<Uuid>,
    /// The row that it is about: a grant, a key, an identity, a person.
    about: Option<Uuid>,
    /// What was granted, or whose attempts are held up.
    what: Option<&'static str>,
}

impl From<Event> for Happened {
    fn from(event: Event) -> Self {
        Self { event, account: None, about: None, what: None }
    }
}

impl Happened {
    /// The same, about this row.
    pub(crate) fn about(self, row: impl Into<Uuid>) -> Self {
        Self { about: Some(row.into()), ..self }
    }

    /// The same, with this word.
    pub(crate) fn what(self, word: &'static str) -> Self {
        Self { what: Some(word), ..self }
    }
}

/// Tells of something that has happened.
pub(crate) fn tell(happened: impl Into<Happened>) {
    let (mut by, mut viewer) = (None, None);
    on_trail(|trail| {
        let facts = trail.facts();
        (by, viewer) = (facts.identity, facts.viewer);
    });
    write(happened.into(), (by, viewer), None);
}

/// Tells of something once the transaction that it happens in is there to stay. What is done by a command stands in the history alone.
pub(crate) fn tell_once_kept(happened: Happened) {
    on_trail(|trail| trail.facts().pending.push(happened));
}

/// What is waiting to be told.
pub(crate) fn take() -> Vec<Happened> {
    let mut pending = Vec::new();
    on_trail(|trail| pending = std::mem::take(&mut trail.facts().pending));
    pending
}

/// How much is waiting to be told.
pub(crate) fn mark() -> usize {
    let mut mark = 0;
    on_trail(|trail| mark = trail.facts().pending.len());
    mark
}

/// Forgets what was to be told since then: it was undone.
pub(crate) fn forget(mark: usize) {
    on_trail(|trail| trail.facts().pending.truncate(mark));
}

/// Tells where a request was refused because of who asked.
pub(super) fn tell_refusal(trail: &Trail, status: u16) {
    let (code, who) = {
        let facts = trail.facts();
        (facts.code, (facts.identity, facts.viewer))
    };
    let event = match code {
        Some(code::UNAUTHENTICATED) if status == 401 => Event::CredentialRefused,
        Some(code::FORBIDDEN | code::UNAUTHENTICATED) => Event::Refused,
        _ => return,
    };
    write(event.into(), who, Some(trail.id().as_str()));
}

fn write(happened: Happened, (by, viewer): (Option<Uuid>, Option<&'static str>), request: Option<&str>) {
    let Happened { event, account, about, what } = happened;
    let text = |key: Option<Uuid>| key.map(|key| key.to_string());
    let (account, about, by) = (text(account), text(about), text(by));
    macro_rules! line {
        ($level:ident) => {
            tracing::event!(
                target: "lmi::security", tracing::Level::$level, event = event.name(), account, about, what, by, viewer,
                request, "security"
            )
        };
    }
    if event.is_alarming() { line!(WARN) } else { line!(INFO) }
}
