//! The feeds, as one instance reads them: what those share who are of one audience.

use super::audience::{Audience, fingerprint};
use super::cursor::Position;
use super::read::Part;
use super::turn::Turn;
use crate::auth::Viewer;
use crate::database::{Epoch, Notices};
use crate::error::{Error, Result};
use crate::graphql::NodeType;
use sea_orm::DatabaseConnection;
use std::collections::HashMap;
use std::sync::{Arc, Mutex as Latch, PoisonError, Weak};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Those who follow something take so many of the database's connections at most, however many they are.
const FOLLOWING: usize = 4;

/// The feeds of this instance.
pub struct Feeds {
    db: DatabaseConnection,
    notices: Arc<Notices>,
    following: Semaphore,
    shared: Latch<HashMap<Vec<u8>, Weak<Shared>>>,
}

/// What those share who are of one audience, while one of them is there.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// The audience, brought up to date.
    pub(super) audience: Turn<Audience>,
    read: Latch<Read>,
}

/// What was read of the feed in an epoch of the database.
#[derive(Debug, Default)]
struct Read {
    epoch: Option<Epoch>,
    parts: HashMap<Stretch, Arc<Turn<Part>>>,
}

/// Which part of a feed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Stretch {
    pub(super) position: Position,
    pub(super) types: Vec<NodeType>,
    pub(super) limit: usize,
}

impl Feeds {
    /// Those of this database, which is listened to.
    pub(crate) fn new(db: DatabaseConnection, notices: Arc<Notices>) -> Self {
        Self { db, notices, following: Semaphore::new(FOLLOWING), shared: Latch::default() }
    }

    pub(super) fn db(&self) -> &DatabaseConnection {
        &self.db
    }

    /// The epoch that the database is in; none while that is not certain.
    pub(super) fn epoch(&self) -> Option<Epoch> {
        self.notices.pulse().epoch()
    }

    /// A place among those who follow something and read what there is.
    pub(crate) async fn following(&self) -> Result<SemaphorePermit<'_>> {
        self.following.acquire().await.map_err(Error::internal)
    }

    /// What a viewer shares with all who see the same.
    pub(super) fn shared(&self, viewer: &Viewer) -> Arc<Shared> {
        let key = fingerprint(viewer);
        let mut all = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shared) = all.get(&key).and_then(Weak::upgrade) {
            return shared;
        }
        all.retain(|_, shared| shared.strong_count() > 0);
        let shared = Arc::default();
        all.insert(key, Arc::downgrade(&shared));
        shared
    }
}

impl Shared {
    /// Who reads this part in this epoch.
    pub(super) fn reading(&self, epoch: Option<Epoch>, stretch: Stretch) -> Arc<Turn<Part>> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if read.epoch != epoch || epoch.is_none() {
            *read = Read { epoch, parts: HashMap::new() };
        }
        Arc::clone(read.parts.entry(stretch).or_default())
    }
}

impl std::fmt::Debug for Feeds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Feeds").finish_non_exhaustive()
    }
}
