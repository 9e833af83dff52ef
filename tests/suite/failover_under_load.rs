//! The server that takes writes is killed while two instances are asked to write and to read without a pause: nothing that
//! was acknowledged is lost, reads go on, and writes resume once another server has taken over.

use crate::program::{DataFolder, Serving};
use lmi::auth::{Grant, Role, Scope};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use tests::{PASSWORD, Replicated, replicated};
use tokio::runtime::Handle;

const COUNT: &str = "{ organizations(first: 1) { totalCount } }";
const WRITERS: usize = 4;
/// How much is to happen until the next thing is done.
const ENOUGH: usize = 40;

/// What an instance answered.
struct Heard {
    status: u16,
    head: String,
    body: Value,
}

impl Heard {
    fn of(text: &str) -> Option<Self> {
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some(Self { status, head: head.to_lowercase(), body: serde_json::from_str(body).ok()? })
    }

    /// Whether it was refused for now, in so many words. Any other error fails the test.
    fn is_refused_for_now(&self) -> bool {
        let Some(errors) = self.body["errors"].as_array() else { return false };
        for error in errors {
            assert_eq!(error["extensions"]["code"], "UNAVAILABLE", "{}", self.body);
        }
        assert!(matches!(self.status, 200 | 503), "{}", self.head);
        assert!(self.head.contains("retry-after: 1"), "{}", self.head);
        true
    }
}

/// Sends a document, with these headers.
fn send(address: SocketAddr, headers: &str, document: &str) -> Heard {
    let body = json!({ "query": document }).to_string();
    let mut stream = TcpStream::connect(address).expect("an instance");
    let length = body.len();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
         {headers}Connection: close\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).expect("a request that is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    Heard::of(&answer).unwrap_or_else(|| panic!("no answer: {answer}"))
}

/// What is seen of all that happens.
#[derive(Default)]
struct Seen {
    is_over: AtomicBool,
    acknowledged: Mutex<Vec<(String, String)>>,
    read: [AtomicUsize; 2],
}

impl Seen {
    fn acknowledged(&self) -> usize {
        self.acknowledged.lock().expect("a list").len()
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }

    fn read(&self) -> [usize; 2] {
        [0, 1].map(|instance| self.read[instance].load(Ordering::SeqCst))
    }
}

impl Seen {
    /// Waits for something to happen, or for the end of it all.
    fn until(&self, happened: impl Fn() -> bool) {
        while !self.is_over() && !happened() {
            thread::yield_now();
        }
    }
}

/// One of those who ask: where one fails, all is over.
struct Asking<'a>(&'a Seen);

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.is_over.store(true, Ordering::SeqCst);
        }
    }
}

/// Writes through both instances in turn, each thing under a key of its own until it is acknowledged, and reads what was
/// written through the other.
fn write(instances: [SocketAddr; 2], token: &str, writer: usize, seen: &Seen) {
    let _asking = Asking(seen);
    let signed_in = format!("Authorization: Bearer {token}\r\n");
    for number in 0.. {
        let name = format!("Example {writer} {number}");
        let document = format!(
            "mutation {{ createOrganization(input: {{name: \"{name}\", kind: OTHER}}) {{ organization {{ id }} userErrors {{ message }} }} }}"
        );
        let once = format!("{signed_in}Idempotency-Key: {writer}-{number}\r\n");
        let mut turns = instances.iter().cycle().skip(writer + number);
        let made =
            turns.by_ref().map(|address| send(*address, &once, &document)).find(|heard| !heard.is_refused_for_now());
        let made = made.expect("an answer").body;
        let id = made.pointer("/data/createOrganization/organization/id").and_then(Value::as_str);
        let id = id.unwrap_or_else(|| panic!("{made}")).to_owned();
        let find = format!("{{ organization(by: {{id: \"{id}\"}}) {{ name }} }}");
        seen.acknowledged.lock().expect("a list").push((id, name.clone()));
        let found = turns.map(|address| send(*address, &signed_in, &find)).find(|heard| !heard.is_refused_for_now());
        assert_eq!(found.expect("an answer").body["data"]["organization"]["name"], name, "it reads what it wrote");
        if seen.is_over() {
            return;
        }
    }
}

/// Reads from one instance as anybody may.
fn read(address: SocketAddr, instance: usize, seen: &Seen) {
    let _asking = Asking(seen);
    while !seen.is_over() {
        let heard = send(address, "", COUNT);
        if !heard.is_refused_for_now() {
            assert!(
                heard.body.pointer("/data/organizations/totalCount").is_some_and(Value::is_number),
                "{}",
                heard.body
            );
            seen.read[instance].fetch_add(1, Ordering::SeqCst);
        }
    }
}

fn token(address: SocketAddr) -> String {
    let document = format!(
        "mutation {{ signIn(input: {{email: \"ada@example.org\", password: \"{PASSWORD}\"}}) {{ accessToken }} }}"
    );
    let answer = send(address, "", &document).body;
    answer.pointer("/data/signIn/accessToken").and_then(Value::as_str).expect("a token").to_owned()
}

fn instance(servers: &Replicated, folder: &DataFolder) -> (Serving, SocketAddr) {
    let mut program = folder.lmi();
    program.env("DATABASE_URL", servers.urls()).env("DATABASE_READ_URLS", servers.replica.url());
    program.env("LMI_PUBLIC_URL", "https://lmi.example.org").env("LMI_LOG", "off");
    let mut serving = Serving::run(program);
    let address = serving.address();
    (serving, address)
}

#[test]
fn nothing_acknowledged_is_lost_when_the_server_that_takes_writes_is_killed() {
    replicated(async |mut servers| {
        servers.instance().await.make_account("ada@example.org", &[Grant::new(Role::Staff, Scope::Everything)]).await;
        servers.primary.wait_for_followers().await;
        let folder = DataFolder::new();
        let (_first, here) = instance(&servers, &folder);
        let (_second, there) = instance(&servers, &folder);
        let (instances, token, seen) = ([here, there], token(here), Seen::default());
        thread::scope(|threads| {
            for writer in 0..WRITERS {
                let (token, seen) = (&token, &seen);
                threads.spawn(move || write(instances, token, writer, seen));
            }
            for (instance, address) in instances.into_iter().enumerate() {
                let seen = &seen;
                threads.spawn(move || read(address, instance, seen));
            }
            seen.until(|| seen.acknowledged() >= ENOUGH);
            servers.primary.kill();
            let before = seen.read();
            seen.until(|| seen.read().into_iter().zip(before).all(|(now, before)| now >= before + ENOUGH));
            let resumed = seen.acknowledged() + ENOUGH;
            let (runtime, servers) = (Handle::current(), &servers);
            threads.spawn(move || runtime.block_on(servers.promote()));
            seen.until(|| seen.acknowledged() >= resumed);
            seen.is_over.store(true, Ordering::SeqCst);
        });
        let acknowledged = seen.acknowledged.into_inner().expect("a list");
        let held = servers
            .replica
            .texts("SELECT name AS text FROM organization WHERE name LIKE 'Example %' ORDER BY name COLLATE \"C\"")
            .await;
        let mut names: Vec<_> = acknowledged.into_iter().map(|(_, name)| name).collect();
        names.sort();
        assert_eq!(held, names, "everything that was acknowledged, once each");
    });
}
