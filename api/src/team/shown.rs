//! What is shown of where a team stands. Whoever may not know of decisions before they are published sees a team that was
//! decided on like one whose statement is in, whatever is asked.

use super::moves::{DECIDABLE, UNDECIDED};
use crate::auth::Viewer;
use crate::database::{Alias, never, one_of};
use crate::policy::{Action, Kind};
use chrono::{DateTime, Utc};
use entity::convening;
use entity::team::{self, Column, Status};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ActiveEnum, Iterable as _};

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
    Expr::cust_with_exprs(
        "CASE WHEN $1 THEN $2 ELSE $3 END",
        [is_late(team, now), Expr::val(Status::Expired.to_value()), status(viewer, team)],
    )
}

/// Its state at a moment, as the viewer sees it, is one of these. The same as to compare [`status_at`], said of what is stored, of
/// which the database knows how many there are and where.
pub(super) fn shown_as(viewer: &Viewer, team: &Alias, now: DateTime<Utc>, shown: &[Status]) -> Expr {
    let stored = |is_it: &dyn Fn(&Status) -> bool| {
        let statuses = Status::iter().filter(is_it).map(|status| status.to_value()).collect();
        one_of(team.col(Column::Status), statuses)
    };
    let asked = |status: &Status| shown.contains(status);
    let (open, awaited) = (|status: &Status| UNDECIDED.contains(status), |status: &Status| AWAITED.contains(status));
    let knows = || knows_decision(viewer, team);
    let mut ways = Vec::new();
    if shown.iter().any(open) {
        ways.push(stored(&|status| asked(status) && open(status)));
    }
    if shown.iter().any(|status| !open(status) && !awaited(status)) {
        ways.push(stored(&|status| asked(status) && !open(status) && !awaited(status)).and(knows()));
    }
    if shown.iter().any(awaited) {
        let in_time = unless(is_late(team, now));
        ways.push(stored(&|status| asked(status) && awaited(status)).and(knows()).and(in_time));
    }
    if asked(&Status::Expired) {
        ways.push(is_late(team, now));
    }
    if asked(&Status::Submitted) {
        ways.push(stored(&|status| !open(status)).and(unless(knows())).and(unless(is_late(team, now))));
    }
    ways.into_iter().reduce(Expr::or).unwrap_or_else(never)
}

/// It was to answer by now, and has not.
fn is_late(team: &Alias, now: DateTime<Utc>) -> Expr {
    let awaited = AWAITED.map(|status| status.to_value()).to_vec();
    one_of(team.col(Column::Status), awaited).and(team.col(Column::AnswerDueAt).lte(now)).and(is_told(team))
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
