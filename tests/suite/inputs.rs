//! Arguments that are none of what they should be: ids, pages, dates, texts and variables.

use crate::errors::code;
use lmi::auth::Role;
use serde_json::{Value, json};
use tests::{Service, with_empty, with_record};

/// What a value is told that is none of its type: the one as a literal, the other as a variable.
const UNFIT: [&str; 2] = ["GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"];

/// The same value in a document and in a variable.
async fn assert_refused(service: &Service, expected: &[&str], field: &str, variable: &str, value: &Value) {
    let literal = field.replace("$x", &value.to_string());
    let literal = service.ask(&format!("{{ {literal} }}")).await;
    let document = format!("query Q($x: {variable}) {{ {field} }}");
    let given = service.ask_with(&document, &json!({ "x": value })).await;
    for answer in [literal, given] {
        assert!(expected.contains(&code(&answer).as_str()), "{field} with {value:.300}: {:.600}", answer.text);
    }
}

#[test]
fn an_id_that_is_none() {
    with_record(async |service| {
        let ids = service
            .ask("{ convening(by: {slug: \"2015-symposium\"}) { id } person(by: {slug: \"wes-smith\"}) { id } }")
            .await;
        let (convening, person) = (ids.at("/convening/id"), ids.at("/person/id"));
        let convening = convening.as_str().expect("an id");
        let long = "A".repeat(10_000);
        let bad = [
            "",
            " ",
            "A",
            "x",
            "1",
            "\0",
            "é",
            &convening[..10],
            &convening[1..],
            &format!("{convening}="),
            &format!("{convening}A"),
            &long,
            "2015-symposium",
            "01929a2e-0000-7000-8000-000000000000",
            "AAAAAAAAAAAAAAAAAAAAAAA",
            "____________________w",
        ];
        let fields = [
            "node(id: $x) { id }",
            "nodes(ids: [$x]) { id }",
            "session(id: $x) { id }",
            "team(id: $x) { id }",
            "convening(by: {id: $x}) { id }",
            "people(filter: {organization: $x}) { totalCount }",
            "districts(filter: {attended: $x}) { totalCount }",
            "teams(filter: {convening: $x}) { totalCount }",
            "participation(filter: {convening: $x}, groupBy: [YEAR]) { teams }",
        ];
        for field in fields {
            for id in bad {
                assert_refused(&service, &["BAD_USER_INPUT"], field, "ID!", &json!(id)).await;
            }
            if !field.starts_with("node") {
                assert_refused(&service, &["BAD_USER_INPUT"], field, "ID!", &person).await;
            }
        }
        let wrong = service.ask(&format!("{{ convening(by: {{id: {person}}}) {{ id }} }}")).await;
        assert_eq!(wrong.messages(), "This is the id of a Person; a Convening's is needed here.");
        let many = |count: usize| json!(vec![convening; count]);
        let document = "query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        assert_eq!(
            service.ask_with(document, &json!({ "ids": many(250) })).await.at("/nodes").as_array().map(Vec::len),
            Some(250)
        );
        assert_eq!(code(&service.ask_with(document, &json!({ "ids": many(251) })).await), "QUERY_LIMIT");
        // A made-up id of one type with the key of another names nothing.
        let borrowed = format!("Bg{}", &convening[2..]);
        let both = service
            .ask_with(
                "query Q($ids: [ID!]!) { nodes(ids: $ids) { __typename } }",
                &json!({ "ids": [convening, borrowed] }),
            )
            .await;
        assert_eq!(both.at("/nodes"), json!([{ "__typename": "Convening" }, null]));
    });
}

#[test]
fn a_page_or_a_date_that_is_none() {
    with_record(async |service| {
        let lists = [
            "people(ARGS) { totalCount }",
            "convening(by: {slug: \"2015-symposium\"}) { teams(ARGS) { totalCount } }",
            "organizations(ARGS) { nodes { id } }",
        ];
        for list in lists {
            for rows in [-1, 101, 100_000, i32::MIN, i32::MAX] {
                for way in ["first", "last"] {
                    let field = list.replace("ARGS", &format!("{way}: $x"));
                    assert_refused(&service, &["BAD_USER_INPUT"], &field, "Int", &json!(rows)).await;
                }
            }
            let both = list.replace("ARGS", "first: $x, last: 1");
            assert_refused(&service, &["BAD_USER_INPUT"], &both, "Int", &json!(1)).await;
        }
        let dated = [
            "convenings(filter: {startsOnOrAfter: $x}) { totalCount }",
            "person(by: {slug: \"wes-smith\"}) { affiliations(asOf: $x) { totalCount } }",
            "participation(filter: {from: $x}, groupBy: [YEAR]) { teams }",
        ];
        for field in dated {
            for date in [
                "2015-5-8",
                "2015-02-30",
                "2015- 5- 8",
                "+215-05-08",
                "",
                "x",
                "2015-05-08T00:00:00Z",
                "99999-01-01",
                "2015-05-0\0",
            ] {
                assert_refused(&service, &UNFIT, field, "Date", &json!(date)).await;
            }
            for value in [json!(20_150_508), json!(true), json!(["2015-05-08", "2015-05-09"])] {
                assert_refused(&service, &UNFIT, field, "Date", &value).await;
            }
        }
    });
}

