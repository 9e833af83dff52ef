//! How many groups of each kind go to each slot: the program in whole numbers.

use super::Problem;
use super::kind::Kind;
use crate::error::{Error, Result};
use microlp::ComparisonOp::Le;
use microlp::{LinearExpr, OptimizationDirection, Problem as Program, Solution, SolveOptions, Variable};
use std::collections::BTreeMap;

/// Steps of the solver at most. Whole numbers come out of nearly all problems in a few; what is found until then is valid,
/// and the bounds say how good it is.
const STEPS: u64 = 500;

/// How many groups of a kind go to each slot, by class: `counts[class][slot]`.
pub(super) type Counts = Vec<Vec<usize>>;

/// The program with its variables.
pub(super) struct Model<'a> {
    problem: &'a Problem,
    kinds: &'a [Kind],
    pub(super) program: Program,
    /// By kind, class and slot, where the class can go there at all.
    visits: BTreeMap<(usize, usize, usize), Variable>,
}

/// What a variable of the program may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// Whole numbers only.
    Whole,
    /// Fractions too: what comes out bounds what is possible.
    Any,
}

impl<'a> Model<'a> {
    /// The visits that are possible; each is worth what `worth` says of a group of a size.
    pub(super) fn new(problem: &'a Problem, kinds: &'a [Kind], numbers: Numbers, worth: impl Fn(usize) -> f64) -> Self {
        let mut program = Program::new(OptimizationDirection::Maximize);
        let mut visits = BTreeMap::new();
        for (k, kind) in kinds.iter().enumerate() {
            for (c, class) in kind.classes.iter().enumerate() {
                let all = kind.size() * class.many;
                for (slot, &size) in class.sizes.iter().enumerate().filter(|(_, size)| **size > 0) {
                    let variable = match numbers {
                        Numbers::Whole => program.add_integer_var(worth(size), (0, whole(all))),
                        Numbers::Any => program.add_var(worth(size), (0.0, real(all))),
                    };
                    visits.insert((k, c, slot), variable);
                }
            }
        }
        Self { problem, kinds, program, visits }
    }

    /// Visits, each as often as it counts.
    fn sum(&self, count: impl Fn(usize, usize, usize) -> f64) -> LinearExpr {
        summed(self.visits.iter(), count)
    }

    /// The visits of one class, to those slots that a condition holds for.
    fn sum_of(&self, (kind, class): (usize, usize), counts: impl Fn(usize) -> bool) -> LinearExpr {
        let own = self.visits.range((kind, class, 0)..=(kind, class, usize::MAX));
        summed(own, |_, _, slot| f64::from(counts(slot)))
    }

    fn size(&self, kind: usize, class: usize, slot: usize) -> f64 {
        real(self.kinds[kind].classes[class].sizes[slot])
    }

    /// The classes by kind, each with how many groups there are of it in all.
    fn classes(&self) -> Vec<(usize, usize, usize)> {
        let of = |(k, kind): (usize, &Kind)| {
            let many: Vec<usize> = kind.classes.iter().map(|class| kind.size() * class.many).collect();
            many.into_iter().enumerate().map(move |(c, many)| (k, c, many)).collect::<Vec<_>>()
        };
        self.kinds.iter().enumerate().flat_map(of).collect()
    }

    /// Each group goes to one slot of a round, and to no more slots than it may.
    pub(super) fn one_a_round(&mut self) {
        let rounds = self.problem.rounds();
        for (k, c, many) in self.classes() {
            for &round in &rounds {
                let sum = self.sum_of((k, c), |slot| self.problem.slots[slot].round == round);
                self.program.add_constraint(sum, Le, real(many));
            }
            let limit = self.kinds[k].classes[c].limit;
            if limit < rounds.len() {
                let sum = self.sum_of((k, c), |_| true);
                self.program.add_constraint(sum, Le, real(many * limit));
            }
        }
    }

    /// Each group goes to a session once.
    fn once_a_session(&mut self) {
        for (k, c, many) in self.classes() {
            for session in self.problem.sessions() {
                let sum = self.sum_of((k, c), |slot| self.problem.slots[slot].session == session);
                self.program.add_constraint(sum, Le, real(many));
            }
        }
    }

    /// A slot takes no more than it has seats.
    pub(super) fn within_capacity(&mut self) {
        for (place, slot) in self.problem.slots.iter().enumerate() {
            if let Some(free) = slot.free {
                let sum = self.sum(|kind, class, slot| if slot == place { self.size(kind, class, slot) } else { 0.0 });
                self.program.add_constraint(sum, Le, real(free));
            }
        }
    }

    /// No more pairs than whole pairs of seats: it follows for whole numbers, and keeps fractions from halving a pair.
    pub(super) fn in_whole_pairs(&mut self) {
        for (place, slot) in self.problem.slots.iter().enumerate() {
            if let Some(free) = slot.free {
                let pair = |kind, class, slot| slot == place && self.size(kind, class, slot) > 1.0;
                let sum = self.sum(|kind, class, slot| f64::from(pair(kind, class, slot)));
                self.program.add_constraint(sum, Le, real(free / 2));
            }
        }
    }

