//! Adding, changing and taking away people: by staff anybody, by team leads and organizers those whom they entered.

use crate::writes::{assert_one_of_a_hundred, refusals};
use entity::ids::{AccountId, PersonId};
use lmi::auth::{Grant, Identity, Role, Scope, Viewer};
use sea_orm::prelude::Uuid;
use serde_json::{Value, json};
use tests::fixtures::{Fixture, global_id};
use tests::{Answer, Service, contents, with_empty, with_fixture};

const CREATE: &str = "mutation ($input: CreatePersonInput!) { createPerson(input: $input) {
    person { id slug name honorific biography isPublic version can contact { email phone } }
    userErrors { field code message } } }";
const UPDATE: &str = "mutation ($id: ID!, $version: Int!, $input: UpdatePersonInput!, $reason: String) {
    updatePerson(id: $id, version: $version, input: $input, reason: $reason) {
      person { name honorific biography isPublic version sources { document } } userErrors { field code } } }";
const DELETE: &str = "mutation ($id: ID!, $version: Int!) { deletePerson(id: $id, version: $version) {
    person { slug } userErrors { field code message } } }";

/// An account other than that of every test.
const COLLEAGUE: Uuid = Uuid::from_u128(0xacc1);

async fn create(service: &Service, input: Value) -> Answer {
    service.ask_with(CREATE, &json!({ "input": input })).await
}

async fn update(service: &Service, id: &Value, version: i32, input: Value) -> Answer {
    service.ask_with(UPDATE, &json!({ "id": id, "version": version, "input": input })).await
}

async fn delete(service: &Service, id: &Value, version: i32) -> Answer {
    service.ask_with(DELETE, &json!({ "id": id, "version": version })).await
}

/// The one who organizes the draft.
fn organizer(fixture: &Fixture) -> Vec<Grant> {
    vec![Grant::new(Role::Organizer, Scope::Convening(fixture.key("Convening", "draft")))]
}

/// The one who leads Alder's team.
fn team_lead(fixture: &Fixture) -> Vec<Grant> {
    vec![Grant::new(Role::TeamLead, Scope::District(fixture.key("District", "alder")))]
}

#[test]
fn staff_add_change_and_take_away() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let input = json!({ "name": "Ada Nobody", "honorific": "Professor", "biography": "Teaches.",
            "sources": [{ "document": "A letter" }] });
        let made = create(&staff, input).await.at("/createPerson/person");
        let expected = json!({ "id": made["id"], "slug": "ada-nobody", "name": "Ada Nobody", "honorific": "Professor",
            "biography": "Teaches.", "isPublic": false, "version": 1, "can": ["update", "delete", "merge"],
            "contact": null });
        assert_eq!(made, expected);
        let input = json!({ "honorific": null, "isPublic": true });
        let changed = update(&staff, &made["id"], 1, input).await.at("/updatePerson/person");
        let expected = json!({ "name": "Ada Nobody", "honorific": null, "biography": "Teaches.", "isPublic": true,
            "version": 2, "sources": [{ "document": "A letter" }] });
        assert_eq!(changed, expected, "what is not named stays, and null empties");
        assert_eq!(
            service.ask("{ person(by: {slug: \"ada-nobody\"}) { name } }").await.at("/person/name"),
            "Ada Nobody"
        );
        let gone = delete(&staff, &made["id"], 2).await;
        assert_eq!(gone.at("/deletePerson/person/slug"), "ada-nobody");
        assert_eq!(contents(&service.db).await["person"], Vec::<String>::new());
    });
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_nothing_is_written() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let made = create(&staff, json!({ "name": "Ada Nobody" })).await.at("/createPerson/person");
        let before = contents(&service.db).await;
        let input = json!({ "slug": "No Slug", "name": " ", "honorific": "x".repeat(61), "biography": " ",
            "contact": { "email": "nobody", "phone": "" }, "sources": [{ "document": "" }] });
        let expected = [
            "[\"slug\"] | INVALID",
            "[\"name\"] | REQUIRED",
            "[\"honorific\"] | INVALID",
            "[\"biography\"] | INVALID",
            "[\"sources\"] | REQUIRED",
            "[\"contact\",\"email\"] | INVALID",
            "[\"contact\",\"phone\"] | INVALID",
        ];
        assert_eq!(refusals(&create(&staff, input).await, "createPerson"), expected);
        let input = json!({ "name": null, "isPublic": null, "contact": { "email": "nobody" } });
        let expected = ["[\"name\"] | REQUIRED", "[\"isPublic\"] | REQUIRED", "[\"contact\",\"email\"] | INVALID"];
        assert_eq!(refusals(&update(&staff, &made["id"], 1, input).await, "updatePerson"), expected);
        let taken = create(&staff, json!({ "slug": "ada-nobody", "name": "Another" })).await;
        assert_eq!(refusals(&taken, "createPerson"), ["[\"slug\"] | TAKEN"]);
        let stale = update(&staff, &made["id"], 2, json!({ "name": "Another" })).await;
        assert_eq!(refusals(&stale, "updatePerson"), ["[\"version\"] | STALE_VERSION"]);
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn of_a_hundred_changes_of_one_version_one_is_made() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let id = create(&staff, json!({ "name": "Ada Nobody" })).await.at("/createPerson/person/id");
        let change = |number: usize| {
            let address = format!("nobody-{number}@example.org");
            json!({ "id": id, "version": 1, "input": { "contact": { "email": address } } })
        };
        assert_one_of_a_hundred(&staff, (UPDATE, "updatePerson"), change).await;
        assert_eq!(contents(&service.db).await["person_contact"].len(), 1);
    });
}

