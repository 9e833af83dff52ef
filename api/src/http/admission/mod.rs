//! Who may ask for something now: each spends no more than a minute's points (`budget.rs`), and what asks the database, or
//! takes long by itself, waits its turn (`gate.rs`). Whoever may not is told so before anything was done.

mod budget;
mod gate;
mod payer;
mod refusal;

pub(super) use budget::MOST_PAYERS;
pub use budget::POINTS;
pub(super) use gate::{Gate, Turn};
pub(super) use payer::{Payer, levied, levied_for};
pub(super) use refusal::Refusal;

use self::budget::Budget;
use self::gate::Room;
use super::app::App;
use super::front::{self, Prepared, Sent};
use super::limits::{Limits, seconds};
use crate::auth::Viewer;
use crate::clock::Clock;
use crate::observe::trail::carried_out;
use async_graphql::ServerError;
use std::future::pending;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

/// Points that a file costs which is made anew.
pub(super) const FILE: u64 = 100;
/// Points that a spreadsheet costs.
pub(super) const SPREADSHEET: u64 = 10_000;
/// Bytes of a document that cannot be run, for each of which a point is paid.
pub(super) const FAULTY_BYTES: usize = 100;

/// Spreadsheets at one time at most, and of one who asks: each holds a connection for as long as its reader takes.
const SPREADSHEETS: (usize, usize) = (3, 2);
/// Mutations under idempotency keys at one time at most: each holds a connection while it waits for another of its key, and
/// what signs somebody in takes one more, so that half of the pool must stay for those.
const ONCE: usize = 8;
/// Requests for nothing but a feed's changes at one time at most, and of one who asks: they may wait for the feed to be made or
/// brought up to date, and nobody else is to wait for that.
const FEEDS: (usize, usize) = (6, 3);
/// Credentials that are looked up at one time at most, and of one network.
const CREDENTIALS: (usize, usize) = (3, 2);
/// Bytes of a document from which on it is read apart from what answers.
const LONG: usize = 2048;
/// Bytes of a body from which on it takes a place among the large ones.
pub(super) const LARGE: usize = 64 * 1024;
/// Large bodies at one time at most, and of one network.
const LARGE_BODIES: (usize, usize) = (32, 8);

/// The budget, and the gates.
#[derive(Debug)]
pub(super) struct Admission {
    budget: Option<Budget>,
    work: Arc<Gate>,
    feeds: Arc<Gate>,
    once: Arc<Gate>,
    spreadsheets: Arc<Gate>,
    credentials: Arc<Gate>,
    documents: Arc<Gate>,
    bodies: Arc<Gate>,
}

