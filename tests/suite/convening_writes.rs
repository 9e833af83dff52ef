//! Adding, changing and taking away convenings.

use crate::expectations::viewers;
use entity::ids::{OrganizationId, RegionId};
use lmi::auth::{Grant, Role, Scope};
use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use serde_json::{Value, json};
use tests::fixtures::{GATHERINGS, global_id};
use tests::{Answer, Service, contents, texts, with_empty, with_fixture};

const CREATE: &str = "mutation ($input: CreateConveningInput!) { createConvening(input: $input) {
    convening { id slug status version can timeZone hostedByInitiative organizer { slug } strands { position title }
      venue { city county { name } } compositionRule { version } teamCapacity objectives }
    userErrors { field code message } } }";
const UPDATE: &str = "mutation ($id: ID!, $version: Int!, $input: UpdateConveningInput!, $reason: String) {
    updateConvening(id: $id, version: $version, input: $input, reason: $reason) {
      convening { version title description venue { name city address county { name } } statementsOfInterest { value qualifier }
        objectives capacityReasons applicationsCloseAt compositionRule { version } }
      userErrors { field code message } } }";
const DELETE: &str = "mutation ($id: ID!, $version: Int!) { deleteConvening(id: $id, version: $version) {
    convening { slug } userErrors { field code allowed } } }";

fn input(more: &Value) -> Value {
    let mut input =
        json!({ "title": "Redwood Summit", "kind": "SUMMIT", "startsOn": "2027-03-01", "endsOn": "2027-03-02" });
    for (name, value) in more.as_object().into_iter().flatten() {
        input[name] = value.clone();
    }
    json!({ "input": input })
}

async fn create(service: &Service, more: Value) -> Value {
    service.ask_with(CREATE, &input(&more)).await.at("/createConvening/convening")
}

async fn update(service: &Service, id: &str, version: i32, input: Value) -> Answer {
    service.ask_with(UPDATE, &json!({ "id": id, "version": version, "input": input })).await
}

fn refusals(answer: &Answer, mutation: &str) -> Vec<String> {
    answer.lines(&format!("/{mutation}/userErrors"), &["/field", "/code"])
}

/// The code of a refusal before the input was looked at, or the faults in it.
fn outcome(answer: &Answer, mutation: &str) -> Vec<String> {
    if answer.codes().is_empty() { refusals(answer, mutation) } else { answer.codes() }
}

const NONE: [&str; 0] = [];

