//! Teams and their members as spreadsheets.

use super::{loader, shown};
use crate::database::always;
use crate::graphql::NodeType;
use crate::graphql::tree::{Key, KeyKind, Order};
use crate::policy::Kind;
use crate::spreadsheet::{Sheet, Word, flag, sources, stored, text_of, text_via, time, value, value_at, word};
use crate::team_time;
use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{ConveningId, DistrictId, PersonId, TeamId};
use entity::seat::Seat;
use entity::{convening, district, person, team, team_member};

/// The columns of teams, each as far as the viewer may know of it.
pub(crate) fn sheet() -> Sheet {
    use team::Column;
    Sheet::of::<team::Entity>(NodeType::Team, loader::by_district())
        .of_convening(Column::ConveningId)
        .tells(stored::<ConveningId>("conveningId", Column::ConveningId))
        .tells(text_of::<convening::Entity>("convening", Column::ConveningId, "slug"))
        .tells(stored::<DistrictId>("districtId", Column::DistrictId))
        .tells(text_of::<district::Entity>("district", Column::DistrictId, "name"))
        .tells(value_at::<Word<team::Status>>("status", shown::status_at))
        .tells(value::<String>("statement", |viewer, team| {
            shown::told(viewer, Kind::Statement, team, team.col(Column::Statement))
        }))
        .tells(value::<DateTime<Utc>>("submittedAt", |viewer, team| {
            shown::told(viewer, Kind::Statement, team, team.col(Column::SubmittedAt))
        }))
        .tells(value::<i32>("decisionVersion", shown::decision_version))
        .tells(value::<String>("decisionReason", shown::decision_reason))
        .tells(value::<i64>("waitlistPosition", shown::waitlist_position))
        .tells(value_at::<DateTime<Utc>>("answerDueAt", shown::answer_due_at))
        .tells(value::<bool>("firstTime", loader::first_time))
        .tells(value::<i64>("memberCount", loader::member_count))
        .tells(value::<NaiveDate>("attendedOn", loader::attended_on))
        .tells(value::<String>("headline", team_time::headline))
        .tells(sources())
        .tells(time("createdAt", Column::CreatedAt))
        .tells(time("updatedAt", Column::UpdatedAt))
}

/// The columns of team members.
pub(crate) fn members() -> Sheet {
    use team_member::Column;
    let district = Key::via(KeyKind::Text, |team| {
        team.referred::<district::Entity>(team::Column::DistrictId, |_| always(), |other| other.computed("sort_name"))
    });
    let seat = Key::new(KeyKind::Int, |rows| rows.computed("seat_rank"));
    let order = Order::by("members.teams", vec![district, seat]).through::<team::Entity>(Column::TeamId);
    Sheet::of::<team_member::Entity>(NodeType::TeamMember, order)
        .of_convening(Column::ConveningId)
        .tells(stored::<TeamId>("teamId", Column::TeamId))
        .tells(text_of::<convening::Entity>("convening", Column::ConveningId, "slug"))
        .tells(text_via::<team::Entity, district::Entity>(
            "district",
            (Column::TeamId, team::Column::DistrictId),
            "name",
        ))
        .tells(stored::<PersonId>("personId", Column::PersonId))
        .tells(text_of::<person::Entity>("person", Column::PersonId, "name"))
        .tells(word::<Seat>("seat", Column::Seat))
        .tells(flag("isLead", Column::IsLead))
        .tells(value::<DateTime<Utc>>("checkedInAt", loader::checked_in_at))
}
