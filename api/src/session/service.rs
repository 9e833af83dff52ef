//! What can be done with sessions.

use super::{agenda, validate};
use crate::auth::Actor;
use crate::database::Alias;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, Resource, authorize_some};
use crate::validation::{Meaning, Violations, refused};
use crate::writing::{Patch, at_version, find_for, free_slug, in_use, insert, remove, save};
use chrono::NaiveDate;
use entity::ids::{ConveningId, SessionBlockId, SessionId, StrandId};
use entity::session::{self, Entity, Model};
use entity::source::Sources;
use entity::{convening, session_block, session_relation, slot, speaker, strand};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

/// A session to add.
#[derive(Clone, Debug)]
pub(crate) struct NewSession {
    /// The convening on whose agenda it is.
    pub convening: ConveningId,
    /// Its short name in addresses, unique within its convening; made from the title where nothing is said.
    pub slug: Option<String>,
    /// Its number.
    pub number: Option<i32>,
    /// Its title.
    pub title: String,
    /// What happens in it.
    pub format: session::Format,
    /// The place of the theme that it belongs to, among the convening's.
    pub strand: Option<i32>,
    /// The place of the block that it is offered in, among the convening's.
    pub block: Option<i32>,
    /// What it is about.
    pub r#abstract: Option<String>,
    /// How long it takes.
    pub duration_minutes: Option<i32>,
    /// The day that it is on.
    pub date: Option<NaiveDate>,
    /// The questions put to a panel.
    pub questions: Vec<String>,
    /// Whether its speakers are everybody.
    pub speakers_complete: bool,
    /// Where these facts come from.
    pub sources: Sources,
}

/// What is to change of a session.
#[derive(Clone, Debug, Default)]
pub(crate) struct SessionPatch {
    /// Its number.
    pub number: Patch<i32>,
    /// Its title.
    pub title: Patch<String>,
    /// What happens in it.
    pub format: Patch<session::Format>,
    /// The place of the theme that it belongs to, among the convening's.
    pub strand: Patch<i32>,
    /// The place of the block that it is offered in, among the convening's.
    pub block: Patch<i32>,
    /// What it is about.
    pub r#abstract: Patch<String>,
    /// How long it takes.
    pub duration_minutes: Patch<i32>,
    /// The day that it is on.
    pub date: Patch<NaiveDate>,
    /// The questions put to a panel.
    pub questions: Patch<Vec<String>>,
    /// Whether its speakers are everybody.
    pub speakers_complete: Patch<bool>,
    /// Where these facts come from.
    pub sources: Patch<Sources>,
}

const MEANINGS: &[Meaning] = &[
    ("session_slug_key", "slug", ViolationCode::Taken, "Another session of this convening has this slug."),
    (
        "seat_assignment_round_once",
        "block",
        ViolationCode::Conflict,
        "Somebody with a seat here has another seat in the same round of that block. Free one of the two first.",
    ),
];

/// Adds a session.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, new: NewSession) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Agenda, Action::Create)?;
    let convening = find_for::<convening::Entity>(db, actor.viewer, new.convening, Action::Update).await;
    let convening = convening.map_err(|error| error.at_field("conveningId"))?;
    let mut violations = Violations::default();
    let row = Model {
        id: SessionId::new(),
        convening_id: convening.id,
        slug: free_slug::<Entity>(db, new.slug, &new.title, Some(("convening_id", convening.id.into()))).await?,
        number: new.number,
        title: new.title,
        format: new.format,
        strand_id: strand_at(db, convening.id, new.strand, &mut violations).await?,
        block_id: block_at(db, convening.id, new.block, &mut violations).await?,
        r#abstract: new.r#abstract,
        duration_minutes: new.duration_minutes,
        date: new.date,
        questions: new.questions,
        speakers_complete: new.speakers_complete,
        sources: new.sources,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    validate::session(&row, &convening, &mut violations);
    violations.finish()?;
    insert::<Entity>(db, actor, row, MEANINGS).await
}

/// Changes what is named of a session.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: SessionId,
    version: i32,
    patch: SessionPatch,
) -> Result<Model> {
    let convening = agenda::of_part::<Entity>(db, actor.viewer, id).await?;
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let mut violations = Violations::default();
    let mut row = before.clone();
    let strand = strand_at(db, convening.id, patch.strand.value().copied(), &mut violations).await?;
    let block = block_at(db, convening.id, patch.block.value().copied(), &mut violations).await?;
    patch.number.apply(&mut row.number);
    patch.title.apply_required("title", &mut row.title, &mut violations);
    patch.format.apply_required("format", &mut row.format, &mut violations);
    if patch.strand.is_given() {
        row.strand_id = strand;
    }
    if patch.block.is_given() {
        row.block_id = block;
    }
    patch.r#abstract.apply(&mut row.r#abstract);
    patch.duration_minutes.apply(&mut row.duration_minutes);
    patch.date.apply(&mut row.date);
    patch.questions.apply_or_default(&mut row.questions);
    patch.speakers_complete.apply_required("speakersComplete", &mut row.speakers_complete, &mut violations);
    patch.sources.apply_or_default(&mut row.sources);
    validate::session(&row, &convening, &mut violations);
    violations.finish()?;
    save::<Entity>(db, actor, before, row, MEANINGS).await
}