impl Admission {
    /// With so many points for each in a minute; 0 is without end.
    pub(super) fn new(limits: &Limits, points: u64, clock: Clock) -> Self {
        let gate = |(at_once, of_one): (usize, usize)| {
            Gate::new(Room {
                at_once,
                of_one: of_one.min(at_once),
                waiting: limits.waiting,
                waiting_of_one: limits.waiting_of_one,
                patience: seconds(limits.waiting_seconds),
            })
        };
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            budget: (points > 0).then(|| Budget::new(points, clock.stopwatch())),
            work: gate((limits.at_once, limits.at_once_of_one)),
            feeds: gate(FEEDS),
            once: gate((ONCE, ONCE)),
            spreadsheets: gate(SPREADSHEETS),
            credentials: gate(CREDENTIALS),
            documents: gate((processors, processors.div_ceil(2))),
            bodies: gate(LARGE_BODIES),
        }
    }

    /// Takes points of somebody, who has that many.
    pub(super) fn pay(&self, payer: Payer, points: u64) -> Result<(), Refusal> {
        self.budget.as_ref().map_or(Ok(()), |budget| budget.take(payer, points)).map_err(Refusal::Poor)
    }

    /// Takes what a request costs besides the point that it came for. What costs more than there is in a minute takes all of it.
    pub(super) fn pay_besides(&self, payer: Payer, points: u64) -> Result<(), Refusal> {
        if points == 0 {
            return Ok(());
        }
        self.budget.as_ref().map_or(Ok(()), |budget| budget.take_dear(payer, points)).map_err(Refusal::Poor)
    }

    /// Takes points of somebody for what was done already.
    pub(super) fn owe(&self, payer: Payer, points: u64) {
        if let Some(budget) = &self.budget {
            budget.owe(payer, points);
        }
    }

    /// A turn for a request, unless it asks the database for nothing.
    pub(super) async fn enter(&self, payer: Payer, prepared: &Prepared) -> Result<Option<Turn>, Refusal> {
        self.pay_besides(payer, prepared.cost.saturating_sub(1))?;
        let Some(gate) = self.gate(prepared) else { return Ok(None) };
        gate.turn(payer, prepared.width).await.map(Some).ok_or(Refusal::Busy)
    }

    /// Where a request has to pass.
    fn gate(&self, prepared: &Prepared) -> Option<&Arc<Gate>> {
        let asks_but_for =
            |names: &[&str]| prepared.request.root_fields().iter().any(|field| !names.contains(&field.as_str()));
        if asks_but_for(&["__typename", "changes"]) {
            Some(&self.work)
        } else {
            asks_but_for(&["__typename"]).then_some(&self.feeds)
        }
    }

    /// A turn for making a file anew.
    pub(super) async fn file(&self, payer: Payer) -> Result<Turn, Refusal> {
        self.pay_besides(payer, FILE)?;
        self.work.turn(payer, 1).await.ok_or(Refusal::Busy)
    }

    /// A turn for a mutation under an idempotency key.
    pub(super) async fn once(&self, payer: Payer) -> Result<Turn, Refusal> {
        self.once.turn(payer, 1).await.ok_or(Refusal::Busy)
    }

    /// A turn for a spreadsheet.
    pub(super) async fn spreadsheet(&self, payer: Payer) -> Result<Turn, Refusal> {
        self.pay_besides(payer, SPREADSHEET)?;
        self.spreadsheets.turn(payer, 1).await.ok_or(Refusal::Busy)
    }

    /// A turn for looking a credential up.
    pub(super) async fn credential(&self, payer: Payer) -> Result<Turn, Refusal> {
        self.credentials.turn(payer, 1).await.ok_or(Refusal::Busy)
    }

    /// A place for a large body.
    pub(super) async fn body(&self, payer: Payer) -> Result<Turn, Refusal> {
        self.bodies.turn(payer, 1).await.ok_or(Refusal::Busy)
    }
}

/// Whoever was sent away because of too much, and comes again on the same connection sooner than this, waits until then: so that
/// sending away does not become what the service does.
pub(super) const AGAIN: Duration = Duration::from_millis(500);

/// Reads what a client sent, as [`front::prepare`] does: a long document where it holds up nobody. One that cannot be run is
/// paid for by its length.
pub(super) async fn prepare(
    app: &App,
    payer: Payer,
    viewer: &Viewer,
    sent: Sent,
) -> Result<Result<Prepared, Vec<ServerError>>, Refusal> {
    let (admission, length) = (app.admission(), sent.request.query.len());
    // What would find no room is not even read, unless its answer may be in memory.
    if admission.work.is_full_for(payer) && !front::is_known(app, &sent) {
        return Err(Refusal::Busy);
    }
    let prepared = if length < LONG {
        front::prepare(app, viewer, sent)
    } else {
        let turn = admission.documents.turn(payer, 1).await.ok_or(Refusal::Busy)?;
        let (app, viewer) = (app.clone(), viewer.clone());
        let reading = tokio::task::spawn_blocking(carried_out(move || {
            let _turn = turn;
            front::prepare(&app, &viewer, sent)
        }));
        finished(reading.await).await
    };
    if prepared.is_err() {
        admission.owe(payer, (length / FAULTY_BYTES) as u64);
    }
    Ok(prepared)
}

/// What a task came to. One that broke breaks whoever waits for it.
async fn finished<T>(ended: Result<T, tokio::task::JoinError>) -> T {
    match ended {
        Ok(done) => done,
        Err(broken) if broken.is_panic() => resume_unwind(broken.into_panic()),
        // The service ends, and so does whoever waits.
        Err(_) => pending().await,
    }
}
