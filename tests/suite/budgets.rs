//! What each may spend in a minute: who pays, how much, and what whoever has nothing left is told.

use crate::http::{JSON, TYPENAME, assert_refused};
use crate::kept_answers::kept;
use crate::live_service::{Instance, Socket};
use axum::body::Body;
use axum::http::{Request, header};
use lmi::auth::Role;
use serde_json::{Value, json};
use std::net::IpAddr;
use tests::{Answer, Service, with_empty, with_fixture, with_record};

/// Costs a point for the page and one for each of its five rows.
const SIX: &str = "{ people(first: 5) { nodes { name } } }";

/// The service, where each may spend so many points. Its clock stands still, so that none come back.
fn spending(service: &Service, points: u64) -> Service {
    service.set_up(|setup| setup.rate_limit = points)
}

/// What is left, as an answer says it.
fn left(answer: &Answer) -> u64 {
    let field = answer.headers["ratelimit"].to_str().expect("a text");
    let left = field.strip_prefix("\"points\";r=").and_then(|rest| rest.split_once(";t="));
    left.expect("what is left").0.parse().expect("a number")
}

fn is_poor(answer: &Answer) {
    assert_refused(answer, 429, "RATE_LIMITED");
    let wait = answer.headers[header::RETRY_AFTER].to_str().expect("a text").parse::<u64>().expect("seconds");
    assert!((1..=120).contains(&wait), "{wait}");
}

#[test]
fn an_answer_says_what_is_left_and_whoever_has_nothing_left_waits() {
    with_empty(async |service| {
        let service = spending(&service, 20).from_address("192.0.2.1".parse().expect("an address"));
        let first = service.ask(SIX).await;
        first.data();
        assert_eq!(first.headers["ratelimit-policy"], "\"points\";q=20;w=60");
        assert_eq!(first.headers["ratelimit"], "\"points\";r=14;t=18");
        assert_eq!(left(&service.ask(SIX).await), 8);
        let last = service.ask(SIX).await;
        assert_eq!((last.status.as_u16(), left(&last)), (200, 2));
        let refused = service.ask(SIX).await;
        is_poor(&refused);
        assert_eq!((left(&refused), &refused.headers[header::RETRY_AFTER]), (1, &"12".parse().expect("a header")));
        assert!(refused.messages().contains("20 points"), "{}", refused.text);
        assert_eq!(refused.headers[header::CACHE_CONTROL], "no-store");
        service.ask("{ __typename }").await.data();
        let modern = service.get(TYPENAME, "application/graphql-response+json").await;
        is_poor(&modern);
        is_poor(&service.ask(SIX).await);
    });
}

#[test]
fn at_the_limit_it_is_answered_and_past_it_it_is_not() {
    with_empty(async |service| {
        for (points, answers) in [(5, 0), (6, 1), (11, 1), (12, 2)] {
            let service = spending(&service, points);
            // What costs more than there is in a minute takes all of it, once.
            let expected = if points < 6 { 1 } else { answers };
            for _ in 0..expected {
                service.ask(SIX).await.data();
            }
            is_poor(&service.ask(SIX).await);
        }
    });
}

#[test]
fn each_account_and_each_network_pays_for_itself() {
    with_empty(async |service| {
        let service = spending(&service, 6);
        let at = |address: &str| service.from_address(address.parse::<IpAddr>().expect("an address"));
        at("192.0.2.1").ask(SIX).await.data();
        is_poor(&at("192.0.2.1").ask("{ __typename }").await);
        at("192.0.2.2").ask(SIX).await.data();
        at("2001:db8::1").ask(SIX).await.data();
        is_poor(&at("2001:db8::ffff:2").ask(SIX).await);
        at("2001:db8:0:1::1").ask(SIX).await.data();
        let staff = at("192.0.2.1").as_role(Role::Staff);
        staff.ask(SIX).await.data();
        is_poor(&at("192.0.2.9").as_role(Role::Staff).ask(SIX).await);
    });
}

#[test]
fn behind_a_proxy_the_client_pays_and_nobody_says_that_somebody_else_does() {
    with_empty(async |service| {
        let proxied = service.set_up(|setup| {
            setup.rate_limit = 1;
            setup.trusted_proxies = vec!["192.0.2.0/24".parse().expect("a network")];
        });
        let ask = async |peer: &str, forwarded: &str| {
            let request = Request::get(TYPENAME).header(header::ACCEPT, JSON).header("x-forwarded-for", forwarded);
            let service = proxied.from_address(peer.parse().expect("an address"));
            service.send(request.body(Body::empty()).expect("a request")).await.status.as_u16()
        };
        assert_eq!(ask("192.0.2.1", "198.51.100.1").await, 200);
        assert_eq!(ask("192.0.2.2", "198.51.100.1").await, 429, "the same client by another proxy");
        assert_eq!(ask("192.0.2.1", "198.51.100.2").await, 200);
        assert_eq!(ask("203.0.113.1", "198.51.100.3").await, 200);
        assert_eq!(ask("203.0.113.1", "198.51.100.4").await, 429, "nobody believes this one");
    });
}

