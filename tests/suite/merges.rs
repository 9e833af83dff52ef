//! Two rows that are one: what refers to the one leads to the other, which knows what both knew.

use crate::merging::{EACH, ask_to_merge, key, known_everywhere, merge, read, references, refusals, sql, two};
use lmi::auth::{Grant, Role, Scope};
use serde_json::{Value, json};
use tests::{Service, contents, texts, with_fixture};

#[test]
fn every_reference_leads_to_the_one_that_stays() {
    with_fixture(async |service, fixture| {
        known_everywhere(&service).await;
        let staff = service.as_role(Role::Staff);
        for (typename, number, gone, kept) in EACH {
            for (reference, count) in references(&service, typename, &key(number)).await {
                assert_ne!(count, 0, "give {typename} a row of {reference}, so that this test can see it move");
            }
            let kept_key = fixture.find(typename, kept).key.to_string();
            let had = references(&service, typename, &kept_key).await;
            merge(&staff, typename, kept, gone).await;
            let left = references(&service, typename, &key(number)).await;
            assert!(left.values().all(|&count| count == 0), "{typename}: {left:?}");
            let has = references(&service, typename, &kept_key).await;
            // Candidates fall away with a decision; whoever could be reached is reached as before.
            let same: Vec<_> = has.keys().filter(|reference| has[*reference] <= had[*reference]).collect();
            let expected: &[&str] = match typename {
                "District" => &["district_candidate.district_id"],
                "Person" => &["person_contact.person_id"],
                _ => &[],
            };
            assert_eq!(same, expected, "{typename}");
        }
    });
}

/// Columns of a row, as text.
async fn columns(service: &Service, table: &str, slug: &str, columns: &str) -> Value {
    let sql =
        format!("SELECT row_to_json(t)::text AS text FROM (SELECT {columns} FROM {table} WHERE slug = '{slug}') AS t");
    serde_json::from_str(&texts(&service.db, &sql).await[0]).expect("a row")
}

#[test]
fn what_the_one_that_stays_knows_stands_and_what_it_lacks_is_filled_in() {
    with_fixture(async |service, _| {
        known_everywhere(&service).await;
        let staff = service.as_role(Role::Staff);
        sql(
            &service,
            "UPDATE organization SET acronym = 'SOU', alternate_names = '{Southerners}', version = 3 WHERE slug = 'south';
             UPDATE organization SET version = 7 WHERE slug = 'example-union';
             UPDATE person SET biography = NULL, sources = '[]' WHERE slug = 'marked';
             UPDATE person_contact SET email = NULL WHERE person_id = (SELECT id FROM person WHERE slug = 'marked');",
        )
        .await;
        let kept = merge(&staff, "Organization", "south", "example-union").await;
        assert_eq!(kept["version"], 8, "whoever read either of the two has read an older version");
        let has =
            columns(&service, "organization", "south", "name, acronym, kind, website, alternate_names, sources").await;
        let expected = json!({ "name": "Organization south", "acronym": "SOU", "kind": "other",
            "website": "https://example.org", "sources": [{ "document": "Letter" }],
            "alternate_names": ["Southerners", "Union of Examples", "Example Union", "EXU"] });
        assert_eq!(has, expected);
        merge(&staff, "Person", "marked", "ada-example").await;
        let has = columns(&service, "person", "marked", "name, honorific, biography, is_public").await;
        let expected = json!({ "name": "Nobody marked", "honorific": "Dr.", "biography": null, "is_public": true });
        assert_eq!(has, expected);
        let contact = "SELECT email || ' ' || (phone IS NOT NULL) AS text FROM person_contact JOIN person ON person_id = id \
                       WHERE slug = 'marked'";
        assert_eq!(texts(&service.db, contact).await, ["ada@example.org true"], "each part of contact data by itself");
        let shown =
            "SELECT name_as_shown AS text FROM speaker JOIN person ON person_id = person.id WHERE slug = 'marked'";
        assert_eq!(texts(&service.db, shown).await, ["Ada Example"], "an agenda shows what it showed");
    });
}

