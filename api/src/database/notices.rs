//! What the database tells every instance of: one connection listens, however many wait.

use super::pulse::{BEAT, Pulse};
use super::servers::{Switch, unavailable};
use crate::error::Result;
use sea_orm::sqlx::postgres::{PgListener, PgNotification};
use sea_orm::sqlx::{Executor as _, PgPool};
use sea_orm::{DatabaseConnection, SqlxError};
use std::convert::Infallible;
use std::io::ErrorKind;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, broadcast};
use uuid::Uuid;

/// What the database tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    /// Surveys with a new result, by their keys.
    SurveyResults,
    /// That something was written down in the history of rows, once it is there to stay.
    Changes,
    /// Accounts and keys that may do something else than before, or nothing any more, by their keys.
    Standing,
    /// Convenings at which somebody was checked in, by their keys.
    CheckIns,
}

impl Channel {
    const ALL: [Self; 4] = [Self::SurveyResults, Self::Changes, Self::Standing, Self::CheckIns];

    fn name(self) -> &'static str {
        match self {
            Self::SurveyResults => "survey_results",
            Self::Changes => "changes",
            Self::Standing => "standing",
            Self::CheckIns => "check_ins",
        }
    }
}

/// Notices that one who waits may fall behind; whoever falls further looks at everything anew.
const BEHIND: usize = 256;
/// How long it is before the database is listened to again that went away.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How long a connection may take to prove that it leads somewhere before it is given up.
const SILENT: Duration = Duration::from_secs(5);

/// What was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// There is something new of this row.
    Of(Uuid),
    /// There is something new.
    Any,
    /// Some notices were missed: there may be something new of any row.
    Missed,
}

/// The one who listens, once somebody waits.
#[derive(Debug)]
pub(crate) struct Notices {
    db: DatabaseConnection,
    switch: Switch,
    told: Mutex<Option<Weak<Tellers>>>,
    pulse: Arc<Pulse>,
}

/// A notice and its channel; none where it may be of any.
type Told = (Option<Channel>, Notice);

/// Those who pass on what is told, one for each channel: nobody is woken for what they do not wait for.
#[derive(Debug)]
struct Tellers([broadcast::Sender<Notice>; Channel::ALL.len()]);

impl Tellers {
    fn new() -> Self {
        Self(Channel::ALL.map(|_| broadcast::Sender::new(BEHIND)))
    }

    fn waiting(&self, channel: Channel) -> Waiting {
        Waiting { told: self.0[channel as usize].subscribe() }
    }

    fn have_anybody(&self) -> bool {
        self.0.iter().any(|teller| teller.receiver_count() > 0)
    }

    fn tell(&self, (channel, notice): Told) {
        let told = |teller: &broadcast::Sender<Notice>| {
            // It is no fault that nobody waits.
            let _ = teller.send(notice);
        };
        match channel {
            Some(channel) => told(&self.0[channel as usize]),
            None => self.0.iter().for_each(told),
        }
    }
}

/// Somebody who waits for what is told on one channel.
pub(crate) struct Waiting {
    told: broadcast::Receiver<Notice>,
}

impl Notices {
    /// Nobody waits yet.
    pub(crate) fn new((db, switch): (DatabaseConnection, Switch)) -> Self {
        Self { db, switch, told: Mutex::new(None), pulse: Arc::new(Pulse::new()) }
    }

    /// Whether what was read before still holds; for certain only while somebody [waits](Self::wait).
    pub(crate) fn pulse(&self) -> &Pulse {
        &self.pulse
    }