#[test]
fn nobody_is_entered_twice_unless_another_is_meant() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let answer = create(&staff, json!({ "name": "NOBODY Clerk-Söuth" })).await;
        assert_eq!(refusals(&answer, "createPerson"), ["[\"name\"] | TAKEN"]);
        assert!(answer.text.contains("`clerk-south`"), "{}", answer.text);
        // Whoever does not see that one is not told of it.
        let organizer = service.as_grants(organizer(&fixture));
        let answer = create(&organizer, json!({ "name": "Nobody clerk-south" })).await;
        assert_eq!(refusals(&answer, "createPerson"), Vec::<String>::new());
        // But of the own.
        let again = create(&organizer, json!({ "name": "Nobody clerk-south" })).await;
        assert_eq!(refusals(&again, "createPerson"), ["[\"name\"] | TAKEN"]);
        let meant = create(&staff, json!({ "name": "Nobody clerk-south", "isNamesake": true })).await;
        assert_eq!(meant.at("/createPerson/person/slug"), "nobody-clerk-south");
    });
}

#[test]
fn a_slug_tells_nobody_who_else_is_there() {
    with_fixture(async |service, fixture| {
        let organizer = service.as_grants(organizer(&fixture));
        for name in ["Clerk South", "Unheard Of", "???"] {
            let slug = create(&organizer, json!({ "name": name })).await.at("/createPerson/person/slug");
            let (made, tail) =
                slug.as_str().map(|slug| slug.rsplit_once('-').unwrap_or(("", slug))).unwrap_or_default();
            let expected = if name == "???" { String::new() } else { name.to_lowercase().replace(' ', "-") };
            assert_eq!((made, tail.len()), (expected.as_str(), 8));
            let chosen = create(&organizer, json!({ "name": "Another", "slug": expected })).await;
            assert_eq!(refusals(&chosen, "createPerson"), ["[\"slug\"] | INVALID"], "taken or free");
        }
    });
}

/// The partner that is the north's organization.
fn partner(fixture: &Fixture) -> Vec<Grant> {
    vec![Grant::new(Role::Partner, Scope::Organization(fixture.key("Organization", "north")))]
}

/// What somebody is shown of a person, on every path that leads there.
async fn shown(service: &Service, person: &Value) -> Vec<Value> {
    let document = "query ($id: ID!, $slug: String!, $name: String!) {
        node(id: $id) { id } person(by: {slug: $slug}) { contact { email } }
        people(filter: {search: $name}) { totalCount } search(query: $name) { totalCount } }";
    let variables = json!({ "id": person["id"], "slug": person["slug"], "name": person["name"] });
    let answer = service.ask_with(document, &variables).await;
    let at = |pointer: &str| answer.data().pointer(pointer).cloned().unwrap_or_default();
    vec![at("/node/id"), at("/person/contact/email"), at("/people/totalCount"), at("/search/totalCount")]
}

