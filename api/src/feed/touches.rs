//! Which nodes a change of a row may have touched: the table of what depends on what, for visibility and for content.
//!
//! It may name too much, at the price of looking in vain, and never too little: a feed is held against all that there is
//! from time to time ([`watch`](super::watch)), and a test does it after every mutation.

use super::advance::Written;
use super::audience::statement;
use super::told::{ALL, Told};
use crate::error::Result;
use crate::graphql::NodeType;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// Tables whose rows decide for a whole convening what is seen of it, and the convening is their subject.
const OF_CONVENINGS: [&str; 3] = ["convening", "agenda_release", "decision_publication"];

/// Types of which a release takes rows away that no history tells of; with those who are seen by speaking there.
const RELEASED: [NodeType; 6] =
    [NodeType::Session, NodeType::Slot, NodeType::Room, NodeType::Speaker, NodeType::Person, NodeType::Affiliation];

/// The nodes that are looked at.
pub(super) enum Touched {
    /// Those of these keys.
    These(Vec<Uuid>),
    /// All of the type.
    All,
}

/// What depends on rows of these keys (`$1`) and on all of these convenings (`$2`): a type and a key each. What was told of
/// such a row and is there no more is found by the audience's own rows (`$3`).
const TOUCHED: &str = "
    WITH sessions AS (
      SELECT id FROM session WHERE id = ANY ($1) OR strand_id = ANY ($1) OR convening_id = ANY ($2)
      UNION SELECT id FROM released_session WHERE id = ANY ($1) OR strand_id = ANY ($1) OR convening_id = ANY ($2)),
    speakers AS (
      SELECT id, person_id FROM speaker WHERE id = ANY ($1) OR person_id = ANY ($1) OR session_id IN (TABLE sessions)
      UNION SELECT id, person_id FROM released_speaker WHERE id = ANY ($1) OR person_id = ANY ($1) OR session_id IN (TABLE sessions)),
    own_teams AS (SELECT id, district_id, convening_id FROM team WHERE id = ANY ($1) OR convening_id = ANY ($2)),
    -- Whether it is a district's first time depends on its other teams; a place on a waiting list, on the others there.
    teams AS (
      SELECT id FROM team WHERE district_id IN (SELECT district_id FROM own_teams)
      UNION SELECT id FROM team WHERE waitlist_position IS NOT NULL AND convening_id IN (SELECT convening_id FROM own_teams)),
    members AS (
      SELECT id, person_id, team_id, convening_id FROM team_member
      WHERE id = ANY ($1) OR person_id = ANY ($1) OR team_id IN (SELECT id FROM own_teams)),
    affiliations AS (SELECT id, person_id FROM affiliation WHERE id = ANY ($1)),
    people AS (
      SELECT id FROM person WHERE id = ANY ($1)
      UNION SELECT person_id FROM speakers UNION SELECT person_id FROM members UNION SELECT person_id FROM affiliations),
    levels AS (SELECT id FROM experience_level WHERE id = ANY ($1) OR convening_id = ANY ($2)),
    surveys AS (SELECT id FROM survey WHERE id = ANY ($1) OR convening_id = ANY ($2)),
    touched (type, id) AS (
      SELECT 'Organization', id FROM organization WHERE id = ANY ($1)
      UNION ALL SELECT 'District', id FROM district WHERE id = ANY ($1)
      UNION ALL SELECT 'County', id FROM county WHERE id = ANY ($1)
      UNION ALL SELECT 'Region', id FROM region WHERE id = ANY ($1)
      UNION ALL SELECT 'Partnership', id FROM partnership WHERE id = ANY ($1)
      UNION ALL SELECT 'Person', id FROM people
      UNION ALL SELECT 'Affiliation', id FROM affiliation WHERE person_id IN (TABLE people)
      UNION ALL SELECT 'Merge', id FROM merge WHERE gone_id = ANY ($1) OR kept_id = ANY ($1) OR kept_id IN (TABLE people)
      UNION ALL SELECT 'Offering', id FROM offering WHERE id = ANY ($1)
      UNION ALL SELECT 'Offering', offering_id FROM interest WHERE id = ANY ($1)
      UNION ALL SELECT 'Interest', id FROM interest WHERE id = ANY ($1)
      UNION ALL SELECT 'Convening', id FROM convening WHERE id = ANY ($1) OR id = ANY ($2)
      UNION ALL SELECT 'Sponsorship', id FROM sponsorship WHERE id = ANY ($1) OR convening_id = ANY ($2)
      UNION ALL SELECT 'Delegation', id FROM delegation WHERE id = ANY ($1) OR convening_id = ANY ($2)
      UNION ALL SELECT 'Metric', id FROM metric WHERE id = ANY ($1) OR convening_id = ANY ($2)
      UNION ALL SELECT 'AgendaRelease', id FROM agenda_release WHERE id = ANY ($1) OR convening_id = ANY ($2)
      UNION ALL SELECT 'Room', id FROM room WHERE id = ANY ($1) OR convening_id = ANY ($2)
      UNION ALL SELECT 'Room', id FROM released_room WHERE id = ANY ($1) OR convening_id = ANY ($2)
      UNION ALL SELECT 'Session', id FROM sessions
      UNION ALL SELECT 'Slot', id FROM slot WHERE id = ANY ($1) OR room_id = ANY ($1) OR session_id IN (TABLE sessions)
      UNION ALL SELECT 'Slot', id FROM released_slot WHERE id = ANY ($1) OR room_id = ANY ($1) OR session_id IN (TABLE sessions)
      UNION ALL SELECT 'Slot', slot_id FROM seat_assignment WHERE id = ANY ($1) OR member_id IN (SELECT id FROM members)
      -- Who belongs to a meeting of those who hold one seat.
      UNION ALL SELECT 'Slot', id FROM slot WHERE audience IS NOT NULL AND convening_id IN (
        SELECT convening_id FROM members UNION SELECT convening_id FROM own_teams)
      UNION ALL SELECT 'Speaker', id FROM speakers
      UNION ALL SELECT 'Resource', id FROM resource WHERE id = ANY ($1)
      UNION ALL SELECT 'Resource', resource_id FROM resource_subject
        WHERE id = ANY ($1) OR convening_id = ANY ($2) OR session_id IN (TABLE sessions)
      UNION ALL SELECT 'ExperienceLevel', id FROM levels
      UNION ALL SELECT 'FocusQuestion', id FROM focus_question WHERE id = ANY ($1) OR level_id IN (TABLE levels)
      UNION ALL SELECT 'Team', id FROM teams
      UNION ALL SELECT 'Team', team_id FROM members
      UNION ALL SELECT 'Team', team_id FROM team_time WHERE level_id IN (TABLE levels)
      UNION ALL SELECT 'Team', team_id FROM team_member WHERE person_id IN (TABLE people)
      UNION ALL SELECT 'TeamMember', id FROM members
      UNION ALL SELECT 'SeatAssignment', id FROM seat_assignment
        WHERE id = ANY ($1) OR slot_id = ANY ($1) OR member_id IN (SELECT id FROM members)
      UNION ALL SELECT 'TeamNote', id FROM team_note
        WHERE id = ANY ($1) OR question_id = ANY ($1) OR team_id IN (SELECT id FROM own_teams)
      UNION ALL SELECT 'Survey', id FROM surveys
      UNION ALL SELECT 'SurveyItem', id FROM survey_item WHERE id = ANY ($1) OR survey_id IN (TABLE surveys)
      UNION ALL SELECT 'PublishedResult', id FROM published_result WHERE id = ANY ($1) OR survey_id IN (TABLE surveys)
      UNION ALL SELECT 'Account', id FROM account WHERE id = ANY ($1)
      UNION ALL SELECT 'RoleGrant', id FROM role_grant
        WHERE id = ANY ($1) OR account_id = ANY ($1) OR convening_id = ANY ($2)
      UNION ALL SELECT 'ApiKey', id FROM api_key WHERE id = ANY ($1)
      UNION ALL SELECT 'LinkedIdentity', id FROM identity WHERE id = ANY ($1) OR account_id = ANY ($1))
    SELECT type, NULL::smallint AS tag, id FROM touched
    UNION ALL SELECT NULL, node_type, row_id FROM audience_row WHERE audience_id = $3 AND row_id = ANY ($1)";