#[test]
fn what_is_answered_from_memory_costs_one_point_and_so_does_that_nothing_has_changed() {
    with_fixture(async |service, _| {
        let keeping = spending(&service, 1_000).keeping(1 << 20);
        let names = "{ organizations(first: 50) { nodes { name } } }";
        let before = left(&kept(&keeping, names).await);
        assert_eq!(left(&keeping.ask(names).await), before - 1);
        let path = "/graphql?query=%7Borganizations(first%3A50)%7Bnodes%7Bname%7D%7D%7D";
        let first = keeping.get(path, JSON).await;
        let request =
            Request::get(path).header(header::ACCEPT, JSON).header(header::IF_NONE_MATCH, &first.headers["etag"]);
        let same = keeping.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!((same.status.as_u16(), left(&same)), (304, left(&first) - 1));
    });
}

#[test]
fn whatever_is_not_answered_costs_something_too() {
    with_record(async |service| {
        let service = spending(&service, 100_000);
        let mut before = left(&service.ask("{ __typename }").await);
        let mut cost = |answer: &Answer| {
            let after = left(answer);
            std::mem::replace(&mut before, after) - after
        };
        assert_eq!(cost(&service.ask("{").await), 1);
        let long = format!("{{ {} }}", "nothing ".repeat(500));
        assert_eq!(cost(&service.ask(&long).await), 1 + long.len() as u64 / 100, "it had to be read");
        let introspection = service.ask("{ __schema { types { name } } }").await;
        introspection.data();
        assert!(cost(&introspection) > 5);
        let no_json = Request::post("/graphql").body(Body::empty()).expect("a request");
        assert_eq!(cost(&service.send(no_json).await), 1);
        let map = service.get("/participation.geojson", "*/*").await;
        assert_eq!((map.status.as_u16(), cost(&map)), (200, 101));
        let spreadsheet = service.as_role(Role::Staff).get("/export/organizations.csv", "*/*").await;
        assert_eq!((spreadsheet.status.as_u16(), left(&spreadsheet)), (200, 100_000 - 10_001));
        let stranger = service.bearing("lmi_nobody").ask("{ __typename }").await;
        assert_refused(&stranger, 401, "UNAUTHENTICATED");
        assert_eq!(cost(&service.ask("{ __typename }").await), 2, "this one, and what was shown before");
        for path in ["/health/live", "/health/ready", "/.well-known/jwks.json"] {
            assert!(!service.get(path, "*/*").await.headers.contains_key("ratelimit"), "{path}");
        }
    });
}

#[test]
fn a_credential_that_is_not_good_is_not_tried_for_ever() {
    with_empty(async |service| {
        let service = spending(&service, 3).bearing("a.b.c");
        for status in [401, 401, 401, 429, 429] {
            assert_eq!(service.ask("{ __typename }").await.status.as_u16(), status);
        }
    });
}

#[test]
fn nothing_is_counted_where_nothing_is_limited() {
    with_empty(async |service| {
        let answer = spending(&service, 0).ask(SIX).await;
        assert!(!answer.headers.contains_key("ratelimit") && !answer.headers.contains_key("ratelimit-policy"));
    });
}

#[test]
fn a_mutation_that_cannot_be_paid_does_nothing() {
    with_empty(async |service| {
        let staff = spending(&service, 3).as_role(Role::Staff);
        let create = |name: &str| {
            format!(
                "mutation {{ createOrganization(input: {{name: \"{name}\", kind: OTHER}}) {{ organization {{ id }} }} }}"
            )
        };
        assert!(staff.ask(&create("Alder")).await.at("/createOrganization/organization/id").is_string());
        is_poor(&staff.ask(&create("Birch")).await);
        let names = service.ask("{ organizations { nodes { name } } }").await.each("/organizations/nodes", "/name");
        assert_eq!(names, ["Alder"]);
    });
}

#[test]
fn over_a_socket_and_by_events_it_is_the_same() {
    with_empty(async |service| {
        let service = spending(&service, 10);
        let instance = Instance::of(&service).await;
        let mut socket = Socket::introduced(&instance, None).await;
        assert!(socket.answer(SIX).await["data"].is_object());
        socket.ask("dear", SIX, &Value::Null).await;
        let refused = socket.hear().await.said();
        assert_eq!((&refused["type"], &refused["id"]), (&json!("error"), &json!("dear")), "{refused}");
        let error = &refused["payload"][0]["extensions"];
        assert_eq!(error["code"], "RATE_LIMITED");
        assert!(error["retryAfter"].as_u64().is_some_and(|wait| wait > 0), "{refused}");
        let events =
            Request::post("/graphql").header(header::CONTENT_TYPE, JSON).header(header::ACCEPT, "text/event-stream");
        let body = json!({ "query": "subscription { changes(from: NOW) { cursor } }" }).to_string();
        let poor = spending(&service, 1);
        poor.ask("{ __typename }").await.data();
        is_poor(&poor.send(events.body(Body::from(body)).expect("a request")).await);
    });
}
