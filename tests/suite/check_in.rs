//! Who was there: checking in and taking it back, how many are there, and which teams attended.

use crate::seating::{Gathered, Size, id, refusals};
use chrono::NaiveDate;
use entity::convening::Status;
use entity::ids::{TeamId, TeamMemberId};
use entity::team;
use lmi::auth::{Grant, Role, Scope};
use lmi::clock::Clock;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveEnum as _, ColumnTrait as _, EntityTrait as _, Iterable as _, QueryFilter as _};
use serde_json::{Value, json};
use tests::{Answer, Service, contents, texts, with_empty};

const SMALL: Size = Size { teams: 4, members: 4, sessions: 1, rounds: 1, seats: 40 };

async fn act(service: &Service, name: &str, key: &Value) -> Answer {
    let payload = match name {
        "checkInMember" | "undoCheckIn" => "member { id checkedInAt version }",
        "closeAttendance" => "convening { id }",
        _ => "team { id status version }",
    };
    let document = format!(
        "mutation ($id: ID!) {{ {name}(id: $id, reason: \"At the door.\") {{ {payload} userErrors {{ field code allowed }} }} }}"
    );
    service.ask_with(&document, &json!({ "id": key })).await
}

async fn record(service: &Service, team: TeamId, version: i32, day: Option<&str>) -> Answer {
    let variables = json!({ "id": id("Team", team), "version": version, "day": day });
    let document = if day.is_some() {
        "mutation ($id: ID!, $version: Int!, $day: Date!) { recordAttendance(id: $id, version: $version, attendedOn: $day) {
            team { status } userErrors { field code allowed } } }"
    } else {
        "mutation ($id: ID!, $version: Int!) { recordNoShow(id: $id, version: $version) {
            team { status } userErrors { field code allowed } } }"
    };
    service.ask_with(document, &variables).await
}

fn member(gathered: &Gathered, team: usize, member: usize) -> Value {
    id("TeamMember", gathered.members[team][member])
}

async fn running(service: &Service) -> Gathered {
    let gathered = Gathered::of(service, SMALL).await;
    gathered.becomes(Status::InProgress).await;
    gathered
}

const COUNTS: &str = "query ($id: ID!) { node(id: $id) { ... on Convening { checkIns { expectedTeams checkedInTeams
    expectedMembers checkedInMembers bySeat { seat expected checkedIn } } } } }";

async fn counts(gathered: &Gathered, viewer: &Service) -> Value {
    viewer.ask_with(COUNTS, &json!({ "id": id("Convening", gathered.convening) })).await.at("/node/checkIns")
}

#[test]
fn people_are_checked_in_alone_and_with_their_team_and_that_can_be_taken_back() {
    with_empty(async |service| {
        let gathered = running(&service).await;
        let (staff, one) = (&gathered.staff, member(&gathered, 0, 0));
        let first = act(staff, "checkInMember", &one).await.at("/checkInMember/member");
        assert_eq!((&first["checkedInAt"], &first["version"]), (&json!("2026-06-01T12:00:00+00:00"), &json!(2)));
        let later = staff.later(chrono::TimeDelta::hours(3));
        assert_eq!(
            act(&later, "checkInMember", &one).await.at("/checkInMember/member"),
            first,
            "the first time counts"
        );
        act(&later, "checkInTeam", &id("Team", gathered.teams[0])).await.at("/checkInTeam/team/id");
        act(&later, "checkInTeam", &id("Team", gathered.teams[1])).await.at("/checkInTeam/team/id");
        act(&gathered.organizing(), "undoCheckIn", &member(&gathered, 1, 2)).await.at("/undoCheckIn/member/id");
        let expected = json!({ "expectedTeams": 4, "checkedInTeams": 2, "expectedMembers": 16, "checkedInMembers": 7,
            "bySeat": [
                { "seat": "SUPERINTENDENT", "expected": 4, "checkedIn": 2 },
                { "seat": "SCHOOL_BOARD_MEMBER", "expected": 4, "checkedIn": 2 },
                { "seat": "TEACHERS_UNION_PRESIDENT", "expected": 4, "checkedIn": 1 },
                { "seat": "CLASSIFIED_UNION_PRESIDENT", "expected": 4, "checkedIn": 2 } ] });
        assert_eq!(counts(&gathered, staff).await, expected);
        act(staff, "undoTeamCheckIn", &id("Team", gathered.teams[1])).await.at("/undoTeamCheckIn/team/id");
        assert_eq!(counts(&gathered, &gathered.organizing()).await["checkedInMembers"], 4);
        assert_eq!(
            act(staff, "undoCheckIn", &member(&gathered, 3, 0)).await.at("/undoCheckIn/member/checkedInAt"),
            Value::Null
        );
        let history =
            "query ($id: ID!) { node(id: $id) { ... on TeamMember { history { nodes { action reason } } } } }";
        let history = staff.ask_with(history, &json!({ "id": one })).await;
        assert_eq!(history.lines("/node/history/nodes", &["/action", "/reason"])[0], "UPDATED | At the door.");
    });
}

