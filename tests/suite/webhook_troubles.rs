//! Webhooks where something goes wrong: receivers that fail, in every way; who gives up, and who tries again.

use crate::mail_server::MailServer;
use crate::receiver::{Answers, Receiver};
use crate::webhooking::{add, add_all, created, deliver, deliveries, done, end_leases, endpoint, seen, staff, told};
use chrono::{DateTime, TimeDelta, Utc};
use lmi::clock::Clock;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tests::{Service, texts, with_empty};

/// Seconds from an attempt that fails to the next.
const PAUSES: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

fn moment(value: &Value) -> DateTime<Utc> {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("no moment: {value}"))
}

#[test]
fn what_fails_is_sent_again_before_anything_after_it() {
    with_empty(async |service| {
        let (mut receiver, mut other) = (Receiver::start().await, Receiver::start().await);
        let ada = staff(&service).await;
        let failing = endpoint(&ada, &receiver.url()).await;
        endpoint(&ada, &other.url()).await;
        let redirect = format!("HTTP/1.1 307 Elsewhere\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", other.url());
        receiver.will([
            Answers::Status(500),
            Answers::Nothing,
            Answers::Never,
            Answers::Bytes(redirect.into_bytes()),
            Answers::Bytes(b"no HTTP at all\r\n\r\n".to_vec()),
        ]);
        let ids = add_all(&service, &["Alder", "Birch"]).await;
        let mut at = service.clone();
        let faults = ["500 | STATUS", "– | CUT_OFF", "– | TIMEOUT", "307 | STATUS", "– | CUT_OFF"];
        for (attempt, fault) in (1..).zip(faults) {
            deliver(&at).await;
            assert_eq!(told(&receiver.all()), created(&ids[..1]), "the first again, and nothing else");
            let expected = format!("organization.created | PENDING | {attempt} | {fault}");
            assert_eq!(deliveries(&ada, &failing).await, [expected]);
            deliver(&at).await;
            assert_eq!(receiver.all().len(), 0, "not before its time");
            at = at.later(TimeDelta::days(1));
        }
        assert_eq!(told(&other.all()), created(&ids), "nobody else is held up, and nothing followed the redirect");
        deliver(&at).await;
        assert_eq!(told(&receiver.all()), created(&ids));
        let stands = seen(&ada, &failing).await;
        assert_eq!((&stands["failures"], &stands["failingSince"]), (&json!(0), &Value::Null));
        let expected =
            ["organization.created | DELIVERED | 1 | 204 | –", "organization.created | DELIVERED | 6 | 204 | –"];
        assert_eq!(deliveries(&ada, &failing).await, expected);
    });
}

#[test]
fn a_status_of_success_counts_whatever_follows_it() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let ada = staff(&service).await;
        let own = endpoint(&ada, &receiver.url()).await;
        let head = |length: usize| format!("HTTP/1.1 200 Fine\r\nContent-Length: {length}\r\n\r\n").into_bytes();
        let huge = [head(4_000_000), vec![b'a'; 4_000_000]].concat();
        let broken = [head(100), b"half".to_vec()].concat();
        receiver.will([Answers::Bytes(huge), Answers::Bytes(broken), Answers::Status(201)]);
        let ids = add_all(&service, &["Alder", "Birch", "Cedar"]).await;
        deliver(&service).await;
        assert_eq!(told(&receiver.all()), created(&ids));
        let state = |line: &String| line.contains("DELIVERED | 1");
        assert!(deliveries(&ada, &own).await.iter().all(state));
    });
}

#[test]
fn after_three_days_of_failures_an_endpoint_is_disabled_and_its_owner_told() {
    with_empty(async |service| {
        let (server, mailer) = MailServer::start().await;
        let service = service.set_up(|setup| setup.mailer = mailer);
        let mut receiver = Receiver::start().await;
        let ada = staff(&service).await;
        let own = endpoint(&ada, &receiver.url()).await;
        receiver.will((0..10).map(|_| Answers::Status(503)));
        let ids = add_all(&service, &["Alder", "Birch"]).await;
        let mut now = Service::clock().now();
        for pause in PAUSES {
            deliver(&service.at(Clock::Fixed(now))).await;
            assert_eq!(receiver.all().len(), 1);
            let next = moment(&seen(&ada, &own).await["nextAttemptAt"]);
            let (soonest, latest) = (now + TimeDelta::seconds(pause), now + TimeDelta::milliseconds(pause * 1_100));
            assert!((soonest..=latest).contains(&next), "{next} is not between {soonest} and {latest}");
            deliver(&service.at(Clock::Fixed(next - TimeDelta::milliseconds(1)))).await;
            assert_eq!(receiver.all().len(), 0, "not before its time");
            now = next;
        }
        assert_eq!(seen(&ada, &own).await["status"], "ACTIVE");
        let last = service.at(Clock::Fixed(now));
        deliver(&last).await;
        let stands = seen(&ada, &own).await;
        let expected = (&json!("DISABLED"), &json!("FAILING"), &json!(10));
        assert_eq!((&stands["status"], &stands["disabledBecause"], &stands["failures"]), expected);
        let (to, letter) = server.letter().await;
        assert_eq!(to, "<ada@example.org>");
        assert!(letter.contains("127.0.0.1") && letter.contains("three days"), "{letter}");
        receiver.all();
        deliver(&service.at(Clock::Fixed(now + TimeDelta::days(2)))).await;
        assert_eq!(receiver.all().len(), 0, "nothing is sent any more");
        done(&ada, "resumeWebhookEndpoint", &own.id).await;
        deliver(&last).await;
        assert_eq!(told(&receiver.all()), created(&ids), "it goes on where it stopped");
    });
}

