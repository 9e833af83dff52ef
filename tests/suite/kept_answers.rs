//! Answers that are kept in memory: whose, and until when.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use entity::ids::AccountId;
use lmi::auth::{Identity, Role, Viewer};
use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use serde_json::{Value, json};
use std::process::Command;
use tests::{Answer, Service, texts, with_empty, with_fixture};

const MEGABYTE: u64 = 1024 * 1024;
const NAMES: &str = "{ organizations(first: 50) { nodes { name } } }";
const CREATE: &str = "mutation ($name: String!) { createOrganization(input: {name: $name, kind: OTHER}) {
    organization { id version } userErrors { code } } }";
const UPDATE: &str = "mutation ($id: ID!, $version: Int!, $name: String!) {
    updateOrganization(id: $id, version: $version, input: {name: $name}) { organization { version } userErrors { code } } }";

/// The answer to a document, once it is kept: asked until no statement is run for it.
pub(crate) async fn kept(service: &Service, document: &str) -> Answer {
    for _ in 0..10_000 {
        let (answer, statements) = service.counted(document, &Value::Null).await;
        if statements == 0 {
            return answer;
        }
        tokio::task::yield_now().await;
    }
    panic!("nothing is kept of {document}");
}

/// Asks until the answer is another.
async fn changed(service: &Service, document: &str, before: &Answer) -> Answer {
    loop {
        let answer = service.ask(document).await;
        if answer.text != before.text {
            return answer;
        }
        tokio::task::yield_now().await;
    }
}

async fn create(service: &Service, name: &str) -> Value {
    let answer = service.as_role(Role::Staff).ask_with(CREATE, &json!({ "name": name })).await;
    answer.at("/createOrganization/organization")
}

/// Changes a name behind the back of the service.
async fn rename(service: &Service, name: &str) {
    service.db.execute_unprepared(&format!("UPDATE organization SET name = '{name}'")).await.expect("a change");
}

#[test]
fn an_answer_is_kept_until_something_is_written() {
    with_empty(async |service| {
        let service = service.keeping(MEGABYTE);
        let made = create(&service, "Alder Foundation").await;
        assert_eq!(kept(&service, NAMES).await.at("/organizations/nodes/0/name"), "Alder Foundation");
        let staff = service.as_role(Role::Staff);
        let change = json!({ "id": made["id"], "version": 1, "name": "Birch Foundation" });
        staff.ask_with(UPDATE, &change).await.data();
        assert_eq!(service.ask(NAMES).await.at("/organizations/nodes/0/name"), "Birch Foundation");
        kept(&service, NAMES).await;
        let body =
            json!({ "query": UPDATE, "variables": { "id": made["id"], "version": 2, "name": "Cedar Foundation" } });
        let once = Request::post("/graphql").header("content-type", "application/json").header("idempotency-key", "k");
        staff.send(once.body(Body::from(body.to_string())).expect("a request")).await.data();
        assert_eq!(service.ask(NAMES).await.at("/organizations/nodes/0/name"), "Cedar Foundation");
    });
}

#[test]
fn another_document_or_other_variables_are_another_question() {
    with_empty(async |service| {
        let service = service.keeping(MEGABYTE);
        create(&service, "Alder Foundation").await;
        create(&service, "Birch Foundation").await;
        let document = "query A($n: Int = 1) { organizations(first: $n) { nodes { name } } }
            query B($n: Int = 1) { organizations(last: $n) { nodes { name } } }";
        let ask = async |name: &str, number: Value| {
            let body = json!({ "query": document, "operationName": name, "variables": { "n": number } }).to_string();
            let request = Request::post("/graphql").header("content-type", "application/json");
            service.send(request.body(Body::from(body)).expect("a request")).await.text
        };
        for _ in 0..3 {
            assert!(ask("A", json!(1)).await.contains("Alder") && !ask("A", json!(1)).await.contains("Birch"));
            assert!(ask("A", json!(2)).await.contains("Birch"));
            assert!(ask("B", json!(1)).await.contains("Birch") && !ask("B", json!(1)).await.contains("Alder"));
        }
    });
}

