//! Webhook endpoints: who may have them, what is sent there, and how it is signed.

use crate::receiver::Receiver;
use crate::webhooking::{
    act, add, add_all, created, deliver, deliveries, done, endpoint, endpoint_of, seen, staff, told, try_endpoint,
};
use chrono::TimeDelta;
use lmi::auth::{Grant, Role, Scope};
use serde_json::{Value, json};
use tests::{Service, contents, texts, with_empty, with_fixture};

const ROTATE: &str = "mutation ($id: ID!, $hours: Int!) { rotateWebhookSecret(id: $id, overlapHours: $hours) {
    webhookEndpoint { previousSecretUntil } secret userErrors { field code } } }";
const UPDATE: &str = "mutation ($id: ID!, $version: Int!, $input: UpdateWebhookEndpointInput!) {
    updateWebhookEndpoint(id: $id, version: $version, input: $input) {
      webhookEndpoint { url types actions version } userErrors { field code } } }";
const DELETE: &str = "mutation ($id: ID!, $version: Int!) { deleteWebhookEndpoint(id: $id, version: $version) {
    webhookEndpoint { url } userErrors { field code } } }";

#[test]
fn a_change_is_told_once_signed_and_without_what_it_holds() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let ada = staff(&service).await;
        let endpoint = endpoint(&ada, &receiver.url()).await;
        let added = add(&service, "Alder Foundation").await;
        deliver(&service).await;
        let messages = receiver.all();
        assert_eq!(told(&messages), created(std::slice::from_ref(&added)));
        let (message, json) = (&messages[0], messages[0].json());
        assert!(message.is_signed_with(&endpoint.secret));
        assert!(!message.is_signed_with("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"));
        assert_eq!(message.header("content-type"), "application/json");
        assert_eq!(message.header("webhook-timestamp"), Service::clock().now().timestamp().to_string());
        let data = json!({ "id": message.header("webhook-id"), "action": "CREATED", "typename": "Organization",
            "nodeId": added, "cursor": json["data"]["cursor"] });
        assert_eq!(json["data"], data);
        let more = add(&service, "Birch Foundation").await;
        let behind = crate::changes::since(&ada, &json["data"]["cursor"]).await.0;
        assert_eq!(behind.iter().map(|change| &change["nodeId"]).collect::<Vec<_>>(), [&more], "whoever polls goes on");
        let others = crate::changes::page(&service, &json!({ "after": json["data"]["cursor"] })).await;
        assert_eq!(others.codes(), ["BAD_USER_INPUT"], "to anybody else it leads nowhere");
        assert!(!message.body.contains("Alder"), "what it is, the receiver asks for: {}", message.body);
        let asked = "query ($id: ID!) { node(id: $id) { ... on Change { typename nodeId node { id } } } }";
        let change = ada.ask_with(asked, &json!({ "id": message.header("webhook-id") })).await.at("/node");
        assert_eq!(change, json!({ "typename": "Organization", "nodeId": added, "node": { "id": added } }));

        deliver(&service).await;
        assert_eq!(told(&receiver.all()), created(&[more]), "once is enough");
        assert_eq!(deliveries(&ada, &endpoint).await, ["organization.created | DELIVERED | 1 | 204 | –"; 2]);
    });
}

#[test]
fn an_endpoint_is_told_of_what_it_asked_for() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let ada = staff(&service).await;
        let url = receiver.url();
        endpoint_of(&ada, &json!({ "url": url, "types": ["Person", "Organization"], "actions": ["UPDATED"] })).await;
        let added = add(&service, "Alder Foundation").await;
        let change = "mutation ($id: ID!) { updateOrganization(id: $id, version: 1, input: {description: \"New.\"}) {
            organization { version } } }";
        service.as_role(Role::Staff).ask_with(change, &json!({ "id": added })).await.data();
        let offering = "mutation { createOffering(input: {name: \"A tour\", kind: STUDY_TOUR, status: PROPOSED}) {
            offering { id } userErrors { message } } }";
        service.as_role(Role::Staff).ask(offering).await.data();
        deliver(&service).await;
        assert_eq!(told(&receiver.all()), [("organization.updated".to_owned(), added)]);
    });
}