#[test]
fn a_receiver_that_says_that_it_is_gone_is_left_alone() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let ada = staff(&service).await;
        let own = endpoint(&ada, &receiver.url()).await;
        receiver.will([Answers::Status(410)]);
        add(&service, "Alder").await;
        deliver(&service).await;
        deliver(&service.later(TimeDelta::days(1))).await;
        assert_eq!(receiver.all().len(), 1);
        assert_eq!(seen(&ada, &own).await["disabledBecause"], "GONE");
    });
}

#[test]
fn two_who_deliver_at_once_keep_the_order_and_repeat_nothing() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let ada = staff(&service).await;
        endpoint(&ada, &receiver.url()).await;
        let names: Vec<String> = (0..40).map(|number| format!("Alder {number}")).collect();
        let ids = add_all(&service, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let all = (0..4).map(|_| deliver(&service));
        futures_util::future::join_all(all).await;
        assert_eq!(told(&receiver.all()), created(&ids));
    });
}

#[test]
fn what_was_sent_and_not_written_down_is_sent_again() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let ada = staff(&service).await;
        endpoint(&ada, &receiver.url()).await;
        receiver.will([Answers::Never]);
        let ids = add_all(&service, &["Alder", "Birch"]).await;
        let killed = {
            let courier = service.app().courier().expect("a courier");
            tokio::spawn(async move { courier.deliver_due().await })
        };
        let sent = receiver.next().await;
        killed.abort();
        assert!(killed.await.is_err_and(|ended| ended.is_cancelled()));
        deliver(&service).await;
        assert_eq!(receiver.all().len(), 0, "it may still be on its way: nobody else begins");
        end_leases(&service).await;
        deliver(&service).await;
        let again = receiver.all();
        assert_eq!(told(&again), created(&ids));
        assert_eq!(again[0].header("webhook-id"), sent.header("webhook-id"), "the receiver knows it again");
        assert_eq!(again[0].body, sent.body);
    });
}

#[test]
fn whoever_lost_the_lease_writes_nothing_down() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let ada = staff(&service).await;
        let own = endpoint(&ada, &receiver.url()).await;
        let ids = add_all(&service, &["Alder", "Birch"]).await;
        receiver.will([Answers::Never]);
        let slow = deliver(&service);
        let taken_over = async {
            let first = receiver.next().await;
            end_leases(&service).await;
            deliver(&service).await;
            first
        };
        let ((), first) = tokio::join!(slow, taken_over);
        assert_eq!(first.told(), created(&ids)[0]);
        assert_eq!(told(&receiver.all()), created(&ids));
        assert_eq!(seen(&ada, &own).await["failures"], 0, "the failure of whoever came too late does not count");
        assert_eq!(deliveries(&ada, &own).await.len(), 2);
    });
}

#[test]
fn a_test_and_a_repetition_are_sent_once_beside_what_waits() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let ada = staff(&service).await;
        let own = endpoint(&ada, &receiver.url()).await;
        let ids = add_all(&service, &["Alder"]).await;
        deliver(&service).await;
        let first = receiver.next().await;
        receiver.will([Answers::Status(500)]);
        let more = add_all(&service, &["Birch"]).await;
        deliver(&service).await;
        assert_eq!(told(&receiver.all()), created(&more));
        let delivered = seen(&ada, &own).await["deliveries"]["nodes"][1]["id"].clone();
        receiver.will([Answers::Status(500)]);
        done(&ada, "sendTestWebhook", &own.id).await;
        deliver(&service).await;
        done(&ada, "redeliverWebhook", delivered.as_str().expect("an id")).await;
        deliver(&service).await;
        let messages = receiver.all();
        assert_eq!(messages[0].json()["type"], "test");
        assert_eq!(told(&messages[1..]), created(&ids));
        assert_eq!(messages[1].header("webhook-id"), first.header("webhook-id"));
        let mut expected = [
            "organization.created | DELIVERED | 1 | 204 | –",
            "organization.created | DELIVERED | 1 | 204 | –",
            "organization.created | PENDING | 1 | 500 | STATUS",
            "test | FAILED | 1 | 500 | STATUS",
        ];
        expected.sort_unstable();
        let mut told = deliveries(&ada, &own).await;
        told.sort_unstable();
        assert_eq!(told, expected);
        assert_eq!(seen(&ada, &own).await["failures"], 1, "a test that fails is no failure of the endpoint");
    });
}

