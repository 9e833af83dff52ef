//! Where a read goes: to a replica that has everything which whoever asks must see, else to the primary.
//!
//! Nobody's read goes behind what they wrote, whichever instance they wrote it through: whoever has signed in reads from a
//! replica that has come as far as the primary was when the request came. Everybody else reads everything that this
//! instance has heard of or done.

use super::address::{Login, Servers, unavailable};
use super::pooler;
use super::primary::{Place, Primary, Turned};
use super::replica::Replica;
use super::switch::Switch;
use crate::database::connect::{Way, connect_to};
use crate::database::{Epoch, Pool, Pulse};
use crate::error::{Result, connection_lost, may_pass};
use futures_util::future::{join_all, select_ok};
use sea_orm::{DatabaseConnection, DbErr};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The servers that are read from besides the one that takes writes.
#[derive(Clone, Default)]
pub struct Reads(Option<Arc<Inner>>);

/// The addresses of servers.
#[derive(Clone, Copy, Debug)]
pub struct Addresses<'a> {
    /// All of which one takes writes.
    pub servers: &'a Servers,
    /// What leads to it, where requests go through a pooler.
    pub pooler: Option<&'a Servers>,
    /// Those that follow it and are read from.
    pub replicas: Option<&'a Servers>,
    /// As whom those are answered who have not signed in, if as another.
    pub public: Option<&'a Servers>,
}

struct Inner {
    primary: Primary,
    /// A way to it that no pooler stands in.
    direct: DatabaseConnection,
    /// Where those read who have not signed in, if as another role.
    public: Option<DatabaseConnection>,
    replicas: Vec<Arc<Replica>>,
    /// Whose turn it is.
    turn: AtomicUsize,
    /// How far the primary had written when an epoch had begun.
    known: Mutex<Option<(Epoch, Place)>>,
}

/// A replica for one request.
#[derive(Clone)]
pub(crate) struct Near {
    pub(crate) replica: Arc<Replica>,
    /// Whether it has everything that this instance has heard of. If not, no server takes writes at present, and it has
    /// everything that it was sent.
    pub(crate) is_current: bool,
    /// Whether whoever reads has not signed in.
    is_public: bool,
}

/// How a server stands that is read from.
pub(crate) struct ReplicaStanding<'a> {
    /// Its number among the addresses.
    pub(crate) number: usize,
    /// Whether it is read from.
    pub(crate) follows: bool,
    /// The same in a word.
    pub(crate) standing: &'static str,
    /// How far it is behind, where it says how far it has come.
    pub(crate) lag_bytes: Option<u64>,
    pub(crate) db: &'a Pool,
}

impl Reads {
    /// Connects for answering requests: to the one of these servers that takes writes, and to replicas of it.
    pub async fn connect(addresses: Addresses<'_>) -> Result<(DatabaseConnection, Self)> {
        let Addresses { servers, pooler, replicas, public } = addresses;
        let switch = Switch::default();
        let login = public.map(Login::of).transpose().map_err(unavailable)?;
        let (db, direct, way) = match pooler {
            None => {
                let db = connect_to(servers, None, Way::Serve, &switch).await?;
                (db.clone(), db, Way::Serve)
            }
            Some(pooler) => {
                let direct = connect_to(servers, None, Way::Listen, &switch).await?;
                (pooler::connect(pooler, &switch).await?, direct, Way::Listen)
            }
        };
        let mut turned = vec![Turned::new(&direct, way, None)];
        let public = match (&login, pooler) {
            (None, _) => None,
            (Some(login), None) => {
                let db = connect_to(servers, Some(login), Way::Public, &switch).await?;
                turned.push(Turned::new(&db, Way::Public, Some(login.clone())));
                Some(db)
            }
            (Some(login), Some(pooler)) => Some(pooler::connect_as_public(pooler, login, &switch).await?),
        };
        let primary = Primary::new(servers.clone(), turned, switch);
        let addresses = replicas.map(Servers::addresses).unwrap_or_default();
        let replica = |(n, address): (usize, &String)| {
            Replica::new(format!("the {}. server of DATABASE_READ_URLS", n + 1), address, login.as_ref()).map(Arc::new)
        };
        let replicas = addresses.iter().enumerate().map(replica).collect::<Result<_>>()?;
        let (turn, known) = (AtomicUsize::new(0), Mutex::default());
        Ok((db, Self(Some(Arc::new(Inner { primary, direct, public, replicas, turn, known })))))
    }

