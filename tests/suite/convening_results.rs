//! What was reported of a convening beside what is counted here, in one form.

use crate::expectations::viewers;
use crate::surveying::{Asked, answer, create_open, public, step};
use lmi::auth::Role;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::{Answer, Service, with_fixture, with_record};

const RESULTS: &str = "query ($id: ID!) { convening(by: {id: $id}) { results { name unit quantity { value qualifier }
    status asOf origin metric { id value: quantity { value } } result { number status } item { prompt }
    sources { document } } } }";
const FIELDS: [&str; 6] = ["/origin", "/name", "/unit", "/quantity/qualifier", "/quantity/value", "/status"];
/// Everybody, by what they are granted everywhere.
const ROLES: [Role; 4] = [Role::Evaluator, Role::Staff, Role::Auditor, Role::Admin];

/// Whether it was useful, and how many hours it took.
fn questions() -> Value {
    json!([
        { "kind": "LIKERT", "prompt": "Useful", "required": true },
        { "kind": "NUMBER", "prompt": "Hours", "minimum": 0, "maximum": 9 }
    ])
}

async fn evaluation(service: &Service, convening: &Value) -> Asked {
    let mut input = public("Evaluation", &questions());
    (input["kind"], input["conveningId"]) = (json!("EVALUATION"), convening.clone());
    create_open(service, &input).await
}

/// So many give each rating, from the lowest.
async fn rate(service: &Service, asked: &Asked, many: [usize; 5]) {
    for (rating, many) in (1..).zip(many) {
        for _ in 0..many {
            answer(service, asked, &json!([{ "itemId": asked.items[0], "rating": rating }])).await;
        }
    }
}

async fn results(service: &Service, convening: &Value) -> Answer {
    service.ask_with(RESULTS, &json!({ "id": convening })).await
}

/// Those that are counted here, in short.
async fn computed(service: &Service, convening: &Value) -> Vec<String> {
    let lines = results(service, convening).await.lines("/convening/results", &FIELDS);
    lines.into_iter().filter_map(|line| line.strip_prefix("COMPUTED | ").map(str::to_owned)).collect()
}

#[test]
fn the_95_and_94_percent_that_were_reported_stand_beside_what_is_counted() {
    with_record(async |service| {
        let symposium = service.ask("{ convening(by: {slug: \"2015-symposium\"}) { id } }").await.at("/convening/id");
        let asked = evaluation(&service, &symposium).await;
        rate(&service, &asked, [10, 10, 10, 17, 16]).await;
        assert_eq!(step(&service, "closeSurvey", &asked).await, [""; 0]);
        let hidden = computed(&service, &symposium).await;
        assert!(hidden.iter().all(|line| line.ends_with("PRELIMINARY")), "before they are published: {hidden:?}");
        assert_eq!(step(&service, "publishResults", &asked).await, [""; 0]);
        let shown = results(&service, &symposium).await;
        let reported = "percent of participants | EXACT";
        assert_eq!(
            shown.lines("/convening/results", &FIELDS),
            [
                "REPORTED | Statements of interest | district teams | MORE_THAN | 95 | FINAL".to_owned(),
                "REPORTED | Teams attended | district teams | EXACT | 47 | FINAL".to_owned(),
                format!("REPORTED | Useful and informative: agreed or strongly agreed | {reported} | 95 | PRELIMINARY"),
                format!(
                    "REPORTED | Would recommend future CA LMI events: agreed or strongly agreed | {reported} | 94 | \
                     PRELIMINARY"
                ),
                "COMPUTED | Evaluation: responses | responses | EXACT | 63 | FINAL".to_owned(),
                "COMPUTED | Useful: agreed or strongly agreed | percent of those who answered | ABOUT | 52 | FINAL"
                    .to_owned(),
                "COMPUTED | Useful: answers | answers | EXACT | 63 | FINAL".to_owned(),
            ]
        );
        let told = shown.at("/convening/results");
        assert_eq!(told[2]["metric"]["value"]["value"], 95);
        assert_eq!(
            (&told[2]["result"], &told[2]["item"], &told[2]["asOf"]),
            (&Value::Null, &Value::Null, &Value::Null)
        );
        assert_eq!(told[2]["sources"][0]["document"], "CA LMI May 2015 Symposium: preliminary summary");
        assert_eq!((&told[5]["metric"], told[5]["sources"].as_array().map(Vec::len)), (&Value::Null, Some(0)));
        assert_eq!((&told[5]["result"]["status"], &told[5]["item"]["prompt"]), (&json!("FINAL"), &json!("Useful")));
        assert_eq!((&told[4]["item"], &told[5]["asOf"]), (&Value::Null, &json!("2026-06-01")));
    });
}

