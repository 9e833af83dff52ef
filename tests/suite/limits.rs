//! The limits that an operator sets: each holds at once, and a wrong one stops the start.

use crate::errors::code;
use crate::http::{JSON, assert_refused};
use crate::live_service::{Instance, Socket};
use crate::program::lmi;
use axum::body::Body;
use axum::http::{Request, header};
use lmi::http::Live;
use serde_json::{Value, json};
use tests::{Answer, Service, with_empty};

fn limited(service: &Service, limits: &str) -> Service {
    let limits = limits.parse().expect("limits");
    service.set_up(|setup| {
        setup.limits = limits;
        setup.live = Live::from(&limits);
    })
}

#[test]
fn a_document_is_admitted_at_each_bound_and_not_past_it() {
    with_empty(async |service| {
        let ten = |item: &str, count: usize| format!("{{ regions {{ {} }} }}", item.repeat(count));
        let cases = [
            ("fields=4", ten("number ", 3), ten("number ", 4)),
            ("selections=4", ten("number ", 3), ten("number ", 4)),
            ("tokens=9", ten("number ", 4), ten("number ", 5)),
            ("aliases=2", ten("a: number ", 2), ten("a: number ", 3)),
            ("directives=2", ten("number @skip(if: false) ", 2), ten("number @skip(if: false) ", 3)),
            (
                "root-fields=2",
                "{ a: __typename __typename }".to_owned(),
                "{ a: __typename b: __typename __typename }".to_owned(),
            ),
            ("depth=2", ten("number ", 1), "{ districts { nodes { name } } }".to_owned()),
            ("nesting=3", ten("... { number } ", 1), ten("... { ... { number } } ", 1)),
            (
                "introspection-lists=1",
                "{ __type(name: \"Region\") { fields { name } } }".to_owned(),
                "{ __type(name: \"Region\") { fields { type { fields { name } } } } }".to_owned(),
            ),
            (
                "levels=3",
                "{ __type(name: \"Region\") { fields { name } } }".to_owned(),
                "{ __type(name: \"Region\") { fields { type { name } } } }".to_owned(),
            ),
            (
                "chained-fragments=1",
                "{ ...A } fragment A on Query { __typename }".to_owned(),
                "{ ...A } fragment A on Query { ...B } fragment B on Query { __typename }".to_owned(),
            ),
        ];
        for (limit, fits, too_much) in cases {
            let service = limited(&service, limit);
            let answer = service.ask(&fits).await;
            assert!(answer.codes().is_empty(), "{limit}: {}", answer.text);
            let refused = service.ask(&too_much).await;
            assert_eq!(code(&refused), "QUERY_LIMIT", "{limit}");
            let number = limit.split_once('=').map(|(_, number)| number).unwrap_or_default();
            assert!(refused.messages().contains(&format!("more than {number} ")), "{limit}: {}", refused.text);
        }
    });
}

#[test]
fn what_is_sent_is_as_long_as_it_may_be_and_no_longer() {
    with_empty(async |service| {
        let service = limited(&service, "address=1024,headers=4096,body=2048");
        let get = async |length: usize| -> Answer {
            let path = "/graphql?query=%7B__typename%7D&x=";
            service.get(&format!("{path}{}", "x".repeat(length - path.len())), JSON).await
        };
        assert_eq!(get(1024).await.status.as_u16(), 200);
        let long = get(1025).await;
        assert_refused(&long, 414, "QUERY_LIMIT");
        assert!(long.messages().contains("1 kB"), "{}", long.text);
        let head = async |length: usize| -> Answer {
            let request = Request::get("/graphql?query=%7B__typename%7D").header(header::ACCEPT, JSON);
            let others = "accept".len() + JSON.len();
            let request = request.header("x", "x".repeat(length - others - 1));
            service.send(request.body(Body::empty()).expect("a request")).await
        };
        assert_eq!(head(4096).await.status.as_u16(), 200);
        assert_refused(&head(4097).await, 431, "QUERY_LIMIT");
        let post = async |length: usize| -> Answer {
            let empty = json!({ "query": "{ __typename }", "extensions": { "x": "" } }).to_string().len();
            let body = json!({ "query": "{ __typename }", "extensions": { "x": "x".repeat(length - empty) } });
            let request = Request::post("/graphql").header(header::CONTENT_TYPE, JSON);
            service.send(request.body(Body::from(body.to_string())).expect("a request")).await
        };
        assert_eq!(post(2048).await.status.as_u16(), 200);
        let long = post(2049).await;
        assert_refused(&long, 413, "QUERY_LIMIT");
        assert!(long.messages().contains("2 kB"), "{}", long.text);
    });
}

#[test]
fn sockets_keep_to_what_is_set() {
    with_empty(async |service| {
        let limits = "message=1024,operations=1,sockets-of-network=2,subscriptions-of-network=1";
        let instance = Instance::of(&limited(&service, limits)).await;
        let mut socket = Socket::introduced(&instance, None).await;
        let _second = Socket::introduced(&instance, None).await;
        let headers = [("sec-websocket-protocol", "graphql-transport-ws")];
        assert_eq!(Socket::try_open(&instance, &headers).await.err(), Some(503));
        let follow = "subscription { changes(from: NOW) { cursor } }";
        socket.ask("1", follow, &Value::Null).await;
        socket.ask("2", "{ __typename }", &Value::Null).await;
        let refused = socket.hear().await.said();
        assert_eq!(
            (&refused["id"], &refused["payload"][0]["extensions"]["code"]),
            (&json!("2"), &json!("QUERY_LIMIT"))
        );
        socket.ask("3", &format!("{{ __typename }} # {}", "x".repeat(1024)), &Value::Null).await;
        assert!([4400, 1006].contains(&socket.hear().await.code()));
    });
}

#[test]
fn pages_and_lists_end_where_they_are_said_to() {
    with_empty(async |service| {
        for (first, fits) in [(0, true), (100, true), (101, false), (-1, false)] {
            let answer = service.ask(&format!("{{ people(first: {first}) {{ totalCount }} }}")).await;
            assert_eq!(answer.codes().is_empty(), fits, "{first}");
            assert!(fits || code(&answer) == "BAD_USER_INPUT", "{}", answer.text);
        }
    });
}

#[test]
fn a_limit_that_is_none_stops_the_start() {
    for (variable, value, told) in [
        ("LMI_LIMITS", "dept=3", "there is no limit `dept`"),
        ("LMI_LIMITS", "depth=0", "`depth` is a number from 1 to 200"),
        ("LMI_LIMITS", "depth", "as in depth=15"),
        ("LMI_RATE_LIMIT", "-1", "(--rate-limit): `-1` cannot be used"),
        ("LMI_RATE_LIMIT", "many", "(--rate-limit): `many` cannot be used"),
    ] {
        let mut program = lmi();
        program.arg("serve").env(variable, value);
        let refused = crate::program::ended(program).refused(2);
        assert!(refused.contains(told), "{refused}");
    }
}
