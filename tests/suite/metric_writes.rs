//! Figures that were reported, and what the initiative offers: added, changed, put in order and taken away.

use crate::expectations::viewers;
use lmi::auth::Role;
use serde_json::{Value, json};
use tests::fixtures::GATHERINGS;
use tests::{Answer, contents, with_fixture};

const CREATE: &str = "mutation ($input: CreateMetricInput!) { createMetric(input: $input) {
    metric { id name version } userErrors { field code } } }";
const UPDATE: &str = "mutation ($id: ID!, $version: Int!, $input: UpdateMetricInput!) {
    updateMetric(id: $id, version: $version, input: $input) {
      metric { name unit quantity { value qualifier } status asOf version } userErrors { field code } } }";
const DELETE: &str = "mutation ($id: ID!, $version: Int!) { deleteMetric(id: $id, version: $version) {
    metric { name } userErrors { field code } } }";
const CREATE_OFFERING: &str = "mutation ($input: CreateOfferingInput!) { createOffering(input: $input) {
    offering { id name status highInterest } userErrors { field code } } }";
const UPDATE_OFFERING: &str = "mutation ($id: ID!, $version: Int!, $input: UpdateOfferingInput!) {
    updateOffering(id: $id, version: $version, input: $input) {
      offering { name kind status highInterest version } userErrors { field code } } }";
const RETIRE_OFFERING: &str = "mutation ($id: ID!, $version: Int!) { retireOffering(id: $id, version: $version) {
    offering { status version can } userErrors { field code allowed } } }";
const DELETE_OFFERING: &str = "mutation ($id: ID!, $version: Int!) { deleteOffering(id: $id, version: $version) {
    offering { name } userErrors { field code } } }";
const REORDER_OFFERINGS: &str = "mutation ($ids: [ID!]!) { reorderOfferings(ids: $ids) {
    offerings { name version } userErrors { field code } } }";

fn refusals(answer: &Answer, mutation: &str) -> Vec<String> {
    answer.lines(&format!("/{mutation}/userErrors"), &["/field", "/code"])
}

#[test]
fn figures_keep_the_precision_of_their_report() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let convening = &fixture.find("Convening", "draft").id;
        let input = json!({ "conveningId": convening, "name": "Teams", "unit": "district teams", "status": "PRELIMINARY",
            "quantity": { "value": 40, "qualifier": "MORE_THAN" } });
        let made = staff.ask_with(CREATE, &json!({ "input": input })).await.at("/createMetric/metric");
        let change = async |version: i32, input: Value| {
            staff.ask_with(UPDATE, &json!({ "id": made["id"], "version": version, "input": input })).await
        };
        let input =
            json!({ "quantity": { "value": 47, "qualifier": "EXACT" }, "status": "FINAL", "asOf": "2026-05-09" });
        let expected = json!({ "name": "Teams", "unit": "district teams", "quantity": { "value": 47, "qualifier": "EXACT" },
            "status": "FINAL", "asOf": "2026-05-09", "version": 2 });
        assert_eq!(change(1, input).await.at("/updateMetric/metric"), expected);
        assert_eq!(change(2, json!({ "asOf": null })).await.at("/updateMetric/metric/asOf"), Value::Null);
        let before = contents(&service.db).await;
        let wrong = change(3, json!({ "name": "", "unit": null, "quantity": null, "status": null })).await;
        let expected =
            ["[\"unit\"] | REQUIRED", "[\"quantity\"] | REQUIRED", "[\"status\"] | REQUIRED", "[\"name\"] | REQUIRED"];
        assert_eq!(refusals(&wrong, "updateMetric"), expected);
        assert!(contents(&service.db).await == before, "nothing was written");
        let listed = "query ($id: ID!) { convening(by: {id: $id}) { metrics { name } } }";
        let listed = staff.ask_with(listed, &json!({ "id": convening })).await.each("/convening/metrics", "/name");
        assert_eq!(listed, ["Figure facts-of-draft", "Teams"], "in the order of the report");
        let gone = staff.ask_with(DELETE, &json!({ "id": made["id"], "version": 3 })).await;
        assert_eq!(gone.at("/deleteMetric/metric/name"), "Teams");
    });
}