#[test]
fn nobody_is_checked_in_before_or_after_or_of_a_team_that_is_not_to_come() {
    with_empty(async |service| {
        let gathered = Gathered::of(&service, SMALL).await;
        let (staff, one, all) = (&gathered.staff, member(&gathered, 0, 0), id("Team", gathered.teams[0]));
        let names = ["checkInMember", "undoCheckIn", "checkInTeam", "undoTeamCheckIn"];
        let key = |name: &str| if name.contains("Team") { &all } else { &one };
        for (status, allowed) in [
            (Status::AgendaPublished, json!(["IN_PROGRESS", "CANCELLED"])),
            (Status::Completed, json!([])),
            (Status::Cancelled, json!([])),
        ] {
            gathered.becomes(status).await;
            for name in names {
                let answer = act(staff, name, key(name)).await;
                assert_eq!(refusals(&answer, name), ["id | ILLEGAL_TRANSITION"], "{status:?}: {name}");
                assert_eq!(answer.at(&format!("/{name}/userErrors/0/allowed")), allowed);
            }
        }
        gathered.becomes(Status::InProgress).await;
        for (status, allowed) in [
            (team::Status::Submitted, json!(["SELECTED", "WAITLISTED", "NOT_SELECTED", "WITHDRAWN"])),
            (team::Status::Withdrawn, json!([])),
            (team::Status::NoShow, json!([])),
        ] {
            gathered.team_becomes(0, status).await;
            for name in names {
                let answer = act(staff, name, key(name)).await;
                assert_eq!(answer.at(&format!("/{name}/userErrors/0/allowed")), allowed, "{status:?}: {name}");
            }
        }
        assert_eq!(
            texts(&service.db, "SELECT id::text AS text FROM team_member WHERE checked_in_at IS NOT NULL").await.len(),
            0
        );
    });
}

#[test]
fn closing_says_of_every_team_whether_it_came_and_on_which_day() {
    with_empty(async |service| {
        let gathered = running(&service).await;
        let staff = &gathered.staff;
        // Six in the morning of the second day by the world's clock is still the evening of the first there.
        let night = staff.at(Clock::Fixed("2026-06-02T06:00:00Z".parse().expect("a time")));
        let morning = staff.at(Clock::Fixed("2026-06-02T16:00:00Z".parse().expect("a time")));
        act(&night, "checkInMember", &member(&gathered, 0, 3)).await.data();
        act(&morning, "checkInTeam", &id("Team", gathered.teams[0])).await.data();
        act(&morning, "checkInMember", &member(&gathered, 1, 0)).await.data();
        gathered.team_becomes(3, team::Status::Withdrawn).await;
        act(staff, "closeAttendance", &id("Convening", gathered.convening)).await.at("/closeAttendance/convening/id");
        let rows = async || {
            let sql = "SELECT status || ' ' || coalesce(attended_on::text, '-') AS text FROM team ORDER BY id";
            texts(&service.db, sql).await
        };
        assert_eq!(rows().await, ["attended 2026-06-01", "attended 2026-06-02", "no_show -", "withdrawn -"]);
        assert_eq!(counts(&gathered, staff).await["expectedTeams"], 3, "those who were to come");
        // Done again, it changes nothing, and nothing that was said is unsaid.
        let before = contents(&service.db).await;
        act(staff, "closeAttendance", &id("Convening", gathered.convening)).await.data();
        let late = act(staff, "undoCheckIn", &member(&gathered, 0, 0)).await;
        assert_eq!(refusals(&late, "undoCheckIn"), ["id | ILLEGAL_TRANSITION"]);
        assert_eq!(contents(&service.db).await, before);
    });
}

