//! What can go wrong, in the domain's words. Where a client sees which of these stands in `graphql/error.rs`.

use sea_orm::{DbErr, RuntimeErr, SqlxError};
use std::fmt;

/// A result of the domain.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing here for somebody who has not signed in.
    #[error("Sign in for this.")]
    Unauthenticated,
    /// The viewer sees it, and may not do that with it.
    #[error("You may not do that.")]
    Forbidden,
    /// Not there, or not for this viewer: the two are not told apart.
    #[error("There is no such {}, or not for you.", .0.to_lowercase().replace('_', " "))]
    NotFound(&'static str),
    /// An identifier, cursor or argument that cannot be understood; the text says what would be.
    #[error("{0}")]
    BadInput(String),
    /// More than is answered at once; the text says what would be.
    #[error("{0}")]
    TooMuch(String),
    /// Too many attempts failed; so many seconds must pass before the next.
    #[error("Too many attempts failed. Wait {0} seconds before the next.")]
    RateLimited(u64),
    /// Input that a person can mend, all its faults at once.
    #[error("The input was refused: {}.", Joined(.0))]
    Invalid(Vec<Violation>),
    /// The database was told to give up on a statement.
    #[error("This took longer than 10 seconds. Ask for less at once.")]
    TimedOut(#[source] DbErr),
    /// The database cannot be reached at present, or no connection to it is free.
    #[error("The service cannot reach its database, or has too much to ask of it. Try again in a moment.")]
    Unavailable(#[source] DbErr),
    /// What was written is not known to be there to stay, nor not to be.
    #[error(
        "Nobody knows yet whether this was done: the database was lost, or took long, while it was made to stay. Look \
         before you send it again; what is sent under an `Idempotency-Key` can be sent again as it is."
    )]
    InDoubt,
    /// Something that this takes is not there yet; the text says so.
    #[error("{0}")]
    NotReady(&'static str),
    /// A cursor that leads nowhere any more, or not for this viewer; the text says how to start again.
    #[error("{0}")]
    OutOfStep(&'static str),
    /// Our fault. The cause goes to the log and nowhere else.
    #[error("Something went wrong on our side.")]
    Internal(#[source] anyhow::Error),
}

impl Error {
    /// An internal error from a sentence for the log.
    pub fn internal(what: impl fmt::Display) -> Self {
        Self::Internal(anyhow::anyhow!("{what}"))
    }

    /// An argument that cannot be understood; `message` says what would be.
    pub fn bad_input(message: impl Into<String>) -> Self {
        Self::BadInput(message.into())
    }

    /// What is not there as the fault of the field that names it; any other error as it is.
    pub(crate) fn at_field(self, field: &str) -> Self {
        match self {
            Self::NotFound(_) => Self::Invalid(vec![Violation::new(field, ViolationCode::NotFound, self.to_string())]),
            other => other,
        }
    }

    /// The faults of what stands in a field of the input, told as that field's.
    pub(crate) fn within(mut self, field: &str) -> Self {
        if let Self::Invalid(violations) = &mut self {
            for violation in violations {
                violation.field.insert(0, field.to_owned());
            }
        }
        self
    }
}

/// One fault of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The path of the field in the input.
    pub field: Vec<String>,
    /// The kind of fault, for programs.
    pub code: ViolationCode,
    /// The fault and its mend, for people.
    pub message: String,
    /// The states that can be reached from here, with an illegal transition.
    pub allowed: Option<Vec<String>>,
}

impl Violation {
    /// A fault of one field, named by its path with a dot between two names: `contact.email`.
    pub fn new(field: &str, code: ViolationCode, message: impl Into<String>) -> Self {
        Self { field: field.split('.').map(str::to_owned).collect(), code, message: message.into(), allowed: None }
    }
}

/// Kinds of faults that a person can mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViolationCode {
    /// Nothing was given.
    Required,
    /// It does not have the form or the range that it must have.
    Invalid,
    /// Another row has it already.
    Taken,
    /// It names something that is not there.
    NotFound,
    /// The row has been changed since the version that was given.
    StaleVersion,
    /// It would be in two places at once, or otherwise against something that stands.
    Conflict,
    /// There is no room for it.
    CapacityExceeded,
    /// The row is not in a state from which this can be done.
    IllegalTransition,
    /// Something still refers to it.
    InUse,
    /// One of many rows that are changed at once is not the viewer's to change.
    Forbidden,
}

/// Violations in one line, for a terminal.
struct Joined<'a>(&'a [Violation]);