#[test]
fn whoever_has_signed_in_is_never_answered_from_memory() {
    with_fixture(async |service, _| {
        let service = service.keeping(MEGABYTE);
        let document = "{ convenings(first: 50) { totalCount nodes { id title } } }";
        let public = kept(&service, document).await;
        let nobody = Viewer::new(Identity::Account(AccountId::default()), Vec::new());
        for signed_in in [service.as_role(Role::Staff), service.as_viewer(nobody)] {
            for _ in 0..3 {
                let (_, statements) = signed_in.counted(document, &Value::Null).await;
                assert!(statements > 0);
            }
        }
        assert_ne!(service.as_role(Role::Staff).ask(document).await.text, public.text);
        assert_eq!(service.ask(document).await.text, public.text, "and nobody is shown what they were answered");
    });
}

#[test]
fn what_went_wrong_is_not_kept() {
    with_empty(async |service| {
        let service = service.keeping(MEGABYTE);
        let document = "{ organizations(first: 50) { nodes { name } } accounts(first: 1) { totalCount } }";
        kept(&service, NAMES).await;
        for _ in 0..3 {
            let (answer, statements) = service.counted(document, &Value::Null).await;
            assert_eq!((answer.codes(), statements), (vec!["UNAUTHENTICATED".to_owned()], 1));
        }
    });
}

#[test]
fn in_production_answers_are_kept_as_well() {
    with_empty(async |service| {
        let service = service.in_production().keeping(MEGABYTE);
        kept(&service, NAMES).await;
        for _ in 0..2 {
            assert_eq!(service.ask("{ __schema { queryType { name } } }").await.codes(), ["UNAUTHENTICATED"]);
        }
    });
}

#[test]
fn what_another_instance_or_hand_changes_is_heard_of() {
    with_empty(async |service| {
        let (here, there) = (service.keeping(MEGABYTE), service.keeping(MEGABYTE));
        let made = create(&here, "Alder Foundation").await;
        let before = kept(&there, NAMES).await;
        let change = json!({ "id": made["id"], "version": 1, "name": "Birch Foundation" });
        here.as_role(Role::Staff).ask_with(UPDATE, &change).await.data();
        let answer = changed(&there, NAMES, &before).await;
        assert_eq!(answer.at("/organizations/nodes/0/name"), "Birch Foundation");
        let before = kept(&there, NAMES).await;
        rename(&service, "Cedar Foundation").await;
        assert_eq!(changed(&there, NAMES, &before).await.at("/organizations/nodes/0/name"), "Cedar Foundation");
    });
}

/// The process of the database server that serves the connection that listens.
async fn listener(service: &Service) -> String {
    let listens = "SELECT pid::text AS text FROM pg_stat_activity WHERE datname = current_database() \
                   AND pid <> pg_backend_pid() AND (query LIKE 'LISTEN %' OR query = 'SELECT 1')";
    texts(&service.db, listens).await.pop().expect("a connection that listens")
}

#[test]
fn nothing_old_is_told_once_nobody_listens() {
    with_empty(async |service| {
        let service = service.keeping(MEGABYTE);
        create(&service, "Alder Foundation").await;
        let before = kept(&service, NAMES).await;
        let pid = listener(&service).await;
        service.db.execute_unprepared(&format!("SELECT pg_terminate_backend({pid})")).await.expect("an end");
        rename(&service, "Birch Foundation").await;
        assert_eq!(changed(&service, NAMES, &before).await.at("/organizations/nodes/0/name"), "Birch Foundation");
    });
}

/// A process that stands still until this is dropped, as one does that the network has cut off.
struct Still(String);

