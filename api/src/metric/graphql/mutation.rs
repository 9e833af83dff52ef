//! How metrics are added, changed and taken away.

use super::object::{Metric, ResultStatus};
use crate::convening::QuantityInput;
use crate::error::{Error, Result};
use crate::graphql::{Date, GlobalId, NodeType, Nullable, SourceInput, payload, take_away, write};
use crate::metric::service::{self, MetricPatch, NewMetric};
use crate::writing::Patch;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::ids::MetricId;
use entity::metric;

/// A figure to add, behind the others of its convening.
#[derive(Debug, InputObject)]
pub(crate) struct CreateMetricInput {
    /// The convening that it was reported of or at.
    convening_id: ID,
    /// What was counted or measured.
    name: String,
    /// What it is counted in, for example `district teams`.
    unit: String,
    /// The figure, with the report's own precision: "over 95" is 95 with `MORE_THAN`.
    quantity: QuantityInput,
    /// How settled it is.
    status: ResultStatus,
    /// The day that it speaks of.
    as_of: Option<Date>,
    /// Where these facts come from.
    sources: Option<Vec<SourceInput>>,
}

/// What is to change of a figure: absent leaves a field as it is, null empties it.
#[derive(Debug, InputObject)]
pub(crate) struct UpdateMetricInput {
    /// What was counted or measured; it cannot be emptied.
    name: MaybeUndefined<String>,
    /// What it is counted in; it cannot be emptied.
    unit: MaybeUndefined<String>,
    /// The figure, with the report's own precision; it cannot be emptied.
    quantity: MaybeUndefined<QuantityInput>,
    /// How settled it is; it cannot be emptied.
    status: MaybeUndefined<ResultStatus>,
    /// The day that it speaks of.
    as_of: MaybeUndefined<Date>,
    /// Where these facts come from; all of it, what stands included.
    sources: MaybeUndefined<Vec<SourceInput>>,
}

impl TryFrom<CreateMetricInput> for NewMetric {
    type Error = Error;

    fn try_from(input: CreateMetricInput) -> Result<Self> {
        Ok(Self {
            convening: GlobalId::key_of(&input.convening_id, NodeType::Convening)?,
            name: input.name,
            unit: input.unit,
            quantity: input.quantity.into(),
            status: input.status.into(),
            as_of: input.as_of.map(|date| date.0),
            sources: SourceInput::all(input.sources.unwrap_or_default()),
        })
    }
}

impl From<UpdateMetricInput> for MetricPatch {
    fn from(input: UpdateMetricInput) -> Self {
        Self {
            name: input.name.into(),
            unit: input.unit.into(),
            quantity: Patch::from(input.quantity).map(Into::into),
            status: Patch::from(input.status).map(metric::Status::from),
            as_of: Patch::from(input.as_of).map(|date| date.0),
            sources: Patch::from(input.sources).map(SourceInput::all),
        }
    }
}

fn key(id: &ID) -> Result<MetricId> {
    GlobalId::key_of(id, NodeType::Metric)
}

payload!(
    /// What came of adding a figure.
    CreateMetricPayload {
        /// The new figure; null where it was not added.
        metric: Metric = metric::Entity
    }
);

payload!(
    /// What came of changing a figure.
    UpdateMetricPayload {
        /// The figure as it is now; null where it was not changed.
        metric: Metric = metric::Entity
    }
);

payload!(
    /// What came of taking a figure away.
    DeleteMetricPayload {
        /// The figure as it was; null where it was not taken away.
        metric: Metric = metric::Entity
    }
);

/// Changes of metrics.
#[derive(Debug, Default)]
pub(crate) struct MetricMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl MetricMutation {
    /// Adds a figure that was reported of a convening or at it.
    async fn create_metric(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known of it.")] input: CreateMetricInput,
    ) -> Nullable<CreateMetricPayload> {
        write(ctx, async |db, actor| Ok(service::create(db, actor, input.try_into()?).await?.id)).await
    }

    /// Changes what the input names of a figure.
    async fn update_metric(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What is to change.")] input: UpdateMetricInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UpdateMetricPayload> {
        write(ctx, async |db, actor| Ok(service::update(db, actor, key(&id)?, version, input.into()).await?.id)).await
    }

    /// Takes a figure away.
    async fn delete_metric(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<DeleteMetricPayload> {
        take_away(ctx, key(&id), async |db, actor| service::delete(db, actor, key(&id)?, version).await).await
    }
}
