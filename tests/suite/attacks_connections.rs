//! Every class of attack by how it is asked: connections, sockets and streams that are opened, held and broken off.

use crate::http_connections::said;
use crate::http2_frames::{Frames, GET, Kind};
use crate::live_service::Socket;
use crate::victim::{Victim, code};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::with_record;
use tokio::net::TcpStream;

const PROTOCOL: [(&str, &str); 1] = [("sec-websocket-protocol", "graphql-transport-ws")];

#[test]
fn connections_that_say_nothing_or_not_enough() {
    with_record(async |service| {
        let victim = Victim::of(&service).await;
        let beginnings =
            ["", "G", "GET /graphql HTTP/1.1\r\nHost: lmi\r\nX-A: b\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"];
        let body =
            "POST /graphql HTTP/1.1\r\nHost: lmi\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";
        let open = async {
            let mut open = Vec::new();
            for beginning in beginnings.iter().chain([&body]).cycle().take(300) {
                open.push(said(victim.address, beginning).await);
            }
            open
        };
        let open = victim.outlives(open).await;
        victim.outlives(async { drop(open) }).await;
    });
}

#[test]
fn connections_opened_and_broken_off() {
    with_record(async |service| {
        let victim = Victim::of(&service).await;
        let ask = "POST /graphql HTTP/1.1\r\nHost: lmi\r\nContent-Type: application/json\r\nContent-Length: 45\r\n\r\n\
                   {\"query\":\"{ people(first: 5) { totalCount } }\"}";
        let broken_off = async {
            for _ in 0..300 {
                drop(said(victim.address, ask).await);
                drop(TcpStream::connect(victim.address).await);
            }
        };
        victim.outlives(broken_off).await;
    });
}

#[test]
fn requests_by_http_2_that_are_taken_back_or_never_end() {
    with_record(async |service| {
        let victim = Victim::of(&service).await;
        let reset = async {
            for _ in 0..5 {
                let mut frames = Frames::connect(victim.address, &[]).await;
                for stream in (1..2_001).step_by(2) {
                    let sent = frames.try_send(Kind::Headers, stream, GET).await;
                    if !sent || !frames.try_send(Kind::Reset, stream, &[0, 0, 0, 8]).await {
                        break;
                    }
                }
            }
        };
        victim.outlives(reset).await;
        let flood = async {
            let mut frames = Frames::connect(victim.address, &[(4, 0)]).await;
            for _ in 0..5_000 {
                if !frames.try_send(Kind::Settings, 0, &[]).await {
                    break;
                }
            }
        };
        victim.outlives(flood).await;
        let many = async {
            let mut frames = Frames::connect(victim.address, &[(4, 0)]).await;
            for stream in (1..2_001).step_by(2) {
                if !frames.try_send(Kind::Headers, stream, GET).await {
                    break;
                }
            }
            frames
        };
        let held = victim.outlives(many).await;
        victim.outlives(async { drop(held) }).await;
    });
}

#[test]
fn sockets_that_say_nothing_too_much_or_something_else() {
    with_record(async |service| {
        let victim = Victim::of(&service).await;
        let silent = async {
            let mut silent = Vec::new();
            while let Ok(socket) = Socket::try_at(victim.address, &PROTOCOL).await {
                silent.push(socket);
            }
            silent
        };
        let silent = victim.outlives(silent).await;
        assert_eq!(silent.len(), 250, "one network has so many");
        drop(silent);
        let mut socket = loop {
            // Those that went away are still being put away.
            if let Ok(socket) = Socket::try_at(victim.address, &PROTOCOL).await {
                break socket;
            }
        };
        socket.say(&json!({ "type": "connection_init" })).await;
        socket.hear().await.said();
        let flood = async {
            for number in 0..300 {
                let document = format!("{{ people(first: {}) {{ nodes {{ name }} }} }}", number % 100);
                socket.ask(&number.to_string(), &document, &Value::Null).await;
            }
            for _ in 0..200 {
                let said = socket.hear().await.said();
                let code = said["payload"][0]["extensions"]["code"].as_str().unwrap_or("none");
                assert!(["none", "QUERY_LIMIT", "UNAVAILABLE"].contains(&code), "{said}");
            }
        };
        victim.outlives(flood).await;
    });
}

#[test]
fn streams_that_are_opened_without_end() {
    with_record(async |service| {
        let victim = Victim::of(&service).await;
        let follow = json!({ "query": "subscription { changes(from: NOW) { cursor } }" }).to_string();
        let request = format!(
            "POST /graphql HTTP/1.1\r\nHost: lmi\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\nContent-Length: {}\r\n\r\n{follow}",
            follow.len()
        );
        let open = async {
            let mut open = Vec::new();
            for _ in 0..600 {
                open.push(said(victim.address, &request).await);
            }
            open
        };
        let open = victim.outlives(open).await;
        victim.outlives(async { drop(open) }).await;
    });
}

#[test]
fn files_and_pages_asked_for_without_end() {
    with_record(async |service| {
        let victim = Victim::of(&service).await;
        let maps: Vec<_> = (0..60)
            .map(|day| format!("/participation.geojson?from=20{:02}-01-{:02}", day % 20 + 10, day % 28 + 1))
            .collect();
        let asked = victim.outlives(join_all(maps.iter().map(|path| victim.get(path)))).await;
        assert!(
            asked.iter().all(|answered| [200, 503].contains(&answered.0)),
            "{:?}",
            asked.iter().map(|answered| answered.0).collect::<Vec<_>>()
        );
        let pages: Vec<_> = (0..200).map(|page| format!("/nothing/{page}")).collect();
        let asked = victim.outlives(join_all(pages.iter().map(|path| victim.get(path)))).await;
        assert!(asked.iter().all(|answered| code(answered) == "NOT_FOUND"));
    });
}