#[test]
fn attendance_is_recorded_by_hand_where_nobody_was_at_the_door() {
    with_empty(async |service| {
        let gathered = Gathered::of(&service, SMALL).await;
        let (staff, one, other, third) = (&gathered.staff, gathered.teams[0], gathered.teams[1], gathered.teams[2]);
        let early = record(staff, one, 1, Some("2026-06-01")).await;
        assert_eq!(refusals(&early, "recordAttendance"), ["id | ILLEGAL_TRANSITION"]);
        gathered.becomes(Status::InProgress).await;
        act(staff, "checkInMember", &member(&gathered, 1, 0)).await.data();
        gathered.becomes(Status::Completed).await;
        let stale = record(staff, one, 2, Some("2026-06-01")).await;
        assert_eq!(refusals(&stale, "recordAttendance"), ["version | STALE_VERSION"]);
        let day = record(staff, one, 1, Some("2026-06-03")).await;
        assert_eq!(refusals(&day, "recordAttendance"), ["attendedOn | INVALID"]);
        let done = record(&gathered.organizing(), one, 1, Some("2026-06-02")).await;
        assert_eq!(done.at("/recordAttendance/team/status"), "ATTENDED");
        assert_eq!(refusals(&record(staff, other, 1, None).await, "recordNoShow"), ["id | CONFLICT"]);
        assert_eq!(record(staff, third, 1, None).await.at("/recordNoShow/team/status"), "NO_SHOW");
        let settled = record(staff, third, 2, Some("2026-06-01")).await;
        assert_eq!(refusals(&settled, "recordAttendance"), ["id | ILLEGAL_TRANSITION"]);
        assert_eq!(settled.at("/recordAttendance/userErrors/0/allowed"), json!([]));
    });
}

#[test]
fn every_state_but_confirmed_refuses_attendance_and_names_the_moves_that_it_has() {
    with_empty(async |service| {
        let gathered = running(&service).await;
        for status in team::Status::iter().filter(|status| *status != team::Status::Confirmed) {
            set(&gathered, status).await;
            let before = contents(&service.db).await;
            for answer in [
                record(&gathered.staff, gathered.teams[0], 1, Some("2026-06-01")).await,
                record(&gathered.staff, gathered.teams[0], 1, None).await,
            ] {
                let name = if answer.text.contains("recordNoShow") { "recordNoShow" } else { "recordAttendance" };
                assert_eq!(refusals(&answer, name), ["id | ILLEGAL_TRANSITION"], "{}", status.to_value());
                assert!(answer.at(&format!("/{name}/userErrors/0/allowed")).is_array());
            }
            assert_eq!(contents(&service.db).await, before);
        }
    });
}

async fn set(gathered: &Gathered, status: team::Status) {
    let attended_on = (status == team::Status::Attended).then(|| NaiveDate::from_ymd_opt(2026, 6, 1)).flatten();
    let change = team::Entity::update_many()
        .col_expr(team::Column::Status, Expr::value(status))
        .col_expr(team::Column::AttendedOn, Expr::value(attended_on));
    change.filter(team::Column::Id.eq(gathered.teams[0])).exec(&gathered.service.db).await.expect("a change");
}

