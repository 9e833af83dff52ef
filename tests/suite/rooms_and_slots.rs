//! Rooms, and the times and places of sessions: what fits, what is taken, and what must wait.

use crate::agenda::{Agendas, act, change, done, refusals};
use lmi::auth::Role;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tests::fixtures::Fixture;
use tests::{Service, contents, with_empty, with_fixture};

#[test]
fn staff_add_change_and_take_away_a_room() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let staff = &agendas.staff;
        let hall = agendas.room("fair", "Hall", Some(90)).await;
        let changed = done(staff, "updateRoom", &change(&hall, &json!({ "capacity": null }))).await;
        assert_eq!(changed, json!({ "id": hall["id"], "name": "Hall", "capacity": null, "version": 2 }));
        agendas.room("forum", "Hall", None).await;
        let annex = agendas.room("fair", "Annex", None).await;
        let input = json!({ "conveningId": agendas.id("fair"), "name": "Hall" });
        let taken = act(staff, "createRoom", &json!({ "input": input })).await;
        assert_eq!(refusals(&taken, "createRoom"), ["name | TAKEN"]);
        let taken = act(staff, "updateRoom", &change(&annex, &json!({ "name": "Hall" }))).await;
        assert_eq!(refusals(&taken, "updateRoom"), ["name | TAKEN"]);
        let wrong = act(staff, "updateRoom", &change(&annex, &json!({ "name": null, "capacity": 0 }))).await;
        assert_eq!(refusals(&wrong, "updateRoom"), ["name | REQUIRED", "capacity | INVALID"]);
        let input = json!({ "sessionId": agendas.id("fair/opening"), "roomId": annex["id"] });
        let slot = done(staff, "scheduleSession", &json!({ "input": input })).await;
        let used = act(staff, "deleteRoom", &json!({ "id": annex["id"], "version": 1 })).await;
        assert_eq!(refusals(&used, "deleteRoom"), ["id | IN_USE"]);
        done(staff, "unscheduleSlot", &json!({ "id": slot["id"], "version": 1 })).await;
        done(staff, "deleteRoom", &json!({ "id": annex["id"], "version": 1 })).await;
    });
}

#[test]
fn a_slot_is_changed_in_part_and_everything_wrong_with_it_is_told_at_once() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let staff = &agendas.staff;
        let hall = agendas.room("fair", "Hall", Some(90)).await;
        let input = json!({ "sessionId": agendas.id("fair/opening"), "startsAt": "2027-03-13T09:00:00-08:00",
            "endsAt": "2027-03-13T10:00:00-08:00", "roomId": hall["id"], "round": 1, "audience": "OTHER", "capacity": 90 });
        let slot = done(staff, "scheduleSession", &json!({ "input": input })).await;
        let patch = json!({ "audience": null, "endsAt": "2027-03-13T10:30:00-08:00", "capacity": 40 });
        let changed = done(staff, "rescheduleSlot", &change(&slot, &patch)).await;
        let expected = json!({ "id": slot["id"], "round": 1, "audience": null, "capacity": 40, "version": 2,
            "startsAt": "2027-03-13T17:00:00+00:00", "endsAt": "2027-03-13T18:30:00+00:00", "room": { "name": "Hall" } });
        assert_eq!(changed, expected, "what is not named stays, and null empties");
        let before = contents(&service.db).await;
        let elsewhere = agendas.room("forum", "Attic", None).await;
        #[rustfmt::skip]
        let wrong: [(Value, &[&str]); 8] = [
            (json!({ "round": 0, "capacity": 0, "endsAt": null }), &["round | INVALID", "capacity | INVALID", "endsAt | INVALID"]),
            (json!({ "endsAt": "2027-03-13T09:00:00-08:00" }), &["endsAt | INVALID"]),
            (json!({ "startsAt": "2027-03-12T23:59:59-08:00" }), &["startsAt | INVALID"]),
            (json!({ "endsAt": "2027-03-15T00:00:01-07:00" }), &["endsAt | INVALID"]),
            (json!({ "startsAt": "0000-01-01T00:00:00Z", "endsAt": "9999-12-31T23:59:59Z" }), &["startsAt | INVALID", "endsAt | INVALID"]),
            // Less than a microsecond is no time.
            (json!({ "startsAt": "2027-03-13T10:00:00.0000001-08:00", "endsAt": "2027-03-13T10:00:00.0000004-08:00" }), &["endsAt | INVALID"]),
            (json!({ "roomId": elsewhere["id"] }), &["roomId | NOT_FOUND"]),
            (json!({ "capacity": 91 }), &["capacity | CAPACITY_EXCEEDED"]),
        ];
        for (input, expected) in wrong {
            let answer = act(staff, "rescheduleSlot", &change(&changed, &input)).await;
            assert_eq!(refusals(&answer, "rescheduleSlot"), expected, "{input}");
        }
        let again = json!({ "input": { "sessionId": agendas.id("fair/opening"), "round": 1 } });
        assert_eq!(refusals(&act(staff, "scheduleSession", &again).await, "scheduleSession"), ["round | TAKEN"]);
        let stale = act(staff, "rescheduleSlot", &change(&slot, &json!({ "round": 2 }))).await;
        assert_eq!(refusals(&stale, "rescheduleSlot"), ["version | STALE_VERSION"]);
        assert_eq!(contents(&service.db).await["slot"], before["slot"], "nothing was written");
    });
}

