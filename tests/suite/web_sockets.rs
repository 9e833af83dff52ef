//! GraphQL over web sockets: the protocol, operations, limits, and who may open one.

use crate::live_service::{Heard, Instance, RESULTS, Socket};
use crate::surveying::{create_open, how_they_come, public};
use lmi::http::{Live, Most};
use serde_json::{Value, json};
use tests::{Service, with_empty, with_record};
use tokio_tungstenite::tungstenite::protocol::Message;

const INIT: &str = r#"{"type":"connection_init"}"#;
const REGIONS: &str = "{ regions { number } }";

fn query(id: &str) -> String {
    json!({ "type": "subscribe", "id": id, "payload": { "query": REGIONS } }).to_string()
}

#[test]
fn whatever_the_protocol_does_not_allow_closes_the_socket_with_its_code() {
    with_empty(async |service| {
        let instance = Instance::of(&service).await;
        let subscribe = |payload: Value| json!({ "type": "subscribe", "id": "1", "payload": payload }).to_string();
        let wrong = [
            "{".to_owned(),
            "\"hi\"".to_owned(),
            "[\"ping\", {}]".to_owned(),
            "{}".to_owned(),
            json!({ "type": "nope" }).to_string(),
            json!({ "type": "start", "id": "1", "payload": { "query": REGIONS } }).to_string(),
            json!({ "type": "connection_terminate" }).to_string(),
            json!({ "type": "complete" }).to_string(),
            json!({ "type": "ping", "payload": 1 }).to_string(),
            json!({ "type": "subscribe", "payload": { "query": REGIONS } }).to_string(),
            json!({ "type": "subscribe", "id": 1, "payload": { "query": REGIONS } }).to_string(),
            json!({ "type": "subscribe", "id": "1" }).to_string(),
            subscribe(json!({ "query": 7 })),
            subscribe(json!({})),
            subscribe(json!([REGIONS, null, null, null])),
            subscribe(json!({ "query": REGIONS, "variables": [1] })),
            subscribe(json!({ "query": REGIONS, "operationName": 1 })),
        ];
        for message in wrong {
            let mut socket = Socket::introduced(&instance, None).await;
            socket.send(Message::Text(message.clone().into())).await;
            assert_eq!(socket.hear().await.code(), 4400, "{message}");
        }
        for (messages, code) in [
            (vec![INIT.to_owned(), INIT.to_owned()], 4429),
            (vec![query("1")], 4401),
            (vec!["{".to_owned()], 4400),
            (vec![r#"{"type":"connection_init","payload":[]}"#.to_owned()], 4400),
        ] {
            let mut socket = Socket::open(&instance).await;
            for message in &messages {
                socket.send(Message::Text(message.clone().into())).await;
            }
            let mut heard = socket.hear().await;
            if messages[0] == INIT {
                assert_eq!(heard.said()["type"], "connection_ack");
                heard = socket.hear().await;
            }
            assert_eq!(heard.code(), code, "{messages:?}");
        }
        let mut socket = Socket::introduced(&instance, None).await;
        socket.send(Message::Binary(INIT.into())).await;
        assert_eq!(socket.hear().await.code(), 4400);
        instance.app.quiet().await;
    });
}

#[test]
fn queries_and_mutations_are_answered_once_and_what_is_wrong_with_them_is_an_error() {
    with_record(async |service| {
        let instance = Instance::of(&service).await;
        let mut socket = Socket::introduced(&instance, None).await;
        let document = "{ convening(by: {slug: \"2015-symposium\"}) { startsOn } }";
        let answer = socket.answer(document).await;
        assert_eq!(answer, json!({ "data": { "convening": { "startsOn": "2015-05-08" } } }));
        for (document, code) in [
            ("{", "GRAPHQL_PARSE_FAILED"),
            ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
            ("subscription { nope }", "GRAPHQL_VALIDATION_FAILED"),
            ("query A { regions { number } } query B { regions { number } }", "GRAPHQL_VALIDATION_FAILED"),
            (&format!("{{ {} }}", "regions { number } ".repeat(21)), "QUERY_LIMIT"),
        ] {
            socket.ask("wrong", document, &Value::Null).await;
            let message = socket.hear().await.said();
            assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!("wrong")), "{message}");
            assert_eq!(message["payload"][0]["extensions"]["code"], code, "{message}");
        }
        // A mutation is asked for its rights as any other; what it is not allowed is an answer like any.
        let delete = "mutation { deleteOrganization(id: \"T3JnYW5pemF0aW9uOjE\", version: 1) { userErrors { code } } }";
        let refused = socket.answer(delete).await;
        assert!(refused["errors"][0]["extensions"]["code"].is_string(), "{refused}");
        // What is unknown is passed over, and the socket goes on.
        socket.say(&json!({ "type": "complete", "id": "unknown" })).await;
        socket.say(&json!({ "type": "pong", "payload": {} })).await;
        socket.say(&json!({ "type": "ping", "payload": { "at": 1 } })).await;
        assert_eq!(socket.hear().await.said(), json!({ "type": "pong" }));
        assert_eq!(socket.answer(document).await, answer);
    });
}

