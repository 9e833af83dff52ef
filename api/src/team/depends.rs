//! What of a team changes with other rows than its own, as a viewer is shown it.

use super::loader::{attended_on, first_time, member_count};
use super::shown::{self, status, told};
use crate::auth::Viewer;
use crate::database::Alias;
use crate::policy::Kind;
use crate::team_time;
use entity::team::Column;
use sea_orm::sea_query::Expr;

/// What readiness is judged by: the rule, the day, who sits in the team, and the affiliations of those.
const JUDGED_BY: &str = "(
    SELECT jsonb_build_array(composition_rule_id, starts_on, (
      SELECT string_agg(concat_ws(' ', seat, person_id, (
        SELECT string_agg(concat_ws(' ', held.id, held.version), ',' ORDER BY held.id)
        FROM affiliation AS held WHERE held.person_id = member.person_id)), ',' ORDER BY member.id)
      FROM team_member AS member WHERE team_id = $1))
    FROM convening WHERE id = $2)";

/// Each such value. What follows from the hour alone, as that a place has run out, is not among them.
pub(crate) fn shown_of(viewer: &Viewer, team: &Alias) -> Vec<Expr> {
    let judged_by = Expr::cust_with_exprs(JUDGED_BY, [team.col(Column::Id), team.col(Column::ConveningId)]);
    vec![
        status(viewer, team),
        shown::decision_version(viewer, team),
        shown::decision_reason(viewer, team),
        shown::waitlist_position(viewer, team),
        shown::answer_due(viewer, team),
        first_time(viewer, team),
        member_count(viewer, team),
        attended_on(viewer, team),
        team_time::headline(viewer, team),
        team_time::level(viewer, team),
        told(viewer, Kind::Roster, team, judged_by),
    ]
}
