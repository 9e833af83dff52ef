//! Connections that go from one read to the next.
//!
//! The library asks each connection that is given back whether it is still there: a way to the database and back for every
//! statement, which costs the database a fifth of finding a row. So what has read well is kept for a moment for whoever reads next. It goes
//! back after that moment, is asked then, and comes anew past everything that the library holds a connection against; one on which
//! anything went wrong, or that was left before its end, goes back at once. So do all as soon as the pool has no other left: somebody
//! may be waiting there.

use super::servers::Switch;
use crate::observe::Told;
use futures_util::future::FutureExt as _;
use sea_orm::metric::Info;
use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{self, AssertSqlSafe, PgPool, Postgres};
use sea_orm::{
    ConnAcquireErr, ConnectionTrait as _, DatabaseConnection, DatabaseConnectionType, DbErr, QueryResult, RuntimeErr,
    SqlxError, Statement, Values,
};
use sea_query_sqlx::SqlxValues;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a connection goes from one read to the next before it goes back.
const MOMENT: Duration = Duration::from_secs(1);
/// How often those are looked after that wait for the next read.
const BEAT: Duration = Duration::from_millis(50);

/// A pool, some of whose connections are kept for reading.
#[derive(Clone, Debug)]
pub(crate) struct Pool {
    db: DatabaseConnection,
    kept: Arc<Kept>,
    told: Told,
}

/// What is kept, and by which rule.
#[derive(Debug)]
struct Kept {
    idle: Mutex<Idle>,
    /// So many at most: the others are for what takes a transaction.
    most: usize,
    switch: Switch,
}

/// Connections that wait for the next read.
#[derive(Debug, Default)]
struct Idle {
    readers: Vec<Reader>,
    /// Whether somebody gives back those whose moment is over.
    is_watched: bool,
}

/// A connection that reads.
#[derive(Debug)]
struct Reader {
    connection: PoolConnection<Postgres>,
    /// Since before it came from the library's pool.
    since: Instant,
}

impl Deref for Pool {
    type Target = DatabaseConnection;

    fn deref(&self) -> &Self::Target {
        &self.db
    }
}

impl Pool {
    /// For all that is done: half of the connections stay for what takes a transaction. None is read by that was made before
    /// the switch.
    pub(crate) fn new(db: DatabaseConnection, switch: Switch, told: Told) -> Self {
        Self::keeping(db, 2, (switch, told))
    }

    /// For what is only read, where few take a transaction.
    pub(crate) fn for_reading(db: DatabaseConnection, switch: Switch, told: Told) -> Self {
        Self::keeping(db, 4, (switch, told))
    }

    /// Which keeps all connections but one of so many.
    fn keeping(db: DatabaseConnection, but_one_of: usize, (switch, told): (Switch, Told)) -> Self {
        let most = postgres(&db).map_or(0, |pool| pool.options().get_max_connections() as usize);
        let kept = Kept { idle: Mutex::default(), most: most - most / but_one_of, switch };
        Self { db, kept: Arc::new(kept), told }
    }

    /// How many connections wait for the next read.
    pub(crate) fn waiting(&self) -> usize {
        self.kept.idle().readers.len()
    }

    /// All rows that a statement finds, which writes nothing.
    pub(super) async fn read(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let Some(pool) = postgres(&self.db) else { return self.db.query_all_raw(statement).await };
        let mut reader = match self.kept.take() {
            Some(reader) => reader,
            // In a box: what connects anew is large, and is seldom needed.
            None => Reader::from(pool).boxed().await?,
        };
        let values = statement.values.clone().unwrap_or(Values(Vec::new()));
        let query = sqlx::query_with(AssertSqlSafe(statement.sql.as_str()), SqlxValues(values));
        let begun = Instant::now();
        let found = query.fetch_all(&mut *reader.connection).await;
        self.told.ran(&Info { elapsed: begun.elapsed(), statement: &statement, failed: found.is_err() });
        let rows = found.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(error.into())))?;
        self.kept.keep(reader, pool);
        Ok(rows.into_iter().map(QueryResult::from).collect())
    }
}

/// The library's pool; none where there is no database.
fn postgres(db: &DatabaseConnection) -> Option<&PgPool> {
    match &db.inner {
        DatabaseConnectionType::SqlxPostgresPoolConnection(_) => Some(db.get_postgres_connection_pool()),
        DatabaseConnectionType::Disconnected => None,
    }
}

/// Whether whoever asks the pool for a connection finds one.
fn has_others(pool: &PgPool) -> bool {
    pool.num_idle() > 0 || pool.size() < pool.options().get_max_connections()
}

impl Reader {
    async fn from(pool: &PgPool) -> Result<Self, DbErr> {
        let since = Instant::now();
        let connection = pool.acquire().await.map_err(|error| match error {
            SqlxError::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
            SqlxError::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
            other => DbErr::Conn(RuntimeErr::SqlxError(other.into())),
        })?;
        Ok(Self { connection, since })
    }
}

impl Kept {
    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it may go on being read by.
    fn holds(&self, reader: &Reader) -> bool {
        let age = reader.since.elapsed();
        age < MOMENT && !self.switch.is_of_before(age)
    }

    /// The one that was read by last.
    fn take(&self) -> Option<Reader> {
        let reader = self.idle().readers.pop()?;
        self.holds(&reader).then_some(reader)
    }

    /// Keeps one, unless it is time for it to go back.
    fn keep(self: &Arc<Self>, reader: Reader, pool: &PgPool) {
        if pool.is_closed() || !has_others(pool) || !self.holds(&reader) {
            return;
        }
        let mut idle = self.idle();
        if idle.readers.len() < self.most {
            idle.readers.push(reader);
            if !std::mem::replace(&mut idle.is_watched, true) {
                tokio::spawn(Arc::clone(self).give_back(pool.clone()));
            }
        }
    }

    /// Gives back those whose moment is over, until there are none; all of them where the pool has no others, or is closed.
    async fn give_back(self: Arc<Self>, pool: PgPool) {
        loop {
            let is_closed = tokio::time::timeout(BEAT, pool.close_event()).await.is_ok();
            let may_stay = !is_closed && has_others(&pool);
            let mut idle = self.idle();
            let readers = std::mem::take(&mut idle.readers).into_iter();
            let (stay, go): (Vec<_>, Vec<_>) = readers.partition(|reader| may_stay && self.holds(reader));
            idle.readers = stay;
            idle.is_watched = !idle.readers.is_empty();
            let is_done = !idle.is_watched;
            drop(idle);
            drop(go);
            if is_done {
                return;
            }
        }
    }
}
