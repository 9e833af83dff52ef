//! People who came back in another seat, or with another district.

use crate::team_time::lead;
use entity::ids::{ConveningId, OrganizationId};
use lmi::auth::{Grant, Role, Scope};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tests::{Service, with_fixture};

const CHANGES: &str = "query ($filter: ParticipationFilter, $first: Int, $after: String, $last: Int, $before: String) {
    seatChanges(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      nodes { person { name } anotherSeat anotherDistrict
        from { seat team { district { slug } convening { slug } } } to { seat team { district { slug } convening { slug } } } } } }";
const FIELDS: [&str; 7] = [
    "/person/name",
    "/from/team/convening/slug",
    "/to/team/convening/slug",
    "/from/seat",
    "/to/seat",
    "/from/team/district/slug",
    "/to/team/district/slug",
];

/// Four convenings, one a year; at the third decisions are not published, and South runs the fourth. Ada stays, Ben
/// becomes superintendent, Cleo goes from Alder to Birch, Dora does both, and Evan was not there in between.
async fn come_and_go(service: &Service) {
    let rows = "
        INSERT INTO person (id, slug, name) SELECT gen_random_uuid(), lower(name), name || ' Sample'
          FROM unnest(ARRAY['Ada', 'Ben', 'Cleo', 'Dora', 'Evan']) AS name;
        INSERT INTO convening (id, slug, title, kind, status, announced, agenda_published, decisions_published, starts_on,
          ends_on, organizer_id)
          SELECT gen_random_uuid(), 'year-' || n, 'Year', 'institute', 'completed', true, true, n <> 3,
            make_date(2016 + n, 3, 1), make_date(2016 + n, 3, 1), o.id
          FROM generate_series(1, 4) AS n JOIN organization o ON o.slug = CASE n WHEN 4 THEN 'south' ELSE 'chorus' END;
        INSERT INTO team (id, district_id, convening_id, status, attended_on)
          SELECT gen_random_uuid(), d.id, c.id, CASE WHEN c.slug = 'year-2' AND d.slug = 'cedar' THEN 'no_show' ELSE 'attended' END,
            CASE WHEN c.slug = 'year-2' AND d.slug = 'cedar' THEN NULL ELSE c.ends_on END
          FROM district d, convening c WHERE d.slug IN ('alder', 'birch', 'cedar') AND c.slug LIKE 'year-%';
        INSERT INTO team_member (id, team_id, convening_id, person_id, seat)
          SELECT gen_random_uuid(), t.id, c.id, p.id, seat
          FROM (VALUES
            ('ada', 1, 'alder', 'other'), ('ada', 2, 'alder', 'other'), ('ada', 4, 'alder', 'other'),
            ('ben', 1, 'alder', 'school_board_member'), ('ben', 2, 'alder', 'superintendent'), ('ben', 4, 'alder', 'superintendent'),
            ('cleo', 1, 'alder', 'other'), ('cleo', 2, 'birch', 'other'),
            ('dora', 2, 'birch', 'other'), ('dora', 3, 'alder', 'superintendent'), ('dora', 4, 'alder', 'other'),
            ('evan', 1, 'birch', 'other'), ('evan', 2, 'cedar', 'superintendent'), ('evan', 4, 'birch', 'superintendent')
          ) AS sat (who, n, at, seat)
            JOIN person p ON p.slug = who JOIN convening c ON c.slug = 'year-' || n JOIN district d ON d.slug = at
            JOIN team t ON t.convening_id = c.id AND t.district_id = d.id";
    service.db.execute_unprepared(rows).await.expect("people who come and go");
}

async fn changes(service: &Service, filter: Value) -> Vec<String> {
    service.ask_with(CHANGES, &json!({ "filter": filter })).await.lines("/seatChanges/nodes", &FIELDS)
}

