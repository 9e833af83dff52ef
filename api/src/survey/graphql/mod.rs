//! Surveys in the schema.

mod answer;
mod ballot;
mod inputs;
mod live;
mod mutation;
mod object;
mod result;

pub(crate) use answer::{Answer, ModerationStatus, Response, WrittenAnswer};
pub(crate) use ballot::BallotMutation;
pub(crate) use live::SurveySubscription;
pub(crate) use mutation::SurveyMutation;
pub(crate) use object::{Survey, SurveyFilter, SurveyItem, SurveyQuery};
pub(crate) use result::PublishedResult;
