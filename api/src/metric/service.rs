//! What can be done with metrics.

use crate::auth::Actor;
use crate::error::Result;
use crate::policy::{Action, Kind, authorize_some};
use crate::validation::Violations;
use crate::writing::{Patch, at_version, find_for, insert, next_place, remove, save};
use chrono::NaiveDate;
use entity::convening;
use entity::ids::{ConveningId, MetricId};
use entity::metric::{Column, Entity, Model, Status};
use entity::quantity::Qualifier;
use entity::source::Sources;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};

/// A metric to add, behind the others of its convening.
#[derive(Clone, Debug)]
pub(crate) struct NewMetric {
    /// The convening that it was reported of or at.
    pub convening: ConveningId,
    /// What was counted or measured.
    pub name: String,
    /// What it is counted in.
    pub unit: String,
    /// The number in the report, and how exactly the report means it.
    pub quantity: (i32, Qualifier),
    /// How settled it is.
    pub status: Status,
    /// The day that it speaks of.
    pub as_of: Option<NaiveDate>,
    /// Where these facts come from.
    pub sources: Sources,
}

/// What is to change of a metric.
#[derive(Clone, Debug, Default)]
pub(crate) struct MetricPatch {
    /// What was counted or measured.
    pub name: Patch<String>,
    /// What it is counted in.
    pub unit: Patch<String>,
    /// The number in the report, and how exactly the report means it.
    pub quantity: Patch<(i32, Qualifier)>,
    /// How settled it is.
    pub status: Patch<Status>,
    /// The day that it speaks of.
    pub as_of: Patch<NaiveDate>,
    /// Where these facts come from.
    pub sources: Patch<Sources>,
}

/// Adds a metric. Its convening is locked, so that each finds its place.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, new: NewMetric) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Convening, Action::Create)?;
    let convening = find_for::<convening::Entity>(db, actor.viewer, new.convening, Action::Update).await;
    let convening = convening.map_err(|error| error.at_field("conveningId"))?.id;
    let mut violations = Violations::default();
    let (value, qualifier) = new.quantity;
    let row = Model {
        id: MetricId::new(),
        convening_id: convening,
        position: next_place(db, Entity::find().filter(Column::ConveningId.eq(convening))).await?,
        name: new.name,
        unit: new.unit,
        value,
        qualifier,
        status: new.status,
        as_of: new.as_of,
        sources: new.sources,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    validate(&row, &mut violations);
    violations.finish()?;
    insert::<Entity>(db, actor, row, &[]).await
}

/// Changes what is named of a metric.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: MetricId,
    version: i32,
    patch: MetricPatch,
) -> Result<Model> {
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let mut violations = Violations::default();
    let (mut row, mut quantity) = (before.clone(), (before.value, before.qualifier));
    patch.name.apply_required("name", &mut row.name, &mut violations);
    patch.unit.apply_required("unit", &mut row.unit, &mut violations);
    patch.quantity.apply_required("quantity", &mut quantity, &mut violations);
    (row.value, row.qualifier) = quantity;
    patch.status.apply_required("status", &mut row.status, &mut violations);
    patch.as_of.apply(&mut row.as_of);
    patch.sources.apply_or_default(&mut row.sources);
    validate(&row, &mut violations);
    violations.finish()?;
    save::<Entity>(db, actor, before, row, &[]).await
}

/// Takes a metric away.
pub(crate) async fn delete(db: &impl ConnectionTrait, actor: Actor<'_>, id: MetricId, version: i32) -> Result<()> {
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?;
    remove(db, row).await
}

fn validate(row: &Model, violations: &mut Violations) {
    violations.title("name", &row.name);
    violations.title("unit", &row.unit);
    violations.sources("sources", &row.sources);
}
