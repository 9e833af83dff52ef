//! Whoever is without a seat in a round takes one that others make free by moving on, as far as a chain of such moves ends at
//! a seat that is free. Within a round nobody is left out then who could be seated.

use super::{Problem, Seat};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A member: the team's place and the member's.
type Who = (usize, usize);

/// The seats that are given so far.
struct Seating<'a> {
    problem: &'a Problem,
    /// Of each member, by round.
    slots: BTreeMap<Who, BTreeMap<i32, usize>>,
    /// In each slot.
    seated: Vec<BTreeSet<Who>>,
}

/// Seats whoever can still be seated. Those who go alone anyway make room first, then members of pairs.
pub(super) fn mend(problem: &Problem, seats: &[Seat]) -> Vec<Seat> {
    let mut seating = Seating { problem, slots: BTreeMap::new(), seated: vec![BTreeSet::new(); problem.slots.len()] };
    for seat in seats {
        seating.sit((seat.team, seat.member), seat.slot);
    }
    for anybody in [false, true] {
        for round in problem.rounds() {
            for who in seating.lacking(round) {
                seating.seat(who, round, anybody);
            }
        }
    }
    let seats = seating
        .slots
        .iter()
        .flat_map(|(&(team, member), slots)| slots.values().map(move |&slot| Seat { team, member, slot }));
    seats.collect()
}

impl Seating<'_> {
    fn sit(&mut self, who: Who, slot: usize) {
        let round = self.problem.slots[slot].round;
        if let Some(before) = self.slots.entry(who).or_default().insert(round, slot) {
            self.seated[before].remove(&who);
        }
        self.seated[slot].insert(who);
    }

    /// Who has no seat in a round and is to have one more.
    fn lacking(&self, round: i32) -> Vec<Who> {
        let teams = self.problem.teams.iter().enumerate();
        let members = teams.flat_map(|(t, team)| (0..team.members.len()).map(move |m| (t, m)));
        let lacks = |who: &Who| {
            let own = self.slots.get(who);
            let many = own.map_or(0, BTreeMap::len);
            many < self.problem.teams[who.0].members[who.1].limit && !own.is_some_and(|own| own.contains_key(&round))
        };
        members.filter(lacks).collect()
    }

    /// Whether somebody can be in a slot, whatever the seat is that the member has in its round now.
    fn fits(&self, (team, member): Who, slot: usize) -> bool {
        let there = &self.problem.slots[slot];
        let elsewhere = self.slots.get(&(team, member)).into_iter().flatten();
        let mut others = elsewhere.filter(|(round, _)| **round != there.round);
        self.problem.teams[team].members[member].may.contains(&slot)
            && others.all(|(_, &other)| self.problem.slots[other].session != there.session)
    }

    /// Seats somebody by a shortest chain of moves.
    fn seat(&mut self, who: Who, round: i32, anybody: bool) {
        let slots: Vec<usize> = self.problem.slots_of(round).collect();
        // How each slot was reached: who would move there.
        let mut reached: BTreeMap<usize, Who> = BTreeMap::new();
        let mut waiting = VecDeque::from([who]);
        while let Some(mover) = waiting.pop_front() {
            for &slot in &slots {
                if reached.contains_key(&slot) || !self.fits(mover, slot) {
                    continue;
                }
                reached.insert(slot, mover);
                if self.is_free(slot) {
                    self.move_on(who, (slot, round), &reached);
                    return;
                }
                waiting.extend(self.seated[slot].iter().filter(|seated| anybody || self.is_alone(**seated, slot)));
            }
        }
        if anybody {
            self.clear(who, round);
        }
    }

    /// Seats somebody where a seat of the same session in another round stands in the way, and is given up for one that is free.
    fn clear(&mut self, (team, member): Who, round: i32) {
        let (who, problem) = ((team, member), self.problem);
        let may = &problem.teams[team].members[member].may;
        for slot in problem.slots_of(round).filter(|slot| may.contains(slot)) {
            let of_session = |other: usize| problem.slots[other].session == problem.slots[slot].session;
            let in_the_way = self.slots.get(&who).and_then(|own| own.iter().find(|(_, other)| of_session(**other)));
            let Some((&round, _)) = in_the_way.filter(|_| self.is_free(slot)) else { continue };
            let fits = |one: &usize| !of_session(*one) && self.is_free(*one) && self.fits(who, *one);
            if let Some(instead) = problem.slots_of(round).find(fits) {
                self.sit(who, instead);
                self.sit(who, slot);
                return;
            }
        }
    }

    fn is_free(&self, slot: usize) -> bool {
        self.problem.slots[slot].free.is_none_or(|free| self.seated[slot].len() < free)
    }

    fn is_alone(&self, (team, member): Who, slot: usize) -> bool {
        !self.seated[slot].iter().any(|&(other, companion)| other == team && companion != member)
    }

    /// Has everybody on a chain move, from its end.
    fn move_on(&mut self, who: Who, (mut slot, round): (usize, i32), reached: &BTreeMap<usize, Who>) {
        while let Some(&mover) = reached.get(&slot) {
            let before = self.slots.get(&mover).and_then(|own| own.get(&round)).copied();
            self.sit(mover, slot);
            match before {
                Some(before) if mover != who => slot = before,
                _ => return,
            }
        }
    }
}
