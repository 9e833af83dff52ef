//! Clients that are slow on purpose, or take without end: none of them is waited for, and others are answered meanwhile.

use crate::http::JSON;
use crate::http_connections::{heard, said, served};
use crate::http2_frames::{Frames, GET, Kind};
use std::net::SocketAddr;
use tests::{Service, with_empty, with_record};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

const LIVE: &str = "GET /health/live HTTP/1.1\r\nHost: lmi\r\nConnection: close\r\n\r\n";
const SCHEMA: &str = "GET /schema.graphql HTTP/1.1\r\nHost: lmi\r\n\r\n";

fn limited(service: &Service, limits: &str) -> Service {
    let limits = limits.parse().expect("limits");
    service.set_up(|setup| setup.limits = limits)
}

/// Whether somebody who comes now is answered, or is closed at once.
async fn is_answered(address: SocketAddr) -> bool {
    let Ok(mut connection) = TcpStream::connect(address).await else { return false };
    connection.write_all(LIVE.as_bytes()).await.is_ok() && heard(connection).await.starts_with("HTTP/1.1 200")
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    with_empty(async |service| {
        let (address, _stop, _serving) = served(&limited(&service, "body-seconds=1")).await;
        let head =
            format!("POST /graphql HTTP/1.1\r\nHost: lmi\r\nContent-Type: {JSON}\r\nContent-Length: 100\r\n\r\n");
        let half = said(address, &format!("{head}{{\"query\":")).await;
        assert!(is_answered(address).await);
        let answer = heard(half).await;
        assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("\"TIMEOUT\""), "{answer}");
        assert!(answer.to_lowercase().contains("connection: close"), "{answer}");
    });
}

#[test]
fn a_body_that_comes_drop_by_drop_has_no_more_time() {
    with_empty(async |service| {
        let (address, _stop, _serving) = served(&limited(&service, "body-seconds=1")).await;
        let head =
            format!("POST /graphql HTTP/1.1\r\nHost: lmi\r\nContent-Type: {JSON}\r\nContent-Length: 1000000\r\n\r\n");
        let (mut reading, mut writing) = said(address, &head).await.into_split();
        let dripping = tokio::spawn(async move {
            while writing.write_all(b" ").await.is_ok() {
                tokio::task::yield_now().await;
            }
        });
        let mut answer = Vec::new();
        let _ = tokio::io::AsyncReadExt::read_to_end(&mut reading, &mut answer).await;
        assert!(String::from_utf8_lossy(&answer).starts_with("HTTP/1.1 408"));
        drop(reading);
        dripping.await.expect("an end");
    });
}

#[test]
fn there_is_room_for_so_many_connections_of_a_network() {
    with_empty(async |service| {
        for limits in ["connections-of-network=3", "connections=3"] {
            let (address, _stop, _serving) = served(&limited(&service, limits)).await;
            let mut open = Vec::new();
            for _ in 0..3 {
                let mut connection = said(address, SCHEMA).await;
                let mut first = [0; 12];
                tokio::io::AsyncReadExt::read_exact(&mut connection, &mut first).await.expect("an answer");
                assert_eq!(&first, b"HTTP/1.1 200");
                open.push(connection);
            }
            assert!(!is_answered(address).await, "one too many is closed");
            open.pop();
            while !is_answered(address).await {}
        }
        let proxied = limited(&service, "connections-of-network=1")
            .set_up(|setup| setup.trusted_proxies = vec!["127.0.0.1/32".parse().expect("a network")]);
        let (address, _stop, _serving) = served(&proxied).await;
        let _first = said(address, SCHEMA).await;
        assert!(is_answered(address).await, "behind a trusted proxy is everybody");
    });
}

#[test]
fn whoever_does_not_read_an_answer_is_left() {
    with_record(async |service| {
        let narrow = limited(&service, "connections-of-network=1,stalled-seconds=1,head-seconds=60");
        let (address, _stop, _serving) = served(&narrow).await;
        let mut silent = TcpStream::connect(address).await.expect("a connection");
        // As many as are taken, until nobody takes more.
        let asking = async {
            loop {
                if silent.write_all(SCHEMA.as_bytes()).await.is_err() {
                    return;
                }
            }
        };
        tokio::time::timeout(crate::http_connections::LONG, asking).await.expect("the end of a connection");
        while !is_answered(address).await {}
    });
}

#[test]
fn whoever_takes_nothing_of_an_answer_by_http_2_is_left() {
    with_empty(async |service| {
        let narrow = limited(&service, "connections-of-network=1,stalled-seconds=1");
        let (address, _stop, _serving) = served(&narrow).await;
        // Nothing is taken of any answer, and whoever asks whether anybody is there is told so.
        let mut frames = Frames::connect(address, &[(4, 0)]).await;
        frames.send(Kind::Headers, 1, GET).await;
        frames.read_to_the_end().await;
        while !is_answered(address).await {}
    });
}

#[test]
fn requests_that_are_taken_back_at_once_end_the_connection() {
    with_empty(async |service| {
        let (address, _stop, _serving) = served(&service).await;
        let mut frames = Frames::connect(address, &[]).await;
        for stream in (1..20_001).step_by(2) {
            if !frames.try_send(Kind::Headers, stream, GET).await
                || !frames.try_send(Kind::Reset, stream, &[0, 0, 0, 8]).await
            {
                break;
            }
        }
        assert!(frames.read_to_the_end().await, "it is told to calm down");
        assert!(is_answered(address).await);
    });
}
