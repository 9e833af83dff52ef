//! Who held which title where: written by whoever may change the person.

use crate::writes::{assert_one_of_a_hundred, refusals};
use entity::ids::{DistrictId, PersonId};
use lmi::auth::{Grant, Role, Scope};
use serde_json::{Value, json};
use tests::fixtures::{Fixture, global_id};
use tests::{Answer, Service, contents, with_fixture};

const CREATE: &str = "mutation ($input: CreateAffiliationInput!) { createAffiliation(input: $input) {
    affiliation { id version title startsOn organization { slug } district { slug } can }
    userErrors { field code message } } }";
const UPDATE: &str = "mutation ($id: ID!, $version: Int!, $input: UpdateAffiliationInput!) {
    updateAffiliation(id: $id, version: $version, input: $input) {
      affiliation { version title startsOn endsOn statedOn organization { slug } district { slug } }
      userErrors { field code } } }";
const END: &str = "mutation ($id: ID!, $version: Int!, $endsOn: Date!) {
    endAffiliation(id: $id, version: $version, endsOn: $endsOn, reason: \"Retired.\") {
      affiliation { version endsOn history { nodes { reason } } } userErrors { field code } } }";
const DELETE: &str = "mutation ($id: ID!, $version: Int!) { deleteAffiliation(id: $id, version: $version) {
    affiliation { title } userErrors { field code } } }";

fn id(fixture: &Fixture, typename: &str, name: &str) -> Value {
    json!(fixture.find(typename, name).id)
}

async fn create(service: &Service, input: Value) -> Answer {
    service.ask_with(CREATE, &json!({ "input": input })).await
}

async fn update(service: &Service, id: &Value, version: i32, input: Value) -> Answer {
    service.ask_with(UPDATE, &json!({ "id": id, "version": version, "input": input })).await
}

async fn end(service: &Service, id: &Value, version: i32, day: &str) -> Answer {
    service.ask_with(END, &json!({ "id": id, "version": version, "endsOn": day })).await
}

async fn delete(service: &Service, id: &Value, version: i32) -> Answer {
    service.ask_with(DELETE, &json!({ "id": id, "version": version })).await
}

#[test]
fn staff_add_change_end_and_take_away() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let input = json!({ "personId": id(&fixture, "Person", "marked"), "title": "Teacher", "startsOn": "2020-08-01",
            "organizationId": id(&fixture, "Organization", "north") });
        let made = create(&staff, input).await.at("/createAffiliation/affiliation");
        let expected = json!({ "id": made["id"], "version": 1, "title": "Teacher", "startsOn": "2020-08-01",
            "organization": { "slug": "north" }, "district": null, "can": ["update", "delete", "merge"] });
        assert_eq!(made, expected);
        let input = json!({ "organizationId": null, "districtId": id(&fixture, "District", "fir"),
            "startsOn": null, "statedOn": "2021-01-01" });
        let changed = update(&staff, &made["id"], 1, input).await.at("/updateAffiliation/affiliation");
        let expected = json!({ "version": 2, "title": "Teacher", "startsOn": null, "endsOn": null,
            "statedOn": "2021-01-01", "organization": null, "district": { "slug": "fir" } });
        assert_eq!(changed, expected);
        let ended = end(&staff, &made["id"], 2, "2022-06-30").await.at("/endAffiliation/affiliation");
        assert_eq!((&ended["endsOn"], &ended["version"]), (&json!("2022-06-30"), &json!(3)));
        assert_eq!(ended["history"]["nodes"][0]["reason"], "Retired.");
        let gone = delete(&staff, &made["id"], 3).await;
        assert_eq!(gone.at("/deleteAffiliation/affiliation/title"), "Teacher");
    });
}

#[test]
fn it_is_at_one_body_and_its_days_are_in_order() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let before = contents(&service.db).await;
        let (north, fir) = (id(&fixture, "Organization", "north"), id(&fixture, "District", "fir"));
        let person = id(&fixture, "Person", "marked");
        let refused = [
            (json!({}), vec!["[\"organizationId\"] | REQUIRED"]),
            (json!({ "organizationId": north, "districtId": fir }), vec!["[\"districtId\"] | INVALID"]),
            (
                json!({ "organizationId": north, "title": " ", "startsOn": "2020-01-02", "endsOn": "2020-01-01" }),
                vec!["[\"title\"] | REQUIRED", "[\"endsOn\"] | INVALID"],
            ),
            (
                json!({ "districtId": global_id("District", DistrictId::new().0), "sources": [{ "document": "" }] }),
                vec!["[\"districtId\"] | NOT_FOUND", "[\"sources\"] | REQUIRED"],
            ),
        ];
        for (mut input, expected) in refused {
            input["personId"] = person.clone();
            assert_eq!(refusals(&create(&staff, input).await, "createAffiliation"), expected);
        }
        let twice = json!({ "personId": person, "organizationId": id(&fixture, "Organization", "chorus"),
            "title": "Title of marked", "statedOn": "2026-05-08" });
        assert_eq!(refusals(&create(&staff, twice).await, "createAffiliation"), ["[\"title\"] | TAKEN"]);
        let affiliation = id(&fixture, "Affiliation", "marked");
        let none = update(&staff, &affiliation, 1, json!({ "organizationId": null })).await;
        assert_eq!(refusals(&none, "updateAffiliation"), ["[\"organizationId\"] | REQUIRED"]);
        let both = update(&staff, &affiliation, 1, json!({ "districtId": fir })).await;
        assert_eq!(refusals(&both, "updateAffiliation"), ["[\"districtId\"] | INVALID"]);
        assert_eq!(create(&staff, json!({ "personId": north, "districtId": fir })).await.codes(), ["BAD_USER_INPUT"]);
        assert!(contents(&service.db).await == before, "nothing was written");
        update(&staff, &affiliation, 1, json!({ "startsOn": "2020-01-02" })).await;
        let early = end(&staff, &affiliation, 2, "2020-01-01").await;
        assert_eq!(refusals(&early, "endAffiliation"), ["[\"endsOn\"] | INVALID"]);
    });
}

