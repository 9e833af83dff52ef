//! Deals visits out: those of a kind to its teams, those of a team to its groups.
//!
//! Whole numbers of visits can always be dealt out so that of every slot, every round, every session and every class of
//! groups each gets as many as the others or one more: the sets in question are nested on either side (the slots of a class
//! and round within its class; the slots of a class and session within the session), which makes taking one share out a flow
//! in a network, and an even fraction of everything is one. So a team has a session twice only where there are more visits
//! to it than teams, and nobody is in two places in a round.

use super::kind::Kind;
use super::model::{Counts, nearest, real};
use super::{Problem, Seat};
use crate::error::{Error, Result};
use microlp::ComparisonOp::{Ge, Le};
use microlp::{LinearExpr, OptimizationDirection, Problem as Program};
use std::collections::BTreeMap;

/// Seats the members of a kind's teams as the counts say.
pub(super) fn out(problem: &Problem, kind: &Kind, counts: &Counts, seats: &mut Vec<Seat>) -> Result<()> {
    let visits: Vec<(usize, usize)> =
        (0..kind.classes.len()).flat_map(|class| (0..problem.slots.len()).map(move |slot| (class, slot))).collect();
    let many: Vec<usize> = visits.iter().map(|&(class, slot)| counts[class][slot]).collect();
    let (round, session) = (|slot: usize| problem.slots[slot].round, |slot: usize| problem.slots[slot].session);
    let sets = [
        sets_by(&visits, |(class, slot)| (class, round(slot))),
        sets_by(&visits, |(class, _)| class),
        sets_by(&visits, |(class, slot)| (class, session(slot))),
        sets_by(&visits, |(_, slot)| session(slot)),
    ];
    let sets = sets.concat();
    for (team, share) in kind.teams.iter().zip(shares(&many, &sets, kind.size())?) {
        for (class, groups) in team.groups.iter().enumerate() {
            let own: Vec<(usize, usize)> = visits
                .iter()
                .zip(&share)
                .filter(|((of, _), many)| *of == class && **many > 0)
                .map(|(&(_, slot), &many)| (slot, many))
                .collect();
            to_groups(problem, team.team, groups, &own, seats)?;
        }
    }
    Ok(())
}

/// Seats the groups of one class of a team in these slots, each as often as it says.
fn to_groups(
    problem: &Problem,
    team: usize,
    groups: &[Vec<usize>],
    own: &[(usize, usize)],
    seats: &mut Vec<Seat>,
) -> Result<()> {
    let many: Vec<usize> = own.iter().map(|(_, many)| *many).collect();
    let sets = [
        sets_by(own, |(slot, _)| problem.slots[slot].round.to_string()),
        sets_by(own, |(slot, _)| problem.slots[slot].session.to_string()),
        sets_by(own, |_| String::new()),
    ];
    for (members, share) in groups.iter().zip(shares(&many, &sets.concat(), groups.len())?) {
        for (&(slot, _), _) in own.iter().zip(&share).filter(|(_, many)| **many > 0) {
            let may = |member: &&usize| problem.teams[team].members[**member].may.contains(&slot);
            seats.extend(members.iter().filter(may).map(|&member| Seat { team, member, slot }));
        }
    }
    Ok(())
}

/// The places of those items together that have the same key.
fn sets_by<T: Copy, K: Ord>(items: &[T], key: impl Fn(T) -> K) -> Vec<Vec<usize>> {
    let mut sets: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (place, &item) in items.iter().enumerate() {
        sets.entry(key(item)).or_default().push(place);
    }
    sets.into_values().collect()
}

/// As many shares of some counts as are wanted: of each count and of each set of counts, no share has two more than another.
fn shares(counts: &[usize], sets: &[Vec<usize>], wanted: usize) -> Result<Vec<Vec<usize>>> {
    let mut left = counts.to_vec();
    let mut shares = Vec::with_capacity(wanted);
    for takers in (1..=wanted).rev() {
        let share = if takers == 1 { left.clone() } else { one_share(&left, sets, takers)? };
        for (left, taken) in left.iter_mut().zip(&share) {
            *left = left.saturating_sub(*taken);
        }
        shares.push(share);
    }
    Ok(shares)
}

/// What the first of so many takes.
fn one_share(left: &[usize], sets: &[Vec<usize>], takers: usize) -> Result<Vec<usize>> {
    let mut program = Program::new(OptimizationDirection::Maximize);
    let bounds = |sum: usize| (real(sum / takers), real(sum.div_ceil(takers)));
    let mut variables = Vec::with_capacity(left.len());
    for (place, &count) in left.iter().enumerate() {
        let whole = |bound: usize| i32::try_from(bound).unwrap_or(i32::MAX);
        // Each share leans elsewhere, so that teams meet others in every session, and those without a seat have not all
        // been to the session that has one.
        let leaning = real((takers * 5 + place * 7) % 11);
        variables.push(program.add_integer_var(leaning, (whole(count / takers), whole(count.div_ceil(takers)))));
    }
    for set in sets {
        let (least, most) = bounds(set.iter().map(|&place| left[place]).sum());
        let mut sum = LinearExpr::empty();
        for &place in set.iter().filter(|place| left[**place] > 0) {
            sum.add(variables[place], 1.0);
        }
        program.add_constraint(sum.clone(), Ge, least);
        program.add_constraint(sum, Le, most);
    }
    let solution = program.solve().map_err(|error| Error::internal(format!("dealing out: {error}")))?;
    let solution = solution.into_solution().map_err(|_| Error::internal("dealing out: nothing was found"))?;
    Ok(variables.into_iter().map(|variable| nearest(solution.var_value(variable))).collect())
}