    /// Counts how many teams of a kind cover a session that they did not: each such counts one. Where
    /// `targets` are given, no team counts for more than its own.
    pub(super) fn covering(&mut self, targets: Option<&[usize]>) {
        for (k, kind) in self.kinds.iter().enumerate() {
            let mut all = LinearExpr::empty();
            for session in self.problem.sessions().into_iter().filter(|session| !kind.covered.contains(session)) {
                let covering = self.program.add_var(1.0, (0.0, real(kind.size())));
                let there = |slot: usize| self.problem.slots[slot].session == session;
                let own = self.visits.range((k, 0, 0)..=(k, usize::MAX, usize::MAX));
                let mut lacking = summed(own, |_, _, slot| -f64::from(there(slot)));
                lacking.add(covering, 1.0);
                self.program.add_constraint(lacking, Le, 0.0);
                all.add(covering, 1.0);
            }
            if let Some(targets) = targets {
                let most: usize = kind.teams.iter().map(|team| targets[team.team]).sum();
                let new = most.saturating_sub(kind.size() * kind.covered.len());
                self.program.add_constraint(all, Le, real(new));
            }
        }
    }

    /// Counts it as a loss, smaller than any other, where a slot takes more than its even share of a round.
    fn evenly(&mut self, seats: usize) {
        let loss = -0.5 / real(seats.max(1));
        for round in self.problem.rounds() {
            let slots: Vec<usize> = self.problem.slots_of(round).collect();
            let wanted: usize = self.kinds.iter().map(|kind| wanted(self.problem, kind, round)).sum();
            let share = wanted.div_ceil(slots.len()).next_multiple_of(2);
            for place in slots {
                let excess = self.program.add_var(loss, (0.0, f64::INFINITY));
                let mut sum =
                    self.sum(|kind, class, slot| if slot == place { self.size(kind, class, slot) } else { 0.0 });
                sum.add(excess, -1.0);
                self.program.add_constraint(sum, Le, real(share));
            }
        }
    }

    /// The best that there is, as far as it is found in so many steps.
    pub(super) fn solve(&self) -> Result<Solution> {
        let mut options = SolveOptions::default();
        options.node_limit = Some(STEPS);
        // To seat nobody is always possible: so there is always an answer.
        options.warm_start = Some(self.visits.values().map(|&variable| (variable, 0.0)).collect());
        let outcome =
            self.program.solve_with(options).map_err(|error| Error::internal(format!("planning: {error}")))?;
        outcome.into_solution().map_err(|_| Error::internal("planning: the solver found nothing"))
    }
}

/// Decides how many groups of each kind go to each slot: as many as can, to as many sessions as they can, evenly.
pub(super) fn counts(problem: &Problem, kinds: &[Kind]) -> Result<Vec<Counts>> {
    let (teams, sessions) = (problem.teams.len(), problem.sessions().len());
    // One seat more is worth more than all that can be covered.
    let seat = real(teams * sessions + 1);
    let mut model = Model::new(problem, kinds, Numbers::Whole, |size| real(size) * seat);
    model.one_a_round();
    model.once_a_session();
    model.within_capacity();
    model.in_whole_pairs();
    model.covering(None);
    let rounds = problem.rounds();
    model
        .evenly(rounds.iter().map(|&round| kinds.iter().map(|kind| wanted(problem, kind, round)).sum::<usize>()).sum());
    let solution = model.solve()?;
    let mut counts: Vec<Counts> =
        kinds.iter().map(|kind| vec![vec![0; problem.slots.len()]; kind.classes.len()]).collect();
    for (&(kind, class, slot), &variable) in &model.visits {
        counts[kind][class][slot] = nearest(solution.var_value(variable));
    }
    Ok(counts)
}

/// Visits, each as often as it counts.
fn summed<'v>(
    visits: impl Iterator<Item = (&'v (usize, usize, usize), &'v Variable)>,
    count: impl Fn(usize, usize, usize) -> f64,
) -> LinearExpr {
    let mut sum = LinearExpr::empty();
    for (&(kind, class, slot), &variable) in visits {
        let count = count(kind, class, slot);
        if count != 0.0 {
            sum.add(variable, count);
        }
    }
    sum
}

/// How many members of a kind's teams can go somewhere in a round.
pub(super) fn wanted(problem: &Problem, kind: &Kind, round: i32) -> usize {
    let there = |sizes: &[usize]| problem.slots_of(round).map(|slot| sizes[slot]).max().unwrap_or_default();
    kind.size() * kind.classes.iter().map(|class| class.many * there(&class.sizes)).sum::<usize>()
}

/// A count as the solver takes it. Counts here are far below what a float tells apart.
pub(super) fn real(count: usize) -> f64 {
    f64::from(whole(count))
}

fn whole(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// The whole number that the solver means by a value.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts are small and not negative: they are between bounds"
)]
pub(super) fn nearest(value: f64) -> usize {
    value.round().max(0.0) as usize
}
