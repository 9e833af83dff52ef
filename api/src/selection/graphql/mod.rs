//! Selections in the schema.

mod answer_mutation;
mod decide_mutation;
mod inputs;
mod object;
mod outcome;
mod plan;
mod select_mutation;

pub(crate) use answer_mutation::TeamAnswerMutation;
pub(crate) use decide_mutation::DecisionMutation;
pub(crate) use object::Selection;
pub(crate) use outcome::SelectionOutcome;
pub(crate) use select_mutation::SelectionMutation;

use super::letters;
use super::service::Letters;
use crate::graphql::ContextExt as _;
use async_graphql::Context;

/// Sends letters once what they tell of is there to stay.
pub(crate) fn post(ctx: &Context<'_>, news: Letters) {
    let (mailer, public_url) = (ctx.accounts().mailer.clone(), ctx.accounts().public_url.clone());
    ctx.link().afterwards(move || letters::send(&mailer, public_url.as_str(), news));
}
