//! How good a plan is: what was wanted, what was reached, and what no plan can exceed.

use super::kind::Kind;
use super::model::{Model, Numbers, nearest};
use super::{Problem, Seat, kind};
use crate::error::Result;
use std::collections::BTreeSet;

/// One measure of a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// What would be if every room were large enough.
    pub wanted: usize,
    /// What the plan reaches.
    pub reached: usize,
    /// What no plan can exceed, for lack of room.
    pub at_most: usize,
}

/// The measures of a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measures {
    /// Seats of members, in all rounds.
    pub seats: Measure,
    /// Pairs that sit together, in all rounds.
    pub pairs: Measure,
    /// Different sessions that teams cover, each team up to what its pairs could.
    pub coverage: Measure,
}

impl Measure {
    /// Whether all that was wanted was reached.
    pub fn is_met(self) -> bool {
        self.reached >= self.wanted
    }

    /// Whether it is certain that no plan reaches all that was wanted.
    pub fn is_impossible(self) -> bool {
        self.at_most < self.wanted
    }
}

impl Measures {
    /// All of them.
    pub fn all(&self) -> [Measure; 3] {
        [self.seats, self.pairs, self.coverage]
    }
}

/// How many different sessions the pairs of each team could cover if every room were large enough, those included that it
/// covers already.
pub(super) fn targets(problem: &Problem, kinds: &[Kind]) -> Result<Vec<usize>> {
    let mut targets: Vec<usize> = problem.teams.iter().map(|team| team.covered.len()).collect();
    for kind in kinds {
        let one = [Kind { teams: kind.teams[..1].to_vec(), ..kind.clone() }];
        let mut model = Model::new(problem, &one, Numbers::Any, |_| 0.0);
        model.one_a_round();
        model.covering(None);
        let new = floor(model.solve()?.objective());
        for team in &kind.teams {
            targets[team.team] += new;
        }
    }
    Ok(targets)
}

/// The measures of a plan with these seats, in which so many pairs sit together.
pub(super) fn measures(
    problem: &Problem,
    kinds: &[Kind],
    targets: &[usize],
    (seats, together): (&[Seat], usize),
) -> Result<Measures> {
    let alone = kind::alone(problem);
    Ok(Measures {
        seats: Measure {
            wanted: seats_wanted(problem),
            reached: seats.len(),
            at_most: seats_at_most(problem, &alone)?,
        },
        pairs: Measure { reached: together, ..pairs(problem, kinds)? },
        coverage: Measure { reached: covered(problem, targets, seats), ..coverage(problem, &alone, targets)? },
    })
}

/// A seat for everybody in every round in which they are free.
fn seats_wanted(problem: &Problem) -> usize {
    let rounds_of = |may: &BTreeSet<usize>| may.iter().map(|&slot| problem.slots[slot].round).collect::<BTreeSet<_>>();
    let members = problem.teams.iter().flat_map(|team| &team.members);
    members.map(|member| rounds_of(&member.may).len().min(member.limit)).sum()
}

/// Members are held one by one against the seats of each round.
fn seats_at_most(problem: &Problem, alone: &[Kind]) -> Result<usize> {
    let mut model = Model::new(problem, alone, Numbers::Any, |_| 1.0);
    model.one_a_round();
    model.within_capacity();
    Ok(floor(model.solve()?.objective()))
}

fn pairs(problem: &Problem, kinds: &[Kind]) -> Result<Measure> {
    let mut model = Model::new(problem, kinds, Numbers::Any, |size| f64::from(u8::from(size > 1)));
    model.one_a_round();
    let wanted = floor(model.solve()?.objective());
    model.within_capacity();
    model.in_whole_pairs();
    Ok(Measure { wanted, reached: 0, at_most: floor(model.solve()?.objective()) })
}

/// A team that has anybody in a session covers it: so the bound holds for plans in which pairs part, too.
fn coverage(problem: &Problem, alone: &[Kind], targets: &[usize]) -> Result<Measure> {
    let standing: usize = problem.teams.iter().map(|team| team.covered.len()).sum();
    let mut model = Model::new(problem, alone, Numbers::Any, |_| 0.0);
    model.one_a_round();
    model.within_capacity();
    model.covering(Some(targets));
    let at_most = standing + floor(model.solve()?.objective());
    Ok(Measure { wanted: targets.iter().sum(), reached: 0, at_most })
}

/// What the teams cover, each up to what its pairs could.
fn covered(problem: &Problem, targets: &[usize], seats: &[Seat]) -> usize {
    let mut covered: Vec<BTreeSet<usize>> = problem.teams.iter().map(|team| team.covered.clone()).collect();
    for seat in seats {
        covered[seat.team].insert(problem.slots[seat.slot].session);
    }
    covered.iter().zip(targets).map(|(covered, target)| covered.len().min(*target)).sum()
}

/// The whole number that a bound leaves room for.
fn floor(bound: f64) -> usize {
    nearest((bound + 1e-6).floor())
}
