//! Paging returns every row exactly once: under each order, in each direction, from both ends.

use crate::fixtures_lists::{List, ROWS, lists, ordered};
use crate::fixtures_many::Many;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use serde_json::{Value, json};
use tests::{Service, with_empty};

#[test]
fn every_row_is_there_once_and_in_order() {
    with_empty(async |service| {
        let (service, lists) = lists(&service).await;
        for list in &lists {
            let expected = list.expected(&service).await;
            assert_eq!(expected.len(), ROWS, "{}", list.document);
            for size in [1, 2, 3, 7, ROWS, 100] {
                for from_end in [false, true] {
                    let rows = list.walk(&service, size, from_end).await;
                    assert_eq!(rows, expected, "pages of {size}, from the end: {from_end}, {}", list.document);
                }
            }
        }
    });
}

#[test]
fn pages_from_both_ends_meet_without_gap_or_overlap() {
    with_empty(async |service| {
        let (service, lists) = lists(&service).await;
        let mut expected = Vec::new();
        for list in &lists {
            expected.push(list.expected(&service).await);
        }
        let steps = proptest::collection::vec((0..6_usize, any::<bool>()), 1..12);
        let mut runner = TestRunner::new_with_rng(
            Config { cases: 48, failure_persistence: None, ..Config::default() },
            TestRng::deterministic_rng(RngAlgorithm::ChaCha),
        );
        let handle = tokio::runtime::Handle::current();
        let met = runner.run(&(0..lists.len(), steps), |(list, steps)| {
            let rows = meet(&service, &lists[list], &steps);
            let rows = tokio::task::block_in_place(|| handle.block_on(rows));
            proptest::prop_assert_eq!(&rows, &expected[list], "{}", lists[list].document);
            Ok(())
        });
        assert!(met.is_ok(), "{}", met.expect_err("a case that did not hold"));
    });
}

/// The rows between two cursors that move towards each other, by steps of any size from either end.
async fn meet(service: &Service, list: &List, steps: &[(usize, bool)]) -> Vec<Value> {
    let (mut head, mut tail): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    let (mut after, mut before) = (Value::Null, Value::Null);
    for &(size, from_end) in steps.iter().chain([&(100, false)]) {
        let rows = if from_end { "last" } else { "first" };
        let page = list.page(service, &format!("{rows}: {size}, after: {after}, before: {before}")).await;
        assert!(page.rows.len() <= size);
        let missing = ROWS - head.len() - tail.len();
        assert_eq!(page.rows.len(), size.min(missing));
        assert_eq!(if from_end { page.has_previous } else { page.has_next }, size < missing);
        if from_end {
            tail.splice(0..0, page.rows);
            before = page.cursors.first().map_or(before, |cursor| cursor.as_str().into());
        } else {
            head.extend(page.rows);
            after = page.cursors.last().map_or(after, |cursor| cursor.as_str().into());
        }
    }
    head.extend(tail);
    head
}

#[test]
fn a_page_of_no_rows_still_counts_and_tells_whether_there_are_any() {
    with_empty(async |service| {
        let (service, lists) = lists(&service).await;
        for list in &lists {
            let page = list.page(&service, "first: 0").await;
            assert_eq!((page.rows.len(), page.has_next, page.has_previous, page.total), (0, true, false, json!(ROWS)));
            let page = list.page(&service, "last: 0").await;
            assert_eq!((page.rows.len(), page.has_next, page.has_previous, page.total), (0, false, true, json!(ROWS)));
        }
        let none = "{ people(filter: {search: \"Nobody at all\"}, first: 0) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";
        let none = service.ask(none).await.at("/people");
        let info = json!({ "hasNextPage": false, "hasPreviousPage": false, "startCursor": null, "endCursor": null });
        assert_eq!(none, json!({ "totalCount": 0, "pageInfo": info }));
    });
}

#[test]
fn the_other_direction_is_the_exact_reverse_but_for_what_is_not_known() {
    with_empty(async |service| {
        let (service, _) = lists(&service).await;
        for pair in ordered().chunks(2) {
            let [up, down] = [&pair[0], &pair[1]];
            let (up_rows, mut down_rows) = (up.walk(&service, 100, false).await, down.walk(&service, 100, false).await);
            down_rows.reverse();
            // Unknown enrollments come last either way.
            if !up.document.contains("ENROLLMENT") {
                assert_eq!(up_rows, down_rows, "{}", up.document);
            }
        }
        let enrollments = |way: &str| {
            format!("{{ districts(orderBy: {{field: ENROLLMENT, direction: {way}}}) {{ nodes {{ enrollment }} }} }}")
        };
        let up = service.ask(&enrollments("ASC")).await.each("/districts/nodes", "/enrollment");
        let down = service.ask(&enrollments("DESC")).await.each("/districts/nodes", "/enrollment");
        let unknown = up.iter().filter(|enrollment| enrollment.is_null()).count();
        assert!(unknown > 1);
        let known = ROWS - unknown;
        assert!(up[known..].iter().chain(&down[known..]).all(Value::is_null));
        assert!(up[..known].iter().eq(down[..known].iter().rev()));
    });
}

