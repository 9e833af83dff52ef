//! Composition rules: which seats a district's team is made of.

use super::input::NewRule;
use super::validate;
use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize};
use crate::validation::{Meaning, Violations, refused};
use entity::ids::{CompositionRuleId, RequiredSeatId};
use entity::{composition_rule, required_seat};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};

const MEANINGS: &[Meaning] = &[
    ("composition_rule_version_key", "version", ViolationCode::Taken, "Another rule has this number. Try again."),
    ("required_seat_once", "seats", ViolationCode::Taken, "A rule names each seat once."),
];

/// Adds a composition rule: of its number, or else behind the last.
pub(crate) async fn create(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    new: NewRule,
) -> Result<composition_rule::Model> {
    authorize(actor.viewer, Kind::CompositionRule, Action::Create)?;
    validate::new_rule(&new)?;
    let version = match new.version {
        Some(version) => version,
        None => behind_the_last(db).await?,
    };
    let row = composition_rule::ActiveModel {
        id: Set(CompositionRuleId::new()),
        version: Set(version),
        created_at: Set(actor.now),
    };
    let rule = row.insert(db).await.map_err(|error| refused(error, MEANINGS))?;
    for (position, seat) in (1..).zip(new.seats) {
        let row = required_seat::ActiveModel {
            id: Set(RequiredSeatId::new()),
            rule_id: Set(rule.id),
            position: Set(position),
            seat: Set(seat.seat),
            minimum: Set(seat.minimum),
            maximum: Set(seat.maximum),
            label: Set(seat.label),
        };
        row.insert(db).await.map_err(|error| refused(error, MEANINGS))?;
    }
    Ok(rule)
}

async fn behind_the_last(db: &impl ConnectionTrait) -> Result<i32> {
    let last = composition_rule::Entity::find().order_by_desc(composition_rule::Column::Version).one(db).await?;
    Ok(last.map_or(1, |rule| rule.version.saturating_add(1)))
}

/// The rule of a version, where one is named. Rules are nobody's secret.
pub(super) async fn of_version(
    db: &impl ConnectionTrait,
    version: Option<i32>,
    violations: &mut Violations,
) -> Result<Option<CompositionRuleId>> {
    let Some(version) = version else { return Ok(None) };
    let rules = composition_rule::Entity::find().filter(composition_rule::Column::Version.eq(version));
    let rule = rules.one(db).await?;
    if rule.is_none() {
        let message = format!("There is no composition rule of version {version}.");
        violations.add("compositionRule", ViolationCode::NotFound, message);
    }
    Ok(rule.map(|rule| rule.id))
}
