//! Opens pools.

use super::search;
use super::servers::{Farthest, Login, NO_ADDRESS, Servers, Switch, options_of, unavailable};
use crate::error::{Error, Result, driver};
use crate::observe;
use sea_orm::sqlx::Connection as _;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sea_orm::{DatabaseConnection, DbErr, SqlxError};
use std::io::ErrorKind;
use std::time::Duration;

/// How long a statement may take that answers a request, as PostgreSQL writes it.
pub(super) const STATEMENT_TIMEOUT: &str = "10s";

/// What holds for every session besides.
pub(super) const SESSION: [(&str, &str); 6] = [
    // How much of a word must be right for a search to find it.
    ("pg_trgm.word_similarity_threshold", search::SIMILARITY),
    // Compiling a statement takes a tenth of a second, which one that many rows are counted in never earns back.
    ("jit", "off"),
    // A page is taken for cheap that begins with all rows put aside, as if they came with the rows of the page. They come first.
    ("enable_material", "off"),
    // What is somebody's own is put together once where all rows are counted, and not asked of each of two million people: so much
    // memory takes a region's people of a nation, and no statement takes more than it has to put there.
    ("work_mem", "16MB"),
    ("hash_mem_multiplier", "2"),
    // One request is served by one process, so that nobody's takes the processors of others'. Several would need memory
    // in common besides, of which containers give little, and fail where there is none.
    ("max_parallel_workers_per_gather", "0"),
];

/// Where names in statements lead for those who have not signed in: to what they are shown, and to what is everybody's. (It takes
/// no space: what follows one is another option.)
const PUBLIC_PATH: &str = "lmi_shown,public";

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
/// How long a read waits for a connection to a replica before it is asked of the primary.
const ACQUIRE_NEAR: Duration = Duration::from_millis(500);

/// How long a connection that is given back may take to end what was asked of it: longer than a statement may take.
const ENDS: Duration = Duration::from_secs(12);

/// From when on a connection that nobody used is asked whether it still leads somewhere.
const IDLE: Duration = Duration::from_secs(1);

/// How a database is connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// For answering requests.
    Serve,
    /// The same through a pooler, which gives each transaction another session: what holds for sessions is set by it.
    Pooled,
    /// For one command.
    Command,
    /// For hearing what the database tells, beside what goes through a pooler.
    Listen,
    /// For answering those who have not signed in.
    Public,
    /// The same through a pooler.
    PublicPooled,
}

impl From<Purpose> for Way {
    fn from(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Serve => Self::Serve,
            Purpose::Command => Self::Command,
        }
    }
}

impl Way {
    fn max_connections(self) -> u32 {
        match self {
            Self::Serve | Self::Pooled => 16,
            Self::Public | Self::PublicPooled => 8,
            Self::Command => 4,
            Self::Listen => 2,
        }
    }

    /// How long a statement may take, as PostgreSQL writes it; 0 is for ever.
    fn statement_timeout(self) -> &'static str {
        match self {
            Self::Serve | Self::Pooled | Self::Public | Self::PublicPooled => STATEMENT_TIMEOUT,
            Self::Command | Self::Listen => "0",
        }
    }
}

/// Connects to a database: one address, or several separated by commas, of which one takes writes. Nothing in an error
/// names an address, which may hold a password.
pub async fn connect(url: &str, purpose: Purpose) -> Result<DatabaseConnection> {
    connect_to(&url.parse().map_err(|_| Error::bad_input(NO_ADDRESS))?, None, purpose.into(), &Switch::default()).await
}

/// Connects for answering those who have not signed in, as a role that is shown nothing but what is public.
pub async fn connect_as_public(url: &str) -> Result<DatabaseConnection> {
    let servers = url.parse().map_err(|_| Error::bad_input(NO_ADDRESS))?;
    connect_to(&servers, None, Way::Public, &Switch::default()).await
}

