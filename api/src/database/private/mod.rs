//! A private Postgres: a real server of our own, for a first run without any setting and for tests.
//!
//! [`PrivatePostgres::start`] finds the programs of a server on this system (or fetches them), makes a data folder
//! once, and starts the server, or joins it where another process has it running already. All processes on one data
//! folder share one server; the last to [`release`](PrivatePostgres::release) it stops it. A server whose processes
//! of ours were all killed runs on, and the next start adopts it.
//!
//! The server listens on no network port. Its socket is in a folder that only the account of the server can enter,
//! and whoever can enter it is let in without a password.
//!
//! Everything here blocks: from asynchronous code call it through `spawn_blocking`.
//!
//! | file | subject |
//! |---|---|
//! | `choose`, `binaries`, `fetch`, `packages` | which server: installed, fetched, or how to install one |
//! | `owner`, `place` | the account it runs as; where data, locks and socket are |
//! | `locks`, `process`, `probe` | who uses it, what is left of it, whether it answers |
//! | `initdb`, `cluster` | making the data folder; starting and stopping |

mod binaries;
mod choose;
mod cluster;
mod error;
mod fetch;
mod initdb;
mod locks;
mod owner;
mod packages;
mod place;
mod probe;
mod process;

use std::fmt::Write;
use std::fs::File;
use std::path::{Path, PathBuf};

pub(crate) use self::binaries::client_folders;
pub use self::error::Error;

use self::cluster::Cluster;
use self::place::Place;

/// How the private server is to be.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder that holds the data folders (`postgres-17`, named by major version), the locks and the log.
    pub data_dir: PathBuf,
    /// Whether the data has to survive a crash of the system.
    pub durability: Durability,
    /// How many connections the server admits. Where it runs already, that start decided.
    pub max_connections: u32,
    /// The folder of the server's programs, where it was set: then no other is looked for.
    pub postgres_bin: Option<PathBuf>,
}

/// Whether data has to survive a crash of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// What was committed stays, as with any Postgres.
    Durable,
    /// Nothing is forced to the disk: fast, and lost when the system crashes. For tests.
    Throwaway,
}

/// A private server that this process uses.
///
/// Dropped without [`release`](Self::release), it is no longer used by this process but runs on.
#[derive(Debug)]
pub struct PrivatePostgres {
    cluster: Cluster,
    place: Place,
    /// Our share of `users.lock`.
    users: File,
    was_started_here: bool,
}

impl PrivatePostgres {
    /// Starts the server or joins the one that runs, and waits until it takes queries.
    ///
    /// `progress` is told, a line at a time, what takes long or may surprise: the making of a data folder, a download,
    /// a recovery, data that is elsewhere than was asked for.
    ///
    /// # Errors
    ///
    /// Where there is no server to be had, or its data cannot be made, reached or served. The message says what to do.
    pub fn start(options: &Options, progress: &dyn Fn(&str)) -> Result<Self, Error> {
        let place = Place::settle(&options.data_dir, progress)?;
        let _starting = locks::starting(&place, progress)?;
        let server = choose::server(options, &place, progress)?;
        if !place.data_dir(server.major).is_dir() {
            initdb::create(&server, &place, options.durability, progress)?;
        }
        let cluster = Cluster::new(server, place.clone(), options)?;
        let users = locks::using(&place)?;
        let was_started_here = cluster.bring_up(progress)?;
        Ok(Self { cluster, place, users, was_started_here })
    }

    /// The address of a database of this server, for sqlx and for libpq (`psql "$URL"`).
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        self.url_as(probe::ROLE, database)
    }

    /// The same for another role than the one that may do everything.
    #[must_use]
    pub fn url_as(&self, role: &str, database: &str) -> String {
        format!(
            "postgres://{}@localhost:{}/{}?host={}&sslmode=disable",
            percent_encode(role.as_bytes()),
            probe::PORT,
            percent_encode(database.as_bytes()),
            percent_encode(self.cluster.socket_dir.as_os_str().as_encoded_bytes()),
        )
    }

    /// The folder of the server's data, which may be elsewhere than was asked for.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.cluster.data_dir
    }

    /// The folder of the programs that it is run with.
    #[must_use]
    pub fn programs(&self) -> &Path {
        self.cluster.programs()
    }

    /// The file that the server logs to.
    #[must_use]
    pub fn server_log(&self) -> &Path {
        &self.cluster.log
    }

    /// Whether the server was not running before this process came.
    #[must_use]
    pub fn was_started_here(&self) -> bool {
        self.was_started_here
    }

    /// Starts the server again if it died. True if this call started it; false if it was well, or was recovering
    /// or started by another process while we looked, and is well now.
    ///
    /// The address stays the same.
    ///
    /// # Errors
    ///
    /// Where it does not start again, or does not become ready within minutes.
    pub fn ensure_running(&self) -> Result<bool, Error> {
        if self.cluster.is_ready()? {
            return Ok(false);
        }
        let log = |line: &str| tracing::info!("{line}");
        let _starting = locks::starting(&self.place, &log)?;
        let started = self.cluster.bring_up(&log)?;
        if started {
            tracing::warn!(log = %self.cluster.log.display(), "PostgreSQL had died and was started again");
        }
        Ok(started)
    }

    /// Ends the use of the server by this process, and stops the server where no other process uses it. True if it
    /// was stopped.
    ///
    /// Connections that are still open when it stops are cut.
    ///
    /// # Errors
    ///
    /// Where it does not stop; it is no longer used by this process even then.
    pub fn release(self) -> Result<bool, Error> {
        let _starting = locks::starting(&self.place, &|line| tracing::info!("{line}"))?;
        if locks::leave(&self.place, &self.users)? { self.cluster.stop() } else { Ok(false) }
    }
}

/// All but letters and digits as `%XX`, so that any name may stand in an address.
fn percent_encode(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            text.push(char::from(*byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::percent_encode;

    #[test]
    fn an_address_can_name_anything() {
        assert_eq!(percent_encode(b"/tmp/lmi-0a"), "%2Ftmp%2Flmi-0a");
        assert_eq!(percent_encode("Ä b?".as_bytes()), "%C3%84%20b%3F");
    }
}