#[test]
fn nothing_that_is_withheld_comes_back_among_the_results_for_anybody() {
    with_record(async |service| {
        let symposium = service.ask("{ convening(by: {slug: \"2015-symposium\"}) { id } }").await.at("/convening/id");
        // Three disagree: their number would follow from the share that agrees. Nine answer the other one.
        let asked = evaluation(&service, &symposium).await;
        rate(&service, &asked, [0, 0, 3, 20, 20]).await;
        for hours in 0..9 {
            let answers =
                json!([{ "itemId": asked.items[0], "rating": 5 }, { "itemId": asked.items[1], "number": hours }]);
            answer(&service, &asked, &answers).await;
        }
        let few = evaluation(&service, &symposium).await;
        rate(&service, &few, [0, 0, 0, 0, 9]).await;
        for asked in [&asked, &few] {
            assert_eq!(step(&service, "closeSurvey", asked).await, [""; 0]);
            assert_eq!(step(&service, "publishResults", asked).await, [""; 0]);
        }
        let everybody = std::iter::once(service.clone()).chain(ROLES.map(|role| service.as_role(role)));
        for (place, service) in everybody.enumerate() {
            let shown = computed(&service, &symposium).await;
            let allowed = [
                "Evaluation: responses | responses | EXACT | 52 | FINAL",
                "Useful: answers | answers | EXACT | 52 | FINAL",
            ];
            assert_eq!(shown, allowed, "viewer {place}");
        }
    });
}

#[test]
fn each_sees_the_results_whose_metrics_and_surveys_they_see() {
    with_fixture(async |service, fixture| {
        let document = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Convening { metrics { id }
            surveys(first: 100) { nodes { results { id } } } results { origin metric { id } result { id } } } } }";
        let convenings = fixture.rows.iter().filter(|row| row.typename == "Convening");
        let ids: Vec<&str> = convenings.map(|row| row.id.as_str()).collect();
        for viewer in viewers(&fixture) {
            let answer = viewer.service(&service).ask_with(document, &json!({ "ids": ids })).await;
            for convening in answer.at("/nodes").as_array().expect("convenings").iter().filter(|one| !one.is_null()) {
                let ids = |rows: Vec<&Value>| -> BTreeSet<String> {
                    rows.into_iter().map(|row| row["id"].to_string()).collect()
                };
                let list = |value: &Value| value.as_array().expect("a list").clone();
                let (metrics, told) = (list(&convening["metrics"]), list(&convening["results"]));
                let part = |name: &str| {
                    told.iter().map(|one| one[name].clone()).filter(|one| !one.is_null()).collect::<Vec<_>>()
                };
                assert_eq!(ids(part("metric").iter().collect()), ids(metrics.iter().collect()), "{}", viewer.name);
                let surveys = list(&convening["surveys"]["nodes"]);
                let results: Vec<Value> = surveys.iter().flat_map(|survey| list(&survey["results"])).collect();
                assert_eq!(ids(part("result").iter().collect()), ids(results.iter().collect()), "{}", viewer.name);
                assert!(told.iter().all(|one| one["metric"].is_null() != one["result"].is_null()), "{}", viewer.name);
            }
        }
    });
}
