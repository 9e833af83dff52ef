//! Seats for all teams of a block at once: what a plan must never do, how good it is, and that it says so.

use lmi::seating::plan::{Member, Plan, Problem, Seat, Slot, Team, plan};
use proptest::prelude::*;
use proptest::test_runner::Config;
use std::collections::{BTreeMap, BTreeSet};

/// Teams of so many members each, sessions that are all offered in all rounds, and so many seats in a room.
fn block(teams: usize, members: usize, (sessions, rounds): (usize, i32), seats: Option<usize>) -> Problem {
    let slots: Vec<Slot> =
        (1..=rounds).flat_map(|round| (0..sessions).map(move |session| Slot { session, round, free: seats })).collect();
    let limit = usize::try_from(rounds).expect("a few rounds");
    let member = Member { may: (0..slots.len()).collect(), limit };
    let team = Team { members: vec![member; members], covered: BTreeSet::new() };
    Problem { slots, teams: vec![team; teams] }
}

/// Keeps a member free in the rounds in which a session takes place, in which the member presents.
fn presents(problem: &mut Problem, team: usize, member: usize, session: usize) {
    let rounds: BTreeSet<i32> =
        problem.slots.iter().filter(|slot| slot.session == session).map(|slot| slot.round).collect();
    let slots = problem.slots.clone();
    problem.teams[team].members[member].may.retain(|&slot| !rounds.contains(&slots[slot].round));
}

fn planned(problem: &Problem) -> Plan {
    let plan = plan(problem).expect("a plan");
    sound(problem, &plan);
    plan
}

/// Whatever the plan is: nobody is in two places, or where they cannot be, and no slot is too full; and what it says of itself
/// is so.
fn sound(problem: &Problem, plan: &Plan) {
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    let mut own: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for &Seat { team, member, slot } in &plan.seats {
        assert!(problem.teams[team].members[member].may.contains(&slot), "{team} {member} is sent to {slot}");
        *taken.entry(slot).or_default() += 1;
        own.entry((team, member)).or_default().push(slot);
    }
    for (slot, taken) in taken {
        assert!(problem.slots[slot].free.is_none_or(|free| taken <= free), "{taken} in {slot}");
    }
    for ((team, member), slots) in own {
        assert!(slots.len() <= problem.teams[team].members[member].limit);
        let rounds: BTreeSet<_> = slots.iter().map(|&slot| problem.slots[slot].round).collect();
        let sessions: BTreeSet<_> = slots.iter().map(|&slot| problem.slots[slot].session).collect();
        assert_eq!((rounds.len(), sessions.len()), (slots.len(), slots.len()), "{team} {member}: {slots:?}");
    }
    let covered: usize =
        covered(problem, plan).iter().zip(&plan.targets).map(|(covered, target)| covered.min(target)).sum();
    assert_eq!((plan.measures.seats.reached, plan.measures.coverage.reached), (plan.seats.len(), covered));
    for measure in plan.measures.all() {
        assert!(measure.reached <= measure.at_most && measure.at_most <= measure.wanted, "{measure:?}");
    }
}

/// How many different sessions each team covers.
fn covered(problem: &Problem, plan: &Plan) -> Vec<usize> {
    let mut covered: Vec<BTreeSet<usize>> = problem.teams.iter().map(|team| team.covered.clone()).collect();
    for seat in &plan.seats {
        covered[seat.team].insert(problem.slots[seat.slot].session);
    }
    covered.iter().map(BTreeSet::len).collect()
}

/// Whether the members of each team go two and two in each round.
fn two_and_two(problem: &Problem, plan: &Plan, team: usize) -> bool {
    let mut groups: BTreeMap<usize, usize> = BTreeMap::new();
    for seat in plan.seats.iter().filter(|seat| seat.team == team) {
        *groups.entry(seat.slot).or_default() += 1;
    }
    let rounds: BTreeSet<i32> = groups.keys().map(|&slot| problem.slots[slot].round).collect();
    groups.len() == 2 * rounds.len() && groups.values().all(|&group| group == 2)
}

#[test]
fn with_32_seats_a_room_47_teams_of_four_each_cover_four_of_six_breakouts() {
    let problem = block(47, 4, (6, 2), Some(32));
    let plan = planned(&problem);
    assert!(plan.measures.all().iter().all(|measure| measure.is_met() && !measure.is_impossible()));
    assert_eq!(covered(&problem, &plan), vec![4; 47]);
    assert!((0..47).all(|team| two_and_two(&problem, &plan, team)));
    assert_eq!(plan.parted, []);
}