#[test]
fn the_days_of_a_convening_are_those_of_its_place() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        // From the first midnight to the last: 47 hours where clocks go forward, 25 where they go back.
        agendas.schedule("fair/opening", "2027-03-13T08:00:00Z", "2027-03-15T07:00:00Z").await;
        agendas.schedule("meeting/review", "2027-11-07T07:00:00Z", "2027-11-08T08:00:00Z").await;
        for (session, from, until, field) in [
            ("fair/opening", "2027-03-13T07:59:59Z", "2027-03-13T09:00:00Z", "startsAt"),
            ("fair/opening", "2027-03-15T06:00:00Z", "2027-03-15T07:00:01Z", "endsAt"),
            ("meeting/review", "2027-11-07T06:59:59Z", "2027-11-07T09:00:00Z", "startsAt"),
            ("meeting/review", "2027-11-08T07:00:00Z", "2027-11-08T08:00:01Z", "endsAt"),
        ] {
            let input = json!({ "sessionId": agendas.id(session), "startsAt": from, "endsAt": until });
            let answer = act(&agendas.staff, "scheduleSession", &json!({ "input": input })).await;
            assert_eq!(refusals(&answer, "scheduleSession"), [format!("{field} | INVALID")], "{from}");
        }
    });
}

/// A slot of a gathering of the fixture in which seats are taken.
fn seated(fixture: &Fixture) -> Value {
    json!({ "id": fixture.find("Slot", "draft").id, "version": 1 })
}