#[test]
fn staff_add_a_draft_and_change_it_field_by_field() {
    with_fixture(async |service, _| {
        let staff = service.as_role(Role::Staff);
        let county = staff.ask("{ counties { id name } }").await.at("/counties/0");
        let made = create(
            &staff,
            json!({ "venue": { "city": "Elm City", "countyId": county["id"] }, "compositionRule": 1,
            "strands": ["Trust", "Teaching"], "objectives": ["To meet"], "teamCapacity": 40 }),
        )
        .await;
        assert_eq!((&made["slug"], &made["status"]), (&json!("redwood-summit"), &json!("DRAFT")));
        assert_eq!(made["timeZone"], "America/Los_Angeles");
        assert_eq!(made["can"], json!(["update", "delete", "announce", "cancel"]));
        assert_eq!(
            made["strands"],
            json!([{ "position": 1, "title": "Trust" }, { "position": 2, "title": "Teaching" }])
        );
        assert_eq!(made["compositionRule"], json!({ "version": 1 }));
        let id = made["id"].as_str().unwrap_or_default();
        let change = json!({ "description": "Two days.", "venue": { "name": "Elm Hall" }, "compositionRule": null,
            "statementsOfInterest": { "value": 95, "qualifier": "MORE_THAN" } });
        let changed = update(&staff, id, 1, change).await.at("/updateConvening/convening");
        let expected = json!({ "version": 2, "title": "Redwood Summit", "description": "Two days.",
            "venue": { "name": "Elm Hall", "city": "Elm City", "address": null, "county": { "name": county["name"] } },
            "statementsOfInterest": { "value": 95, "qualifier": "MORE_THAN" }, "objectives": ["To meet"],
            "capacityReasons": [], "applicationsCloseAt": null, "compositionRule": null });
        assert_eq!(changed, expected, "what is not named stays, within the venue too");
        let clear = json!({ "description": null, "venue": null, "statementsOfInterest": null, "objectives": null });
        let changed = update(&staff, id, 2, clear).await.at("/updateConvening/convening");
        assert_eq!((&changed["venue"], &changed["statementsOfInterest"]), (&Value::Null, &Value::Null));
        assert_eq!((&changed["description"], &changed["objectives"]), (&Value::Null, &json!([])));
        let same = update(&staff, id, 3, json!({ "title": "Redwood Summit" })).await;
        assert_eq!(same.at("/updateConvening/convening/version"), 3, "what changes nothing is no change");
        assert_eq!(create(&staff, json!({})).await["slug"], "redwood-summit-2");
    });
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_nothing_is_written() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let id = create(&staff, json!({})).await["id"].clone();
        let before = contents(&service.db).await;
        let nobody = global_id("Organization", OrganizationId::new().0);
        let wrong = json!({ "title": " ", "startsOn": "2027-03-03", "timeZone": "America/Sacramento", "teamCapacity": 0,
            "venue": { "city": "", "countyId": global_id("County", OrganizationId::new().0) },
            "organizerId": nobody, "compositionRule": 7, "strands": ["Trust", ""], "objectives": [" "],
            "applicationsOpenAt": "2027-01-02T00:00:00Z", "applicationsCloseAt": "2027-01-01T00:00:00Z",
            "statementsOfInterest": { "value": -1, "qualifier": "EXACT" } });
        let expected = [
            "[\"organizerId\"] | NOT_FOUND",
            "[\"venue\",\"countyId\"] | NOT_FOUND",
            "[\"compositionRule\"] | NOT_FOUND",
            "[\"title\"] | REQUIRED",
            "[\"endsOn\"] | INVALID",
            "[\"timeZone\"] | INVALID",
            "[\"venue\",\"city\"] | REQUIRED",
            "[\"applicationsCloseAt\"] | INVALID",
            "[\"teamCapacity\"] | INVALID",
            "[\"statementsOfInterest\"] | INVALID",
            "[\"objectives\"] | INVALID",
            "[\"strands\"] | REQUIRED",
        ];
        let changed = update(&staff, id.as_str().unwrap_or_default(), 1, wrong.clone()).await;
        assert_eq!(refusals(&changed, "updateConvening"), expected);
        let mut wrong = wrong;
        wrong["slug"] = json!("No Slug");
        let created = staff.ask_with(CREATE, &input(&wrong)).await;
        let mut expected = expected.to_vec();
        expected.insert(3, "[\"slug\"] | INVALID");
        assert_eq!(refusals(&created, "createConvening"), expected);
        let taken = staff.ask_with(CREATE, &input(&json!({ "slug": "redwood-summit" }))).await;
        assert_eq!(refusals(&taken, "createConvening"), ["[\"slug\"] | TAKEN"]);
        let emptied = json!({ "title": null, "kind": null, "startsOn": null, "endsOn": null, "timeZone": null,
            "hostedByInitiative": null });
        let emptied = update(&staff, id.as_str().unwrap_or_default(), 1, emptied).await;
        assert_eq!(refusals(&emptied, "updateConvening").len(), 6);
        assert!(refusals(&emptied, "updateConvening").iter().all(|line| line.ends_with("REQUIRED")));
        let misplaced = staff.ask_with(CREATE, &input(&json!({ "regionId": nobody }))).await;
        assert_eq!(misplaced.codes(), ["BAD_USER_INPUT"], "an id of another type");
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn an_organizer_adds_and_keeps_convenings_within_the_own_scope() {
    with_fixture(async |service, fixture| {
        let id = |name: &str| fixture.find("Organization", name).id.clone();
        let regions = fixture.regions.map(|RegionId(key)| global_id("Region", key));
        let grant = |scope| service.as_grants(vec![Grant::new(Role::Organizer, scope)]);
        let of_north = grant(Scope::Organization(fixture.key("Organization", "north")));
        let of_region = grant(Scope::Region(fixture.regions[0]));
        let before = contents(&service.db).await;
        let elsewhere = [
            (&of_north, json!({ "organizerId": id("south") })),
            (&of_north, json!({})),
            (&of_north, json!({ "regionId": regions[0] })),
            (&of_region, json!({ "regionId": regions[1] })),
            (&of_region, json!({ "organizerId": id("north") })),
        ];
        for (organizer, mut place) in elsewhere {
            assert_eq!(
                outcome(&organizer.ask_with(CREATE, &input(&place.clone())).await, "createConvening"),
                ["FORBIDDEN"]
            );
            // Nor is anything told of a slug that a hidden draft has.
            place["slug"] = json!("draft");
            assert_eq!(outcome(&organizer.ask_with(CREATE, &input(&place)).await, "createConvening"), ["FORBIDDEN"]);
        }
        assert!(contents(&service.db).await == before, "nothing was written");
        let made = create(&of_north, json!({ "organizerId": id("north") })).await;
        assert_eq!(made["can"], json!(["update", "delete", "announce", "cancel"]));
        let made = made["id"].as_str().unwrap_or_default();
        for away in [json!({ "organizerId": id("south") }), json!({ "organizerId": null })] {
            assert_eq!(outcome(&update(&of_north, made, 1, away).await, "updateConvening"), ["FORBIDDEN"]);
        }
        assert_eq!(
            outcome(&update(&of_region, made, 1, json!({ "title": "Mine" })).await, "updateConvening"),
            ["NOT_FOUND"]
        );
        let into_region = json!({ "regionId": regions[0] });
        assert_eq!(outcome(&update(&of_north, made, 1, into_region).await, "updateConvening"), NONE);
        assert_eq!(outcome(&update(&of_region, made, 2, json!({ "title": "Ours" })).await, "updateConvening"), NONE);
        create(&of_region, json!({ "regionId": regions[0], "organizerId": id("south") })).await;
        // One that is nobody's own.
        let free = "UPDATE convening SET region_id = NULL, organizer_id = NULL WHERE slug = 'announced'";
        service.db.execute_unprepared(free).await.expect("nobody's");
        let announced = &fixture.find("Convening", "announced").id;
        assert_eq!(outcome(&update(&of_north, announced, 1, json!({})).await, "updateConvening"), ["FORBIDDEN"]);
        let gated = "query ($id: ID!) { convening(by: {id: $id}) { history { totalCount } teams { nodes { members { totalCount } } } } }";
        let gated = of_north.ask_with(gated, &json!({ "id": announced })).await.at("/convening");
        assert_eq!(gated, json!({ "history": null, "teams": { "nodes": [] } }));
    });
}

#[test]
fn only_those_whose_convening_it_is_can_change_it_or_take_it_away() {
    with_fixture(async |service, fixture| {
        let before = contents(&service.db).await;
        for viewer in viewers(&fixture) {
            let asked = viewer.service(&service);
            for gathering in GATHERINGS {
                let row = fixture.find("Convening", gathering.name);
                let expected = match (viewer.changes(gathering.name), viewer.sees(&row.parts)) {
                    (true, _) => "[\"version\"] | STALE_VERSION",
                    (false, true) => "FORBIDDEN",
                    (false, false) => "NOT_FOUND",
                };
                let message = format!("{}: {}", viewer.name, gathering.name);
                let changed = update(&asked, &row.id, 0, json!({ "title": "Taken over" })).await;
                assert_eq!(outcome(&changed, "updateConvening"), [expected], "{message}");
                let gone = asked.ask_with(DELETE, &json!({ "id": row.id, "version": 0 })).await;
                assert_eq!(outcome(&gone, "deleteConvening"), [expected], "{message}");
                let hidden = format!("facts-of-{}", gathering.name);
                assert!(viewer.sees(&row.parts) || !(changed.text + &gone.text).contains(&hidden), "{message}");
            }
            // Whoever may add none learns nothing of what there is.
            let answer = asked.ask_with(CREATE, &input(&json!({ "slug": "draft" }))).await;
            let expected =
                if ["staff", "an administrator"].contains(&viewer.name) { "[\"slug\"] | TAKEN" } else { "FORBIDDEN" };
            assert_eq!(outcome(&answer, "createConvening"), [expected], "{}", viewer.name);
        }
        assert_eq!(service.ask_with(CREATE, &input(&json!({}))).await.codes(), ["UNAUTHENTICATED"]);
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn days_leave_room_for_what_is_on_the_agenda() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let id = &fixture.find("Convening", "draft").id;
        // The last hour of the eighth of May at the place.
        let times = "UPDATE slot SET starts_at = '2026-05-08 23:00-07', ends_at = '2026-05-09 00:00-07' \
            FROM convening WHERE convening.id = convening_id AND slug = 'draft'";
        service.db.execute_unprepared(times).await.expect("a slot with times");
        for (change, expected) in [
            (json!({ "startsOn": "2026-05-09", "endsOn": "2026-05-09" }), ("startsOn", "slots 1, dated sessions 2")),
            (json!({ "startsOn": "2026-05-07", "endsOn": "2026-05-07" }), ("startsOn", "slots 1, dated sessions 2")),
            (json!({ "timeZone": "America/Denver" }), ("timeZone", "slots 1, dated sessions 0")),
        ] {
            let refused = update(&staff, id, 1, change).await.at("/updateConvening/userErrors/0");
            assert_eq!((&refused["field"][0], &refused["code"]), (&json!(expected.0), &json!("CONFLICT")));
            assert!(refused["message"].as_str().is_some_and(|text| text.contains(expected.1)), "{refused}");
        }
        let wider = update(&staff, id, 1, json!({ "startsOn": "2026-05-07", "endsOn": "2026-05-09" })).await;
        assert_eq!(refusals(&wider, "updateConvening"), NONE);
    });
}

#[test]
fn there_is_room_for_every_team_that_holds_a_place() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let id = &fixture.find("Convening", "selected").id;
        // One team each is selected, offered a place, confirmed and has attended.
        for (capacity, expected) in [(3, &["[\"teamCapacity\"] | CAPACITY_EXCEEDED"][..]), (4, &[])] {
            let answer = update(&staff, id, 1, json!({ "teamCapacity": capacity })).await;
            assert_eq!(refusals(&answer, "updateConvening"), expected);
        }
    });
}

