//! What a plan could not do, and why.

use super::scene::Scene;
use crate::seating::plan::{Pair, Plan, Problem};
use entity::ids::{TeamId, TeamMemberId};
use std::collections::{BTreeMap, BTreeSet};

/// Something that a plan could not do.
#[derive(Clone, Debug)]
pub(in crate::seating) struct Unmet {
    /// What.
    pub(in crate::seating) reason: Reason,
    /// Of which team.
    pub(in crate::seating) team: TeamId,
    /// Of which of its members.
    pub(in crate::seating) members: Vec<TeamMemberId>,
    /// In which round.
    pub(in crate::seating) round: Option<i32>,
    /// Why, in words.
    pub(in crate::seating) message: String,
}

/// Kinds of what a plan could not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::seating) enum Reason {
    /// A member has no seat.
    NoSeat,
    /// Two companions do not sit together.
    Parted,
    /// A team covers fewer sessions than its pairs could.
    LessCovered,
}

/// What a plan could not do: first who has no seat, then who sits apart, then which teams cover less.
pub(super) fn unmet(scene: &Scene, plan: &Plan) -> Vec<Unmet> {
    let mut unmet = without_seat(scene, plan);
    let unseated: BTreeSet<TeamMemberId> = unmet.iter().flat_map(|unmet| unmet.members.clone()).collect();
    unmet.extend(parted(scene, plan, &unseated));
    unmet.extend(less_covered(scene, plan));
    unmet
}

fn without_seat(scene: &Scene, plan: &Plan) -> Vec<Unmet> {
    let problem = &scene.problem;
    let mut seated: BTreeMap<(usize, usize), BTreeSet<i32>> = BTreeMap::new();
    for seat in &plan.seats {
        seated.entry((seat.team, seat.member)).or_default().insert(problem.slots[seat.slot].round);
    }
    let mut unmet = Vec::new();
    for (t, team) in problem.teams.iter().enumerate() {
        for (m, member) in team.members.iter().enumerate() {
            let has = seated.get(&(t, m)).cloned().unwrap_or_default();
            let due = member.limit.saturating_sub(has.len());
            let free: BTreeSet<i32> = member.may.iter().map(|&slot| problem.slots[slot].round).collect();
            for &round in free.difference(&has).take(due) {
                unmet.push(Unmet {
                    reason: Reason::NoSeat,
                    team: scene.teams[t].0,
                    members: vec![scene.teams[t].1[m]],
                    round: Some(round),
                    message: why_no_seat(problem, round),
                });
            }
        }
    }
    unmet
}

/// Whether there are too few seats for all, or only too few for this one.
fn why_no_seat(problem: &Problem, round: i32) -> String {
    let slots = || problem.slots.iter().filter(|slot| slot.round == round);
    let seats: Option<usize> = slots().map(|slot| slot.free).sum();
    let in_round = |slot: &usize| problem.slots[*slot].round == round;
    let members = problem.teams.iter().flat_map(|team| &team.members);
    let wanted = members.filter(|member| member.limit > 0 && member.may.iter().any(in_round)).count();
    match seats {
        Some(seats) if seats < wanted => {
            format!("Round {round} has {seats} free seats for {wanted} members. Larger rooms would be needed.")
        }
        _ => format!("In round {round} no seat is left in a session that this member can go to."),
    }
}

/// Those who both have a seat, and not together.
fn parted(scene: &Scene, plan: &Plan, unseated: &BTreeSet<TeamMemberId>) -> Vec<Unmet> {
    let told = |pair: &&Pair| !pair.members.iter().any(|&m| unseated.contains(&scene.teams[pair.team].1[m]));
    let tell = |pair: &Pair| Unmet {
        reason: Reason::Parted,
        team: scene.teams[pair.team].0,
        members: pair.members.iter().map(|&member| scene.teams[pair.team].1[member]).collect(),
        round: Some(pair.round),
        message: format!("In round {} no two seats were left for them in one session. They go each alone.", pair.round),
    };
    plan.parted.iter().filter(told).map(tell).collect()
}

fn less_covered(scene: &Scene, plan: &Plan) -> Vec<Unmet> {
    let covered = covered(&scene.problem, plan);
    let teams = scene.teams.iter().zip(&covered).zip(&plan.targets);
    let fewer = teams.filter(|((_, covered), target)| covered < target);
    let tell = |(((team, _), covered), target): ((&(TeamId, Vec<TeamMemberId>), &usize), &usize)| Unmet {
        reason: Reason::LessCovered,
        team: *team,
        members: Vec::new(),
        round: None,
        message: format!("The team covers {covered} different sessions. With larger rooms it could cover {target}."),
    };
    fewer.map(tell).collect()
}

/// How many different sessions each team covers, those included in which it has seats already.
pub(super) fn covered(problem: &Problem, plan: &Plan) -> Vec<usize> {
    let mut covered: Vec<BTreeSet<usize>> = problem.teams.iter().map(|team| team.covered.clone()).collect();
    for seat in &plan.seats {
        covered[seat.team].insert(problem.slots[seat.slot].session);
    }
    covered.iter().map(BTreeSet::len).collect()
}
