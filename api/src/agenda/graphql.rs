//! Releases of agendas, and what changed between two states of one, in the schema.

use super::diff::{self, Difference, differences};
use super::service;
use crate::convening::Convening;
use crate::graphql::tree::Node;
use crate::graphql::{FieldResult, GlobalId, NodeType, Nullable, One, Time, payload, write};
use crate::history::FieldChange;
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use entity::agenda_release;
use entity::ids::ConveningId;
use serde_json::Value;

/// A release of a convening's agenda.
#[derive(Debug)]
pub struct AgendaRelease(pub(super) Node<agenda_release::Entity>);

/// A state of a convening's agenda that was shown to everybody. It never changes; a later one follows it.
#[Object]
#[expect(unused_variables, reason = "arguments are read when the tree is planned")]
impl AgendaRelease {
    /// The release's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::AgendaRelease, self.0.row.id)
    }

    /// The convening whose agenda it is.
    async fn convening(&self, ctx: &Context<'_>) -> FieldResult<One<&Convening>> {
        self.0.always(ctx)
    }

    /// Its number among the convening's releases, from 1.
    async fn number(&self) -> i32 {
        self.0.row.number
    }

    /// When it was released.
    async fn released_at(&self) -> Time {
        Time(self.0.row.released_at)
    }

    /// What is new in it, as whoever released it put it; null where nothing was said.
    async fn note(&self) -> Option<&str> {
        self.0.row.note.as_deref()
    }

    /// What it changed since an earlier release; null where there is no such release, and for those who may not see the
    /// agenda as it is worked on: what was taken back is not told to everybody.
    async fn changes_since(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The number of that release; the one before this where nothing is said. 0 is an empty agenda."
        )]
        number: Option<i32>,
    ) -> Nullable<AgendaDiff> {
        let states = self.0.value::<Value>(ctx)?;
        Some(states.map(AgendaDiff::of))
    }
}

/// What changed between two states of an agenda.
#[derive(Debug, SimpleObject)]
pub(crate) struct AgendaDiff {
    /// The number of the release that is compared with; 0 for an empty agenda.
    from: i32,
    /// The number of the release that is compared; null for the agenda as it is worked on.
    to: Option<i32>,
    /// Everything that was added, removed or changed: blocks, sessions, slots, speakers and rooms, in this order; each by
    /// what it is called.
    changes: Vec<AgendaChange>,
}

impl AgendaDiff {
    /// The difference of two states as the database tells them with their numbers.
    pub(crate) fn of(states: &Value) -> Self {
        let number = |name| states.get(name).and_then(Value::as_i64).and_then(|number| i32::try_from(number).ok());
        let state = |name| states.get(name).unwrap_or(&Value::Null);
        let changes = differences(state("before"), state("after"));
        Self {
            from: number("from").unwrap_or_default(),
            to: number("to"),
            changes: changes.into_iter().map(AgendaChange::from).collect(),
        }
    }
}

/// What became of one thing on an agenda.
#[derive(Debug, SimpleObject)]
pub(crate) struct AgendaChange {
    /// What sort of thing it is.
    part: AgendaPart,
    /// What happened to it.
    action: AgendaAction,
    /// Its global id; null for a block, which has none.
    id: Option<ID>,
    /// What it is called now, or was called last; a slot is called like its session.
    title: String,
    /// The title of the session that it is part of; null for what is part of none.
    session: Option<String>,
    /// The fields that changed, by name; all that hold something, of what was added or removed.
    fields: Vec<FieldChange>,
}

impl From<Difference> for AgendaChange {
    fn from(difference: Difference) -> Self {
        let Difference { part, key, title, session, before, after } = difference;
        let action = match (&before, &after) {
            (None, _) => AgendaAction::Added,
            (_, None) => AgendaAction::Removed,
            _ => AgendaAction::Changed,
        };
        let fields = FieldChange::between(before.as_ref(), after.as_ref());
        let id = node_type(part).map(|node_type| GlobalId::encode(node_type, key));
        Self { part: part.into(), action, id, title, session, fields }
    }
}

fn node_type(part: diff::Part) -> Option<NodeType> {
    match part {
        diff::Part::SessionBlock => None,
        diff::Part::Session => Some(NodeType::Session),
        diff::Part::Slot => Some(NodeType::Slot),
        diff::Part::Speaker => Some(NodeType::Speaker),
        diff::Part::Room => Some(NodeType::Room),
    }
}

/// What an agenda is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "diff::Part")]
pub(crate) enum AgendaPart {
    /// Sessions that are offered together.
    SessionBlock,
    /// A session.
    Session,
    /// A time and place of a session.
    Slot,
    /// Somebody who contributes to a session.
    Speaker,
    /// A room.
    Room,
}

/// What happened to something on an agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum AgendaAction {
    /// It was added.
    Added,
    /// It was removed.
    Removed,
    /// It was changed.
    Changed,
}

payload!(
    /// What came of releasing an agenda.
    ReleaseAgendaPayload {
        /// The new release; null where none was made.
        agenda_release: AgendaRelease = agenda_release::Entity
    }
);

/// Releasing agendas.
#[derive(Debug, Default)]
pub(crate) struct AgendaMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl AgendaMutation {
    /// Shows the agenda of a convening to everybody as it stands now. Publishing it made the first release; whatever was
    /// changed since the last one (sessions, times, rooms, speakers) is seen by nobody else before it is released.
    async fn release_agenda(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which convening's.")] convening_id: ID,
        #[graphql(desc = "The convening's version as you have read it; another is refused with STALE_VERSION.")]
        version: i32,
        #[graphql(desc = "What is new, for everybody to read; at most 2,000 letters.")] note: Option<String>,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<ReleaseAgendaPayload> {
        write(ctx, async |db, actor| {
            let id = GlobalId::key_of::<ConveningId>(&convening_id, NodeType::Convening)?;
            service::release(db, actor, id, version, note).await
        })
        .await
    }
}
