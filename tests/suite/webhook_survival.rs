//! Webhooks while the service and its database are killed: everything is told at least once, and in order.

use crate::program::{DataFolder, Serving, ask, ask_bearing, kill};
use crate::receiver::{Answers, Receiver};
use crate::webhooking::{created, end_leases, staff};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::process::Command;
use tests::{PASSWORD, Service, with_empty};

/// The program on a database, serving, and saying so much.
pub(crate) fn on(database: &str, folder: &DataFolder, log: &str) -> Serving {
    on_with(database, folder, |program| {
        program.env("LMI_LOG", log);
    })
}

/// The program on a database that a test has, set in another way.
pub(crate) fn on_with(database: &str, folder: &DataFolder, set: impl FnOnce(&mut Command)) -> Serving {
    let mut program = folder.lmi();
    program.env("DATABASE_URL", database);
    set(&mut program);
    Serving::run(program)
}

/// Adds an organization by the program: its id.
pub(crate) fn add(address: SocketAddr, token: &str, name: &str) -> Option<Value> {
    let document = format!(
        "mutation {{ createOrganization(input: {{name: \"{name}\", kind: OTHER}}) {{ organization {{ id }} }} }}"
    );
    let answer = ask_bearing(address, token, &document).ok()?;
    answer.pointer("/data/createOrganization/organization/id").cloned()
}

/// Adds one, however often that fails while the database comes back.
pub(crate) fn add_at_last(address: SocketAddr, token: &str, name: &str) -> Value {
    std::iter::repeat_with(|| add(address, token, name)).flatten().next().expect("an organization")
}

pub(crate) fn sign_in(address: SocketAddr, email: &str) -> String {
    let document =
        format!("mutation {{ signIn(input: {{email: \"{email}\", password: \"{PASSWORD}\"}}) {{ accessToken }} }}");
    let answer = ask(address, &document).expect("an answer");
    answer.pointer("/data/signIn/accessToken").and_then(Value::as_str).expect("a token").to_owned()
}

/// What comes until all of these have come: each for the first time in their order, however often it is repeated. The first of
/// them, so many, have come before.
pub(crate) async fn all_of(receiver: &mut Receiver, ids: &[Value], before: usize) {
    let expected = created(ids);
    let mut came = expected[..before].to_vec();
    while came.len() < expected.len() {
        let told = receiver.next().await.told();
        if !came.contains(&told) {
            assert_eq!(told, expected[came.len()], "in order");
            came.push(told);
        }
    }
}

#[test]
fn a_service_that_is_killed_while_it_sends_is_taken_up_by_the_next() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let program = |service: &Service, folder: &DataFolder| on(&service.url, folder, "warn,lmi=trace");
        let folder = DataFolder::new();
        let mut serving = program(&service, &folder);
        let address = serving.address();
        staff(&service).await;
        let token = sign_in(address, "ada@example.org");
        let document = format!(
            "mutation {{ createWebhookEndpoint(input: {{url: \"{}\", types: [\"Organization\"]}}) {{ secret userErrors {{ message }} }} }}",
            receiver.url()
        );
        let made = ask_bearing(address, &token, &document).expect("an answer");
        let secret = made.pointer("/data/createWebhookEndpoint/secret").and_then(Value::as_str).expect("a secret");
        receiver.will([Answers::Status(204), Answers::Never]);
        let ids: Vec<Value> =
            (0..6).map(|number| add(address, &token, &format!("Alder {number}")).expect("an organization")).collect();
        assert_eq!(receiver.next().await.told(), created(&ids)[0]);
        assert_eq!(receiver.next().await.told(), created(&ids)[1], "this one nobody knows the fate of");
        serving.signal("-KILL");
        let log = serving.log();
        assert!(!log.contains(secret), "the log tells the secret: {log}");
        end_leases(&service).await;
        let mut serving = program(&service, &folder);
        serving.address();
        all_of(&mut receiver, &ids, 1).await;
        assert!(!serving.log().contains(secret));
    });
}

#[test]
fn a_database_that_is_killed_while_something_is_sent_loses_nothing() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let mut receiver = Receiver::start().await;
        let folder = DataFolder::new();
        let (mut serving, address) = Serving::started(&folder);
        let mut create = folder.lmi();
        let account = ["account", "create", "--email", "ada@example.org", "--name", "Nobody ada", "--role", "STAFF"];
        create.args(account).env("LMI_LOG", "off").stdin(std::process::Stdio::piped());
        let mut create = create.stdout(std::process::Stdio::null()).spawn().expect("a program");
        std::io::Write::write_all(&mut create.stdin.take().expect("its input"), PASSWORD.as_bytes()).expect("a password");
        assert!(create.wait().expect("its end").success());
        let token = sign_in(address, "ada@example.org");
        let document = format!(
            "mutation {{ createWebhookEndpoint(input: {{url: \"{}\", types: [\"Organization\"]}}) {{ userErrors {{ message }} }} }}",
            receiver.url()
        );
        let made = ask_bearing(address, &token, &document).expect("an answer");
        assert_eq!(made.pointer("/data/createWebhookEndpoint/userErrors"), Some(&json!([])), "{made}");
        let first = add_at_last(address, &token, "Alder 0");
        assert_eq!(receiver.next().await.told(), created(std::slice::from_ref(&first))[0]);
        add_at_last(address, &token, "Alder 1");
        let (process, _) = folder.server().expect("a server");
        kill("-KILL", &process);
        serving.logs("the private database server had died and was started again");
        for number in 2..6 {
            add_at_last(address, &token, &format!("Alder {number}"));
        }
        // Also what was added by a request that ended without an answer.
        let added = "{ organizations(first: 100, filter: {search: \"Alder\"}, orderBy: {field: CREATED_AT}) { nodes { id } } }";
        let added = std::iter::repeat_with(|| ask(address, added).ok()).flatten();
        let mut added = added.filter_map(|answer| answer.pointer("/data/organizations/nodes").cloned());
        let added = added.next().expect("organizations");
        let ids: Vec<Value> = added.as_array().expect("a list").iter().map(|node| node["id"].clone()).collect();
        assert!(ids.len() >= 6 && ids[0] == first, "{added}");
        all_of(&mut receiver, &ids, 1).await;
    });
}
