//! What is wrong with an agenda, each sort by itself. Pure: the facts are made up here.

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{PersonId, RoomId, SessionBlockId, SessionId, SlotId};
use entity::session::Format;
use lmi::agenda::check::{Block, Busy, Facts, Kind, Room, Seat, Session, Severity, Slot, Span, Speaks, Warning, check};
use sea_orm::prelude::Uuid;

fn key<K: From<Uuid>>(number: u128) -> K {
    Uuid::from_u128(number).into()
}

fn day(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 3, number).expect("a day")
}

/// From an hour of the second of March until another, in California.
fn span(from: i64, until: i64) -> Span {
    let midnight: DateTime<Utc> = "2027-03-02T08:00:00Z".parse().expect("a time");
    let at = |hour: i64| midnight + chrono::TimeDelta::hours(hour);
    (at(from), at(until))
}

/// Two sessions at ten and at eleven in a hall for a hundred, with nothing wrong about them: the fair of the first two
/// days of March, to which forty people come.
fn facts() -> Facts {
    let session = |number: u128, format| Session {
        id: key(number),
        title: format!("Session {number}"),
        format,
        date: Some(day(2)),
        block: None,
    };
    Facts {
        first_day: day(1),
        last_day: day(2),
        zone: "America/Los_Angeles".parse().expect("a time zone"),
        participants: 40,
        blocks: Vec::new(),
        sessions: vec![session(1, Format::Plenary), session(2, Format::Breakout)],
        slots: vec![slot(1, 1, Some(span(10, 11))), slot(2, 2, Some(span(11, 12)))],
        rooms: vec![Room { id: key(1), name: "the Hall".to_owned(), capacity: Some(100) }],
        speakers: vec![speaks(1, 1), speaks(1, 2)],
        elsewhere: Vec::new(),
        seats: Vec::new(),
        in_teams: [].into(),
    }
}

fn slot(number: u128, session: u128, span: Option<Span>) -> Slot {
    Slot { id: key(number), session: key(session), round: None, room: Some(key(1)), span, capacity: None, taken: 0 }
}

fn speaks(person: u128, session: u128) -> Speaks {
    Speaks { person: key(person), name: format!("Nobody {person}"), session: key(session) }
}

/// The same with both sessions in a block of two rounds, each in both, without a time.
fn in_rounds() -> Facts {
    let mut facts = facts();
    facts.blocks = vec![Block { id: key(1), title: "Breakouts".to_owned(), rounds: Some(2) }];
    facts.rooms.push(Room { id: key(2), name: "the Annex".to_owned(), capacity: Some(50) });
    facts.speakers.clear();
    for session in &mut facts.sessions {
        (session.block, session.format) = (Some(key(1)), Format::Breakout);
    }
    facts.slots = [(1, 1, 1), (2, 1, 2), (3, 2, 1), (4, 2, 2)]
        .map(|(number, session, round)| Slot {
            round: Some(round),
            room: Some(key(session)),
            ..slot(number, session, Some(span(8 + i64::from(round), 9 + i64::from(round))))
        })
        .into();
    facts
}

/// What is wrong after a change, by kind.
fn kinds(facts: &Facts) -> Vec<Kind> {
    check(facts).into_iter().map(|warning| warning.kind).collect()
}

