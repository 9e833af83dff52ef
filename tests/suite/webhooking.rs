//! What the tests of webhooks share: endpoints, what changes, and somebody who delivers.

use crate::receiver::Message;
use lmi::auth::{Grant, Role, Scope};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use std::time::Duration;
use tests::{Answer, Service};

const CREATE: &str = "mutation ($input: CreateWebhookEndpointInput!) { createWebhookEndpoint(input: $input) {
    webhookEndpoint { id url description types actions status owner version can } secret
    userErrors { field code message } } }";
const ADD: &str = "mutation ($name: String!) { createOrganization(input: {name: $name, kind: OTHER}) {
    organization { id } userErrors { message } } }";
const SEEN: &str = "query ($id: ID!) { webhookEndpoint(id: $id) { id url status disabledBecause failures failingSince
    nextAttemptAt version previousSecretUntil
    deliveries { totalCount nodes { id state attempts status fault eventType eventId nodeId askedFor } } } }";

/// An endpoint that a test made.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    pub(crate) id: String,
    pub(crate) secret: String,
}

/// Somebody of the staff, who has signed in.
pub(crate) async fn staff(service: &Service) -> Service {
    service.signed_in("ada@example.org", &[Grant::new(Role::Staff, Scope::Everything)]).await
}

/// The answer to an attempt to make an endpoint.
pub(crate) async fn try_endpoint(service: &Service, input: &Value) -> Answer {
    service.ask_with(CREATE, &json!({ "input": input })).await
}

/// Makes an endpoint of this input.
pub(crate) async fn endpoint_of(service: &Service, input: &Value) -> Endpoint {
    let made = try_endpoint(service, input).await;
    let text = |pointer: &str| made.at(pointer).as_str().unwrap_or_else(|| panic!("{}", made.text)).to_owned();
    Endpoint { id: text("/createWebhookEndpoint/webhookEndpoint/id"), secret: text("/createWebhookEndpoint/secret") }
}

/// Makes an endpoint at this address.
pub(crate) async fn endpoint(service: &Service, url: &str) -> Endpoint {
    endpoint_of(service, &json!({ "url": url })).await
}

/// Adds an organization: its id.
pub(crate) async fn add(service: &Service, name: &str) -> Value {
    let added = service.as_role(Role::Staff).ask_with(ADD, &json!({ "name": name })).await;
    added.at("/createOrganization/organization/id")
}

/// Adds some, in this order: their ids.
pub(crate) async fn add_all(service: &Service, names: &[&str]) -> Vec<Value> {
    let mut added = Vec::new();
    for name in names {
        added.push(add(service, name).await);
    }
    added
}

/// Brings everything that is due.
pub(crate) async fn deliver(service: &Service) {
    let courier = service.app().courier().expect("a courier");
    // Whoever does not answer in a test never will.
    let courier = courier.waiting(Duration::from_millis(500)).expect("a courier");
    courier.deliver_due().await.expect("deliveries");
}

/// How an endpoint stands, as its owner sees it.
pub(crate) async fn seen(owner: &Service, endpoint: &Endpoint) -> Value {
    owner.ask_with(SEEN, &json!({ "id": endpoint.id })).await.at("/webhookEndpoint")
}

/// What came of what was sent, the latest first.
pub(crate) async fn deliveries(owner: &Service, endpoint: &Endpoint) -> Vec<String> {
    let answer = owner.ask_with(SEEN, &json!({ "id": endpoint.id })).await;
    answer.lines("/webhookEndpoint/deliveries/nodes", &["/eventType", "/state", "/attempts", "/status", "/fault"])
}

/// What something was answered that is done with an endpoint or a delivery by its id alone.
pub(crate) async fn act(service: &Service, mutation: &str, id: &str) -> Answer {
    let argument = if mutation == "sendTestWebhook" { "webhookEndpointId" } else { "id" };
    let document =
        format!("mutation ($id: ID!) {{ {mutation}({argument}: $id) {{ userErrors {{ field code message }} }} }}");
    service.ask_with(&document, &json!({ "id": id })).await
}

/// Does it, where nothing is in the way.
pub(crate) async fn done(service: &Service, mutation: &str, id: &str) {
    let answer = act(service, mutation, id).await;
    assert_eq!(answer.at(&format!("/{mutation}/userErrors")), json!([]));
}

/// What messages tell, in the order in which they came: the type of each and what it is about.
pub(crate) fn told(messages: &[Message]) -> Vec<(String, Value)> {
    messages.iter().map(Message::told).collect()
}

/// That these came to be, in this order.
pub(crate) fn created(ids: &[Value]) -> Vec<(String, Value)> {
    ids.iter().map(|id| ("organization.created".to_owned(), id.clone())).collect()
}

/// Ends the lease of every endpoint, as time would of whoever was killed.
pub(crate) async fn end_leases(service: &Service) {
    let end = "UPDATE webhook_progress SET leased_until = clock_timestamp()";
    service.db.execute_unprepared(end).await.expect("leases that end");
}
