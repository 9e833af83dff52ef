//! What is lost while something is open: it is told once, by the right name, whoever notices it first, and nothing after it.
//!
//! That a subscription notices by itself, before the connection has heard of anything, is brought about by taking rights away
//! without a word from the database and then waking what waits.

use crate::live_service::{Events, Heard, Instance, RESULTS, Socket};
use crate::surveying::{create_open, how_they_come, public};
use entity::ids::{AccountId, RoleGrantId};
use lmi::auth::{Grant, Role, Scope};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use std::convert::Infallible;
use tests::fixtures::Fixture;
use tests::{Service, with_fixture};

const STAFF: Grant = Grant::new(Role::Staff, Scope::Everything);
const FOLLOW: &str = "subscription { changes(from: BEGINNING, types: [\"Region\"]) { id } }";
const WATCH: &str = "subscription ($convening: ID!) { checkIns(conveningId: $convening) { id } }";
const MAY: &str = "{ viewer { permissions } }";

/// What there is to wait for that only some may see: two of which something comes at once, and one of which nothing does.
async fn hidden(service: &Service, fixture: &Fixture) -> [(&'static str, Value); 3] {
    let convening = &fixture.find("Convening", "draft").id;
    let mut input = public("Ways", &how_they_come());
    input["conveningId"] = json!(convening);
    let survey = create_open(service, &input).await.id;
    let result = "INSERT INTO published_result (id, survey_id, number, status, responses, tables, full_tables, created_at) \
                  SELECT gen_random_uuid(), id, 1, 'preliminary', NULL, '[]', '[]', now() FROM survey WHERE title = 'Ways'";
    run(service, result).await;
    [(FOLLOW, json!({})), (RESULTS, json!({ "id": survey })), (WATCH, json!({ "convening": convening }))]
}

/// Somebody of the staff.
struct Staff {
    token: String,
    account: AccountId,
    grant: RoleGrantId,
}

impl Staff {
    async fn of(service: &Service, email: &str) -> Self {
        let account = service.make_account(email, &[]).await;
        let grant = service.make_grant(account, STAFF, None).await;
        Self { token: service.sign_in(email).await.access, account, grant }
    }

    fn revoked(&self) -> String {
        format!("UPDATE role_grant SET revoked_at = granted_at WHERE id = '{}'", self.grant.0)
    }

    fn shut_out(&self) -> String {
        format!("UPDATE account SET disabled_at = created_at WHERE id = '{}'", self.account.0)
    }
}

async fn run(service: &Service, sql: &str) {
    service.db.execute_unprepared(sql).await.expect("a statement that can be run");
}

/// Changes something of which nobody is told.
async fn silently(service: &Service, sql: &str) {
    run(service, &format!("BEGIN; SET LOCAL session_replication_role = replica; {sql}; COMMIT")).await;
}

/// Wakes all that waits, again and again: nobody can tell from outside when something has begun to wait.
async fn wake(service: &Service) -> Infallible {
    let all = "SELECT pg_notify(channel, '') FROM unnest(ARRAY['changes', 'survey_results', 'check_ins']) AS channel";
    loop {
        run(service, all).await;
    }
}

/// All that comes after the answers until the stream ends: the code of each error, or the name of the event.
async fn rest(events: &mut Events) -> Vec<String> {
    let mut rest = Vec::new();
    while let Some((name, event)) = events.try_next().await {
        let code = event["errors"][0]["extensions"]["code"].as_str();
        rest.push(code.map_or(name, str::to_owned));
    }
    let answers = rest.iter().take_while(|name| *name == "next").count();
    rest.split_off(answers)
}

/// What comes over a socket after the answers.
async fn last(socket: &mut Socket) -> Heard {
    loop {
        match socket.hear().await {
            Heard::Said(message) if message["type"] == "next" => {}
            other => return other,
        }
    }
}

/// A socket of somebody who waits for something, of which the first has come.
async fn begun(instance: &Instance, staff: &Staff, document: &str, variables: &Value) -> Socket {
    let mut socket = Socket::introduced(instance, Some(&staff.token)).await;
    socket.ask("open", document, variables).await;
    assert_eq!(socket.hear().await.said()["type"], "next");
    socket
}

/// What comes of something while all is woken.
async fn woken<T>(service: &Service, comes: impl Future<Output = T>) -> T {
    tokio::select! {
        came = comes => came,
        never = wake(service) => match never {},
    }
}

#[test]
fn a_stream_tells_what_was_lost_also_where_the_subscription_notices_it_first() {
    with_fixture(async |service, fixture| {
        let instance = Instance::of(&service).await;
        for (number, (document, variables)) in hidden(&service, &fixture).await.iter().enumerate() {
            let shut_out = Staff::of(&service, &format!("shut-out-{number}@example.org")).await;
            let revoked = Staff::of(&service, &format!("revoked-{number}@example.org")).await;
            let cases =
                [(&shut_out, shut_out.shut_out(), "UNAUTHENTICATED"), (&revoked, revoked.revoked(), "FORBIDDEN")];
            for (staff, lost, code) in cases {
                let mut events = Events::of(&instance, Some(&staff.token), document, variables).await;
                silently(&service, &lost).await;
                assert_eq!(woken(&service, rest(&mut events)).await, [code, "complete"], "{document}");
            }
        }
        instance.app.quiet().await;
    });
}

#[test]
fn a_socket_tells_what_was_lost_also_where_the_subscription_notices_it_first() {
    with_fixture(async |service, fixture| {
        let instance = Instance::of(&service).await;
        let [feed, results, _] = hidden(&service, &fixture).await;
        for (number, (document, variables)) in [feed, results].iter().enumerate() {
            let staff = Staff::of(&service, &format!("revoked-{number}@example.org")).await;
            let mut socket = begun(&instance, &staff, document, variables).await;
            silently(&service, &staff.revoked()).await;
            let ended = woken(&service, last(&mut socket)).await.said();
            assert_eq!((&ended["type"], &ended["id"]), (&json!("error"), &json!("open")), "{ended}");
            assert_eq!(ended["payload"][0]["extensions"]["code"], "FORBIDDEN", "{ended}");
            // Nothing more is said of it: the next word is the answer to something else.
            assert!(socket.answer(MAY).await["data"].is_object());

            // Whoever may not even ask any more has the socket closed, and hears of nothing that was open over it.
            let staff = Staff::of(&service, &format!("shut-out-{number}@example.org")).await;
            let mut socket = begun(&instance, &staff, document, variables).await;
            silently(&service, &staff.shut_out()).await;
            let heard = woken(&service, last(&mut socket)).await;
            assert!(matches!(heard, Heard::Closed(4403, _)), "{document}: {heard:?}");
        }
        instance.app.quiet().await;
    });
}

#[test]
fn whoever_may_see_more_is_told_by_the_feed_and_by_nothing_else() {
    with_fixture(async |service, fixture| {
        let instance = Instance::of(&service).await;
        let [feed, results, _] = hidden(&service, &fixture).await;
        let staff = Staff::of(&service, "more@example.org").await;
        let [mut feed, mut results] =
            [begun(&instance, &staff, feed.0, &feed.1).await, begun(&instance, &staff, results.0, &results.1).await];
        service.make_grant(staff.account, Grant::new(Role::Admin, Scope::Everything), None).await;
        let ended = woken(&service, last(&mut feed)).await.said();
        assert_eq!((&ended["type"], &ended["id"]), (&json!("error"), &json!("open")), "{ended}");
        assert_eq!(ended["payload"][0]["extensions"]["reason"], "CURSOR_EXPIRED", "{ended}");
        assert!(results.answer(MAY).await["data"].is_object(), "others go on");
    });
}

#[test]
fn what_is_lost_before_it_is_known_what_was_asked_is_lost_already() {
    with_fixture(async |service, fixture| {
        let instance = Instance::of(&service).await;
        let [_, (document, variables), _] = hidden(&service, &fixture).await;
        let asked = (document, &variables);
        let staff = Staff::of(&service, "revoked@example.org").await;
        let lost = staff.revoked();
        let mut events = Events::known_before(&instance, &staff.token, asked, run(&service, &lost)).await;
        assert_eq!(rest(&mut events).await, ["NOT_FOUND", "complete"], "it is asked for as the one who it is by now");
        let staff = Staff::of(&service, "shut-out@example.org").await;
        let lost = staff.shut_out();
        let mut events = Events::known_before(&instance, &staff.token, asked, run(&service, &lost)).await;
        assert_eq!(rest(&mut events).await, ["UNAUTHENTICATED", "complete"]);
        instance.app.quiet().await;
    });
}