#[test]
fn what_is_wrong_with_an_endpoint_is_told_at_once() {
    with_empty(async |service| {
        let ada = staff(&service).await;
        let before = contents(&service.db).await;
        let faults = async |service: &Service, input: &Value| {
            try_endpoint(service, input).await.lines("/createWebhookEndpoint/userErrors", &["/field", "/code"])
        };
        let input = json!({ "url": "http://partner.example/hook#part", "description": " ",
            "types": ["Organization", "Nothing"] });
        let url = "[\"url\"] | INVALID";
        let expected = [url, "[\"description\"] | INVALID", "[\"types\"] | INVALID"];
        assert_eq!(faults(&ada, &input).await, expected);
        let named = try_endpoint(&ada, &json!({ "url": "https://ada:secret@partner.example/hook" })).await;
        assert_eq!(named.codes(), ["BAD_USER_INPUT"]);
        assert!(!named.text.contains("secret"), "{}", named.text);
        let production = ada.in_production();
        for address in [
            "http://partner.example/hook",
            "https://10.0.0.1/hook",
            "https://127.1/hook",
            "https://[::ffff:127.0.0.1]/hook",
            "https://169.254.169.254/latest",
        ] {
            assert_eq!(faults(&production, &json!({ "url": address })).await, [url], "{address}");
        }
        let after = contents(&service.db).await;
        assert!(before["webhook_endpoint"] == after["webhook_endpoint"], "nothing was written");
        let made = try_endpoint(&production, &json!({ "url": "https://partner.example/hook" })).await;
        assert_eq!(made.at("/createWebhookEndpoint/userErrors"), json!([]));
        assert_eq!(made.at("/createWebhookEndpoint/webhookEndpoint/owner"), "Nobody ada");
        assert_eq!(made.at("/createWebhookEndpoint/webhookEndpoint/can"), json!(["update", "delete", "pause"]));
    });
}

#[test]
fn nobody_has_more_endpoints_than_twenty_however_many_are_asked_for_at_once() {
    with_empty(async |service| {
        let ada = staff(&service).await;
        let input = json!({ "url": "https://partner.example/hook" });
        endpoint_of(&ada, &input).await;
        let asked = (0..24).map(|_| try_endpoint(&ada, &input));
        let answers = futures_util::future::join_all(asked).await;
        let full = answers.iter().flat_map(|answer| answer.lines("/createWebhookEndpoint/userErrors", &["/code"]));
        assert_eq!(full.collect::<Vec<_>>(), ["CAPACITY_EXCEEDED"; 5]);
        assert_eq!(contents(&service.db).await["webhook_endpoint"].len(), 20);
        let ben = service.signed_in("ben@example.org", &[Grant::new(Role::Staff, Scope::Everything)]).await;
        endpoint_of(&ben, &input).await;
    });
}

#[test]
fn an_endpoint_is_its_owners_and_a_key_has_its_own() {
    with_fixture(async |service, fixture| {
        let mut receiver = Receiver::start().await;
        let admin = service.administrator().await;
        let north = &fixture.find("Organization", "north").id;
        let make =
            "mutation ($north: ID!) { createApiKey(input: {name: \"Site\", role: PARTNER, organizationId: $north}) {
            key userErrors { message } } }";
        let key = admin.ask_with(make, &json!({ "north": north })).await.at("/createApiKey/key");
        let site = service.bearing(key.as_str().expect("a key"));
        let own = endpoint(&site, &receiver.url()).await;
        let partner = Grant::new(Role::Partner, Scope::Organization(fixture.key("Organization", "north")));
        let ben = service.signed_in("ben@example.org", &[partner]).await;
        let list = "{ webhookEndpoints { totalCount nodes { owner } } }";
        assert_eq!(site.ask(list).await.at("/webhookEndpoints/nodes"), json!([{ "owner": "Site" }]));
        assert_eq!(ben.ask(list).await.at("/webhookEndpoints/totalCount"), 0);
        assert_eq!(admin.ask(list).await.at("/webhookEndpoints/totalCount"), 2, "and that of the fixture");
        assert_eq!(service.ask(list).await.codes(), ["UNAUTHENTICATED"]);
        assert_eq!(service.as_grants(Vec::new()).ask(list).await.codes(), ["FORBIDDEN"]);
        for mutation in ["pauseWebhookEndpoint", "resumeWebhookEndpoint", "rotateWebhookSecret", "sendTestWebhook"] {
            assert_eq!(act(&ben, mutation, &own.id).await.codes(), ["NOT_FOUND"], "{mutation}");
            let auditor = service.as_role(Role::Auditor);
            assert_eq!(act(&auditor, mutation, &own.id).await.codes(), ["FORBIDDEN"], "{mutation}");
        }
        assert_eq!(seen(&ben, &own).await, Value::Null);
        let dashboard = "mutation { createApiKey(input: {name: \"Dashboard\"}) { key } }";
        let dashboard = admin.ask(dashboard).await.at("/createApiKey/key");
        let reads = service.bearing(dashboard.as_str().expect("a key"));
        let refused = try_endpoint(&reads, &json!({ "url": receiver.url() })).await;
        assert_eq!(refused.codes(), ["FORBIDDEN"], "who may only read");

        add(&service, "Alder Foundation").await;
        deliver(&service).await;
        assert_eq!(receiver.all().len(), 1);
        let history =
            "query ($id: ID!) { node(id: $id) { ... on WebhookEndpoint { history { nodes { changes { field } } } } } }";
        let history = admin.ask_with(history, &json!({ "id": own.id })).await;
        assert!(
            history.text.contains("apiKeyId") && !history.text.to_lowercase().contains("secret"),
            "{}",
            history.text
        );
    });
}

