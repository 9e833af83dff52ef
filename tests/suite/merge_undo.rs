//! A merge that was a mistake is undone: there are two again, as they were.

use crate::merging::{EACH, ask_to_merge, facts, key, known_everywhere, merge, refusals, sql, two, undo};
use lmi::auth::Role;
use serde_json::{Value, json};
use tests::{Service, contents, texts, with_fixture};

/// The latest merge into a row.
fn latest(kept: &Value) -> Value {
    kept["merges"]["nodes"][0]["id"].clone()
}

#[test]
fn an_undone_merge_leaves_everything_as_it_was() {
    with_fixture(async |service, fixture| {
        known_everywhere(&service).await;
        let staff = service.as_role(Role::Staff);
        let (south, marked) = (fixture.find("Organization", "south").key, fixture.find("Person", "marked").key);
        // Things that both say, and names, acronyms and contact data that are filled in.
        sql(
            &service,
            &format!(
                "INSERT INTO delegation (id, convening_id, organization_id) VALUES (#40, #90, '{south}');
                 INSERT INTO partnership (id, district_id, organization_id, codified_in) VALUES (#44, #3, '{south}', 'A contract');
                 INSERT INTO affiliation (id, person_id, organization_id, title, ends_on) VALUES
                   (#45, #5, '{south}', 'President', '2016-06-30'), (#46, '{marked}', #1, 'President', NULL);
                 INSERT INTO speaker (id, session_id, role, position, person_id, name_as_shown)
                   VALUES (#47, #17, 'panelist', 2, '{marked}', 'A. Example');
                 UPDATE person_contact SET email = NULL WHERE person_id = '{marked}';
                 UPDATE district SET named_by_record = false WHERE slug = 'larch'"
            ),
        )
        .await;
        for (typename, _, gone, kept) in EACH {
            let before = facts(&service).await;
            let merged = merge(&staff, typename, kept, gone).await;
            assert!(facts(&service).await != before, "{typename}");
            assert_eq!(undo(&staff, &latest(&merged)).await, [""; 0], "{typename}");
            let after = facts(&service).await;
            for (table, rows) in &before {
                assert_eq!(&after[table], rows, "{typename}: {table}");
            }
            let stale =
                "SELECT slug AS text FROM organization WHERE slug IN ('south', 'example-union') AND version < 3";
            if typename == "Organization" {
                assert_eq!(texts(&service.db, stale).await, [""; 0], "both have another version than anybody has read");
            }
        }
        // And once more: what was undone can be done again.
        merge(&staff, "Person", "marked", "ada-example").await;
    });
}

#[test]
fn what_was_changed_since_stays_changed() {
    with_fixture(async |service, fixture| {
        known_everywhere(&service).await;
        let staff = service.as_role(Role::Staff);
        let merged = merge(&staff, "Organization", "south", "example-union").await;
        let north = fixture.find("Organization", "north").key;
        sql(
            &service,
            &format!(
                "UPDATE organization SET website = 'https://south.example.org', alternate_names = alternate_names || '{{Southland}}'
                   WHERE slug = 'south';
                 UPDATE affiliation SET organization_id = '{north}' WHERE id = #6;
                 DELETE FROM delegation WHERE id = #10"
            ),
        )
        .await;
        assert_eq!(undo(&staff, &latest(&merged)).await, [""; 0]);
        let kept =
            "SELECT concat_ws(' ', website, acronym, alternate_names) AS text FROM organization WHERE slug = 'south'";
        assert_eq!(texts(&service.db, kept).await, ["https://south.example.org {Southland}"]);
        let held = format!("SELECT organization_id::text AS text FROM affiliation WHERE id = '{}'", key(6));
        assert_eq!(texts(&service.db, &held).await, [north.to_string()]);
        let back = format!("SELECT id::text AS text FROM sponsorship WHERE organization_id = '{}'", key(1));
        assert_eq!(texts(&service.db, &back).await, [key(9)]);
    });
}

#[test]
fn a_merge_that_cannot_be_undone_says_so_and_stands() {
    with_fixture(async |service, fixture| {
        known_everywhere(&service).await;
        let staff = service.as_role(Role::Staff);
        let south = fixture.find("Organization", "south").key;
        sql(
            &service,
            &format!("INSERT INTO delegation (id, convening_id, organization_id) VALUES (#40, #90, '{south}')"),
        )
        .await;
        let merged = merge(&staff, "Organization", "south", "example-union").await;
        let refused = async || {
            let before = contents(&service.db).await;
            assert_eq!(undo(&staff, &latest(&merged)).await, ["[\"id\"] | CONFLICT"]);
            assert!(contents(&service.db).await == before, "nothing was written");
        };
        // Another has taken the acronym.
        sql(&service, "UPDATE organization SET acronym = NULL WHERE slug = 'south'").await;
        sql(&service, "UPDATE organization SET acronym = 'exu' WHERE slug = 'north'").await;
        refused().await;
        sql(&service, "UPDATE organization SET acronym = NULL WHERE slug = 'north'").await;
        // What both were part of is gone: what was said twice cannot be said again.
        sql(&service, "DELETE FROM delegation WHERE convening_id = #90").await;
        let convening = format!(
            "DELETE FROM seat_assignment WHERE convening_id = '{0}'; DELETE FROM team_member WHERE convening_id = '{0}';
             DELETE FROM team WHERE convening_id = '{0}'; DELETE FROM speaker WHERE session_id = '{1}';
             DELETE FROM sponsorship WHERE convening_id = '{0}'; DELETE FROM session WHERE convening_id = '{0}';
             ALTER TABLE agenda_release DISABLE TRIGGER agenda_release_stays; DELETE FROM released_session;
             DELETE FROM released_session_block; DELETE FROM released_room; DELETE FROM agenda_release;
             DELETE FROM convening WHERE id = '{0}'",
            key(90),
            key(17)
        );
        sql(&service, &convening).await;
        refused().await;
        // It became part of a third.
        merge(&staff, "Organization", "north", "south").await;
        refused().await;
    });
}

#[test]
fn a_role_that_was_revoked_meanwhile_does_not_come_back() {
    with_fixture(async |service, fixture| {
        known_everywhere(&service).await;
        let staff = service.as_role(Role::Staff);
        let south = fixture.find("Organization", "south").key;
        // One account is a partner in both, and was in the one once before; its grant there ends.
        let grants = format!(
            "INSERT INTO role_grant (id, account_id, role, organization_id, revoked_at) VALUES (#39, #18, 'partner', '{south}', now());
             INSERT INTO role_grant (id, account_id, role, organization_id) VALUES (#40, #18, 'partner', '{south}');
             UPDATE role_grant SET expires_at = now() + interval '1 day' WHERE id = #19"
        );
        sql(&service, &grants).await;
        let merged = merge(&staff, "Organization", "south", "example-union").await;
        let held = "SELECT id || ' ' || (expires_at IS NULL) AS text FROM role_grant WHERE role = 'partner' AND revoked_at IS NULL";
        assert_eq!(texts(&service.db, held).await, [format!("{} true", key(40))], "held once, and as long as before");
        sql(&service, "UPDATE role_grant SET revoked_at = now() WHERE id = #40").await;
        assert_eq!(undo(&staff, &latest(&merged)).await, [""; 0]);
        assert_eq!(texts(&service.db, held).await, [""; 0]);
    });
}

#[test]
fn a_merge_is_undone_once() {
    with_fixture(async |service, _| {
        let staff = service.as_role(Role::Staff);
        let merged = merge(&staff, "Person", "marked", "chair").await;
        assert_eq!(undo(&staff, &latest(&merged)).await, [""; 0]);
        assert_eq!(undo(&staff, &latest(&merged)).await, ["[\"id\"] | CONFLICT"]);
    });
}

#[test]
fn merges_in_a_row_are_undone_from_the_last() {
    with_fixture(async |service, _| {
        known_everywhere(&service).await;
        let staff = service.as_role(Role::Staff);
        let before = facts(&service).await;
        let first = merge(&staff, "Organization", "south", "example-union").await;
        let between = facts(&service).await;
        let second = merge(&staff, "Organization", "north", "south").await;
        assert_eq!(undo(&staff, &latest(&first)).await, ["[\"id\"] | CONFLICT"]);
        assert_eq!(undo(&staff, &latest(&second)).await, [""; 0]);
        assert!(facts(&service).await == between, "old addresses lead where they led, too");
        assert_eq!(undo(&staff, &latest(&first)).await, [""; 0]);
        assert!(facts(&service).await == before);
    });
}

#[test]
fn of_two_who_merge_the_same_at_once_one_does() {
    with_fixture(async |service, _| {
        let staff = service.as_role(Role::Staff);
        let before = contents(&service.db).await["merge"].len();
        let forth = two(&service, "Person", "marked", "chair").await;
        let back = two(&service, "Person", "chair", "marked").await;
        let merges = [forth.clone(), back.clone(), forth.clone(), back, forth].map(|input| {
            let staff = staff.clone();
            tokio::spawn(async move { refusals(&ask_to_merge(&staff, "Person", &input).await, "Person") })
        });
        let mut done = 0;
        for merge in merges {
            match merge.await.expect("an answer").as_slice() {
                [] => done += 1,
                [refusal] => assert!(refusal.ends_with("CONFLICT"), "{refusal}"),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(done, 1);
        assert_eq!(contents(&service.db).await["merge"].len(), before + 1);
    });
}

#[test]
fn of_two_who_undo_a_merge_at_once_one_does() {
    with_fixture(async |service, _| {
        let staff = service.as_role(Role::Staff);
        let merged = latest(&merge(&staff, "Person", "marked", "chair").await);
        let undone = [0; 5].map(|_| {
            let (staff, merged) = (staff.clone(), merged.clone());
            tokio::spawn(async move { undo(&staff, &merged).await })
        });
        let mut refused = 0;
        for undone in undone {
            refused += undone.await.expect("an answer").len();
        }
        assert_eq!(refused, 4);
    });
}

/// Changes an organization: what stands in the way.
async fn change(service: &Service, input: &Value) -> Vec<String> {
    let document = "mutation ($id: ID!, $version: Int!) { updateOrganization(id: $id, version: $version, \
                    input: {description: \"Changed.\"}) { userErrors { field code } } }";
    let answer = service.ask_with(document, input).await;
    answer.lines("/updateOrganization/userErrors", &["/field", "/code"])
}

#[test]
fn a_merge_and_a_change_of_one_of_the_two_never_overwrite_each_other() {
    with_fixture(async |service, _| {
        known_everywhere(&service).await;
        let staff = service.as_role(Role::Staff);
        for slug in ["goneId", "keepId"] {
            let input = two(&service, "Organization", "south", "example-union").await;
            let version = &input[if slug == "goneId" { "goneVersion" } else { "keepVersion" }];
            let changed = json!({ "id": input[slug], "version": version });
            let merging = async || refusals(&ask_to_merge(&staff, "Organization", &input).await, "Organization");
            let (merged, changed) = tokio::join!(merging(), change(&staff, &changed));
            match (merged.as_slice(), changed.as_slice()) {
                ([], [one]) => assert_eq!(one, "[\"version\"] | STALE_VERSION", "{slug}"),
                ([one], []) => assert!(one.ends_with("STALE_VERSION"), "{slug}: {one}"),
                other => panic!("{slug}: {other:?}"),
            }
            if merged.is_empty() {
                break;
            }
        }
    });
}
