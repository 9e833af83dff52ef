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
};

const MEANINGS: &[Meaning] = &[
    ("composition_rule_version_key", "version", ViolationCode::Taken, "Another rule has this number."),
    ("required_seat_once", "seats", ViolationCode::Taken, "A rule names each seat once."),
];

/// Adds a composition rule.
pub(crate) async fn create(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    new: NewRule,
) -> Result<composition_rule::Model> {
    authorize(actor.viewer, Kind::Convening, Action::Create)?;
    validate::new_rule(&new)?;
    let row = composition_rule::ActiveModel {
        id: Set(CompositionRuleId::new()),
        version: Set(new.version),
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