#[test]
fn for_a_while_after_a_rotation_both_secrets_sign() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let ada = staff(&service).await;
        let first = endpoint(&ada, &receiver.url()).await;
        let rotate = async |hours: i32| ada.ask_with(ROTATE, &json!({ "id": first.id, "hours": hours })).await;
        for hours in [-1, 169] {
            let refused = rotate(hours).await.lines("/rotateWebhookSecret/userErrors", &["/field", "/code"]);
            assert_eq!(refused, ["[\"overlapHours\"] | INVALID"]);
        }
        let rotated = rotate(24).await;
        assert_eq!(rotated.at("/rotateWebhookSecret/webhookEndpoint/previousSecretUntil"), "2026-06-02T12:00:00+00:00");
        let second = rotated.at("/rotateWebhookSecret/secret");
        let second = second.as_str().expect("a secret");
        let (next, last) = (service.later(TimeDelta::hours(23)), service.later(TimeDelta::hours(24)));
        for (at, both) in [(&service, true), (&next, true), (&last, false)] {
            add(&service, &format!("Alder {}", u8::from(both))).await;
            deliver(at).await;
            let message = receiver.next().await;
            assert!(message.is_signed_with(second));
            assert_eq!(message.is_signed_with(&first.secret), both);
            receiver.all();
        }
        let anew = rotate(0).await.at("/rotateWebhookSecret/secret");
        add(&service, "Birch").await;
        deliver(&service).await;
        let message = receiver.next().await;
        assert!(message.is_signed_with(anew.as_str().expect("a secret")) && !message.is_signed_with(second));
    });
}

#[test]
fn a_secret_stands_nowhere_as_it_is_shown() {
    with_empty(async |service| {
        let receiver = Receiver::start().await;
        let ada = staff(&service).await;
        let first = endpoint(&ada, &receiver.url()).await;
        let rotated = ada.ask_with(ROTATE, &json!({ "id": first.id, "hours": 24 })).await;
        let second = rotated.at("/rotateWebhookSecret/secret");
        add(&service, "Alder Foundation").await;
        deliver(&service).await;
        let kept = json!(contents(&service.db).await).to_string();
        let hex = "SELECT encode(secret, 'base64') || encode(secret, 'hex') AS text FROM webhook_endpoint";
        let kept = kept + &texts(&service.db, hex).await.join("");
        for secret in [first.secret.as_str(), second.as_str().expect("a secret")] {
            let secret = secret.strip_prefix("whsec_").expect("its mark");
            assert!(!kept.contains(secret));
            let bytes = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, secret).expect("base64");
            let hex = bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
            assert!(!kept.contains(&hex));
        }
    });
}

#[test]
fn what_changes_while_an_endpoint_is_paused_is_told_when_it_is_resumed() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let ada = staff(&service).await;
        let own = endpoint(&ada, &receiver.url()).await;
        done(&ada, "pauseWebhookEndpoint", &own.id).await;
        let ids = add_all(&service, &["Alder", "Birch"]).await;
        deliver(&service).await;
        assert_eq!(receiver.all().len(), 0);
        done(&ada, "pauseWebhookEndpoint", &own.id).await;
        assert_eq!(seen(&ada, &own).await["status"], "PAUSED");
        done(&ada, "resumeWebhookEndpoint", &own.id).await;
        deliver(&service).await;
        assert_eq!(told(&receiver.all()), created(&ids));
    });
}

#[test]
fn an_endpoint_moves_and_goes() {
    with_empty(async |service| {
        let (mut before, mut after) = (Receiver::start().await, Receiver::start().await);
        let ada = staff(&service).await;
        let own = endpoint(&ada, &before.url()).await;
        let change = json!({ "id": own.id, "version": 1, "input": { "url": after.url(), "types": ["Organization"] } });
        let changed = ada.ask_with(UPDATE, &change).await;
        let expected = json!({ "url": after.url(), "types": ["Organization"], "actions": [], "version": 2 });
        assert_eq!(changed.at("/updateWebhookEndpoint/webhookEndpoint"), expected);
        let stale = ada.ask_with(UPDATE, &change).await;
        assert_eq!(stale.lines("/updateWebhookEndpoint/userErrors", &["/code"]), ["STALE_VERSION"]);
        let ids = add_all(&service, &["Alder"]).await;
        deliver(&service).await;
        assert_eq!((before.all().len(), told(&after.all())), (0, created(&ids)));
        let gone = ada.ask_with(DELETE, &json!({ "id": own.id, "version": 2 })).await;
        assert_eq!(gone.at("/deleteWebhookEndpoint/webhookEndpoint/url"), after.url());
        add(&service, "Birch").await;
        deliver(&service).await;
        assert_eq!(after.all().len(), 0);
        let left = contents(&service.db).await;
        for table in ["webhook_endpoint", "webhook_progress", "webhook_delivery"] {
            assert_eq!(left[table], Vec::<String>::new());
        }
    });
}
