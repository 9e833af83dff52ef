//! Another server takes over: the service turns to it by itself, and nothing that was told or kept misleads anybody.

use crate::kept_answers::kept;
use axum::body::Body;
use axum::http::{Request, header};
use futures_util::future::join_all;
use lmi::auth::Role;
use serde_json::{Value, json};
use tests::{Answer, Replicated, Service, replicated};

const MEGABYTE: u64 = 1024 * 1024;
const NAMES: &str = "{ organizations(first: 50, orderBy: {field: NAME}) { nodes { name } } }";
const CREATE: &str = "mutation ($name: String!) { createOrganization(input: {name: $name, kind: OTHER}) {
    organization { name } userErrors { message } } }";
const NOW: &str = "{ changes(from: NOW, first: 10) { pageInfo { endCursor } } }";
const AFTER: &str = "query ($after: String!) { changes(after: $after, first: 10) {
    nodes { action node { ... on Organization { name } } } } }";

const NAMED: &str = "SELECT name AS text FROM organization ORDER BY name";
const COMMITTING: &str =
    "SELECT count(*)::text AS text FROM pg_stat_activity WHERE state = 'active' AND query = 'COMMIT'";
const FOR_LONG: &str = "SELECT bool_and(clock_timestamp() - query_start > interval '11 seconds')::text AS text
    FROM pg_stat_activity WHERE state = 'active' AND query = 'COMMIT'";

async fn try_to_create(service: &Service, name: &str) -> Answer {
    service.as_role(Role::Staff).ask_with(CREATE, &json!({ "name": name })).await
}

/// Creates an organization, however often it takes: whatever refuses it until then may be tried again.
async fn create(service: &Service, name: &str) {
    loop {
        let answer = try_to_create(service, name).await;
        if answer.codes().is_empty() {
            assert_eq!(answer.at("/createOrganization/organization/name"), name, "{}", answer.text);
            return;
        }
        is_refused_for_now(&answer);
    }
}

fn is_refused_for_now(answer: &Answer) {
    assert_eq!(answer.codes(), ["UNAVAILABLE"], "{}", answer.text);
    assert!(answer.headers.contains_key(header::RETRY_AFTER), "{}", answer.text);
    assert_eq!(answer.headers[header::RETRY_AFTER], "1");
    assert_eq!(answer.json()["errors"][0]["extensions"]["retryAfter"], 1);
}

fn names(answer: &Answer) -> Vec<Value> {
    let nodes = answer.at("/organizations/nodes");
    nodes.as_array().expect("a list").iter().map(|node| node["name"].clone()).collect()
}

/// Asks until the answer names so many.
async fn heard_of(service: &Service, number: usize) -> Answer {
    loop {
        let answer = service.ask(NAMES).await;
        if names(&answer).len() == number {
            return answer;
        }
    }
}

#[test]
fn writes_resume_at_whoever_takes_over_and_reads_go_on_meanwhile() {
    replicated(async |mut servers| {
        let (here, there) = (servers.instance().await.keeping(MEGABYTE), servers.instance().await.keeping(MEGABYTE));
        servers.primary.wait_for_followers().await;
        create(&here, "Alder Foundation").await;
        let cursor = here.ask(NOW).await.at("/changes/pageInfo/endCursor");
        heard_of(&there, 1).await;
        kept(&there, NAMES).await;

        servers.primary.kill();
        for service in [&here, &there].repeat(20) {
            assert_eq!(names(&service.ask(NAMES).await), ["Alder Foundation"]);
        }
        is_refused_for_now(&try_to_create(&here, "Birch Foundation").await);
        let ready = here.get("/health/ready", "*/*").await;
        assert_eq!(ready.status, 200);
        assert_eq!(ready.json()["status"], "degraded");
        assert_eq!(ready.json()["reason"], "no server takes writes; reads go on");

        servers.promote().await;
        create(&here, "Birch Foundation").await;
        assert_eq!(names(&here.ask(NAMES).await), ["Alder Foundation", "Birch Foundation"]);
        heard_of(&there, 2).await;
        let changes = here.ask_with(AFTER, &json!({ "after": cursor })).await;
        let told = json!([{ "action": "CREATED", "node": { "name": "Birch Foundation" } }]);
        assert_eq!(changes.at("/changes/nodes"), told, "a feed goes on where it was");

        // What is kept ends again with what is done elsewhere.
        for number in 3..6 {
            kept(&there, NAMES).await;
            create(&here, &format!("Example {number}")).await;
            heard_of(&there, number).await;
        }
    });
}

#[test]
fn nothing_is_acknowledged_that_only_one_server_has() {
    replicated(async |mut servers| {
        let service = servers.instance().await;
        servers.primary.wait_for_followers().await;
        create(&service, "Alder Foundation").await;
        servers.replica.kill();
        let send = async |number: usize| {
            let variables = json!({ "name": format!("Example {number}") });
            let body = json!({ "query": CREATE, "variables": variables }).to_string();
            let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
            let request = request.header("idempotency-key", number.to_string()).body(Body::from(body));
            service.as_role(Role::Staff).send(request.expect("a request")).await
        };
        // It may take a moment until commits wait.
        let mut waiting = 0;
        loop {
            let answer = send(waiting).await;
            if !answer.codes().is_empty() {
                is_refused_for_now(&answer);
                break;
            }
            waiting += 1;
        }
        is_refused_for_now(&send(waiting).await);
        servers.replica.start();
        // What was sent comes through, once, and whoever sends it again is told so.
        loop {
            let answer = send(waiting).await;
            if answer.codes().is_empty() {
                assert_eq!(answer.at("/createOrganization/organization/name"), format!("Example {waiting}"));
                break;
            }
            is_refused_for_now(&answer);
        }
        assert_eq!(heard_of(&service, waiting + 2).await.codes(), Vec::<String>::new());
    });
}