    /// Where the database is listened to whose statements go to `db`, and what tells when that is another server.
    pub(crate) fn direct(&self, db: &DatabaseConnection) -> (DatabaseConnection, Switch) {
        let inner = self.0.as_ref();
        inner.map_or_else(|| (db.clone(), Switch::default()), |inner| (inner.direct.clone(), inner.primary.switch()))
    }

    /// Where those read from the primary who have not signed in, if as another role.
    pub fn public(&self) -> Option<DatabaseConnection> {
        self.0.as_ref().and_then(|inner| inner.public.clone())
    }

    /// Looks after the servers for as long as the service runs.
    pub async fn look_after(&self) {
        let Some(inner) = &self.0 else { return std::future::pending().await };
        let replicas = inner.replicas.iter().map(|replica| replica.watch(&inner.primary));
        tokio::join!(inner.primary.follow(), inner.primary.distrust(), join_all(replicas));
    }

    /// A replica for a read of everybody's, where one has all that this instance has heard of; any that has done all that
    /// it was sent while no server takes writes.
    pub(crate) async fn for_everybody(&self, pulse: &Pulse) -> Option<Near> {
        let inner = self.with_replicas()?;
        let near = match inner.place_in(pulse).await {
            Some(place) => inner.at(place).await,
            None => inner.settled().await,
        };
        near.map(|near| Near { is_public: true, ..near })
    }

    /// A replica for a read of somebody who may have written anything through any instance.
    pub(crate) async fn for_somebody(&self) -> Option<Near> {
        let inner = self.with_replicas()?;
        inner.at(inner.primary.place().await?).await
    }

    /// Whether a server takes writes, as far as is known; nothing where nobody looks after that.
    pub(crate) fn takes_writes(&self) -> Option<bool> {
        self.0.as_ref().map(|inner| inner.primary.seen().is_some())
    }

    /// How those stand that are read from.
    pub(crate) fn standings(&self) -> impl Iterator<Item = ReplicaStanding<'_>> {
        self.0.iter().flat_map(|inner| {
            let seen = inner.primary.seen();
            inner.replicas.iter().zip(1..).map(move |(replica, number)| ReplicaStanding {
                number,
                follows: replica.follows(),
                standing: replica.standing(),
                lag_bytes: seen.zip(replica.position()).map(|(seen, position)| seen.position.since(position)),
                db: replica.db(),
            })
        })
    }

    fn with_replicas(&self) -> Option<&Inner> {
        self.0.as_deref().filter(|inner| !inner.replicas.is_empty())
    }
}

impl Near {
    /// Where it is read.
    pub(crate) fn pool(&self) -> &Pool {
        if self.is_public { self.replica.public() } else { self.replica.db() }
    }

    /// Whether an error says that the replica cannot answer, and the primary may.
    pub(crate) fn cannot(&self, error: &DbErr) -> bool {
        if connection_lost(error) {
            self.replica.doubt();
        }
        may_pass(error)
    }
}

impl Inner {
    /// A place by which the primary had written everything that is known of in this epoch.
    async fn place_in(&self, pulse: &Pulse) -> Option<Place> {
        let epoch = pulse.epoch();
        let known = *self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, place)) = known.filter(|(of, _)| Some(*of) == epoch) {
            return Some(place);
        }
        let place = self.primary.place().await?;
        if let Some(epoch) = epoch {
            *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((epoch, place));
        }
        Some(place)
    }

    /// A replica that has come this far, or does in a moment.
    async fn at(&self, place: Place) -> Option<Near> {
        let replicas = self.in_turn();
        let near = |replica: &Arc<Replica>| Near { replica: Arc::clone(replica), is_current: true, is_public: false };
        if let Some(there) = replicas.clone().find(|replica| replica.has_reached(place)) {
            return Some(near(there));
        }
        for follows in replicas.filter(|replica| replica.follows()).take(1) {
            if follows.reaches(place).await {
                return Some(near(follows));
            }
        }
        None
    }

    /// A replica that has done all that it was sent, or does in a moment, while no server takes writes.
    async fn settled(&self) -> Option<Near> {
        let since = self.primary.away()?;
        let settling = self.in_turn().map(|replica| async move {
            replica
                .settles(since)
                .await
                .then(|| Near { replica: Arc::clone(replica), is_current: false, is_public: false })
                .ok_or(())
        });
        select_ok(settling.map(Box::pin)).await.ok().map(|(near, _)| near)
    }

    /// The replicas, each time from another one on.
    fn in_turn(&self) -> impl Iterator<Item = &Arc<Replica>> + Clone {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % self.replicas.len();
        self.replicas[turn..].iter().chain(&self.replicas[..turn])
    }
}

impl fmt::Debug for Reads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} replicas", self.0.as_ref().map_or(0, |inner| inner.replicas.len()))
    }
}
