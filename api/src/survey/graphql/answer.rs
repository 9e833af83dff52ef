//! What was answered, one by one.

use super::object::SurveyItem;
use crate::graphql::tree::Node;
use crate::graphql::{FieldResult, GlobalId, NodeType, Nullable, One, Walk};
use async_graphql::{Context, Enum, ID, Object};
use entity::{answer, response, written_answer};

/// What somebody answered.
#[derive(Debug)]
pub(crate) struct Response(pub(in crate::survey) Node<response::Entity>);

/// What somebody answered, without anything that tells who, or when.
#[Object]
impl Response {
    /// The answers that were chosen or are numbers; a question that was left out is not among them.
    async fn answers(&self, ctx: &Context<'_>) -> FieldResult<Walk<&Answer>> {
        self.0.list(ctx)
    }
}

/// The answer to one question.
#[derive(Debug)]
pub(crate) struct Answer(pub(in crate::survey) Node<answer::Entity>);

/// The answer to one question.
#[Object]
impl Answer {
    /// The question.
    async fn item(&self, ctx: &Context<'_>) -> Nullable<One<&SurveyItem>> {
        self.0.one(ctx)
    }

    /// What was chosen: the number that was given, the degree of agreement from 1 to 5, or the places of the options from
    /// 1; empty where of several none was chosen.
    async fn chosen(&self) -> &[i32] {
        &self.0.row.chosen
    }
}

/// What somebody wrote.
#[derive(Debug)]
pub struct WrittenAnswer(pub(in crate::survey) Node<written_answer::Entity>);

/// What somebody wrote. Nothing tells who, when, or what else that one answered.
#[Object]
impl WrittenAnswer {
    /// The written answer's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::WrittenAnswer, self.0.row.id)
    }

    /// The question; null where you may not see it.
    async fn item(&self, ctx: &Context<'_>) -> Nullable<One<&SurveyItem>> {
        self.0.one(ctx)
    }

    /// The text, as it was written.
    async fn text(&self) -> &str {
        &self.0.row.text
    }

    /// Whether everybody may read it.
    async fn moderation(&self) -> ModerationStatus {
        self.0.row.moderation.into()
    }
}

/// Whether everybody may read what somebody wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "written_answer::Moderation")]
pub enum ModerationStatus {
    /// Nobody has decided yet.
    Pending,
    /// Everybody may.
    Approved,
    /// It stays with those who moderate.
    Rejected,
}