/// Takes away a session with its speakers and its slots, where nobody has a seat in one and no resource is about it.
pub(crate) async fn delete(db: &impl ConnectionTrait, actor: Actor<'_>, id: SessionId, version: i32) -> Result<()> {
    agenda::of_part::<Entity>(db, actor.viewer, id).await?;
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?;
    speaker::Entity::delete_many().filter(speaker::Column::SessionId.eq(id)).exec(db).await.map_err(in_use)?;
    slot::Entity::delete_many().filter(slot::Column::SessionId.eq(id)).exec(db).await.map_err(in_use)?;
    remove(db, row).await
}

/// Notes that two sessions are on one subject.
pub(crate) async fn relate(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    one: SessionId,
    other: SessionId,
) -> Result<()> {
    const MEANINGS: &[Meaning] = &[
        ("session_relation_pkey", "relatedId", ViolationCode::Taken, "The two sessions are related already."),
        ("session_relation_other", "relatedId", ViolationCode::Invalid, "A session is not related to itself."),
    ];
    find_both(db, actor, one, other).await?;
    let pair = |session, related| session_relation::ActiveModel { session_id: Set(session), related_id: Set(related) };
    // Both at once: each of the two rows holds the other in place.
    let both = session_relation::Entity::insert_many([pair(one, other), pair(other, one)]);
    both.exec_without_returning(db).await.map(drop).map_err(|error| refused(error, MEANINGS))
}

/// Takes back that two sessions are on one subject.
pub(crate) async fn unrelate(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    one: SessionId,
    other: SessionId,
) -> Result<()> {
    use session_relation::Column::{RelatedId, SessionId};
    find_both(db, actor, one, other).await?;
    let pair = |one, other| Condition::all().add(SessionId.eq(one)).add(RelatedId.eq(other));
    let both = Condition::any().add(pair(one, other)).add(pair(other, one));
    let removed = session_relation::Entity::delete_many().filter(both).exec(db).await?;
    let mut violations = Violations::default();
    if removed.rows_affected == 0 {
        violations.add("relatedId", ViolationCode::NotFound, "The two sessions are not related.");
    }
    violations.finish()
}

/// Two sessions for whoever may change both: a relation is shown with each of them.
async fn find_both(db: &impl ConnectionTrait, actor: Actor<'_>, one: SessionId, other: SessionId) -> Result<()> {
    agenda::of_both(db, one.into(), other.into()).await?;
    find_for::<Entity>(db, actor.viewer, one, Action::Update).await?;
    let other = find_for::<Entity>(db, actor.viewer, other, Action::Update).await;
    other.map(drop).map_err(|error| error.at_field("relatedId"))
}

/// The strand at a place of a convening, from 1.
async fn strand_at(
    db: &impl ConnectionTrait,
    convening: ConveningId,
    place: Option<i32>,
    violations: &mut Violations,
) -> Result<Option<StrandId>> {
    let key = at_place::<strand::Entity>(db, convening, ("strand", place), violations).await?;
    Ok(key.map(StrandId::from))
}

/// The block at a place of a convening, from 1.
async fn block_at(
    db: &impl ConnectionTrait,
    convening: ConveningId,
    place: Option<i32>,
    violations: &mut Violations,
) -> Result<Option<SessionBlockId>> {
    let key = at_place::<session_block::Entity>(db, convening, ("block", place), violations).await?;
    Ok(key.map(SessionBlockId::from))
}

/// What a convening has at a place of one of its lists, which the field of an input names.
async fn at_place<E: Resource>(
    db: &impl ConnectionTrait,
    convening: ConveningId,
    (field, place): (&str, Option<i32>),
    violations: &mut Violations,
) -> Result<Option<Uuid>> {
    let Some(place) = place else { return Ok(None) };
    let rows = Alias::new("t0");
    let mut select = rows.select_from::<E>();
    select
        .expr(rows.computed("id"))
        .and_where(rows.computed("convening_id").eq(convening))
        .and_where(rows.computed("position").eq(place));
    let key = db.query_one(&select).await?.map(|row| row.try_get("", "id")).transpose()?;
    if key.is_none() {
        violations.add(field, ViolationCode::NotFound, format!("The convening has no {field} {place}."));
    }
    Ok(key)
}
