//! Follows the one server that takes writes, whichever of several that is: when it goes away, the others are asked until
//! one of them has taken over, and everything turns to it.
//!
//! The same connection says how far the server has written. However many want to know at a time, it is asked once.

use super::address::{Seen, Servers, options, silent, who};
use super::position::Position;
use crate::database::connect::{Way, session};
use sea_orm::sqlx::{self, Connection as _, PgConnection, PgPool, Row as _};
use sea_orm::{DatabaseConnection, SqlxError};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

/// How often the server is asked whether it still takes writes.
const BEAT: Duration = Duration::from_millis(250);
/// How long it may take to answer before it is given up.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a read waits to be told how far the server has written.
const ASKED: Duration = Duration::from_millis(500);

/// When everything turned to another server last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Switch(Arc<Mutex<Option<Instant>>>);

impl Switch {
    /// Whether something of this age is of a time before.
    pub(crate) fn is_of_before(&self, age: Duration) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|at| at.elapsed() < age)
    }

    fn now(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }
}

/// What was seen last, and for whom.
#[derive(Clone, Copy, Debug, Default)]
struct Look {
    /// How many had asked by the time that it was asked.
    asked: u64,
    /// Since when no server takes writes, as far as is known.
    away: Option<Instant>,
    /// What it said; nothing while no server takes writes.
    seen: Option<Seen>,
    /// The line of the last that did.
    line: Option<Line>,
}

/// What those have alone that follow the present server, and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) timeline: u32,
    pub(super) mark: Uuid,
}

/// Leaves the mark of a timeline, where it is not left already.
const LEAVE: &str = "INSERT INTO timeline (number) VALUES ($1::bigint::integer) ON CONFLICT DO NOTHING";
const MARK: &str = "SELECT mark FROM timeline WHERE number = $1::bigint";

/// The server that takes writes.
pub(crate) struct Primary {
    servers: Servers,
    /// The pool that leads to it, and how it is connected.
    pool: (PgPool, Way),
    switch: Switch,
    asked: AtomicU64,
    wanted: Notify,
    last: watch::Sender<Look>,
}

impl Primary {
    /// The one of these servers that takes writes, to which `db` leads from now on. What was connected in `way` before a
    /// switch is not used after it.
    pub(crate) fn new(servers: Servers, (db, way): (&DatabaseConnection, Way), switch: Switch) -> Self {
        let pool = (db.get_postgres_connection_pool().clone(), way);
        let (asked, wanted, last) = (AtomicU64::new(0), Notify::new(), watch::Sender::default());
        Self { servers, pool, switch, asked, wanted, last }
    }

    /// What was seen of it last; nothing while no server takes writes.
    pub(super) fn seen(&self) -> Option<Seen> {
        self.last.borrow().seen
    }

    /// The line of the last server that took writes.
    pub(super) fn line(&self) -> Option<Line> {
        self.last.borrow().line
    }

    /// Since when no server takes writes; nothing where one does, or it is not known yet.
    pub(super) fn away(&self) -> Option<Instant> {
        self.last.borrow().away
    }

    /// How far it has written by now, or farther; nothing where it does not say.
    pub(super) async fn position(&self) -> Option<Position> {
        if self.away().is_some() {
            return None;
        }
        let ticket = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        self.wanted.notify_one();
        let mut last = self.last.subscribe();
        let answered = tokio::time::timeout(ASKED, last.wait_for(|look| look.asked >= ticket)).await;
        answered.ok()?.ok()?.seen.map(|seen| seen.position)
    }

    /// Follows it for as long as the service runs.
    pub(crate) async fn follow(&self) {
        let (mut connection, mut line, mut away) = (None, None, None);
        loop {
            let asked = self.asked.load(Ordering::SeqCst);
            let seen = self.look(&mut connection, &mut line).await;
            self.tell(seen.as_ref());
            away = seen.is_err().then(|| away.unwrap_or_else(Instant::now));
            self.last.send_replace(Look { asked, away, seen: seen.ok(), line });
            tokio::select! {
                () = self.wanted.notified() => {}
                () = tokio::time::sleep(BEAT) => {}
            }
        }
    }

    /// What it says now; where it says nothing, what the one says that has taken over.
    async fn look(&self, connection: &mut Option<PgConnection>, line: &mut Option<Line>) -> Result<Seen, SqlxError> {
        if let Some(mut held) = connection.take() {
            let answer = tokio::time::timeout(PATIENCE, who(&mut held)).await;
            if let Ok(Some(seen)) = answer.unwrap_or_else(|_| Err(silent())) {
                *connection = Some(held);
                return Ok(seen);
            }
            // Whoever is asked in vain goes on to ask the others.
            let _ = tokio::time::timeout(PATIENCE, held.close()).await;
        }
        let since = line.map_or(0, |line| line.timeline);
        let (address, mut found, seen) = self.servers.primary(since).await?;
        let marked = tokio::time::timeout(PATIENCE, marked(&mut found, seen.timeline)).await;
        *line = Some(marked.unwrap_or_else(|_| Err(silent()))?);
        let (pool, way) = &self.pool;
        pool.set_connect_options(session(options(address)?, *way));
        self.switch.now();
        *connection = Some(found);
        Ok(seen)
    }

    /// Once is enough to say it.
    fn tell(&self, seen: Result<&Seen, &SqlxError>) {
        match (seen, self.seen()) {
            (Err(error), Some(_)) => {
                tracing::error!(%error, "no server takes writes at present; all that were named are asked until one does");
            }
            (Ok(seen), None) => tracing::info!(timeline = seen.timeline, "the server that takes writes answers"),
            _ => {}
        }
    }
}

/// The line of a server that has just been found to take writes.
async fn marked(connection: &mut PgConnection, timeline: u32) -> Result<Line, SqlxError> {
    let number = i64::from(timeline);
    sqlx::query(LEAVE).bind(number).execute(&mut *connection).await?;
    let mark = sqlx::query(MARK).bind(number).fetch_one(connection).await?.try_get("mark")?;
    Ok(Line { timeline, mark })
}