#[test]
fn of_a_hundred_changes_of_one_version_one_is_made() {
    with_fixture(async |service, fixture| {
        let affiliation = id(&fixture, "Affiliation", "marked");
        let change =
            |number: usize| json!({ "id": affiliation, "version": 1, "endsOn": format!("{}-01-01", 2030 + number) });
        assert_one_of_a_hundred(&service.as_role(Role::Staff), (END, "endAffiliation"), change).await;
    });
}

#[test]
fn each_role_writes_the_affiliations_of_people_that_it_may_change() {
    with_fixture(async |service, fixture| {
        let before = contents(&service.db).await;
        let north = id(&fixture, "Organization", "north");
        let viewers = [
            (None, "UNAUTHENTICATED"),
            // A partner would otherwise reach whomever it affiliates with itself.
            (Some((Role::Partner, Scope::Organization(fixture.key("Organization", "north")))), "FORBIDDEN"),
            (Some((Role::TeamLead, Scope::District(fixture.key("District", "alder")))), "FORBIDDEN"),
            (Some((Role::Organizer, Scope::Convening(fixture.key("Convening", "draft")))), "FORBIDDEN"),
            (Some((Role::Evaluator, Scope::Everything)), "FORBIDDEN"),
            (Some((Role::Auditor, Scope::Everything)), "FORBIDDEN"),
        ];
        for (grant, code) in viewers {
            let grants = grant.map(|(role, scope)| Grant::new(role, scope));
            let viewer = grants.map_or_else(|| service.clone(), |grant| service.as_grants(vec![grant]));
            // Everybody sees this one.
            let input = json!({ "personId": id(&fixture, "Person", "marked"), "organizationId": north });
            let affiliation = id(&fixture, "Affiliation", "marked");
            for answer in [
                create(&viewer, input).await,
                update(&viewer, &affiliation, 1, json!({ "organizationId": north })).await,
                end(&viewer, &affiliation, 1, "2030-01-01").await,
                delete(&viewer, &affiliation, 1).await,
            ] {
                assert_eq!(answer.codes(), [code], "{grant:?}: {}", answer.text);
            }
        }
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn an_organizer_affiliates_those_whom_it_entered_and_learns_of_nobody_else() {
    with_fixture(async |service, fixture| {
        let scope = Scope::Convening(fixture.key("Convening", "draft"));
        let organizer = service.as_grants(vec![Grant::new(Role::Organizer, scope)]);
        let document = "mutation { createPerson(input: {name: \"Unseen Newcomer\"}) { person { id } } }";
        let person = organizer.ask(document).await.at("/createPerson/person/id");
        let north = id(&fixture, "Organization", "north");
        let made = create(&organizer, json!({ "personId": person, "organizationId": north, "title": "Guide" })).await;
        let affiliation = made.at("/createAffiliation/affiliation/id");
        let ended = end(&organizer, &affiliation, 1, "2026-12-31").await;
        assert_eq!(ended.at("/endAffiliation/affiliation/endsOn"), "2026-12-31");
        assert_eq!(delete(&service, &affiliation, 2).await.codes(), ["NOT_FOUND"], "to the public it is not there");
        assert_eq!(refusals(&delete(&organizer, &affiliation, 2).await, "deleteAffiliation"), Vec::<String>::new());
        let hidden =
            create(&organizer, json!({ "personId": id(&fixture, "Person", "clerk-south"), "organizationId": north }))
                .await;
        let nobody =
            create(&organizer, json!({ "personId": global_id("Person", PersonId::new().0), "organizationId": north }));
        assert_eq!(hidden.text, nobody.await.text);
        assert_eq!(refusals(&hidden, "createAffiliation"), ["[\"personId\"] | NOT_FOUND"]);
        let answer = end(&organizer, &id(&fixture, "Affiliation", "clerk-south"), 1, "2030-01-01").await;
        assert_eq!(answer.codes(), ["NOT_FOUND"]);
    });
}

#[test]
fn who_is_taken_away_takes_affiliations_along_but_only_if_nothing_else_refers_there() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let document = "mutation ($id: ID!) { deletePerson(id: $id, version: 1) { userErrors { field code } } }";
        let before = contents(&service.db).await;
        for name in ["chair", "steward", "roster-of-draft-alder"] {
            let answer = staff.ask_with(document, &json!({ "id": id(&fixture, "Person", name) })).await;
            assert_eq!(refusals(&answer, "deletePerson"), ["[\"id\"] | IN_USE"], "{name}");
        }
        assert!(contents(&service.db).await == before, "nothing was written");
        let answer = staff.ask_with(document, &json!({ "id": id(&fixture, "Person", "clerk-south") })).await;
        assert_eq!(refusals(&answer, "deletePerson"), Vec::<String>::new());
        let after = contents(&service.db).await;
        for table in ["person", "person_contact", "affiliation"] {
            assert!(!after[table].iter().any(|row| row.contains("clerk-south")), "{table}");
        }
    });
}
