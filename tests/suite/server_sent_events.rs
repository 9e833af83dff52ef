//! Answers as server-sent events: which requests get them, and how a stream ends.

use crate::http::{JSON, assert_refused};
use crate::live_service::{Events, Instance, RESULTS};
use crate::surveying::{Asked, create_open, how_they_come, public};
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use chrono::TimeDelta;
use entity::account;
use lmi::http::{Live, Most, router};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set};
use serde_json::{Value, json};
use std::time::Duration;
use tests::{Answer, Service, with_empty, with_record};
use tower::ServiceExt as _;

const EVENTS: &str = "text/event-stream";

async fn post(service: &Service, accept: &str, query: &str) -> Answer {
    let body = json!({ "query": query }).to_string();
    let request = Request::post("/graphql").header(header::CONTENT_TYPE, JSON).header(header::ACCEPT, accept);
    service.send(request.body(Body::from(body)).expect("a request")).await
}

fn content_type(answer: &Answer) -> &str {
    answer.headers[header::CONTENT_TYPE].to_str().expect("a text")
}

/// Somebody who waits for results that do not come.
async fn waiting(service: &Service, instance: &Instance, token: Option<&str>) -> Events {
    let Asked { id, .. } = create_open(service, &public("Ways", &how_they_come())).await;
    Events::of(instance, token, RESULTS, &json!({ "id": id })).await
}

#[test]
fn whoever_likes_events_best_gets_one_answer_as_one_event() {
    with_empty(async |service| {
        let next = |data: &str| format!("event: next\ndata: {data}\n\nevent: complete\ndata: \n\n");
        for accept in [EVENTS, "text/event-stream, */*", "text/event-stream, application/json;q=0.9"] {
            let answer = post(&service, accept, "{ __typename }").await;
            assert_eq!(answer.text, next("{\"data\":{\"__typename\":\"Query\"}}"), "{accept}");
            assert_eq!(content_type(&answer), EVENTS);
            assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
        }
        for accept in ["*/*", "application/json, text/event-stream", "application/json, text/event-stream;q=0.5"] {
            assert!(content_type(&post(&service, accept, "{ __typename }").await).contains("json"), "{accept}");
        }
        for (query, code) in [("{", "GRAPHQL_PARSE_FAILED"), ("subscription { nope }", "GRAPHQL_VALIDATION_FAILED")] {
            let answer = post(&service, EVENTS, query).await;
            assert_eq!((answer.status.as_u16(), content_type(&answer)), (200, EVENTS), "{}", answer.text);
            assert!(
                answer.text.contains(code) && answer.text.ends_with("event: complete\ndata: \n\n"),
                "{}",
                answer.text
            );
        }
    });
}

#[test]
fn a_subscription_is_answered_by_get_too_and_a_mutation_is_not() {
    with_empty(async |service| {
        let Asked { id, .. } = create_open(&service, &public("Ways", &how_they_come())).await;
        let id = id.as_str().expect("an id");
        // It is closed and published at once, so that the stream ends by itself.
        let ids = json!({ "id": id });
        for name in ["closeSurvey", "publishResults"] {
            let document =
                format!("mutation ($id: ID!) {{ {name}(id: $id, version: $v) {{ userErrors {{ code }} }} }}");
            let version = service.as_role(lmi::auth::Role::Staff);
            let current =
                version.ask_with("query ($id: ID!) { node(id: $id) { ... on Survey { version } } }", &ids).await;
            let document = document.replace("$v", &current.at("/node/version").to_string());
            version.ask_with(&document, &ids).await.data();
        }
        let query = format!("subscription%7BsurveyResults(surveyId:%22{id}%22)%7Bstatus%7D%7D");
        let answer = service.get(&format!("/graphql?query={query}"), EVENTS).await;
        assert_eq!((answer.status.as_u16(), content_type(&answer)), (200, EVENTS), "{}", answer.text);
        assert!(answer.text.ends_with("event: complete\ndata: \n\n"), "{}", answer.text);
        let answer = service.get(&format!("/graphql?query={query}"), JSON).await;
        assert_refused(&answer, 406, "BAD_USER_INPUT");
        let answer = service.get("/graphql?query=mutation%7B__typename%7D", EVENTS).await;
        assert_refused(&answer, 405, "BAD_USER_INPUT");
    });
}

