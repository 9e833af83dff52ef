//! Opens the pool.

use super::search;
use crate::error::{Error, Result};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use std::time::Duration;

/// What a pool is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Answering requests: many connections, and no statement may take long.
    Serve,
    /// One command: few connections, and all the time that it takes.
    Command,
}

/// How long a request waits for a connection before it is told that the database is out of reach.
const ACQUIRE: Duration = Duration::from_secs(5);

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

/// Connects to a database. Nothing in an error names the address, which may hold a password.
pub async fn connect(url: &str, purpose: Purpose) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(purpose.max_connections())
        .acquire_timeout(ACQUIRE)
        .connect_timeout(ACQUIRE)
        // A ping before every statement costs a round trip; a connection that broke shows with the statement.
        .test_before_acquire(false)
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