#[test]
fn nobody_turns_to_a_server_that_was_taken_over_from() {
    replicated(async |mut servers| {
        let before = servers.instance().await;
        create(&before, "Alder Foundation").await;
        from_the_follower(&before).await;
        servers.primary.kill();
        servers.promote().await;
        create(&before, "Birch Foundation").await;
        // It comes back and takes itself for the one that takes writes.
        servers.primary.start();
        servers.primary.execute("SELECT 1").await;
        let after = servers.instance().await;
        for (service, name) in [(&before, "Cedar Foundation"), (&after, "Douglas Foundation")] {
            create(service, name).await;
        }
        for service in [&before, &after] {
            assert_eq!(heard_of(service, 4).await.codes(), Vec::<String>::new());
        }
        let held = servers.primary.texts("SELECT name AS text FROM organization").await;
        assert_eq!(held, ["Alder Foundation"]);
    });
}

#[test]
fn a_server_that_was_taken_over_from_is_left_also_while_it_still_answers() {
    replicated(async |servers| {
        let (here, there) = (servers.instance().await.keeping(MEGABYTE), servers.instance().await);
        create(&here, "Alder Foundation").await;
        from_the_follower(&here).await;
        servers.promote().await;
        let at_the_other = async |name: &str| servers.replica.texts(NAMED).await.iter().any(|held| held == name);
        for (who, service) in [("here", &here), ("there", &there)] {
            for number in 0.. {
                let name = format!("Example {who} {number}");
                // What is written while everything turns may be in doubt.
                try_to_create(service, &name).await;
                if at_the_other(&name).await {
                    break;
                }
            }
        }
        let before = servers.primary.texts(NAMED).await;
        for number in 0..20 {
            let name = format!("Cedar Foundation {number}");
            create(if number % 2 == 0 { &here } else { &there }, &name).await;
            assert!(at_the_other(&name).await);
        }
        assert_eq!(servers.primary.texts(NAMED).await, before, "nothing goes there any more");
        // What is told comes from there, too.
        let number = names(&kept(&here, NAMES).await).len();
        create(&there, "Douglas Foundation").await;
        heard_of(&here, number + 1).await;
    });
}

#[test]
fn a_server_that_took_over_is_read_from_while_it_waits_for_somebody_who_follows_it() {
    replicated(async |mut servers| {
        let service = servers.instance().await;
        create(&service, "Alder Foundation").await;
        from_the_follower(&service).await;
        servers.replica.execute("ALTER SYSTEM SET synchronous_standby_names = '*'").await;
        servers.replica.execute("SELECT pg_reload_conf()").await;
        servers.primary.kill();
        servers.promote().await;
        let staff = service.as_role(Role::Staff);
        loop {
            let answer = staff.ask(NAMES).await;
            if answer.codes().is_empty() {
                assert_eq!(names(&answer), ["Alder Foundation"]);
                break;
            }
            is_refused_for_now(&answer);
        }
    });
}

#[test]
fn what_only_one_server_has_is_neither_told_nor_shown_and_stops_no_reading() {
    replicated(async |mut servers| {
        servers.primary.wait_for_followers().await;
        let service = servers.instance().await;
        create(&service, "Alder Foundation").await;
        servers.replica.kill();
        let answers = join_all((0..20).map(async |number| try_to_create(&service, &format!("Example {number}")).await));
        let answers = answers.await;
        let in_doubt = |answer: &&Answer| answer.json()["errors"][0]["extensions"]["reason"] == "IN_DOUBT";
        for answer in answers.iter().filter(in_doubt) {
            assert_eq!(answer.codes(), ["UNAVAILABLE"]);
            assert!(!answer.headers.contains_key(header::RETRY_AFTER), "sent again, it may be done twice");
        }
        let (in_doubt, others): (Vec<_>, Vec<_>) = answers.iter().partition(in_doubt);
        others.into_iter().for_each(is_refused_for_now);
        // Longer than any statement may take that is not a commit.
        while servers.primary.texts(FOR_LONG).await != ["true"] {}
        assert_eq!(servers.primary.texts(COMMITTING).await, [in_doubt.len().to_string()]);
        let staff = service.as_role(Role::Staff);
        assert_eq!(names(&staff.ask(NAMES).await), ["Alder Foundation"]);
        servers.replica.start();
        heard_of(&service, 1 + in_doubt.len()).await;
    });
}

/// Asks until the follower has all.
async fn from_the_follower(service: &Service) {
    while service.counted(NAMES, &Value::Null).await.1 > 0 {}
}

#[test]
fn a_server_that_only_reads_for_now_is_a_reason_to_wait() {
    replicated(async |servers: Replicated| {
        let service = servers.instance().await;
        create(&service, "Alder Foundation").await;
        servers.primary.execute("ALTER SYSTEM SET default_transaction_read_only = on").await;
        servers.primary.execute("SELECT pg_reload_conf()").await;
        for number in 0.. {
            let answer = try_to_create(&service, &format!("Example {number}")).await;
            if !answer.codes().is_empty() {
                is_refused_for_now(&answer);
                break;
            }
        }
        servers.primary.execute("ALTER SYSTEM RESET default_transaction_read_only").await;
        servers.primary.execute("SELECT pg_reload_conf()").await;
        create(&service, "Cedar Foundation").await;
    });
}
