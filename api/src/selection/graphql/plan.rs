//! What a selection comes to, whether or not it was written down.

use super::object::{Selection, SelectionShortfall};
use super::outcome::Facts;
use crate::error::Result;
use crate::graphql::UserError;
use crate::graphql::tree::{self, Field};
use crate::selection::service::Selected;
use crate::team::Team;
use async_graphql::{Context, Object, SimpleObject};
use entity::selection_outcome::Model;
use entity::team::{self, Status};
use std::collections::HashMap;

/// What came of selecting.
#[derive(Default, SimpleObject)]
pub(super) struct SelectTeamsPayload {
    /// The selection that was written down; null for a preview, and where nothing was selected.
    pub(super) selection: Option<Selection>,
    /// What it comes to; null where nothing was selected.
    pub(super) plan: Option<SelectionPlan>,
    /// What stands in the way, all at once; empty where it was done.
    pub(super) user_errors: Vec<UserError>,
}

/// What a selection comes to.
#[derive(SimpleObject)]
pub(super) struct SelectionPlan {
    /// How many teams applied.
    applied: usize,
    /// How many places there are.
    capacity: usize,
    /// How many are selected.
    selected: usize,
    /// How many wait.
    waitlisted: usize,
    /// How many neither have a place nor wait for one.
    not_selected: usize,
    /// The quotas that cannot be met, and why.
    shortfalls: Vec<SelectionShortfall>,
    /// What comes of it for each team, in the order of the lottery.
    outcomes: Vec<PlannedOutcome>,
}

/// What would come of a selection for one team.
pub(super) struct PlannedOutcome {
    team: Option<Team>,
    row: Model,
}

/// What comes of a selection for one team.
#[Object]
impl PlannedOutcome {
    /// The team; null where you may not see it.
    async fn team(&self) -> Option<&Team> {
        self.team.as_ref()
    }

    #[graphql(flatten)]
    async fn facts(&self) -> Facts<'_> {
        Facts(&self.row)
    }
}

impl SelectionPlan {
    /// With the teams, as far as they are selected.
    pub(super) async fn of(ctx: &Context<'_>, selected: Selected) -> Result<Self> {
        let count = |status| selected.outcomes.iter().filter(|outcome| outcome.status == status).count();
        let field = Field::of(ctx).child("SelectTeamsPayload", "plan");
        let field = field.and_then(|plan| plan.child("SelectionPlan", "outcomes"));
        let field = field.and_then(|outcomes| outcomes.child("PlannedOutcome", "team"));
        let mut teams = match field {
            Some(field) => {
                let keys = selected.outcomes.iter().map(|outcome| outcome.team_id.into()).collect();
                tree::by_keys::<team::Entity>(ctx, &field, keys).await?
            }
            None => HashMap::default(),
        };
        Ok(Self {
            applied: selected.outcomes.len(),
            capacity: selected.method.capacity,
            selected: count(Status::Selected),
            waitlisted: count(Status::Waitlisted),
            not_selected: count(Status::NotSelected),
            shortfalls: selected.drawn.shortfalls.iter().map(SelectionShortfall::of).collect(),
            outcomes: selected
                .outcomes
                .into_iter()
                .map(|row| PlannedOutcome { team: teams.remove(&row.team_id.into()), row })
                .collect(),
        })
    }
}