#[test]
fn everybody_who_changed_seat_or_district_is_there_once_for_each_change() {
    with_fixture(async |service, _| {
        come_and_go(&service).await;
        let staff = service.as_role(Role::Staff);
        let expected = [
            "Ben Sample | year-1 | year-2 | SCHOOL_BOARD_MEMBER | SUPERINTENDENT | alder | alder",
            "Cleo Sample | year-1 | year-2 | OTHER | OTHER | alder | birch",
            "Dora Sample | year-2 | year-3 | OTHER | SUPERINTENDENT | birch | alder",
            "Dora Sample | year-3 | year-4 | SUPERINTENDENT | OTHER | alder | alder",
            "Evan Sample | year-1 | year-4 | OTHER | SUPERINTENDENT | birch | birch",
        ];
        let mut found = changes(&staff, Value::Null).await;
        // Of two on one day, either may come first.
        found.sort_unstable();
        let mut sorted = expected.map(str::to_owned);
        sorted.sort_unstable();
        assert_eq!(found, sorted, "no-shows did not take part");
        let kinds = staff.ask_with(CHANGES, &Value::Null).await;
        let kinds = kinds.lines("/seatChanges/nodes", &["/person/name", "/anotherSeat", "/anotherDistrict"]);
        assert!(kinds.contains(&"Cleo Sample | false | true".to_owned()), "{kinds:?}");
        assert!(kinds.contains(&"Dora Sample | true | true".to_owned()), "{kinds:?}");
        let later = changes(&staff, json!({ "from": "2018-01-01" })).await;
        assert_eq!(later.len(), 2, "of those who were there twice since: {later:?}");
        assert_eq!(changes(&staff, json!({ "asOf": "2017-12-31" })).await, [""; 0]);
        let (answer, statements) = staff.counted(CHANGES, &Value::Null).await;
        answer.data();
        assert_eq!(statements, 5, "a page, a count, and one for each object");
    });
}

#[test]
fn pages_from_either_end_have_each_change_once() {
    with_fixture(async |service, _| {
        come_and_go(&service).await;
        let staff = service.as_role(Role::Staff);
        let whole = changes(&staff, Value::Null).await;
        for (count, beyond, end, more) in
            [("first", "after", "endCursor", "hasNextPage"), ("last", "before", "startCursor", "hasPreviousPage")]
        {
            let (mut rows, mut place) = (Vec::new(), Value::Null);
            loop {
                let mut variables = json!({});
                (variables[count], variables[beyond]) = (json!(2), place);
                let answer = staff.ask_with(CHANGES, &variables).await;
                let page = answer.lines("/seatChanges/nodes", &FIELDS);
                let at = if count == "first" { rows.len() } else { 0 };
                rows.splice(at..at, page);
                place = answer.at("/seatChanges/pageInfo")[end].clone();
                assert_eq!(answer.at("/seatChanges/totalCount"), whole.len());
                if answer.at("/seatChanges/pageInfo")[more] == false {
                    break;
                }
            }
            assert_eq!(rows, whole, "{count}");
        }
    });
}

#[test]
fn each_sees_the_changes_between_rosters_that_they_see() {
    with_fixture(async |service, fixture| {
        come_and_go(&service).await;
        assert_eq!(service.ask_with(CHANGES, &Value::Null).await.codes(), ["UNAUTHENTICATED"]);
        for role in [Role::Partner, Role::Evaluator] {
            assert_eq!(service.as_role(role).ask_with(CHANGES, &Value::Null).await.codes(), ["FORBIDDEN"], "{role:?}");
        }
        let alder = changes(&lead(&service, &fixture, "alder"), Value::Null).await;
        assert_eq!(
            alder,
            ["Ben Sample | year-1 | year-2 | SCHOOL_BOARD_MEMBER | SUPERINTENDENT | alder | alder"],
            "who went to another district is not followed there, and what is not decided is not told"
        );
        assert_eq!(changes(&lead(&service, &fixture, "cedar"), Value::Null).await, [""; 0]);
        let chorus: OrganizationId = fixture.key("Organization", "chorus");
        let organizer = service.as_grants(vec![Grant::new(Role::Organizer, Scope::Organization(chorus))]);
        let seen = changes(&organizer, Value::Null).await;
        assert_eq!(seen.len(), 3, "{seen:?}");
        assert!(seen.iter().all(|change| !change.contains("year-4")), "{seen:?}");
        let draft: ConveningId = fixture.key("Convening", "draft");
        let other = service.as_grants(vec![Grant::new(Role::Organizer, Scope::Convening(draft))]);
        assert_eq!(changes(&other, Value::Null).await, [""; 0]);
        let auditor = changes(&service.as_role(Role::Auditor), Value::Null).await;
        assert_eq!(auditor.len(), 5);
    });
}
