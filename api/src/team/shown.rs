//! What is shown of where a team stands. Whoever may not know of decisions before they are published sees a team that was
//! decided on like one whose statement is in, whatever is asked.

use super::moves::{DECIDABLE, UNDECIDED};
use crate::auth::Viewer;
use crate::database::{Alias, one_of};
use crate::policy::{Action, Kind};
use chrono::{DateTime, Utc};
use entity::convening;
use entity::team::{self, Column, Status};
use sea_orm::ActiveEnum;
use sea_orm::sea_query::{Expr, ExprTrait as _};

/// The states of a team that is to answer.
const AWAITED: [Status; 2] = [Status::Selected, Status::Offered];

/// A value for whoever may read such of the team, else null.
pub(super) fn told(viewer: &Viewer, kind: Kind, team: &Alias, value: Expr) -> Expr {
    let may = viewer.allowed_with::<team::Entity>(kind, Action::Read, team);
    shown_where(may, value)
}

/// A team's state as the viewer sees it: until decisions are published, what was decided looks like what was submitted,
/// and so does what can only follow from a decision.
pub(crate) fn status(viewer: &Viewer, team: &Alias) -> Expr {
    let status = team.col(Column::Status);
    Expr::cust_with_exprs(
        "CASE WHEN ($1) OR ($2) THEN $3 ELSE $4 END",
        [
            one_of(status.clone(), UNDECIDED.map(|status| status.to_value()).to_vec()),
            knows_decision(viewer, team),
            status,
            Expr::val(Status::Submitted.to_value()),
        ],
    )
}

/// The same at a moment: whoever has not answered in time has lost the place, though nobody has written it down yet.
pub(super) fn status_at(viewer: &Viewer, team: &Alias, now: DateTime<Utc>) -> Expr {
    let awaited = AWAITED.map(|status| status.to_value()).to_vec();
    let late = one_of(team.col(Column::Status), awaited).and(team.col(Column::AnswerDueAt).lte(now)).and(is_told(team));
    Expr::cust_with_exprs(
        "CASE WHEN $1 THEN $2 ELSE $3 END",
        [late, Expr::val(Status::Expired.to_value()), status(viewer, team)],
    )
}

/// Its state at a moment, as the viewer sees it, is one of these words. Those that can be shown so are stored as few: an index
/// knows which teams they are, and of the others it is not asked what the viewer may know.
pub(super) fn shown_as(viewer: &Viewer, team: &Alias, now: DateTime<Utc>, words: Vec<String>) -> Expr {
    let stored = stored_as(&words);
    let shown = one_of(status_at(viewer, team, now), words);
    stored.into_iter().fold(shown, |shown, stored| shown.and(one_of(team.col(Column::Status), stored)))
}

/// As what a team can be stored that is shown as one of these; nothing where it can be anything.
fn stored_as(shown: &[String]) -> Option<Vec<String>> {
    let shows = |status: Status| shown.contains(&status.to_value());
    let late = shows(Status::Expired).then(|| AWAITED.map(|status| status.to_value()));
    // Whoever may not know what was decided sees it as submitted.
    (!shows(Status::Submitted)).then(|| shown.iter().cloned().chain(late.into_iter().flatten()).collect())
}

/// Decisions on the team's convening are published.
fn is_told(team: &Alias) -> Expr {
    team.refers_to::<convening::Entity>(Column::ConveningId, |convening| {
        convening.col(convening::Column::DecisionsPublished)
    })
}

/// Whoever sees the team may know what was decided on it.
pub(super) fn knows_decision(viewer: &Viewer, team: &Alias) -> Expr {
    if !viewer.may_ever(Kind::Decision, Action::Read) {
        // Without an alternative, the database can ask it of all teams together.
        return is_told(team);
    }
    viewer.allowed_with::<team::Entity>(Kind::Decision, Action::Read, team).or(is_told(team))
}

/// How often it was decided on the team, for those who decide.
pub(super) fn decision_version(viewer: &Viewer, team: &Alias) -> Expr {
    told(viewer, Kind::Decision, team, team.col(Column::DecisionVersion))
}

/// Why it was decided so, for those who decide.
pub(super) fn decision_reason(viewer: &Viewer, team: &Alias) -> Expr {
    told(viewer, Kind::Decision, team, team.col(Column::DecisionReason))
}

