//! What can be done with convenings as a whole.

use super::input::{ConveningPatch, NewConvening};
use super::moves::{self, Move};
use super::{blocks, change, parts, rules, validate};
use crate::agenda;
use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize_some};
use crate::selection::service::{Letters, offer_what_is_free};
use crate::validation::{Meaning, Violations};
use crate::writing::{at_version, find_for, free_slug, insert, refer, remove, save, touch};
use entity::convening::{Entity, Model, Status};
use entity::ids::{CompositionRuleId, ConveningId};
use entity::{county, organization, region};
use sea_orm::ConnectionTrait;

/// Where a convening takes place if nobody says: the initiative's own time zone.
const TIME_ZONE: &str = "America/Los_Angeles";

const MEANINGS: &[Meaning] =
    &[("convening_slug_key", "slug", ViolationCode::Taken, "Another convening has this slug.")];

/// Adds a convening.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, mut new: NewConvening) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Convening, Action::Create)?;
    let mut violations = Violations::default();
    refer::<organization::Entity>(db, actor.viewer, ("organizerId", new.organizer.as_mut()), &mut violations).await?;
    refer::<region::Entity>(db, actor.viewer, ("regionId", new.region.as_mut()), &mut violations).await?;
    refer::<county::Entity>(db, actor.viewer, ("venue.countyId", new.venue.county.as_mut()), &mut violations).await?;
    let rule = rules::of_version(db, new.composition_rule, &mut violations).await?;
    let (strands, new_blocks) = (new.strands.clone(), new.blocks.clone());
    let slug = free_slug::<Entity>(db, new.slug.clone(), &new.title, None).await?;
    let row = row(actor, new, slug, rule);
    let new_blocks = blocks::rows(row.id, new_blocks);
    validate::convening(&row, &mut violations);
    validate::strands(&strands, &mut violations);
    for block in &new_blocks {
        validate::block(block, &mut violations);
    }
    violations.finish()?;
    let convening = insert::<Entity>(db, actor, row, MEANINGS).await?;
    parts::set_strands(db, convening.id, strands).await?;
    blocks::add_all(db, new_blocks).await?;
    Ok(convening)
}

/// The row of a new convening.
fn row(actor: Actor<'_>, new: NewConvening, slug: String, rule: Option<CompositionRuleId>) -> Model {
    let (announced, agenda_published, decisions_published) = moves::made_public(new.status);
    Model {
        id: ConveningId::new(),
        slug,
        title: new.title,
        kind: new.kind,
        status: new.status,
        announced,
        agenda_published,
        decisions_published,
        description: new.description,
        starts_on: new.starts_on,
        ends_on: new.ends_on,
        time_zone: new.time_zone.unwrap_or_else(|| TIME_ZONE.to_owned()),
        venue_name: new.venue.name,
        venue_city: new.venue.city,
        venue_address: new.venue.address,
        venue_county_id: new.venue.county,
        website: new.website,
        hosted_by_initiative: new.hosted_by_initiative,
        organizer_id: new.organizer,
        region_id: new.region,
        offering_id: new.offering,
        applications_open_at: new.applications_open_at,
        applications_close_at: new.applications_close_at,
        roster_freezes_at: new.roster_freezes_at,
        composition_rule_id: rule,
        team_capacity: new.team_capacity,
        capacity_reasons: new.capacity_reasons,
        statements_value: new.statements_of_interest.map(|(value, _)| value),
        statements_qualifier: new.statements_of_interest.map(|(_, qualifier)| qualifier),
        objectives: new.objectives,
        sources: new.sources,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    }
}

/// Changes what is named of a convening. Its row is locked meanwhile, so that nobody takes a place, or puts a time on
/// its agenda, that the change leaves no room for. Places that come with a greater capacity are offered at once: the
/// letters to send are told with the row.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: ConveningId,
    version: i32,
    mut patch: ConveningPatch,
) -> Result<(Model, Letters)> {
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let mut violations = Violations::default();
    refer::<organization::Entity>(db, actor.viewer, ("organizerId", patch.organizer.value_mut()), &mut violations)
        .await?;
    refer::<region::Entity>(db, actor.viewer, ("regionId", patch.region.value_mut()), &mut violations).await?;
    let venue_county = patch.venue.value_mut().and_then(|venue| venue.county.value_mut());
    refer::<county::Entity>(db, actor.viewer, ("venue.countyId", venue_county), &mut violations).await?;
    let rule = rules::of_version(db, patch.composition_rule.value().copied(), &mut violations).await?;
    let strands = change::strands(&patch);
    let row = change::apply(&before, patch, rule, &mut violations);
    validate::convening(&row, &mut violations);
    if let Some(strands) = &strands {
        validate::strands(strands, &mut violations);
    }
    change::keeps_its_promises(db, (&before, &row), actor.now, &mut violations).await?;
    violations.finish()?;
    let parts_changed = match strands {
        Some(strands) => parts::set_strands(db, id, strands).await?,
        None => false,
    };
    let grows = row.team_capacity > before.team_capacity;
    let mut saved = save::<Entity>(db, actor, before, row, MEANINGS).await?;
    if parts_changed && saved.version == version {
        saved = touch::<Entity>(db, actor, saved).await?;
    }
    let letters = if grows { offer_what_is_free(db, &saved, actor.now).await? } else { Letters::default() };
    Ok((saved, letters))
}

/// Moves a convening to another state.
pub(crate) async fn make_move(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: ConveningId,
    version: i32,
    step: Move,
) -> Result<Model> {
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    if step == Move::OpenApplications && before.status == Status::Announced {
        let mut violations = Violations::default();
        validate::window_to_open(&before, actor.now, &mut violations);
        violations.finish()?;
    }
    let row = moves::moved(&before, step)?;
    let publishes = row.agenda_published && !before.agenda_published;
    let saved = save::<Entity>(db, actor, before, row, MEANINGS).await?;
    if publishes {
        agenda::service::make(db, actor, saved.id, None).await?;
    }
    Ok(saved)
}

/// Takes away a draft that nothing refers to, with what is part of it.
pub(crate) async fn delete(db: &impl ConnectionTrait, actor: Actor<'_>, id: ConveningId, version: i32) -> Result<()> {
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?;
    if row.status != Status::Draft {
        return Err(moves::illegal(&row, "Only a draft can be taken away; others are cancelled."));
    }
    parts::remove_all(db, id).await?;
    remove(db, row).await
}
