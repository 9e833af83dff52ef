//! What is given to add or change a survey.

use crate::writing::Patch;
use chrono::{DateTime, Utc};
use entity::ids::ConveningId;
use entity::survey::{Audience, Kind};
use entity::survey_item;

/// A survey to add, as a draft.
#[derive(Clone, Debug)]
pub(crate) struct NewSurvey {
    /// The convening that it is of.
    pub convening: Option<ConveningId>,
    /// What sort of survey it is.
    pub kind: Kind,
    /// What it is called.
    pub title: String,
    /// What is said before the first question.
    pub introduction: Option<String>,
    /// Who may answer.
    pub audience: Audience,
    /// From when answers are taken once it is open.
    pub opens_at: Option<DateTime<Utc>>,
    /// Until when.
    pub closes_at: Option<DateTime<Utc>>,
    /// The questions, in their order.
    pub items: Vec<NewItem>,
}

/// What is to change of a survey.
#[derive(Clone, Debug, Default)]
pub(crate) struct SurveyPatch {
    /// What sort of survey it is.
    pub kind: Patch<Kind>,
    /// What it is called.
    pub title: Patch<String>,
    /// What is said before the first question.
    pub introduction: Patch<String>,
    /// Who may answer.
    pub audience: Patch<Audience>,
    /// From when answers are taken once it is open.
    pub opens_at: Patch<DateTime<Utc>>,
    /// Until when.
    pub closes_at: Patch<DateTime<Utc>>,
    /// The questions, in their order, all of them.
    pub items: Patch<Vec<NewItem>>,
}

impl SurveyPatch {
    /// Whether it changes what is asked, or whom.
    pub(super) fn asks_otherwise(&self) -> bool {
        self.kind.is_given() || self.audience.is_given() || self.items.is_given()
    }
}

/// A question to ask.
#[derive(Clone, Debug)]
pub(crate) struct NewItem {
    /// What sort of answer it takes.
    pub kind: survey_item::Kind,
    /// What is asked.
    pub prompt: String,
    /// What can be chosen.
    pub options: Vec<String>,
    /// Between which whole numbers the answer is.
    pub bounds: (Option<i32>, Option<i32>),
    /// Whether it must be answered.
    pub required: bool,
}
