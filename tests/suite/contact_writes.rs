//! How to reach people: who changes it, who is shown it and its history, and that no answer ever repeats an address.

use crate::expectations::{Contacts, viewers};
use crate::writes::refusals;
use lmi::auth::{Grant, Role, Scope};
use serde_json::{Value, json};
use tests::{Answer, Service, contents, with_empty, with_fixture};

const CREATE: &str = "mutation ($input: CreatePersonInput!) { createPerson(input: $input) {
    person { id } userErrors { field code message } } }";
const UPDATE: &str = "mutation ($id: ID!, $version: Int!, $input: UpdatePersonInput!) {
    updatePerson(id: $id, version: $version, input: $input) {
      person { version contact { email phone } } userErrors { field code message } } }";
const HISTORY: &str = "query ($id: ID!) { node(id: $id) { ... on Person {
    history(first: 100) { nodes { action part changes { field before after } } } } } }";

/// Somebody of whom an address is known.
async fn ada(staff: &Service) -> Value {
    let contact = json!({ "email": "ada@example.org", "phone": "555-0100" });
    let input = json!({ "input": { "name": "Ada Nobody", "contact": contact } });
    staff.ask_with(CREATE, &input).await.at("/createPerson/person/id")
}

async fn change(service: &Service, id: &Value, version: i32, contact: Value) -> Answer {
    let input = json!({ "contact": contact });
    service.ask_with(UPDATE, &json!({ "id": id, "version": version, "input": input })).await
}

#[test]
fn an_address_is_set_changed_and_emptied() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let id = ada(&staff).await;
        let steps = [
            (json!({ "phone": "555-0199" }), json!({ "email": "ada@example.org", "phone": "555-0199" }), 2),
            (json!({ "email": null }), json!({ "email": null, "phone": "555-0199" }), 3),
            // Nothing differs, and nothing is counted.
            (json!({ "phone": "555-0199" }), json!({ "email": null, "phone": "555-0199" }), 3),
            (json!({}), json!({ "email": null, "phone": "555-0199" }), 3),
            (Value::Null, Value::Null, 4),
            (Value::Null, Value::Null, 4),
            (json!({ "email": "ada@example.net" }), json!({ "email": "ada@example.net", "phone": null }), 5),
        ];
        let mut version = 1;
        for (contact, expected, counted) in steps {
            let person = change(&staff, &id, version, contact).await.at("/updatePerson/person");
            assert_eq!(person, json!({ "version": counted, "contact": expected }));
            version = counted;
        }
    });
}

#[test]
fn a_history_tells_of_addresses_only_those_who_may_read_them() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let id = ada(&staff).await;
        change(&staff, &id, 1, json!({ "email": "ada@example.net" })).await;
        change(&staff, &id, 2, Value::Null).await;
        let variables = json!({ "id": id });
        let told = staff.ask_with(HISTORY, &variables).await;
        let of_contact = told.at("/node/history/nodes");
        let of_contact: Vec<&Value> = of_contact
            .as_array()
            .into_iter()
            .flatten()
            .filter(|entry| entry["part"] == "person_contact")
            .map(|entry| &entry["action"])
            .collect();
        assert_eq!(of_contact, ["DELETED", "UPDATED", "CREATED"]);
        assert!(told.text.contains("ada@example.net") && told.text.contains("555-0100"), "{}", told.text);
        let auditor = service.as_role(Role::Auditor).ask_with(HISTORY, &variables).await;
        assert_eq!(auditor.each("/node/history/nodes", "/part"), ["person", "person", "person"]);
        assert!(!auditor.text.contains("example") && !auditor.text.contains("555"), "{}", auditor.text);
    });
}

#[test]
fn nobody_is_told_an_address_by_a_history_who_may_not_read_it() {
    with_fixture(async |service, fixture| {
        for viewer in viewers(&fixture) {
            for contact in &fixture.contacts {
                let id = &fixture.find("Person", &contact.person).id;
                let told = viewer.service(&service).ask_with(HISTORY, &json!({ "id": id })).await;
                let may = matches!(viewer.contact(contact), Some(Contacts::Own | Contacts::All));
                assert_eq!(told.text.contains(&contact.email), may, "{}: {}", viewer.name, contact.person);
                assert_eq!(told.text.contains(&contact.phone), may, "{}: {}", viewer.name, contact.person);
            }
        }
    });
}