#[test]
fn a_district_is_taken_for_what_it_was_found_to_be_and_keeps_the_name_of_the_record() {
    with_fixture(async |service, fixture| {
        known_everywhere(&service).await;
        let staff = service.as_role(Role::Staff);
        sql(&service, "UPDATE district SET named_by_record = false WHERE slug = 'larch'").await;
        let refused = async |keep: &str, gone: &str| {
            let input = two(&service, "District", keep, gone).await;
            refusals(&ask_to_merge(&staff, "District", &input).await, "District")
        };
        assert_eq!(refused("example-valley", "larch").await, ["[\"goneId\"] | CONFLICT"], "the matched one stays");
        assert_eq!(refused("larch", "katsura").await, ["[\"goneId\"] | CONFLICT"], "the state lists two");
        let kept = merge(&staff, "District", "larch", "example-valley").await;
        assert_eq!((&kept["id"], &kept["slug"]), (&json!(fixture.find("District", "larch").id), &json!("larch")));
        let has =
            columns(&service, "district", "larch", "name, named_by_record, alternate_names, status, city, latitude")
                .await;
        let expected = json!({ "name": "Example Valley", "named_by_record": true, "alternate_names": ["District larch"],
            "status": "active", "city": "Exampleton", "latitude": 37 });
        assert_eq!(has, expected);
        assert_eq!(contents(&service.db).await["district_candidate"], Vec::<String>::new(), "it is decided");
    });
}

