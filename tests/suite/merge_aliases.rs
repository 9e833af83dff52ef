//! What became part of another goes on being found by what it was known by, and leads nobody to what is hidden.

use crate::expectations::viewers;
use crate::merging::{EACH, ask_to_merge, key, known_everywhere, merge, read, sql, two, undo};
use lmi::auth::{Role, Viewer};
use serde_json::{Value, json};
use tests::fixtures::global_id;
use tests::{Service, contents, with_fixture};

/// The id of the row that a type's number stands for.
fn old_id(typename: &str, number: u32) -> String {
    global_id(typename, key(number).parse().expect("a key"))
}

#[test]
fn old_ids_and_slugs_lead_to_what_they_have_become() {
    with_fixture(async |service, fixture| {
        known_everywhere(&service).await;
        let staff = service.as_role(Role::Staff);
        for (typename, number, gone, kept) in EACH {
            let (field, old) = (typename.to_lowercase(), old_id(typename, number));
            let id = json!(fixture.find(typename, kept).id);
            let lookups = [
                (format!("query($old: ID!) {{ found: {field}(by: {{id: $old}}) {{ id }} }}"), "/found/id"),
                (format!("{{ found: {field}(by: {{slug: \"{gone}\"}}) {{ id }} }}"), "/found/id"),
                ("query($old: ID!) { node(id: $old) { id } }".to_owned(), "/node/id"),
                ("query($old: ID!, $id: ID!) { nodes(ids: [$id, $old, $old]) { id } }".to_owned(), "/nodes/2/id"),
            ];
            merge(&staff, typename, kept, gone).await;
            for (document, at) in lookups {
                let answer = service.ask_with(&document, &json!({ "old": old, "id": id })).await;
                assert_eq!(answer.at(at), id, "{document}");
            }
        }
    });
}

#[test]
fn whoever_asks_for_both_gets_it_twice() {
    with_fixture(async |service, fixture| {
        known_everywhere(&service).await;
        merge(&service.as_role(Role::Staff), "Organization", "south", "example-union").await;
        let ids = json!({ "ids": [old_id("Organization", 1), fixture.find("Organization", "south").id] });
        let document =
            "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Organization { slug affiliations { totalCount } } } }";
        let nodes = service.as_role(Role::Staff).ask_with(document, &ids).await.at("/nodes");
        assert_eq!(nodes[0], nodes[1]);
        assert_eq!(nodes[0]["slug"], "south");
    });
}

#[test]
fn a_lookup_that_finds_asks_for_nothing_more_and_one_that_does_not_asks_once() {
    with_fixture(async |service, fixture| {
        known_everywhere(&service).await;
        let document = "query($id: ID!) { node(id: $id) { id } }";
        let statements = async |id: &str| service.counted(document, &json!({ "id": id })).await.1;
        assert_eq!(statements(&fixture.find("Organization", "south").id).await, 1);
        assert_eq!(statements(&old_id("Organization", 1)).await, 1);
        merge(&service.as_role(Role::Staff), "Organization", "south", "example-union").await;
        assert_eq!(statements(&old_id("Organization", 1)).await, 2);
        assert_eq!(statements(&old_id("Convening", 1)).await, 1, "convenings are not merged");
    });
}

#[test]
fn filters_take_an_old_id_for_the_present_one() {
    with_fixture(async |service, fixture| {
        known_everywhere(&service).await;
        let staff = service.as_role(Role::Staff);
        merge(&staff, "Organization", "south", "example-union").await;
        merge(&staff, "District", "larch", "example-valley").await;
        for (typename, number, kept, list) in [
            ("Organization", 1, "south", "people(filter: {organization: $id}"),
            ("District", 3, "larch", "people(filter: {district: $id}"),
            ("District", 3, "larch", "teams(filter: {district: $id}"),
        ] {
            let document = format!("query($id: ID!) {{ list: {list}, first: 100) {{ totalCount nodes {{ id }} }} }}");
            let old = staff.counted(&document, &json!({ "id": old_id(typename, number) })).await;
            let now = staff.counted(&document, &json!({ "id": fixture.find(typename, kept).id })).await;
            assert_eq!(old.0.at("/list"), now.0.at("/list"), "{list}");
            assert_ne!(now.0.at("/list/totalCount"), 0, "{list}");
            assert_eq!(old.1, now.1, "{list}: as many statements");
        }
    });
}