#[test]
fn a_place_that_is_given_meanwhile_counts() {
    with_fixture(async |service, fixture| {
        let (staff, id) = (service.as_role(Role::Staff), fixture.find("Convening", "selected").id.clone());
        // Whoever gives a place locks the convening.
        let giving = service.db.begin().await.expect("a transaction");
        let lock = "SELECT FROM convening WHERE slug = 'selected' FOR UPDATE";
        giving.execute_unprepared(lock).await.expect("the convening");
        let change = tokio::spawn(async move { update(&staff, &id, 1, json!({ "teamCapacity": 4 })).await });
        let waiting = "SELECT count(*)::text AS text FROM pg_locks WHERE NOT granted AND pid IN \
            (SELECT pid FROM pg_stat_activity WHERE datname = current_database())";
        while !change.is_finished() && texts(&service.db, waiting).await != ["1"] {}
        let give = "UPDATE team SET status = 'selected' FROM convening AS c \
            WHERE c.id = convening_id AND c.slug = 'selected' AND team.status = 'waitlisted'";
        giving.execute_unprepared(give).await.expect("a place given");
        giving.commit().await.expect("given");
        let answer = change.await.expect("an answer");
        assert_eq!(refusals(&answer, "updateConvening"), ["[\"teamCapacity\"] | CAPACITY_EXCEEDED"]);
    });
}