#[test]
fn only_those_whose_convening_it_is_can_change_its_figures() {
    with_fixture(async |service, fixture| {
        let before = contents(&service.db).await;
        for viewer in viewers(&fixture) {
            let asked = viewer.service(&service);
            for gathering in GATHERINGS.map(|gathering| gathering.name) {
                let row = fixture.find("Convening", gathering);
                let refused = match (viewer.changes(gathering), viewer.sees(&row.parts)) {
                    (true, _) => None,
                    (false, true) => Some("FORBIDDEN"),
                    (false, false) => Some("NOT_FOUND"),
                };
                let metric = json!({ "id": fixture.find("Metric", gathering).id, "version": 0, "input": {} });
                for (mutation, document) in [("updateMetric", UPDATE), ("deleteMetric", DELETE)] {
                    let answer = asked.ask_with(document, &metric).await;
                    match refused {
                        None => assert_eq!(refusals(&answer, mutation), ["[\"version\"] | STALE_VERSION"]),
                        Some(code) => assert_eq!(answer.codes(), [code], "{}: {gathering}", viewer.name),
                    }
                }
                let input = json!({ "conveningId": row.id, "name": " ", "unit": "teams", "status": "FINAL",
                    "quantity": { "value": 1, "qualifier": "EXACT" } });
                let answer = asked.ask_with(CREATE, &json!({ "input": input })).await;
                match refused {
                    None => assert_eq!(refusals(&answer, "createMetric"), ["[\"name\"] | REQUIRED"]),
                    // Whoever may add nothing anywhere is told so at once.
                    Some("NOT_FOUND") if answer.codes().is_empty() => {
                        let expected = ["[\"conveningId\"] | NOT_FOUND"];
                        assert_eq!(refusals(&answer, "createMetric"), expected);
                    }
                    Some(_) => assert_eq!(answer.codes(), ["FORBIDDEN"], "{}: {gathering}", viewer.name),
                }
            }
        }
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn offerings_are_added_changed_retired_put_in_order_and_taken_away() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let input = json!({ "name": "Study tour", "kind": "STUDY_TOUR" });
        let tour = staff.ask_with(CREATE_OFFERING, &json!({ "input": input })).await.at("/createOffering/offering");
        assert_eq!((&tour["status"], &tour["highInterest"]), (&json!("PROPOSED"), &json!(false)));
        let act = async |document: &str, version: i32, input: Value| {
            staff.ask_with(document, &json!({ "id": tour["id"], "version": version, "input": input })).await
        };
        let changed = act(UPDATE_OFFERING, 1, json!({ "status": "OFFERED", "highInterest": true })).await;
        let expected = json!({ "name": "Study tour", "kind": "STUDY_TOUR", "status": "OFFERED", "highInterest": true, "version": 2 });
        assert_eq!(changed.at("/updateOffering/offering"), expected);
        let retired = act(RETIRE_OFFERING, 2, Value::Null).await.at("/retireOffering/offering");
        assert_eq!((&retired["status"], &retired["version"]), (&json!("RETIRED"), &json!(3)));
        let before = contents(&service.db).await;
        let again = act(RETIRE_OFFERING, 3, Value::Null).await.at("/retireOffering/userErrors/0");
        let expected = json!({ "field": ["id"], "code": "ILLEGAL_TRANSITION", "allowed": ["PROPOSED", "OFFERED"] });
        assert_eq!(again, expected);
        let first = &fixture.find("Offering", "offering").id;
        for wrong in [json!([first]), json!([first, first]), json!([])] {
            let answer = staff.ask_with(REORDER_OFFERINGS, &json!({ "ids": wrong })).await;
            assert_eq!(refusals(&answer, "reorderOfferings"), ["[\"ids\"] | INVALID"]);
            assert_eq!(answer.at("/reorderOfferings/offerings"), Value::Null);
        }
        let emptied =
            act(UPDATE_OFFERING, 3, json!({ "name": null, "kind": null, "status": null, "highInterest": null })).await;
        assert_eq!(refusals(&emptied, "updateOffering").len(), 4);
        assert!(contents(&service.db).await == before, "nothing was written");
        let order = staff.ask_with(REORDER_OFFERINGS, &json!({ "ids": [tour["id"], first] })).await;
        assert_eq!(
            order.lines("/reorderOfferings/offerings", &["/name", "/version"]),
            ["Study tour | 4", "Offering | 2"]
        );
        let listed = service.ask("{ offerings { name } }").await.each("/offerings", "/name");
        assert_eq!(listed, ["Study tour", "Offering"]);
        let gone = act(DELETE_OFFERING, 4, Value::Null).await;
        assert_eq!(gone.at("/deleteOffering/offering/name"), "Study tour");
    });
}

#[test]
fn offerings_are_the_staffs_to_change() {
    with_fixture(async |service, fixture| {
        let before = contents(&service.db).await;
        let id = &fixture.find("Offering", "offering").id;
        let variables = json!({ "id": id, "ids": [id], "version": 1, "input": { "name": "Mine", "kind": "WEBINAR" } });
        let documents = [CREATE_OFFERING, UPDATE_OFFERING, RETIRE_OFFERING, DELETE_OFFERING, REORDER_OFFERINGS];
        for document in documents {
            for viewer in viewers(&fixture) {
                if !["staff", "an administrator"].contains(&viewer.name) {
                    let answer = viewer.service(&service).ask_with(document, &variables).await;
                    assert_eq!(answer.codes(), ["FORBIDDEN"], "{}: {document}", viewer.name);
                }
            }
            assert_eq!(service.ask_with(document, &variables).await.codes(), ["UNAUTHENTICATED"], "{document}");
        }
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn many_who_add_offerings_at_once_each_find_a_place() {
    with_fixture(async |service, _| {
        let staff = service.as_role(Role::Staff);
        let add = |number: usize| {
            let staff = staff.clone();
            let input = json!({ "input": { "name": format!("Webinar {number}"), "kind": "WEBINAR" } });
            tokio::spawn(async move { staff.ask_with(CREATE_OFFERING, &input).await.at("/createOffering/userErrors") })
        };
        for added in (0..10).map(add).collect::<Vec<_>>() {
            assert_eq!(added.await.expect("an answer"), json!([]));
        }
        let listed = service.ask("{ offerings { name } }").await.each("/offerings", "/name");
        assert_eq!(listed.len(), 11);
    });
}
