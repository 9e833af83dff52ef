//! Follows the one server that takes writes, whichever of several that is: when it goes away, the others are asked until
//! one of them has taken over, and everything turns to it.
//!
//! The same connection says how far the server has written. However many want to know at a time, it is asked once.

use super::address::{Login, Seen, Servers, options_of, silent, who};
use super::position::Position;
use super::switch::Switch;
use crate::database::connect::{Way, session};
use sea_orm::sqlx::{self, Connection as _, PgConnection, PgPool, Row as _};
use sea_orm::{DatabaseConnection, SqlxError};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

/// How often the server is asked whether it still takes writes.
const BEAT: Duration = Duration::from_millis(250);
/// How long it may take to answer before it is given up.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the others are asked whether one of them has taken over from it while it still answers.
const DISTRUST: Duration = Duration::from_secs(2);
/// How long a read waits to be told how far the server has written.
const ASKED: Duration = Duration::from_millis(500);

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

/// How far a server has written, on the line that it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) position: Position,
    pub(super) mark: Uuid,
}

/// Leaves the mark of a timeline, where it is not left already. It waits for no other server: one that has just taken over may
/// have nobody yet who follows it, and is read from meanwhile.
const LEAVE: &str = "INSERT INTO timeline (number)
    SELECT $1::bigint::integer WHERE set_config('synchronous_commit', 'local', true) IS NOT NULL ON CONFLICT DO NOTHING";
const MARK: &str = "SELECT mark FROM timeline WHERE number = $1::bigint";

/// A pool that leads to whichever server takes writes.
pub(super) struct Turned {
    pool: PgPool,
    way: Way,
    login: Option<Login>,
}

impl Turned {
    /// A pool that was connected in this way, as whom the servers' addresses say or as another.
    pub(super) fn new(db: &DatabaseConnection, way: Way, login: Option<Login>) -> Self {
        Self { pool: db.get_postgres_connection_pool().clone(), way, login }
    }
}

/// The server that takes writes.
pub(crate) struct Primary {
    servers: Servers,
    /// The pools that lead to it.
    pools: Vec<Turned>,
    switch: Switch,
    /// Whether another was seen to have taken over.
    is_superseded: AtomicBool,
    asked: AtomicU64,
    wanted: Notify,
    last: watch::Sender<Look>,
}

impl Primary {
    /// The one of these servers that takes writes, to which these pools lead from now on. What was connected before a switch is
    /// not used after it.
    pub(super) fn new(servers: Servers, pools: Vec<Turned>, switch: Switch) -> Self {
        // They may, as long as it is not known.
        switch.note(true);
        let (asked, wanted, last) = (AtomicU64::new(0), Notify::new(), watch::Sender::default());
        Self { servers, pools, switch, is_superseded: AtomicBool::new(false), asked, wanted, last }
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
    pub(super) async fn place(&self) -> Option<Place> {
        if self.away().is_some() {
            return None;
        }
        let ticket = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        self.wanted.notify_one();
        let mut last = self.last.subscribe();
        let answered = tokio::time::timeout(ASKED, last.wait_for(|look| look.asked >= ticket)).await;
        let look = *answered.ok()?.ok()?;
        Some(Place { position: look.seen?.position, mark: look.line?.mark })
    }

    /// When everything turned to another server last.
    pub(super) fn switch(&self) -> Switch {
        self.switch.clone()
    }

    /// Follows it for as long as the service runs.
    pub(crate) async fn follow(&self) {
        let (mut connection, mut line, mut away) = (None, None, None);
        loop {
            let asked = self.asked.load(Ordering::SeqCst);
            let seen = self.look(&mut connection, &mut line).await;
            self.tell(seen.as_ref());
            if let Ok(seen) = &seen {
                self.switch.note(seen.waits);
            }
            away = seen.is_err().then(|| away.unwrap_or_else(Instant::now));
            self.last.send_replace(Look { asked, away, seen: seen.ok(), line });
            tokio::select! {
                () = self.wanted.notified() => {}
                () = tokio::time::sleep(BEAT) => {}
            }
        }
    }

    /// Looks for as long as the service runs whether another has taken over while it still answers. Whoever let the other
    /// take over may have been unable to reach it; what it goes on to acknowledge would be lost.
    pub(crate) async fn distrust(&self) {
        if self.servers.addresses().len() < 2 {
            return;
        }
        loop {
            tokio::time::sleep(DISTRUST).await;
            let Some(line) = self.line().filter(|_| self.away().is_none()) else { continue };
            if let Ok((_, _, seen)) = self.servers.primary(line.timeline + 1).await {
                tracing::warn!(
                    timeline = seen.timeline,
                    "another server has taken over while this one still takes writes"
                );
                self.is_superseded.store(true, Ordering::SeqCst);
                self.wanted.notify_one();
            }
        }
    }

    /// What it says now; where it says nothing, what the one says that has taken over.
    async fn look(&self, connection: &mut Option<PgConnection>, line: &mut Option<Line>) -> Result<Seen, SqlxError> {
        let is_superseded = self.is_superseded.swap(false, Ordering::SeqCst);
        if let Some(mut held) = connection.take().filter(|_| !is_superseded) {
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
        // Before anything is written to it: from here on nothing goes to the one before.
        for Turned { pool, way, login } in &self.pools {
            pool.set_connect_options(session(options_of(address, login.as_ref())?, *way));
        }
        self.switch.now(seen.timeline, self.servers.addresses().len() > 1);
        let marked = tokio::time::timeout(PATIENCE, marked(&mut found, seen.timeline)).await;
        *line = Some(marked.unwrap_or_else(|_| Err(silent()))?);
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