#[test]
fn rows_that_come_and_go_between_pages_make_no_other_row_come_twice_or_not_at_all() {
    with_empty(async |service| {
        let many = Many::fill(&service.db, 6).await;
        let names = ["Bea", "Cleo", "Dora", "Emil", "Fritz", "Gerda"];
        for (id, name) in many.organizations.iter().zip(names) {
            let rename = "UPDATE organization SET name = $1 WHERE id = $2";
            let rename = Statement::from_sql_and_values(DbBackend::Postgres, rename, [name.into(), id.0.into()]);
            service.db.execute_raw(rename).await.expect("a new name");
        }
        let page = async |arguments: String| {
            service
                .ask(&format!(
                    "{{ organizations({arguments}) {{ nodes {{ name }} pageInfo {{ startCursor endCursor }} }} }}"
                ))
                .await
        };
        let first = page("first: 3".to_owned()).await;
        assert_eq!(first.each("/organizations/nodes", "/name"), ["Bea", "Cleo", "Dora"]);
        for (slug, name) in [("new-before", "Anna"), ("new-between", "Clio"), ("new-after", "Ella")] {
            let insert = format!(
                "INSERT INTO organization (id, slug, name, kind) VALUES (gen_random_uuid(), '{slug}', '{name}', 'other')"
            );
            service.db.execute_unprepared(&insert).await.expect("a new row");
        }
        // The very row that the cursor names, and one that is still to come.
        for (table, name) in
            [("delegation", "Dora"), ("delegation", "Fritz"), ("affiliation", "Dora"), ("affiliation", "Fritz")]
        {
            let delete = format!(
                "DELETE FROM {table} WHERE organization_id = (SELECT id FROM organization WHERE name = '{name}')"
            );
            service.db.execute_unprepared(&delete).await.expect("a row less");
        }
        service
            .db
            .execute_unprepared("DELETE FROM organization WHERE name IN ('Dora', 'Fritz')")
            .await
            .expect("rows less");
        let cursor = first.at("/organizations/pageInfo/endCursor");
        let rest = page(format!("first: 3, after: {cursor}")).await;
        assert_eq!(rest.each("/organizations/nodes", "/name"), ["Ella", "Emil", "Gerda"]);
        let back = page(format!("last: 3, before: {cursor}")).await;
        assert_eq!(back.each("/organizations/nodes", "/name"), ["Bea", "Cleo", "Clio"]);
    });
}

#[test]
fn each_parent_and_each_alias_has_a_page_of_its_own() {
    with_empty(async |service| {
        let many = Many::fill(&service.db, 5).await;
        for (i, &convening) in many.convenings.iter().enumerate().skip(1) {
            for number in 0..i {
                many.session(&service.db, convening, number).await;
            }
        }
        let page = "totalCount pageInfo { hasNextPage hasPreviousPage } nodes { slug }";
        let aliases = format!(
            "slug two: sessions(first: 2) {{ {page} }} one: sessions(last: 1) {{ {page} }} none: sessions(first: 0) {{ totalCount }} \
             panels: sessions(filter: {{format: PANEL}}, first: 3) {{ {page} }} closings: sessions(filter: {{format: CLOSING}}) {{ {page} }}"
        );
        let all = service.ask(&format!("{{ convenings {{ nodes {{ {aliases} }} }} }}")).await.at("/convenings/nodes");
        let all = all.as_array().expect("convenings");
        assert_eq!(all.len(), 5);
        for convening in all {
            let alone =
                |selection: &str| format!("{{ convening(by: {{slug: {}}}) {{ {selection} }} }}", convening["slug"]);
            assert_eq!(*convening, service.ask(&alone(&aliases)).await.at("/convening"));
            let whole =
                service.ask(&alone("sessions(first: 100) { nodes { slug } }")).await.at("/convening/sessions/nodes");
            let whole = whole.as_array().expect("sessions");
            let rows = |alias: &str| convening[alias]["nodes"].as_array().expect("rows").clone();
            assert_eq!(rows("two"), whole[..whole.len().min(2)]);
            assert_eq!(rows("one"), whole[whole.len().saturating_sub(1)..]);
            assert_eq!(rows("panels"), whole[..whole.len().min(3)]);
            assert_eq!(rows("closings"), Vec::<Value>::new());
            assert_eq!(convening["none"]["totalCount"], whole.len());
            assert_eq!(convening["two"]["pageInfo"]["hasNextPage"], whole.len() > 2);
            assert_eq!(convening["one"]["pageInfo"]["hasPreviousPage"], whole.len() > 1);
        }
    });
}

#[test]
fn a_deep_page_takes_no_more_statements_than_the_first() {
    with_empty(async |service| {
        let (service, lists) = lists(&service).await;
        for list in &lists {
            let deep = list.page(&service, "first: 8").await.cursors.remove(7);
            let document = |page: &str| list.document(page).replace("totalCount", "");
            let (_, first) = service.counted(&document("first: 2"), &Value::Null).await;
            let (answer, later) =
                service.counted(&document(&format!("first: 2, after: \"{deep}\"")), &Value::Null).await;
            answer.data();
            assert_eq!(first, later, "{}", list.document);
        }
    });
}

#[test]
fn hits_of_a_search_come_once_each_and_best_first() {
    with_empty(async |service| {
        Many::fill(&service.db, ROWS).await;
        let hits = |page: &str| {
            format!(
                "{{ search(query: \"pena exa\", {page}) {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ __typename ... on Node {{ id }} }} }} }}"
            )
        };
        let whole = service.ask(&hits("first: 100")).await.at("/search");
        let expected = whole["nodes"].as_array().expect("hits").clone();
        assert_eq!(whole["totalCount"], expected.len());
        assert!(expected.len() > ROWS);
        for size in [1, 2, 3, 7] {
            let (mut found, mut cursor) = (Vec::new(), Value::Null);
            loop {
                let page = service.ask(&hits(&format!("first: {size}, after: {cursor}"))).await.at("/search");
                found.extend(page["nodes"].as_array().expect("hits").clone());
                cursor = page["pageInfo"]["endCursor"].clone();
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
            }
            assert_eq!(found, expected, "pages of {size}");
        }
        for cursor in ["", "A", "eyJvIjoic2VhcmNoIn0"] {
            let answer = service.ask(&hits(&format!("after: \"{cursor}\""))).await;
            assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{cursor}");
        }
    });
}
