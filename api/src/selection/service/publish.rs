//! Publishing decisions: from then on each team knows its own, and the clock runs for those who have a place.

use super::held;
use super::letters::{Letters, News, to_leads};
use super::offer::pass_on;
use crate::auth::Actor;
use crate::convening as convenings;
use crate::error::{Result, ViolationCode};
use crate::team::standing::tell_decisions;
use crate::validation::Violations;
use crate::writing::{at_version, save};
use chrono::{DateTime, Utc};
use entity::ids::{ConveningId, SelectionId};
use entity::team::{self, Status};
use entity::{convening, decision_publication, selection};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
};

/// Decisions to publish.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewPublication {
    /// Of which convening.
    pub convening: ConveningId,
    /// The version of the convening.
    pub version: i32,
    /// Until when teams that are selected can answer.
    pub answer_due_at: DateTime<Utc>,
    /// How many hours a team has to answer that is offered a place later.
    pub answer_hours: i32,
}

/// Publishes what was decided on the teams of a convening.
pub(crate) async fn publish(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    new: NewPublication,
) -> Result<(ConveningId, Letters)> {
    let before = at_version(held::to_decide(db, actor.viewer, new.convening).await?, new.version)?;
    let row = convenings::with_published_decisions(&before)?;
    may_publish(db, actor, &before, new).await?;
    let convening = save::<convening::Entity>(db, actor, before, row, &[]).await?;
    let publication = decision_publication::Model {
        convening_id: convening.id,
        selection_id: last_selection(db, convening.id).await?,
        published_at: actor.now,
        answer_due_at: new.answer_due_at,
        answer_hours: new.answer_hours,
    };
    publication.into_active_model().reset_all().insert(db).await?;
    // After the convening: what its teams' histories tell them begins with what was just written.
    tell_decisions(db, convening.id, (actor.now, new.answer_due_at)).await?;
    let mut news = decisions(db, convening.id, new.answer_due_at).await?;
    let offered = pass_on(db, &convening, 0, actor.now).await?;
    news.retain(|(team, _)| offered.iter().all(|(other, _)| other != team));
    news.extend(offered);
    Ok((convening.id, to_leads(db, &convening, news, actor.now).await?))
}

async fn may_publish(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    convening: &convening::Model,
    new: NewPublication,
) -> Result<()> {
    let mut violations = Violations::default();
    violations.check(actor.now < new.answer_due_at, "answerDueAt", "Give a time that is still to come.");
    let hours = (1..=90 * 24).contains(&new.answer_hours);
    violations.check(hours, "answerHours", "Give 1 to 2,160 hours: up to 90 days.");
    let teams = team::Entity::find().filter(team::Column::ConveningId.eq(convening.id));
    let undecided = teams.filter(team::Column::Status.eq(Status::Submitted)).count(db).await?;
    if undecided > 0 {
        let message =
            format!("Nothing is decided yet on {undecided} teams whose statements are in. Decide on each first.");
        violations.add("id", ViolationCode::Conflict, message);
    }
    let held = held::places_held(db, convening.id).await?;
    if let Some(capacity) = held::capacity(convening).filter(|capacity| *capacity < held) {
        let message =
            format!("{held} teams are selected and there is room for {capacity}. Select fewer, or raise the capacity.");
        violations.add("id", ViolationCode::CapacityExceeded, message);
    }
    violations.finish()
}

/// The selection behind the decisions: the last one.
async fn last_selection(db: &impl ConnectionTrait, id: ConveningId) -> Result<Option<SelectionId>> {
    let selections = selection::Entity::find().filter(selection::Column::ConveningId.eq(id));
    let last = selections.order_by_desc(selection::Column::Number).one(db).await?;
    Ok(last.map(|selection| selection.id))
}

/// What there is to tell each team.
async fn decisions(
    db: &impl ConnectionTrait,
    id: ConveningId,
    answer_due_at: DateTime<Utc>,
) -> Result<Vec<(entity::ids::TeamId, News)>> {
    let teams = team::Entity::find().filter(team::Column::ConveningId.eq(id)).all(db).await?;
    let news = |team: team::Model| {
        let news = match team.status {
            Status::Selected => News::Selected(answer_due_at),
            Status::Waitlisted => News::Waitlisted,
            Status::NotSelected => News::NotSelected,
            _ => return None,
        };
        Some((team.id, news))
    };
    Ok(teams.into_iter().filter_map(news).collect())
}
