//! What is sent: that something happened, by its type and ids. What it is now, the receiver asks for with its own rights.

use crate::error::{Error, Result};
use crate::feed::{Action, Place, Seal};
use crate::graphql::{GlobalId, NodeType};
use chrono::{DateTime, SecondsFormat, Utc};
use entity::ids::{ChangeId, WebhookDeliveryId, WebhookEndpointId};
use entity::webhook_delivery::{Event, Model, State};
use serde_json::{Value, json};

/// A message as it is signed and sent.
pub(super) struct Message {
    /// Known again by it, however often it is sent.
    pub(super) id: String,
    pub(super) body: String,
}

/// What nobody is told of by a webhook: what teams wrote for themselves alone, of which a delivery would tell those, too,
/// who look after the deliveries.
pub(super) const NEVER: NodeType = NodeType::TeamNote;

/// What can happen to a row.
pub(super) const ACTIONS: [Action; 3] = [Action::Created, Action::Updated, Action::Deleted];

/// The word for it, as it stands in the type of an event.
pub(super) fn word(action: Action) -> &'static str {
    match action {
        Action::Created => "created",
        Action::Updated => "updated",
        Action::Deleted => "deleted",
    }
}

/// A delivery that is yet to be made, of an event that tells of no row.
pub(super) fn delivery(endpoint: WebhookEndpointId, event: Event, now: DateTime<Utc>) -> Model {
    Model {
        id: WebhookDeliveryId::new(),
        endpoint_id: endpoint,
        event_id: ChangeId::new().0,
        event,
        audience: None,
        number: None,
        action: None,
        node_type: None,
        node_key: None,
        occurred_at: now,
        asked: event == Event::Test,
        state: State::Pending,
        attempts: 0,
        status: None,
        fault: None,
        created_at: now,
        last_attempt_at: None,
        delivered_at: None,
    }
}

/// The message of a delivery.
pub(super) fn message(delivery: &Model, seal: &Seal) -> Result<Message> {
    let body = json!({
        "type": type_of(delivery),
        "timestamp": delivery.occurred_at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "data": data(delivery, seal)?,
    });
    Ok(Message { id: id_of(delivery), body: body.to_string() })
}

/// What every message of this delivery's event is known by.
pub(super) fn id_of(delivery: &Model) -> String {
    match delivery.event {
        Event::Change => GlobalId::encode(NodeType::Change, delivery.event_id).0,
        Event::Restart | Event::Test => delivery.event_id.to_string(),
    }
}

/// The type of what happened: `team_member.updated`.
pub(super) fn type_of(delivery: &Model) -> String {
    match (delivery.event, &delivery.node_type, &delivery.action) {
        (Event::Change, Some(node_type), Some(action)) => format!("{}.{action}", snake(node_type)),
        (Event::Change, ..) => "changed".to_owned(),
        (Event::Restart, ..) => "feed.restarted".to_owned(),
        (Event::Test, ..) => "test".to_owned(),
    }
}

fn data(delivery: &Model, seal: &Seal) -> Result<Value> {
    let (Some(node_type), Some(key), Some(action)) = (&delivery.node_type, delivery.node_key, &delivery.action) else {
        return Ok(json!({ "id": id_of(delivery) }));
    };
    let (Some(audience), Some(number)) = (delivery.audience, delivery.number) else {
        return Err(Error::internal("a delivery of a change that has no place in a feed"));
    };
    let known = NodeType::named(node_type).ok_or_else(|| Error::internal("a delivery of a type that is not known"))?;
    Ok(json!({
        "id": id_of(delivery),
        "action": action.to_uppercase(),
        "typename": node_type,
        "nodeId": GlobalId::encode(known, key).0,
        // It leads somewhere for the endpoint's owner alone, and tells nobody anything.
        "cursor": seal.cursor(Place { audience, number })?,
    }))
}

/// A name of the schema in the words of an event: `TeamMember` is `team_member`.
fn snake(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push('_');
        }
        words.extend(letter.to_lowercase());
    }
    words
}
