//! More is asked than can be done: what there is room for is answered, the rest is told so at once, and nobody is starved.

use crate::feed_cursors::found;
use crate::http::assert_refused;
use crate::kept_answers::kept;
use crate::live_service::{Instance, Socket};
use axum::body::Body;
use axum::http::{Request, header};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use lmi::auth::Role;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, TransactionTrait as _};
use serde_json::Value;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tests::{Answer, Service, texts, with_empty};

/// Waits for as long as somebody holds the people.
const PEOPLE: &str = "{ people { totalCount } }";
const REGIONS: &str = "{ regions { number } }";
const HELD_UP: &str = "SELECT pid::text AS text FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'";

/// The service with room for few, from one network.
fn narrow(service: &Service, limits: &str) -> Service {
    let limits = format!("waiting-seconds=60,{limits}").parse().expect("limits");
    at(&service.set_up(|setup| setup.limits = limits), 1)
}

fn at(service: &Service, network: u8) -> Service {
    service.from_address(IpAddr::from([192, 0, 2, network]))
}

/// Holds the people, so that whoever asks for them waits.
async fn hold(service: &Service) -> DatabaseTransaction {
    let holding = service.db.begin().await.expect("a transaction");
    holding.execute_unprepared("LOCK TABLE person IN ACCESS EXCLUSIVE MODE").await.expect("a lock");
    holding
}

/// Waits until the database holds so many up.
async fn held_up(service: &Service, count: usize) {
    while texts(&service.db, HELD_UP).await.len() < count {}
}

fn asked(service: &Service, document: &'static str) -> tokio::task::JoinHandle<Answer> {
    let service = service.clone();
    tokio::spawn(async move { service.ask(document).await })
}

fn is_told_to_come_again(answer: &Answer) {
    assert_refused(answer, 503, "UNAVAILABLE");
    assert_eq!(answer.headers[header::RETRY_AFTER], "1");
}

#[test]
fn one_who_asks_too_much_is_told_so_at_once_and_others_are_answered() {
    with_empty(async |service| {
        let service = narrow(&service, "at-once=3,at-once-of-one=2,waiting=10,waiting-of-one=2");
        let holding = hold(&service).await;
        let mut dear: FuturesUnordered<_> = (0..7).map(|_| asked(&service, PEOPLE)).collect();
        held_up(&service, 2).await;
        // Two are under way and two wait; the others are told so while those are still there.
        for _ in 0..3 {
            is_told_to_come_again(&dear.next().await.expect("an answer").expect("no panic"));
        }
        for network in 2..5 {
            at(&service, network).ask(REGIONS).await.data();
        }
        at(&service, 1).as_role(Role::Staff).ask(REGIONS).await.data();
        assert_eq!(service.get("/health/ready", "*/*").await.status.as_u16(), 200);
        assert_eq!(service.get("/health/live", "*/*").await.status.as_u16(), 200);
        is_told_to_come_again(&service.ask(REGIONS).await);
        assert_eq!(texts(&service.db, HELD_UP).await.len(), 2);
        holding.commit().await.expect("the people given back");
        while let Some(answer) = dear.next().await {
            answer.expect("no panic").data();
        }
        service.ask(REGIONS).await.data();
    });
}

#[test]
fn what_asks_for_much_at_once_takes_as_much_room() {
    with_empty(async |service| {
        let service = narrow(&service, "at-once=4,at-once-of-one=3,waiting=1,waiting-of-one=1");
        let holding = hold(&service).await;
        let dear = asked(&service, "{ a: people { totalCount } b: people { totalCount } c: people { totalCount } }");
        held_up(&service, 3).await;
        let waits = asked(&service, PEOPLE);
        let mut more: FuturesUnordered<_> = [waits, asked(&service, PEOPLE)].into_iter().collect();
        is_told_to_come_again(&more.next().await.expect("an answer").expect("no panic"));
        holding.commit().await.expect("the people given back");
        dear.await.expect("no panic").data();
        more.next().await.expect("an answer").expect("no panic").data();
    });
}

#[test]
fn what_is_in_memory_is_answered_past_whoever_waits() {
    with_empty(async |service| {
        let limits =
            "waiting-seconds=60,at-once=1,at-once-of-one=1,waiting=1,waiting-of-one=1".parse().expect("limits");
        let keeping = service.set_up(|setup| setup.limits = limits).keeping(1 << 20);
        kept(&keeping, REGIONS).await;
        let holding = hold(&service).await;
        let dear = asked(&keeping, PEOPLE);
        held_up(&service, 1).await;
        for _ in 0..10 {
            keeping.ask(REGIONS).await.data();
        }
        holding.commit().await.expect("the people given back");
        dear.await.expect("no panic").data();
    });
}