/// Until when the team can answer, as long as it can.
pub(super) fn answer_due_at(viewer: &Viewer, team: &Alias, now: DateTime<Utc>) -> Expr {
    let to_come = team.col(Column::AnswerDueAt).gt(now);
    shown_where(to_come.and(knows_decision(viewer, team)), team.col(Column::AnswerDueAt))
}

/// Until when the team was to answer, also once that is over.
pub(super) fn answer_due(viewer: &Viewer, team: &Alias) -> Expr {
    shown_where(knows_decision(viewer, team), team.col(Column::AnswerDueAt))
}

/// A value where the condition holds, else null.
fn shown_where(condition: Expr, value: Expr) -> Expr {
    Expr::cust_with_exprs("CASE WHEN $1 THEN $2 END", [condition, value])
}

/// How many teams wait before a team, itself included: places on a waiting list move up without being written anew.
pub(super) fn waitlist_position(viewer: &Viewer, team: &Alias) -> Expr {
    let before = team.with_suffix("w");
    let mut count = before.select_from::<team::Entity>();
    count
        .expr(Expr::cust("count(*)"))
        .and_where(before.col(Column::ConveningId).eq(team.col(Column::ConveningId)))
        .and_where(before.col(Column::WaitlistPosition).lte(team.col(Column::WaitlistPosition)));
    let waits = team.col(Column::WaitlistPosition).is_not_null().and(knows_decision(viewer, team));
    shown_where(waits, Expr::SubQuery(None, Box::new(count.into())))
}

/// The condition does not hold, or is not known to.
fn unless(condition: Expr) -> Expr {
    Expr::cust_with_expr("($1) IS NOT TRUE", condition)
}

/// What can be done with a team as it stands, as far as the viewer knows how it stands.
pub(super) fn moves(viewer: &Viewer, team: &Alias, now: DateTime<Utc>) -> Vec<(&'static str, Expr)> {
    use Status::{Confirmed, Draft, Offered, Selected, Submitted, Waitlisted};
    let stands =
        |statuses: &[Status]| one_of(status_at(viewer, team, now), statuses.iter().map(ActiveEnum::to_value).collect());
    let goes_on = || {
        let over = [convening::Status::Completed, convening::Status::Cancelled].map(|status| status.to_value());
        team.refers_to::<convening::Entity>(Column::ConveningId, |convening| {
            one_of(convening.col(convening::Column::Status), over.to_vec()).not()
        })
    };
    let taken = team.refers_to::<convening::Entity>(Column::ConveningId, |convening| {
        (convening.col(convening::Column::Status).eq(convening::Status::ApplicationsOpen))
            // No time that is not given is in the way.
            .and(unless(convening.col(convening::Column::ApplicationsOpenAt).gt(now)))
            .and(unless(convening.col(convening::Column::ApplicationsCloseAt).lte(now)))
    });
    let answers = || stands(&[Offered]).or(stands(&[Selected]).and(is_told(team))).and(goes_on());
    let decides = viewer.allowed_with::<team::Entity>(Kind::Decision, Action::Update, team);
    let undecided = stands(&[Submitted]).or(stands(&DECIDABLE).and(is_told(team).not()));
    vec![
        ("submit", team.col(Column::Status).eq(Draft).and(taken)),
        ("decide", decides.and(undecided).and(goes_on())),
        ("confirm", answers()),
        ("decline", answers()),
        ("withdraw", stands(&[Draft, Submitted, Selected, Waitlisted, Offered, Confirmed]).and(goes_on())),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::team::moves;
    use sea_orm::Iterable as _;

    #[test]
    fn a_team_is_looked_for_among_all_that_can_be_shown_so() {
        for stored in Status::iter() {
            let mut shown: Vec<Status> = [true, false].map(|published| moves::shown(stored, published)).to_vec();
            shown.extend(AWAITED.contains(&stored).then_some(Status::Expired));
            for shown in shown {
                let among = stored_as(&[shown.to_value()]);
                let is_there = among.is_none_or(|among| among.contains(&stored.to_value()));
                assert!(is_there, "{stored:?}, which can be shown as {shown:?}");
            }
        }
    }
}