#[test]
fn a_name_is_taken_while_its_operation_is_open_and_free_afterwards() {
    with_empty(async |service| {
        let asked = create_open(&service, &public("Ways", &how_they_come())).await;
        let instance = Instance::of(&service).await;
        let mut socket = Socket::introduced(&instance, None).await;
        socket.ask("a", RESULTS, &json!({ "id": asked.id })).await;
        socket.say(&json!({ "type": "complete", "id": "a" })).await;
        socket.ask("a", REGIONS, &Value::Null).await;
        assert_eq!(socket.hear().await.said()["type"], "next", "nothing is said of what was ended");
        assert_eq!(socket.hear().await.said(), json!({ "type": "complete", "id": "a" }));
        socket.ask("a", RESULTS, &json!({ "id": asked.id })).await;
        socket.ask("a", REGIONS, &Value::Null).await;
        assert_eq!(socket.hear().await.code(), 4409);
        instance.app.quiet().await;
    });
}

#[test]
fn a_socket_carries_a_hundred_operations_and_an_instance_so_many_subscriptions() {
    with_empty(async |service| {
        let asked = create_open(&service, &public("Ways", &how_they_come())).await;
        let few = Live { subscriptions: Most { in_all: 100, of_network: 100 }, ..Live::default() };
        let instance = Instance::of(&service.set_up(|setup| setup.live = few)).await;
        let mut socket = Socket::introduced(&instance, None).await;
        for number in 0..=100 {
            socket.ask(&format!("{number}"), RESULTS, &json!({ "id": asked.id })).await;
        }
        let refused = socket.hear().await.said();
        assert_eq!((&refused["type"], &refused["id"]), (&json!("error"), &json!("100")), "{refused}");
        assert_eq!(refused["payload"][0]["extensions"]["code"], "QUERY_LIMIT");
        while instance.app.open().1 < 100 {
            tokio::task::yield_now().await;
        }
        let mut other = Socket::introduced(&instance, None).await;
        other.ask("1", RESULTS, &json!({ "id": asked.id })).await;
        assert_eq!(other.hear().await.said()["payload"][0]["extensions"]["code"], "UNAVAILABLE");
        drop((socket, other));
        instance.app.quiet().await;
    });
}

#[test]
fn a_message_of_more_than_a_megabyte_is_not_read() {
    with_empty(async |service| {
        let instance = Instance::of(&service).await;
        let mut socket = Socket::introduced(&instance, None).await;
        let fits = format!("{REGIONS} # {}", "x".repeat(1024 * 1024 - 200));
        assert!(socket.answer(&fits).await["data"].is_object());
        socket.ask("1", &format!("{REGIONS} # {}", "x".repeat(1024 * 1024)), &Value::Null).await;
        assert!([4400, 1006].contains(&socket.hear().await.code()));
        instance.app.quiet().await;
    });
}

#[test]
fn a_name_is_as_long_as_a_name_may_be() {
    with_empty(async |service| {
        let instance = Instance::of(&service).await;
        let mut socket = Socket::introduced(&instance, None).await;
        // Bytes are counted, not letters.
        let longest = "é".repeat(64);
        socket.ask(&longest, REGIONS, &Value::Null).await;
        assert_eq!(socket.hear().await.said()["id"], longest);
        assert_eq!(socket.hear().await.said(), json!({ "type": "complete", "id": longest }));
        socket.ask(&format!("{longest}x"), REGIONS, &Value::Null).await;
        let Heard::Closed(4400, reason) = socket.hear().await else { panic!("it is still open") };
        assert!(reason.contains("128 bytes"), "{reason}");
        instance.app.quiet().await;
    });
}