/// Connects to the one of these servers that takes writes, as whom their addresses say or as another. What was connected before a
/// switch is not used after it.
pub(crate) async fn connect_to(
    servers: &Servers,
    login: Option<&Login>,
    way: Way,
    switch: &Switch,
) -> Result<DatabaseConnection> {
    let (address, connection) = servers.primary_within(ACQUIRE).await.map_err(unavailable)?;
    let options = session(options_of(address, login).map_err(unavailable)?, way);
    // It has served its purpose, whether or not its end is heard of.
    let _ = connection.close().await;
    let (switch, admitting) = (switch.clone(), switch.clone());
    let pool = pool(way.max_connections(), ACQUIRE)
        .before_acquire(move |connection, about| {
            let is_of_before = switch.is_of_before(about.age);
            Box::pin(async move {
                if is_of_before {
                    return Ok(false);
                }
                if about.idle_for >= IDLE {
                    // One before every statement would cost a round trip. One before a connection that lay idle costs
                    // little, and finds those that broke when the database was started again.
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(move |connection, _| {
            let switch = admitting.clone();
            Box::pin(async move { switch.admits(connection).await })
        });
    Ok(counted(pool.connect_with(options).await.map_err(unavailable)?.into()))
}

/// A pool for one server that is read from, which need not be there yet. Nothing is written through it, also where the
/// server has become one that takes writes.
pub(crate) fn connect_near(address: &str, login: Option<&Login>, farthest: &Farthest) -> Result<DatabaseConnection> {
    let way = if login.is_some() { Way::Public } else { Way::Serve };
    let options = session(options_of(address, login).map_err(unavailable)?, way);
    let options = options.options([("default_transaction_read_only", "on")]);
    let pool = pool(way.max_connections(), ACQUIRE_NEAR).before_acquire(|connection, about| {
        Box::pin(async move {
            if about.idle_for >= IDLE {
                connection.ping().await?;
            }
            Ok(true)
        })
    });
    let farthest = farthest.clone();
    let pool = pool.after_connect(move |connection, _| {
        let farthest = farthest.clone();
        Box::pin(async move { farthest.admits(connection).await })
    });
    Ok(counted(pool.connect_lazy_with(options).into()))
}

/// The same, whose statements are taken note of.
fn counted(mut db: DatabaseConnection) -> DatabaseConnection {
    db.set_metric_callback(observe::ran);
    db
}

fn pool(most: u32, patience: Duration) -> PgPoolOptions {
    let pool = PgPoolOptions::new().max_connections(most).acquire_timeout(patience).test_before_acquire(false);
    pool.after_release(|connection, _| {
        Box::pin(async move {
            // One that a statement was broken off on still has its end to tell; any other has nothing, and is not asked. A network
            // that has lost it says so to nobody: waited for without end, it would be missing from the pool until TCP gives it up.
            match tokio::time::timeout(ENDS, connection.flush()).await {
                Ok(ended) => ended.map(|()| true),
                Err(_) => Err(SqlxError::Io(ErrorKind::TimedOut.into())),
            }
        })
    })
}

/// What holds for every session.
pub(super) fn session(options: PgConnectOptions, way: Way) -> PgConnectOptions {
    if matches!(way, Way::Pooled | Way::PublicPooled) {
        return options;
    }
    let options = options.options([("statement_timeout", way.statement_timeout())]).options(SESSION);
    if way == Way::Public { options.options([("search_path", PUBLIC_PATH)]) } else { options }
}

/// Why a database could not be connected to, for whoever runs the program.
pub fn why_unreachable(error: &Error) -> String {
    let database: Option<&DbErr> = match error {
        Error::Unavailable(database) => Some(database),
        Error::Internal(cause) => cause.downcast_ref(),
        _ => None,
    };
    match database.and_then(driver) {
        // It was tried again and again meanwhile.
        Some(SqlxError::PoolTimedOut) => {
            format!("no answer within {} seconds; does the server run?", ACQUIRE.as_secs())
        }
        Some(SqlxError::Database(refusal)) if refusal.message().contains("unsupported startup parameter") => {
            "this leads to a pooler such as PgBouncer; name the servers behind it by DATABASE_DIRECT_URL".to_owned()
        }
        Some(SqlxError::Database(refusal)) => format!("the server refuses: {}", refusal.message()),
        Some(SqlxError::Configuration(fault)) => fault.to_string(),
        Some(other) => other.to_string(),
        None => error.to_string(),
    }
}
