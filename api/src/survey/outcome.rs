//! How what was answered becomes results: while a survey is open, when it closes, when they are published, and where they
//! turn out to be wrong.

use super::answers::Answers;
use super::moves::{self, Move};
use super::results::{FEW, ItemTable, finish, next_frame, whole};
use crate::auth::{Actor, Viewer};
use crate::database::{Alias, begin};
use crate::error::{Error, Result, ViolationCode};
use crate::policy::Action;
use crate::validation::Violations;
use crate::writing::{at_version, find_for, save};
use chrono::{DateTime, Utc};
use entity::ids::{PublishedResultId, SurveyId, SurveyItemId};
use entity::metric::Status as ResultStatus;
use entity::survey::{self, Entity, Model, Status};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ActiveEnum as _, ConnectionTrait, DatabaseConnection, DbBackend, FromQueryResult, Statement, Value};
use std::time::Duration;

/// Letters of a note at most.
const MAX_NOTE: usize = 2000;

const HOLD: &str = "SELECT status = 'open' AS is_open FROM survey WHERE id = $1 FOR UPDATE";
const WAITING: &str = "SELECT count(*) AS waiting FROM response WHERE survey_id = $1 AND NOT counted";
const COUNT: &str = "UPDATE response SET counted = true WHERE id = ANY($1)";
/// What was answered one by one, and what was written, is shown to those who may see it once nothing more comes in, and
/// only where it is of ten at least: of fewer, or of what came in between two looks, somebody could tell whose it is.
const COUNT_ALL: [&str; 2] = [
    "UPDATE response SET counted = true
     WHERE survey_id = $1 AND (SELECT count(*) FROM response WHERE survey_id = $1) >= $2",
    "UPDATE written_answer SET counted = true WHERE item_id IN (
       SELECT item_id FROM written_answer JOIN survey_item ON survey_item.id = item_id
       WHERE survey_id = $1 GROUP BY item_id HAVING count(*) >= $2)",
];
const FORGET_BALLOTS: &str = "DELETE FROM ballot WHERE survey_id = $1";
const SHUFFLE: &str = "SELECT shuffle_answers($1)";
const LAST: &str = "SELECT number, responses, tables, full_tables FROM published_result WHERE survey_id = $1
    ORDER BY number DESC LIMIT 1";