#[test]
fn changes_by_an_old_id_reach_the_present_row_and_never_by_an_old_version() {
    with_fixture(async |service, fixture| {
        known_everywhere(&service).await;
        let staff = service.as_role(Role::Staff);
        sql(&service, "UPDATE organization SET version = 2 WHERE id = #1").await;
        merge(&staff, "Organization", "south", "example-union").await;
        let update = "mutation($id: ID!, $version: Int!, $parent: ID) { updateOrganization(id: $id, version: $version, \
                      input: {parentId: $parent}) { organization { slug version parent { slug } } userErrors { code } } }";
        let old = old_id("Organization", 1);
        for stale in [1, 2] {
            let answer = staff.ask_with(update, &json!({ "id": old, "version": stale })).await;
            assert_eq!(answer.at("/updateOrganization/userErrors/0/code"), "STALE_VERSION");
            let delete = "mutation($id: ID!, $version: Int!) { deleteOrganization(id: $id, version: $version) { userErrors { code } } }";
            let answer = staff.ask_with(delete, &json!({ "id": old, "version": stale })).await;
            assert_eq!(answer.at("/deleteOrganization/userErrors/0/code"), "STALE_VERSION");
        }
        let answer = staff
            .ask_with(update, &json!({ "id": old, "version": 3, "parent": fixture.find("Organization", "chorus").id }))
            .await;
        let expected = json!({ "slug": "south", "version": 4, "parent": { "slug": "chorus" } });
        assert_eq!(answer.at("/updateOrganization/organization"), expected);
        // What an input refers to by an old id, too.
        let create = "mutation($parent: ID) { createOrganization(input: {name: \"New\", kind: OTHER, parentId: $parent}) \
                      { organization { parent { slug } } userErrors { code } } }";
        let answer = staff.ask_with(create, &json!({ "parent": old })).await;
        assert_eq!(answer.at("/createOrganization/organization/parent/slug"), "south");
        // A row cannot become part of itself by its old id.
        let answer = staff.ask_with(update, &json!({ "id": old, "version": 4, "parent": old })).await;
        assert_eq!(answer.at("/updateOrganization/userErrors/0/code"), "CONFLICT");
    });
}

#[test]
fn a_slug_that_leads_somewhere_is_not_given_to_another() {
    with_fixture(async |service, _| {
        known_everywhere(&service).await;
        let staff = service.as_role(Role::Staff);
        let merged = merge(&staff, "Organization", "south", "example-union").await;
        let create = "mutation($slug: String) { createOrganization(input: {name: \"Example Union\", slug: $slug, kind: OTHER}) \
                      { organization { slug } userErrors { field code } } }";
        let given = staff.ask_with(create, &json!({ "slug": "example-union" })).await;
        let refused = json!([{ "field": ["slug"], "code": "TAKEN" }]);
        assert_eq!(given.at("/createOrganization/userErrors"), refused);
        let made = staff.ask_with(create, &Value::Null).await;
        assert_eq!(made.at("/createOrganization/organization/slug"), "example-union-2");
        assert_eq!(undo(&staff, &merged["merges"]["nodes"][0]["id"]).await, [""; 0]);
        assert_eq!(read(&service, "Organization", "example-union").await.0, old_id("Organization", 1));
    });
}

#[test]
fn what_was_merged_in_a_row_leads_to_the_end_of_the_row() {
    with_fixture(async |service, _| {
        known_everywhere(&service).await;
        let staff = service.as_role(Role::Staff);
        let found = async || {
            let document = "query($id: ID!) { node(id: $id) { ... on Organization { slug } } \
                            organization(by: {slug: \"example-union\"}) { slug } }";
            let answer = staff.ask_with(document, &json!({ "id": old_id("Organization", 1) })).await;
            [answer.at("/node/slug"), answer.at("/organization/slug")]
        };
        merge(&staff, "Organization", "south", "example-union").await;
        let last = merge(&staff, "Organization", "north", "south").await;
        assert_eq!(found().await, ["north", "north"]);
        undo(&staff, &last["merges"]["nodes"][0]["id"]).await;
        assert_eq!(found().await, ["south", "south"]);
    });
}

#[test]
fn a_merge_names_what_is_there_and_not_what_it_was() {
    with_fixture(async |service, _| {
        known_everywhere(&service).await;
        let staff = service.as_role(Role::Staff);
        let mut again = two(&service, "Organization", "north", "example-union").await;
        merge(&staff, "Organization", "south", "example-union").await;
        again["goneVersion"] = json!(read(&service, "Organization", "south").await.1);
        let before = contents(&service.db).await;
        let answer = ask_to_merge(&staff, "Organization", &again).await;
        assert_eq!(crate::merging::refusals(&answer, "Organization"), ["[\"goneId\"] | CONFLICT"]);
        assert!(contents(&service.db).await == before);
    });
}

/// The documents that name a person, by `$id` or by `$slug`.
const LOOKUPS: [&str; 4] = [
    "query($id: ID!) { node(id: $id) { __typename id } }",
    "query($id: ID!) { nodes(ids: [$id]) { id } }",
    "query($id: ID!) { person(by: {id: $id}) { id name } }",
    "query($slug: String!) { person(by: {slug: $slug}) { id name } }",
];

