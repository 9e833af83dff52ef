//! A gate that few pass at a time: whoever finds it full waits, as many as there is room for and as long as its patience lasts,
//! and those who wait pass in turns, one of each who asks. Nobody takes all of it, so that there is always room for somebody
//! else, and nobody fills the queue: where it is full, whoever has most in it makes room for whoever has less.

use super::payer::Payer;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// How much room there is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// For all at one time, and for one.
    pub(super) at_once: usize,
    pub(super) of_one: usize,
    /// For all who wait, and for one.
    pub(super) waiting: usize,
    pub(super) waiting_of_one: usize,
    /// How long somebody waits.
    pub(super) patience: Duration,
}

/// The gate.
#[derive(Debug)]
pub(in crate::http) struct Gate {
    room: Room,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    taken: usize,
    waiting: usize,
    by: HashMap<Payer, One>,
    /// Of whom somebody waits, the next one first.
    turns: VecDeque<Payer>,
}

/// What one who asks has taken, and what waits.
#[derive(Debug, Default)]
struct One {
    taken: usize,
    waiting: VecDeque<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    weight: usize,
    tell: oneshot::Sender<Turn>,
}

/// Somebody's turn, until it is dropped.
#[derive(Debug)]
pub(in crate::http) struct Turn {
    gate: Arc<Gate>,
    payer: Payer,
    weight: usize,
}

/// What whoever comes finds.
enum Found {
    Turn(Turn),
    Queue(oneshot::Receiver<Turn>),
    Full,
}

impl Gate {
    pub(super) fn new(room: Room) -> Arc<Self> {
        Arc::new(Self { room, state: Mutex::default() })
    }

    /// A turn that takes so much room, though not more than one may have; none where too many wait, or it does not come in time.
    pub(super) async fn turn(self: &Arc<Self>, payer: Payer, weight: usize) -> Option<Turn> {
        let told = match self.find(payer, weight.clamp(1, self.room.of_one)) {
            Found::Turn(turn) => return Some(turn),
            Found::Queue(told) => told,
            Found::Full => return None,
        };
        let place = Place { gate: self, payer };
        let turn = tokio::time::timeout(self.room.patience, told).await;
        drop(place);
        turn.ok()?.ok()
    }

    /// Whether somebody who comes now would be sent away.
    pub(super) fn is_full_for(&self, payer: Payer) -> bool {
        let state = self.state();
        let own = state.by.get(&payer).map_or(0, |one| one.waiting.len());
        own >= self.room.waiting_of_one || (state.waiting >= self.room.waiting && state.larger_than(own).is_none())
    }

    fn find(self: &Arc<Self>, payer: Payer, weight: usize) -> Found {
        let mut state = self.state();
        let own = state.by.get(&payer).map_or((0, 0), |one| (one.taken, one.waiting.len()));
        if own.1 == 0 && own.0 + weight <= self.room.of_one && state.has_room(&self.room, weight) {
            return Found::Turn(self.begin(&mut state, payer, weight));
        }
        let is_full = |state: &mut State| state.waiting >= self.room.waiting && !state.make_room(own.1);
        if own.1 >= self.room.waiting_of_one || is_full(&mut state) {
            return Found::Full;
        }
        let (tell, told) = oneshot::channel();
        state.wait(payer, Waiting { weight, tell });
        Found::Queue(told)
    }

    /// Notes somebody's turn.
    fn begin(self: &Arc<Self>, state: &mut State, payer: Payer, weight: usize) -> Turn {
        state.taken += weight;
        state.by.entry(payer).or_default().taken += weight;
        Turn { gate: Arc::clone(self), payer, weight }
    }

