//! The dataset as a part of a larger graph.

use crate::expectations::viewers;
use crate::merging::{known_everywhere, merge};
use lmi::auth::Role;
use serde_json::{Value, json};
use tests::{Answer, Service, with_empty, with_fixture, with_record};

const ENTITIES: &str = "query ($representations: [_Any!]!) { _entities(representations: $representations) {
    __typename ... on Node { id } ... on District { name county { name } } ... on Person { name }
    ... on Organization { name } ... on Convening { title } } }";

async fn entities(service: &Service, representations: &Value) -> Answer {
    service.ask_with(ENTITIES, &json!({ "representations": representations })).await
}

#[test]
fn a_router_reads_the_schema_with_its_keys() {
    with_empty(async |service| {
        let sdl = service.ask("{ _service { sdl } }").await.at("/_service/sdl");
        let sdl = sdl.as_str().expect("a text");
        assert_eq!(sdl, lmi::federation::sdl());
        let plain = lmi::schema::sdl().replace("\ntype PageInfo {", "\ntype PageInfo @shareable {");
        assert!(sdl.starts_with(&plain), "the plain schema comes first, with what is shared");
        for key in [
            "extend type District @key(fields: \"id\") @key(fields: \"slug\") @key(fields: \"cdsCode\")\n",
            "extend type Team @key(fields: \"id\")\n",
            "type PageInfo @shareable {\n",
        ] {
            assert!(sdl.contains(key), "{key}");
        }
        let described = service.ask("{ __schema { queryType { fields { name } } types { name } } }").await.text;
        for name in ["_entities", "_service", "_Entity", "_Any", "_Service"] {
            assert!(!described.contains(&format!("\"{name}\"")), "{name} is for routers");
        }
    });
}

