//! One server that follows the primary, and how far it has come. One that lags or says nothing is left out until it has
//! caught up.

use super::address::{Seen, options, silent, timeline};
use super::position::Position;
use super::primary::{Line, Primary};
use crate::database::connect::connect_near;
use crate::error::Result;
use sea_orm::sqlx::postgres::PgRow;
use sea_orm::sqlx::{self, Connection as _, PgConnection, Row as _};
use sea_orm::{DatabaseConnection, SqlxError};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

/// How often it is asked how far it has come.
const BEAT: Duration = Duration::from_millis(250);
/// How often while somebody waits for it to come farther.
const EAGER: Duration = Duration::from_millis(2);
/// How long it may take to answer before it is given up.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long it may be behind before it is left out.
const LAG: Duration = Duration::from_secs(1);
/// How long it stands still before what it was sent last is taken for a part of something that never came.
const STILL: Duration = Duration::from_secs(1);
/// How long a read waits for it to come as far as it must.
const WAIT: Duration = Duration::from_millis(100);

/// How far it has come, and whether it is about to come farther. One that has taken over tells how far it has written, and
/// one that was taken over from and does not know it is told by its timeline.
const WHERE: &str = "
    SELECT ((CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END) - '0/0'::pg_lsn)::bigint
        AS position,
      CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() < pg_last_wal_receive_lsn() END AS has_more,
      CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() END AS is_paused,
      CASE WHEN NOT pg_is_in_recovery() THEN substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) END AS timeline,
      (SELECT mark FROM timeline WHERE number = $1::bigint) AS mark";

/// How a replica stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Standing {
    /// It remains to be seen.
    #[default]
    Unknown,
    /// It does not answer.
    Silent,
    /// It does not follow the server that takes writes, or has yet to come where that one took over.
    Astray,
    /// It is too far behind.
    Behind,
    /// It can be read from.
    Following,
}

/// What was seen of it last.
#[derive(Clone, Copy, Debug, Default)]
struct Look {
    standing: Standing,
    position: Position,
    /// Whether it has done all that it was sent.
    is_settled: bool,
    /// Whether it was told not to come farther for now.
    is_paused: bool,
    /// Of one that has taken over: how often that has happened.
    timeline: Option<u32>,
    /// What it has of the line of the primary.
    mark: Option<Uuid>,
}

/// A server that follows.
pub(crate) struct Replica {
    /// What it is called in the log.
    name: String,
    address: String,
    db: DatabaseConnection,
    last: watch::Sender<Look>,
    waiting: AtomicUsize,
    wanted: Notify,
}

