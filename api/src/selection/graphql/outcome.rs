//! What comes of a selection for one team.

use super::object::Selection;
use crate::district::DistrictKind;
use crate::error::Error;
use crate::graphql::tree::Node;
use crate::graphql::{FieldResult, One};
use crate::team::Team;
use async_graphql::{Context, Enum, Object};
use entity::selection_outcome::{self, Model};
use entity::team::Status;

/// What came of a selection for one team.
#[derive(Debug)]
pub(crate) struct SelectionOutcome(pub(in crate::selection) Node<selection_outcome::Entity>);

/// What came of a selection for one team, and what the method knew of its district then.
#[Object]
impl SelectionOutcome {
    /// The team.
    async fn team(&self, ctx: &Context<'_>) -> FieldResult<One<&Team>> {
        self.0.always(ctx)
    }

    /// The selection.
    async fn selection(&self, ctx: &Context<'_>) -> FieldResult<One<&Selection>> {
        self.0.always(ctx)
    }

    #[graphql(flatten)]
    async fn facts(&self) -> Facts<'_> {
        Facts(&self.0.row)
    }
}

/// What is said of a team in a selection that stands, and in one that is only tried.
pub(super) struct Facts<'a>(pub(super) &'a Model);

/// What is said of a team in a selection.
#[Object]
impl Facts<'_> {
    /// What was decided.
    async fn decision(&self) -> FieldResult<TeamDecision> {
        Ok(match self.0.status {
            Status::Selected => TeamDecision::Selected,
            Status::Waitlisted => TeamDecision::Waitlisted,
            Status::NotSelected => TeamDecision::NotSelected,
            other => return Err(Error::internal(format!("a selection decided on {other:?}")).into()),
        })
    }

    /// Its place on the waiting list, from 1; null where it does not wait.
    async fn waitlist_position(&self) -> Option<i32> {
        self.0.waitlist_position
    }

    /// Why, for programs.
    async fn reason_code(&self) -> SelectionReason {
        self.0.reason_code.into()
    }

    /// Why, in words that the district is told.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// Its place in the lottery, from 1.
    async fn lottery_place(&self) -> i32 {
        self.0.lottery_place
    }

    /// What was drawn for it, 64 hexadecimal digits: the least come first.
    async fn draw(&self) -> &str {
        &self.0.draw
    }

    /// The code that was drawn for: the district's 14 digits in the state's directory or, where it has none, its slug.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// The number of the district's region; null where none was known.
    async fn region(&self) -> Option<i32> {
        self.0.region_number
    }

    /// The district's kind; null where none was known.
    async fn kind(&self) -> Option<DistrictKind> {
        self.0.kind.map(Into::into)
    }

    /// How many students the district had; null where that was not known.
    async fn enrollment(&self) -> Option<i32> {
        self.0.enrollment
    }

    /// Whether the district had taken part in no convening before.
    async fn first_time(&self) -> bool {
        self.0.first_time
    }

    /// Whether it had its place before the selection, and kept it.
    async fn kept(&self) -> bool {
        self.0.kept
    }
}

/// What is decided on a team that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum TeamDecision {
    /// It is to take part.
    Selected,
    /// It waits for a place.
    Waitlisted,
    /// It is not to take part.
    NotSelected,
}

impl From<TeamDecision> for Status {
    fn from(decision: TeamDecision) -> Self {
        match decision {
            TeamDecision::Selected => Self::Selected,
            TeamDecision::Waitlisted => Self::Waitlisted,
            TeamDecision::NotSelected => Self::NotSelected,
        }
    }
}

/// Why a selection came to what it came to for a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "selection_outcome::ReasonCode")]
pub(crate) enum SelectionReason {
    /// It had its place before, and kept it.
    Kept,
    /// By lot.
    Drawn,
    /// To fill a quota: the lot alone would not have brought it in.
    Quota,
    /// The maximum of a quota was reached.
    OverMaximum,
    /// The places that were left were needed to fill quotas.
    Reserved,
    /// No place was left.
    NoPlace,
}
