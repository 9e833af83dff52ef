//! A result as it is kept and shown.

use super::tally::AGREES;
use entity::survey_item::Kind;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What was answered to one item. What is hidden is absent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemTable {
    /// The item's key.
    pub item: Uuid,
    /// The question.
    pub prompt: String,
    /// What sort of answer it takes.
    pub kind: Kind,
    /// How many answered it.
    pub answered: Option<u32>,
    /// How many gave each answer.
    pub cells: Vec<Cell>,
    /// The share that agrees or strongly agrees, in percent.
    pub agree: Option<f64>,
    /// The mean of the numbers.
    pub mean: Option<f64>,
    /// Their median: the lower of the two in the middle.
    pub median: Option<i32>,
    /// The words that many used, the most frequent first.
    pub words: Vec<Word>,
}

impl ItemTable {
    /// How many agree or strongly agree, where the counts that are shown tell it.
    pub(crate) fn agreed(&self) -> Option<u32> {
        let agree = self.cells.iter().skip(AGREES).map(|cell| cell.count);
        agree.sum::<Option<u32>>().filter(|_| self.kind == Kind::Likert)
    }
}

/// An answer that could be given, and how many gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The answer.
    pub label: String,
    /// How many.
    pub count: Option<u32>,
}

/// A word, and how many used it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// The word, in lower case.
    pub word: String,
    /// How many.
    pub count: Option<u32>,
}
