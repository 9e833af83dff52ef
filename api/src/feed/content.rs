//! What a node shows besides the columns of its own row that its version counts: what depends on other rows, as the viewer
//! sees it, and what rows hold that count no versions. Lists of other nodes are not part of it, nor reports on the state of
//! work, nor what changes with the hour.

use crate::auth::Viewer;
use crate::database::{Alias, always};
use crate::policy::{Action, Kind, Resource};
use crate::{interest, seating, team};
use entity::{
    agenda_release, convening, district, district_candidate, focus_question, merge, person, person_contact, role_grant,
    seat_assignment, session, session_block, slot, strand, survey_item, team_note,
};
use sea_orm::EntityTrait;
use sea_orm::sea_query::{Expr, ExprTrait as _, IntoIden};

/// What the rows of `E` hold that refer to a row by this column, as one text.
fn parts<E: EntityTrait>(
    rows: &Alias,
    column: impl IntoIden,
    visible: impl FnOnce(&Alias) -> Expr,
    held: &[&'static str],
) -> Expr {
    let part = rows.with_suffix("t");
    let columns = held.iter().map(|column| part.computed(column));
    let holes = (1..=held.len()).map(|i| format!("${i}")).collect::<Vec<_>>().join(", ");
    let order = format!("${}", held.len() + 1);
    let text = format!("string_agg(jsonb_build_array({holes})::text, ',' ORDER BY {order})");
    let mut select = part.select_from::<E>();
    select
        .expr(Expr::cust_with_exprs(text, columns.chain([part.computed("id")])))
        .and_where(part.col(column).eq(rows.computed("id")))
        .and_where(visible(&part));
    Expr::SubQuery(None, Box::new(select.into()))
}

/// Whether the row that a column refers to is shown.
fn shows<E: Resource>(viewer: &Viewer, rows: &Alias, column: impl IntoIden) -> Expr {
    rows.refers_to::<E>(column, |other| viewer.visible::<E>(other))
}

pub(super) fn of_district(_: &Viewer, rows: &Alias) -> Vec<Expr> {
    let held = ["cds_code", "name", "county_id"];
    let column = district_candidate::Column::DistrictId;
    let candidates = parts::<district_candidate::Entity>(rows, column, |_| always(), &held);
    vec![rows.col(district::Column::Status), candidates]
}

/// How a person can be reached is part of the person, for those who may know.
pub(super) fn of_person(viewer: &Viewer, rows: &Alias) -> Vec<Expr> {
    let contact = |condition: &dyn Fn(&Alias) -> Expr| {
        rows.exists::<person_contact::Entity>(|contact| {
            let theirs = contact.col(person_contact::Column::PersonId).eq(rows.col(person::Column::Id));
            theirs.and(condition(contact))
        })
    };
    vec![
        contact(&|contact| viewer.visible::<person_contact::Entity>(contact)),
        contact(&|contact| viewer.allowed_with::<person_contact::Entity>(Kind::Contact, Action::Read, contact)),
    ]
}

pub(super) fn of_offering(viewer: &Viewer, rows: &Alias) -> Vec<Expr> {
    vec![interest::count_of_offering(viewer, rows)]
}

pub(super) fn of_convening(viewer: &Viewer, rows: &Alias) -> Vec<Expr> {
    let held = ["position", "title", "rounds", "sessions_per_participant", "sessions_per_team"];
    let visible = |block: &Alias| viewer.visible::<session_block::Entity>(block);
    vec![
        parts::<session_block::Entity>(rows, session_block::Column::ConveningId, visible, &held),
        parts::<strand::Entity>(rows, strand::Column::ConveningId, |_| always(), &["position", "title"]),
        rows.col(convening::Column::Status),
    ]
}

pub(super) fn of_release(_: &Viewer, rows: &Alias) -> Vec<Expr> {
    vec![rows.col(agenda_release::Column::Note)]
}

pub(super) fn of_session(_: &Viewer, rows: &Alias) -> Vec<Expr> {
    let of_strand = |column: strand::Column| {
        rows.referred::<strand::Entity>(session::Column::StrandId, |_| always(), move |strand| strand.col(column))
    };
    vec![of_strand(strand::Column::Position), of_strand(strand::Column::Title)]
}

pub(super) fn of_slot(viewer: &Viewer, rows: &Alias) -> Vec<Expr> {
    vec![
        seating::seats_taken(viewer, rows),
        seating::seats_left(viewer, rows),
        seating::is_full(viewer, rows),
        seating::places_lacking(viewer, rows),
        rows.col(slot::Column::RoomId),
    ]
}

pub(super) fn of_team(viewer: &Viewer, rows: &Alias) -> Vec<Expr> {
    team::shown_of(viewer, rows)
}

pub(super) fn of_member(viewer: &Viewer, rows: &Alias) -> Vec<Expr> {
    vec![team::checked_in_at(viewer, rows)]
}

pub(super) fn of_seat(viewer: &Viewer, rows: &Alias) -> Vec<Expr> {
    vec![
        shows::<slot::Entity>(viewer, rows, seat_assignment::Column::SlotId),
        rows.col(seat_assignment::Column::SlotId),
    ]
}

pub(super) fn of_note(viewer: &Viewer, rows: &Alias) -> Vec<Expr> {
    let question = team_note::Column::QuestionId;
    vec![shows::<focus_question::Entity>(viewer, rows, question), rows.col(question)]
}

pub(super) fn of_item(_: &Viewer, rows: &Alias) -> Vec<Expr> {
    use survey_item::Column::{Kind, Maximum, Minimum, Options, Position, Prompt, Required};
    [Position, Kind, Prompt, Options, Minimum, Maximum, Required].map(|column| rows.col(column)).to_vec()
}

pub(super) fn of_grant(_: &Viewer, rows: &Alias) -> Vec<Expr> {
    use role_grant::Column::{ExpiresAt, RevokedAt, Role};
    [Role, ExpiresAt, RevokedAt].map(|column| rows.col(column)).to_vec()
}

pub(super) fn of_merge(_: &Viewer, rows: &Alias) -> Vec<Expr> {
    use merge::Column::{GoneName, GoneSlug, KeptId, Reason, UndoneAt};
    [GoneName, GoneSlug, Reason, UndoneAt, KeptId].map(|column| rows.col(column)).to_vec()
}