#[test]
fn what_both_say_is_said_once() {
    with_fixture(async |service, fixture| {
        known_everywhere(&service).await;
        let staff = service.as_role(Role::Staff);
        let (south, marked) = (fixture.find("Organization", "south").key, fixture.find("Person", "marked").key);
        // The other organization does the same as the first, and the two people held the same titles in both.
        sql(
            &service,
            &format!(
                "INSERT INTO delegation (id, convening_id, organization_id) VALUES (#40, #90, '{south}');
                 INSERT INTO sponsorship (id, convening_id, organization_id, role, position)
                   VALUES (#41, #90, '{south}', 'host', 2), (#42, #90, '{south}', 'funder', 1);
                 INSERT INTO resource_subject (id, resource_id, organization_id) VALUES (#43, #12, '{south}');
                 INSERT INTO partnership (id, district_id, organization_id, codified_in) VALUES (#44, #3, '{south}', 'A contract');
                 INSERT INTO affiliation (id, person_id, organization_id, title, ends_on) VALUES
                   (#45, #5, '{south}', 'President', '2016-06-30'), (#46, '{marked}', #1, 'President', NULL);
                 INSERT INTO speaker (id, session_id, role, position, person_id, name_as_shown)
                   VALUES (#47, #17, 'panelist', 2, '{marked}', 'A. Example')"
            ),
        )
        .await;
        merge(&staff, "Organization", "south", "example-union").await;
        let rows = async |sql: &str| texts(&service.db, sql).await;
        let of = |table: &str| {
            format!("SELECT id::text AS text FROM {table} WHERE organization_id = '{south}' AND id >= '{}'", key(0))
        };
        assert_eq!(rows(&of("delegation")).await, [key(40)]);
        assert_eq!(rows(&of("resource_subject")).await, [key(43)]);
        assert_eq!(rows(&(of("sponsorship") + " ORDER BY 1")).await, [key(41), key(42)], "two roles are not the same");
        let both = "SELECT since_year || ' ' || codified_in AS text FROM partnership WHERE codified_in IS NOT NULL";
        assert_eq!(rows(both).await, ["2010 A contract"], "it is said once, and whole");
        merge(&staff, "Person", "marked", "ada-example").await;
        let titles = format!(
            "SELECT concat_ws(' ', title, ends_on) AS text FROM affiliation \
             WHERE person_id = '{marked}' AND organization_id = '{south}' ORDER BY 1"
        );
        assert_eq!(rows(&titles).await, ["President 2016-06-30"]);
        let shown = format!(
            "SELECT name_as_shown AS text FROM speaker WHERE person_id = '{marked}' AND session_id = '{}'",
            key(17)
        );
        assert_eq!(rows(&shown).await, ["A. Example"]);
    });
}

#[test]
fn what_cannot_be_one_stays_two_and_nothing_is_written() {
    with_fixture(async |service, fixture| {
        known_everywhere(&service).await;
        let staff = service.as_role(Role::Staff);
        let (larch, marked) = (fixture.find("District", "larch").key, fixture.find("Person", "marked").key);
        sql(
            &service,
            &format!(
                "INSERT INTO team (id, district_id, convening_id, status) VALUES (#40, '{larch}', #90, 'draft');
                 INSERT INTO team_member (id, team_id, convening_id, person_id, seat) VALUES (#41, #40, #90, '{marked}', 'other');
                 INSERT INTO organization (id, slug, name, kind, parent_id) VALUES (#42, 'a-part-of-it', 'Part', 'other', #2)"
            ),
        )
        .await;
        let before = contents(&service.db).await;
        for (typename, keep, gone) in [
            ("District", "larch", "example-valley"),
            ("Person", "marked", "ada-example"),
            ("Organization", "example-union", "a-part-of-it"),
            ("Organization", "a-part", "example-union"),
            ("Person", "marked", "marked"),
        ] {
            let input = two(&service, typename, keep, gone).await;
            let answer = ask_to_merge(&staff, typename, &input).await;
            assert_eq!(refusals(&answer, typename), ["[\"goneId\"] | CONFLICT"], "{typename} {gone} into {keep}");
        }
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn a_merge_wants_the_rows_as_they_stand_and_a_reason() {
    with_fixture(async |service, _| {
        let staff = service.as_role(Role::Staff);
        let before = contents(&service.db).await;
        let good = two(&service, "Person", "marked", "chair").await;
        let missing = tests::fixtures::global_id("Person", sea_orm::prelude::Uuid::max());
        for (field, value, code) in [
            ("keepVersion", json!(2), "STALE_VERSION"),
            ("goneVersion", json!(0), "STALE_VERSION"),
            ("reason", json!("  "), "REQUIRED"),
            ("keepId", json!(missing), "NOT_FOUND"),
            ("goneId", json!(missing), "NOT_FOUND"),
        ] {
            let mut input = good.clone();
            input[field] = value;
            let answer = ask_to_merge(&staff, "Person", &input).await;
            assert_eq!(refusals(&answer, "Person"), [format!("[\"{field}\"] | {code}")]);
        }
        let mut input = good.clone();
        input["goneId"] = json!(read(&service, "Organization", "north").await.0);
        assert_eq!(ask_to_merge(&staff, "Person", &input).await.codes(), ["BAD_USER_INPUT"]);
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn only_those_who_run_the_dataset_merge() {
    with_fixture(async |service, fixture| {
        known_everywhere(&service).await;
        let scope = |scope| move |role| vec![Grant::new(role, scope)];
        let of = |name: &str| Scope::Organization(fixture.key("Organization", name));
        let everybody = [
            scope(of("south"))(Role::Partner),
            scope(of("south"))(Role::Organizer),
            scope(Scope::District(fixture.key("District", "larch")))(Role::TeamLead),
            scope(Scope::Everything)(Role::Evaluator),
            scope(Scope::Everything)(Role::Auditor),
            scope(of("south"))(Role::Staff),
        ];
        let before = contents(&service.db).await;
        for (typename, _, gone, kept) in EACH {
            let input = two(&service, typename, kept, gone).await;
            assert_eq!(ask_to_merge(&service, typename, &input).await.codes(), ["UNAUTHENTICATED"], "{typename}");
            for grants in &everybody {
                let answer = ask_to_merge(&service.as_grants(grants.clone()), typename, &input).await;
                assert_eq!(answer.codes(), ["FORBIDDEN"], "{typename}: {grants:?}");
            }
        }
        assert!(contents(&service.db).await == before, "nothing was written");
        let admin = service.as_role(Role::Admin);
        let merged = merge(&admin, "Organization", "south", "example-union").await;
        let id = &merged["merges"]["nodes"][0]["id"];
        let document = "mutation ($id: ID!) { undoMerge(id: $id, reason: \"They are two.\") { merge { id } } }";
        let undo = async |service: Service| service.ask_with(document, &json!({ "id": id })).await.codes();
        assert_eq!(undo(service.clone()).await, ["NOT_FOUND"]);
        for grants in everybody {
            let sees = grants.iter().any(|grant| {
                grant.role == Role::Auditor || (grant.role == Role::Partner && grant.scope == of("south"))
            });
            let expected = if sees { "FORBIDDEN" } else { "NOT_FOUND" };
            assert_eq!(undo(service.as_grants(grants.clone())).await, [expected], "{grants:?}");
        }
    });
}

#[test]
fn history_says_who_merged_what_and_why() {
    with_fixture(async |service, _| {
        known_everywhere(&service).await;
        let staff = service.as_role(Role::Staff);
        let merged = merge(&staff, "Organization", "south", "example-union").await;
        let entry = &merged["merges"]["nodes"][0];
        assert_eq!((&entry["goneName"], &entry["goneSlug"]), (&json!("Example Union"), &json!("example-union")));
        assert_eq!((&entry["reason"], &entry["undoneAt"]), (&json!("Entered twice."), &Value::Null));
        let written = "SELECT DISTINCT concat_ws(' ', table_name, action, origin, reason) AS text FROM change \
                       WHERE reason = 'Entered twice.' ORDER BY 1";
        insta::assert_json_snapshot!(texts(&service.db, written).await);
        let document = "query ($id: ID!) { node(id: $id) { ... on Organization { merges { totalCount } } } }";
        for (reader, expected) in [
            (service.clone(), Value::Null),
            (service.as_role(Role::Evaluator), Value::Null),
            (service.as_role(Role::Auditor), json!({ "totalCount": 1 })),
        ] {
            let answer = reader.ask_with(document, &json!({ "id": merged["id"] })).await;
            assert_eq!(answer.at("/node/merges"), expected);
        }
    });
}

#[test]
fn whoever_entered_one_of_two_people_does_not_reach_the_other_by_it() {
    with_fixture(async |service, fixture| {
        let lead =
            service.as_grants(vec![Grant::new(Role::TeamLead, Scope::District(fixture.key("District", "alder")))]);
        sql(
            &service,
            "INSERT INTO person (id, slug, name, is_public, entered_by) VALUES
               (#60, 'entered-by-the-lead', 'Twice Entered', false, '00000000-0000-0000-0000-00000000acc0'),
               (#61, 'entered-by-others', 'Twice Entered', false, NULL);
             INSERT INTO person_contact VALUES (#61, 'reach-of-others@example.org', NULL)",
        )
        .await;
        let seen = "{ person(by: {slug: \"entered-by-the-lead\"}) { name contact { email } } }";
        assert_eq!(lead.ask(seen).await.at("/person/name"), "Twice Entered", "the lead sees whom the lead entered");
        merge(&service.as_role(Role::Staff), "Person", "entered-by-the-lead", "entered-by-others").await;
        let staff = service.as_role(Role::Staff).ask(seen).await;
        assert_eq!(staff.at("/person/contact/email"), "reach-of-others@example.org");
        let answer = lead.ask(seen).await;
        assert_eq!(answer.at("/person"), Value::Null);
        assert!(!answer.text.contains("reach-of-others"), "{}", answer.text);
    });
}
