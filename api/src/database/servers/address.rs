//! The addresses of servers, and which of them takes writes.

use super::position::Position;
use crate::error::{Error, Result};
use futures_util::future::join_all;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgRow};
use sea_orm::sqlx::{ConnectOptions as _, Connection as _, Executor as _, PgConnection, Row as _};
use sea_orm::{DbErr, RuntimeErr, SqlxError};
use std::fmt;
use std::io::ErrorKind;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What is said of a setting that cannot lead to a database.
pub(crate) const NO_ADDRESS: &str = "this is not the address of a PostgreSQL database, as in postgres://user:password@host:5432/lmi (a comma within one is %2C)";

/// How long a server may take to say who it is.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long it is before one is asked again that is starting up.
const PAUSE: Duration = Duration::from_millis(50);

/// What a server is, and how far it has come. One that only reads has not written anything itself.
const WHO: &str = "
    SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS only_reads,
      CASE WHEN NOT pg_is_in_recovery() THEN (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint END AS position,
      pg_size_bytes(current_setting('wal_segment_size')) AS segment,
      current_setting('synchronous_standby_names') <> '' AS waits,
      CASE WHEN NOT pg_is_in_recovery() THEN substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) END AS timeline";

/// The servers of one database, of which one takes writes: one address, or several separated by commas.
#[derive(Clone)]
pub struct Servers(Arc<[String]>);

/// Who connects, where that is another than the addresses of the servers say.
#[derive(Clone)]
pub(crate) struct Login(PgConnectOptions);

impl Login {
    /// Whoever the first of these addresses is of, as it is connected to there.
    pub(crate) fn of(servers: &Servers) -> Result<Self, SqlxError> {
        options(servers.addresses().first().map(String::as_str).unwrap_or_default()).map(Self)
    }

    /// The options of an address for this one.
    pub(crate) fn at(&self, address: &str) -> Result<PgConnectOptions, SqlxError> {
        let at = options(address)?;
        let own = self.0.clone().host(at.get_host()).port(at.get_port());
        let own = at.get_database().into_iter().fold(own, PgConnectOptions::database);
        Ok(at.get_socket().into_iter().fold(own, PgConnectOptions::socket))
    }
}

/// Nothing of it is shown: it holds a password.
impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a login")
    }
}

/// How an address is connected to by whoever it says, or by another.
pub(crate) fn options_of(address: &str, login: Option<&Login>) -> Result<PgConnectOptions, SqlxError> {
    login.map_or_else(|| options(address), |login| login.at(address))
}

/// A server that takes writes, as it was when it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// How far it has written.
    pub(crate) position: Position,
    /// How many times one that followed took over, from the first server on. Of two that take writes, the one with the
    /// smaller number was taken over from and does not know it.
    pub(crate) timeline: u32,
    /// Whether its commits wait for another server.
    pub(crate) waits: bool,
}

impl FromStr for Servers {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let addresses: Arc<[String]> = text.split(',').map(|address| address.trim().to_owned()).collect();
        if addresses.iter().all(|address| is_address(address)) { Ok(Self(addresses)) } else { Err(NO_ADDRESS) }
    }
}

/// Whether a text is the address of a PostgreSQL database.
fn is_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "postgres" | "postgresql"))
}

impl Servers {
    /// The addresses, as they were given.
    pub(crate) fn addresses(&self) -> &[String] {
        &self.0
    }

    /// The one that takes writes, which may be starting up: it is waited for so long.
    pub(crate) async fn primary_within(&self, patience: Duration) -> Result<(&str, PgConnection), SqlxError> {
        let began = Instant::now();
        loop {
            match self.primary(0).await {
                Ok((address, connection, _)) => return Ok((address, connection)),
                Err(error) if !is_starting(&error) => return Err(error),
                Err(_) if began.elapsed() > patience => return Err(SqlxError::PoolTimedOut),
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// The one that takes writes, with a connection to it. Where several say that they do, the one that took over last;
    /// none that was taken over from before.
    pub(crate) async fn primary(&self, since: u32) -> Result<(&str, PgConnection, Seen), SqlxError> {
        let asked = join_all(self.0.iter().map(|address| async move { (address, introduced(address).await) })).await;
        let (mut found, mut reason) = (None::<(&str, PgConnection, Seen)>, only_reads());
        for (address, answer) in asked {
            match answer {
                Ok((connection, Some(seen))) if seen.timeline >= since => {
                    if found.as_ref().is_none_or(|(_, _, other)| seen.timeline > other.timeline) {
                        found = Some((address, connection, seen));
                    }
                }
                Ok(_) => {}
                // What is wrong with the last of them that says anything.
                Err(error) => reason = error,
            }
        }
        found.ok_or(reason)
    }
}

/// No address is shown: it may hold a password.
impl fmt::Debug for Servers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} servers", self.0.len())
    }
}

