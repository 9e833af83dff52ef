//! Results as they come in, by a subscription over a real connection.

use crate::live_service::{Events, Instance};
use crate::surveying::{choose, create, create_open, how_they_come, public, step};
use entity::role_grant;
use lmi::auth::{Grant, Role, Scope};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait as _};
use serde_json::{Value, json};
use tests::{Service, with_empty, with_fixture};

/// The results of a survey as events, by an instance of their own, for whoever shows this.
async fn results(service: &Service, id: &Value, token: Option<&str>) -> Events {
    let query = "subscription ($id: ID!) { surveyResults(surveyId: $id) { number status responses } }";
    Events::of(&Instance::of(service).await, token, query, &json!({ "id": id })).await
}

#[test]
fn whoever_waits_is_sent_what_comes_in_and_then_the_final_result() {
    with_empty(async |service| {
        let asked = create_open(&service, &public("Ways", &how_they_come())).await;
        // Another instance than the one that takes the answers.
        let mut events = results(&service, &asked.id, None).await;
        for place in [1, 2, 3].into_iter().cycle().take(90) {
            choose(&service, &asked, place, 1).await;
        }
        let (name, first) = events.next().await;
        let result = &first["data"]["surveyResults"];
        assert_eq!((name.as_str(), &result["status"]), ("next", &json!("PRELIMINARY")), "{first}");
        assert_eq!(step(&service, "closeSurvey", &asked).await, [""; 0]);
        assert_eq!(step(&service, "publishResults", &asked).await, [""; 0]);
        let mut last = result.clone();
        loop {
            let (name, event) = events.next().await;
            if name == "complete" {
                break;
            }
            let result = &event["data"]["surveyResults"];
            assert!(result["number"].as_i64() > last["number"].as_i64(), "{event}");
            last = result.clone();
        }
        assert_eq!((&last["status"], &last["responses"]), (&json!("FINAL"), &json!(90)));
    });
}

#[test]
fn nobody_waits_for_what_they_may_not_see() {
    with_empty(async |service| {
        let asked = create(&service, &public("Ways", &how_they_come())).await;
        let mut events = results(&service, &asked.id, None).await;
        let (name, refusal) = events.next().await;
        assert_eq!(name, "next");
        assert_eq!(refusal["errors"][0]["extensions"]["code"], "NOT_FOUND", "{refusal}");
        assert_eq!(events.next().await, ("complete".to_owned(), Value::Null));
    });
}

#[test]
fn whoever_loses_a_grant_is_sent_no_more_of_what_it_showed() {
    with_fixture(async |service, fixture| {
        let mut input = public("Ways", &how_they_come());
        input["conveningId"] = json!(fixture.find("Convening", "draft").id);
        let asked = create_open(&service, &input).await;
        // One result is there already, so that each is known to listen once it has come.
        let result = "INSERT INTO published_result (id, survey_id, number, status, responses, tables, full_tables, \
                      created_at) SELECT gen_random_uuid(), id, 1, 'preliminary', NULL, '[]', '[]', now() FROM survey \
                      WHERE title = 'Ways'";
        service.db.execute_unprepared(result).await.expect("a result");
        let mut watching = Vec::new();
        for email in ["stays@example.org", "goes@example.org"] {
            let account = service.make_account(email, &[]).await;
            let grant = service.make_grant(account, Grant::new(Role::Staff, Scope::Everything), None).await;
            let token = service.sign_in(email).await.access;
            let mut events = results(&service, &asked.id, Some(&token)).await;
            let (_, first) = events.next().await;
            assert_eq!(first["data"]["surveyResults"]["number"], 1, "{first}");
            watching.push((events, grant));
        }
        let [(mut stays, _), (mut goes, grant)] = watching.try_into().unwrap_or_else(|_| panic!("two watch"));
        let revoked = Set(Some(Service::clock().now()));
        let revoked = role_grant::ActiveModel { id: Set(grant), revoked_at: revoked, ..Default::default() };
        revoked.update(&service.db).await.expect("a grant that is revoked");
        let (_, refusal) = goes.next().await;
        assert_eq!(refusal["errors"][0]["extensions"]["code"], "FORBIDDEN", "{refusal}");
        assert_eq!(goes.next().await, ("complete".to_owned(), Value::Null));
        assert_eq!(step(&service, "closeSurvey", &asked).await, [""; 0]);
        let (_, last) = stays.next().await;
        assert_eq!(last["data"]["surveyResults"]["status"], "FINAL", "{last}");
    });
}

#[test]
fn a_convening_that_is_taken_back_takes_its_results_from_whoever_waits() {
    with_fixture(async |service, fixture| {
        let convening = &fixture.find("Convening", "announced").id;
        let mut input = public("Ways", &how_they_come());
        input["conveningId"] = json!(convening);
        let asked = create_open(&service, &input).await;
        let result = "INSERT INTO published_result (id, survey_id, number, status, responses, tables, full_tables, \
                      created_at) SELECT gen_random_uuid(), id, 1, 'preliminary', NULL, '[]', '[]', now() FROM survey \
                      WHERE title = 'Ways'";
        service.db.execute_unprepared(result).await.expect("a result");
        let mut events = results(&service, &asked.id, None).await;
        let (_, first) = events.next().await;
        assert_eq!(first["data"]["surveyResults"]["number"], 1, "{first}");
        let staff = service.as_role(Role::Staff);
        let version = "query ($id: ID!) { node(id: $id) { ... on Convening { version } } }";
        let version = staff.ask_with(version, &json!({ "id": convening })).await.at("/node/version");
        let retract = "mutation ($id: ID!, $version: Int!) { retractConvening(id: $id, version: $version) { userErrors { code } } }";
        let answer = staff.ask_with(retract, &json!({ "id": convening, "version": version })).await;
        assert_eq!(answer.at("/retractConvening/userErrors"), json!([]));
        assert_eq!(events.next().await, ("complete".to_owned(), Value::Null));
    });
}
