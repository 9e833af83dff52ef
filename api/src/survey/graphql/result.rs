//! Results as everybody may see them, and as evaluators do.

use super::object::{Survey, SurveyItemKind};
use crate::error::Result;
use crate::graphql::tree::Node;
use crate::graphql::{FieldResult, GlobalId, NodeType, Nullable, One, Time};
use crate::metric::ResultStatus;
use crate::survey::outcome;
use crate::survey::results::{Cell, ItemTable, Word};
use async_graphql::{Context, ID, Object, SimpleObject};
use entity::published_result;

/// What was answered to a survey, counted.
#[derive(Debug)]
pub struct PublishedResult(pub(in crate::survey) Node<published_result::Entity>);

/// What was answered to a survey, counted. No count below ten is shown, nor one that would give such a count away, neither
/// by itself nor with whatever else is or was shown of the survey. It never changes: a correction adds another.
#[Object]
impl PublishedResult {
    /// The result's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::PublishedResult, self.0.row.id)
    }

    /// The survey.
    async fn survey(&self, ctx: &Context<'_>) -> FieldResult<One<&Survey>> {
        self.0.always(ctx)
    }

    /// Its place among the survey's results, from 1.
    async fn number(&self) -> i32 {
        self.0.row.number
    }

    /// How settled it is: preliminary while answers are taken, final once they were closed, corrected where a final
    /// result was wrong.
    async fn status(&self) -> ResultStatus {
        self.0.row.status.into()
    }

    /// Why it was corrected; null where it was not.
    async fn note(&self) -> Option<&str> {
        self.0.row.note.as_deref()
    }

    /// How many responses it counts; null for fewer than ten.
    async fn responses(&self) -> Option<i32> {
        self.0.row.responses
    }

    /// What was answered to each question, as everybody may see it.
    async fn items(&self) -> FieldResult<Vec<ItemResult>> {
        Ok(ItemResult::all(&self.0.row.tables)?)
    }

    /// All of what was answered to each question, for evaluators; null for everybody else.
    async fn full_items(&self, ctx: &Context<'_>) -> Nullable<Vec<ItemResult>> {
        let kept = self.0.value::<serde_json::Value>(ctx)?;
        Some(kept.and_then(|kept| Ok(ItemResult::all(kept)?)))
    }

    /// When it was counted.
    async fn created_at(&self) -> Time {
        Time(self.0.row.created_at)
    }
}

/// What was answered to one question. What is not shown is null.
#[derive(Debug, SimpleObject)]
pub(crate) struct ItemResult {
    /// The question's global id.
    item_id: ID,
    /// What was asked.
    prompt: String,
    /// What sort of answer it takes.
    kind: SurveyItemKind,
    /// How many answered it; where several options can be chosen, how many answered the survey.
    answered: Option<u32>,
    /// How many chose each option, in their order; empty where nothing is chosen.
    cells: Vec<ResultCell>,
    /// How many percent of those who answered agree or strongly agree; null also where another thing was asked.
    agree_percent: Option<f64>,
    /// The mean of the numbers, once the result is final; null also where another thing was asked, and where it would tell
    /// that fewer than ten gave some number within the question's range.
    mean: Option<f64>,
    /// The median of the numbers, of two in the middle the lower, under the same conditions.
    median: Option<i32>,
    /// The words that ten and more used, the most frequent first, once the result is final.
    words: Vec<WordCount>,
}

/// An option, and how many chose it.
#[derive(Debug, SimpleObject)]
pub(crate) struct ResultCell {
    /// The option, in words.
    label: String,
    /// How many chose it; null where that is not shown.
    count: Option<u32>,
}

/// A word, and how many used it.
#[derive(Debug, SimpleObject)]
pub(crate) struct WordCount {
    /// The word, in lower case.
    word: String,
    /// How many used it, each counted once; null where all but a few did.
    count: Option<u32>,
}

impl ItemResult {
    fn all(kept: &serde_json::Value) -> Result<Vec<Self>> {
        Ok(outcome::tables(kept)?.into_iter().map(Self::from).collect())
    }
}

impl From<ItemTable> for ItemResult {
    fn from(table: ItemTable) -> Self {
        let cell = |Cell { label, count }| ResultCell { label, count };
        let word = |Word { word, count }| WordCount { word, count };
        Self {
            item_id: GlobalId::encode(NodeType::SurveyItem, table.item),
            prompt: table.prompt,
            kind: table.kind.into(),
            answered: table.answered,
            cells: table.cells.into_iter().map(cell).collect(),
            agree_percent: table.agree,
            mean: table.mean,
            median: table.median,
            words: table.words.into_iter().map(word).collect(),
        }
    }
}
