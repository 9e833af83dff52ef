//! Surveys: written, opened, answered, closed, and their results.

use crate::surveying::{
    cast, cells, choose, create, create_open, how_they_come, open_ballot, public, results, step, try_create,
};
use lmi::auth::Role;
use serde_json::{Value, json};
use tests::{contents, with_empty};

#[test]
fn a_survey_is_written_opened_answered_closed_and_its_results_published() {
    with_empty(async |service| {
        let asked = create(&service, &public("Ways", &how_they_come())).await;
        assert_eq!(
            service
                .ask_with("query ($id: ID!) { survey(id: $id) { title } }", &json!({ "id": asked.id }))
                .await
                .at("/survey"),
            Value::Null
        );
        assert_eq!(step(&service, "openSurvey", &asked).await, [""; 0]);
        choose(&service, &asked, 1, 14).await;
        choose(&service, &asked, 2, 11).await;
        choose(&service, &asked, 3, 12).await;
        assert_eq!(step(&service, "closeSurvey", &asked).await, [""; 0]);
        let is_final = |results: &[Value]| results.iter().any(|result| result["status"] == "FINAL");
        assert!(!is_final(&results(&service, &asked).await), "nobody sees it before it is published");
        assert!(is_final(&results(&service.as_role(Role::Staff), &asked).await));
        assert_eq!(step(&service, "publishResults", &asked).await, [""; 0]);
        let shown = &results(&service, &asked).await[0];
        assert_eq!((&shown["status"], &shown["responses"]), (&json!("FINAL"), &json!(37)));
        assert_eq!(cells(shown, 0), [json!(37), json!(14), json!(11), json!(12)]);
        assert_eq!(shown["fullItems"], Value::Null);
    });
}

#[test]
fn a_small_count_takes_another_with_it() {
    with_empty(async |service| {
        let asked = create_open(&service, &public("Ways", &how_they_come())).await;
        choose(&service, &asked, 1, 3).await;
        choose(&service, &asked, 2, 20).await;
        choose(&service, &asked, 3, 15).await;
        assert_eq!(step(&service, "closeSurvey", &asked).await, [""; 0]);
        assert_eq!(step(&service, "publishResults", &asked).await, [""; 0]);
        for role in [Role::Staff, Role::Admin, Role::Auditor] {
            let shown = &results(&service.as_role(role), &asked).await[0];
            assert_eq!(cells(shown, 0), [json!(38), Value::Null, Value::Null, json!(15)], "{role:?}");
            assert_eq!(shown["fullItems"], Value::Null, "{role:?}");
        }
        let full = &results(&service.as_role(Role::Evaluator), &asked).await[0]["fullItems"][0];
        assert_eq!(full["cells"][0], json!({ "label": "Bus", "count": 3 }));
    });
}

#[test]
fn fewer_than_ten_are_not_counted_at_all() {
    with_empty(async |service| {
        let asked = create_open(&service, &public("Ways", &how_they_come())).await;
        choose(&service, &asked, 1, 9).await;
        assert_eq!(step(&service, "closeSurvey", &asked).await, [""; 0]);
        let shown = &results(&service.as_role(Role::Staff), &asked).await[0];
        assert_eq!(shown["responses"], Value::Null);
        assert_eq!(cells(shown, 0), vec![Value::Null; 4]);
    });
}

#[test]
fn a_ballot_is_cast_once_and_only_in_the_form_that_is_asked_for() {
    with_empty(async |service| {
        let asked = create_open(&service, &public("Ways", &how_they_come())).await;
        let ballot = open_ballot(&service, &json!({ "surveyId": asked.id })).await.at("/openBallot/ballot");
        let before = contents(&service.db).await;
        let item = &asked.items[0];
        for (answers, field) in [
            (json!([]), "[\"answers\"] | REQUIRED"),
            (json!([{ "itemId": item, "choices": [4] }]), "[\"answers\",\"0\",\"choices\"] | INVALID"),
            (json!([{ "itemId": item, "choices": [1, 2] }]), "[\"answers\",\"0\",\"choices\"] | INVALID"),
            (json!([{ "itemId": item, "choices": [1], "text": "Bus" }]), "[\"answers\",\"0\"] | INVALID"),
        ] {
            let refused = cast(&service, &ballot, &answers).await;
            assert_eq!(refused.lines("/castBallot/userErrors", &["/field", "/code"]), [field]);
        }
        assert!(contents(&service.db).await == before, "the ballot is as good as before");
        let answers = json!([{ "itemId": item, "choices": [1] }]);
        assert_eq!(cast(&service, &ballot, &answers).await.at("/castBallot/cast"), true);
        let again = cast(&service, &ballot, &answers).await;
        assert_eq!(again.lines("/castBallot/userErrors", &["/field", "/code"]), ["[\"ballot\"] | INVALID"]);
        assert_eq!(contents(&service.db).await["response"].len(), 1);
    });
}

#[test]
fn what_is_asked_is_checked() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let items = json!([
            { "kind": "SINGLE_CHOICE", "prompt": "One?", "options": ["Only"] },
            { "kind": "LIKERT", "prompt": "Two?", "options": ["A", "B"] },
            { "kind": "NUMBER", "prompt": "Three?", "minimum": 3 },
            { "kind": "NUMBER", "prompt": "Four?", "minimum": 3, "maximum": 3 },
            { "kind": "OPEN_TEXT", "prompt": " ", "maximum": 3 }
        ]);
        let mut input = public(" ", &items);
        input["audience"] = json!("ONE_PER_TEAM");
        let refused = try_create(&staff, &input).await;
        assert_eq!(
            refused.lines("/createSurvey/userErrors", &["/field", "/code"]),
            [
                "[\"title\"] | REQUIRED",
                "[\"audience\"] | INVALID",
                "[\"items\",\"0\",\"options\"] | INVALID",
                "[\"items\",\"1\",\"options\"] | INVALID",
                "[\"items\",\"2\",\"minimum\"] | REQUIRED",
                "[\"items\",\"3\",\"maximum\"] | INVALID",
                "[\"items\",\"4\",\"prompt\"] | REQUIRED",
                "[\"items\",\"4\",\"minimum\"] | INVALID",
            ]
        );
    });
}

#[test]
fn times_that_are_one_to_the_database_are_one_to_everybody() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        // What differs by less than the microsecond that is kept.
        let input = json!({ "kind": "POLL", "title": "Now?", "audience": "PUBLIC_LINK", "items": [],
            "opensAt": "2026-06-01T12:00:00.0000001Z", "closesAt": "2026-06-01T12:00:00.0000002Z" });
        let document =
            "mutation ($input: CreateSurveyInput!) { createSurvey(input: $input) { userErrors { field code } } }";
        let answer = staff.ask_with(document, &json!({ "input": input })).await;
        assert_eq!(answer.lines("/createSurvey/userErrors", &["/field/0", "/code"]), ["closesAt | INVALID"]);
        let stage = crate::selection_stage::Stage::of(&service, 2, 1).await;
        stage.select(json!({})).await.data();
        let due = json!({ "id": stage.convening, "version": 1, "due": "2026-06-01T12:00:00.0000005Z" });
        let published = staff.ask_with(crate::selection_stage::PUBLISH, &due).await;
        assert_eq!(published.lines("/publishDecisions/userErrors", &["/field/0", "/code"]), ["answerDueAt | INVALID"]);
    });
}