#[test]
fn with_31_seats_a_room_it_is_impossible_and_everything_that_is_possible_is_done() {
    let problem = block(47, 4, (6, 2), Some(31));
    let plan = planned(&problem);
    let seats = plan.measures.seats;
    // Two rounds of six rooms: 372 seats for 376.
    assert_eq!((seats.wanted, seats.reached, seats.at_most), (376, 372, 372));
    assert!(seats.is_impossible() && !seats.is_met());
    // Fifteen pairs in a room, and a seat left over.
    let pairs = plan.measures.pairs;
    assert_eq!((pairs.wanted, pairs.at_most), (188, 180));
    assert!(pairs.is_impossible() && pairs.reached >= 176, "{pairs:?}");
    assert_eq!(plan.parted.len(), 188 - pairs.reached);
    let whole = covered(&problem, &plan).into_iter().filter(|covered| *covered >= 4).count();
    assert!(whole >= 43, "{whole} teams cover four");
}

#[test]
fn every_team_that_has_no_presenter_covers_four() {
    let mut problem = block(47, 4, (6, 2), Some(32));
    // Six teams present as a whole, each in both rounds; six more have one who does.
    for session in 0..6 {
        for member in 0..4 {
            presents(&mut problem, session, member, session);
        }
        presents(&mut problem, 6 + session, session % 4, session);
    }
    let plan = planned(&problem);
    assert!(plan.measures.all().iter().all(|measure| measure.is_met()));
    let covered = covered(&problem, &plan);
    assert_eq!(covered[..6], [0; 6]);
    assert!(covered[6..].iter().all(|&covered| covered == 4), "{covered:?}");
    assert!((12..47).all(|team| two_and_two(&problem, &plan, team)));
}

#[test]
fn rooms_without_a_limit_are_filled_evenly() {
    let problem = block(47, 4, (6, 2), None);
    let plan = planned(&problem);
    let mut taken: BTreeMap<usize, usize> = (0..12).map(|slot| (slot, 0)).collect();
    for seat in &plan.seats {
        *taken.entry(seat.slot).or_default() += 1;
    }
    assert!(taken.values().all(|&taken| (28..=32).contains(&taken)), "{taken:?}");
}

#[test]
fn the_same_block_always_has_the_same_plan() {
    let mut problem = block(20, 5, (5, 3), Some(21));
    presents(&mut problem, 3, 1, 2);
    assert_eq!(planned(&problem).seats, planned(&problem).seats);
}

#[test]
fn two_hundred_teams_are_seated_whatever_each_of_them_may_not_do() {
    let mut problem = block(200, 4, (6, 2), Some(140));
    for (team, member, session) in
        (0..200).flat_map(|team| (0..4).map(move |member| (team, member, (team * 7 + member * 3) % 6)))
    {
        let slots = problem.slots.clone();
        problem.teams[team].members[member].may.retain(|&slot| slots[slot].session != session);
    }
    let plan = planned(&problem);
    assert_eq!(plan.measures.seats.reached, 1600);
    assert!(plan.measures.coverage.reached * 100 >= plan.measures.coverage.at_most * 97, "{:?}", plan.measures);
}

#[test]
fn whoever_sits_where_another_round_has_room_for_the_same_session_moves_on() {
    let slot = |session, round, free| Slot { session, round, free };
    let slots = vec![slot(2, 1, Some(2)), slot(0, 2, Some(3)), slot(0, 1, None), slot(1, 1, Some(1))];
    let member = |may: &[usize]| Member { may: may.iter().copied().collect(), limit: 2 };
    let team = Team { members: vec![member(&[0, 1, 2, 3]), member(&[1, 2, 3])], covered: BTreeSet::new() };
    let problem = Problem { slots, teams: vec![team] };
    let plan = planned(&problem);
    assert_eq!((plan.measures.seats.reached, best(&problem, &plan.targets).0), (4, 4));
}

#[test]
fn teams_of_one_three_and_five_go_as_far_as_their_pairs_do() {
    let mut problem = block(3, 5, (6, 2), Some(10));
    problem.teams[0].members.truncate(1);
    problem.teams[1].members.truncate(3);
    let plan = planned(&problem);
    assert_eq!((plan.targets.clone(), covered(&problem, &plan)), (vec![2, 4, 6], vec![2, 4, 6]));
    assert_eq!(planned(&Problem::default()).seats, []);
}

/// The best that any plan reaches, by trying all of them: seats, and sessions covered up to the targets.
fn best(problem: &Problem, targets: &[usize]) -> (usize, usize) {
    let teams = problem.teams.iter().enumerate();
    let members = teams.flat_map(|(team, of)| of.members.iter().map(move |member| (team, member))).collect();
    let free = problem.slots.iter().map(|slot| slot.free.unwrap_or(usize::MAX)).collect();
    let covering = vec![BTreeMap::new(); problem.teams.len()];
    let mut search = Search { problem, targets, members, free, covering, best: (0, 0) };
    search.try_from(0, 0);
    search.best
}

/// A search through all plans.
struct Search<'a> {
    problem: &'a Problem,
    targets: &'a [usize],
    members: Vec<(usize, &'a Member)>,
    /// Seats that are free, by slot.
    free: Vec<usize>,
    /// Of each team, how many members are in which sessions.
    covering: Vec<BTreeMap<usize, usize>>,
    best: (usize, usize),
}

