//! How lots are drawn.

use super::inputs::SelectTeamsInput;
use super::plan::{SelectTeamsPayload, SelectionPlan};
use crate::graphql::tree::{self, Field};
use crate::graphql::{FieldResult, Nullable, act_whole};
use crate::selection::service;
use async_graphql::{Context, Object};
use entity::selection;

/// Selections by the method.
#[derive(Debug, Default)]
pub(crate) struct SelectionMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl SelectionMutation {
    /// Selects among all teams whose statements of interest are in, by quotas and a lottery, and decides on each. The same
    /// input, with the same teams, comes to the same. What is decided stays hidden until decisions are published; until
    /// then it can be selected again.
    async fn select_teams(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How.")] input: SelectTeamsInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<SelectTeamsPayload> {
        Some(select(ctx, input).await)
    }
}

async fn select(ctx: &Context<'_>, input: SelectTeamsInput) -> FieldResult<SelectTeamsPayload> {
    let act = async |db: &_, actor: crate::auth::Actor<'_>| service::select(db, actor, input.try_into()?).await;
    Ok(match act_whole(ctx, act).await? {
        Ok(selected) => {
            let field = Field::of(ctx).child("SelectTeamsPayload", "selection");
            let selection = match field.zip(selected.selection) {
                Some((field, id)) => {
                    tree::by_keys::<selection::Entity>(ctx, &field, vec![id.into()]).await?.remove(&id.into())
                }
                None => None,
            };
            let plan = Some(SelectionPlan::of(ctx, selected).await?);
            SelectTeamsPayload { selection, plan, user_errors: Vec::new() }
        }
        Err(user_errors) => SelectTeamsPayload { user_errors, ..Default::default() },
    })
}
