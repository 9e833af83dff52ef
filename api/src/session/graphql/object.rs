//! A session as clients see it.

use crate::convening::{Convening, Strand};
use crate::graphql::tree::{Edited, Node};
use crate::graphql::{Date, FieldResult, GlobalId, NodeType, Nullable, One, Source, Time, Walk};
use crate::resource::Resource;
use crate::slot::Slot;
use crate::speaker::{Speaker, SpeakerRole};
use async_graphql::{Context, Enum, ID, Object};
use entity::session;

/// Content on a convening's agenda.
#[derive(Debug)]
pub struct Session(pub(in crate::session) Node<session::Entity>);

/// Content on a convening's agenda: a panel, a breakout, team time and the like. Its times and places are its slots.
#[Object]
#[expect(unused_variables, reason = "arguments are read when the tree is planned")]
impl Session {
    /// The session's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Session, self.0.row.id)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }

    /// Its short name in addresses, unique within its convening; it never changes.
    async fn slug(&self) -> &str {
        &self.0.row.slug
    }

    /// The convening whose agenda it is on.
    async fn convening(&self, ctx: &Context<'_>) -> FieldResult<One<&Convening>> {
        self.0.always(ctx)
    }

    /// Its number among the convening's numbered sessions; null where it has none.
    async fn number(&self) -> Option<i32> {
        self.0.row.number
    }

    /// Its title: word for word where the source gives one, else what it is called here.
    async fn title(&self) -> &str {
        &self.0.row.title
    }

    /// What happens in it.
    async fn format(&self) -> SessionFormat {
        self.0.row.format.into()
    }

    /// The theme that it belongs to; null where it belongs to none.
    async fn strand(&self, ctx: &Context<'_>) -> Nullable<One<&Strand>> {
        self.0.one(ctx)
    }

    /// What it was about, in a few sentences; null where nobody wrote it.
    async fn r#abstract(&self) -> Option<&str> {
        self.0.row.r#abstract.as_deref()
    }

    /// How long it takes, in minutes; null where no source says.
    async fn duration_minutes(&self) -> Option<i32> {
        self.0.row.duration_minutes
    }

    /// The day that it is on, also where no time is known; null where not even that is.
    async fn date(&self) -> Option<Date> {
        self.0.row.date.map(Date)
    }

    /// When and where it happens, by round; empty where no source says.
    async fn slots(&self, ctx: &Context<'_>) -> FieldResult<Walk<&Slot>> {
        self.0.list(ctx)
    }

    /// Who contributes to it, by role (host, moderator, facilitator, speaker, presenter, panelist) and position.
    async fn speakers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those in this role.")] role: Option<SpeakerRole>,
    ) -> FieldResult<Walk<&Speaker>> {
        self.0.list(ctx)
    }

    /// The questions put to a panel, word for word and in order.
    async fn questions(&self) -> &[String] {
        &self.0.row.questions
    }

    /// Pages, documents and recordings about it, by title.
    async fn resources(&self, ctx: &Context<'_>) -> FieldResult<Walk<&Resource>> {
        self.0.list(ctx)
    }

    /// Other sessions on the same subject, for example a talk at dinner and a breakout.
    async fn related_sessions(&self, ctx: &Context<'_>) -> FieldResult<Walk<&Session>> {
        self.0.list(ctx)
    }

    /// Whether `speakers` is everybody; false where the source says that there were others.
    async fn speakers_complete(&self) -> bool {
        self.0.row.speakers_complete
    }

    /// Where these facts come from.
    async fn sources(&self) -> Vec<Source> {
        Source::list(&self.0.row.sources)
    }

    /// Counts the changes of this row, from 1. Give it back with a change, so that nobody overwrites what they did
    /// not see.
    async fn version(&self) -> i32 {
        self.0.row.version
    }

    /// When it was entered here.
    async fn created_at(&self) -> Time {
        Time(self.0.row.created_at)
    }

    /// When it was last changed here.
    async fn updated_at(&self) -> Time {
        Time(self.0.row.updated_at)
    }
}

/// What happens in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "session::Format")]
pub enum SessionFormat {
    /// Words of welcome.
    Welcome,
    /// Everybody together.
    Plenary,
    /// Several people on a stage.
    Panel,
    /// One of several sessions at a time.
    Breakout,
    /// Meetings of those who hold the same seat in their teams.
    RoleAlike,
    /// Each district's team by itself, with a task.
    TeamTime,
    /// A talk over a meal.
    MealPresentation,
    /// The end of the convening.
    Closing,
    /// A pause.
    Break,
    /// Time without a programme.
    Unstructured,
}