#[test]
fn a_stream_ends_with_the_token_that_opened_it() {
    with_empty(async |service| {
        service.make_account("one@example.org", &[]).await;
        let token = service.later(-TimeDelta::seconds(15 * 60 + 4)).sign_in("one@example.org").await.access;
        let instance = Instance::of(&service).await;
        let mut events = waiting(&service, &instance, Some(&token)).await;
        let (name, refusal) = events.next().await;
        assert_eq!((name.as_str(), &refusal["errors"][0]["extensions"]["code"]), ("next", &json!("UNAUTHENTICATED")));
        assert_eq!(events.next().await, ("complete".to_owned(), Value::Null));
        instance.app.quiet().await;
    });
}

#[test]
fn a_stream_ends_when_its_account_is_shut_out() {
    with_empty(async |service| {
        let id = service.make_account("one@example.org", &[]).await;
        let token = service.sign_in("one@example.org").await.access;
        let instance = Instance::of(&service).await;
        let mut events = waiting(&service, &instance, Some(&token)).await;
        let disabled = Set(Some(Service::clock().now()));
        let disabled = account::ActiveModel { id: Set(id), disabled_at: disabled, ..Default::default() };
        disabled.update(&service.db).await.expect("an account that is shut out");
        assert_eq!(events.next().await.1["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        assert_eq!(events.next().await.0, "complete");
        assert_eq!(events.try_next().await, None);
    });
}

#[test]
fn the_field_of_a_subscription_may_stand_in_a_fragment() {
    with_record(async |service| {
        let document = "subscription { ...F }
            fragment F on Subscription { ... { changes(from: BEGINNING, first: 1) { action typename } } }";
        let answer = post(&service, EVENTS, document).await;
        let whole = "event: next\ndata: {\"data\":{\"changes\":{\"action\":\"CREATED\",\"typename\":";
        assert!(answer.text.starts_with(whole), "{}", answer.text);
        assert_eq!(answer.text.matches("event: ").count(), 2, "{}", answer.text);
    });
}

#[test]
fn whoever_goes_away_leaves_nothing_open_and_one_too_many_is_told_to_come_again() {
    with_empty(async |service| {
        let few = Live { subscriptions: Most { in_all: 20, of_network: 20 }, ..Live::default() };
        let instance = Instance::of(&service.set_up(|setup| setup.live = few)).await;
        let mut open = vec![waiting(&service, &instance, None).await];
        let Asked { id, .. } = create_open(&service, &public("Means", &how_they_come())).await;
        while open.len() < 20 {
            open.push(Events::of(&instance, None, RESULTS, &json!({ "id": id })).await);
        }
        let mut refused = Events::unread(instance.address, None, RESULTS, &json!({ "id": id })).await;
        assert!(refused.status_line().await.starts_with("HTTP/1.1 503"));
        drop(open);
        instance.app.quiet().await;
    });
}

#[test]
fn a_service_that_ends_ends_its_streams_without_saying_that_they_are_complete() {
    with_empty(async |service| {
        let instance = Instance::of(&service).await;
        let mut events = waiting(&service, &instance, None).await;
        instance.app.end();
        assert_eq!(events.try_next().await, None);
        instance.app.quiet().await;
    });
}

#[test]
fn whoever_does_not_read_holds_nothing_open_and_is_told_why_it_ended() {
    with_record(async |service| {
        let live = Live { patience: Duration::from_millis(100), ..Live::default() };
        let app = service.set_up(|setup| setup.live = live).app();
        let body = json!({ "query": "subscription { changes(from: BEGINNING) { typename } }" }).to_string();
        let request = Request::post("/graphql").header(header::CONTENT_TYPE, JSON).header(header::ACCEPT, EVENTS);
        let request = request.body(Body::from(body)).expect("a request");
        let unread = router(app.clone()).oneshot(request).await.expect("an answer");
        app.quiet().await;
        let read = to_bytes(unread.into_body(), usize::MAX).await.expect("a body");
        let read = String::from_utf8(read.to_vec()).expect("a text");
        assert!(read.matches("event: next").count() < 10, "{read}");
        assert!(read.contains("UNAVAILABLE") && read.ends_with("event: complete\ndata: \n\n"), "{read}");
    });
}
