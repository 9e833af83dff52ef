//! Opens the pool.

use super::search;
use crate::error::{Error, Result, driver};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, SqlxError};
use std::time::Duration;

/// What a pool is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Answering requests: many connections, and no statement may take long.
    Serve,
    /// One command: few connections, and all the time that it takes.
    Command,
}

/// What is said of a setting that cannot lead to a database.
pub(crate) const NO_ADDRESS: &str =
    "this is not the address of a PostgreSQL database, as in postgres://user:password@host:5432/lmi";

/// How long a request waits for a connection before it is told that the database is out of reach.
const ACQUIRE: Duration = Duration::from_secs(5);

/// From when on a connection that nobody used is asked whether it still leads somewhere.
const IDLE: Duration = Duration::from_secs(1);

impl Purpose {
    fn max_connections(self) -> u32 {
        match self {
            Self::Serve => 16,
            Self::Command => 4,
        }
    }

    /// How long a statement may take, as PostgreSQL writes it; 0 is for ever.
    fn statement_timeout(self) -> &'static str {
        match self {
            Self::Serve => "10s",
            Self::Command => "0",
        }
    }
}

/// Whether a text is the address of a PostgreSQL database.
pub(crate) fn is_address(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "postgres" | "postgresql"))
}

/// Connects to a database. Nothing in an error names the address, which may hold a password.
pub async fn connect(url: &str, purpose: Purpose) -> Result<DatabaseConnection> {
    // What is no address at all would be named in the error of the driver.
    if !is_address(url) {
        return Err(Error::bad_input(NO_ADDRESS));
    }
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(purpose.max_connections())
        .acquire_timeout(ACQUIRE)
        .connect_timeout(ACQUIRE)
        // A ping before every statement would cost a round trip. One before a connection that lay idle costs little, and
        // finds those that broke when the database was started again.
        .test_before_acquire_if_idle_for(IDLE)
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(move |options| {
            options.application_name("lmi").options([
                ("statement_timeout", purpose.statement_timeout()),
                // How much of a word must be right for a search to find it.
                ("pg_trgm.word_similarity_threshold", search::SIMILARITY),
            ])
        });
    Database::connect(options).await.map_err(Error::from)
}

/// Why a database could not be connected to, for whoever runs the program.
pub fn why_unreachable(error: &Error) -> String {
    let database = match error {
        Error::Unavailable(database) => Some(database),
        Error::Internal(cause) => cause.downcast_ref(),
        _ => None,
    };
    match database.and_then(driver) {
        // It was tried again and again meanwhile.
        Some(SqlxError::PoolTimedOut) => {
            format!("no answer within {} seconds; does the server run?", ACQUIRE.as_secs())
        }
        Some(SqlxError::Database(refusal)) => format!("the server refuses: {}", refusal.message()),
        Some(SqlxError::Configuration(fault)) => fault.to_string(),
        Some(other) => other.to_string(),
        None => error.to_string(),
    }
}
