//! Webhooks tell what their owner may see when it is told, and nothing else.

use crate::receiver::{Answers, Receiver};
use crate::webhooking::{
    act, add, add_all, created, deliver, deliveries, done, endpoint, endpoint_of, seen, staff, told,
};
use chrono::TimeDelta;
use entity::ids::AccountId;
use entity::{account, role_grant};
use lmi::auth::{Grant, Role, Scope};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait as _};
use serde_json::{Value, json};
use tests::{Service, with_empty, with_fixture};

/// Adds a convening that nobody may know of yet: its id.
async fn draft(service: &Service) -> Value {
    let document =
        "mutation { createConvening(input: {title: \"Redwood Summit\", kind: SUMMIT, startsOn: \"2027-03-01\",
        endsOn: \"2027-03-02\"}) { convening { id } userErrors { message } } }";
    service.as_role(Role::Staff).ask(document).await.at("/createConvening/convening/id")
}

/// Makes a move of it.
async fn step(service: &Service, mutation: &str, id: &Value, version: i32) {
    let document = format!(
        "mutation ($id: ID!) {{ {mutation}(id: $id, version: {version}) {{ convening {{ version }} userErrors {{ message }} }} }}"
    );
    let answer = service.as_role(Role::Staff).ask_with(&document, &json!({ "id": id })).await;
    assert_eq!(answer.at(&format!("/{mutation}/userErrors")), json!([]));
}

/// A partner, who sees what everybody sees, and the grant by which that one is one.
async fn partner(service: &Service) -> (Service, AccountId) {
    let organization = add(service, "Partners").await;
    let account = service.make_account("ben@example.org", &[]).await;
    let id = base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, organization.as_str().expect("an id"));
    let key = sea_orm::prelude::Uuid::from_slice(&id.expect("an id")[1..]).expect("a key");
    service.make_grant(account, Grant::new(Role::Partner, Scope::Organization(key.into())), None).await;
    (service.bearing(&service.sign_in("ben@example.org").await.access), account)
}

fn of(kind: &str, id: &Value) -> (String, Value) {
    (kind.to_owned(), id.clone())
}

#[test]
fn what_is_hidden_is_told_once_it_is_announced_and_gone_once_it_is_not() {
    with_empty(async |service| {
        let (mut for_staff, mut for_partner) = (Receiver::start().await, Receiver::start().await);
        let (ben, _) = partner(&service).await;
        endpoint(&staff(&service).await, &for_staff.url()).await;
        endpoint(&ben, &for_partner.url()).await;
        let id = draft(&service).await;
        deliver(&service).await;
        assert_eq!(told(&for_staff.all()), [of("convening.created", &id)]);
        assert_eq!(told(&for_partner.all()), []);
        step(&service, "announceConvening", &id, 1).await;
        deliver(&service).await;
        assert_eq!(told(&for_staff.all()), [of("convening.updated", &id)]);
        assert_eq!(told(&for_partner.all()), [of("convening.created", &id)]);
        step(&service, "retractConvening", &id, 2).await;
        deliver(&service).await;
        assert_eq!(told(&for_staff.all()), [of("convening.updated", &id)]);
        assert_eq!(told(&for_partner.all()), [of("convening.deleted", &id)]);
    });
}

#[test]
fn what_was_to_be_told_and_is_hidden_since_is_not_told() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let (ben, _) = partner(&service).await;
        let own = endpoint(&ben, &receiver.url()).await;
        let id = draft(&service).await;
        step(&service, "announceConvening", &id, 1).await;
        receiver.will([Answers::Status(500)]);
        deliver(&service).await;
        assert_eq!(told(&receiver.all()), [of("convening.created", &id)]);
        step(&service, "retractConvening", &id, 2).await;
        let more = add_all(&service, &["Alder"]).await;
        deliver(&service.later(TimeDelta::hours(1))).await;
        let messages = told(&receiver.all());
        assert!(!messages.contains(&of("convening.created", &id)), "{messages:?}");
        assert!(messages.contains(&created(&more)[0]), "{messages:?}");
        assert!(deliveries(&ben, &own).await.contains(&"convening.created | SKIPPED | 1 | 500 | STATUS".to_owned()));
    });
}

