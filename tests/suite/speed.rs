//! The number of statements follows from the document, never from the data.

use lmi::auth::Role;
use serde_json::json;
use tests::with_record;

const Q1: &str = "query Q1($id: ID!) { convening(by: {id: $id}) { id title startsOn endsOn } }";
const Q2: &str = "query Q2 { districts(first: 50, orderBy: {field: NAME}) { edges { cursor node { id name kind county { name } } } pageInfo { hasNextPage endCursor } } }";
const Q3: &str = "query Q3($id: ID!) { convening(by: {id: $id}) { id title sessions(first: 20) { nodes { id title date speakers { role person { name } organization { name } } } } } }";
const Q4: &str = "query Q4($id: ID!) { convening(by: {id: $id}) { id title teams(first: 50) { nodes { id district { name } members(first: 10) { nodes { seat person { name } } } } } } }";
const Q5: &str = "query Q5($prefix: String!) { people(filter: {search: $prefix}, first: 20) { nodes { id name } } }";
const Q6: &str =
    "query Q6($id: ID!) { participation(filter: {convening: $id}, groupBy: [COUNTY]) { county { name } teams } }";

#[test]
fn each_document_takes_its_own_number_of_statements() {
    with_record(async |service| {
        let symposium = service.ask("{ convening(by: {slug: \"2015-symposium\"}) { id } }").await.at("/convening/id");
        let staff = service.as_role(Role::Staff);
        for (name, document, statements) in
            [("Q1", Q1, 1), ("Q2", Q2, 1), ("Q3", Q3, 3), ("Q4", Q4, 3), ("Q5", Q5, 1), ("Q6", Q6, 1)]
        {
            let variables = json!({ "id": symposium, "prefix": "j" });
            let (answer, counted) = staff.counted(document, &variables).await;
            answer.data();
            assert_eq!(counted, statements, "{name}");
        }
    });
}
