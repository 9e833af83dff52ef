//! Who sits where: seats for the members of all teams in the rounds of a block. Pure.
//!
//! The members of a team go in pairs, and the pairs of a team to as many different sessions as they can. Seats come
//! first, then coverage, then rooms that are evenly full. It is done in three steps:
//!
//! 1. Teams that are alike (as many pairs, free in the same rounds, barred from the same sessions) are of one kind, and
//!    it is decided how many pairs of each kind go to each slot: a small program in whole numbers ([`model`]), for the
//!    solver, whose size follows from how many kinds of teams there are and hardly from how many teams.
//! 2. The visits of a kind are dealt out to its teams, and those of a team to its pairs ([`deal`]), so that each team has
//!    as many different sessions as the numbers allow. That is always possible: see there.
//! 3. Whoever is left without a seat, because seats are left over one by one, is seated without the companion, and others
//!    move on where that helps ([`mend`]).
//!
//! What could not be done, and that it could not be done better, is told by bounds that hold for every plan ([`bound`]).
//! The same problem always has the same plan: the solver is given a number of steps and not of seconds.

mod bound;
mod deal;
mod kind;
mod mend;
mod model;

pub use bound::{Measure, Measures};

use crate::error::Result;
use kind::Kind;
use std::collections::{BTreeMap, BTreeSet};

/// What is to be planned.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    /// The slots.
    pub slots: Vec<Slot>,
    /// The teams.
    pub teams: Vec<Team>,
}

/// A slot in which there are seats.
#[derive(Clone, Debug)]
pub struct Slot {
    /// The session, by a number of its own.
    pub session: usize,
    /// The round, by a number of its own.
    pub round: i32,
    /// How many seats are free; none where nothing limits them.
    pub free: Option<usize>,
}

/// A team whose members are to be seated.
#[derive(Clone, Debug, Default)]
pub struct Team {
    /// Its members, companions behind one another.
    pub members: Vec<Member>,
    /// The sessions in which members of it have seats already.
    pub covered: BTreeSet<usize>,
}

/// Somebody to be seated.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    /// The slots that are open to this one, by their places in the problem: none of a round in which the member presents or
    /// has a seat, none of a session that the member has been to.
    pub may: BTreeSet<usize>,
    /// How many seats the member is to have at most.
    pub limit: usize,
}

/// A seat: a team, a member of it and a slot, by their places in the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seat {
    /// The team.
    pub team: usize,
    /// The member.
    pub member: usize,
    /// The slot.
    pub slot: usize,
}

/// A plan.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The seats, by team and member.
    pub seats: Vec<Seat>,
    /// Pairs that part.
    pub parted: Vec<Pair>,
    /// For each team, how many different sessions its pairs could cover if every room were large enough.
    pub targets: Vec<usize>,
    /// What was wanted, what was reached, and what no plan can exceed.
    pub measures: Measures,
}

/// Two members of a team who are companions, in a round in which both are free.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// The team.
    pub team: usize,
    /// The round.
    pub round: i32,
    /// The companions.
    pub members: Vec<usize>,
}

/// Plans seats for everybody.
pub fn plan(problem: &Problem) -> Result<Plan> {
    let kinds = kind::in_pairs(problem);
    let targets = bound::targets(problem, &kinds)?;
    let mut seats = seated(problem, &kinds)?;
    let rest = without(problem, &seats);
    seats.extend(seated(&rest, &kind::alone(&rest))?);
    let seats = mend::mend(problem, &seats);
    let pairs: Vec<Pair> = kinds.iter().flat_map(|kind| kind.pairs(problem)).collect();
    let (together, parted) = together(problem, pairs, &seats);
    let measures = bound::measures(problem, &kinds, &targets, (&seats, together))?;
    Ok(Plan { seats, parted, targets, measures })
}

/// Seats whoever can be seated in the groups that the kinds have.
fn seated(problem: &Problem, kinds: &[Kind]) -> Result<Vec<Seat>> {
    let counts = model::counts(problem, kinds)?;
    let mut seats = Vec::new();
    for (kind, counts) in kinds.iter().zip(&counts) {
        deal::out(problem, kind, counts, &mut seats)?;
    }
    Ok(seats)
}

/// What is left to plan once these seats are taken.
fn without(problem: &Problem, seats: &[Seat]) -> Problem {
    let mut rest = problem.clone();
    for seat in seats {
        let slot = &problem.slots[seat.slot];
        if let Some(free) = &mut rest.slots[seat.slot].free {
            *free = free.saturating_sub(1);
        }
        let team = &mut rest.teams[seat.team];
        team.covered.insert(slot.session);
        let member = &mut team.members[seat.member];
        member.limit = member.limit.saturating_sub(1);
        member.may.retain(|&other| {
            let other = &problem.slots[other];
            other.round != slot.round && other.session != slot.session
        });
    }
    rest
}

/// How many of the pairs sit together, and those that part: whom all seats that they are to have keep from a round are
/// not among them.
fn together(problem: &Problem, pairs: Vec<Pair>, seats: &[Seat]) -> (usize, Vec<Pair>) {
    let mut slots: BTreeMap<(usize, usize), BTreeMap<i32, usize>> = BTreeMap::new();
    for seat in seats {
        slots.entry((seat.team, seat.member)).or_default().insert(problem.slots[seat.slot].round, seat.slot);
    }
    let (mut together, mut parted) = (0, Vec::new());
    for pair in pairs {
        let own = |member: &usize| slots.get(&(pair.team, *member));
        let there: Vec<_> = pair.members.iter().map(|member| own(member)?.get(&pair.round)).collect();
        let has_all =
            |member: &usize| own(member).map_or(0, BTreeMap::len) >= problem.teams[pair.team].members[*member].limit;
        if there.iter().all(|slot| slot.is_some() && *slot == there[0]) {
            together += 1;
        } else if there.iter().any(Option::is_some) || !pair.members.iter().all(has_all) {
            parted.push(pair);
        }
    }
    parted.sort_unstable();
    (together, parted)
}