#[test]
fn what_failed_and_is_hidden_since_is_waited_for_no_more() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let (ben, _) = partner(&service).await;
        let own = endpoint_of(&ben, &json!({ "url": receiver.url(), "actions": ["CREATED"] })).await;
        let id = draft(&service).await;
        step(&service, "announceConvening", &id, 1).await;
        receiver.will([Answers::Status(500)]);
        deliver(&service).await;
        assert_eq!(told(&receiver.all()), [of("convening.created", &id)]);
        step(&service, "retractConvening", &id, 2).await;
        deliver(&service.later(TimeDelta::hours(1))).await;
        assert_eq!(receiver.all().len(), 0);
        assert_eq!(deliveries(&ben, &own).await, ["convening.created | SKIPPED | 1 | 500 | STATUS"]);
        assert_eq!(seen(&ben, &own).await["nextAttemptAt"], Value::Null);
        let ids = add_all(&service, &["Alder"]).await;
        deliver(&service).await;
        assert_eq!(told(&receiver.all()), created(&ids), "what comes is sent at once");
    });
}

#[test]
fn what_was_told_and_is_hidden_since_is_not_told_again() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let (ben, _) = partner(&service).await;
        let own = endpoint(&ben, &receiver.url()).await;
        let id = draft(&service).await;
        step(&service, "announceConvening", &id, 1).await;
        deliver(&service).await;
        step(&service, "retractConvening", &id, 2).await;
        deliver(&service).await;
        assert_eq!(told(&receiver.all()), [of("convening.created", &id), of("convening.deleted", &id)]);
        let delivered = &seen(&ben, &own).await["deliveries"]["nodes"];
        let announced =
            delivered.as_array().and_then(|all| all.iter().find(|one| one["eventType"] == "convening.created"));
        let announced = announced.expect("a delivery")["id"].as_str().expect("an id").to_owned();
        done(&ben, "redeliverWebhook", &announced).await;
        let replay =
            "mutation ($id: ID!) { replayWebhooks(id: $id, since: \"2026-01-01T00:00:00Z\") { userErrors { code } } }";
        ben.ask_with(replay, &json!({ "id": own.id })).await.data();
        deliver(&service).await;
        assert_eq!(told(&receiver.all()), [of("convening.deleted", &id)]);
        let skipped = "convening.created | SKIPPED | 0 | – | –".to_owned();
        assert!(deliveries(&ben, &own).await.contains(&skipped), "{:?}", deliveries(&ben, &own).await);
    });
}

#[test]
fn whoever_sees_other_rows_than_before_is_told_to_begin_anew() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let (ben, account) = partner(&service).await;
        let own = endpoint(&ben, &receiver.url()).await;
        let hidden = draft(&service).await;
        let before = add_all(&service, &["Alder"]).await;
        receiver.will([Answers::Status(500)]);
        deliver(&service).await;
        assert_eq!(told(&receiver.all()), created(&before));
        // What it may see now, it reads anew.
        let grant = service.make_grant(account, Grant::new(Role::Staff, Scope::Everything), None).await;
        receiver.will([Answers::Status(500)]);
        deliver(&service.later(TimeDelta::hours(1))).await;
        let first = receiver.next().await;
        assert_eq!((first.json()["type"].clone(), receiver.all().len()), (json!("feed.restarted"), 0));
        let more = add_all(&service, &["Birch"]).await;
        step(&service, "announceConvening", &hidden, 1).await;
        deliver(&service.later(TimeDelta::days(1))).await;
        let again = receiver.next().await;
        assert_eq!(again.header("webhook-id"), first.header("webhook-id"), "it is told until it is taken");
        assert_eq!(told(&receiver.all()), [created(&more), vec![of("convening.updated", &hidden)]].concat());
        assert!(deliveries(&ben, &own).await.contains(&"organization.created | SKIPPED | 1 | 500 | STATUS".to_owned()));

        let revoked = Set(Some(Service::clock().now()));
        let revoked = role_grant::ActiveModel { id: Set(grant), revoked_at: revoked, ..Default::default() };
        revoked.update(&service.db).await.expect("a grant that is revoked");
        let secret = draft(&service).await;
        let public = add_all(&service, &["Cedar"]).await;
        deliver(&service).await;
        add(&service, "Dogwood").await;
        deliver(&service).await;
        let messages = receiver.all();
        assert_eq!(messages[0].json()["type"], "feed.restarted");
        assert!(messages.iter().all(|message| !message.body.contains(secret.as_str().expect("an id"))));
        assert!(!told(&messages[1..]).contains(&created(&public)[0]), "it goes on from now");
        assert_eq!(messages.len(), 2);
    });
}

