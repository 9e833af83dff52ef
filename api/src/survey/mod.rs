//! Surveys: polls, evaluations and collections of headlines.
//!
//! Who has answered and what was answered are kept apart. A link opens a *ballot* ([`ballot`]): a secret that nothing leads
//! to from whoever got it, and that is good for one answer. What was answered has random keys and no times, is shown to
//! nobody before ten others have answered, too, and is put into another order whenever it is counted. `results` counts it
//! and hides what would tell of a few. What is promised to whom stands in `docs/decisions/0017-answers-without-people.md`.

mod access;
pub(crate) mod allowance;
mod answers;
pub(crate) mod ballot;
mod graphql;
mod input;
mod items;
pub(crate) mod links;
mod loader;
mod moves;
pub(crate) mod outcome;
mod results;
pub(crate) mod service;
mod validate;

pub(crate) use graphql::{
    BallotMutation, PublishedResult, Survey, SurveyItem, SurveyMutation, SurveyQuery, SurveySubscription, WrittenAnswer,
};
pub(crate) use loader::of_convening;
pub use results::{Cell, Count, FEW, ItemTable, Question, Word, finish, hide, next_frame, whole};
