//! A service on a port of its own, and what clients hold open to it.

use futures_util::{SinkExt as _, StreamExt as _};
use lmi::http::{App, router};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tests::Service;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::tungstenite::{Error, http};
use tokio_tungstenite::{WebSocketStream, client_async};

/// An instance of the service that takes connections.
pub(crate) struct Instance {
    pub(crate) app: App,
    pub(crate) address: SocketAddr,
}

impl Instance {
    pub(crate) async fn of(service: &Service) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let app = service.app();
        let paths = router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, paths).await });
        Self { app, address }
    }
}

/// What came over a socket.
#[derive(Debug, PartialEq)]
pub(crate) enum Heard {
    Said(Value),
    /// It was closed, with this code; 1006 where nothing was said.
    Closed(u16, String),
}

impl Heard {
    /// The message.
    pub(crate) fn said(self) -> Value {
        match self {
            Self::Said(message) => message,
            Self::Closed(code, reason) => panic!("closed: {code} {reason}"),
        }
    }

    /// The code that it was closed with.
    pub(crate) fn code(self) -> u16 {
        match self {
            Self::Closed(code, _) => code,
            Self::Said(message) => panic!("still open: {message}"),
        }
    }
}

/// A socket as a client holds it.
pub(crate) struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    /// A handshake with these headers; the status where it is refused.
    pub(crate) async fn try_open(instance: &Instance, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        Self::try_at(instance.address, headers).await
    }

    /// The same, by whoever answers at an address.
    pub(crate) async fn try_at(address: SocketAddr, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let mut request = format!("ws://{address}/graphql").into_client_request().expect("a request");
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().expect("a header"));
        }
        let connection = TcpSocket::new_v4().expect("a connection");
        // Little is kept for whoever does not read.
        connection.set_recv_buffer_size(8 * 1024).expect("a buffer");
        let connection = connection.connect(address).await.expect("a connection");
        match client_async(request, connection).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            // It was answered in another protocol than asked for.
            Err(Error::Protocol(_)) => Err(http::StatusCode::IM_A_TEAPOT.as_u16()),
            Err(error) => panic!("no handshake: {error}"),
        }
    }

    /// A handshake.
    pub(crate) async fn open(instance: &Instance) -> Self {
        let opened = Self::try_open(instance, &[("sec-websocket-protocol", "graphql-transport-ws")]).await;
        opened.unwrap_or_else(|status| panic!("refused with {status}"))
    }

    /// A socket of somebody with this token, or of the public, that was acknowledged.
    pub(crate) async fn introduced(instance: &Instance, token: Option<&str>) -> Self {
        let mut socket = Self::open(instance).await;
        let shown = token.map(|token| json!({ "Authorization": format!("Bearer {token}") }));
        socket.say(&json!({ "type": "connection_init", "payload": shown })).await;
        assert_eq!(socket.hear().await.said(), json!({ "type": "connection_ack" }));
        socket
    }

    /// Says something.
    pub(crate) async fn say(&mut self, message: &Value) {
        self.send(Message::Text(message.to_string().into())).await;
    }

    pub(crate) async fn send(&mut self, message: Message) {
        // Where the other side has closed it, that is heard afterwards.
        let _ = self.0.send(message).await;
    }

    /// Asks for an operation.
    pub(crate) async fn ask(&mut self, id: &str, query: &str, variables: &Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(&json!({ "id": id, "type": "subscribe", "payload": payload })).await;
    }

    /// What comes next.
    pub(crate) async fn hear(&mut self) -> Heard {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return Heard::Said(serde_json::from_str(&text).expect("JSON")),
                Some(Ok(Message::Close(Some(frame)))) => {
                    return Heard::Closed(frame.code.into(), frame.reason.to_string());
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(other)) => panic!("not a message: {other:?}"),
                Some(Err(_)) | None => return Heard::Closed(1006, String::new()),
            }
        }
    }

    /// The answer to a query, which is the only operation.
    pub(crate) async fn answer(&mut self, query: &str) -> Value {
        self.ask("query", query, &Value::Null).await;
        let answer = self.hear().await.said();
        assert_eq!(answer["type"], "next", "{answer}");
        assert_eq!(self.hear().await.said(), json!({ "type": "complete", "id": "query" }));
        answer["payload"].clone()
    }
}

