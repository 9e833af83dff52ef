//! Answering. It takes two steps, in two transactions: a link is marked as used and opens a ballot, and the ballot is
//! cast. Nothing is kept that leads from the one to the other, and neither can be lost between them: a link opens its one
//! ballot again and again until that is cast, because the ballot's secret is made of the link's, which is not kept either.

use super::{items, validate};
use crate::auth::{Secret, hash_of};
use crate::error::{Error, Result, Violation, ViolationCode};
use crate::validation::Violations;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use entity::ids::{SurveyId, SurveyItemId};
use entity::survey::Audience;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use uuid::Uuid;

/// The survey of a link, held against being closed meanwhile, if it takes answers now. Where its convening is not
/// announced, or not any more, nobody could be shown what is asked.
const OF_LINK: &str = "SELECT survey.id FROM survey JOIN submission_marker AS marker ON marker.survey_id = survey.id
      LEFT JOIN convening ON convening.id = convening_id
    WHERE marker.token_hash = $1 AND survey.status = 'open' AND (opens_at IS NULL OR opens_at <= $2)
      AND (closes_at IS NULL OR closes_at > $2) AND (convening_id IS NULL OR announced)
    FOR SHARE OF survey";
const OF_BALLOT: &str = "SELECT survey.id FROM survey JOIN ballot ON ballot.survey_id = survey.id
    WHERE ballot.hash = $1 AND status = 'open' AND (opens_at IS NULL OR opens_at <= $2)
      AND (closes_at IS NULL OR closes_at > $2) FOR SHARE OF survey";
const TAKES_ANSWERS: &str = "SELECT survey.id FROM survey LEFT JOIN convening ON convening.id = convening_id
    WHERE survey.id = $1 AND survey.status = 'open' AND (opens_at IS NULL OR opens_at <= $2)
      AND (closes_at IS NULL OR closes_at > $2) AND audience = $3 AND (convening_id IS NULL OR announced)
    FOR SHARE OF survey";
const USE: &str = "UPDATE submission_marker SET used = true WHERE token_hash = $1 AND NOT used RETURNING survey_id";
const HAND_OUT: &str = "INSERT INTO ballot (hash, survey_id) VALUES ($1, $2)";
const IS_THERE: &str = "SELECT 1 AS found FROM ballot WHERE hash = $1";
const CONSUME: &str = "DELETE FROM ballot WHERE hash = $1 RETURNING survey_id";
const RESPOND: &str = "INSERT INTO response (survey_id) VALUES ($1) RETURNING id";
const ANSWER: &str = "INSERT INTO answer (response_id, item_id, chosen) VALUES ($1, $2, $3)";
const WRITE: &str = "INSERT INTO written_answer (item_id, text) VALUES ($1, $2)";

/// The right to answer a survey once.
pub(crate) struct Ballot {
    /// What is shown to cast it.
    pub secret: String,
    /// The survey.
    pub survey: SurveyId,
}

/// What somebody answers to one question.
#[derive(Clone, Debug)]
pub(crate) struct GivenAnswer {
    /// The question.
    pub item: SurveyItemId,
    /// How much somebody agrees.
    pub rating: Option<i32>,
    /// The places of what is chosen.
    pub choices: Option<Vec<i32>>,
    /// A number.
    pub number: Option<i32>,
    /// A text.
    pub text: Option<String>,
}

/// Opens the ballot of a link: once, and the same again as long as it was not cast.
pub(crate) async fn open(db: &impl ConnectionTrait, token: &str, now: DateTime<Utc>) -> Result<Ballot> {
    let survey = key(db, OF_LINK, [hash_of(token).into(), now.into()]).await?;
    let survey =
        survey.ok_or_else(|| refused("token", "This link is not good, or its survey takes no answers now."))?;
    let secret = of_link(token);
    // In a statement of its own: while the survey was waited for, its markers may have been put into another order.
    if key(db, USE, [hash_of(token).into()]).await?.is_some() {
        hand_out(db, &secret, survey.into()).await?;
    } else if db.query_one_raw(statement(IS_THERE, [hash_of(&secret).into()])).await?.is_none() {
        return Err(refused("token", "This link has been answered. Each is good for one answer."));
    }
    Ok(Ballot { secret, survey: survey.into() })
}

/// Opens a ballot of a survey that anybody may answer.
pub(crate) async fn open_public(db: &impl ConnectionTrait, survey: SurveyId, now: DateTime<Utc>) -> Result<Ballot> {
    let values = [survey.into(), now.into(), sea_orm::ActiveEnum::to_value(&Audience::PublicLink).into()];
    let survey = key(db, TAKES_ANSWERS, values).await?;
    let message = "There is no such survey that anybody may answer now.";
    let survey =
        survey.ok_or_else(|| Error::Invalid(vec![Violation::new("surveyId", ViolationCode::NotFound, message)]))?;
    let secret = Secret::new()?.reveal().to_owned();
    hand_out(db, &secret, survey.into()).await?;
    Ok(Ballot { secret, survey: survey.into() })
}

async fn hand_out(db: &impl ConnectionTrait, secret: &str, survey: SurveyId) -> Result<()> {
    db.execute_raw(statement(HAND_OUT, [hash_of(secret).into(), survey.into()])).await?;
    Ok(())
}

/// Casts a ballot: what is answered counts, and the ballot is gone. Which survey it was of.
pub(crate) async fn cast(
    db: &impl ConnectionTrait,
    ballot: &str,
    answers: Vec<GivenAnswer>,
    now: DateTime<Utc>,
) -> Result<SurveyId> {
    let hash = hash_of(ballot);
    let survey = key(db, OF_BALLOT, [hash.clone().into(), now.into()]).await?;
    let gone = || refused("ballot", "This ballot has been cast, or its survey takes no answers now.");
    let survey = survey.ok_or_else(gone)?;
    // Of many who cast it at once, one does.
    key(db, CONSUME, [hash.into()]).await?.ok_or_else(gone)?;
    let items = items::of(db, survey.into()).await?;
    let mut violations = Violations::default();
    validate::answers(&items, &answers, &mut violations);
    violations.finish()?;
    let response = db.query_one_raw(statement(RESPOND, [survey.into()])).await?;
    let response: Uuid = response.ok_or_else(|| Error::internal("an answer was not kept"))?.try_get("", "id")?;
    for answer in answers {
        let item = Value::from(answer.item);
        if let Some(text) = answer.text {
            db.execute_raw(statement(WRITE, [item, text.into()])).await?;
        } else {
            let chosen = answer.choices.or(answer.rating.or(answer.number).map(|one| vec![one])).unwrap_or_default();
            db.execute_raw(statement(ANSWER, [response.into(), item, chosen.into()])).await?;
        }
    }
    Ok(survey.into())
}

/// The secret of a link's ballot. Whoever has the link has it too, and nobody else: of both, hashes are kept.
fn of_link(token: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(hash_of(&format!("ballot of {token}")))
}

/// The one key that a statement answers.
async fn key<const N: usize>(db: &impl ConnectionTrait, sql: &str, values: [Value; N]) -> Result<Option<Uuid>> {
    let row = db.query_one_raw(statement(sql, values)).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

fn refused(field: &str, message: &str) -> Error {
    Error::Invalid(vec![Violation::new(field, ViolationCode::Invalid, message)])
}

fn statement<const N: usize>(sql: &str, values: [Value; N]) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}