#[test]
fn the_one_protocol_is_spoken_and_no_other() {
    with_empty(async |service| {
        let instance = Instance::of(&service).await;
        let refused = async |headers: &[(&'static str, &str)]| Socket::try_open(&instance, headers).await.err();
        assert_eq!(refused(&[]).await, Some(400));
        assert_eq!(refused(&[("sec-websocket-protocol", "graphql-ws")]).await, Some(400));
        assert_eq!(refused(&[("sec-websocket-protocol", "graphql-ws, graphql-transport-ws")]).await, None);
    });
}

#[test]
fn only_pages_of_this_host_and_those_that_are_listed_open_a_socket() {
    with_empty(async |service| {
        let listed = vec!["https://partner.example.org".parse().expect("an origin")];
        let instance = Instance::of(&service.set_up(|setup| setup.cors_origins = listed)).await;
        let opened = async |origin: &str| {
            let headers = [("sec-websocket-protocol", "graphql-transport-ws"), ("origin", origin)];
            Socket::try_open(&instance, &headers).await.err()
        };
        let own = format!("http://{}", instance.address);
        for origin in [own.as_str(), "https://partner.example.org"] {
            assert_eq!(opened(origin).await, None, "{origin}");
        }
        let (port, other) = (format!("http://{}", instance.address.ip()), format!("{own}0"));
        for origin in ["https://evil.example", "null", "https://partner.example.org.evil.example", &port, &other] {
            assert_eq!(opened(origin).await, Some(403), "{origin}");
        }
    });
}

#[test]
fn what_the_introduction_shows_counts_and_else_what_came_with_the_handshake() {
    with_empty(async |service| {
        service.make_account("one@example.org", &[]).await;
        service.make_account("two@example.org", &[]).await;
        let (one, two) = (service.sign_in("one@example.org").await, service.sign_in("two@example.org").await);
        let instance = Instance::of(&service).await;
        let who = "{ viewer { account { email } } }";
        let bearer = format!("Bearer {}", one.access);
        let headers = [("sec-websocket-protocol", "graphql-transport-ws"), ("authorization", bearer.as_str())];
        for (shown, email) in [(None, "one@example.org"), (Some(&two.access), "two@example.org")] {
            let mut socket = Socket::try_open(&instance, &headers).await.unwrap_or_else(|_| panic!("refused"));
            let payload = shown.map(|token| json!({ "authorization": format!("bearer {token}") }));
            socket.say(&json!({ "type": "connection_init", "payload": payload })).await;
            assert_eq!(socket.hear().await.said()["type"], "connection_ack");
            assert_eq!(socket.answer(who).await["data"]["viewer"]["account"]["email"], email);
        }
        for bad in [json!("Bearer a.b.c"), json!("Bearer"), json!("Basic x"), json!(""), json!(1), Value::Null] {
            let mut socket = Socket::open(&instance).await;
            socket.say(&json!({ "type": "connection_init", "payload": { "Authorization": bad } })).await;
            assert_eq!(socket.hear().await.code(), 4403, "{bad}");
        }
        let bad = [("sec-websocket-protocol", "graphql-transport-ws"), ("authorization", "Bearer a.b.c")];
        assert_eq!(Socket::try_open(&instance, &bad).await.err(), Some(401));
    });
}

async fn few_sockets(service: &Service) -> Instance {
    let few = Live { sockets: Most { in_all: 200, of_network: 200 }, ..Live::default() };
    Instance::of(&service.set_up(|setup| setup.live = few)).await
}

#[test]
fn two_hundred_sockets_at_once_are_served_and_one_more_is_refused_and_none_is_left() {
    with_empty(async |service| {
        let instance = few_sockets(&service).await;
        let mut sockets = Vec::new();
        for _ in 0..200 {
            sockets.push(Socket::introduced(&instance, None).await);
        }
        let headers = [("sec-websocket-protocol", "graphql-transport-ws")];
        assert_eq!(Socket::try_open(&instance, &headers).await.err(), Some(503));
        for socket in &mut sockets {
            assert!(socket.answer(REGIONS).await["data"]["regions"].is_array());
        }
        drop(sockets);
        instance.app.quiet().await;
        assert_eq!(instance.app.open(), (0, 0));
        assert!(matches!(Socket::introduced(&instance, None).await.answer(REGIONS).await, Value::Object(_)));
    });
}

#[test]
fn whoever_does_not_say_who_it_is_in_time_is_sent_away() {
    with_empty(async |service| {
        let brief = Live { introduction: std::time::Duration::from_millis(50), ..Live::default() };
        let instance = Instance::of(&service.set_up(|setup| setup.live = brief)).await;
        let mut socket = Socket::open(&instance).await;
        assert_eq!(socket.hear().await, Heard::Closed(4408, "Connection initialisation timeout".to_owned()));
        instance.app.quiet().await;
    });
}
