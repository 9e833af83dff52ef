//! Variables that are left out: what they would have given was not given, so that defaults hold and nothing is cleared.

use crate::receiver::Receiver;
use crate::webhooking::{endpoint, staff};
use lmi::auth::Role;
use serde_json::json;
use tests::{with_empty, with_record};

#[test]
fn the_default_of_an_argument_holds_where_its_variable_is_left_out() {
    with_empty(async |service| {
        let document = "query Q($from: ChangesFrom, $first: Int) {
            changes(from: $from, first: $first) { nodes { id } pageInfo { hasNextPage } } }";
        let answer = service.ask_with(document, &json!({})).await;
        assert_eq!(answer.at("/changes/nodes"), json!([]), "from now on");
        let told = service.ask_with(document, &json!({ "from": "BEGINNING", "first": 1 })).await;
        assert_eq!(told.at("/changes/nodes").as_array().map(Vec::len), Some(1));
        let refused = service.ask_with(document, &json!({ "from": null })).await;
        assert_eq!(refused.codes(), ["BAD_USER_INPUT"], "null is not left out: {}", refused.text);

        // The same within a fragment, and beside another operation.
        let document = "query Q($from: ChangesFrom) { ...F } query Other { ...G }
            fragment F on Query { ... { changes(from: $from) { nodes { id } } } }
            fragment G on Query { changes { nodes { id } } }";
        let body = json!({ "query": document, "operationName": "Q" }).to_string();
        let request = axum::http::Request::post("/graphql").header("content-type", "application/json");
        let answer = service.send(request.body(body.into()).expect("a request")).await;
        assert_eq!(answer.at("/changes/nodes"), json!([]));
    });
}

#[test]
fn the_default_of_a_mutation_holds_where_its_variable_is_left_out() {
    with_empty(async |service| {
        let receiver = Receiver::start().await;
        let ada = staff(&service).await;
        let own = endpoint(&ada, &receiver.url()).await;
        let document = "mutation ($id: ID!, $hours: Int) { rotateWebhookSecret(id: $id, overlapHours: $hours) {
            webhookEndpoint { previousSecretUntil } userErrors { message } } }";
        let until = async |variables| {
            let answer = ada.ask_with(document, &variables).await;
            answer.at("/rotateWebhookSecret/webhookEndpoint/previousSecretUntil")
        };
        assert_eq!(until(json!({ "id": own.id })).await, "2026-06-02T12:00:00+00:00", "a day");
        assert_eq!(until(json!({ "id": own.id, "hours": 1 })).await, "2026-06-01T13:00:00+00:00");
    });
}

#[test]
fn a_field_of_an_input_is_as_good_as_absent_where_its_variable_is_left_out() {
    with_record(async |service| {
        let staff = service.as_role(Role::Staff);
        let read = "{ organization(by: {slug: \"acsa\"}) { id version acronym website } }";
        let before = staff.ask(read).await.at("/organization");
        let change = "mutation ($id: ID!, $version: Int!, $website: URL, $short: String) {
            updateOrganization(id: $id, version: $version, input: {website: $website, acronym: $short}) {
              organization { website acronym } userErrors { message } } }";
        let variables = json!({ "id": before["id"], "version": before["version"], "website": "https://example.org/" });
        let after = staff.ask_with(change, &variables).await.at("/updateOrganization/organization");
        assert_eq!((&after["website"], &after["acronym"]), (&json!("https://example.org/"), &before["acronym"]));
        assert!(before["acronym"].is_string(), "there is something to lose: {before}");
        let ordered = "query ($direction: OrderDirection) {
            organizations(first: 3, orderBy: {field: NAME, direction: $direction}) { nodes { name } } }";
        let plain = ordered.replace(", direction: $direction", "").replace(" ($direction: OrderDirection)", "");
        let names = async |document: &str| service.ask(document).await.at("/organizations");
        assert_eq!(names(ordered).await, names(&plain).await);
    });
}
