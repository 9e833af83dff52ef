//! What receivers and owners of endpoints wish: to be left alone for a while, to be told at another address, to be told again.

use crate::receiver::{Answers, Receiver};
use crate::webhooking::{add, add_all, created, deliver, done, endpoint, seen, staff, told};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use serde_json::json;
use std::sync::Arc;
use tests::{Service, texts, with_empty};
use tokio::sync::Notify;

const REPLAY: &str = "mutation ($id: ID!, $since: DateTime!) { replayWebhooks(id: $id, since: $since) {
    webhookEndpoint { id } userErrors { field code message } } }";

#[test]
fn a_receiver_that_asks_to_be_left_alone_is_within_bounds() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let ada = staff(&service).await;
        let now = Service::clock().now();
        let date = (now + TimeDelta::hours(2)).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        // What is asked for, and how long it is then: seconds at least and at most.
        let cases = [
            (503, "3600", 3_600, 3_600),
            (429, date.as_str(), 7_200, 7_200),
            (429, "1", 5, 6),
            (429, "soon", 5, 6),
            (503, "4000000000", 86_400, 86_400),
            (503, "Thu, 01 Jan 1970 00:00:00 GMT", 5, 6),
            (500, "3600", 5, 6),
        ];
        let own = endpoint(&ada, &receiver.url()).await;
        add(&service, "Alder").await;
        for (status, wish, soonest, latest) in cases {
            let head = format!("HTTP/1.1 {status} Later\r\nRetry-After: {wish}\r\nContent-Length: 0\r\n\r\n");
            receiver.will([Answers::Bytes(head.into_bytes())]);
            deliver(&service).await;
            assert_eq!(receiver.all().len(), 1);
            let next = seen(&ada, &own).await["nextAttemptAt"].clone();
            let next: DateTime<Utc> = next.as_str().and_then(|text| text.parse().ok()).expect("a moment");
            let pause = (next - now).num_seconds();
            assert!((soonest..=latest).contains(&pause), "{status} {wish}: {pause}");
            done(&ada, "resumeWebhookEndpoint", &own.id).await;
        }
    });
}

#[test]
fn what_was_asked_for_goes_where_the_endpoint_is_by_then() {
    with_empty(async |service| {
        let (mut before, mut after) = (Receiver::start().await, Receiver::start().await);
        let ada = staff(&service).await;
        let own = endpoint(&ada, &before.url()).await;
        done(&ada, "sendTestWebhook", &own.id).await;
        done(&ada, "sendTestWebhook", &own.id).await;
        let released = Arc::new(Notify::new());
        before.will([Answers::Once(Arc::clone(&released))]);
        let moving = async {
            before.next().await;
            let document = "mutation ($id: ID!, $url: URL!) {
                updateWebhookEndpoint(id: $id, version: 1, input: {url: $url}) { userErrors { message } } }";
            let moved = ada.ask_with(document, &json!({ "id": own.id, "url": after.url() })).await;
            assert_eq!(moved.at("/updateWebhookEndpoint/userErrors"), json!([]));
            let rotate = "mutation ($id: ID!) { rotateWebhookSecret(id: $id, overlapHours: 0) { secret } }";
            let secret = ada.ask_with(rotate, &json!({ "id": own.id })).await.at("/rotateWebhookSecret/secret");
            released.notify_one();
            secret
        };
        let courier = service.app().courier().expect("a courier");
        let (delivered, secret) = tokio::join!(courier.deliver_due(), moving);
        delivered.expect("deliveries");
        assert_eq!(before.all().len(), 0, "nothing more goes to the old address");
        let messages = after.all();
        assert_eq!(messages.len(), 1);
        assert!(messages[0].is_signed_with(secret.as_str().expect("a secret")));
        assert!(!messages[0].is_signed_with(&own.secret));
    });
}