/// What these changes may have touched, by the type's number.
pub(super) async fn by(db: &DatabaseTransaction, audience: Uuid, news: &[Written]) -> Result<BTreeMap<i16, Touched>> {
    let of_convenings = news.iter().filter(|written| OF_CONVENINGS.contains(&written.table_name.as_str()));
    let convenings: HashSet<Uuid> = of_convenings.map(|written| written.subject_id).collect();
    let keys = news.iter().flat_map(|written| written.mentioned.iter().chain([&written.row_id, &written.subject_id]));
    let keys: HashSet<Uuid> = keys.copied().collect();
    let values = [list(keys).into(), list(convenings).into(), audience.into()];
    let mut touched: BTreeMap<i16, HashSet<Uuid>> = BTreeMap::new();
    for row in db.query_all_raw(statement(TOUCHED, values)).await? {
        let name: Option<String> = row.try_get("", "type")?;
        let tag: Option<i16> = match name {
            Some(name) => ALL.iter().find(|told| told.name() == name).map(Told::tag),
            None => row.try_get("", "tag")?,
        };
        if let (Some(tag), Some(key)) = (tag, row.try_get("", "id")?) {
            touched.entry(tag).or_default().insert(key);
        }
    }
    let mut touched: BTreeMap<_, _> =
        touched.into_iter().map(|(tag, keys)| (tag, Touched::These(list(keys)))).collect();
    for told in wholly(news) {
        touched.insert(told.tag(), Touched::All);
    }
    Ok(touched)
}

/// All nodes of every type.
pub(super) fn everything() -> BTreeMap<i16, Touched> {
    ALL.iter().map(|told| (told.tag(), Touched::All)).collect()
}

/// Types all of whose nodes these changes may have touched.
fn wholly(news: &[Written]) -> impl Iterator<Item = &'static Told> {
    let any = |of: &dyn Fn(&Written) -> bool| news.iter().any(of);
    let releases = any(&|written| written.table_name == "agenda_release")
        || any(&|written| written.table_name == "convening" && written.action == "deleted");
    // An erasure reaches notes of releases, of which no history is written.
    let erases = any(&|written| written.action == "erased");
    ALL.iter().filter(move |told| {
        (releases && RELEASED.contains(&told.node_type)) || (erases && told.node_type == NodeType::AgendaRelease)
    })
}

fn list(keys: HashSet<Uuid>) -> Vec<Uuid> {
    keys.into_iter().collect()
}