impl fmt::Display for Joined<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, violation) in self.0.iter().enumerate() {
            let separator = if i == 0 { "" } else { "; " };
            write!(f, "{separator}{}: {}", violation.field.join("."), violation.message.trim_end_matches('.'))?;
        }
        Ok(())
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        if matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) {
            // Whatever the reason: it is the same to whoever asks, and may pass.
            return Self::Unavailable(error);
        }
        match sql_state(&error).as_deref() {
            // PostgreSQL keeps no NUL in a text, nor in a text within JSON.
            Some("22021" | "22P05") => Self::bad_input("A text must not contain the NUL character."),
            Some("57014") => Self::TimedOut(error),
            _ if may_pass(&error) => Self::Unavailable(error),
            _ => Self::Internal(error.into()),
        }
    }
}

/// Whether the same may go well another time, or at another server.
pub(crate) fn may_pass(error: &DbErr) -> bool {
    match sql_state(error).as_deref() {
        // Shutting down or starting up, unused for too long, nothing left of what it takes (room on the disk, memory, connections),
        // two changes were in each other's way, or another server takes writes by now.
        Some(
            "57P01" | "57P02" | "57P03" | "57P05" | "53000" | "53100" | "53200" | "53300" | "40001" | "40P01" | "25006",
        ) => true,
        // There is no connection, or it broke; a pooler has 08P01 for all that is wrong with those behind it.
        Some(state) => state.starts_with("08"),
        None => connection_lost(error),
    }
}

/// What the driver said.
pub(crate) fn driver(error: &DbErr) -> Option<&SqlxError> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}

fn sql_state(error: &DbErr) -> Option<String> {
    match driver(error)? {
        SqlxError::Database(error) => error.code().map(Into::into),
        _ => None,
    }
}

/// Whether there was no connection, or it broke.
pub(crate) fn connection_lost(error: &DbErr) -> bool {
    matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_))
        || matches!(
            driver(error),
            Some(SqlxError::Io(_) | SqlxError::PoolTimedOut | SqlxError::PoolClosed | SqlxError::WorkerCrashed)
        )
}

/// Whether it is not known of a commit that failed so, whether it was done.
pub(crate) fn leaves_in_doubt(error: &DbErr) -> bool {
    match sql_state(error).as_deref() {
        Some(state) => state.starts_with("08") || matches!(state, "57P01" | "57P02"),
        None => connection_lost(error),
    }
}

/// The name of the constraint that refused a row, if one did.
pub(crate) fn constraint(error: &DbErr) -> Option<String> {
    match driver(error)? {
        SqlxError::Database(error) => error.constraint().map(str::to_owned),
        _ => None,
    }
}

/// Whether rows were refused because they would contradict one another or themselves.
pub(crate) fn is_contradiction(error: &DbErr) -> bool {
    matches!(sql_state(error).as_deref(), Some("23503" | "23505" | "23514" | "23P01"))
}

/// Whether a transaction has to begin again, because another was quicker.
pub(crate) fn is_overtaken(error: &Error) -> bool {
    let (Error::Unavailable(error) | Error::TimedOut(error)) = error else {
        return matches!(error, Error::Internal(cause) if cause.downcast_ref().is_some_and(is_contradiction));
    };
    matches!(sql_state(error).as_deref(), Some("40001" | "40P01"))
}

/// Whether a row was kept because another refers to it.
pub(crate) fn is_referred_to(error: &DbErr) -> bool {
    sql_state(error).as_deref() == Some("23503")
}
