//! Pages, documents and recordings: added, changed and linked by those whom everything that they are about belongs to.

use lmi::auth::{Grant, Role, Scope};
use serde_json::{Value, json};
use tests::fixtures::Fixture;
use tests::{Answer, Service, contents, with_fixture};

const CREATE: &str = "mutation ($input: CreateResourceInput!) { createResource(input: $input) {
    resource { id title version can } userErrors { field code } } }";
const UPDATE: &str = "mutation ($id: ID!, $version: Int!, $input: UpdateResourceInput!) {
    updateResource(id: $id, version: $version, input: $input) {
      resource { title url availability credit version } userErrors { field code } } }";
const DELETE: &str = "mutation ($id: ID!, $version: Int!) { deleteResource(id: $id, version: $version) {
    resource { title } userErrors { field code } } }";
const LINK: &str = "mutation ($id: ID!, $version: Int!, $subject: ID!) {
    linkResource(id: $id, version: $version, subjectId: $subject) { resource { version can } userErrors { field code } } }";
const UNLINK: &str = "mutation ($id: ID!, $version: Int!, $subject: ID!) {
    unlinkResource(id: $id, version: $version, subjectId: $subject) { resource { version } userErrors { field code } } }";

fn refusals(answer: &Answer, mutation: &str) -> Vec<String> {
    answer.lines(&format!("/{mutation}/userErrors"), &["/field", "/code"])
}

/// The code of a refusal before the input was looked at, or the faults in it.
fn outcome(answer: &Answer, mutation: &str) -> Vec<String> {
    if answer.codes().is_empty() { refusals(answer, mutation) } else { answer.codes() }
}

fn page(subjects: &[&str]) -> Value {
    json!({ "input": { "title": "A page", "kind": "WEBSITE", "url": "https://example.org/page", "availability": "AVAILABLE",
        "subjectIds": subjects } })
}

const NONE: [&str; 0] = [];

/// Somebody with these roles.
fn holding(service: &Service, grants: &[(Role, Scope)]) -> Service {
    service.as_grants(grants.iter().map(|&(role, scope)| Grant::new(role, scope)).collect())
}

/// A partner, a team lead and an organizer, each with something of their own, something of others that everybody sees,
/// and something hidden from them.
fn owners(service: &Service, fixture: &Fixture) -> [(Service, [String; 3]); 3] {
    let id = |typename: &str, name: &str| fixture.find(typename, name).id.clone();
    let hidden = id("Session", "agenda-of-announced-1");
    let north = Scope::Organization(fixture.key("Organization", "north"));
    [
        (
            holding(service, &[(Role::Partner, north)]),
            [id("Organization", "north"), id("Organization", "south"), hidden.clone()],
        ),
        (
            holding(service, &[(Role::TeamLead, Scope::District(fixture.key("District", "alder")))]),
            [id("District", "alder"), id("District", "birch"), hidden.clone()],
        ),
        (
            holding(service, &[(Role::Organizer, north)]),
            [id("Session", "agenda-of-draft-1"), id("Convening", "announced"), hidden],
        ),
    ]
}

#[test]
fn a_page_may_be_hung_only_on_what_one_may_change() {
    with_fixture(async |service, fixture| {
        for (owner, [own, others, hidden]) in owners(&service, &fixture) {
            let before = contents(&service.db).await;
            for (subjects, expected) in [
                (vec![&others], "FORBIDDEN"),
                (vec![&own, &others], "FORBIDDEN"),
                (vec![&hidden], "[\"subjectIds\"] | NOT_FOUND"),
                (vec![&own, &hidden], "[\"subjectIds\"] | NOT_FOUND"),
                (vec![&own, &own], "[\"subjectIds\"] | TAKEN"),
                (vec![], "[\"subjectIds\"] | INVALID"),
            ] {
                let subjects: Vec<&str> = subjects.into_iter().map(String::as_str).collect();
                let answer = owner.ask_with(CREATE, &page(&subjects)).await;
                assert_eq!(outcome(&answer, "createResource"), [expected], "{subjects:?}");
            }
            assert!(contents(&service.db).await == before, "nothing was written");
            let made = owner.ask_with(CREATE, &page(&[&own])).await.at("/createResource/resource");
            assert_eq!(made["can"], json!(["update", "delete"]));
            for (subject, expected) in
                [(&others, "FORBIDDEN"), (&hidden, "[\"subjectId\"] | NOT_FOUND"), (&own, "[\"subjectId\"] | TAKEN")]
            {
                let link = json!({ "id": made["id"], "version": 1, "subject": subject });
                assert_eq!(outcome(&owner.ask_with(LINK, &link).await, "linkResource"), [expected]);
            }
            let change = json!({ "id": made["id"], "version": 1, "input": { "credit": "Of our own" } });
            assert_eq!(owner.ask_with(UPDATE, &change).await.at("/updateResource/resource/credit"), "Of our own");
            // Once staff hangs it on another's as well, it is no longer one's own alone.
            let staff = service.as_role(Role::Staff);
            let link = json!({ "id": made["id"], "version": 2, "subject": others });
            assert_eq!(refusals(&staff.ask_with(LINK, &link).await, "linkResource"), NONE);
            let again = json!({ "id": made["id"], "version": 3, "input": { "credit": "Mine" }, "subject": own });
            for (mutation, document) in [
                ("updateResource", UPDATE),
                ("deleteResource", DELETE),
                ("linkResource", LINK),
                ("unlinkResource", UNLINK),
            ] {
                assert_eq!(outcome(&owner.ask_with(document, &again).await, mutation), ["FORBIDDEN"], "{mutation}");
            }
            let can = "query ($id: ID!) { node(id: $id) { ... on Resource { can } } }";
            assert_eq!(owner.ask_with(can, &again).await.at("/node/can"), json!([]));
        }
    });
}

