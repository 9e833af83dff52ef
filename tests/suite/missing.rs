//! An invisible row answers like a missing one, byte for byte: nobody learns that it is there.

use crate::expectations::viewers;
use sea_orm::prelude::Uuid;
use serde_json::{Value, json};
use tests::fixtures::{Part, Row, TAGS, global_id};
use tests::with_fixture;

/// Rows enough to stand for all: of the teams, those of two districts.
fn examples(row: &Row) -> bool {
    row.parts.iter().all(|part| match part {
        Part::Team(_, district, _) | Part::Roster(_, district) => ["alder", "ginkgo"].contains(district),
        _ => true,
    })
}

#[test]
fn an_invisible_row_answers_like_one_that_never_was() {
    with_fixture(async |service, fixture| {
        for viewer in viewers(&fixture) {
            let service = viewer.service(&service);
            for row in fixture.rows.iter().filter(|row| examples(row) && !viewer.sees(&row.parts)) {
                for document in lookups(row.typename) {
                    let hidden = service.ask_with(document, &json!({ "id": row.id, "slug": row.name })).await;
                    let never = json!({ "id": never_was(row.typename), "slug": "never-was" });
                    let missing = service.ask_with(document, &never).await;
                    assert_eq!(hidden.text, missing.text, "{}: {document} for {}", viewer.name, row.name);
                }
            }
        }
    });
}

/// An id of a type that no row ever had.
fn never_was(typename: &str) -> String {
    global_id(typename, Uuid::from_u128(u128::MAX))
}

/// The documents that name a row, by `$id` or by `$slug`.
fn lookups(typename: &str) -> Vec<&'static str> {
    let own: &[&str] = match typename {
        "Convening" => &[
            "query($id: ID!) { convening(by: {id: $id}) { id title } }",
            "query($slug: String!) { convening(by: {slug: $slug}) { id title } }",
            "query($id: ID!) { teams(filter: {convening: $id}) { totalCount nodes { id } } }",
            "query($id: ID!) { participation(filter: {convening: $id}, groupBy: [CONVENING]) { teams } }",
            "query($id: ID!) { participation(filter: {convening: $id}, groupBy: []) { teams districts } }",
            "query($id: ID!) { districts(filter: {attended: $id}) { totalCount nodes { id } } }",
            "query($slug: String!) { search(query: $slug) { totalCount edges { cursor } } }",
        ],
        "Person" => &[
            "query($id: ID!) { person(by: {id: $id}) { id name contact { email } } }",
            "query($slug: String!) { person(by: {slug: $slug}) { id name contact { email } } }",
        ],
        "Session" => &[
            "query($id: ID!) { session(id: $id) { id title } }",
            "query($slug: String!) { convening(by: {slug: \"announced\"}) { session(slug: $slug) { id } } }",
        ],
        "Team" => &["query($id: ID!) { team(id: $id) { id status } }"],
        _ => &[],
    };
    let any = ["query($id: ID!) { node(id: $id) { __typename id } }", "query($id: ID!) { nodes(ids: [$id]) { id } }"];
    own.iter().copied().chain(any).collect()
}

#[test]
fn an_id_of_one_type_never_answers_with_a_row_of_another() {
    with_fixture(async |service, fixture| {
        let key: Uuid = fixture.key("Organization", "north");
        let ids: Vec<String> = TAGS.iter().map(|(typename, _)| global_id(typename, key)).collect();
        let document = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename } }";
        let answer = service.ask_with(document, &json!({ "ids": ids })).await;
        let expected =
            TAGS.map(|(name, _)| if name == "Organization" { json!({ "__typename": name }) } else { Value::Null });
        assert_eq!(answer.at("/nodes"), json!(expected.to_vec()));
    });
}