const ADD: &str = "INSERT INTO published_result
    (id, survey_id, number, status, note, responses, tables, full_tables, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

/// A result as it is kept.
#[derive(FromQueryResult)]
struct Kept {
    number: i32,
    responses: Option<i32>,
    tables: serde_json::Value,
    full_tables: serde_json::Value,
}

/// A result to keep.
struct Outcome {
    status: ResultStatus,
    note: Option<String>,
    responses: Option<i32>,
    shown: Vec<ItemTable>,
    whole: Vec<ItemTable>,
}

/// How long whoever has answered waits for the count, at most.
const PATIENCE: Duration = Duration::from_secs(1);

/// The same apart from whoever has answered: the answer counts, whatever becomes of the count.
pub(crate) async fn refresh_apart(db: DatabaseConnection, survey: SurveyId, now: DateTime<Utc>) {
    let counting = tokio::spawn(async move {
        if let Err(error) = refresh(&db, survey, now).await {
            tracing::warn!(%error, "what came in was not counted; it is tried again with later answers");
        }
    });
    // Whether it is done by then does not matter.
    let _ = tokio::time::timeout(PATIENCE, counting).await;
}

/// Counts what has come in meanwhile, where enough has. Called once something was answered, in a transaction of its own.
async fn refresh(db: &DatabaseConnection, survey: SurveyId, now: DateTime<Utc>) -> Result<()> {
    let waiting = db.query_one_raw(of(WAITING, survey)).await?;
    let waiting: i64 = waiting.map(|row| row.try_get("", "waiting")).transpose()?.unwrap_or_default();
    let few = i64::from(FEW);
    // Not at every answer: each look reads all that waits.
    if waiting < few || waiting % few != 0 {
        return Ok(());
    }
    let transaction = begin(db).await?;
    let held = transaction.query_one_raw(of(HOLD, survey)).await?;
    if held.map(|row| row.try_get("", "is_open")).transpose()? != Some(true) {
        return Ok(());
    }
    if add_frame(&transaction, survey, now).await? {
        transaction.query_one_raw(of(SHUFFLE, survey)).await?;
    }
    Ok(transaction.commit().await?)
}

/// Adds a result of half of what waits, where it may be shown; says whether it was.
async fn add_frame(db: &impl ConnectionTrait, survey: SurveyId, now: DateTime<Utc>) -> Result<bool> {
    let answers = Answers::of(db, survey).await?;
    let last = last(db, survey).await?;
    let shown_before = last.as_ref().map(Kept::shown).transpose()?;
    let (before, (new, held)) = (answers.counted(), answers.halves());
    let frame =
        next_frame(&answers.count(&before), &answers.count(&new), &answers.count(&held), shown_before.as_deref());
    let Some(shown) = frame else { return Ok(false) };
    let counted: Vec<_> = before.iter().chain(&new).copied().collect();
    let outcome = Outcome {
        status: ResultStatus::Preliminary,
        note: None,
        responses: i32::try_from(counted.len()).ok(),
        shown,
        whole: whole(&answers.count(&counted)),
    };
    db.execute_raw(statement(COUNT, [new.into()])).await?;
    add(db, survey, outcome, (last.as_ref(), now)).await?;
    Ok(true)
}

/// Takes no more answers, and counts those that are there.
pub(crate) async fn close(db: &impl ConnectionTrait, actor: Actor<'_>, id: SurveyId, version: i32) -> Result<Model> {
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let row = survey::Model { status: moves::moved(before.status, Move::Close)?, ..before.clone() };
    let id = before.id;
    let saved = save::<Entity>(db, actor, before, row, &[]).await?;
    db.execute_raw(of(FORGET_BALLOTS, id)).await?;
    for count in COUNT_ALL {
        db.execute_raw(statement(count, [id.into(), i64::from(FEW).into()])).await?;
    }
    let count = Answers::of(db, id).await?.count_all();
    let last = last(db, id).await?;
    let shown_before = last.as_ref().map(Kept::shown).transpose()?;
    let outcome = Outcome {
        status: ResultStatus::Final,
        note: None,
        responses: i32::try_from(count.responses).ok().filter(|_| count.responses >= FEW),
        shown: finish(&count, shown_before.as_deref()),
        whole: if count.responses >= FEW { whole(&count) } else { Vec::new() },
    };
    add(db, id, outcome, (last.as_ref(), actor.now)).await?;
    db.query_one_raw(of(SHUFFLE, id)).await?;
    Ok(saved)
}

/// Shows everybody the final results.
pub(crate) async fn publish(db: &impl ConnectionTrait, actor: Actor<'_>, id: SurveyId, version: i32) -> Result<Model> {
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let row = survey::Model { status: moves::moved(before.status, Move::Publish)?, ..before.clone() };
    save::<Entity>(db, actor, before, row, &[]).await
}

/// What is wrong with published results.
pub(crate) struct Correction {
    /// What was wrong, for those who read them.
    pub note: String,
    /// The questions whose answers are not to be relied on: their tables are taken out.
    pub withdrawn: Vec<SurveyItemId>,
}

/// Adds corrected results. What stood before stays as it was; no count changes, so that none can be had by subtraction.
pub(crate) async fn correct(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    (id, version): (SurveyId, i32),
    correction: Correction,
) -> Result<Model> {
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    moves::only_in(Status::Published, row.status, "Only published results are corrected.")?;
    let kept = last(db, row.id).await?.ok_or_else(|| Error::internal("a published survey has no result"))?;
    let (mut shown, mut whole) = (kept.shown()?, tables(&kept.full_tables)?);
    let mut violations = Violations::default();
    let note = correction.note.trim().to_owned();
    let fits = (1..=MAX_NOTE).contains(&note.chars().count());
    violations.check(fits, "note", "Say in 1 to 2,000 letters what was wrong.");
    for item in &correction.withdrawn {
        if !shown.iter().any(|table| table.item == item.0) {
            let message = "There is no such question in these results.";
            violations.add("withdrawnItemIds", ViolationCode::NotFound, message);
        }
    }
    violations.finish()?;
    let stays = |table: &ItemTable| !correction.withdrawn.iter().any(|item| item.0 == table.item);
    shown.retain(stays);
    whole.retain(stays);
    let outcome =
        Outcome { status: ResultStatus::Corrected, note: Some(note), responses: kept.responses, shown, whole };
    add(db, row.id, outcome, (Some(&kept), actor.now)).await?;
    crate::writing::touch::<Entity>(db, actor, row).await
}

/// Where a survey stands, for those who see it.
pub(crate) async fn standing(db: &impl ConnectionTrait, viewer: &Viewer, survey: SurveyId) -> Result<Option<Status>> {
    let rows = Alias::new("t0");
    let mut select = rows.select_from::<Entity>();
    select
        .expr_as(rows.col(survey::Column::Status), "status")
        .and_where(rows.col(survey::Column::Id).eq(survey))
        .and_where(viewer.visible::<Entity>(&rows));
    Ok(db.query_one(&select).await?.map(|row| row.try_get("", "status")).transpose()?)
}

impl Kept {
    fn shown(&self) -> Result<Vec<ItemTable>> {
        tables(&self.tables)
    }
}

/// Tables as they were kept.
pub(crate) fn tables(kept: &serde_json::Value) -> Result<Vec<ItemTable>> {
    serde_json::from_value(kept.clone()).map_err(Error::internal)
}

async fn last(db: &impl ConnectionTrait, survey: SurveyId) -> Result<Option<Kept>> {
    Ok(Kept::find_by_statement(of(LAST, survey)).one(db).await?)
}

async fn add(
    db: &impl ConnectionTrait,
    survey: SurveyId,
    outcome: Outcome,
    (last, now): (Option<&Kept>, DateTime<Utc>),
) -> Result<()> {
    let number = last.map_or(1, |last| last.number.saturating_add(1));
    let json = |tables: &[ItemTable]| serde_json::to_value(tables).map_err(Error::internal);
    let values = [
        PublishedResultId::new().into(),
        survey.into(),
        number.into(),
        outcome.status.to_value().into(),
        outcome.note.into(),
        outcome.responses.into(),
        json(&outcome.shown)?.into(),
        json(&outcome.whole)?.into(),
        now.into(),
    ];
    db.execute_raw(statement(ADD, values)).await?;
    Ok(())
}

fn of(sql: &str, survey: SurveyId) -> Statement {
    statement(sql, [survey.into()])
}

fn statement<const N: usize>(sql: &str, values: [Value; N]) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}