#[test]
fn whoever_is_shut_out_is_told_nothing_more() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let (ben, account) = partner(&service).await;
        let own = endpoint(&ben, &receiver.url()).await;
        let ids = add_all(&service, &["Alder"]).await;
        let disabled = account::ActiveModel {
            id: Set(account),
            disabled_at: Set(Some(Service::clock().now())),
            ..Default::default()
        };
        disabled.update(&service.db).await.expect("an account that is shut out");
        deliver(&service).await;
        assert_eq!(receiver.all().len(), 0);
        let admin = service.administrator().await;
        let stands = seen(&admin, &own).await;
        assert_eq!((&stands["status"], &stands["disabledBecause"]), (&json!("DISABLED"), &json!("OWNER")));
        done(&admin, "sendTestWebhook", &own.id).await;
        deliver(&service).await;
        assert_eq!(receiver.all().len(), 0, "nor what somebody else asks for");
        let back = account::ActiveModel { id: Set(account), disabled_at: Set(None), ..Default::default() };
        back.update(&service.db).await.expect("an account that is let in");
        done(&ben, "resumeWebhookEndpoint", &own.id).await;
        deliver(&service).await;
        assert_eq!(told(&receiver.all()), created(&ids), "it goes on where it stopped");
    });
}

#[test]
fn a_key_that_is_revoked_or_over_is_told_nothing_more() {
    with_fixture(async |service, fixture| {
        let mut receiver = Receiver::start().await;
        let admin = service.administrator().await;
        let make = "mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } key } }";
        let input = json!({ "name": "Site", "role": "PARTNER", "organizationId": fixture.find("Organization", "north").id,
            "expiresAt": "2026-06-02T12:00:00Z" });
        let mut own = Vec::new();
        for _ in 0..2 {
            let made = admin.ask_with(make, &json!({ "input": input })).await;
            let site = service.bearing(made.at("/createApiKey/key").as_str().expect("a key"));
            let input = json!({ "url": receiver.url(), "types": ["Organization"] });
            own.push((endpoint_of(&site, &input).await, made.at("/createApiKey/apiKey/id")));
        }
        add(&service, "Alder").await;
        deliver(&service).await;
        assert_eq!(receiver.all().len(), 2);
        let revoked = act(&admin, "revokeApiKey", own[0].1.as_str().expect("an id")).await;
        assert_eq!(revoked.at("/revokeApiKey/userErrors"), json!([]));
        add(&service, "Birch").await;
        deliver(&service).await;
        assert_eq!(receiver.all().len(), 1);
        add(&service, "Cedar").await;
        deliver(&service.later(TimeDelta::days(1))).await;
        assert_eq!(receiver.all().len(), 0);
        for (endpoint, _) in &own {
            assert_eq!(seen(&admin, endpoint).await["disabledBecause"], "OWNER");
        }
    });
}

#[test]
fn what_a_transaction_writes_is_told_once_it_is_through_and_nothing_is_missed() {
    with_empty(async |service| {
        use sea_orm::TransactionTrait as _;
        let mut receiver = Receiver::start().await;
        endpoint(&staff(&service).await, &receiver.url()).await;
        let open = service.db.begin().await.expect("a transaction");
        let slow =
            "INSERT INTO organization (id, slug, name, kind) VALUES (gen_random_uuid(), 'slow', 'Slow', 'other')";
        open.execute_unprepared(slow).await.expect("a row");
        add(&service, "Quick").await;
        deliver(&service).await;
        let before = receiver.all().len();
        open.commit().await.expect("the end of it");
        deliver(&service).await;
        assert_eq!((before, receiver.all().len()), (1, 1));
    });
}