#[test]
fn whoever_goes_away_keeps_the_place_until_the_database_is_done() {
    with_empty(async |service| {
        let service = narrow(&service, "at-once=2,at-once-of-one=1,waiting=1,waiting-of-one=1");
        let holding = hold(&service).await;
        let gone = asked(&service, PEOPLE);
        held_up(&service, 1).await;
        gone.abort();
        assert!(gone.await.is_err_and(|ended| ended.is_cancelled()));
        let mut more: FuturesUnordered<_> = [asked(&service, PEOPLE), asked(&service, PEOPLE)].into_iter().collect();
        is_told_to_come_again(&more.next().await.expect("an answer").expect("no panic"));
        assert_eq!(texts(&service.db, HELD_UP).await.len(), 1, "asking and going away takes no more than asking");
        at(&service, 2).ask(REGIONS).await.data();
        holding.commit().await.expect("the people given back");
        more.next().await.expect("an answer").expect("no panic").data();
    });
}

#[test]
fn a_mutation_that_finds_no_room_does_nothing_and_can_be_sent_again_under_its_key() {
    with_empty(async |service| {
        let service = narrow(&service, "at-once=2,at-once-of-one=1,waiting=1,waiting-of-one=1").as_role(Role::Staff);
        let holding = hold(&service).await;
        let under_way = asked(&service, PEOPLE);
        held_up(&service, 1).await;
        let create = || {
            let body = r#"{"query": "mutation { createOrganization(input: {name: \"Alder\", kind: OTHER}) { organization { name } } }"}"#;
            let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
            request.header("idempotency-key", "one").body(Body::from(body)).expect("a request")
        };
        let mut both: FuturesUnordered<_> = (0..2).map(|_| service.send(create())).collect();
        is_told_to_come_again(&both.next().await.expect("an answer"));
        holding.commit().await.expect("the people given back");
        both.next().await.expect("an answer").data();
        under_way.await.expect("no panic").data();
        let again = service.send(create()).await;
        assert_eq!(again.headers["idempotent-replayed"], "true");
        assert_eq!(service.ask("{ organizations { totalCount } }").await.at("/organizations/totalCount"), 1);
    });
}

#[test]
fn whoever_writes_finds_a_connection_however_much_is_read() {
    with_empty(async |service| {
        let service = narrow(&service, "at-once=13,at-once-of-one=13").as_role(Role::Staff);
        let done = Arc::new(AtomicBool::new(false));
        let readers: Vec<_> = (0..20)
            .map(|_| {
                let (service, done) = (service.clone(), Arc::clone(&done));
                tokio::spawn(async move {
                    let mut read = 0;
                    while !done.load(Ordering::Relaxed) {
                        read += service.ask(REGIONS).await.at("/regions").as_array().map_or(0, Vec::len);
                    }
                    read
                })
            })
            .collect();
        let writers = (0..20).map(|number| {
            let service = service.clone();
            tokio::spawn(async move { found(&service, &format!("Made Up Body {number}")).await })
        });
        for writer in writers.collect::<Vec<_>>() {
            assert!(writer.await.expect("no panic").is_string());
        }
        done.store(true, Ordering::Relaxed);
        for reader in readers {
            assert!(reader.await.expect("no panic") > 0);
        }
    });
}

#[test]
fn over_a_socket_it_is_the_same() {
    with_empty(async |service| {
        let service = narrow(&service, "at-once=2,at-once-of-one=1,waiting=1,waiting-of-one=1");
        let instance = Instance::of(&service).await;
        let holding = hold(&service).await;
        let mut socket = Socket::introduced(&instance, None).await;
        for id in ["1", "2", "3"] {
            socket.ask(id, PEOPLE, &Value::Null).await;
        }
        let refused = socket.hear().await.said();
        assert_eq!(
            (&refused["type"], &refused["payload"][0]["extensions"]["code"]),
            (&"error".into(), &"UNAVAILABLE".into())
        );
        assert!(socket.answer("{ __typename }").await["data"].is_object(), "this waits for nobody");
        holding.commit().await.expect("the people given back");
        let mut said = Vec::new();
        while said.len() < 4 {
            said.push(socket.hear().await.said()["type"].clone());
        }
        said.sort_by_key(ToString::to_string);
        assert_eq!(said, ["complete", "complete", "next", "next"]);
    });
}

#[test]
fn files_and_spreadsheets_wait_their_turn_too() {
    with_empty(async |service| {
        let service = narrow(&service, "at-once=2,at-once-of-one=1,waiting=1,waiting-of-one=1");
        let holding = hold(&service).await;
        let under_way = asked(&service, PEOPLE);
        held_up(&service, 1).await;
        let mut maps: FuturesUnordered<_> = (0..2).map(|_| service.get("/participation.geojson", "*/*")).collect();
        is_told_to_come_again(&maps.next().await.expect("an answer"));
        assert_eq!(at(&service, 2).get("/participation.geojson", "*/*").await.status.as_u16(), 200);
        let staff = service.as_role(Role::Staff);
        let mut sheets: FuturesUnordered<_> = (0..4).map(|_| staff.get("/export/people.csv", "*/*")).collect();
        is_told_to_come_again(&sheets.next().await.expect("an answer"));
        holding.commit().await.expect("the people given back");
        assert_eq!(maps.next().await.expect("an answer").status.as_u16(), 200);
        while let Some(sheet) = sheets.next().await {
            assert_eq!(sheet.status.as_u16(), 200);
        }
        under_way.await.expect("no panic").data();
    });
}
