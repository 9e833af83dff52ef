//! Webhooks: who may have endpoints, what is sent there, and how it is signed.

use crate::receiver::Receiver;
use lmi::auth::{Grant, Role, Scope};
use serde_json::{Value, json};
use tests::{Service, with_empty};

const CREATE: &str = "mutation ($input: CreateWebhookEndpointInput!) { createWebhookEndpoint(input: $input) {
    webhookEndpoint { id url description types actions status failures owner version can } secret
    userErrors { field code message } } }";
const ADD: &str = "mutation ($name: String!) { createOrganization(input: {name: $name, kind: OTHER}) {
    organization { id } userErrors { message } } }";

/// Somebody of the staff.
async fn staff(service: &Service) -> Service {
    service.signed_in("ada@example.org", &[Grant::new(Role::Staff, Scope::Everything)]).await
}

/// An endpoint for this address: its id and its secret.
async fn endpoint(service: &Service, url: &str) -> (String, String) {
    let made = service.ask_with(CREATE, &json!({ "input": { "url": url } })).await;
    let text = |pointer: &str| made.at(pointer).as_str().unwrap_or_else(|| panic!("{}", made.text)).to_owned();
    (text("/createWebhookEndpoint/webhookEndpoint/id"), text("/createWebhookEndpoint/secret"))
}

async fn add(service: &Service, name: &str) -> Value {
    service.as_role(Role::Staff).ask_with(ADD, &json!({ "name": name })).await.at("/createOrganization/organization/id")
}

async fn deliver(service: &Service) {
    service.app().courier().expect("a courier").deliver_due().await.expect("deliveries");
}

#[test]
fn a_change_is_told_to_an_endpoint_signed() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let (ada, url) = (staff(&service).await, receiver.url());
        let (id, secret) = endpoint(&ada, &url).await;
        let added = add(&service, "Alder Foundation").await;
        deliver(&service).await;
        let messages = receiver.all();
        let message = messages.first().expect("a message");
        assert_eq!(messages.len(), 1);
        assert_eq!(message.told(), ("organization.created".to_owned(), added));
        assert!(message.is_signed_with(&secret));
        deliver(&service).await;
        assert_eq!(receiver.all().len(), 0, "once is enough");
        let seen = "query ($id: ID!) { webhookEndpoint(id: $id) { status failures deliveries { totalCount nodes { state
            attempts status eventType } } } }";
        let seen = ada.ask_with(seen, &json!({ "id": id })).await.at("/webhookEndpoint");
        let delivered =
            json!({ "state": "DELIVERED", "attempts": 1, "status": 204, "eventType": "organization.created" });
        let expected = json!({ "status": "ACTIVE", "failures": 0,
            "deliveries": { "totalCount": 1, "nodes": [delivered] } });
        assert_eq!(seen, expected);
    });
}