#[test]
fn whoever_enters_a_person_sees_and_changes_that_person_and_nobody_else_does() {
    with_fixture(async |service, fixture| {
        for grants in [organizer(&fixture), team_lead(&fixture)] {
            let own = service.as_grants(grants.clone());
            let input = json!({ "name": "Unseen Newcomer", "contact": { "email": "newcomer@example.org" } });
            let made = create(&own, input).await.at("/createPerson/person");
            assert_eq!(made["can"], json!(["update", "delete"]));
            let known = vec![made["id"].clone(), json!("newcomer@example.org"), json!(1), json!(1)];
            let hidden = vec![Value::Null, Value::Null, json!(0), json!(0)];
            assert_eq!(shown(&own, &made).await, known);
            let others = [
                service.clone(),
                service.as_viewer(Viewer::new(Identity::Account(AccountId(COLLEAGUE)), grants.clone())),
                // The same account, when the grant is gone.
                service.as_grants(Vec::new()),
                service.as_role(Role::Partner),
                service.as_role(Role::Evaluator),
            ];
            for other in &others {
                assert_eq!(shown(other, &made).await, hidden);
                for answer in [
                    update(other, &made["id"], 1, json!({ "name": "Another" })).await,
                    update(other, &made["id"], 1, json!({ "contact": { "email": "another@example.org" } })).await,
                    delete(other, &made["id"], 1).await,
                ] {
                    assert_eq!(answer.codes(), ["NOT_FOUND"], "{}", answer.text);
                    assert!(!answer.text.contains("newcomer"), "{}", answer.text);
                }
            }
            let changed = update(&own, &made["id"], 1, json!({ "biography": "New here." })).await;
            assert_eq!(changed.at("/updatePerson/person/version"), 2);
            assert_eq!(delete(&own, &made["id"], 2).await.at("/deletePerson/person/slug"), made["slug"]);
        }
    });
}

#[test]
fn each_role_writes_the_people_that_it_may() {
    with_fixture(async |service, fixture| {
        let before = contents(&service.db).await;
        let id = |name: &str| json!(fixture.find("Person", name).id);
        let alder = Scope::District(fixture.key("District", "alder"));
        let refused = [
            (service.clone(), "UNAUTHENTICATED"),
            (service.as_grants(partner(&fixture)), "FORBIDDEN"),
            (service.as_grants(team_lead(&fixture)), "FORBIDDEN"),
            (service.as_grants(organizer(&fixture)), "FORBIDDEN"),
            (service.as_role(Role::Evaluator), "FORBIDDEN"),
            (service.as_role(Role::Auditor), "FORBIDDEN"),
            (service.as_grants(vec![Grant::new(Role::Staff, alder)]), "FORBIDDEN"),
        ];
        for (viewer, code) in &refused {
            let (seen, hidden) = (id("marked"), id("clerk-south"));
            assert_eq!(update(viewer, &seen, 1, json!({ "name": "X" })).await.codes(), [*code]);
            assert_eq!(delete(viewer, &seen, 1).await.codes(), [*code]);
            // To whoever does not see somebody, that one is like nobody.
            let answer = update(viewer, &hidden, 1, json!({ "name": "X" })).await;
            let nobody = update(viewer, &json!(global_id("Person", PersonId::new().0)), 1, json!({})).await;
            assert_eq!(nobody.codes(), ["NOT_FOUND"]);
            match shown(viewer, &json!({ "id": hidden, "slug": "", "name": "" })).await[0] {
                Value::Null => assert_eq!(answer.text, nobody.text),
                _ => assert_eq!(answer.codes(), ["FORBIDDEN"], "an auditor sees everybody"),
            }
        }
        for (viewer, code) in [
            (&refused[0].0, "UNAUTHENTICATED"),
            (&refused[1].0, "FORBIDDEN"),
            (&refused[4].0, "FORBIDDEN"),
            (&refused[5].0, "FORBIDDEN"),
        ] {
            // Also where it would otherwise be refused for a reason that tells something.
            let answer = create(viewer, json!({ "name": "Nobody clerk-south", "slug": "clerk-south" })).await;
            assert_eq!(answer.codes(), [code], "{}", answer.text);
        }
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}