/// Somebody who waits for it to come farther.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Replica {
    /// The server of an address, of which nothing is known yet.
    pub(super) fn new(name: String, address: &str) -> Result<Self> {
        let (db, last) = (connect_near(address)?, watch::Sender::default());
        Ok(Self { name, address: address.to_owned(), db, last, waiting: AtomicUsize::new(0), wanted: Notify::new() })
    }

    /// Where it is read from.
    pub(crate) fn db(&self) -> &DatabaseConnection {
        &self.db
    }

    /// Whether it can be read from and has come this far.
    pub(super) fn has_reached(&self, position: Position) -> bool {
        self.last.borrow().has_reached(position)
    }

    /// Whether it can be read from, as far as it has come.
    pub(super) fn follows(&self) -> bool {
        self.last.borrow().standing == Standing::Following
    }

    /// Whether it has done all that it was sent.
    pub(super) fn is_settled(&self) -> bool {
        let last = self.last.borrow();
        matches!(last.standing, Standing::Behind | Standing::Following) && last.is_settled
    }

    /// Waits a moment for it to come this far: whether it has.
    pub(super) async fn reaches(&self, position: Position) -> bool {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let _waiting = Waiting(&self.waiting);
        self.wanted.notify_one();
        let mut last = self.last.subscribe();
        let decided = |look: &Look| look.standing != Standing::Following || look.has_reached(position);
        let decided = tokio::time::timeout(WAIT, last.wait_for(decided)).await;
        matches!(decided, Ok(Ok(look)) if look.has_reached(position))
    }

    /// It did not answer what it should have: it is left out until it says again how far it has come.
    pub(crate) fn doubt(&self) {
        self.last.send_modify(|look| look.standing = Standing::Unknown);
        self.wanted.notify_one();
    }

    /// Looks how far it has come for as long as the service runs.
    pub(super) async fn watch(&self, primary: &Primary) {
        let (mut connection, mut lag) = (None, Lag::default());
        loop {
            let look = self.look(&mut connection, primary.line()).await;
            if let Err(error) = &look {
                tracing::debug!(%error, "{} does not answer", self.name);
            }
            let silent = Look { standing: Standing::Silent, ..Look::default() };
            let look = look.map_or(silent, |look| lag.judge(look, primary.seen(), primary.line()));
            self.tell(look.standing, &mut lag);
            self.last.send_replace(look);
            if self.waiting.load(Ordering::SeqCst) > 0 {
                tokio::time::sleep(EAGER).await;
            } else {
                tokio::select! {
                    () = self.wanted.notified() => {}
                    () = tokio::time::sleep(BEAT) => {}
                }
            }
        }
    }

    async fn look(&self, connection: &mut Option<PgConnection>, line: Option<Line>) -> Result<Look, SqlxError> {
        let look = async {
            let mut held = match connection.take() {
                Some(held) => held,
                None => PgConnection::connect_with(&options(&self.address)?).await?,
            };
            let timeline_sought = line.map(|line| i64::from(line.timeline));
            let row: PgRow = sqlx::query(WHERE).bind(timeline_sought).fetch_one(&mut held).await?;
            let position = Position::of(&row, "position")?.unwrap_or_default();
            let has_more: Option<bool> = row.try_get("has_more")?;
            let is_paused = row.try_get::<Option<bool>, _>("is_paused")?.unwrap_or_default();
            let timeline = timeline(&row)?;
            *connection = Some(held);
            let is_settled = !is_paused && !has_more.unwrap_or_default();
            let mark = row.try_get("mark")?;
            Ok(Look { standing: Standing::Following, position, is_settled, is_paused, timeline, mark })
        };
        tokio::time::timeout(PATIENCE, look).await.unwrap_or_else(|_| Err(silent()))
    }

    /// Once is enough to say it.
    fn tell(&self, standing: Standing, lag: &mut Lag) {
        if standing == Standing::Unknown || standing == lag.told {
            return;
        }
        lag.told = standing;
        let Self { name, .. } = self;
        match standing {
            Standing::Unknown => {}
            Standing::Silent => tracing::warn!("{name} does not answer; it is left out until it does"),
            Standing::Astray => {
                tracing::warn!("{name} does not follow the server that takes writes; it is left out until it does");
            }
            Standing::Behind => {
                tracing::warn!(bytes = lag.bytes, "{name} is behind; it is left out until it has caught up");
            }
            Standing::Following => tracing::info!("{name} is read from"),
        }
    }
}

impl Look {
    fn has_reached(&self, position: Position) -> bool {
        self.standing == Standing::Following && self.position >= position
    }
}

/// How long it has not come as far as the primary was, nor any farther.
#[derive(Clone, Copy, Debug, Default)]
struct Lag {
    /// How far the primary was, and when: it has not come there yet.
    missing: Option<(Position, Instant)>,
    /// How far it has come itself, and since when.
    still: Option<(Position, Instant)>,
    /// Since when it has not followed the primary.
    astray: Option<Instant>,
    bytes: u64,
    /// What the log says of it.
    told: Standing,
}

