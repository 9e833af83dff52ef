//! Adding, changing, deciding on and taking away districts, and what imports leave of it.

use crate::state_file::{FILE, imported};
use crate::writes::{assert_one_of_a_hundred, refusals};
use entity::district;
use lmi::auth::{Grant, Role, Scope};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _, TransactionTrait as _};
use serde_json::{Value, json};
use tests::fixtures::Fixture;
use tests::{Answer, Service, contents, texts, with_empty, with_fixture, with_record};

const CREATE: &str = "mutation ($input: CreateDistrictInput!) { createDistrict(input: $input) {
    district { id slug name status cdsCode kind county { name } version can candidates { cdsCode county { name } }
      location { latitude longitude } }
    userErrors { field code message } } }";
const UPDATE: &str = "mutation ($id: ID!, $version: Int!, $input: UpdateDistrictInput!) {
    updateDistrict(id: $id, version: $version, input: $input) {
      district { name status cdsCode county { name } city website enrollment alternateNames version
        location { latitude } candidates { cdsCode } }
      userErrors { field code } } }";
const RESOLVE: &str = "mutation ($id: ID!, $version: Int!, $cdsCode: String!) {
    resolveDistrict(id: $id, version: $version, cdsCode: $cdsCode, kind: HIGH, reason: \"By telephone.\") {
      district { name status cdsCode kind county { name } version candidates { cdsCode }
        history(first: 1) { nodes { reason } } }
      userErrors { field code message allowed } } }";
const DELETE: &str = "mutation ($id: ID!, $version: Int!) { deleteDistrict(id: $id, version: $version) {
    district { slug } userErrors { field code } } }";

async fn create(service: &Service, input: Value) -> Answer {
    service.ask_with(CREATE, &json!({ "input": input })).await
}

async fn update(service: &Service, id: &Value, version: i32, input: Value) -> Answer {
    service.ask_with(UPDATE, &json!({ "id": id, "version": version, "input": input })).await
}

async fn resolve(service: &Service, id: &Value, version: i32, code: &str) -> Answer {
    service.ask_with(RESOLVE, &json!({ "id": id, "version": version, "cdsCode": code })).await
}

async fn delete(service: &Service, id: &Value, version: i32) -> Answer {
    service.ask_with(DELETE, &json!({ "id": id, "version": version })).await
}

async fn id_of(service: &Service, slug: &str) -> Value {
    let document = "query ($slug: String!) { district(by: {slug: $slug}) { id } }";
    service.ask_with(document, &json!({ "slug": slug })).await.at("/district/id")
}

fn lead(service: &Service, fixture: &Fixture) -> Service {
    let scope = Scope::District(fixture.key("District", "alder"));
    service.as_grants(vec![Grant::new(Role::TeamLead, scope)])
}

