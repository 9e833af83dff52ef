//! Many who read feeds at once: they cost the database no more than few, and nobody's feed is put away for another's.

use crate::changes::{end, page, since, told};
use crate::feed_cursors::{days_later, found};
use crate::live_service::{Instance, Socket};
use crate::receiver::Receiver;
use crate::webhooking::{add, deliver, endpoint, staff};
use lmi::auth::Role;
use lmi::http::put_away;
use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use serde_json::{Value, json};
use tests::{Service, texts, with_empty};

const FOLLOW: &str =
    "subscription ($after: String) { changes(after: $after) { action nodeId node { ... on Organization { name } } } }";
/// Subscriptions on one socket.
const MANY: usize = 50;

/// What each of those hears next, all the same.
async fn all_hear(socket: &mut Socket) -> Value {
    let mut heard: Option<Value> = None;
    for _ in 0..MANY {
        let message = socket.hear().await.said();
        assert_eq!(message["type"], "next", "{message}");
        let change = message["payload"]["data"]["changes"].clone();
        assert_eq!(heard.get_or_insert_with(|| change.clone()), &change);
    }
    heard.expect("something")
}

#[test]
fn a_commit_is_looked_at_once_for_all_who_follow_one_feed() {
    with_empty(async |service| {
        let instance = Instance::of(&service).await;
        let start = end(&service).await;
        found(&service, "First").await;
        let mut socket = Socket::introduced(&instance, None).await;
        for number in 0..MANY {
            socket.ask(&number.to_string(), FOLLOW, &json!({ "after": start })).await;
        }
        assert_eq!(all_hear(&mut socket).await["node"]["name"], "First");
        let (_, alone) = service.counted("{ regions { number } }", &Value::Null).await;
        let (commits, before) = (5, service.statements());
        for number in 0..commits {
            let name = format!("Alder {number}");
            found(&service, &name).await;
            assert_eq!(all_hear(&mut socket).await["node"]["name"], name);
        }
        let each = (service.statements() - before) / commits;
        println!("a commit that {MANY} are told of took {each} statements; a query alone {alone}");
        // Two for each are what they ask for of the node, and who they are for; the rest is for all.
        assert!(each < 3 * MANY, "{each} statements for a commit");
    });
}

#[test]
fn who_comes_first_is_waited_for_without_a_connection() {
    with_empty(async |service| {
        end(&service).await;
        let fingerprint = texts(&service.db, "DELETE FROM audience RETURNING encode(fingerprint, 'hex') AS text").await;
        // Somebody else is making this feed, and takes long.
        let held = service.db.begin().await.expect("a transaction");
        let made = format!(
            "INSERT INTO audience (id, fingerprint, told, last_number, used_at, checked_at)
             VALUES (gen_random_uuid(), decode('{}', 'hex'), pg_current_snapshot(), 0, now(), now())",
            fingerprint[0]
        );
        held.execute_unprepared(&made).await.expect("a feed");
        let first: Vec<_> = (0..40)
            .map(|_| {
                let service = service.clone();
                tokio::spawn(async move { page(&service, &json!({})).await })
            })
            .collect();
        let waiting = "SELECT pid::text AS text FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while texts(&service.db, waiting).await.is_empty() {}
        for _ in 0..20 {
            service.ask("{ regions { number } }").await.data();
        }
        assert_eq!(texts(&service.db, waiting).await.len(), 1, "one waits for all");
        held.rollback().await.expect("an end");
        for one in first {
            assert_eq!(one.await.expect("an answer").at("/changes/edges"), json!([]));
        }
        assert_eq!(texts(&service.db, "SELECT id::text AS text FROM audience").await.len(), 1);
    });
}

/// As many feeds as there may be, last read so many hours ago.
async fn fill(service: &Service, hours: i32) {
    let full = format!(
        "INSERT INTO audience (id, fingerprint, told, last_number, used_at, checked_at)
         SELECT gen_random_uuid(), sha256(number::text::bytea), pg_current_snapshot(), 0, now() - interval '{hours} hours', now()
         FROM generate_series(1, 2000 - (SELECT count(*) FROM audience)) AS number"
    );
    service.db.execute_unprepared(&full).await.expect("many feeds");
}

async fn count(service: &Service) -> String {
    texts(&service.db, "SELECT count(*)::text AS text FROM audience").await.remove(0)
}

#[test]
fn where_all_feeds_are_used_nobody_is_given_one_but_the_public() {
    with_empty(async |service| {
        let partner = service.as_role(Role::Partner);
        let place = end(&partner).await;
        fill(&service, 1).await;
        let refused = page(&service.as_role(Role::Staff), &json!({})).await;
        assert_eq!(refused.codes(), ["UNAVAILABLE"], "{}", refused.text);
        assert!(refused.messages().contains("two hours"), "{}", refused.text);
        assert_eq!(count(&service).await, "2000", "nothing that is used was put away");
        let public = end(&service).await;
        assert!(public.is_string(), "the public always has a feed");
        found(&service, "Made Up Alliance").await;
        for (viewer, place) in [(&partner, &place), (&service, &public)] {
            assert_eq!(told(&since(viewer, place).await.0), ["CREATED | Organization"]);
        }
    });
}

#[test]
fn what_is_not_used_makes_room_and_what_a_webhook_stands_in_is_used() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        endpoint(&staff(&service).await, &receiver.url()).await;
        let long_ago = "UPDATE audience SET used_at = now() - interval '29 days'";
        service.db.execute_unprepared(long_ago).await.expect("a feed that nobody read for long");
        fill(&service, 3).await;
        end(&service.as_role(Role::Partner)).await;
        assert_eq!(count(&service).await, "2000", "one made room");
        put_away(&service.app()).await.expect("a house kept");
        assert_eq!(count(&service).await, "500");
        // However long the service itself was away.
        let away = "UPDATE audience SET used_at = now() - interval '50 days'";
        service.db.execute_unprepared(away).await.expect("a service that was away");
        put_away(&days_later(&service, 0).await.app()).await.expect("a house kept");
        assert_eq!(count(&service).await, "1");
        let added = add(&service, "Alder").await;
        deliver(&service).await;
        assert_eq!(crate::webhooking::told(&receiver.all()), crate::webhooking::created(&[added]), "it goes on");
    });
}