#[test]
fn what_became_part_of_somebody_hidden_answers_like_nothing() {
    with_fixture(async |service, fixture| {
        known_everywhere(&service).await;
        // Somebody whom everybody saw becomes part of somebody who sits in a team.
        sql(&service, "UPDATE person SET is_public = true WHERE id = #5").await;
        let hidden = "roster-of-draft-alder";
        merge(&service.as_role(Role::Staff), "Person", hidden, "ada-example").await;
        let known = json!({ "id": old_id("Person", 5), "slug": "ada-example" });
        let never = json!({ "id": old_id("Person", 999), "slug": "never-was" });
        let mut saw = 0;
        for viewer in viewers(&fixture) {
            let sees = viewer.sees(&fixture.find("Person", hidden).parts);
            saw += usize::from(sees);
            for document in LOOKUPS {
                let ask = async |service: &Service, variables: &Value| service.counted(document, variables).await;
                let (old, old_statements) = ask(&viewer.service(&service), &known).await;
                let (nothing, statements) = ask(&viewer.service(&service), &never).await;
                assert_eq!(old.text != nothing.text, sees, "{}: {document}", viewer.name);
                assert_eq!(old_statements, statements, "{}: {document} costs the same", viewer.name);
            }
        }
        assert!(saw > 0 && saw < viewers(&fixture).len());
    });
}

/// Inputs that refer to others, by `$org`, `$district` and `$person`; the other ids are of the fixture.
#[rustfmt::skip]
const REFERRING: [(&str, &str); 10] = [
    ("createAffiliation",  "input: {personId: $person, organizationId: $org, title: \"Clerk\"}"),
    ("createAffiliation",  "input: {personId: $person, districtId: $district, title: \"Clerk\"}"),
    ("createPartnership",  "input: {districtId: $district, organizationId: $org}"),
    ("createConvening",    "input: {title: \"Fair\", kind: SUMMIT, startsOn: \"2027-03-01\", endsOn: \"2027-03-01\", organizerId: $org}"),
    ("addSponsorship",     "input: {conveningId: $convening, organizationId: $org, role: FUNDER}"),
    ("addDelegation",      "input: {conveningId: $convening, organizationId: $org}"),
    ("addSpeaker",         "input: {sessionId: $session, role: HOST, personId: $person, organizationId: $org, districtId: $district}"),
    ("createResource",     "input: {title: \"Page\", kind: OTHER, availability: FORTHCOMING, subjectIds: [$org, $district]}"),
    ("grantRole",          "input: {email: \"ben@example.org\", role: TEAM_LEAD, districtId: $district}"),
    ("createApiKey",       "input: {name: \"Key\", role: PARTNER, organizationId: $org}"),
];

#[test]
fn whatever_an_input_refers_to_may_be_named_by_an_old_id() {
    with_fixture(async |service, fixture| {
        known_everywhere(&service).await;
        // Whoever grants a role or makes a key is an account, or the program itself.
        let admin = service.as_viewer(Viewer::command_line());
        for (typename, _, gone, kept) in EACH {
            merge(&admin, typename, kept, gone).await;
        }
        sql(&service, "DELETE FROM role_grant WHERE account_id = #18; DELETE FROM partnership WHERE id = #8").await;
        let variables = json!({
            "org": old_id("Organization", 1), "district": old_id("District", 3), "person": old_id("Person", 5),
            "convening": fixture.find("Convening", "draft").id, "session": fixture.find("Session", "agenda-of-draft-2").id,
        });
        for (mutation, arguments) in REFERRING {
            let types =
                [("org", "ID!"), ("district", "ID!"), ("person", "ID!"), ("convening", "ID!"), ("session", "ID!")];
            let used = types.iter().filter(|(name, _)| arguments.contains(&format!("${name}")));
            let declared: Vec<String> = used.map(|(name, of)| format!("${name}: {of}")).collect();
            let document = format!(
                "mutation({}) {{ {mutation}({arguments}) {{ userErrors {{ field code }} }} }}",
                declared.join(", ")
            );
            let answer = admin.ask_with(&document, &variables).await;
            assert_eq!(answer.at(&format!("/{mutation}/userErrors")), json!([]), "{mutation}: {arguments}");
        }
        let page = "SELECT id::text AS text FROM resource WHERE title = 'Page' AND created_at = '2026-06-01T12:00:00Z'";
        let page = tests::texts(&service.db, page).await[0].parse().expect("a key");
        let unlink = "mutation($page: ID!, $org: ID!) { unlinkResource(id: $page, version: 1, subjectId: $org) { userErrors { code } } }";
        let ids = json!({ "page": global_id("Resource", page), "org": old_id("Organization", 1) });
        assert_eq!(admin.ask_with(unlink, &ids).await.at("/unlinkResource/userErrors"), json!([]));
    });
}
