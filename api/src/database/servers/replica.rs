//! One server that follows the primary, and how far it has come. One that lags or says nothing is left out until it has
//! caught up.

use super::address::{Login, options, silent, timeline};
use super::farthest::Farthest;
use super::position::Position;
use super::primary::{Line, Place, Primary};
use super::standing::{Lag, Look, STILL, Standing};
use super::switch::Switch;
use crate::database::Pool;
use crate::database::connect::connect_near;
use crate::error::Result;
use crate::observe::Told;
use sea_orm::SqlxError;
use sea_orm::sqlx::postgres::PgRow;
use sea_orm::sqlx::{self, Connection as _, PgConnection, Row as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};

/// How often it is asked how far it has come.
const BEAT: Duration = Duration::from_millis(250);
/// How often while somebody waits for it to come farther.
const EAGER: Duration = Duration::from_millis(2);
/// How long it may take to answer before it is given up.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a read waits for it to come as far as it must.
const WAIT: Duration = Duration::from_millis(100);

/// How far it has come, and whether it is about to come farther. One that has taken over tells how far it has written, and
/// one that was taken over from and does not know it is told by its timeline.
const WHERE: &str = "
    SELECT ((CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END) - '0/0'::pg_lsn)::bigint
        AS position, pg_size_bytes(current_setting('wal_segment_size')) AS segment,
      CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() < pg_last_wal_receive_lsn() END AS has_more,
      CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() END AS is_paused,
      CASE WHEN NOT pg_is_in_recovery() THEN substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) END AS timeline,
      (SELECT mark FROM timeline WHERE number = $1::bigint) AS mark";

/// A server that follows.
pub(crate) struct Replica {
    /// What it is called in the log.
    name: String,
    address: String,
    db: Pool,
    /// Where those read who have not signed in, if elsewhere.
    public: Option<Pool>,
    last: watch::Sender<Look>,
    farthest: Farthest,
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
    pub(super) fn new(name: String, address: &str, public: Option<&Login>) -> Result<Self> {
        let (farthest, last) = (Farthest::default(), watch::Sender::default());
        // There is no other server that these connections could lead to.
        let reading = |db| Pool::for_reading(db, Switch::default(), Told::default());
        let connect = |login| connect_near(address, login, &farthest).map(reading);
        let public = public.map(|login| connect(Some(login))).transpose()?;
        let (db, address) = (connect(None)?, address.to_owned());
        Ok(Self { name, address, db, public, last, farthest, waiting: AtomicUsize::new(0), wanted: Notify::new() })
    }

    /// Where it is read from.
    pub(crate) fn db(&self) -> &Pool {
        &self.db
    }

    /// Where those read who have not signed in.
    pub(super) fn public(&self) -> &Pool {
        self.public.as_ref().unwrap_or(&self.db)
    }

    /// Whether it can be read from and has come this far.
    pub(super) fn has_reached(&self, place: Place) -> bool {
        self.last.borrow().has_reached(place)
    }

    /// Whether it can be read from, as far as it has come.
    pub(super) fn follows(&self) -> bool {
        self.last.borrow().standing == Standing::Following
    }

    /// How it stands, in a word.
    pub(super) fn standing(&self) -> &'static str {
        self.last.borrow().standing.name()
    }

    /// How far it has come; nothing where it does not say.
    pub(super) fn position(&self) -> Option<Position> {
        let look = *self.last.borrow();
        matches!(look.standing, Standing::Behind | Standing::Following).then_some(look.position)
    }

    /// Waits a moment for it to have done all that it was sent until then: whether it has.
    pub(super) async fn settles(&self, since: Instant) -> bool {
        let _waiting = self.wait();
        let mut last = self.last.subscribe();
        let settled = tokio::time::timeout(2 * STILL, last.wait_for(|look| look.is_settled_since(since))).await;
        matches!(settled, Ok(Ok(_)))
    }

    /// Looks often for as long as somebody waits.
    fn wait(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        self.wanted.notify_one();
        Waiting(&self.waiting)
    }

    /// Waits a moment for it to come this far: whether it has.
    pub(super) async fn reaches(&self, place: Place) -> bool {
        let _waiting = self.wait();
        let mut last = self.last.subscribe();
        let decided = |look: &Look| look.standing != Standing::Following || look.has_reached(place);
        let decided = tokio::time::timeout(WAIT, last.wait_for(decided)).await;
        matches!(decided, Ok(Ok(look)) if look.has_reached(place))
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
            if let Ok(look) = &look {
                self.farthest.note(look);
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
        let asked = Some(Instant::now());
        let look = async {
            let mut held = match connection.take() {
                Some(held) => held,
                None => PgConnection::connect_with(&options(&self.address)?).await?,
            };
            let timeline_sought = line.map(|line| i64::from(line.timeline));
            let row: PgRow = sqlx::query(WHERE).bind(timeline_sought).fetch_one(&mut held).await?;
            let position = Position::of(&row)?.unwrap_or_default();
            let has_more: Option<bool> = row.try_get("has_more")?;
            let is_paused = row.try_get::<Option<bool>, _>("is_paused")?.unwrap_or_default();
            let timeline = timeline(&row)?;
            *connection = Some(held);
            let is_settled = !is_paused && !has_more.unwrap_or_default();
            let mark = row.try_get("mark")?;
            Ok(Look { standing: Standing::Following, position, asked, is_settled, is_paused, timeline, mark })
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