#[test]
fn nothing_becomes_smaller_than_the_seats_that_are_taken() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let document = "query ($id: ID!) { node(id: $id) { ... on Slot { seatsTaken } } }";
        let taken = staff.ask_with(document, &json!({ "id": seated(&fixture)["id"] })).await.at("/node/seatsTaken");
        assert_eq!(taken, 13);
        let (slot, room) = (seated(&fixture), json!({ "id": fixture.find("Room", "draft").id, "version": 1 }));
        let small = act(&staff, "updateRoom", &change(&room, &json!({ "capacity": 12 }))).await;
        assert_eq!(refusals(&small, "updateRoom"), ["capacity | CAPACITY_EXCEEDED"]);
        let small = act(&staff, "rescheduleSlot", &change(&slot, &json!({ "capacity": 12 }))).await;
        assert_eq!(refusals(&small, "rescheduleSlot"), ["capacity | CAPACITY_EXCEEDED"]);
        let input = json!({ "conveningId": fixture.find("Convening", "draft").id, "name": "Closet", "capacity": 12 });
        let closet = done(&staff, "createRoom", &json!({ "input": input })).await;
        let moved = act(&staff, "rescheduleSlot", &change(&slot, &json!({ "roomId": closet["id"] }))).await;
        assert_eq!(refusals(&moved, "rescheduleSlot"), ["roomId | CAPACITY_EXCEEDED"]);
        let room = done(&staff, "updateRoom", &change(&room, &json!({ "capacity": 13 }))).await;
        let large = act(&staff, "rescheduleSlot", &change(&slot, &json!({ "capacity": 14 }))).await;
        assert_eq!(refusals(&large, "rescheduleSlot"), ["capacity | CAPACITY_EXCEEDED"]);
        let slot = done(&staff, "rescheduleSlot", &change(&slot, &json!({ "capacity": 13 }))).await;
        done(&staff, "updateRoom", &change(&room, &json!({ "capacity": 20 }))).await;
        let slot = done(&staff, "rescheduleSlot", &change(&slot, &json!({ "capacity": 20 }))).await;
        let room = json!({ "id": room["id"], "version": 3 });
        let small = act(&staff, "updateRoom", &change(&room, &json!({ "capacity": 19 }))).await;
        assert_eq!(refusals(&small, "updateRoom"), ["capacity | CAPACITY_EXCEEDED"], "the slot takes twenty");
        let gone = act(&staff, "unscheduleSlot", &json!({ "id": slot["id"], "version": slot["version"] })).await;
        assert_eq!(refusals(&gone, "unscheduleSlot"), ["id | IN_USE"]);
    });
}

#[test]
fn whoever_has_a_seat_is_not_moved_into_a_round_with_another() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let input = json!({ "sessionId": fixture.find("Session", "agenda-of-draft-2").id, "round": 2 });
        done(&staff, "scheduleSession", &json!({ "input": input })).await;
        let seats = "INSERT INTO seat_assignment (id, member_id, convening_id, slot_id, session_id, round)
            SELECT gen_random_uuid(), member_id, slot.convening_id, slot.id, slot.session_id, 2 FROM slot, seat_assignment AS seat
            WHERE slot.round = 2 AND seat.convening_id = slot.convening_id";
        service.db.execute_unprepared(seats).await.expect("a second seat for everybody");
        let moved = act(&staff, "rescheduleSlot", &change(&seated(&fixture), &json!({ "round": 2 }))).await;
        assert_eq!(refusals(&moved, "rescheduleSlot"), ["round | CONFLICT"]);
        done(&staff, "rescheduleSlot", &change(&seated(&fixture), &json!({ "round": 3 }))).await;
    });
}

/// From and until: minutes after an hour before clocks change.
type Span = (i64, i64);

/// The moment so many minutes after another.
fn moment(first: &str, minutes: i64) -> String {
    let first: chrono::DateTime<chrono::Utc> = first.parse().expect("a moment");
    (first + chrono::TimeDelta::minutes(minutes)).to_rfc3339()
}

/// Whether a second session can be at a time when the first is, in the room of the first or with its speaker.
async fn fits(agendas: &Agendas, place: &Place, one: Span, other: Span) -> bool {
    let slot = |session: &str, (from, until): Span| {
        json!({ "sessionId": agendas.id(session), "startsAt": moment(place.first, from),
            "endsAt": moment(place.first, until), "roomId": place.room })
    };
    let first = done(&agendas.staff, "scheduleSession", &json!({ "input": slot(place.one, one) })).await;
    let second = act(&agendas.staff, "scheduleSession", &json!({ "input": slot(place.other, other) })).await;
    let refused = refusals(&second, "scheduleSession");
    let expected = if place.room.is_some() { "roomId | CONFLICT" } else { "startsAt | CONFLICT" };
    assert!(refused.is_empty() || refused == [expected], "{refused:?}");
    for slot in [first, second.at("/scheduleSession/slot")] {
        if !slot.is_null() {
            done(&agendas.staff, "unscheduleSlot", &json!({ "id": slot["id"], "version": 1 })).await;
        }
    }
    refused.is_empty()
}

