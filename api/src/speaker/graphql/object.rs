//! A speaker as clients see it.

use crate::district::District;
use crate::graphql::tree::{Edited, Node};
use crate::graphql::{FieldResult, GlobalId, NodeType, Nullable, One, Source};
use crate::organization::Organization;
use crate::person::Person;
use crate::session::Session;
use async_graphql::{Context, Enum, ID, Object};
use entity::speaker;

/// One contribution to one session.
#[derive(Debug)]
pub struct Speaker(pub(in crate::speaker) Node<speaker::Entity>);

/// One contribution to one session. At least one of `person`, `organization` and `district` is there.
#[Object]
impl Speaker {
    /// The speaker's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Speaker, self.0.row.id)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }

    /// The session.
    async fn session(&self, ctx: &Context<'_>) -> FieldResult<One<&Session>> {
        self.0.always(ctx)
    }

    /// The part in the session.
    async fn role(&self) -> SpeakerRole {
        self.0.row.role.into()
    }

    /// The place among those in the same role, from 1. The place of one who was taken off stays free until they are put
    /// into a new order.
    async fn position(&self) -> i32 {
        self.0.row.position
    }

    /// Who spoke; null where a body presented and no source names anybody.
    async fn person(&self, ctx: &Context<'_>) -> Nullable<One<&Person>> {
        self.0.one(ctx)
    }

    /// The organization that presented or, with a person, on whose behalf that person spoke; null where no source
    /// says.
    async fn organization(&self, ctx: &Context<'_>) -> Nullable<One<&Organization>> {
        self.0.one(ctx)
    }

    /// The district that presented or, with a person, on whose behalf that person spoke; null where no source says.
    async fn district(&self, ctx: &Context<'_>) -> Nullable<One<&District>> {
        self.0.one(ctx)
    }

    /// Whether the district's team presented as a team.
    async fn as_team(&self) -> bool {
        self.0.row.as_team
    }

    /// The name on the agenda, as it was on the day.
    async fn name_as_shown(&self) -> &str {
        &self.0.row.name_as_shown
    }

    /// The title on the agenda, as it was on the day; null where none was known. It may be a title at a body that the person
    /// did not speak for: see the affiliations of that day for where it was held.
    async fn title_as_shown(&self) -> Option<&str> {
        self.0.row.title_as_shown.as_deref()
    }

    /// Where these facts come from.
    async fn sources(&self) -> Vec<Source> {
        Source::list(&self.0.row.sources)
    }

    /// Counts the changes of this row, from 1.
    async fn version(&self) -> i32 {
        self.0.row.version
    }
}

/// A speaker's part in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "speaker::Role")]
pub enum SpeakerRole {
    /// Leads the discussion of a panel.
    Moderator,
    /// Sits on a panel.
    Panelist,
    /// Presents.
    Presenter,
    /// Speaks.
    Speaker,
    /// Helps a group to work.
    Facilitator,
    /// Receives everybody.
    Host,
}
