//! Surveys and their items.

use super::answer::{ModerationStatus, Response, WrittenAnswer};
use super::result::PublishedResult;
use crate::convening::Convening;
use crate::graphql::tree::{self, Edited, Node};
use crate::graphql::{Connection, FieldResult, Found, GlobalId, NodeType, Nullable, One, Rows, Time, Walk};
use crate::survey::loader;
use async_graphql::{Context, Enum, ID, InputObject, Object};
use entity::ids::SurveyId;
use entity::{survey, survey_item};

/// Questions that are asked of many.
#[derive(Debug)]
pub struct Survey(pub(in crate::survey) Node<survey::Entity>);

/// A poll, an evaluation or a collection of headlines. Who answers is never kept with what is answered.
#[Object]
#[expect(unused_variables, reason = "arguments are read when the tree is planned")]
impl Survey {
    /// The survey's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Survey, self.0.row.id)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }

    /// The convening that it is of; null where it is of none, or of one that you may not see.
    async fn convening(&self, ctx: &Context<'_>) -> Nullable<One<&Convening>> {
        self.0.one(ctx)
    }

    /// What sort of survey it is.
    async fn kind(&self) -> SurveyKind {
        self.0.row.kind.into()
    }

    /// What it is called.
    async fn title(&self) -> &str {
        &self.0.row.title
    }

    /// What is said before the first question; null where nothing is.
    async fn introduction(&self) -> Option<&str> {
        self.0.row.introduction.as_deref()
    }

    /// Who may answer.
    async fn audience(&self) -> SurveyAudience {
        self.0.row.audience.into()
    }

    /// Where it stands.
    async fn status(&self) -> SurveyStatus {
        self.0.row.status.into()
    }

    /// From when answers are taken once it is open; null for at once.
    async fn opens_at(&self) -> Option<Time> {
        self.0.row.opens_at.map(Time)
    }

    /// Until when answers are taken at the latest; null where nothing but closing it ends that.
    async fn closes_at(&self) -> Option<Time> {
        self.0.row.closes_at.map(Time)
    }

    /// The questions, in their order.
    async fn items(&self, ctx: &Context<'_>) -> FieldResult<Walk<&SurveyItem>> {
        self.0.list(ctx)
    }

    /// The results that you may see, the latest first: while it is open what comes in, from time to time; once they are
    /// published the final ones, and their corrections.
    async fn results(&self, ctx: &Context<'_>) -> FieldResult<Walk<&PublishedResult>> {
        self.0.list(ctx)
    }

    /// Single responses, for evaluators, in an order that tells nothing; null for everybody else. What was written is
    /// not among them: it stands at its item, apart from whatever else the same person answered. They appear once the
    /// survey is closed, and never where fewer than ten answered.
    async fn responses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Nullable<Rows<'_, Response>> {
        Some(self.0.value(ctx)?.map(Rows::Held))
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

/// A question of a survey.
#[derive(Debug)]
pub struct SurveyItem(pub(in crate::survey) Node<survey_item::Entity>);

/// A question of a survey. It changes only while the survey is a draft.
#[Object]
#[expect(unused_variables, reason = "arguments are read when the tree is planned")]
impl SurveyItem {
    /// The item's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::SurveyItem, self.0.row.id)
    }

    /// The survey.
    async fn survey(&self, ctx: &Context<'_>) -> FieldResult<One<&Survey>> {
        self.0.always(ctx)
    }

    /// Its place among the questions, from 1.
    async fn position(&self) -> i32 {
        self.0.row.position
    }

    /// What sort of answer it takes.
    async fn kind(&self) -> SurveyItemKind {
        self.0.row.kind.into()
    }

    /// What is asked.
    async fn prompt(&self) -> &str {
        &self.0.row.prompt
    }

    /// What can be chosen, in its order; empty where nothing is chosen.
    async fn options(&self) -> &[String] {
        &self.0.row.options
    }

    /// The smallest number that can be given; null where no number is asked for.
    async fn minimum(&self) -> Option<i32> {
        self.0.row.minimum
    }

    /// The largest number that can be given; null where no number is asked for.
    async fn maximum(&self) -> Option<i32> {
        self.0.row.maximum
    }

    /// Whether it must be answered.
    async fn required(&self) -> bool {
        self.0.row.required
    }

    /// What was written, in an order that tells nothing: what was approved for everybody; for those who moderate, the rest
    /// too, in lots of ten and more or once the survey is closed.
    async fn written_answers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those in one of these states.")] moderation: Option<Vec<ModerationStatus>>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> FieldResult<One<&Connection<WrittenAnswer>>> {
        self.0.page(ctx)
    }
}

/// What sort of survey it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "survey::Kind")]
pub enum SurveyKind {
    /// A question or two whose answers are shown as they come in.
    Poll,
    /// What participants think of a convening.
    Evaluation,
    /// Headlines that teams write of what they want to be told of them.
    Headline,
}

/// Who may answer a survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "survey::Audience")]
pub enum SurveyAudience {
    /// Anybody. That nobody answers twice cannot be promised; how many answers one network gives is bounded.
    PublicLink,
    /// Each member of a team that takes part, by a link that is good for one answer.
    Participants,
    /// Each team that takes part, by a link that is good for one answer.
    OnePerTeam,
}

/// Where a survey stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "survey::Status")]
pub enum SurveyStatus {
    /// It is being written; only those see it who run it.
    Draft,
    /// Answers are taken.
    Open,
    /// No more are taken.
    Closed,
    /// Everybody may see the final results.
    Published,
}

/// What sort of answer a question takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "survey_item::Kind")]
pub enum SurveyItemKind {
    /// How much one agrees, from 1, strongly disagree, to 5, strongly agree.
    Likert,
    /// One of several options.
    SingleChoice,
    /// Any of several options, none too.
    MultipleChoice,
    /// A whole number.
    Number,
    /// A text of at most 2,000 letters.
    OpenText,
    /// One line of at most 300 letters.
    Headline,
}

/// Which surveys; all that is given must hold.
#[derive(Debug, InputObject)]
pub(crate) struct SurveyFilter {
    /// Only of this convening.
    pub(in crate::survey) convening: Option<ID>,
    /// Only of one of these kinds.
    pub(in crate::survey) kind: Option<Vec<SurveyKind>>,
    /// Only in one of these states.
    pub(in crate::survey) status: Option<Vec<SurveyStatus>>,
}

/// Root fields on surveys.
#[derive(Debug, Default)]
pub(crate) struct SurveyQuery;

#[Object]
#[expect(unused_variables, reason = "arguments are read when the tree is planned")]
impl SurveyQuery {
    /// One survey; null where there is none of that id that you may see.
    async fn survey(&self, ctx: &Context<'_>, #[graphql(desc = "The survey's global id.")] id: ID) -> Found<Survey> {
        let key = GlobalId::key_of::<SurveyId>(&id, NodeType::Survey);
        tree::find_by_key::<survey::Entity>(ctx, key).await
    }

    /// The surveys that you may see, the latest first.
    async fn surveys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only surveys that all of this holds for.")] filter: Option<SurveyFilter>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Nullable<Connection<Survey>> {
        tree::connection::<survey::Entity>(ctx, loader::listing).await
    }
}