/// The one thing that is wrong after a change of an agenda with which nothing was.
fn one(mut facts: Facts, change: impl FnOnce(&mut Facts)) -> Warning {
    assert_eq!(kinds(&facts), [], "nothing is wrong before");
    change(&mut facts);
    let mut found = check(&facts);
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

#[test]
fn an_agenda_with_which_nothing_is_wrong_has_no_warnings() {
    assert_eq!(kinds(&facts()), []);
    assert_eq!(kinds(&in_rounds()), []);
}

#[test]
fn a_room_is_taken_once_at_a_time_by_the_clock_and_by_rounds() {
    let found = one(facts(), |facts| {
        facts.slots[1].span = Some(span(10, 12));
        facts.speakers.clear();
    });
    assert_eq!((found.kind, found.kind.severity()), (Kind::RoomTwice, Severity::Conflict));
    assert_eq!(
        found.message,
        "“Session 1” and “Session 2” are in the Hall at the same time. Give one of them another room or another time."
    );
    assert_eq!((found.room, found.slots), (Some(key(1)), vec![key(1), key(2)]));
    assert_eq!(found.sessions, [key(1), key(2)]);
    let mut facts = in_rounds();
    for slot in &mut facts.slots {
        slot.span = None;
    }
    facts.slots[2].room = Some(key(1));
    assert_eq!(kinds(&facts)[0], Kind::RoomTwice, "in one round, whenever that is");
    assert_eq!(kinds(&facts).iter().filter(|kind| **kind == Kind::RoomTwice).count(), 1);
}

#[test]
fn nobody_speaks_twice_at_once_here_or_elsewhere() {
    let found = one(facts(), |facts| {
        facts.slots[1] = Slot { room: Some(key(2)), ..slot(2, 2, Some(span(10, 12))) };
        facts.rooms.push(Room { id: key(2), name: "the Annex".to_owned(), capacity: None });
        // In two roles.
        facts.speakers.push(speaks(1, 2));
    });
    assert_eq!((found.kind, found.person), (Kind::SpeakerTwice, Some(key(1))));
    assert_eq!((found.sessions, found.slots), (vec![key(1), key(2)], vec![key(1), key(2)]));
    let busy = |person, span| Busy { person: key::<PersonId>(person), span };
    let found = one(facts(), |facts| facts.elsewhere = vec![busy(1, span(11, 13)), busy(2, span(10, 12))]);
    assert_eq!((found.kind, found.sessions), (Kind::SpeakerElsewhere, vec![key::<SessionId>(2)]));
    assert!(!found.message.contains("Hall"), "{}", found.message);
}

#[test]
fn who_speaks_has_no_seat_elsewhere_and_no_team_time() {
    let seat = |slot: u128| Seat { person: key(7), slot: key::<SlotId>(slot) };
    let with_speaker = || {
        let mut facts = in_rounds();
        facts.speakers = vec![speaks(7, 1)];
        facts
    };
    let mut own = with_speaker();
    own.seats = vec![seat(1)];
    assert_eq!(kinds(&own), [], "in the own session");
    let found = one(with_speaker(), |facts| facts.seats = vec![seat(3)]);
    assert_eq!((found.kind, found.kind.severity()), (Kind::SpeakerSeated, Severity::Warning));
    assert_eq!(
        (found.person, found.slots),
        (Some(key(7)), vec![key(1), key(3)]),
        "in the same round, not in the other"
    );
    let found = one(facts(), |facts| {
        facts.sessions[1].format = Format::TeamTime;
        facts.speakers.pop();
        facts.slots[1] = Slot { room: Some(key(2)), ..slot(2, 2, Some(span(10, 12))) };
        facts.rooms.push(Room { id: key(2), name: "the Annex".to_owned(), capacity: None });
        facts.in_teams = [key::<PersonId>(1)].into();
    });
    assert_eq!((found.kind, found.person), (Kind::SpeakerMissesTeamTime, Some(key(1))));
}

#[test]
fn rooms_hold_everybody_whom_they_are_for() {
    let found = one(facts(), |facts| facts.slots[0].taken = 101);
    assert_eq!((found.kind, found.room), (Kind::Overbooked, Some(key::<RoomId>(1))));
    let found = one(facts(), |facts| (facts.slots[1].capacity, facts.slots[1].taken) = (Some(30), 31));
    assert_eq!(found.kind, Kind::Overbooked, "more than the slot takes");
    let found = one(facts(), |facts| facts.slots[1].capacity = Some(101));
    assert_eq!((found.kind, found.slots), (Kind::RoomTooSmall, vec![key(2)]));
    let found = one(facts(), |facts| facts.participants = 101);
    assert_eq!((found.kind, found.slots), (Kind::RoomTooSmall, vec![key(1)]), "the session for all, not the breakout");
    let mut facts = facts();
    (facts.participants, facts.rooms[0].capacity) = (101, None);
    assert_eq!(kinds(&facts), [], "of a room of which nobody says what it holds nothing is known");
}

#[test]
fn a_round_has_a_seat_for_everybody() {
    let found = one(in_rounds(), |facts| (facts.participants, facts.slots[0].capacity) = (101, Some(50)));
    assert_eq!((found.kind, found.slots), (Kind::RoundTooSmall, vec![key(1), key(3)]));
    assert!(
        found.message.starts_with("Round 1 of “Breakouts” has 100 seats for 101 participants."),
        "{}",
        found.message
    );
}

#[test]
fn sessions_have_times_and_rooms() {
    let found = one(facts(), |facts| facts.slots.truncate(1));
    assert_eq!((found.kind, found.sessions, found.slots), (Kind::SessionWithoutTime, vec![key(2)], vec![]));
    let found = one(facts(), |facts| facts.slots[1].span = None);
    assert_eq!((found.kind, found.sessions, found.slots), (Kind::SessionWithoutTime, vec![key(2)], vec![key(2)]));
    let found = one(facts(), |facts| facts.slots[1].room = None);
    assert_eq!((found.kind, found.slots), (Kind::SlotWithoutRoom, vec![key(2)]));
    let mut facts = facts();
    (facts.slots[1].room, facts.sessions[1].format) = (None, Format::Break);
    assert_eq!(kinds(&facts), [], "a break needs no room");
}

#[test]
fn everything_is_within_the_days_of_the_convening() {
    for (from, until) in [(23, 25), (-25, -24), (24, 25)] {
        let mut facts = facts();
        facts.slots[1].span = Some(span(from, until));
        facts.sessions[1].date = None;
        assert_eq!(kinds(&facts), [Kind::OutsideConvening], "{from} to {until}");
    }
    let mut facts = facts();
    facts.slots[1].span = Some(span(23, 24));
    assert_eq!(kinds(&facts), [], "until midnight");
    facts.slots.truncate(1);
    facts.sessions[1].date = Some(day(3));
    assert_eq!(kinds(&facts), [Kind::OutsideConvening, Kind::SessionWithoutTime]);
    let found = one(self::facts(), |facts| facts.sessions[1].date = Some(day(1)));
    assert_eq!((found.kind, found.slots), (Kind::AnotherDay, vec![key(2)]));
}

#[test]
fn rounds_fit_their_block() {
    let found = one(in_rounds(), |facts| {
        facts.slots.remove(3);
        facts.participants = 0;
    });
    assert_eq!((found.kind, found.sessions), (Kind::FewerRounds, vec![key::<SessionId>(2)]));
    assert!(found.message.contains("not offered in round 2 of “Breakouts”"), "{}", found.message);
    let found = one(in_rounds(), |facts| {
        facts.slots.push(Slot { round: Some(3), ..slot(5, 2, Some(span(20, 21))) });
    });
    assert_eq!(found.kind, Kind::UnknownRound);
    let found = one(in_rounds(), |facts| {
        facts.slots[3] = Slot { round: Some(2), room: Some(key(3)), ..slot(4, 2, Some(span(9, 10))) };
        facts.rooms.push(Room { id: key(3), name: "the Loft".to_owned(), capacity: Some(50) });
    });
    assert_eq!((found.kind, found.slots), (Kind::RoundsOverlap, vec![key(1), key(4)]));
    let mut facts = in_rounds();
    facts.blocks[0].id = key::<SessionBlockId>(9);
    assert_eq!(kinds(&facts), [], "of a block that is not there nothing is known");
}

#[test]
fn conflicts_are_told_first() {
    let mut facts = facts();
    facts.slots[0].room = None;
    facts.slots[1].span = Some(span(10, 30));
    assert_eq!(kinds(&facts), [Kind::SpeakerTwice, Kind::OutsideConvening, Kind::SlotWithoutRoom]);
}