#[test]
fn everything_since_a_moment_is_sent_again_in_order() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let ada = staff(&service).await;
        let own = endpoint(&ada, &receiver.url()).await;
        let ids = add_all(&service, &["Alder", "Birch"]).await;
        deliver(&service).await;
        let later = service.later(TimeDelta::hours(1));
        let more = add_all(&service, &["Cedar", "Dogwood"]).await;
        deliver(&later).await;
        let first = receiver.all();
        assert_eq!(told(&first), created(&[ids, more.clone()].concat()));
        let replay = "mutation ($id: ID!, $since: DateTime!) { replayWebhooks(id: $id, since: $since) {
            webhookEndpoint { id } userErrors { field code } } }";
        let since = async |since: &str| {
            let answer = ada.ask_with(replay, &json!({ "id": own.id, "since": since })).await;
            answer.lines("/replayWebhooks/userErrors", &["/field", "/code"])
        };
        assert_eq!(since("2026-06-01T14:00:00Z").await, ["[\"since\"] | NOT_FOUND"]);
        assert_eq!(since("2026-06-01T12:30:00Z").await, [""; 0]);
        deliver(&later).await;
        let again = receiver.all();
        assert_eq!(told(&again), created(&more));
        let ids_of = |messages: &[crate::receiver::Message]| -> Vec<String> {
            messages.iter().map(|message| message.header("webhook-id")).collect()
        };
        assert_eq!(ids_of(&again), ids_of(&first[2..]));
        assert_eq!(since("2026-06-01T00:00:00Z").await, [""; 0]);
        deliver(&later).await;
        assert_eq!(ids_of(&receiver.all()), ids_of(&first));
        assert_eq!(deliveries(&ada, &own).await.len(), 4, "a repetition is no other delivery");
    });
}

#[test]
fn in_production_nothing_reaches_what_is_not_public() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let ada = staff(&service).await;
        let by_name = endpoint(&ada, &format!("https://localhost:{}/hook", receiver.port())).await;
        let by_address = endpoint(&ada, &format!("https://127.0.0.1:{}/hook", receiver.port())).await;
        let plain = endpoint(&ada, &receiver.url()).await;
        add(&service, "Alder").await;
        deliver(&service.in_production()).await;
        assert_eq!(receiver.all().len(), 0);
        for own in [by_name, by_address, plain] {
            assert_eq!(deliveries(&ada, &own).await, ["organization.created | PENDING | 1 | – | ADDRESS"]);
        }
    });
}

#[test]
fn an_endpoint_whose_secret_is_lost_is_disabled_until_it_has_a_new_one() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let ada = staff(&service).await;
        let own = endpoint(&ada, &receiver.url()).await;
        let spoil = "UPDATE webhook_endpoint SET secret = sha256(secret)";
        service.db.execute_unprepared(spoil).await.expect("a secret that nobody can read");
        let ids = add_all(&service, &["Alder"]).await;
        deliver(&service).await;
        assert_eq!(receiver.all().len(), 0);
        assert_eq!(seen(&ada, &own).await["disabledBecause"], "SECRET");
        done(&ada, "rotateWebhookSecret", &own.id).await;
        done(&ada, "resumeWebhookEndpoint", &own.id).await;
        deliver(&service).await;
        assert_eq!(told(&receiver.all()), created(&ids));
    });
}

#[test]
fn what_was_sent_is_known_for_thirty_days() {
    with_empty(async |service| {
        let receiver = Receiver::start().await;
        let ada = staff(&service).await;
        endpoint(&ada, &receiver.url()).await;
        add(&service, "Alder").await;
        deliver(&service).await;
        for (days, kept) in [(30, "1"), (31, "0")] {
            lmi::http::put_away(&service.later(TimeDelta::days(days)).app()).await.expect("a tidy house");
            let counted = texts(&service.db, "SELECT count(*)::text AS text FROM webhook_delivery").await;
            assert_eq!(counted, [kept], "{days} days");
        }
        let asked = "SELECT count(*)::text AS text FROM webhook_progress WHERE heard IS NULL";
        assert_eq!(texts(&service.db, asked).await, ["1"], "every endpoint is looked at, whatever was heard");
    });
}