#[test]
fn the_time_of_applications_stays_while_they_are_taken() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let id = &fixture.find("Convening", "applying").id;
        let window =
            json!({ "applicationsOpenAt": "2026-05-01T00:00:00Z", "applicationsCloseAt": "2026-07-01T00:00:00Z" });
        assert_eq!(refusals(&update(&staff, id, 1, window).await, "updateConvening"), NONE);
        let emptied = update(&staff, id, 2, json!({ "applicationsCloseAt": null })).await;
        assert_eq!(refusals(&emptied, "updateConvening"), ["[\"applicationsCloseAt\"] | REQUIRED"]);
        let longer = update(&staff, id, 2, json!({ "applicationsCloseAt": "2026-08-01T00:00:00Z" })).await;
        assert_eq!(longer.at("/updateConvening/convening/applicationsCloseAt"), "2026-08-01T00:00:00+00:00");
    });
}

#[test]
fn a_draft_that_nothing_refers_to_is_taken_away_with_its_parts() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let delete = async |id: &str| staff.ask_with(DELETE, &json!({ "id": id, "version": 1 })).await;
        let gathering = |name: &str| fixture.find("Convening", name).id.clone();
        let before = contents(&service.db).await;
        assert_eq!(refusals(&delete(&gathering("draft")).await, "deleteConvening"), ["[\"id\"] | IN_USE"]);
        let announced = delete(&gathering("announced")).await.at("/deleteConvening/userErrors/0");
        assert_eq!(announced["code"], "ILLEGAL_TRANSITION");
        assert_eq!(announced["allowed"], json!(["DRAFT", "AGENDA_PUBLISHED", "CANCELLED"]));
        assert!(contents(&service.db).await == before, "nothing was written");
        let made = create(&staff, json!({ "strands": ["Trust"] })).await;
        let parts = "INSERT INTO session_block (id, convening_id, position, title) SELECT gen_random_uuid(), id, 1, 'Block' \
              FROM convening WHERE slug = 'redwood-summit'; \
            INSERT INTO sponsorship (id, convening_id, organization_id, role, position) SELECT gen_random_uuid(), c.id, o.id, 'host', 1 \
              FROM convening AS c, organization AS o WHERE c.slug = 'redwood-summit' AND o.slug = 'north'; \
            INSERT INTO delegation (id, convening_id, organization_id) SELECT gen_random_uuid(), c.id, o.id \
              FROM convening AS c, organization AS o WHERE c.slug = 'redwood-summit' AND o.slug = 'north'; \
            INSERT INTO metric (id, convening_id, position, name, unit, value, qualifier, status) \
              SELECT gen_random_uuid(), id, 1, 'Districts', 'districts', 1, 'exact', 'final' FROM convening WHERE slug = 'redwood-summit'";
        service.db.execute_unprepared(parts).await.expect("parts");
        let gone = delete(made["id"].as_str().unwrap_or_default()).await;
        assert_eq!(gone.at("/deleteConvening/convening"), json!({ "slug": "redwood-summit" }));
        let mut after = contents(&service.db).await;
        after.remove("change");
        assert!(after.iter().all(|(table, rows)| rows == &before[table]), "all of it is gone");
    });
}