/// Whether a server may be there in a moment.
fn is_starting(error: &SqlxError) -> bool {
    match error {
        SqlxError::Io(error) => error.kind() == ErrorKind::ConnectionRefused,
        // No connection is left, or it is starting up.
        SqlxError::Database(refusal) => matches!(refusal.code().as_deref(), Some("53300" | "57P03")),
        _ => false,
    }
}

/// What is wrong where no server takes writes.
fn only_reads() -> SqlxError {
    let message = "no server that was named takes writes: all are standbys, or were taken over from";
    SqlxError::Configuration(message.into())
}

/// A connection to a server, once it has said whether it takes writes.
async fn introduced(address: &str) -> Result<(PgConnection, Option<Seen>), SqlxError> {
    let options = options(address)?;
    let introduced = async {
        let mut connection = PgConnection::connect_with(&options).await?;
        let seen = who(&mut connection).await?;
        Ok((connection, seen))
    };
    tokio::time::timeout(PATIENCE, introduced).await.unwrap_or_else(|_| Err(silent()))
}

/// How a server is connected to, with nothing that a pooler would not pass on.
pub(crate) fn options(address: &str) -> Result<PgConnectOptions, SqlxError> {
    Ok(address
        .parse::<PgConnectOptions>()?
        .application_name("lmi")
        .extra_float_digits(None)
        .disable_statement_logging())
}

/// How a server is that takes writes; nothing where it only reads.
pub(super) async fn who(connection: &mut PgConnection) -> Result<Option<Seen>, SqlxError> {
    let row: PgRow = connection.fetch_one(WHO).await?;
    let timeline = timeline(&row)?;
    let position = Position::of(&row)?;
    let (only_reads, waits): (bool, bool) = (row.try_get("only_reads")?, row.try_get("waits")?);
    let seen = position.zip(timeline).map(|(position, timeline)| Seen { position, timeline, waits });
    Ok(seen.filter(|_| !only_reads))
}

/// The timeline of a server that takes writes.
pub(super) fn timeline(row: &PgRow) -> Result<Option<u32>, SqlxError> {
    let digits: Option<String> = row.try_get("timeline")?;
    Ok(digits.and_then(|digits| u32::from_str_radix(&digits, 16).ok()))
}

/// The error of a server that says nothing.
pub(super) fn silent() -> SqlxError {
    SqlxError::Io(ErrorKind::TimedOut.into())
}

/// The domain's error for one of a connection.
pub(crate) fn unavailable(error: SqlxError) -> Error {
    DbErr::Conn(RuntimeErr::SqlxError(error.into())).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_named_by_their_addresses() {
        let servers = "postgres://lmi@a:5432/lmi, postgresql://lmi@b/lmi?host=%2Ftmp%2Fb".parse::<Servers>();
        let servers = servers.map(|servers| servers.addresses().to_vec());
        assert_eq!(
            servers,
            Ok(vec!["postgres://lmi@a:5432/lmi".to_owned(), "postgresql://lmi@b/lmi?host=%2Ftmp%2Fb".to_owned()])
        );
        for wrong in ["", "postgres://a/lmi,", "mysql://a/lmi", "postgres://a/lmi,/tmp"] {
            assert_eq!(wrong.parse::<Servers>().map(drop), Err(NO_ADDRESS), "{wrong}");
        }
    }

    #[test]
    fn no_password_is_shown() {
        let servers = "postgres://lmi:secret@a/lmi".parse::<Servers>();
        assert_eq!(servers.map(|servers| format!("{servers:?}")), Ok("1 servers".to_owned()));
    }
}
