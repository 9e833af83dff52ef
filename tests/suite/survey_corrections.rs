//! How published results are corrected.

use crate::surveying::{Asked, answer, create_open, public, results, step};
use lmi::auth::Role;
use serde_json::{Value, json};
use tests::{Answer, Service, contents, with_empty};

const CORRECT: &str = "mutation ($id: ID!, $version: Int!, $input: CorrectResultInput!) {
    correctResult(id: $id, version: $version, input: $input) { survey { version } userErrors { field code } } }";

/// A survey of two questions, answered by twenty and closed.
async fn closed(service: &Service) -> Asked {
    let item =
        |prompt| json!({ "kind": "SINGLE_CHOICE", "prompt": prompt, "options": ["Yes", "No"], "required": true });
    let asked = create_open(service, &public("Ways", &json!([item("By bus?"), item("By night?")]))).await;
    for place in [1, 2].repeat(10) {
        let answers = asked.items.iter().map(|item| json!({ "itemId": item, "choices": [place] }));
        answer(service, &asked, &answers.collect()).await;
    }
    assert_eq!(step(service, "closeSurvey", &asked).await, [""; 0]);
    asked
}

async fn correct(service: &Service, asked: &Asked, version: &Value, input: Value) -> Answer {
    service.ask_with(CORRECT, &json!({ "id": asked.id, "version": version, "input": input })).await
}

async fn version(service: &Service, asked: &Asked) -> Value {
    let document = "query ($id: ID!) { survey(id: $id) { version } }";
    service.ask_with(document, &json!({ "id": asked.id })).await.at("/survey/version")
}

fn refusals(answer: &Answer) -> Vec<String> {
    answer.lines("/correctResult/userErrors", &["/field", "/code"])
}

#[test]
fn a_correction_takes_out_questions_says_why_and_changes_no_count() {
    with_empty(async |service| {
        let (asked, staff) = (closed(&service).await, service.as_role(Role::Staff));
        let input = json!({ "note": " The bus came late. ", "withdrawnItemIds": [asked.items[1]] });
        let early = correct(&staff, &asked, &version(&staff, &asked).await, input.clone()).await;
        assert_eq!(refusals(&early), ["[\"id\"] | ILLEGAL_TRANSITION"], "before they are published");
        assert_eq!(step(&service, "publishResults", &asked).await, [""; 0]);
        let before = results(&service, &asked).await;
        let read = version(&staff, &asked).await;
        assert_eq!(refusals(&correct(&staff, &asked, &read, input.clone()).await), [""; 0]);
        let after = results(&service, &asked).await;
        assert_eq!((&after[0]["status"], &after[0]["note"]), (&json!("CORRECTED"), &json!("The bus came late.")));
        assert_eq!(after[0]["responses"], before[0]["responses"]);
        assert_eq!(after[0]["items"], json!([before[0]["items"][0]]), "the other is as it was");
        assert_eq!(after[1..], before, "what stood before stays");
        let full = &results(&service.as_role(Role::Evaluator), &asked).await[0]["fullItems"];
        assert_eq!(full.as_array().map(Vec::len), Some(1), "it is taken out of both");
        assert_eq!(refusals(&correct(&staff, &asked, &read, input.clone()).await), ["[\"version\"] | STALE_VERSION"]);
        // What was taken out cannot be taken out again.
        let again = correct(&staff, &asked, &version(&staff, &asked).await, input).await;
        assert_eq!(refusals(&again), ["[\"withdrawnItemIds\"] | NOT_FOUND"]);
    });
}

#[test]
fn only_those_who_run_it_correct_results_and_they_say_why() {
    with_empty(async |service| {
        let asked = closed(&service).await;
        assert_eq!(step(&service, "publishResults", &asked).await, [""; 0]);
        let (read, before) = (version(&service, &asked).await, contents(&service.db).await);
        let input = json!({ "note": "It was wrong." });
        let anonymous = correct(&service, &asked, &read, input.clone()).await;
        assert_eq!(anonymous.codes(), ["UNAUTHENTICATED"]);
        for role in [Role::Partner, Role::TeamLead, Role::Organizer, Role::Evaluator, Role::Auditor] {
            let refused = correct(&service.as_role(role), &asked, &read, input.clone()).await;
            assert_eq!(refused.codes(), ["FORBIDDEN"], "{role:?}");
        }
        let staff = service.as_role(Role::Staff);
        for note in [" ".to_owned(), "x".repeat(2001)] {
            let refused = correct(&staff, &asked, &read, json!({ "note": note })).await;
            assert_eq!(refusals(&refused), ["[\"note\"] | INVALID"]);
        }
        assert!(contents(&service.db).await == before);
    });
}