    /// Gives turns to those who wait, as many as there is room for.
    fn advance(self: &Arc<Self>, mut state: MutexGuard<'_, State>) {
        let mut unheard = Vec::new();
        while let Some((payer, Waiting { weight, tell })) = state.next(&self.room) {
            let turn = self.begin(&mut state, payer, weight);
            // Whoever has just gone away gives it back, once nobody holds the state.
            unheard.extend(tell.send(turn).err());
        }
        drop(state);
        drop(unheard);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // What is counted is right at every moment, also where somebody broke.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether there is room for more at once, and nobody waits who could have it.
    fn has_room(&self, room: &Room, weight: usize) -> bool {
        self.taken + weight <= room.at_once && self.turns.iter().all(|payer| !self.could_go_on(*payer, room))
    }

    /// Whether the first who waits of these is held up by others alone.
    fn could_go_on(&self, payer: Payer, room: &Room) -> bool {
        let one = self.by.get(&payer);
        one.is_some_and(|one| one.waiting.front().is_some_and(|first| one.taken + first.weight <= room.of_one))
    }

    fn wait(&mut self, payer: Payer, waiting: Waiting) {
        let one = self.by.entry(payer).or_default();
        if one.waiting.is_empty() {
            self.turns.push_back(payer);
        }
        one.waiting.push_back(waiting);
        self.waiting += 1;
    }

    /// Sends the last away of whoever has most who wait, if that is more than somebody would have who has so many.
    fn make_room(&mut self, own: usize) -> bool {
        let Some(payer) = self.larger_than(own) else { return false };
        if let Some(one) = self.by.get_mut(&payer) {
            one.waiting.pop_back();
            self.waiting -= 1;
        }
        true
    }

    /// Who has most that wait, if that is more than somebody would have who has so many.
    fn larger_than(&self, own: usize) -> Option<Payer> {
        let most =
            self.by.iter().max_by_key(|(_, one)| one.waiting.len()).map(|(payer, one)| (*payer, one.waiting.len()));
        most.filter(|(_, waiting)| *waiting > own + 1).map(|(payer, _)| payer)
    }

    /// Whose turn is next, where there is room.
    fn next(&mut self, room: &Room) -> Option<(Payer, Waiting)> {
        for _ in 0..self.turns.len() {
            let payer = self.turns.pop_front()?;
            if !self.could_go_on(payer, room) {
                // This one's own are in the way.
                self.turns.push_back(payer);
                continue;
            }
            let one = self.by.get_mut(&payer)?;
            if one.waiting.front().is_none_or(|first| self.taken + first.weight > room.at_once) {
                // It keeps its turn until there is as much room as it takes.
                self.turns.push_front(payer);
                return None;
            }
            let first = one.waiting.pop_front()?;
            self.waiting -= 1;
            if !one.waiting.is_empty() {
                self.turns.push_back(payer);
            }
            return Some((payer, first));
        }
        None
    }

    /// Forgets those who do not wait any more.
    fn sweep(&mut self, payer: Payer) {
        let Some(one) = self.by.get_mut(&payer) else { return };
        let before = one.waiting.len();
        one.waiting.retain(|waiting| !waiting.tell.is_closed());
        self.waiting -= before - one.waiting.len();
        if one.waiting.is_empty() {
            self.turns.retain(|other| *other != payer);
        }
        self.forget(payer);
    }

    /// Forgets who has nothing here.
    fn forget(&mut self, payer: Payer) {
        if self.by.get(&payer).is_some_and(|one| one.taken == 0 && one.waiting.is_empty()) {
            self.by.remove(&payer);
        }
    }
}

/// A place in the queue. Whoever leaves it, or goes away, makes room for others.
struct Place<'a> {
    gate: &'a Arc<Gate>,
    payer: Payer,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.gate.state();
        state.sweep(self.payer);
        // The one who left may have been in the way.
        self.gate.advance(state);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut state = self.gate.state();
        state.taken -= self.weight;
        if let Some(one) = state.by.get_mut(&self.payer) {
            one.taken -= self.weight;
        }
        state.forget(self.payer);
        self.gate.advance(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;
    use futures_util::future::join_all;
    use std::net::IpAddr;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const LONG: Duration = Duration::from_mins(1);

    fn gate(at_once: usize, of_one: usize, (waiting, waiting_of_one): (usize, usize)) -> Arc<Gate> {
        Gate::new(Room { at_once, of_one, waiting, waiting_of_one, patience: LONG })
    }

    fn network(number: u32) -> Payer {
        Payer::Network(Some(IpAddr::from(number.to_be_bytes())))
    }

    /// Whose turn it is at once; nobody waits for it.
    fn at_once(gate: &Arc<Gate>, payer: Payer, weight: usize) -> Option<Turn> {
        gate.turn(payer, weight).now_or_never().flatten()
    }

    fn is_empty(gate: &Gate) -> bool {
        let state = gate.state();
        state.taken == 0 && state.waiting == 0 && state.by.is_empty() && state.turns.is_empty()
    }

    #[test]
    fn there_is_always_room_for_somebody_else() {
        let gate = gate(3, 2, (0, 0));
        let first = [at_once(&gate, network(1), 1), at_once(&gate, network(1), 1)];
        assert!(first.iter().all(Option::is_some) && at_once(&gate, network(1), 1).is_none());
        let other = at_once(&gate, network(2), 1);
        assert!(other.is_some() && at_once(&gate, network(3), 1).is_none(), "it is full");
        drop((first, other));
        let heavy = at_once(&gate, network(1), 100);
        assert!(heavy.is_some(), "nobody takes more than one may have");
        assert!(at_once(&gate, network(1), 1).is_none());
        drop(heavy);
        assert!(is_empty(&gate));
    }

    #[tokio::test]
    async fn those_who_wait_pass_in_turns() {
        let gate = gate(1, 1, (100, 100));
        let first = gate.turn(network(0), 1).await;
        let passed = Mutex::new(Vec::new());
        let pass = async |number| {
            let turn = gate.turn(network(number), 1).await;
            passed.lock().unwrap_or_else(PoisonError::into_inner).push(number);
            // Others are looked at before it is over.
            tokio::task::yield_now().await;
            drop(turn);
        };
        let many = [1, 1, 1, 1, 2, 2, 3].map(pass);
        tokio::join!(join_all(many), async {
            tokio::task::yield_now().await;
            drop(first);
        });
        assert_eq!(*passed.lock().unwrap_or_else(PoisonError::into_inner), [1, 2, 3, 1, 2, 1, 1]);
        assert!(is_empty(&gate));
    }

    #[tokio::test]
    async fn a_full_queue_makes_room_for_whoever_has_less_in_it() {
        let gate = gate(1, 1, (4, 3));
        let first = gate.turn(network(0), 1).await;
        let wait = |number| {
            tokio::spawn({
                let gate = Arc::clone(&gate);
                async move { gate.turn(network(number), 1).await.is_some() }
            })
        };
        let queued = |count| {
            let gate = Arc::clone(&gate);
            async move {
                while gate.state().waiting < count {
                    tokio::task::yield_now().await;
                }
            }
        };
        let mut waiting = Vec::new();
        for count in 1..=3 {
            waiting.push(wait(1));
            queued(count).await;
        }
        assert!(gate.turn(network(1), 1).await.is_none(), "one has so many");
        waiting.push(wait(2));
        queued(4).await;
        let third = wait(3);
        assert!(!waiting.remove(2).await.unwrap_or(true), "the last of the one who has most");
        assert!(!wait(2).await.unwrap_or(true), "nobody has more than this one would have");
        drop(first);
        for waiting in waiting.into_iter().chain([third]) {
            assert!(waiting.await.unwrap_or(false));
        }
        assert!(is_empty(&gate));
    }

    #[tokio::test]
    async fn whoever_waits_too_long_or_goes_away_leaves_nothing_behind() {
        let brief =
            Room { at_once: 2, of_one: 2, waiting: 10, waiting_of_one: 10, patience: Duration::from_millis(20) };
        let gate = Gate::new(brief);
        let first = gate.turn(network(1), 1).await;
        assert!(gate.turn(network(2), 2).await.is_none(), "it did not come in time");
        let mut gone = Box::pin(gate.turn(network(2), 2));
        assert!((&mut gone).now_or_never().is_none());
        assert!(at_once(&gate, network(3), 1).is_none(), "there is room, and somebody waits for it");
        drop(gone);
        assert!(at_once(&gate, network(3), 1).is_some());
        drop(first);
        assert!(is_empty(&gate));
    }

    #[test]
    fn however_they_come_and_go_no_more_than_there_is_room_for_are_in() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build();
        let Ok(runtime) = runtime else { return };
        let (gate, inside, most) = (gate(3, 2, (50, 20)), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        runtime.block_on(async {
            let pass = |number: u32| {
                let (gate, inside, most) = (Arc::clone(&gate), Arc::clone(&inside), Arc::clone(&most));
                tokio::spawn(async move {
                    for round in 0..100 {
                        let turn = gate.turn(network(number % 5), 1 + number as usize % 2);
                        // Some do not wait for long.
                        let turn = if round % 3 == 0 { turn.now_or_never().flatten() } else { turn.await };
                        if let Some(turn) = turn {
                            most.fetch_max(
                                inside.fetch_add(turn.weight, Ordering::SeqCst) + turn.weight,
                                Ordering::SeqCst,
                            );
                            tokio::task::yield_now().await;
                            inside.fetch_sub(turn.weight, Ordering::SeqCst);
                        }
                    }
                })
            };
            join_all((0..20).map(pass)).await;
        });
        assert_eq!((most.load(Ordering::SeqCst), is_empty(&gate)), (3, true));
    }
}
