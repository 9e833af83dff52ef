//! What can be done with metrics.

use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize};
use crate::validation::{Meaning, Violations, refused};
use chrono::NaiveDate;
use entity::ids::{ConveningId, MetricId};
use entity::metric::{self, ActiveModel};
use entity::quantity::Qualifier;
use entity::source::Sources;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait};

/// A metric to add.
#[derive(Clone, Debug)]
pub(crate) struct NewMetric {
    /// The convening that it was reported of or at.
    pub convening: ConveningId,
    /// Its place in the report, from 1.
    pub position: i32,
    /// What was counted or measured.
    pub name: String,
    /// What it is counted in.
    pub unit: String,
    /// The number in the report.
    pub value: i32,
    /// How exactly the report means it.
    pub qualifier: Qualifier,
    /// How settled it is.
    pub status: metric::Status,
    /// The day that it speaks of.
    pub as_of: Option<NaiveDate>,
    /// Where these facts come from.
    pub sources: Sources,
}

const MEANINGS: &[Meaning] = &[
    ("metric_position_key", "position", ViolationCode::Taken, "Another metric has this place."),
    ("metric_convening_fkey", "conveningId", ViolationCode::NotFound, "There is no such convening."),
];

/// Adds a metric.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, new: NewMetric) -> Result<metric::Model> {
    authorize(actor.viewer, Kind::Convening, Action::Create)?;
    let mut violations = Violations::default();
    violations.title("name", &new.name);
    violations.title("unit", &new.unit);
    violations.check(new.position > 0, "position", "Places are counted from 1.");
    violations.finish()?;
    let row = ActiveModel {
        id: Set(MetricId::new()),
        convening_id: Set(new.convening),
        position: Set(new.position),
        name: Set(new.name),
        unit: Set(new.unit),
        value: Set(new.value),
        qualifier: Set(new.qualifier),
        status: Set(new.status),
        as_of: Set(new.as_of),
        sources: Set(new.sources),
        version: Set(1),
        created_at: Set(actor.now),
        updated_at: Set(actor.now),
    };
    row.insert(db).await.map_err(|error| refused(error, MEANINGS))
}