#[test]
fn staff_add_change_and_take_away() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let input = json!({ "name": "Alder Unified", "cdsCode": "01999990000000", "kind": "UNIFIED",
            "location": { "latitude": 37.5, "longitude": -122.0 } });
        let made = create(&staff, input).await.at("/createDistrict/district");
        let expected = json!({ "id": made["id"], "slug": "alder-unified", "name": "Alder Unified", "status": "ACTIVE",
            "cdsCode": "01999990000000", "kind": "UNIFIED", "county": { "name": "Alameda" }, "version": 1,
            "can": ["update", "delete", "merge"], "candidates": [],
            "location": { "latitude": 37.5, "longitude": -122.0 } });
        assert_eq!(made, expected);
        let input = json!({ "cdsCode": "02999990000000", "city": "Alderton", "location": null,
            "alternateNames": ["Alder USD"], "website": "https://alder.example", "enrollment": 1200 });
        let changed = update(&staff, &made["id"], 1, input).await.at("/updateDistrict/district");
        let expected = json!({ "name": "Alder Unified", "status": "ACTIVE", "cdsCode": "02999990000000",
            "county": { "name": "Alpine" }, "city": "Alderton", "website": "https://alder.example", "enrollment": 1200,
            "alternateNames": ["Alder USD"], "version": 2, "location": null, "candidates": [] });
        assert_eq!(changed, expected, "what is not named stays, null empties, and the code says the county");
        assert_eq!(delete(&staff, &made["id"], 2).await.at("/deleteDistrict/district/slug"), "alder-unified");
        assert_eq!(contents(&service.db).await["district"], Vec::<String>::new());
    });
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_nothing_is_written() {
    with_record(async |service| {
        let staff = service.as_role(Role::Staff);
        let before = contents(&service.db).await;
        let place = json!({ "latitude": 91, "longitude": -181 });
        let wrong = json!({ "slug": "No Slug", "name": "", "cdsCode": "99123", "ncesId": "1234567", "city": " ",
            "enrollment": -1, "location": place, "candidates": [{ "cdsCode": "1", "name": "" }] });
        let expected = [
            "[\"slug\"] | INVALID",
            "[\"name\"] | REQUIRED",
            "[\"cdsCode\"] | INVALID",
            "[\"kind\"] | REQUIRED",
            "[\"ncesId\"] | INVALID",
            "[\"city\"] | REQUIRED",
            "[\"enrollment\"] | INVALID",
            "[\"location\",\"latitude\"] | INVALID",
            "[\"location\",\"longitude\"] | INVALID",
            "[\"candidates\"] | INVALID",
            "[\"candidates\",\"0\",\"cdsCode\"] | INVALID",
            "[\"candidates\",\"0\",\"name\"] | REQUIRED",
        ];
        assert_eq!(refusals(&create(&staff, wrong).await, "createDistrict"), expected);
        let unresolved = json!({ "name": "Alder", "status": "UNRESOLVED", "kind": "HIGH", "ncesId": "0612345" });
        let expected = ["[\"ncesId\"] | INVALID", "[\"kind\"] | INVALID"];
        assert_eq!(refusals(&create(&staff, unresolved).await, "createDistrict"), expected);
        let expected = ["[\"cdsCode\"] | REQUIRED", "[\"kind\"] | REQUIRED"];
        let active = json!({ "name": "Alder", "status": "ACTIVE" });
        assert_eq!(refusals(&create(&staff, active).await, "createDistrict"), expected);
        let code = json!({ "name": "Alder", "cdsCode": "19642120000000", "kind": "UNIFIED" });
        assert_eq!(refusals(&create(&staff, code).await, "createDistrict"), ["[\"cdsCode\"] | TAKEN"]);
        let id = id_of(&service, "abc-unified-school-district").await;
        let emptied = update(&staff, &id, 1, json!({ "name": null, "status": null, "cdsCode": null })).await;
        let expected = ["[\"name\"] | REQUIRED", "[\"status\"] | REQUIRED", "[\"cdsCode\"] | REQUIRED"];
        assert_eq!(refusals(&emptied, "updateDistrict"), expected);
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn of_a_hundred_changes_of_one_version_one_is_made() {
    with_fixture(async |service, fixture| {
        let id = &fixture.find("District", "alder").id;
        let change = |number: usize| json!({ "id": id, "version": 1, "input": { "enrollment": number } });
        assert_one_of_a_hundred(&lead(&service, &fixture), (UPDATE, "updateDistrict"), change).await;
    });
}

#[test]
fn a_team_lead_writes_the_own_districts_profile_and_nothing_else() {
    with_fixture(async |service, fixture| {
        let lead = lead(&service, &fixture);
        let id = |name: &str| json!(fixture.find("District", name).id);
        let before = contents(&service.db).await;
        let profile = json!({ "website": "https://alder.example", "city": "Alderton", "enrollment": 800,
            "alternateNames": ["Alder USD"], "location": { "latitude": 37, "longitude": -122 },
            "sources": [{ "document": "Our own site" }] });
        for registered in [
            json!({ "name": "Alder the Great" }),
            // What it is called already is refused too: nobody has to guess when it is not.
            json!({ "name": "District alder" }),
            json!({ "cdsCode": "01999990000000" }),
            json!({ "ncesId": "0612345" }),
            json!({ "kind": "HIGH" }),
            json!({ "status": "CLOSED" }),
        ] {
            let mut input = profile.clone();
            for (field, value) in registered.as_object().into_iter().flatten() {
                input[field] = value.clone();
            }
            assert_eq!(update(&lead, &id("alder"), 1, input).await.codes(), ["FORBIDDEN"], "{registered}");
        }
        assert_eq!(update(&lead, &id("birch"), 1, profile.clone()).await.codes(), ["FORBIDDEN"]);
        assert_eq!(delete(&lead, &id("alder"), 1).await.codes(), ["FORBIDDEN"]);
        assert_eq!(resolve(&lead, &id("alder"), 1, "01999990000000").await.codes(), ["FORBIDDEN"]);
        assert_eq!(create(&lead, json!({ "name": "Another" })).await.codes(), ["FORBIDDEN"]);
        assert!(contents(&service.db).await == before, "nothing was written");
        let changed = update(&lead, &id("alder"), 1, profile).await.at("/updateDistrict/district");
        assert_eq!((&changed["city"], &changed["version"]), (&json!("Alderton"), &json!(2)));
    });
}

#[test]
fn nobody_else_writes_districts() {
    with_fixture(async |service, fixture| {
        let before = contents(&service.db).await;
        let scope = |role, scope| service.as_grants(vec![Grant::new(role, scope)]);
        let refused = [
            (service.clone(), "UNAUTHENTICATED"),
            (scope(Role::Partner, Scope::Organization(fixture.key("Organization", "locals"))), "FORBIDDEN"),
            (scope(Role::Organizer, Scope::Convening(fixture.key("Convening", "draft"))), "FORBIDDEN"),
            (scope(Role::Staff, Scope::District(fixture.key("District", "alder"))), "FORBIDDEN"),
            (service.as_role(Role::Evaluator), "FORBIDDEN"),
            (service.as_role(Role::Auditor), "FORBIDDEN"),
        ];
        let id = json!(fixture.find("District", "alder").id);
        for (viewer, code) in refused {
            for answer in [
                create(&viewer, json!({ "name": "Another", "slug": "alder" })).await,
                update(&viewer, &id, 1, json!({ "city": "Alderton" })).await,
                resolve(&viewer, &id, 1, "01999990000000").await,
                delete(&viewer, &id, 1).await,
            ] {
                assert_eq!(answer.codes(), [code], "{}", answer.text);
            }
        }
        let used = delete(&service.as_role(Role::Admin), &id, 1).await;
        assert_eq!(refusals(&used, "deleteDistrict"), ["[\"id\"] | IN_USE"]);
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn a_person_decides_which_district_one_is() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let candidates = json!([{ "cdsCode": "19642460000000", "name": "Alder Union High" },
            { "cdsCode": "01999990000000", "name": "Alder High" }]);
        let made = create(&staff, json!({ "name": "Alder Unified", "candidates": candidates })).await;
        let made = made.at("/createDistrict/district");
        assert_eq!((&made["status"], &made["county"]), (&json!("UNRESOLVED"), &Value::Null));
        let counties = made["candidates"].as_array().into_iter().flatten();
        let counties: Vec<_> = counties.map(|candidate| &candidate["county"]["name"]).collect();
        assert_eq!(counties, ["Alameda", "Los Angeles"]);
        let before = contents(&service.db).await;
        for code in ["99999990000000", "19642460000001", ""] {
            let refused = resolve(&staff, &made["id"], 1, code).await;
            assert_eq!(refusals(&refused, "resolveDistrict")[0], "[\"cdsCode\"] | INVALID", "{code}");
        }
        assert_eq!(
            refusals(&resolve(&staff, &made["id"], 7, "19642460000000").await, "resolveDistrict"),
            ["[\"version\"] | STALE_VERSION"]
        );
        assert!(contents(&service.db).await == before, "nothing was written");
        let answer = resolve(&staff, &made["id"], 1, "19642460000000").await;
        let expected = json!({ "name": "Alder Unified", "status": "ACTIVE", "cdsCode": "19642460000000", "kind": "HIGH",
            "county": { "name": "Los Angeles" }, "version": 2, "candidates": [],
            "history": { "nodes": [{ "reason": "By telephone." }] } });
        assert_eq!(answer.at("/resolveDistrict/district"), expected);
        let again = resolve(&staff, &made["id"], 2, "19642460000000").await;
        assert_eq!(refusals(&again, "resolveDistrict"), ["[\"id\"] | ILLEGAL_TRANSITION"]);
        assert_eq!(again.at("/resolveDistrict/userErrors/0/allowed"), json!([]));
        // A decision that was wrong is taken back.
        let back = json!({ "status": "UNRESOLVED", "cdsCode": null, "kind": null });
        let back = update(&staff, &made["id"], 2, back).await.at("/updateDistrict/district");
        assert_eq!((&back["status"], &back["county"]), (&json!("UNRESOLVED"), &Value::Null));
    });
}

#[test]
fn where_the_district_is_here_already_the_two_are_to_be_merged() {
    with_record(async |service| {
        imported(&service, FILE).await;
        let staff = service.as_role(Role::Staff);
        let id = id_of(&service, "antelope-valley-unified-school-district").await;
        let before = contents(&service.db).await;
        let answer = resolve(&staff, &id, 1, "19642460000000").await;
        assert_eq!(refusals(&answer, "resolveDistrict"), ["[\"cdsCode\"] | CONFLICT"]);
        assert!(answer.text.contains("Merge the two"), "{}", answer.text);
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn of_two_who_decide_on_one_code_at_once_one_does() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let mut deciding = Vec::new();
        for name in ["Alder Unified", "Birch Unified"] {
            let id = create(&staff, json!({ "name": name })).await.at("/createDistrict/district/id");
            let staff = staff.clone();
            deciding.push(tokio::spawn(async move { resolve(&staff, &id, 1, "19642460000000").await }));
        }
        let mut told = Vec::new();
        for decided in deciding {
            told.extend(refusals(&decided.await.expect("an answer"), "resolveDistrict"));
        }
        assert_eq!(told, ["[\"cdsCode\"] | CONFLICT"]);
        let unresolved = "SELECT slug AS text FROM district WHERE status = 'unresolved'";
        assert_eq!(texts(&service.db, unresolved).await.len(), 1);
    });
}

#[test]
fn an_import_keeps_what_a_person_wrote_and_says_what_it_changed() {
    with_record(async |service| {
        imported(&service, FILE).await;
        let staff = service.as_role(Role::Staff);
        let document =
            "{ district(by: {cdsCode: \"01612750000000\"}) { id name alternateNames website enrollment version
            history { nodes { action origin } } } }";
        let before = staff.ask(document).await.at("/district");
        assert_eq!(before["history"]["nodes"], json!([{ "action": "CREATED", "origin": "COMMAND_LINE" }]));
        let input = json!({ "name": "Piedmont Schools", "website": "https://piedmont.example", "enrollment": 2500 });
        update(&staff, &before["id"], 1, input).await;
        imported(&service, FILE).await;
        let after = staff.ask(document).await.at("/district");
        let expected = json!({ "id": before["id"], "name": "Piedmont Schools", "website": "https://piedmont.example",
            "alternateNames": ["Piedmont City Unified"], "enrollment": 2500, "version": 3,
            "history": { "nodes": [{ "action": "UPDATED", "origin": "COMMAND_LINE" },
                { "action": "UPDATED", "origin": "ACCOUNT" }, { "action": "CREATED", "origin": "COMMAND_LINE" }] } });
        assert_eq!(after, expected);
    });
}

#[test]
fn an_import_does_not_undo_what_is_written_meanwhile() {
    with_empty(async |service| {
        imported(&service, FILE).await;
        let id = district::Entity::find().one(&service.db).await.expect("an answer").expect("a district").id;
        let writing = service.db.begin().await.expect("a transaction");
        let website = Set(Some("https://meanwhile.example".to_owned()));
        let row = district::ActiveModel { id: Set(id), website, city: Set(None), ..Default::default() };
        row.update(&writing).await.expect("a change");
        let importing = {
            let service = service.clone();
            tokio::spawn(async move { imported(&service, FILE).await })
        };
        let blocked = "SELECT 'waiting' AS text FROM pg_stat_activity WHERE wait_event_type = 'Lock' \
                       AND datname = current_database()";
        while texts(&service.db, blocked).await.is_empty() {
            assert!(!importing.is_finished(), "it waits for what is being written");
            tokio::task::yield_now().await;
        }
        writing.commit().await.expect("a change kept");
        importing.await.expect("an import");
        let row = district::Entity::find_by_id(id).one(&service.db).await.expect("an answer").expect("a district");
        assert_eq!(row.website.as_deref(), Some("https://meanwhile.example"));
        assert!(row.city.is_some(), "the directory's city is back");
    });
}