impl Still {
    fn new(pid: String) -> Self {
        signal("-STOP", &pid);
        Self(pid)
    }
}

impl Drop for Still {
    fn drop(&mut self) {
        signal("-CONT", &self.0);
    }
}

fn signal(signal: &str, pid: &str) {
    assert!(Command::new("kill").args([signal, pid]).status().expect("a signal").success());
}

#[test]
fn nothing_old_is_told_while_the_database_says_nothing() {
    with_empty(async |service| {
        let service = service.keeping(MEGABYTE);
        create(&service, "Alder Foundation").await;
        let before = kept(&service, NAMES).await;
        let still = Still::new(listener(&service).await);
        rename(&service, "Birch Foundation").await;
        assert_eq!(changed(&service, NAMES, &before).await.at("/organizations/nodes/0/name"), "Birch Foundation");
        for _ in 0..20 {
            let (_, statements) = service.counted(NAMES, &Value::Null).await;
            assert_eq!(statements, 1, "nothing is kept as long as it is not known to hold");
        }
        drop(still);
        kept(&service, NAMES).await;
    });
}

#[test]
fn whoever_has_the_answer_is_told_so_without_the_database() {
    with_empty(async |service| {
        let service = service.keeping(MEGABYTE);
        let path = "/graphql?query=%7Bregions%7Bnumber%7D%7D";
        kept(&service, "{regions{number}}").await;
        let tag = service.get(path, "application/json").await.headers[header::ETAG].clone();
        // Every connection but the one that listens.
        let mut held = Vec::new();
        for _ in 0..15 {
            held.push(service.db.begin().await.expect("a connection"));
        }
        let request = Request::get(path).header(header::ACCEPT, "application/json").header(header::IF_NONE_MATCH, tag);
        let answer = service.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.status, StatusCode::NOT_MODIFIED);
        assert_eq!(service.ask("{regions{number}}").await.at("/regions/0/number"), 1);
        for transaction in held {
            transaction.rollback().await.expect("a connection given back");
        }
    });
}

#[test]
fn memory_stays_bounded_however_much_is_asked() {
    with_empty(async |service| {
        // Room for a few answers only.
        let service = service.keeping(16 * 1024);
        let document = |name: usize| format!("{{ a{name}: regions {{ number name counties {{ name }} }} }}");
        kept(&service, NAMES).await;
        for name in 0..50 {
            service.ask(&document(name)).await.data();
        }
        let mut again = 0;
        for name in 0..50 {
            again += usize::from(service.counted(&document(name), &Value::Null).await.1 > 0);
        }
        assert!(again > 25, "most are not kept any more: {again}");
    });
}

/// Tables of which nobody is shown anything without having signed in, or that change only with others that are told of.
const NOT_TOLD: [&str; 21] = [
    "answer",
    "audience",
    "audience_change",
    "audience_row",
    "ballot",
    "change",
    "district_beginning",
    "feed_seal",
    "idempotent_answer",
    "merge",
    "one_time_token",
    "person_beginning",
    "refresh_token",
    "response",
    "seaql_migrations",
    "sign_in_failure",
    "submission_marker",
    "timeline",
    "token_family",
    "webhook_delivery",
    "webhook_progress",
];

#[test]
fn whatever_is_read_is_told_of_when_it_changes() {
    with_empty(async |service| {
        let silent =
            "SELECT relname::text AS text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
            AND 28 <> (SELECT coalesce(bit_or(tgtype::integer & 28), 0) FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid
              WHERE tgrelid = pg_class.oid AND tgenabled = 'O' AND proname IN ('record_change', 'tell_of_changes'))
            ORDER BY 1";
        let mut expected = NOT_TOLD.to_vec();
        // Told of when it is moderated; nobody is shown it when it is written.
        expected.push("written_answer");
        expected.sort_unstable();
        assert_eq!(texts(&service.db, silent).await, expected, "give a table that is read a trigger that tells");
    });
}
