//! Whether places can be filled so that every bound is kept. Only the answer matters, and the answer is exact: what a
//! selection comes to does not depend on how it is searched for. Most questions are answered by trying; where that leads
//! nowhere soon, they are put to a solver as a program in whole numbers.

use microlp::ComparisonOp::{Eq, Ge, Le};
use microlp::{Error, LinearExpr, OptimizationDirection, Problem as Program, SolveOptions, Variable};

/// How often one question may be tried again before it is put to the solver.
const TURNS: usize = 100;
/// Steps of the solver at most, in all that one selection asks.
const STEPS: u64 = 20_000;

/// Candidates who are in the same groups: a bit for each.
#[derive(Clone, Debug)]
pub(super) struct Alike {
    /// Their groups.
    pub(super) groups: u64,
    /// How many there are.
    pub(super) left: usize,
}

/// Places to fill.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    /// Who there is.
    pub(super) alike: Vec<Alike>,
    /// How many must be taken of each group at least.
    pub(super) least: Vec<usize>,
    /// How many may be taken of each group.
    pub(super) most: Vec<usize>,
    /// How many are to be taken in all.
    pub(super) places: usize,
    /// The groups of each sort, as bits: nobody is in two of one sort.
    pub(super) sorts: [u64; 4],
}

/// The search was given up.
#[derive(Clone, Copy, Debug)]
pub(super) struct GivenUp;

/// What can be taken now.
struct Open {
    of_group: Vec<usize>,
    of_none: [usize; 4],
    all: usize,
}

/// The search, with the patience that is left.
#[derive(Debug)]
pub(super) struct Search {
    turns: usize,
    steps: u64,
}

impl Default for Search {
    fn default() -> Self {
        Self { turns: 0, steps: STEPS }
    }
}

impl Search {
    /// How many to take of each sort of candidates, if it can be done.
    pub(super) fn solve(&mut self, problem: &Problem) -> Result<Option<Vec<usize>>, GivenUp> {
        self.turns = TURNS;
        let mut taken = vec![0; problem.alike.len()];
        match self.fill(&mut problem.clone(), &mut taken) {
            Ok(found) => Ok(found.then_some(taken)),
            Err(GivenUp) => self.solve_as_program(problem),
        }
    }

    /// Fills the places that are left; leaves the problem as it was where that is not possible.
    fn fill(&mut self, problem: &mut Problem, taken: &mut [usize]) -> Result<bool, GivenUp> {
        let mut without = Vec::new();
        let filled = loop {
            let open = problem.open();
            if !problem.may_fit(&open) {
                break false;
            }
            let Some(next) = problem.next(&open) else { break true };
            let before = (problem.least.clone(), problem.most.clone());
            problem.take(next);
            taken[next] += 1;
            if self.fill(problem, taken)? {
                break true;
            }
            self.turns = self.turns.checked_sub(1).ok_or(GivenUp)?;
            taken[next] -= 1;
            problem.places += 1;
            problem.alike[next].left += 1;
            (problem.least, problem.most) = before;
            // Nobody like that: what is to be found has none more of them.
            without.push((next, std::mem::take(&mut problem.alike[next].left)));
        };
        for (alike, left) in without.into_iter().rev() {
            problem.alike[alike].left = left;
        }
        Ok(filled)
    }

    fn solve_as_program(&mut self, problem: &Problem) -> Result<Option<Vec<usize>>, GivenUp> {
        let (program, variables) = problem.as_program()?;
        let mut options = SolveOptions::default();
        options.node_limit = Some(self.steps);
        let solution = match program.solve_with(options) {
            Err(Error::Infeasible) => return Ok(None),
            Ok(outcome) => outcome.into_solution().map_err(|_| GivenUp)?,
            Err(_) => return Err(GivenUp),
        };
        self.steps = self.steps.checked_sub(solution.stats().nodes_solved).ok_or(GivenUp)?;
        let taken: Vec<usize> = variables.iter().map(|&variable| nearest(solution.var_value(variable))).collect();
        // What the solver found in fractions is counted in whole numbers before it is believed.
        if problem.is_solved_by(&taken) { Ok(Some(taken)) } else { Err(GivenUp) }
    }
}

/// The whole number that a value of the solver stands for.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a small number from 0, and checked")]
fn nearest(value: f64) -> usize {
    value.round().max(0.0) as usize
}

fn real(count: usize) -> Result<f64, GivenUp> {
    u32::try_from(count).map(f64::from).map_err(|_| GivenUp)
}

/// The groups in a set of bits.
pub(super) fn groups(set: u64) -> impl Iterator<Item = usize> {
    (0..64).filter(move |group| set >> group & 1 == 1)
}