#[test]
fn a_replay_that_is_asked_for_while_nothing_is_found_to_tell_is_not_forgotten() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let ada = staff(&service).await;
        let own = endpoint(&ada, &receiver.url()).await;
        let ids = add_all(&service, &["Alder", "Birch"]).await;
        // Whoever notes that everything was looked at waits until it may.
        let trigger = "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF current_query() LIKE '%heard =%pg_snapshot%' THEN PERFORM pg_advisory_xact_lock_shared(4712); END IF;
              RETURN NULL; END $$;
            CREATE TRIGGER hold BEFORE UPDATE OF heard ON webhook_progress FOR EACH STATEMENT EXECUTE FUNCTION hold()";
        deliver(&service).await;
        assert_eq!(told(&receiver.all()), created(&ids));
        service.db.execute_unprepared(trigger).await.expect("a trigger");
        service.db.execute_unprepared("UPDATE webhook_progress SET heard = NULL").await.expect("a look");
        let held = service.db.begin().await.expect("a transaction");
        held.execute_unprepared("SELECT pg_advisory_xact_lock(4712)").await.expect("a lock");
        let replaying = async {
            let waits =
                "SELECT pid::text AS text FROM pg_locks WHERE locktype = 'advisory' AND objid = 4712 AND NOT granted";
            while texts(&service.db, waits).await.is_empty() {}
            let answer = ada.ask_with(REPLAY, &json!({ "id": own.id, "since": "2026-06-01T00:00:00Z" })).await;
            assert_eq!(answer.at("/replayWebhooks/userErrors"), json!([]));
            held.commit().await.expect("an end");
        };
        tokio::join!(deliver(&service), replaying);
        deliver(&service).await;
        assert_eq!(told(&receiver.all()), created(&ids), "told again");
    });
}

#[test]
fn a_replay_from_before_what_is_kept_is_refused_and_says_from_when_on_it_is() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let ada = staff(&service).await;
        let own = endpoint(&ada, &receiver.url()).await;
        add(&service, "Alder").await;
        deliver(&service).await;
        let birch = add_all(&service, &["Birch"]).await;
        let later = service.later(TimeDelta::hours(1));
        deliver(&later).await;
        assert_eq!(receiver.all().len(), 2);
        let forget = "WITH first AS (DELETE FROM audience_change AS c USING webhook_progress AS p
              WHERE c.audience_id = p.audience AND c.number < p.number RETURNING c.audience_id, c.number)
            UPDATE audience SET forgotten = first.number FROM first WHERE id = first.audience_id";
        service.db.execute_unprepared(forget).await.expect("changes that are not kept any more");
        let since = async |since: &str| {
            let answer = ada.ask_with(REPLAY, &json!({ "id": own.id, "since": since })).await;
            answer.lines("/replayWebhooks/userErrors", &["/field", "/code", "/message"])
        };
        let refused = since("2026-06-01T00:00:00Z").await;
        assert!(
            refused[0].starts_with("[\"since\"] | INVALID") && refused[0].contains("2026-06-01T13:00:00"),
            "{refused:?}"
        );
        deliver(&later).await;
        assert_eq!(receiver.all().len(), 0, "nothing was begun anew");
        assert_eq!(since("2026-06-01T13:00:00Z").await, [""; 0]);
        deliver(&later).await;
        assert_eq!(told(&receiver.all()), created(&birch));
    });
}

#[test]
fn whoever_stops_brings_to_its_end_what_is_under_way_and_gives_the_rest_back() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let ada = staff(&service).await;
        endpoint(&ada, &receiver.url()).await;
        let ids = add_all(&service, &["Alder", "Birch"]).await;
        let (released, stop) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        receiver.will([Answers::Once(Arc::clone(&released))]);
        let courier = service.app().courier().expect("a courier");
        let told_to_stop = {
            let stop = Arc::clone(&stop);
            async move { stop.notified().await }
        };
        let stopping = tokio::spawn(courier.deliver(told_to_stop));
        assert_eq!(receiver.next().await.told(), created(&ids)[0]);
        stop.notify_one();
        // It stops before the message is answered or after: what was begun is waited for, and nothing else is begun.
        let leases = "SELECT lease::text AS text FROM webhook_progress WHERE lease IS NOT NULL";
        assert_eq!(texts(&service.db, leases).await.len(), 1);
        released.notify_one();
        stopping.await.expect("an end");
        assert_eq!(texts(&service.db, leases).await, [""; 0]);
        let rest = ids.len() - 1 - receiver.all().len();
        deliver(&service).await;
        assert_eq!(told(&receiver.all()), created(&ids[ids.len() - rest..]), "another goes on at once");
    });
}

#[test]
fn what_is_cut_off_is_given_back() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let ada = staff(&service).await;
        endpoint(&ada, &receiver.url()).await;
        let ids = add_all(&service, &["Alder"]).await;
        receiver.will([Answers::Never]);
        let courier = service.app().courier().expect("a courier");
        let working = tokio::spawn(courier.clone().deliver(std::future::pending()));
        assert_eq!(receiver.next().await.told(), created(&ids)[0]);
        working.abort();
        assert!(working.await.is_err_and(|ended| ended.is_cancelled()));
        courier.release().await.expect("leases given back");
        deliver(&service).await;
        assert_eq!(told(&receiver.all()), created(&ids), "nobody waits until the lease ends");
    });
}
