//! Connections over a real socket: who says nothing is not waited for, and who speaks HTTP/2 is answered in it.

use crate::http::JSON;
use lmi::http::{router, serve};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;
use tests::{Service, with_empty};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// How long a test waits for what has to come.
pub(crate) const LONG: Duration = Duration::from_mins(1);

/// The service on a port of its own, until the sender is dropped or used.
pub(crate) async fn served(service: &Service) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, told) = oneshot::channel::<()>();
    let told = async {
        let _ = told.await;
    };
    let serving = tokio::spawn(serve(listener, service.app(), router(service.app()), told));
    (address, stop, serving)
}

/// What is said until the other end closes.
pub(crate) async fn heard(mut connection: TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(LONG, connection.read_to_end(&mut bytes)).await.expect("the end of a connection");
    // One that is reset is closed, too.
    let _ = read;
    String::from_utf8_lossy(&bytes).into_owned()
}

pub(crate) async fn said(address: SocketAddr, text: &str) -> TcpStream {
    let mut connection = TcpStream::connect(address).await.expect("a connection");
    connection.write_all(text.as_bytes()).await.expect("a text that can be sent");
    connection
}

#[test]
fn connections_that_send_no_request_are_closed() {
    with_empty(async |service| {
        let (address, _stop, _serving) = served(&service).await;
        let beginnings =
            ["", "P", "PRI * HT", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "POST /graphql HTTP/1.1\r\nHost: lmi\r\nX: "];
        let mut open = Vec::new();
        for beginning in beginnings.iter().cycle().take(30) {
            open.push(said(address, beginning).await);
        }
        // Somebody else is answered all the while.
        let asked = "GET /health/live HTTP/1.1\r\nHost: lmi\r\nConnection: close\r\n\r\n";
        assert!(heard(said(address, asked).await).await.starts_with("HTTP/1.1 200 OK"));
        for connection in open {
            let heard = heard(connection).await;
            assert!(!heard.contains("200 OK"), "{heard}");
        }
    });
}

#[test]
fn a_head_that_is_too_long_is_refused() {
    with_empty(async |service| {
        let (address, _stop, _serving) = served(&service).await;
        for (length, status) in [(60 * 1024, "200"), (70 * 1024, "431"), (300 * 1024, "431")] {
            let head = "GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nHost: lmi\r\nConnection: close\r\n";
            let answer = heard(said(address, &format!("{head}X-Long: {}\r\n\r\n", "x".repeat(length))).await).await;
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{length}: {answer:.300}");
            assert!(!answer.to_lowercase().contains("\r\nserver:"), "{answer:.300}");
        }
    });
}

#[test]
fn http_2_is_spoken_in_clear_to_whoever_begins_with_it() {
    with_empty(async |service| {
        let (address, _stop, _serving) = served(&service).await;
        // It is built with what TLS would need, though nothing here is under TLS; another test may have been first.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = reqwest::Client::builder().http2_prior_knowledge().build().expect("a client");
        let ask = |number: usize| {
            let body = json!({ "query": format!("{{ a{number}: __typename }}") }).to_string();
            let url = format!("http://{address}/graphql");
            client.post(url).header("content-type", JSON).body(body).send()
        };
        let answers = futures_util::future::join_all((0..50).map(ask)).await;
        for (number, answer) in answers.into_iter().enumerate() {
            let answer = answer.expect("an answer");
            assert_eq!((answer.version(), answer.status().as_u16()), (reqwest::Version::HTTP_2, 200));
            let body: Value = serde_json::from_str(&answer.text().await.expect("a text")).expect("an answer in JSON");
            assert_eq!(body["data"][format!("a{number}")], "Query");
        }
    });
}

#[test]
fn whoever_sends_too_much_is_told_so_by_http_2_as_well() {
    with_empty(async |service| {
        let (address, _stop, _serving) = served(&service).await;
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = reqwest::Client::builder().http2_prior_knowledge().build().expect("a client");
        for megabytes in [2, 8] {
            let body = json!({ "query": "{ __typename }", "extensions": { "x": "x".repeat(megabytes << 20) } });
            let url = format!("http://{address}/graphql");
            let sent = client.post(url).header("content-type", JSON).body(body.to_string()).send();
            let answer = tokio::time::timeout(LONG, sent).await.expect("an answer in time").expect("an answer");
            assert_eq!((answer.version(), answer.status().as_u16()), (reqwest::Version::HTTP_2, 413));
            assert!(answer.text().await.expect("a text").contains("QUERY_LIMIT"));
        }
    });
}

#[test]
fn nobody_is_told_that_sockets_are_opened_by_http_2() {
    with_empty(async |service| {
        let (address, _stop, _serving) = served(&service).await;
        let mut connection = said(address, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
        // No settings of ours; then come theirs, each a name of two bytes and a number of four.
        connection.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await.expect("settings that can be sent");
        let mut head = [0; 9];
        connection.read_exact(&mut head).await.expect("a frame");
        assert_eq!(head[3], 4, "settings come first");
        let mut settings = vec![0; usize::from(u16::from_be_bytes([head[1], head[2]]))];
        connection.read_exact(&mut settings).await.expect("settings");
        let names: Vec<_> = settings.chunks(6).map(|setting| setting[1]).collect();
        assert!(names.contains(&3), "requests at once are bounded: {names:?}");
        // `SETTINGS_ENABLE_CONNECT_PROTOCOL`: browsers would take it for a promise.
        assert!(!names.contains(&8), "{names:?}");
    });
}

#[test]
fn who_is_being_answered_is_waited_for_and_nobody_else_is_let_in() {
    with_empty(async |service| {
        let (address, stop, serving) = served(&service).await;
        // Its body is still to come.
        let body = r#"{"query":"{__typename}"}"#;
        let head = format!(
            "POST /graphql HTTP/1.1\r\nHost: lmi\r\nContent-Type: {JSON}\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let mut under_way = said(address, &head).await;
        let mut begun = [0; 25];
        under_way.read_exact(&mut begun).await.expect("a word to go on");
        assert!(begun.starts_with(b"HTTP/1.1 100"));
        stop.send(()).expect("somebody to tell");
        while TcpStream::connect(address).await.is_ok() {}
        under_way.write_all(body.as_bytes()).await.expect("a body");
        assert!(heard(under_way).await.contains("__typename"));
        tokio::time::timeout(LONG, serving).await.expect("an end").expect("no panic");
    });
}
