//! Adding, changing and taking away organizations, and what is remembered of it.

use crate::writes::{assert_one_of_a_hundred, refusals};
use entity::ids::OrganizationId;
use lmi::auth::{Grant, Role, Scope};
use serde_json::{Value, json};
use tests::{Service, contents, with_empty, with_fixture};

const CREATE: &str = "mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) {
    organization { id slug name acronym version can } userErrors { field code message } } }";
const UPDATE: &str = "mutation ($id: ID!, $version: Int!, $input: UpdateOrganizationInput!, $reason: String) {
    updateOrganization(id: $id, version: $version, input: $input, reason: $reason) {
      organization { name acronym description website version } userErrors { field code } } }";
const DELETE: &str = "mutation ($id: ID!, $version: Int!) { deleteOrganization(id: $id, version: $version) {
    organization { slug } userErrors { field code } } }";

async fn create(service: &Service, name: &str) -> Value {
    let input = json!({ "input": { "name": name, "kind": "OTHER", "acronym": name.get(..2) } });
    service.ask_with(CREATE, &input).await.at("/createOrganization/organization")
}

#[test]
fn staff_add_change_and_take_away() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let made = create(&staff, "Alder Foundation").await;
        assert_eq!(made["slug"], "alder-foundation");
        assert_eq!(made["can"], json!(["update", "delete", "merge"]));
        let input = json!({ "description": "Gives grants.", "acronym": null });
        let change = json!({ "id": made["id"], "version": 1, "input": input, "reason": "Told by telephone." });
        let changed = staff.ask_with(UPDATE, &change).await.at("/updateOrganization/organization");
        let expected = json!({ "name": "Alder Foundation", "acronym": null, "description": "Gives grants.",
            "website": null, "version": 2 });
        assert_eq!(changed, expected, "what is not named stays, and null empties");
        let history = "query ($id: ID!) { node(id: $id) { ... on Organization { history { totalCount nodes {
            action origin reason changes { field before after } } } } } }";
        let answer = staff.ask_with(history, &json!({ "id": made["id"] })).await;
        insta::assert_json_snapshot!(answer.at("/node/history"));
        let gone = staff.ask_with(DELETE, &json!({ "id": made["id"], "version": 2 })).await;
        assert_eq!(gone.at("/deleteOrganization/organization/slug"), "alder-foundation");
        assert_eq!(contents(&service.db).await["organization"], Vec::<String>::new());
    });
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_nothing_is_written() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        create(&staff, "Alder Foundation").await;
        let before = contents(&service.db).await;
        let parent = tests::fixtures::global_id("Organization", OrganizationId::new().0);
        let input = json!({ "slug": "No Slug", "name": " ", "kind": "OTHER",
            "parentId": parent, "alternateNames": ["Alder", ""] });
        let answer = staff.ask_with(CREATE, &json!({ "input": input })).await;
        let expected = [
            "[\"parentId\"] | NOT_FOUND",
            "[\"slug\"] | INVALID",
            "[\"name\"] | REQUIRED",
            "[\"alternateNames\"] | REQUIRED",
        ];
        assert_eq!(refusals(&answer, "createOrganization"), expected);
        let taken = json!({ "input": { "slug": "alder-foundation", "name": "Another", "kind": "OTHER" } });
        let answer = staff.ask_with(CREATE, &taken).await;
        assert_eq!(refusals(&answer, "createOrganization"), ["[\"slug\"] | TAKEN"]);
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn of_a_hundred_changes_of_one_version_one_is_made() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let id = create(&staff, "Alder Foundation").await["id"].clone();
        let change = |number: usize| {
            let input = json!({ "description": format!("Change {number}.") });
            json!({ "id": id, "version": 1, "input": input })
        };
        assert_one_of_a_hundred(&staff, (UPDATE, "updateOrganization"), change).await;
    });
}

#[test]
fn a_partner_changes_its_own_organization_and_no_other() {
    with_fixture(async |service, fixture| {
        let north: OrganizationId = fixture.key("Organization", "north");
        let grant = Grant::new(Role::Partner, Scope::Organization(north));
        let partner = service.as_grants(vec![grant]);
        let change = async |service: &Service, name: &str| {
            let id = &fixture.find("Organization", name).id;
            let input = json!({ "description": "In our own words." });
            service.ask_with(UPDATE, &json!({ "id": id, "version": 1, "input": input })).await
        };
        assert_eq!(refusals(&change(&partner, "north").await, "updateOrganization"), Vec::<String>::new());
        assert_eq!(change(&partner, "south").await.codes(), ["FORBIDDEN"]);
        assert_eq!(change(&service, "south").await.codes(), ["UNAUTHENTICATED"]);
        for role in [Role::Partner, Role::Evaluator, Role::Auditor] {
            assert_eq!(change(&service.as_role(role), "south").await.codes(), ["FORBIDDEN"], "{role:?}");
        }
        let input = json!({ "input": { "name": "Another", "kind": "OTHER" } });
        assert_eq!(partner.ask_with(CREATE, &input).await.codes(), ["FORBIDDEN"]);
    });
}

#[test]
fn what_something_refers_to_stays() {
    with_fixture(async |service, fixture| {
        let id = &fixture.find("Organization", "north").id;
        let answer = service.as_role(Role::Admin).ask_with(DELETE, &json!({ "id": id, "version": 1 })).await;
        assert_eq!(refusals(&answer, "deleteOrganization"), ["[\"id\"] | IN_USE"]);
        assert_eq!(answer.at("/deleteOrganization/organization"), Value::Null);
    });
}
