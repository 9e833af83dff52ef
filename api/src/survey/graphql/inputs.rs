//! What is given to add, change and answer a survey.

use super::object::{SurveyAudience, SurveyItemKind, SurveyKind};
use crate::error::{Error, Result};
use crate::graphql::{GlobalId, NodeType, Time};
use crate::survey::ballot::GivenAnswer;
use crate::survey::input::{NewItem, NewSurvey, SurveyPatch};
use crate::writing::Patch;
use async_graphql::{ID, InputObject, MaybeUndefined};
use entity::survey;

/// A survey to add, as a draft.
#[derive(Debug, InputObject)]
pub(crate) struct CreateSurveyInput {
    /// The convening that it is of. Only staff add surveys of none.
    convening_id: Option<ID>,
    /// What sort of survey it is.
    kind: SurveyKind,
    /// What it is called, at most 300 letters.
    title: String,
    /// What is said before the first question.
    introduction: Option<String>,
    /// Who may answer.
    audience: SurveyAudience,
    /// From when answers are taken once it is open; at once where absent.
    opens_at: Option<Time>,
    /// Until when answers are taken at the latest.
    closes_at: Option<Time>,
    /// The questions, in their order, at most 50.
    items: Option<Vec<SurveyItemInput>>,
}

/// What is to change of a survey: absent leaves a field as it is, null empties it. Kind, audience and items change only while
/// it is a draft.
#[derive(Debug, InputObject)]
pub(crate) struct UpdateSurveyInput {
    /// What sort of survey it is; it cannot be emptied.
    kind: MaybeUndefined<SurveyKind>,
    /// What it is called; it cannot be emptied.
    title: MaybeUndefined<String>,
    /// What is said before the first question.
    introduction: MaybeUndefined<String>,
    /// Who may answer; it cannot be emptied.
    audience: MaybeUndefined<SurveyAudience>,
    /// From when answers are taken once it is open.
    opens_at: MaybeUndefined<Time>,
    /// Until when answers are taken at the latest.
    closes_at: MaybeUndefined<Time>,
    /// The questions, in their order; all of them, what stands included.
    items: MaybeUndefined<Vec<SurveyItemInput>>,
}

/// A question to ask.
#[derive(Debug, InputObject)]
pub(crate) struct SurveyItemInput {
    /// What sort of answer it takes.
    kind: SurveyItemKind,
    /// What is asked, at most 300 letters.
    prompt: String,
    /// What can be chosen, 2 to 50 options; only with single and multiple choice.
    options: Option<Vec<String>>,
    /// The smallest number that can be given; with numbers. A range that answers fill tells most: a mean is shown only
    /// where ten could have given any number of it.
    minimum: Option<i32>,
    /// The largest number that can be given; with numbers.
    maximum: Option<i32>,
    /// Whether it must be answered; it need not where absent.
    required: Option<bool>,
}

/// An answer to a question: just the field that its kind asks for.
#[derive(Debug, InputObject)]
pub(crate) struct AnswerInput {
    /// The question.
    item_id: ID,
    /// How much one agrees, from 1, strongly disagree, to 5, strongly agree.
    rating: Option<i32>,
    /// The places of the options that are chosen, from 1.
    choices: Option<Vec<i32>>,
    /// The number.
    number: Option<i32>,
    /// The text.
    text: Option<String>,
}

impl From<SurveyItemInput> for NewItem {
    fn from(input: SurveyItemInput) -> Self {
        Self {
            kind: input.kind.into(),
            prompt: input.prompt,
            options: input.options.unwrap_or_default(),
            bounds: (input.minimum, input.maximum),
            required: input.required.unwrap_or_default(),
        }
    }
}

impl TryFrom<CreateSurveyInput> for NewSurvey {
    type Error = Error;

    fn try_from(input: CreateSurveyInput) -> Result<Self> {
        let convening = input.convening_id.map(|id| GlobalId::key_of(&id, NodeType::Convening)).transpose()?;
        Ok(Self {
            convening,
            kind: input.kind.into(),
            title: input.title,
            introduction: input.introduction,
            audience: input.audience.into(),
            opens_at: input.opens_at.map(|time| time.0),
            closes_at: input.closes_at.map(|time| time.0),
            items: input.items.unwrap_or_default().into_iter().map(Into::into).collect(),
        })
    }
}

impl From<UpdateSurveyInput> for SurveyPatch {
    fn from(input: UpdateSurveyInput) -> Self {
        Self {
            kind: Patch::from(input.kind).map(survey::Kind::from),
            title: input.title.into(),
            introduction: input.introduction.into(),
            audience: Patch::from(input.audience).map(survey::Audience::from),
            opens_at: Patch::from(input.opens_at).map(|time| time.0),
            closes_at: Patch::from(input.closes_at).map(|time| time.0),
            items: Patch::from(input.items).map(|items| items.into_iter().map(Into::into).collect()),
        }
    }
}

impl TryFrom<AnswerInput> for GivenAnswer {
    type Error = Error;

    fn try_from(input: AnswerInput) -> Result<Self> {
        Ok(Self {
            item: GlobalId::key_of(&input.item_id, NodeType::SurveyItem)?,
            rating: input.rating,
            choices: input.choices,
            number: input.number,
            text: input.text,
        })
    }
}