impl Lag {
    /// A look, with what it says about how the replica stands.
    fn judge(&mut self, mut look: Look, primary: Option<Seen>, line: Option<Line>) -> Look {
        let since =
            self.still.filter(|(position, _)| *position == look.position).map_or_else(Instant::now, |(_, at)| at);
        self.still = Some((look.position, since));
        look.is_settled |= look.timeline.is_none() && since.elapsed() > STILL && !look.is_paused;
        let strays =
            |line: Line| look.mark != Some(line.mark) || look.timeline.is_some_and(|timeline| timeline < line.timeline);
        if line.is_none_or(strays) {
            // It may just have to come where the primary took over.
            let since = *self.astray.get_or_insert_with(Instant::now);
            let standing = if since.elapsed() > LAG { Standing::Astray } else { Standing::Unknown };
            return Look { standing, is_settled: false, ..look };
        }
        self.astray = None;
        // While no server takes writes, nobody gets ahead of it.
        let Some(seen) = primary else { return look };
        self.bytes = seen.position.since(look.position);
        if self.bytes == 0 {
            self.missing = None;
            return look;
        }
        match self.missing {
            Some((position, since)) if look.position < position => {
                let standing = if since.elapsed() > LAG { Standing::Behind } else { look.standing };
                Look { standing, ..look }
            }
            _ => {
                self.missing = Some((seen.position, Instant::now()));
                look
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: Line = Line { timeline: 2, mark: Uuid::from_u128(2) };

    fn look(bytes: u64) -> Look {
        let mark = Some(LINE.mark);
        Look { standing: Standing::Following, position: Position::at(bytes), mark, ..Look::default() }
    }

    fn judge(mut lag: Lag, look: Look, primary: Option<Seen>) -> Look {
        lag.judge(look, primary, Some(LINE))
    }

    fn primary(bytes: u64) -> Option<Seen> {
        Some(Seen { position: Position::at(bytes), timeline: 2 })
    }

    /// A replica that was behind this place when it was looked at long ago.
    fn missing(bytes: u64) -> Lag {
        let long_ago = Instant::now().checked_sub(2 * LAG).unwrap_or_else(Instant::now);
        Lag { missing: Some((Position::at(bytes), long_ago)), ..Lag::default() }
    }

    #[test]
    fn whoever_has_not_come_in_time_where_the_primary_was_is_behind() {
        assert_eq!(judge(missing(100), look(90), primary(200)).standing, Standing::Behind);
        assert_eq!(judge(missing(100), look(100), primary(200)).standing, Standing::Following, "it is on its way");
        assert_eq!(judge(missing(100), look(90), None).standing, Standing::Following, "there is nothing to follow");
        let mut lag = Lag::default();
        assert_eq!(lag.judge(look(90), primary(200), Some(LINE)).standing, Standing::Following, "it may come yet");
        assert_eq!(lag.bytes, 110);
        lag.judge(look(200), primary(200), Some(LINE));
        assert_eq!((lag.bytes, lag.missing), (0, None));
    }

    #[test]
    fn whoever_was_taken_over_from_is_not_read_from() {
        let of = |timeline| Look { timeline: Some(timeline), is_settled: true, ..look(300) };
        let judged = judge(Lag::default(), of(1), primary(200));
        assert_eq!((judged.standing, judged.is_settled), (Standing::Unknown, false));
        assert_eq!(judge(Lag::default(), of(2), primary(200)).standing, Standing::Following);
    }

    #[test]
    fn whoever_follows_another_is_not_read_from_however_far_it_has_come() {
        for mark in [None, Some(Uuid::from_u128(1))] {
            let strays = Look { mark, is_settled: true, ..look(300) };
            for primary in [primary(200), None] {
                let judged = judge(Lag::default(), strays, primary);
                assert_eq!((judged.standing, judged.is_settled), (Standing::Unknown, false));
                let long_ago = Instant::now().checked_sub(2 * LAG);
                let judged = judge(Lag { astray: long_ago, ..Lag::default() }, strays, primary);
                assert_eq!((judged.standing, judged.is_settled), (Standing::Astray, false));
            }
        }
    }

    #[test]
    fn whoever_stands_still_has_done_what_it_was_sent_unless_it_was_told_to() {
        let long_ago = Instant::now().checked_sub(2 * STILL).unwrap_or_else(Instant::now);
        let lag = Lag { still: Some((Position::at(90), long_ago)), ..Lag::default() };
        assert!(judge(lag, look(90), None).is_settled);
        assert!(!judge(lag, look(95), None).is_settled);
        assert!(!judge(lag, Look { is_paused: true, ..look(90) }, None).is_settled);
    }
}