/// Where two sessions may meet: in a room or with one speaker, from an hour before clocks change.
struct Place {
    first: &'static str,
    one: &'static str,
    other: &'static str,
    room: Option<Value>,
}

async fn places(service: &Service) -> (Agendas, [Place; 3]) {
    let agendas = Agendas::of(service).await;
    let hall = agendas.room("fair", "Hall", None).await["id"].clone();
    let input = json!({ "conveningId": agendas.id("meeting"), "title": "Outlook", "format": "PANEL" });
    let outlook = done(&agendas.staff, "createSession", &json!({ "input": input })).await["id"].clone();
    let agendas = agendas.with("meeting/outlook", outlook);
    for session in ["fair/opening", "forum/talk", "meeting/review", "meeting/outlook"] {
        agendas.panelist(session, "ada-example").await;
    }
    let place = |first, one, other, room| Place { first, one, other, room };
    let places = [
        place("2027-03-14T09:00:00Z", "fair/opening", "fair/workshop", Some(hall)),
        place("2027-03-14T09:00:00Z", "fair/opening", "forum/talk", None),
        place("2027-11-07T08:00:00Z", "meeting/review", "meeting/outlook", None),
    ];
    (agendas, places)
}

#[test]
fn times_overlap_as_half_open_intervals_do_also_when_clocks_change() {
    with_empty(async |service| {
        let (agendas, places) = places(&service).await;
        let mut runner = TestRunner::new_with_rng(
            Config { cases: 64, failure_persistence: None, ..Config::default() },
            TestRng::deterministic_rng(RngAlgorithm::ChaCha),
        );
        let handle = tokio::runtime::Handle::current();
        // Quarters of an hour, so that many touch, around the moment at which clocks change.
        let span = || (0..8_i64, 1..=4_i64);
        let held = runner.run(&(0..places.len(), span(), span()), |(place, one, other)| {
            let [one, other] = [one, other].map(|(start, length)| (start * 15, (start + length) * 15));
            let fit = fits(&agendas, &places[place], one, other);
            let fit = tokio::task::block_in_place(|| handle.block_on(fit));
            let apart = one.1 <= other.0 || other.1 <= one.0;
            proptest::prop_assert_eq!(fit, apart, "{:?} and {:?}", one, other);
            Ok(())
        });
        assert!(held.is_ok(), "{}", held.expect_err("a case that did not hold"));
        // The hour that comes twice, and the one that is left out, by the clocks on the wall.
        for (place, one, other, apart) in [
            (2, ("01:00:00-07:00", "02:00:00-07:00"), ("01:00:00-08:00", "02:00:00-08:00"), true),
            (2, ("01:30:00-07:00", "01:30:00-08:00"), ("01:59:00-07:00", "03:00:00-08:00"), false),
            (1, ("01:00:00-08:00", "03:00:00-07:00"), ("03:00:00-07:00", "04:00:00-07:00"), true),
            (1, ("01:00:00-08:00", "03:00:01-07:00"), ("03:00:00-07:00", "04:00:00-07:00"), false),
        ] {
            let (day, place) = (["2027-03-14", "2027-03-14", "2027-11-07"][place], &places[place]);
            let slot = |session: &str, (from, until): (&str, &str)| json!({ "input": { "sessionId": agendas.id(session), "startsAt": format!("{day}T{from}"), "endsAt": format!("{day}T{until}") } });
            let first = done(&agendas.staff, "scheduleSession", &slot(place.one, one)).await;
            let second = act(&agendas.staff, "scheduleSession", &slot(place.other, other)).await;
            assert_eq!(refusals(&second, "scheduleSession").is_empty(), apart, "{one:?} and {other:?}");
            for slot in [first, second.at("/scheduleSession/slot")] {
                if !slot.is_null() {
                    done(&agendas.staff, "unscheduleSlot", &json!({ "id": slot["id"], "version": 1 })).await;
                }
            }
        }
    });
}