impl Search<'_> {
    fn try_from(&mut self, next: usize, seats: usize) {
        let Some(&(team, member)) = self.members.get(next) else {
            let covered = self.covering.iter().zip(self.targets).map(|(own, target)| own.len().min(*target)).sum();
            self.best = (self.best.0.max(seats), self.best.1.max(covered));
            return;
        };
        for choice in choices(self.problem, member) {
            if choice.iter().all(|&slot| self.free[slot] > 0) {
                for &slot in &choice {
                    self.sit(team, slot);
                }
                self.try_from(next + 1, seats + choice.len());
                for &slot in &choice {
                    self.rise(team, slot);
                }
            }
        }
    }

    fn sit(&mut self, team: usize, slot: usize) {
        self.free[slot] -= 1;
        *self.covering[team].entry(self.problem.slots[slot].session).or_default() += 1;
    }

    fn rise(&mut self, team: usize, slot: usize) {
        self.free[slot] += 1;
        let (own, session) = (&mut self.covering[team], self.problem.slots[slot].session);
        if own.get(&session) == Some(&1) {
            own.remove(&session);
        } else {
            own.entry(session).and_modify(|many| *many -= 1);
        }
    }
}

/// All that one member can do.
fn choices(problem: &Problem, member: &Member) -> Vec<Vec<usize>> {
    let mut choices = vec![Vec::new()];
    for &slot in &member.may {
        let fits = |chosen: &&Vec<usize>| {
            let other = |&one: &usize| {
                problem.slots[one].round != problem.slots[slot].round
                    && problem.slots[one].session != problem.slots[slot].session
            };
            chosen.len() < member.limit && chosen.iter().all(other)
        };
        let more: Vec<Vec<usize>> =
            choices.iter().filter(fits).map(|chosen| chosen.iter().copied().chain([slot]).collect()).collect();
        choices.extend(more);
    }
    choices
}

/// Blocks of any shape: rooms of any size or none, sessions that are not offered in every round, members who cannot go
/// everywhere, and teams of any size.
fn blocks(teams: usize, members: usize, sessions: usize, rounds: i32) -> impl Strategy<Value = Problem> {
    let slot = (0..sessions, 1..=rounds, prop_oneof![4 => (0usize..6).prop_map(Some), 1 => Just(None)]);
    let slots = prop::collection::vec(slot, 1..=sessions * usize::try_from(rounds).expect("a few"));
    slots.prop_flat_map(move |slots| {
        let mut seen = BTreeSet::new();
        let slots: Vec<Slot> = slots
            .into_iter()
            .filter(|(session, round, _)| seen.insert((*session, *round)))
            .map(|(session, round, free)| Slot { session, round, free })
            .collect();
        let count = slots.len();
        let member = (prop::collection::btree_set(0..count, 0..=count), 0..=usize::try_from(rounds).expect("a few"));
        let everywhere = Just(((0..count).collect::<BTreeSet<_>>(), usize::try_from(rounds).expect("a few")));
        let member = prop_oneof![2 => everywhere, 1 => member].prop_map(|(may, limit)| Member { may, limit });
        let team =
            prop::collection::vec(member, 0..=members).prop_map(|members| Team { members, covered: BTreeSet::new() });
        let slots = Just(slots);
        (slots, prop::collection::vec(team, 0..=teams)).prop_map(|(slots, teams)| Problem { slots, teams })
    })
}

proptest! {
    #![proptest_config(Config { cases: 300, failure_persistence: None, ..Config::default() })]

    #[test]
    fn no_plan_breaks_a_rule_whatever_the_block(problem in blocks(12, 6, 5, 3)) {
        planned(&problem);
    }

    #[test]
    fn no_plan_exceeds_its_bounds_as_trying_all_of_them_shows(problem in blocks(2, 2, 3, 2)) {
        let plan = planned(&problem);
        let (seats, coverage) = best(&problem, &plan.targets);
        let (reached, bounds) = (plan.measures.seats.reached, plan.measures);
        prop_assert!(reached <= seats && seats <= bounds.seats.at_most, "{seats} {bounds:?}");
        prop_assert!(bounds.coverage.reached <= coverage && coverage <= bounds.coverage.at_most, "{coverage} {bounds:?}");
        prop_assert!(reached + 1 >= seats, "{seats} {bounds:?}");
    }

    #[test]
    fn where_there_is_room_for_all_pairs_every_team_covers_what_it_can(
        teams in 1usize..40, members in 1usize..6, sessions in 1usize..8, rounds in 1i32..4, spare in 0usize..3,
    ) {
        // Whole pairs of seats for an even share of all pairs.
        let seats = 2 * (teams * members.div_ceil(2)).div_ceil(sessions) + spare;
        let problem = block(teams, members, (sessions, rounds), Some(seats));
        let plan = planned(&problem);
        if usize::try_from(rounds).expect("a few") <= sessions {
            for measure in plan.measures.all() {
                prop_assert!(measure.is_met(), "{:?}", plan.measures);
            }
        }
    }
}