    /// Listens from now on, whoever waits.
    pub(crate) async fn keep_listening(&self) {
        let mut pause = FIRST_PAUSE;
        loop {
            if let Ok(mut waiting) = self.wait(Channel::Changes).await {
                pause = FIRST_PAUSE;
                while waiting.next().await.is_some() {}
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Waits for what is told on a channel from now on.
    pub(crate) async fn wait(&self, channel: Channel) -> Result<Waiting> {
        let mut told = self.told.lock().await;
        if let Some(tellers) = told.as_ref().and_then(Weak::upgrade) {
            return Ok(tellers.waiting(channel));
        }
        let pool = self.db.get_postgres_connection_pool().clone();
        let (since, switch) = (Instant::now(), self.switch.clone());
        let listener = listening(&pool, &self.pulse).await.map_err(unavailable)?;
        let tellers = Arc::new(Tellers::new());
        let waiting = tellers.waiting(channel);
        *told = Some(Arc::downgrade(&tellers));
        let pulse = Arc::clone(&self.pulse);
        tokio::spawn(async move {
            let listening = Listening { listener, since, switch, tellers, pulse: Arc::clone(&pulse) };
            tokio::select! {
                () = listening.listen(&pool) => {}
                () = pool.close_event() => {}
            }
            pulse.lose();
        });
        Ok(waiting)
    }
}

/// One who listens for all.
struct Listening {
    listener: PgListener,
    /// When the connection was asked for.
    since: Instant,
    switch: Switch,
    tellers: Arc<Tellers>,
    pulse: Arc<Pulse>,
}

impl Listening {
    /// Passes on what is told. While the database is away it is tried again, and then everybody looks anew; once nobody
    /// waits any more, nobody listens.
    async fn listen(mut self, pool: &PgPool) {
        loop {
            let Err(error) = self.pass_on().await;
            self.pulse.lose();
            tracing::warn!(%error, "the database cannot be listened to at present; it is tried again");
            match listen_again(pool, &self).await {
                Some((again, since)) => (self.listener, self.since) = (again, since),
                None => return,
            }
            self.tell((None, Notice::Missed));
        }
    }

    /// Passes on what is told until the connection breaks. Now and again it proves that it still leads to the database.
    async fn pass_on(&mut self) -> Result<Infallible, SqlxError> {
        let mut beat = Instant::now();
        loop {
            if beat.elapsed() >= BEAT {
                beat = Instant::now();
                self.prove(beat).await?;
            }
            let Ok(told) = tokio::time::timeout(BEAT, self.listener.try_recv()).await else { continue };
            let told = told?.ok_or_else(|| SqlxError::Io(ErrorKind::UnexpectedEof.into()))?;
            self.tell(understood(&told));
        }
    }

    /// Asks the database for a sign of life. What was committed before is told of before its answer.
    async fn prove(&mut self, asked: Instant) -> Result<(), SqlxError> {
        let answered = tokio::time::timeout(SILENT, self.listener.execute("SELECT 1")).await;
        answered.map_err(|_| SqlxError::Io(ErrorKind::TimedOut.into()))??;
        while let Some(told) = self.listener.next_buffered() {
            self.tell(understood(&told));
        }
        // One that was taken over from may still answer, and tells nothing of what is done at the other.
        if self.switch.is_of_before(self.since.elapsed()) {
            return Err(SqlxError::Io(ErrorKind::ConnectionReset.into()));
        }
        self.pulse.prove(asked);
        Ok(())
    }

    /// What was read before holds no longer by the time that anybody is told.
    fn tell(&self, told: Told) {
        self.pulse.advance();
        self.tellers.tell(told);
    }
}

/// A connection that listens.
async fn listening(pool: &PgPool, pulse: &Pulse) -> Result<PgListener, SqlxError> {
    let mut listener = PgListener::connect_with(pool).await?;
    // By itself it would begin anew without a word.
    listener.eager_reconnect(false);
    let asked = Instant::now();
    listener.listen_all(channels()).await?;
    pulse.advance();
    pulse.prove(asked);
    Ok(listener)
}

fn channels() -> impl Iterator<Item = &'static str> {
    Channel::ALL.into_iter().map(Channel::name)
}

fn understood(told: &PgNotification) -> Told {
    let (channel, payload) = (told.channel(), told.payload());
    let channel = Channel::ALL.into_iter().find(|known| known.name() == channel);
    let notice = if payload.is_empty() { Some(Notice::Any) } else { payload.parse().ok().map(Notice::Of) };
    (channel, notice.unwrap_or(Notice::Missed))
}

/// A connection that listens, as soon as there is one; none where nobody waits for it.
async fn listen_again(pool: &PgPool, lost: &Listening) -> Option<(PgListener, Instant)> {
    let mut pause = FIRST_PAUSE;
    while lost.tellers.have_anybody() {
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
        let since = Instant::now();
        if let Ok(listener) = listening(pool, &lost.pulse).await {
            return Some((listener, since));
        }
    }
    None
}

impl Waiting {
    /// Whether something was told since it was last asked, without waiting for it.
    pub(crate) fn was_told(&mut self) -> bool {
        let mut was_told = false;
        while self.try_next().is_some() {
            was_told = true;
        }
        was_told
    }

    /// The next notice, where it was told already.
    pub(crate) fn try_next(&mut self) -> Option<Notice> {
        use broadcast::error::TryRecvError;
        match self.told.try_recv() {
            Ok(notice) => Some(notice),
            Err(TryRecvError::Lagged(_)) => Some(Notice::Missed),
            Err(TryRecvError::Empty | TryRecvError::Closed) => None,
        }
    }

    /// The next notice; nothing once nobody listens any more.
    pub(crate) async fn next(&mut self) -> Option<Notice> {
        match self.told.recv().await {
            Ok(notice) => Some(notice),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Notice::Missed),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}