#[test]
fn an_address_is_changed_only_by_those_who_may() {
    with_fixture(async |service, fixture| {
        let before = contents(&service.db).await;
        let grant = |role, scope| service.as_grants(vec![Grant::new(role, scope)]);
        let id = |name: &str| json!(fixture.find("Person", name).id);
        // Each of them is shown the address in full or masked, and may not write it.
        let readers = [
            (grant(Role::Partner, Scope::Organization(fixture.key("Organization", "north"))), "clerk-north"),
            (grant(Role::TeamLead, Scope::District(fixture.key("District", "alder"))), "roster-of-announced-alder"),
            (grant(Role::Organizer, Scope::Convening(fixture.key("Convening", "draft"))), "agenda-of-draft-voice"),
            (service.as_role(Role::Auditor), "clerk-south"),
        ];
        for (reader, name) in &readers {
            // A right guess is refused like a wrong one.
            for email in [format!("{name}@example.org"), "nobody@example.org".to_owned()] {
                let answer = change(reader, &id(name), 1, json!({ "email": email })).await;
                assert_eq!(answer.codes(), ["FORBIDDEN"], "{name}: {}", answer.text);
                assert!(!answer.text.contains('@'), "{}", answer.text);
            }
        }
        assert!(contents(&service.db).await == before, "nothing was written");
        let staff = change(&service.as_role(Role::Staff), &id("clerk-south"), 1, json!({ "phone": "555-0100" })).await;
        let expected = json!({ "email": "clerk-south@example.org", "phone": "555-0100" });
        assert_eq!(staff.at("/updatePerson/person/contact"), expected);
    });
}

#[test]
fn what_is_no_address_is_refused_without_repeating_it() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let id = ada(&staff).await;
        let before = contents(&service.db).await;
        let long = format!("{}@secret.example", "s".repeat(250));
        let blanks = ["sec ret@secret.example", "secret@secret.example ", "secret\u{a0}@secret.example"];
        let others = ["secret", "secret@", "secret@secret@secret.example", "\"secret\"@secret.example", "", &long];
        let controls =
            ["secret\u{1}@secret.example", "secret@secret.example\n", "\u{feff}secret \u{200b}@secret.example"];
        for email in blanks.into_iter().chain(others).chain(controls) {
            let answer = change(&staff, &id, 1, json!({ "email": email })).await;
            assert_eq!(refusals(&answer, "updatePerson"), ["[\"contact\",\"email\"] | INVALID"], "{email:?}");
            assert!(!answer.text.contains("secret"), "{}", answer.text);
        }
        for phone in ["", " ", &"5".repeat(61), "555\u{1}5550"] {
            let answer = change(&staff, &id, 1, json!({ "phone": phone })).await;
            assert_eq!(refusals(&answer, "updatePerson"), ["[\"contact\",\"phone\"] | INVALID"], "{phone:?}");
            assert!(!answer.text.contains("555"), "{}", answer.text);
        }
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn nobody_is_found_by_an_address() {
    with_fixture(async |service, fixture| {
        let document = "query ($typed: String!) { people(filter: {search: $typed}) { totalCount }
            search(query: $typed) { totalCount } }";
        for viewer in viewers(&fixture) {
            let contact = fixture.contacts.iter().find(|contact| contact.person == "clerk-south").expect("a contact");
            for typed in [contact.email.as_str(), "example.org", &contact.phone] {
                let answer = viewer.service(&service).ask_with(document, &json!({ "typed": typed })).await;
                let found = [answer.at("/people/totalCount"), answer.at("/search/totalCount")];
                assert_eq!(found, [0, 0], "{}: {typed}", viewer.name);
            }
        }
    });
}
