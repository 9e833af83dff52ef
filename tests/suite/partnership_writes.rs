//! Partnerships of districts and unions: staff write them, since neither of the two speaks for both.

use crate::writes::{assert_one_of_a_hundred, refusals};
use entity::ids::OrganizationId;
use lmi::auth::{Grant, Role, Scope};
use serde_json::{Value, json};
use tests::fixtures::{Fixture, global_id};
use tests::{Answer, Service, contents, with_fixture};

const CREATE: &str = "mutation ($input: CreatePartnershipInput!) { createPartnership(input: $input) {
    partnership { id version sinceYear codifiedIn description district { slug } organization { slug } can }
    userErrors { field code } } }";
const UPDATE: &str = "mutation ($id: ID!, $version: Int!, $input: UpdatePartnershipInput!) {
    updatePartnership(id: $id, version: $version, input: $input, reason: \"As the contract says.\") {
      partnership { version sinceYear codifiedIn description history { nodes { reason } } } userErrors { field code } } }";
const DELETE: &str = "mutation ($id: ID!, $version: Int!) { deletePartnership(id: $id, version: $version) {
    partnership { sinceYear } userErrors { field code } } }";

fn input(fixture: &Fixture, district: &str, organization: &str) -> Value {
    let (district, organization) =
        (&fixture.find("District", district).id, &fixture.find("Organization", organization).id);
    json!({ "districtId": district, "organizationId": organization })
}

async fn create(service: &Service, input: Value) -> Answer {
    service.ask_with(CREATE, &json!({ "input": input })).await
}

async fn update(service: &Service, id: &Value, version: i32, input: Value) -> Answer {
    service.ask_with(UPDATE, &json!({ "id": id, "version": version, "input": input })).await
}

async fn delete(service: &Service, id: &Value, version: i32) -> Answer {
    service.ask_with(DELETE, &json!({ "id": id, "version": version })).await
}

#[test]
fn staff_add_change_and_take_away() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let mut new = input(&fixture, "birch", "unions");
        new["sinceYear"] = json!(1999);
        new["codifiedIn"] = json!("1999-2002 contract");
        let made = create(&staff, new).await.at("/createPartnership/partnership");
        let expected = json!({ "id": made["id"], "version": 1, "sinceYear": 1999, "codifiedIn": "1999-2002 contract",
            "description": null, "district": { "slug": "birch" }, "organization": { "slug": "unions" },
            "can": ["update", "delete", "merge"] });
        assert_eq!(made, expected);
        let input = json!({ "codifiedIn": null, "description": "They meet each month." });
        let changed = update(&staff, &made["id"], 1, input).await.at("/updatePartnership/partnership");
        let expected = json!({ "version": 2, "sinceYear": 1999, "codifiedIn": null,
            "description": "They meet each month.",
            "history": { "nodes": [{ "reason": "As the contract says." }, { "reason": null }] } });
        assert_eq!(changed, expected);
        let gone = delete(&staff, &made["id"], 2).await;
        assert_eq!(gone.at("/deletePartnership/partnership/sinceYear"), 1999);
        let shown = service.ask_with("query ($id: ID!) { node(id: $id) { id } }", &json!({ "id": made["id"] })).await;
        assert_eq!(shown.at("/node"), Value::Null);
    });
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_nothing_is_written() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let before = contents(&service.db).await;
        let mut wrong = input(&fixture, "birch", "unions");
        wrong["organizationId"] = json!(global_id("Organization", OrganizationId::new().0));
        wrong["sinceYear"] = json!(1066);
        wrong["codifiedIn"] = json!(" ");
        wrong["description"] = json!("");
        let expected = [
            "[\"organizationId\"] | NOT_FOUND",
            "[\"sinceYear\"] | INVALID",
            "[\"codifiedIn\"] | REQUIRED",
            "[\"description\"] | INVALID",
        ];
        assert_eq!(refusals(&create(&staff, wrong).await, "createPartnership"), expected);
        let twice = create(&staff, input(&fixture, "alder", "locals")).await;
        assert_eq!(refusals(&twice, "createPartnership"), ["[\"organizationId\"] | TAKEN"]);
        let mut exchanged = input(&fixture, "alder", "locals");
        exchanged["districtId"] = exchanged["organizationId"].clone();
        assert_eq!(create(&staff, exchanged).await.codes(), ["BAD_USER_INPUT"]);
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn of_a_hundred_changes_of_one_version_one_is_made() {
    with_fixture(async |service, fixture| {
        let id = &fixture.find("Partnership", "partnership").id;
        let change = |number: usize| json!({ "id": id, "version": 1, "input": { "sinceYear": 1900 + number } });
        assert_one_of_a_hundred(&service.as_role(Role::Staff), (UPDATE, "updatePartnership"), change).await;
    });
}

#[test]
fn neither_of_the_two_writes_it_alone() {
    with_fixture(async |service, fixture| {
        let before = contents(&service.db).await;
        let locals = Scope::Organization(fixture.key("Organization", "locals"));
        let alder = Scope::District(fixture.key("District", "alder"));
        let draft = Scope::Convening(fixture.key("Convening", "draft"));
        let refused = [
            (service.clone(), "UNAUTHENTICATED"),
            (service.as_grants(vec![Grant::new(Role::Partner, locals)]), "FORBIDDEN"),
            (service.as_grants(vec![Grant::new(Role::TeamLead, alder)]), "FORBIDDEN"),
            (service.as_grants(vec![Grant::new(Role::Organizer, draft)]), "FORBIDDEN"),
            (service.as_role(Role::Evaluator), "FORBIDDEN"),
            (service.as_role(Role::Auditor), "FORBIDDEN"),
        ];
        let id = json!(fixture.find("Partnership", "partnership").id);
        for (viewer, code) in refused {
            for answer in [
                create(&viewer, input(&fixture, "alder", "unions")).await,
                update(&viewer, &id, 1, json!({ "sinceYear": 1999 })).await,
                delete(&viewer, &id, 1).await,
            ] {
                assert_eq!(answer.codes(), [code], "{}", answer.text);
            }
        }
        assert!(contents(&service.db).await == before, "nothing was written");
        assert_eq!(delete(&service.as_role(Role::Admin), &id, 1).await.codes(), [""; 0]);
    });
}
