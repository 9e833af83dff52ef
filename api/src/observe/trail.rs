//! What is known of a request while it is answered. It goes with the task that answers: whoever learns something notes it here, and
//! nobody has to hand it on.

use super::kind::{Kind, Transport};
use super::request_id::RequestId;
use super::security::Happened;
use super::statements::Statements;
use super::traces::Traced;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

tokio::task_local! {
    static TRAIL: Trail;
}

/// What is known of a request.
#[derive(Clone, Debug)]
pub(crate) struct Trail(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    id: RequestId,
    transport: Transport,
    began: Instant,
    /// The spans that it leaves, where a collector takes them.
    traced: Option<Traced>,
    facts: Mutex<Facts>,
}

/// What was learned of it so far.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) kind: Kind,
    /// What the one who asks is to the service.
    pub(crate) viewer: Option<&'static str>,
    /// The key of the account or key that asks. It is told where safety wants it, and nowhere else.
    pub(crate) identity: Option<Uuid>,
    /// What happened that is told once it is there to stay.
    pub(crate) pending: Vec<Happened>,
    /// The operation, where it has a name.
    pub(crate) operation: Option<String>,
    /// The SHA-256 of its document.
    pub(crate) document: Option<[u8; 32]>,
    /// Whether that is a registered one.
    pub(crate) is_registered: bool,
    /// The points that it costs.
    pub(crate) cost: u64,
    /// The code of the first error in the answer.
    pub(crate) code: Option<&'static str>,
    /// Whether it was answered from memory.
    pub(crate) was_kept: bool,
    pub(crate) statements: Statements,
}

impl Trail {
    /// Of a request that has just come.
    pub(crate) fn new(id: RequestId, (transport, kind): (Transport, Kind), traced: Option<Traced>) -> Self {
        let facts = Mutex::new(Facts { kind, ..Facts::default() });
        Self(Arc::new(Inner { id, transport, began: Instant::now(), traced, facts }))
    }

    /// The trail of whatever is being answered here.
    pub(crate) fn here() -> Option<Self> {
        TRAIL.try_with(Self::clone).ok()
    }

    /// Does something on this trail.
    pub(crate) async fn follow<T>(&self, answering: impl Future<Output = T>) -> T {
        TRAIL.scope(self.clone(), answering).await
    }

    pub(crate) fn id(&self) -> &RequestId {
        &self.0.id
    }

    pub(crate) fn transport(&self) -> Transport {
        self.0.transport
    }

    /// The spans that it leaves.
    pub(crate) fn traced(&self) -> Option<&Traced> {
        self.0.traced.as_ref()
    }

    /// How long ago it came.
    pub(crate) fn elapsed(&self) -> Duration {
        self.0.began.elapsed()
    }

    /// What was learned of it so far.
    pub(crate) fn facts(&self) -> MutexGuard<'_, Facts> {
        self.0.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Something that another task goes on with, on the trail of whatever is being answered here.
pub(crate) fn carried<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    let trail = Trail::here();
    async move {
        match trail {
            Some(trail) => trail.follow(work).await,
            None => work.await,
        }
    }
}

/// The same of something that another thread does.
pub(crate) fn carried_out<T>(act: impl FnOnce() -> T) -> impl FnOnce() -> T {
    let trail = Trail::here();
    move || match trail {
        Some(trail) => TRAIL.sync_scope(trail, act),
        None => act(),
    }
}

/// Notes what was learned of whatever is being answered here.
pub(crate) fn note(learned: impl FnOnce(&mut Facts)) {
    on_trail(|trail| learned(&mut trail.facts()));
}

/// Does something with the trail of whatever is being answered here.
pub(super) fn on_trail(act: impl FnOnce(&Trail)) {
    // Outside of a request nobody asks for it.
    let _ = TRAIL.try_with(act);
}

/// The name of the request that is being answered here.
pub(crate) fn request_id() -> Option<String> {
    TRAIL.try_with(|trail| trail.id().to_string()).ok()
}

/// Notes that something is answered with an error of this code. The first says most.
pub(crate) fn failed(code: &str) {
    note(|facts| {
        facts.code.get_or_insert_with(|| crate::graphql::code::known(code));
    });
}
