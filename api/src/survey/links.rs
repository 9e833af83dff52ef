//! The links by which participants and teams answer. Who holds one is kept under a hash, and of the link, too, only a hash
//! is kept: it is shown or sent once. A new one takes the place of one that was not used.

use super::moves;
use crate::account::Accounts;
use crate::auth::{Actor, Secret, hash_of};
use crate::error::{Error, Result, Violation, ViolationCode};
use crate::mail::Letter;
use crate::policy::{Action, Kind};
use crate::validation::Violations;
use crate::writing::{find_for, permit, refer};
use entity::ids::{SurveyId, TeamId};
use entity::survey::{Audience, Entity, Model, Status};
use entity::team;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};
use std::collections::HashMap;
use uuid::Uuid;

/// The members of teams that take part, each with the team's district and an address where one is known.
const PARTICIPANTS: &str = "
    SELECT team.id AS team, person.id AS key, person.name AS name, contact.email AS email
    FROM team JOIN team_member AS member ON member.team_id = team.id JOIN person ON person.id = member.person_id
      LEFT JOIN person_contact AS contact ON contact.person_id = person.id
    WHERE team.convening_id = $1 AND team.status IN ('confirmed', 'attended') AND ($2 OR team.id = ANY($3))
    ORDER BY team.id, member.id";
/// The teams that take part, each with the address of its lead.
const TEAMS: &str = "
    SELECT team.id AS team, team.id AS key, district.name AS name, (
      SELECT email FROM team_member AS member JOIN person_contact AS contact ON contact.person_id = member.person_id
      WHERE member.team_id = team.id AND member.is_lead LIMIT 1) AS email
    FROM team JOIN district ON district.id = team.district_id
    WHERE team.convening_id = $1 AND team.status IN ('confirmed', 'attended') AND ($2 OR team.id = ANY($3))
    ORDER BY team.id";
const ANNOUNCED: &str = "SELECT 1 AS found FROM convening WHERE id = $1 AND announced";
/// In the order of hashes, so that two who issue links at once wait for one another and never both.
const MARK: &str = "
    INSERT INTO submission_marker AS marker (survey_id, holder, token_hash)
    SELECT $1, holder, token_hash FROM unnest($2::bytea[], $3::bytea[]) AS given (holder, token_hash) ORDER BY holder
    ON CONFLICT (survey_id, holder) DO UPDATE SET token_hash = excluded.token_hash WHERE NOT marker.used
    RETURNING token_hash";

/// Somebody who may answer, or a team.
#[derive(Clone, Debug, FromQueryResult)]
struct Holder {
    team: Uuid,
    key: Uuid,
    name: String,
    email: Option<String>,
}

/// A link for somebody, or for a team.
pub(crate) struct SurveyLink {
    /// The team.
    pub team: TeamId,
    /// The person's name; of a team, the district's.
    pub name: String,
    /// Where it leads.
    pub url: String,
    /// The letter that brings it, where letters go out and an address is known.
    pub letter: Option<Letter>,
}

/// Makes links for all who may answer and have not yet, or for those of some teams.
pub(crate) async fn create(
    accounts: &Accounts,
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: SurveyId,
    teams: Option<Vec<TeamId>>,
) -> Result<Vec<SurveyLink>> {
    let survey = find_for::<Entity>(db, actor.viewer, id, Action::Update).await?;
    check(db, &survey).await?;
    issue(accounts, db, &survey, teams).await
}

/// Makes the link of a team for whoever leads it.
pub(crate) async fn create_for_team(
    accounts: &Accounts,
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    (mut survey, team): (SurveyId, TeamId),
) -> Result<SurveyLink> {
    let team = find_for::<team::Entity>(db, actor.viewer, team, Action::Update).await?;
    // Who alone writes and reads what is the team's own answers for it; those who run the convening send links.
    permit::<team::Entity>(db, actor.viewer, team.id, (Kind::TeamNote, Action::Update)).await?;
    let mut violations = Violations::default();
    let survey = refer::<Entity>(db, actor.viewer, ("surveyId", Some(&mut survey)), &mut violations).await?;
    violations.finish()?;
    let survey = survey.ok_or(Error::NotFound("survey"))?;
    check(db, &survey).await?;
    if survey.audience != Audience::OnePerTeam {
        return Err(refused("surveyId", "Here each participant answers alone. Ask the organizer for the links."));
    }
    let links = issue(accounts, db, &survey, Some(vec![team.id])).await?;
    let message = "The team does not take part in the survey's convening, or has answered.";
    links.into_iter().next().ok_or_else(|| refused("teamId", message))
}

/// Whether there are links of it now. Whoever follows one is shown what everybody is: of a convening that is not announced,
/// nothing.
async fn check(db: &impl ConnectionTrait, survey: &Model) -> Result<()> {
    moves::only_in(Status::Open, survey.status, "Links are made while answers are taken.")?;
    if survey.audience == Audience::PublicLink {
        return Err(refused("surveyId", "This survey takes no links: anybody answers it by its id."));
    }
    if db.query_one_raw(statement(ANNOUNCED, [survey.convening_id.into()])).await?.is_none() {
        return Err(refused("surveyId", "Its convening is not announced. Announce it, then make the links."));
    }
    Ok(())
}

async fn issue(
    accounts: &Accounts,
    db: &impl ConnectionTrait,
    survey: &Model,
    teams: Option<Vec<TeamId>>,
) -> Result<Vec<SurveyLink>> {
    let who = if survey.audience == Audience::OnePerTeam { TEAMS } else { PARTICIPANTS };
    let all = teams.is_none();
    let keys: Vec<Uuid> = teams.unwrap_or_default().into_iter().map(Into::into).collect();
    let holders = statement(who, [survey.convening_id.into(), all.into(), keys.into()]);
    let mut made: HashMap<Vec<u8>, (Holder, Secret)> = HashMap::new();
    let (mut marks, mut hashes) = (Vec::new(), Vec::new());
    for holder in Holder::find_by_statement(holders).all(db).await? {
        let secret = Secret::new()?;
        marks.push(hash_of(&format!("{} in {}", holder.key, survey.id.0)));
        hashes.push(secret.hash());
        made.insert(secret.hash(), (holder, secret));
    }
    let mut links = Vec::new();
    for row in db.query_all_raw(statement(MARK, [survey.id.into(), marks.into(), hashes.into()])).await? {
        let hash: Vec<u8> = row.try_get("", "token_hash")?;
        if let Some((holder, secret)) = made.remove(&hash) {
            links.push(link(accounts, survey, holder, &secret));
        }
    }
    links.sort_by(|one, other| (one.team, &one.name).cmp(&(other.team, &other.name)));
    Ok(links)
}

fn link(accounts: &Accounts, survey: &Model, holder: Holder, secret: &Secret) -> SurveyLink {
    let url = accounts.public_url.survey(secret);
    let letter = holder.email.filter(|_| accounts.mailer.is_on()).map(|to| Letter::survey(to, &survey.title, &url));
    SurveyLink { team: holder.team.into(), name: holder.name, url, letter }
}

fn refused(field: &str, message: &str) -> Error {
    Error::Invalid(vec![Violation::new(field, ViolationCode::Invalid, message)])
}

fn statement<const N: usize>(sql: &str, values: [Value; N]) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}