/// A subscription to a survey to which nobody has answered: there is nothing to tell.
pub(crate) const RESULTS: &str = "subscription ($id: ID!) { surveyResults(surveyId: $id) { number status } }";

/// A stream of server-sent events as a client reads it.
pub(crate) struct Events(BufReader<TcpStream>);

impl Events {
    /// Subscribes as somebody with this token, or as the public.
    pub(crate) async fn of(instance: &Instance, token: Option<&str>, query: &str, variables: &Value) -> Self {
        Self::at(instance.address, token, query, variables).await
    }

    /// The same, by whoever answers at an address.
    pub(crate) async fn at(address: SocketAddr, token: Option<&str>, query: &str, variables: &Value) -> Self {
        let mut events = Self::unread(address, token, query, variables).await;
        events.accepted().await;
        events
    }

    /// The same, before anything is read.
    pub(crate) async fn unread(address: SocketAddr, token: Option<&str>, query: &str, variables: &Value) -> Self {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let mut events = Self::announced(address, token, body.len(), "").await;
        events.0.write_all(body.as_bytes()).await.expect("a request");
        events
    }

    /// The same, where something is done between the moment at which it is known who asks and the one at which it is known
    /// what for.
    pub(crate) async fn known_before(
        instance: &Instance,
        token: &str,
        asked: (&str, &Value),
        done: impl Future<Output = ()>,
    ) -> Self {
        let body = json!({ "query": asked.0, "variables": asked.1 }).to_string();
        let mut events = Self::announced(instance.address, Some(token), body.len(), "Expect: 100-continue\r\n").await;
        let going_on = events.head().await;
        assert!(going_on.starts_with("HTTP/1.1 100"), "{going_on}");
        done.await;
        events.0.write_all(body.as_bytes()).await.expect("a request");
        events.accepted().await;
        events
    }

    /// What comes before the events.
    async fn accepted(&mut self) {
        let head = self.head().await;
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        assert!(head.contains("content-type: text/event-stream") && head.contains("cache-control: no-store"), "{head}");
    }

    async fn head(&mut self) -> String {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(self.0.read_line(&mut head).await.expect("a line"), 0, "{head}");
        }
        head
    }

    /// A request whose body is still to come.
    async fn announced(address: SocketAddr, token: Option<&str>, length: usize, header: &str) -> Self {
        let connection = TcpSocket::new_v4().expect("a connection");
        connection.set_recv_buffer_size(8 * 1024).expect("a buffer");
        let mut connection = connection.connect(address).await.expect("a connection");
        let shown = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
        let request = format!(
            "POST /graphql HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\n\
             Content-Length: {length}\r\n{shown}{header}Connection: close\r\n\r\n"
        );
        connection.write_all(request.as_bytes()).await.expect("a request");
        Self(BufReader::new(connection))
    }

    /// The first line of the answer.
    pub(crate) async fn status_line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).await.expect("a line");
        line
    }

    /// The next event: its name and what it holds; nothing where the stream ended.
    pub(crate) async fn try_next(&mut self) -> Option<(String, Value)> {
        let mut name = None;
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            if let Some(event) = line.strip_prefix("event: ") {
                name = Some(event.trim().to_owned());
            }
            if let (Some(name), Some(data)) = (&name, line.strip_prefix("data:")) {
                return Some((name.clone(), serde_json::from_str(data.trim()).unwrap_or(Value::Null)));
            }
        }
    }

    /// The next event.
    pub(crate) async fn next(&mut self) -> (String, Value) {
        self.try_next().await.expect("another event")
    }
}
