//! Teams that are alike, as far as seats are concerned.

use super::{Member, Pair, Problem, Team};
use std::collections::{BTreeMap, BTreeSet};

/// Teams that are alike.
#[derive(Clone, Debug)]
pub(super) struct Kind {
    /// The groups in which their members go, alike groups together.
    pub classes: Vec<Class>,
    /// The sessions that they cover already.
    pub covered: BTreeSet<usize>,
    /// The teams.
    pub teams: Vec<Grouped>,
}

/// Groups that are alike: as many who go together, to the same slots.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Class {
    /// For each slot of the problem, how many they are there: in a round in which one of two presents, the other goes
    /// alone; nobody where they cannot go.
    pub sizes: Vec<usize>,
    /// To how many slots they go at most.
    pub limit: usize,
    /// How many such groups each of the teams has.
    pub many: usize,
}

/// A team with its groups, by class.
#[derive(Clone, Debug)]
pub(super) struct Grouped {
    /// The team's place in the problem.
    pub team: usize,
    /// Its groups, by class: members by their places in the team.
    pub groups: Vec<Vec<Vec<usize>>>,
}

impl Kind {
    /// How many teams there are of it.
    pub(super) fn size(&self) -> usize {
        self.teams.len()
    }

    /// The pairs of its teams, with each round in which both are free to go to one slot together.
    pub(super) fn pairs(&self, problem: &Problem) -> impl Iterator<Item = Pair> {
        let rounds = problem.rounds();
        self.teams.iter().flat_map(move |team| {
            let mut pairs = Vec::new();
            for (class, groups) in self.classes.iter().zip(&team.groups) {
                let both = |round: i32| problem.slots_of(round).any(|slot| class.sizes[slot] > 1);
                for &round in rounds.iter().filter(|round| both(**round)) {
                    let pair = |members: &Vec<usize>| Pair { team: team.team, round, members: members.clone() };
                    pairs.extend(groups.iter().map(pair));
                }
            }
            pairs
        })
    }
}

impl Problem {
    /// The rounds in which there are slots.
    pub(super) fn rounds(&self) -> BTreeSet<i32> {
        self.slots.iter().map(|slot| slot.round).collect()
    }

    /// The sessions that there are slots of.
    pub(super) fn sessions(&self) -> BTreeSet<usize> {
        self.slots.iter().map(|slot| slot.session).collect()
    }

    /// The slots of a round.
    pub(super) fn slots_of(&self, round: i32) -> impl Iterator<Item = usize> {
        (0..self.slots.len()).filter(move |&slot| self.slots[slot].round == round)
    }
}

/// The kinds of teams whose members go in pairs; one who is left over goes alone.
pub(super) fn in_pairs(problem: &Problem) -> Vec<Kind> {
    kinds(problem, companions)
}

/// The kinds of teams whose members go each alone.
pub(super) fn alone(problem: &Problem) -> Vec<Kind> {
    kinds(problem, |team| going(team).map(|(place, _)| vec![place]).collect())
}

fn kinds(problem: &Problem, group: impl Fn(&Team) -> Vec<Vec<usize>>) -> Vec<Kind> {
    let mut kinds: BTreeMap<(Vec<Class>, BTreeSet<usize>), Vec<Grouped>> = BTreeMap::new();
    for (place, team) in problem.teams.iter().enumerate() {
        let mut alike: BTreeMap<(Vec<usize>, usize), Vec<Vec<usize>>> = BTreeMap::new();
        for members in group(team) {
            let limit = members.iter().map(|&member| team.members[member].limit).min().unwrap_or_default();
            alike.entry((sizes(problem, team, &members), limit)).or_default().push(members);
        }
        let class = |((sizes, limit), groups): (&(Vec<usize>, usize), &Vec<Vec<usize>>)| Class {
            sizes: sizes.clone(),
            limit: *limit,
            many: groups.len(),
        };
        let classes: Vec<Class> = alike.iter().map(class).collect();
        let grouped = Grouped { team: place, groups: alike.into_values().collect() };
        if !classes.is_empty() {
            kinds.entry((classes, team.covered.clone())).or_default().push(grouped);
        }
    }
    kinds.into_iter().map(|((classes, covered), teams)| Kind { classes, covered, teams }).collect()
}

/// The members who can go anywhere at all.
fn going(team: &Team) -> impl Iterator<Item = (usize, &Member)> {
    team.members.iter().enumerate().filter(|(_, member)| !member.may.is_empty() && member.limit > 0)
}

/// Members in twos: first those who can go to the same slots, in their order, then who is left over of these.
fn companions(team: &Team) -> Vec<Vec<usize>> {
    let mut alike: BTreeMap<&Member, Vec<usize>> = BTreeMap::new();
    for (place, member) in going(team) {
        alike.entry(member).or_default().push(place);
    }
    let (mut pairs, mut left) = (Vec::new(), Vec::new());
    for places in alike.into_values() {
        let twos = places.chunks_exact(2);
        left.extend(twos.remainder());
        pairs.extend(twos.map(<[usize]>::to_vec));
    }
    left.sort_unstable();
    pairs.extend(left.chunks(2).map(<[usize]>::to_vec));
    pairs
}

/// How many of a group there are in each slot that all of them can go to who are free in its round.
fn sizes(problem: &Problem, team: &Team, members: &[usize]) -> Vec<usize> {
    let may = |member: usize, slot: usize| team.members[member].may.contains(&slot);
    let size = |slot: usize| {
        let round = problem.slots[slot].round;
        let free = |member: &&usize| problem.slots_of(round).any(|other| may(**member, other));
        let there = members.iter().filter(free);
        if there.clone().all(|&member| may(member, slot)) { there.count() } else { 0 }
    };
    (0..problem.slots.len()).map(size).collect()
}
