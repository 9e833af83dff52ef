//! What the database tells every instance of: one connection listens, however many wait.

use crate::error::{Error, Result};
use sea_orm::DatabaseConnection;
use sea_orm::sqlx::PgPool;
use sea_orm::sqlx::postgres::PgListener;
use std::time::Duration;
use tokio::sync::{Mutex, broadcast};
use uuid::Uuid;

/// What the database tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    /// Surveys with a new result, by their keys.
    SurveyResults,
    /// That something was written down in the history of rows, once it is there to stay.
    Changes,
}

impl Channel {
    const ALL: [Self; 2] = [Self::SurveyResults, Self::Changes];

    fn name(self) -> &'static str {
        match self {
            Self::SurveyResults => "survey_results",
            Self::Changes => "changes",
        }
    }
}

/// Notices that one who waits may fall behind; whoever falls further looks at everything anew.
const BEHIND: usize = 256;
/// How long it is before the database is listened to again that went away.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

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
    told: Mutex<Option<broadcast::WeakSender<Told>>>,
}

/// A notice and its channel; none where it may be of any.
type Told = (Option<Channel>, Notice);

/// Somebody who waits for what is told on one channel.
pub(crate) struct Waiting {
    channel: Channel,
    told: broadcast::Receiver<Told>,
}

impl Notices {
    /// Nobody waits yet.
    pub(crate) fn new(db: DatabaseConnection) -> Self {
        Self { db, told: Mutex::new(None) }
    }

    /// Waits for what is told on a channel from now on.
    pub(crate) async fn wait(&self, channel: Channel) -> Result<Waiting> {
        let mut told = self.told.lock().await;
        if let Some(listening) = told.as_ref().and_then(broadcast::WeakSender::upgrade) {
            return Ok(Waiting { channel, told: listening.subscribe() });
        }
        let pool = self.db.get_postgres_connection_pool().clone();
        let mut listener = PgListener::connect_with(&pool).await.map_err(unavailable)?;
        listener.listen_all(channels()).await.map_err(unavailable)?;
        let (sender, waiting) = broadcast::channel(BEHIND);
        *told = Some(sender.downgrade());
        tokio::spawn(async move {
            tokio::select! {
                () = listen(listener, &pool, &sender) => {}
                () = pool.close_event() => {}
            }
        });
        Ok(Waiting { channel, told: waiting })
    }
}

/// Passes on what is told. While the database is away it is tried again, and then everybody looks anew; once nobody waits
/// any more, nobody listens.
async fn listen(mut listener: PgListener, pool: &PgPool, sender: &broadcast::Sender<Told>) {
    loop {
        let told = match listener.try_recv().await {
            Ok(Some(told)) => understood(told.channel(), told.payload()),
            Ok(None) => (None, Notice::Missed),
            Err(error) => {
                tracing::warn!(%error, "the database cannot be listened to at present; it is tried again");
                match listen_again(pool, sender).await {
                    Some(again) => listener = again,
                    None => return,
                }
                (None, Notice::Missed)
            }
        };
        // It is no fault that nobody waits.
        let _ = sender.send(told);
    }
}

fn channels() -> impl Iterator<Item = &'static str> {
    Channel::ALL.into_iter().map(Channel::name)
}

fn understood(channel: &str, payload: &str) -> Told {
    let channel = Channel::ALL.into_iter().find(|known| known.name() == channel);
    let notice = if payload.is_empty() { Some(Notice::Any) } else { payload.parse().ok().map(Notice::Of) };
    (channel, notice.unwrap_or(Notice::Missed))
}

/// A connection that listens, as soon as there is one; none where nobody waits for it.
async fn listen_again(pool: &PgPool, sender: &broadcast::Sender<Told>) -> Option<PgListener> {
    let mut pause = FIRST_PAUSE;
    while sender.receiver_count() > 0 {
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
        if let Ok(mut listener) = PgListener::connect_with(pool).await
            && listener.listen_all(channels()).await.is_ok()
        {
            return Some(listener);
        }
    }
    None
}

impl Waiting {
    /// Whether something was told since it was last asked, without waiting for it.
    pub(crate) fn was_told(&mut self) -> bool {
        use broadcast::error::TryRecvError;
        let mut was_told = false;
        loop {
            match self.told.try_recv() {
                Ok((channel, _)) => was_told |= channel.is_none_or(|channel| channel == self.channel),
                Err(TryRecvError::Lagged(_)) => was_told = true,
                Err(TryRecvError::Empty | TryRecvError::Closed) => return was_told,
            }
        }
    }

    /// The next notice; nothing once nobody listens any more.
    pub(crate) async fn next(&mut self) -> Option<Notice> {
        loop {
            match self.told.recv().await {
                Ok((channel, notice)) if channel.is_none_or(|channel| channel == self.channel) => return Some(notice),
                Ok(_) => {}
                Err(broadcast::error::RecvError::Lagged(_)) => return Some(Notice::Missed),
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}

fn unavailable(error: sea_orm::SqlxError) -> Error {
    sea_orm::DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into())).into()
}
