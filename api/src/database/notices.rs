//! What the database tells every instance of: one connection listens, however many wait.

use crate::error::{Error, Result};
use sea_orm::DatabaseConnection;
use sea_orm::sqlx::PgPool;
use sea_orm::sqlx::postgres::PgListener;
use std::time::Duration;
use tokio::sync::{Mutex, broadcast};
use uuid::Uuid;

/// The channel on which rows are told that have something new to show.
const CHANNEL: &str = "survey_results";
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
    /// Some notices were missed: there may be something new of any row.
    Missed,
}

/// The one who listens, once somebody waits.
#[derive(Debug)]
pub(crate) struct Notices {
    db: DatabaseConnection,
    told: Mutex<Option<broadcast::WeakSender<Notice>>>,
}

/// Somebody who waits.
pub(crate) struct Waiting(broadcast::Receiver<Notice>);

impl Notices {
    /// Nobody waits yet.
    pub(crate) fn new(db: DatabaseConnection) -> Self {
        Self { db, told: Mutex::new(None) }
    }

    /// Waits for what is told from now on.
    pub(crate) async fn wait(&self) -> Result<Waiting> {
        let mut told = self.told.lock().await;
        if let Some(listening) = told.as_ref().and_then(broadcast::WeakSender::upgrade) {
            return Ok(Waiting(listening.subscribe()));
        }
        let pool = self.db.get_postgres_connection_pool().clone();
        let mut listener = PgListener::connect_with(&pool).await.map_err(unavailable)?;
        listener.listen(CHANNEL).await.map_err(unavailable)?;
        let (sender, waiting) = broadcast::channel(BEHIND);
        *told = Some(sender.downgrade());
        tokio::spawn(async move {
            tokio::select! {
                () = listen(listener, &pool, &sender) => {}
                () = pool.close_event() => {}
            }
        });
        Ok(Waiting(waiting))
    }
}

/// Passes on what is told. While the database is away it is tried again, and then everybody looks anew; once nobody waits
/// any more, nobody listens.
async fn listen(mut listener: PgListener, pool: &PgPool, sender: &broadcast::Sender<Notice>) {
    loop {
        let notice = match listener.try_recv().await {
            Ok(Some(notice)) => notice.payload().parse().map_or(Notice::Missed, Notice::Of),
            Ok(None) => Notice::Missed,
            Err(error) => {
                tracing::warn!(%error, "the database cannot be listened to at present; it is tried again");
                match listen_again(pool, sender).await {
                    Some(again) => listener = again,
                    None => return,
                }
                Notice::Missed
            }
        };
        // It is no fault that nobody waits.
        let _ = sender.send(notice);
    }
}

/// A connection that listens, as soon as there is one; none where nobody waits for it.
async fn listen_again(pool: &PgPool, sender: &broadcast::Sender<Notice>) -> Option<PgListener> {
    let mut pause = FIRST_PAUSE;
    while sender.receiver_count() > 0 {
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
        if let Ok(mut listener) = PgListener::connect_with(pool).await
            && listener.listen(CHANNEL).await.is_ok()
        {
            return Some(listener);
        }
    }
    None
}

impl Waiting {
    /// The next notice; nothing once nobody listens any more.
    pub(crate) async fn next(&mut self) -> Option<Notice> {
        match self.0.recv().await {
            Ok(notice) => Some(notice),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Notice::Missed),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

fn unavailable(error: sea_orm::SqlxError) -> Error {
    sea_orm::DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into())).into()
}