impl Problem {
    /// Takes one.
    pub(super) fn take(&mut self, alike: usize) {
        self.alike[alike].left -= 1;
        self.places -= 1;
        for group in groups(self.alike[alike].groups) {
            self.least[group] = self.least[group].saturating_sub(1);
            self.most[group] -= 1;
        }
    }

    /// The problem in the solver's words, with a variable for each sort of candidates.
    fn as_program(&self) -> Result<(Program, Vec<Variable>), GivenUp> {
        let mut program = Program::new(OptimizationDirection::Maximize);
        let mut variables = Vec::with_capacity(self.alike.len());
        for alike in &self.alike {
            let left = i32::try_from(alike.left).map_err(|_| GivenUp)?;
            variables.push(program.add_integer_var(0.0, (0, left)));
        }
        let sum = |which: &dyn Fn(&Alike) -> bool| {
            let mut sum = LinearExpr::empty();
            for (alike, &variable) in self.alike.iter().zip(&variables) {
                if which(alike) {
                    sum.add(variable, 1.0);
                }
            }
            sum
        };
        program.add_constraint(sum(&|_| true), Eq, real(self.places)?);
        for group in 0..self.least.len() {
            let members = |alike: &Alike| alike.groups >> group & 1 == 1;
            program.add_constraint(sum(&members), Ge, real(self.least[group])?);
            program.add_constraint(sum(&members), Le, real(self.most[group].min(self.places))?);
        }
        Ok((program, variables))
    }

    /// Whether taking so many of each keeps every bound.
    fn is_solved_by(&self, taken: &[usize]) -> bool {
        let of = |group: usize| {
            let members = self.alike.iter().zip(taken).filter(|(alike, _)| alike.groups >> group & 1 == 1);
            members.map(|(_, taken)| *taken).sum::<usize>()
        };
        let left = self.alike.iter().zip(taken).all(|(alike, taken)| *taken <= alike.left);
        let bounds = (0..self.least.len()).all(|group| (self.least[group]..=self.most[group]).contains(&of(group)));
        left && bounds && taken.iter().sum::<usize>() == self.places
    }

    /// The groups that are full, of these.
    pub(super) fn full(&self, of: u64) -> Vec<usize> {
        groups(of).filter(|&group| self.most[group] == 0).collect()
    }

    fn is_open(&self, alike: &Alike) -> bool {
        alike.left > 0 && groups(alike.groups).all(|group| self.most[group] > 0)
    }

    fn open(&self) -> Open {
        let mut open = Open { of_group: vec![0; self.most.len()], of_none: [0; 4], all: 0 };
        for alike in self.alike.iter().filter(|alike| self.is_open(alike)) {
            open.all += alike.left;
            for group in groups(alike.groups) {
                open.of_group[group] += alike.left;
            }
            for (sort, members) in self.sorts.into_iter().enumerate() {
                if members & alike.groups == 0 {
                    open.of_none[sort] += alike.left;
                }
            }
        }
        open
    }

    /// Whether nothing speaks against it that can be seen at once.
    fn may_fit(&self, open: &Open) -> bool {
        let reachable = |group: usize| open.of_group[group].min(self.most[group]);
        let by_sort = self.sorts.into_iter().enumerate().all(|(sort, members)| {
            let needed: usize = groups(members).map(|group| self.least[group]).sum();
            let offered: usize = groups(members).map(reachable).sum();
            needed <= self.places && self.places <= offered + open.of_none[sort]
        });
        by_sort && self.places <= open.all && (0..self.least.len()).all(|group| self.least[group] <= reachable(group))
    }

    /// Who is tried next: of the group that has the least choice, whoever helps most groups; nobody where all is done.
    fn next(&self, open: &Open) -> Option<usize> {
        if self.places == 0 {
            return None;
        }
        let needy = (0..self.least.len()).filter(|&group| self.least[group] > 0);
        let tightest = needy.clone().min_by_key(|&group| open.of_group[group] - self.least[group]);
        let needy: u64 = needy.map(|group| 1 << group).sum();
        let wanted = |alike: &Alike| tightest.is_none_or(|group| alike.groups >> group & 1 == 1);
        let candidates = self.alike.iter().enumerate().filter(|(_, alike)| self.is_open(alike) && wanted(alike));
        let helped = |alike: &Alike| (alike.groups & needy).count_ones();
        let others = |alike: &Alike| (alike.groups & !needy).count_ones();
        candidates.min_by_key(|(_, alike)| (u32::MAX - helped(alike), others(alike))).map(|(place, _)| place)
    }
}
