//! A selection.

use super::outcome::SelectionOutcome;
use crate::convening::Convening;
use crate::district::DistrictKind;
use crate::error::Error;
use crate::graphql::tree::Node;
use crate::graphql::{FieldResult, Nullable, One, Rows, Time};
use crate::selection::method::{Group, Quota, Shortfall};
use async_graphql::{Context, Object, SimpleObject};
use entity::selection;

/// How the teams of a convening were selected.
#[derive(Debug)]
pub(crate) struct Selection(pub(in crate::selection) Node<selection::Entity>);

/// How the teams of a convening were selected when more applied than fit. It is never changed: another follows it. With
/// what it holds, it can be drawn again; the lottery even by hand.
#[Object]
#[expect(unused_variables, reason = "arguments are read when the tree is planned")]
impl Selection {
    /// The convening.
    async fn convening(&self, ctx: &Context<'_>) -> FieldResult<One<&Convening>> {
        self.0.always(ctx)
    }

    /// Which it is of its convening's, from 1.
    async fn number(&self) -> i32 {
        self.0.row.number
    }

    /// The method's name, `lottery-1`. A name never comes to mean another method.
    async fn method(&self) -> &str {
        &self.0.row.method
    }

    /// What the lottery was drawn from: a district's lot is the SHA-256 of the seed, a line feed and the district's code.
    async fn seed(&self) -> &str {
        &self.0.row.seed
    }

    /// How many places there were.
    async fn capacity(&self) -> i32 {
        self.0.row.capacity
    }

    /// How many teams went onto the waiting list at most; null where all did that were left.
    async fn waitlist_size(&self) -> Option<i32> {
        self.0.row.waitlist_size
    }

    /// The quotas, the more important first.
    async fn quotas(&self) -> FieldResult<Vec<SelectionQuota>> {
        let quotas: Vec<Quota> = serde_json::from_value(self.0.row.quotas.clone()).map_err(Error::internal)?;
        Ok(quotas.iter().map(SelectionQuota::of).collect())
    }

    /// The quotas that could not be met, and why; null for everybody who may not know of decisions.
    async fn shortfalls(&self, ctx: &Context<'_>) -> Nullable<Vec<SelectionShortfall>> {
        let read = |told: &serde_json::Value| {
            let told: Vec<Shortfall> = serde_json::from_value(told.clone()).map_err(Error::internal)?;
            Ok(told.iter().map(SelectionShortfall::of).collect())
        };
        self.0.value::<serde_json::Value>(ctx).map(|told| told.and_then(read))
    }

    /// What the account is called that made it; null where it was none, and for those who may not see that account.
    async fn by(&self, ctx: &Context<'_>) -> Nullable<&str> {
        Some(self.0.value::<String>(ctx)?.map(String::as_str))
    }

    /// When it was made.
    async fn created_at(&self) -> Time {
        Time(self.0.row.created_at)
    }

    /// What came of it for each team, in the order of the lottery: for those who decide all of them, and once it is
    /// published the own team for whoever leads a team.
    async fn outcomes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> FieldResult<Rows<'_, SelectionOutcome>> {
        self.0.value_always(ctx).map(Rows::Held)
    }
}

/// How many teams of a group of districts were to be selected.
#[derive(SimpleObject)]
pub(super) struct SelectionQuota {
    /// Of which districts, in words.
    districts: String,
    /// The number of their region; null where the quota is not for a region.
    region: Option<i32>,
    /// Their kind; null where the quota is not for a kind.
    kind: Option<DistrictKind>,
    /// How many students they have at least; null where the quota does not say.
    students_from: Option<i32>,
    /// How many students they have fewer than; null where the quota does not say.
    students_below: Option<i32>,
    /// Whether they come for the first time; null where the quota does not say.
    first_time: Option<bool>,
    /// At least so many, as far as that is possible; 0 where there is no minimum.
    minimum: usize,
    /// At most so many; null where there is no maximum.
    maximum: Option<usize>,
    /// As near to so many as possible; null where there is no target.
    target: Option<usize>,
}

impl SelectionQuota {
    fn of(quota: &Quota) -> Self {
        let mut told = Self {
            districts: quota.group.words(),
            region: None,
            kind: None,
            students_from: None,
            students_below: None,
            first_time: None,
            minimum: quota.minimum,
            maximum: quota.maximum,
            target: quota.target,
        };
        match quota.group {
            Group::Region(number) => told.region = Some(number),
            Group::Kind(kind) => told.kind = Some(kind.into()),
            Group::Size { from, below } => (told.students_from, told.students_below) = (from, below),
            Group::FirstTime(first) => told.first_time = Some(first),
        }
        told
    }
}

/// A quota that could not be met.
#[derive(SimpleObject)]
pub(super) struct SelectionShortfall {
    /// Which, by its place among the quotas, from 1.
    quota: usize,
    /// How many were asked for.
    wanted: usize,
    /// How many were selected.
    selected: usize,
    /// Why, in words.
    why: String,
}

impl SelectionShortfall {
    pub(super) fn of(shortfall: &Shortfall) -> Self {
        let Shortfall { quota, wanted, selected, ref why } = *shortfall;
        Self { quota: quota + 1, wanted, selected, why: why.clone() }
    }
}