#[test]
fn whoever_holds_two_roles_may_change_what_is_about_both() {
    with_fixture(async |service, fixture| {
        let north = Scope::Organization(fixture.key("Organization", "north"));
        let alder = Scope::District(fixture.key("District", "alder"));
        let both = holding(&service, &[(Role::Partner, north), (Role::TeamLead, alder)]);
        let subjects =
            [fixture.find("Organization", "north").id.as_str(), fixture.find("District", "alder").id.as_str()];
        let made = both.ask_with(CREATE, &page(&subjects)).await.at("/createResource/resource");
        assert_eq!(made["can"], json!(["update", "delete"]));
        let change = json!({ "id": made["id"], "version": 1, "input": { "title": "Our page" } });
        for grant in [(Role::Partner, north), (Role::TeamLead, alder)] {
            assert_eq!(holding(&service, &[grant]).ask_with(UPDATE, &change).await.codes(), ["FORBIDDEN"]);
        }
        assert_eq!(both.ask_with(UPDATE, &change).await.at("/updateResource/resource/title"), "Our page");
    });
}

#[test]
fn staff_change_link_and_take_away_any() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let [north, birch] =
            [("Organization", "north"), ("District", "birch")].map(|(typename, name)| &fixture.find(typename, name).id);
        let made = staff.ask_with(CREATE, &page(&[north])).await.at("/createResource/resource");
        let act = async |document: &str, version: i32, more: Value| {
            let variables = json!({ "id": made["id"], "version": version, "input": more, "subject": more });
            staff.ask_with(document, &variables).await
        };
        assert_eq!(refusals(&act(UNLINK, 1, json!(north)).await, "unlinkResource"), ["[\"subjectId\"] | INVALID"]);
        assert_eq!(refusals(&act(UNLINK, 1, json!(birch)).await, "unlinkResource"), ["[\"subjectId\"] | NOT_FOUND"]);
        assert_eq!(act(LINK, 1, json!(birch)).await.at("/linkResource/resource/version"), 2);
        assert_eq!(refusals(&act(LINK, 1, json!(birch)).await, "linkResource"), ["[\"version\"] | STALE_VERSION"]);
        assert_eq!(act(UNLINK, 2, json!(north)).await.at("/unlinkResource/resource/version"), 3);
        let person = &fixture.find("Person", "marked").id;
        assert_eq!(act(LINK, 3, json!(person)).await.codes(), ["BAD_USER_INPUT"], "a resource is about no person");
        let listed = |document: &'static str| service.ask(document);
        assert_eq!(
            listed("{ organization(by: {slug: \"north\"}) { resources { title } } }")
                .await
                .at("/organization/resources"),
            json!([])
        );
        let of_birch = listed("{ district(by: {slug: \"birch\"}) { resources { title } } }").await;
        assert_eq!(of_birch.at("/district/resources"), json!([{ "title": "A page" }]));
        let before = contents(&service.db).await;
        let wrong = act(UPDATE, 3, json!({ "url": null, "title": "", "kind": null })).await;
        let expected = ["[\"kind\"] | REQUIRED", "[\"title\"] | REQUIRED", "[\"url\"] | INVALID"];
        assert_eq!(refusals(&wrong, "updateResource"), expected);
        assert!(contents(&service.db).await == before, "nothing was written");
        let broken =
            act(UPDATE, 3, json!({ "availability": "BROKEN", "url": null })).await.at("/updateResource/resource");
        let expected =
            json!({ "title": "A page", "url": null, "availability": "BROKEN", "credit": null, "version": 4 });
        assert_eq!(broken, expected);
        assert_eq!(act(DELETE, 4, Value::Null).await.at("/deleteResource/resource/title"), "A page");
    });
}

#[test]
fn nobody_else_changes_a_page_and_hidden_ones_are_not_there() {
    with_fixture(async |service, fixture| {
        let before = contents(&service.db).await;
        let act = async |service: &Service, name: &str| {
            let variables =
                json!({ "id": fixture.find("Resource", name).id, "version": 1, "input": { "title": "Taken over" } });
            let changed = service.ask_with(UPDATE, &variables).await;
            let gone = service.ask_with(DELETE, &variables).await;
            [outcome(&changed, "updateResource"), outcome(&gone, "deleteResource")].concat()
        };
        for (owner, _) in owners(&service, &fixture) {
            assert_eq!(act(&owner, "Portrait of an organization").await, ["FORBIDDEN"; 2], "it is of others");
            assert_eq!(act(&owner, "Page facts-of-dropped").await, ["NOT_FOUND"; 2]);
            assert_eq!(act(&owner, "Slides agenda-of-announced").await, ["NOT_FOUND"; 2]);
        }
        for role in [Role::Auditor, Role::Evaluator] {
            assert_eq!(act(&service.as_role(role), "Page facts-of-announced").await, ["FORBIDDEN"; 2], "{role:?}");
            let made =
                service.as_role(role).ask_with(CREATE, &page(&[&fixture.find("Organization", "north").id])).await;
            assert_eq!(made.codes(), ["FORBIDDEN"]);
        }
        assert_eq!(act(&service, "Page facts-of-announced").await, ["UNAUTHENTICATED"; 2]);
        // A page about an own district and about the session of somebody else's convening.
        let lead = holding(&service, &[(Role::TeamLead, Scope::District(fixture.key("District", "alder")))]);
        assert_eq!(act(&lead, "Portrait agenda-of-programme").await, ["FORBIDDEN"; 2], "it is not the lead's alone");
        assert_eq!(act(&lead, "Portrait agenda-of-draft").await, ["NOT_FOUND"; 2]);
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}