#[test]
fn rows_are_found_by_what_others_know_of_them() {
    with_record(async |service| {
        let document =
            "{ district(by: {slug: \"abc-unified\"}) { id } districts(first: 3) { nodes { id slug cdsCode name } }
            convening(by: {slug: \"2015-symposium\"}) { id title } }";
        let known = service.ask(document).await;
        let rows = known.at("/districts/nodes");
        let representations = json!([
            { "__typename": "District", "id": rows[2]["id"] },
            { "__typename": "District", "slug": rows[0]["slug"] },
            { "__typename": "Convening", "slug": "2015-symposium" },
            { "__typename": "District", "slug": "nowhere" },
            { "__typename": "District", "slug": rows[0]["slug"], "cdsCode": null },
        ]);
        let answer = entities(&service, &representations).await;
        let names = answer.lines("/_entities", &["/name", "/title"]);
        let name = |row: usize| format!("{} | –", rows[row]["name"].as_str().expect("a name"));
        let title = known.at("/convening/title");
        let expected =
            [name(2), name(0), format!("– | {}", title.as_str().expect("a title")), "– | –".to_owned(), name(0)];
        assert_eq!(names, expected);
        assert_eq!(answer.at("/_entities/3"), Value::Null, "what is not there is null, and hides nothing else");
    });
}

#[test]
fn codes_and_former_slugs_lead_to_their_rows() {
    with_fixture(async |service, fixture| {
        known_everywhere(&service).await;
        let document = "{ districts(first: 50) { nodes { id cdsCode } } }";
        let rows = service.ask(document).await.at("/districts/nodes");
        let coded =
            rows.as_array().expect("rows").iter().find(|row| row["cdsCode"].is_string()).expect("a code").clone();
        let by_code = json!([{ "__typename": "District", "cdsCode": coded["cdsCode"] }]);
        assert_eq!(entities(&service, &by_code).await.at("/_entities/0/id"), coded["id"]);
        merge(&service.as_role(Role::Staff), "Organization", "south", "example-union").await;
        let former = json!([
            { "__typename": "Organization", "slug": "example-union" },
            { "__typename": "Organization", "slug": "south" },
        ]);
        let kept = json!(fixture.find("Organization", "south").id);
        assert_eq!(entities(&service, &former).await.each("/_entities", "/id"), [kept.clone(), kept]);
    });
}

#[test]
fn what_cannot_be_understood_is_said_of_that_one_alone() {
    with_record(async |service| {
        let convening = service.ask("{ convening(by: {slug: \"2015-symposium\"}) { id } }").await.at("/convening/id");
        for wrong in [
            json!({ "slug": "2015-symposium" }),
            json!({ "__typename": "Query", "id": convening }),
            json!({ "__typename": "Convening" }),
            json!({ "__typename": "Convening", "title": "2015 Symposium" }),
            json!({ "__typename": "District", "id": convening }),
            json!({ "__typename": "Convening", "id": 7 }),
        ] {
            let known = json!({ "__typename": "Convening", "id": convening });
            let answer = entities(&service, &json!([wrong, known])).await;
            assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{wrong}");
            let body = answer.json();
            assert_eq!(
                (&body["data"]["_entities"][0], &body["data"]["_entities"][1]["id"]),
                (&Value::Null, &convening)
            );
            assert_eq!(body["errors"][0]["path"], json!(["_entities", 0]));
        }
        let many = vec![json!({ "__typename": "Convening", "id": convening }); 251];
        assert_eq!(entities(&service, &json!(many)).await.codes(), ["QUERY_LIMIT"]);
    });
}

#[test]
fn many_are_read_in_as_many_statements_as_one() {
    with_record(async |service| {
        let rows = service.ask("{ districts(first: 47) { nodes { id slug } } }").await.at("/districts/nodes");
        let rows = rows.as_array().expect("rows");
        for number in [1, 20, 47] {
            let by = |key: &str| {
                let all: Vec<_> =
                    rows[..number].iter().map(|row| json!({ "__typename": "District", key: row[key] })).collect();
                json!({ "representations": all })
            };
            let (answer, statements) = service.counted(ENTITIES, &by("id")).await;
            assert_eq!((answer.each("/_entities", "/name").len(), statements), (number, 1));
            let (answer, statements) = service.counted(ENTITIES, &by("slug")).await;
            assert_eq!((answer.each("/_entities", "/name").len(), statements), (number, 3));
        }
    });
}

#[test]
fn a_router_sees_no_more_than_whoever_it_asks_for() {
    with_fixture(async |service, fixture| {
        for viewer in viewers(&fixture) {
            let service = viewer.service(&service);
            for rows in fixture.rows.chunks(100) {
                let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
                let document = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
                let nodes = service.ask_with(document, &json!({ "ids": ids })).await.each("/nodes", "/id");
                let all: Vec<_> = rows.iter().map(|row| json!({ "__typename": row.typename, "id": row.id })).collect();
                assert_eq!(entities(&service, &json!(all)).await.each("/_entities", "/id"), nodes);
            }
        }
    });
}

#[test]
fn a_name_that_is_hidden_leads_nowhere() {
    with_fixture(async |service, _| {
        let staff = service.as_role(Role::Staff);
        let document = "{ convenings(first: 100) { nodes { slug } } people(first: 100) { nodes { slug } } }";
        let (all, public) = (staff.ask(document).await, service.ask(document).await);
        for (list, typename) in [("/convenings/nodes", "Convening"), ("/people/nodes", "Person")] {
            let shown = public.each(list, "/slug");
            let hidden: Vec<_> = all.each(list, "/slug").into_iter().filter(|slug| !shown.contains(slug)).collect();
            assert!(!hidden.is_empty(), "{typename}");
            let named: Vec<_> = hidden.iter().map(|slug| json!({ "__typename": typename, "slug": slug })).collect();
            let found = entities(&service, &json!(named)).await.at("/_entities");
            assert!(found.as_array().expect("a list").iter().all(Value::is_null), "{found}");
            assert_eq!(entities(&staff, &json!(named)).await.each("/_entities", "/id").len(), hidden.len());
        }
    });
}
