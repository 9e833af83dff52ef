//! What the database tells every instance of: one connection listens, however many wait.

use crate::error::{Error, Result};
use sea_orm::DatabaseConnection;
use sea_orm::sqlx::postgres::PgListener;
use tokio::sync::{Mutex, broadcast};
use uuid::Uuid;

/// The channel on which rows are told that have something new to show.
const CHANNEL: &str = "survey_results";
/// Notices that one who waits may fall behind; whoever falls further looks at everything anew.
const BEHIND: usize = 256;

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
                () = listen(listener, &sender) => {}
                () = pool.close_event() => {}
            }
        });
        Ok(Waiting(waiting))
    }
}

/// Passes on what is told, until the connection cannot be had again.
async fn listen(mut listener: PgListener, sender: &broadcast::Sender<Notice>) {
    loop {
        let notice = match listener.try_recv().await {
            Ok(Some(notice)) => notice.payload().parse().map_or(Notice::Missed, Notice::Of),
            Ok(None) => Notice::Missed,
            Err(error) => {
                tracing::warn!(%error, "nobody listens to the database any more, until somebody waits again");
                return;
            }
        };
        // It is no fault that nobody waits.
        let _ = sender.send(notice);
    }
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