#[test]
fn a_text_with_a_nul_in_it() {
    with_record(async |service| {
        let fields = [
            "convening(by: {slug: $x}) { id }",
            "organization(by: {slug: $x}) { id }",
            "organization(by: {acronym: $x}) { id }",
            "person(by: {slug: $x}) { id }",
            "district(by: {slug: $x}) { id }",
            "district(by: {cdsCode: $x}) { id }",
            "district(by: {ncesId: $x}) { id }",
            "convenings(filter: {search: $x}) { totalCount }",
            "organizations(filter: {search: $x}) { nodes { id } }",
            "people(filter: {search: $x}) { nodes { id } }",
            "districts(filter: {search: $x}) { nodes { id } }",
            "districts(filter: {county: [$x]}) { nodes { id } }",
            "teams(filter: {county: [$x]}) { totalCount }",
            "search(query: $x) { totalCount }",
            "search(query: $x) { nodes { __typename } }",
            "participation(filter: {county: [$x]}, groupBy: [YEAR]) { teams }",
            "convening(by: {slug: \"2015-symposium\"}) { session(slug: $x) { id } }",
            "convening(by: {slug: \"2015-symposium\"}) { sessions(filter: {search: $x}) { totalCount } }",
        ];
        for field in fields {
            for text in ["\0", "a\0b", "a\0"] {
                assert_refused(&service, &["BAD_USER_INPUT"], field, "String!", &json!(text)).await;
            }
            let strange = [
                "'",
                "\\",
                "%",
                "_",
                "\u{202e}",
                "\u{fffd}",
                "'; DROP TABLE person; --",
                "\" OR 1=1",
                "&",
                "!",
                ":*",
                "( | ) <->",
                "🦀",
                "a".repeat(20_000).as_str(),
            ]
            .map(str::to_owned);
            for text in strange {
                let answer =
                    service.ask_with(&format!("query Q($x: String!) {{ {field} }}"), &json!({ "x": text })).await;
                // There is no county of any such name.
                let refused = if field.contains("county") { vec!["BAD_USER_INPUT".to_owned()] } else { Vec::new() };
                assert_eq!(answer.codes(), refused, "{field}: {text}");
            }
        }
    });
}

#[test]
fn a_nul_deep_within_what_is_written() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let given = |document: &str| {
            let input = format!(
                "{{name: \"A tour\", kind: STUDY_TOUR, status: PROPOSED, sources: [{{document: {document}}}]}}"
            );
            format!("mutation {{ createOffering(input: {input}) {{ userErrors {{ message }} }} }}")
        };
        let literal = staff.ask(&given("\"a\\u0000b\"")).await;
        let within = "mutation ($x: String!)".to_owned() + given("$x").trim_start_matches("mutation");
        let variable = staff.ask_with(&within, &json!({ "x": "a\0b" })).await;
        for answer in [literal, variable] {
            assert_eq!(code(&answer), "BAD_USER_INPUT", "{}", answer.text);
            assert!(answer.text.contains("NUL"), "{}", answer.text);
        }
        assert_eq!(service.ask("{ offerings { name } }").await.at("/offerings"), json!([]));
    });
}

#[test]
fn a_variable_that_does_not_fit() {
    with_empty(async |service| {
        let cases = [
            ("query Q($x: ID!) { node(id: $x) { id } }", json!({})),
            ("query Q($x: ID!) { node(id: $x) { id } }", json!({ "x": null })),
            ("query Q($x: ID!) { node(id: $x) { id } }", json!({ "x": {} })),
            ("query Q($x: ID!) { node(id: $x) { id } }", json!({ "x": true })),
            ("query Q($x: [ID!]!) { nodes(ids: $x) { id } }", json!({ "x": [null] })),
            ("query Q($x: Int) { people(first: $x) { totalCount } }", json!({ "x": "1" })),
            ("query Q($x: Int) { people(first: $x) { totalCount } }", json!({ "x": 1.5 })),
            ("query Q($x: Int) { people(first: $x) { totalCount } }", json!({ "x": 9_999_999_999_i64 })),
            ("query Q($x: String!) { search(query: $x) { totalCount } }", json!({ "x": 1 })),
            ("query Q($x: DistrictFilter) { districts(filter: $x) { totalCount } }", json!({ "x": { "nothing": 1 } })),
            (
                "query Q($x: DistrictFilter) { districts(filter: $x) { totalCount } }",
                json!({ "x": { "kind": ["NOTHING"] } }),
            ),
            (
                "query Q($x: DistrictFilter) { districts(filter: $x) { totalCount } }",
                json!({ "x": { "region": ["1"] } }),
            ),
            (
                "query Q($x: [DistrictKind!]) { districts(filter: {kind: $x}) { totalCount } }",
                json!({ "x": ["NOTHING"] }),
            ),
            ("query Q($x: ConveningBy!) { convening(by: $x) { id } }", json!({ "x": {} })),
            ("query Q($x: ConveningBy!) { convening(by: $x) { id } }", json!({ "x": { "id": "a", "slug": "b" } })),
            ("query Q($x: ConveningBy!) { convening(by: $x) { id } }", json!({ "x": { "slug": null } })),
            (
                "query Q($x: PersonOrder) { people(orderBy: $x) { totalCount } }",
                json!({ "x": { "field": "NAME", "direction": "UP" } }),
            ),
            ("query Q($x: PersonOrder) { people(orderBy: $x) { totalCount } }", json!({ "x": { "direction": "ASC" } })),
            ("query Q($x: Boolean!) { regions @include(if: $x) { number } }", json!({})),
            ("query Q($x: Boolean!) { regions @include(if: $x) { number } }", json!({ "x": "yes" })),
            ("query Q($x: Boolean!) { regions @skip(if: $x) { number } }", json!({ "x": null })),
        ];
        for (document, variables) in cases {
            let answer = service.ask_with(document, &variables).await;
            assert!(!answer.codes().is_empty(), "{document} with {variables}: {}", answer.text);
            assert!(
                ["GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"].contains(&code(&answer).as_str()),
                "{}",
                answer.text
            );
        }
    });
}
