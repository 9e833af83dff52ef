//! History in the schema.

use crate::graphql::tree::Node;
use crate::graphql::{GlobalId, NodeType, Nullable, Time, camel};
use async_graphql::{Context, Enum, Object, SimpleObject};
use entity::change;
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

/// One change of a row.
#[derive(Debug)]
pub(crate) struct HistoryEntry(pub(super) Node<change::Entity>);

/// One change: who made it, when, why, and what it changed from what to what.
#[Object]
impl HistoryEntry {
    /// When it was made.
    async fn recorded_at(&self) -> Time {
        Time(self.0.row.recorded_at)
    }

    /// What happened.
    async fn action(&self) -> HistoryAction {
        self.0.row.action.into()
    }

    /// What sort of row was changed: the row itself, or one that is part of it, as a `strand` is of a convening.
    async fn part(&self) -> &str {
        &self.0.row.table_name
    }

    /// By what way it was changed.
    async fn origin(&self) -> ChangeOrigin {
        self.0.row.origin.into()
    }

    /// Who: what the account or the key is called that made it. Null where it was neither, and for those who may not see
    /// that account or key.
    async fn by(&self, ctx: &Context<'_>) -> Nullable<&str> {
        Some(self.0.value::<String>(ctx)?.map(String::as_str))
    }

    /// Why, as whoever changed it put it; null where no reason was given.
    async fn reason(&self) -> Option<&str> {
        self.0.row.reason.as_deref()
    }

    /// The fields that changed, by name. Of a row that came or went: all that hold something.
    async fn changes(&self) -> Vec<FieldChange> {
        FieldChange::between(self.0.row.before.as_ref(), self.0.row.after.as_ref())
    }
}

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "change::Action")]
pub(crate) enum HistoryAction {
    /// It was added.
    Created,
    /// It was changed.
    Updated,
    /// It was taken away.
    Deleted,
    /// A person was erased: the name and all private data were taken out of every row and of all history.
    Erased,
}

/// By what way a row was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "change::Origin")]
pub(crate) enum ChangeOrigin {
    /// By somebody who had signed in.
    Account,
    /// By a program with an API key.
    Key,
    /// At the command line of the service: an import, the loading of a record.
    CommandLine,
    /// By the service itself.
    Service,
}

/// What one field held before and after a change.
#[derive(Debug, PartialEq, Eq, SimpleObject)]
pub(crate) struct FieldChange {
    /// The name of the field.
    field: String,
    /// What it held before, as text; null where it held nothing.
    before: Option<String>,
    /// What it held afterwards, as text; null where it held nothing.
    after: Option<String>,
}

/// What only the database has to know of a row: rows without an id in the schema among it.
const INTERNAL: [&str; 8] =
    ["id", "version", "created_at", "entered_by", "strand_id", "block_id", "composition_rule_id", "selection_id"];

impl FieldChange {
    /// A change of a field from what it held to what it holds.
    pub(crate) fn new(field: &str, before: Option<String>, after: Option<String>) -> Self {
        Self { field: field.to_owned(), before, after }
    }

    /// The fields in which two states of a row differ.
    pub(crate) fn between(before: Option<&Value>, after: Option<&Value>) -> Vec<Self> {
        let rows = [before, after].into_iter().flatten().filter_map(Value::as_object);
        let names: BTreeSet<String> = rows.flat_map(|row| row.keys().cloned()).collect();
        let held =
            |side: Option<&Value>, name: &str| side.and_then(|row| row.get(name)).and_then(|value| text(name, value));
        let changes = names.iter().filter(|name| !INTERNAL.contains(&name.as_str())).map(|name| Self {
            field: camel(name),
            before: held(before, name),
            after: held(after, name),
        });
        changes.filter(|change| change.before != change.after).collect()
    }
}

/// A value as text. Keys of rows leave the service as global ids only.
fn text(column: &str, value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(match (referred(column), text.parse::<Uuid>()) {
            (Some(node_type), Ok(key)) => GlobalId::encode(node_type, key).0,
            _ => text.clone(),
        }),
        other => Some(other.to_string()),
    }
}

/// What a column refers to.
fn referred(column: &str) -> Option<NodeType> {
    Some(match column {
        "account_id" | "granted_by" | "created_by" | "made_by" => NodeType::Account,
        "api_key_id" => NodeType::ApiKey,
        "organization_id" | "organizer_id" | "parent_id" => NodeType::Organization,
        "district_id" => NodeType::District,
        "venue_county_id" | "county_id" => NodeType::County,
        "region_id" => NodeType::Region,
        "person_id" => NodeType::Person,
        "convening_id" => NodeType::Convening,
        "session_id" | "related_id" => NodeType::Session,
        "slot_id" => NodeType::Slot,
        "room_id" => NodeType::Room,
        "resource_id" => NodeType::Resource,
        "team_id" => NodeType::Team,
        "member_id" => NodeType::TeamMember,
        "offering_id" => NodeType::Offering,
        "level_id" => NodeType::ExperienceLevel,
        "question_id" => NodeType::FocusQuestion,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_change_tells_what_each_field_held() {
        let before = json!({ "name": "Alder", "venue_city": null, "version": 1 });
        let after = json!({ "name": "Birch", "venue_city": "Pinehurst", "version": 2 });
        let change = |field: &str, before: Option<&str>, after: &str| FieldChange {
            field: field.to_owned(),
            before: before.map(str::to_owned),
            after: Some(after.to_owned()),
        };
        let expected = [change("name", Some("Alder"), "Birch"), change("venueCity", None, "Pinehurst")];
        assert_eq!(FieldChange::between(Some(&before), Some(&after)), expected);
    }

    #[test]
    fn keys_leave_as_global_ids() {
        let key = Uuid::now_v7();
        let told = text("person_id", &json!(key.to_string()));
        assert_eq!(told, Some(GlobalId::encode(NodeType::Person, key).0));
    }
}