#[test]
fn who_is_there_is_known_to_the_team_and_to_those_who_run_it_and_changed_by_these_alone() {
    with_empty(async |service| {
        let gathered = running(&service).await;
        act(&gathered.staff, "checkInMember", &member(&gathered, 0, 0)).await.data();
        let before = contents(&service.db).await;
        let partner = service.as_grants(vec![Grant::new(Role::Partner, Scope::Organization(gathered.organizer))]);
        let one = member(&gathered, 0, 1);
        let shown = "query ($id: ID!) { node(id: $id) { ... on TeamMember { checkedInAt } } }";
        let first = json!({ "id": member(&gathered, 0, 0) });
        for (viewer, code, sees) in [
            (service.clone(), "UNAUTHENTICATED", false),
            (partner, "FORBIDDEN", false),
            (gathered.lead(1), "FORBIDDEN", false),
            (gathered.lead(0), "FORBIDDEN", true),
            (service.as_role(Role::Auditor), "FORBIDDEN", true),
            (service.as_role(Role::Evaluator), "FORBIDDEN", false),
            (gathered.organizing_elsewhere(), "NOT_FOUND", false),
        ] {
            assert_eq!(act(&viewer, "checkInMember", &one).await.codes(), [code]);
            let seen = viewer.ask_with(shown, &first).await.at("/node");
            assert_eq!(seen.is_object(), sees, "{code}: {seen}");
            assert_eq!(seen["checkedInAt"].is_string(), sees);
        }
        let (elsewhere, lead) = (gathered.organizing_elsewhere(), gathered.lead(0));
        for name in ["checkInTeam", "undoTeamCheckIn"] {
            // That the team comes is public; who of it is there is not.
            assert_eq!(act(&elsewhere, name, &id("Team", gathered.teams[0])).await.codes(), ["FORBIDDEN"]);
            assert_eq!(act(&elsewhere, name, &id("Team", TeamId::new())).await.codes(), ["NOT_FOUND"]);
        }
        let hidden = act(&elsewhere, "undoCheckIn", &member(&gathered, 0, 0)).await.text;
        assert_eq!(hidden, act(&elsewhere, "undoCheckIn", &id("TeamMember", TeamMemberId::new())).await.text);
        for other in [&elsewhere, &lead] {
            assert_eq!(
                act(other, "closeAttendance", &id("Convening", gathered.convening)).await.codes(),
                ["FORBIDDEN"]
            );
            assert_eq!(record(other, gathered.teams[0], 1, None).await.codes(), ["FORBIDDEN"]);
            assert_eq!(counts(&gathered, other).await, Value::Null);
        }
        assert_eq!(counts(&gathered, &service).await, Value::Null);
        assert_eq!(counts(&gathered, &service.as_role(Role::Auditor)).await["checkedInMembers"], 1);
        assert_eq!(contents(&service.db).await, before);
    });
}

#[test]
fn a_member_whom_many_check_in_at_once_is_checked_in_once() {
    with_empty(async |service| {
        let gathered = running(&service).await;
        let one = member(&gathered, 0, 0);
        let acts: Vec<_> = (0..20)
            .map(|number| {
                let (staff, one, team) = (gathered.staff.clone(), one.clone(), id("Team", gathered.teams[0]));
                tokio::spawn(async move {
                    if number % 2 == 0 {
                        act(&staff, "checkInMember", &one).await
                    } else {
                        act(&staff, "checkInTeam", &team).await
                    }
                })
            })
            .collect();
        for done in acts {
            done.await.expect("an answer").data();
        }
        let versions =
            texts(&service.db, "SELECT version::text AS text FROM team_member WHERE checked_in_at IS NOT NULL").await;
        assert_eq!(versions, ["2"; 4]);
    });
}
