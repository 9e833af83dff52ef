//! A partner's program that webhooks are sent to, on a real socket: it takes what comes, or behaves badly.

use axum::http::HeaderMap;
use serde_json::Value;
use standardwebhooks::Webhook;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// How the receiver answers one message.
#[derive(Clone, Debug)]
pub(crate) enum Answers {
    /// With this status.
    Status(u16),
    /// With what stands here, as it is, and then the connection ends.
    Bytes(Vec<u8>),
    /// Not at all: the connection ends.
    Nothing,
    /// Not at all, and the connection stays.
    Never,
    /// With success, once this is told.
    Once(Arc<Notify>),
}

/// A message as it came.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Message {
    /// What it says.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a message in JSON")
    }

    /// One of its headers.
    pub(crate) fn header(&self, name: &str) -> String {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    }

    /// Its type and what it is about.
    pub(crate) fn told(&self) -> (String, Value) {
        let message = self.json();
        (message["type"].as_str().expect("a type").to_owned(), message["data"]["nodeId"].clone())
    }

    /// Whether a receiver that knows this secret takes it for ours.
    pub(crate) fn is_signed_with(&self, secret: &str) -> bool {
        // What the library verifies is also that the message is of now, which it is by no test's clock.
        let (id, timestamp) = (self.header("webhook-id"), self.header("webhook-timestamp").parse().expect("a time"));
        let webhook = Webhook::new(secret).expect("a secret");
        let signature = webhook.sign(&id, timestamp, self.body.as_bytes()).expect("a signature");
        self.header("webhook-signature").split(' ').any(|given| given == signature)
    }
}

/// The receiver.
pub(crate) struct Receiver {
    address: SocketAddr,
    answers: Arc<Mutex<VecDeque<Answers>>>,
    messages: UnboundedReceiver<Message>,
}

impl Receiver {
    /// Listens on a port of its own, and takes what comes.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let answers = Arc::new(Mutex::new(VecDeque::new()));
        let (tell, messages) = unbounded_channel();
        let planned = Arc::clone(&answers);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (planned, tell) = (Arc::clone(&planned), tell.clone());
                tokio::spawn(async move {
                    let mut stream = BufReader::new(stream);
                    let Some(message) = read(&mut stream).await else { return };
                    let answer = planned.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                    let _ = tell.send(message);
                    reply(stream, answer.unwrap_or(Answers::Status(204))).await;
                });
            }
        });
        Self { address, answers, messages }
    }

    /// Where messages are to be posted.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its port.
    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Answers the next messages so, and takes those after them.
    pub(crate) fn will(&self, answers: impl IntoIterator<Item = Answers>) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).extend(answers);
    }

    /// The next message, once it is there.
    pub(crate) async fn next(&mut self) -> Message {
        self.messages.recv().await.expect("a message")
    }

    /// What has come, and was not looked at.
    pub(crate) fn all(&mut self) -> Vec<Message> {
        std::iter::from_fn(|| self.messages.try_recv().ok()).collect()
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Message> {
    let (mut headers, mut line) = (HeaderMap::new(), String::new());
    stream.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
    loop {
        line.clear();
        stream.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        let name: axum::http::HeaderName = name.parse().ok()?;
        headers.append(name, value.parse().ok()?);
    }
    let length =
        headers.get("content-length").and_then(|length| length.to_str().ok()).and_then(|text| text.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await.ok()?;
    Some(Message { headers, body: String::from_utf8(body).ok()? })
}

async fn reply(mut stream: BufReader<TcpStream>, answer: Answers) {
    let bytes = match answer {
        Answers::Status(status) => format!("HTTP/1.1 {status} As planned\r\nContent-Length: 0\r\n\r\n").into_bytes(),
        Answers::Bytes(bytes) => bytes,
        Answers::Nothing => Vec::new(),
        Answers::Never => std::future::pending().await,
        Answers::Once(told) => {
            told.notified().await;
            b"HTTP/1.1 204 At last\r\nContent-Length: 0\r\n\r\n".to_vec()
        }
    };
    let _ = stream.get_mut().write_all(&bytes).await;
    let _ = stream.get_mut().shutdown().await;
}
