//! Whether a team fills the seats that its convening's rule asks for: by the rule itself, for any team, and as staff
//! sees it.

use entity::ids::PersonId;
use entity::seat::Seat;
use lmi::team::{Member, Readiness, Requirement, assess};
use proptest::prelude::*;
use proptest::test_runner::Config;

const SEATS: [Seat; 5] = [
    Seat::Superintendent,
    Seat::SchoolBoardMember,
    Seat::TeachersUnionPresident,
    Seat::ClassifiedUnionPresident,
    Seat::Other,
];

/// The rule of 2015: one person in each of four seats.
fn rule_of_2015() -> Vec<Requirement> {
    SEATS[..4].iter().map(|&seat| Requirement { seat, minimum: 1, maximum: 1 }).collect()
}

fn member(seat: Seat) -> Member {
    Member { person: PersonId::new(), seat, affiliation_ended: false }
}

fn former(seat: Seat) -> Member {
    Member { affiliation_ended: true, ..member(seat) }
}

#[test]
fn one_person_in_each_of_the_four_seats_is_a_team() {
    let team: Vec<Member> = SEATS[..4].iter().map(|&seat| member(seat)).collect();
    let readiness = assess(&rule_of_2015(), &team);
    assert_eq!(readiness, Readiness::default());
    assert!(readiness.is_ready());
    assert_eq!(readiness.problems(), Vec::<String>::new());
}

#[test]
fn nobody_at_all_lacks_every_seat_in_the_order_of_the_rule() {
    let readiness = assess(&rule_of_2015(), &[]);
    assert_eq!(readiness.missing, SEATS[..4]);
    assert!(!readiness.is_ready());
    assert_eq!(readiness.problems(), Vec::<String>::new(), "what is missing is not told twice");
    assert!(assess(&[], &[]).is_ready(), "without a rule nothing is missing");
}

#[test]
fn a_second_superintendent_is_one_too_many_and_makes_up_for_nobody() {
    let team = [Seat::Superintendent, Seat::Superintendent, Seat::SchoolBoardMember, Seat::TeachersUnionPresident];
    let readiness = assess(&rule_of_2015(), &team.map(member));
    assert_eq!(readiness.missing, [Seat::ClassifiedUnionPresident]);
    assert_eq!(readiness.doubled, [Seat::Superintendent]);
    assert_eq!(readiness.problems(), ["More members than the rule allows: superintendent."]);
    assert!(!readiness.is_ready());
}

#[test]
fn whoever_is_affiliated_no_more_leaves_the_seat_empty_unless_others_fill_it() {
    let rule = [Requirement { seat: Seat::SchoolBoardMember, minimum: 1, maximum: 2 }];
    let alone = assess(&rule, &[former(Seat::SchoolBoardMember)]);
    assert_eq!((alone.missing, alone.doubled), (vec![Seat::SchoolBoardMember], vec![]));
    let filled = assess(&rule, &[former(Seat::SchoolBoardMember), member(Seat::SchoolBoardMember)]);
    assert_eq!((&filled.missing, &filled.doubled), (&vec![], &vec![]));
    assert_eq!(filled.problems(), ["Held by somebody whose affiliation has ended: school board member."]);
    assert!(!filled.is_ready(), "a seat held in name only is to be put right");
}

#[test]
fn seats_that_the_rule_does_not_name_are_free() {
    let mut team: Vec<Member> = SEATS[..4].iter().map(|&seat| member(seat)).collect();
    team.extend([member(Seat::Other), member(Seat::Other), member(Seat::Other)]);
    assert!(assess(&rule_of_2015(), &team).is_ready());
    team.push(former(Seat::Other));
    assert_eq!(
        assess(&rule_of_2015(), &team).problems(),
        ["Held by somebody whose affiliation has ended: other."],
        "but nobody may sit in them in name only"
    );
}

#[test]
fn a_seat_that_asks_for_two_lacks_as_many_as_are_not_there() {
    let rule = [Requirement { seat: Seat::Other, minimum: 3, maximum: 4 }];
    assert_eq!(assess(&rule, &[]).missing, [Seat::Other; 3]);
    assert_eq!(assess(&rule, &[member(Seat::Other)]).missing, [Seat::Other; 2]);
    assert!(assess(&rule, &[Seat::Other; 4].map(member)).is_ready());
    assert_eq!(assess(&rule, &[Seat::Other; 5].map(member)).doubled, [Seat::Other]);
}

/// The same by crossing off: each member of good standing takes one chair that must be filled, each name takes one chair
/// that may be; chairs left over are missing, names left without a chair are too many.
fn by_crossing_off(rule: &[Requirement], members: &[Member]) -> Readiness {
    let mut must: Vec<Seat> = rule.iter().flat_map(|asked| vec![asked.seat; asked.minimum]).collect();
    let mut may: Vec<Seat> = rule.iter().flat_map(|asked| vec![asked.seat; asked.maximum]).collect();
    let (mut standing, mut ended) = (Vec::new(), Vec::new());
    for member in members {
        if member.affiliation_ended {
            ended.push(member.seat);
        } else if let Some(chair) = must.iter().rposition(|&chair| chair == member.seat) {
            must.remove(chair);
        }
        match may.iter().position(|&chair| chair == member.seat) {
            Some(chair) => drop(may.remove(chair)),
            None => standing.push(member.seat),
        }
    }
    let doubled = rule.iter().map(|asked| asked.seat).filter(|seat| standing.contains(seat)).collect();
    Readiness { missing: must, doubled, ended }
}

fn any_seat() -> impl Strategy<Value = Seat> {
    proptest::sample::select(SEATS.to_vec())
}

/// Any rule that the database can hold: each seat at most once, in any order.
fn any_rule() -> impl Strategy<Value = Vec<Requirement>> {
    let seats = proptest::sample::subsequence(SEATS.to_vec(), 0..=SEATS.len()).prop_shuffle();
    (seats, proptest::collection::vec((0..4_usize, 0..4_usize), SEATS.len())).prop_map(|(seats, bounds)| {
        let asked = |(seat, (minimum, more)): (Seat, (usize, usize))| Requirement {
            seat,
            minimum,
            maximum: (minimum + more).max(1),
        };
        seats.into_iter().zip(bounds).map(asked).collect()
    })
}

fn any_team() -> impl Strategy<Value = Vec<Member>> {
    let member = (any_seat(), proptest::bool::weighted(0.2));
    let member =
        member.prop_map(|(seat, affiliation_ended)| Member { person: PersonId::new(), seat, affiliation_ended });
    proptest::collection::vec(member, 0..12)
}

proptest! {
    #![proptest_config(Config { cases: 20_000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn any_team_is_assessed_as_by_crossing_off(rule in any_rule(), team in any_team()) {
        let readiness = assess(&rule, &team);
        prop_assert_eq!(&readiness, &by_crossing_off(&rule, &team));
        let flawless = readiness.missing.is_empty() && readiness.problems().is_empty();
        prop_assert_eq!(readiness.is_ready(), flawless);
        prop_assert_eq!(readiness.problems().len(), readiness.doubled.len() + readiness.ended.len());
    }

    #[test]
    fn the_order_of_members_changes_nothing_but_the_order_of_what_ended(
        rule in any_rule(),
        (team, shuffled) in any_team().prop_flat_map(|team| (Just(team.clone()), Just(team).prop_shuffle())),
    ) {
        let (mut one, mut other) = (assess(&rule, &team), assess(&rule, &shuffled));
        one.ended.sort_unstable();
        other.ended.sort_unstable();
        prop_assert_eq!(one, other);
    }
}
