//! How teams and their members are read.

use super::graphql::{Readiness, Team, TeamFilter};
use super::member::TeamMember;
use super::readiness::{self, Member, Requirement};
use super::shown::{self, knows_decision, status, status_at, told};
use crate::auth::Viewer;
use crate::database::{Alias, always, any_of, former, one_of};
use crate::district::in_counties;
use crate::error::{Error, Result};
use crate::geography::known;
use crate::graphql::tree::{Branch, Edge, Erased, Field, Key, KeyKind, Listing, Node, Order, Reading};
use crate::graphql::{Date, GlobalId, NodeType};
use crate::policy::{Action, Kind};
use crate::{seating, selection, team_time};
use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{ConveningId, DistrictId, PersonId};
use entity::seat::Seat;
use entity::team::{self, Column, Status};
use entity::{affiliation, convening, district, person, required_seat, team_member};
use futures_util::future::{BoxFuture, FutureExt as _};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait as _, Query};
use sea_orm::{ActiveEnum as _, ConnectionTrait as _};
use std::collections::HashMap;
use uuid::Uuid;

impl Branch for team::Entity {
    type Object = Team;
    const TYPE: &'static str = "Team";
    const OBJECT: fn(Node<Self>) -> Team = Team;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            "district" => Edge::one::<district::Entity>(Column::DistrictId),
            // No team is seen before its convening is.
            "convening" => Edge::one::<convening::Entity>(Column::ConveningId).implied(),
            "status" => {
                let now = field.now();
                Edge::value::<Status>(move |viewer, team| status_at(viewer, team, now))
            }
            "decisionVersion" => Edge::value::<i32>(shown::decision_version),
            "decisionReason" => Edge::value::<String>(shown::decision_reason),
            "waitlistPosition" => Edge::value::<i64>(shown::waitlist_position),
            "answerDueAt" => {
                let now = field.now();
                Edge::value::<DateTime<Utc>>(move |viewer, team| shown::answer_due_at(viewer, team, now))
            }
            "selectionOutcomes" => selection::of_team(),
            "members" => Edge::many::<team_member::Entity>(team_member::Column::TeamId, members().paged(field)?)
                .gated(Kind::Roster)
                .implied(),
            "statement" => {
                Edge::value::<String>(|viewer, team| told(viewer, Kind::Statement, team, team.col(Column::Statement)))
            }
            "submittedAt" => Edge::value::<DateTime<Utc>>(|viewer, team| {
                told(viewer, Kind::Statement, team, team.col(Column::SubmittedAt))
            }),
            "firstTime" => Edge::value::<bool>(first_time),
            "memberCount" => Edge::value::<i64>(member_count),
            "attendedOn" => Edge::value::<NaiveDate>(attended_on),
            "experienceLevel" => team_time::level_of_team(),
            "focusQuestions" => team_time::questions_of_team(),
            "headline" => Edge::value::<String>(team_time::headline),
            "notes" => team_time::notes_of_team(field)?,
            "readiness" => Edge::loaded(load_readiness).gated(Kind::Roster),
            "breakoutsCovered" => seating::covered_by_team(),
            _ => return Ok(None),
        }))
    }

    fn moves(viewer: &Viewer, rows: &Alias, now: DateTime<Utc>) -> Vec<(&'static str, Expr)> {
        shown::moves(viewer, rows, now)
    }
}

impl Branch for team_member::Entity {
    type Object = TeamMember;
    const TYPE: &'static str = "TeamMember";
    const OBJECT: fn(Node<Self>) -> TeamMember = TeamMember;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            // Whoever sees a roster sees its team, and the people in it.
            "team" => Edge::one::<team::Entity>(team_member::Column::TeamId).implied(),
            "person" => Edge::one::<person::Entity>(team_member::Column::PersonId).implied(),
            "seats" => seating::of_member(),
            "checkedInAt" => Edge::value::<DateTime<Utc>>(checked_in_at),
            _ => return Ok(None),
        }))
    }
}

/// When a member was checked in, for whoever may know.
pub(crate) fn checked_in_at(viewer: &Viewer, member: &Alias) -> Expr {
    let may = viewer.allowed_with::<team_member::Entity>(Kind::CheckIn, Action::Read, member);
    Expr::cust_with_exprs("CASE WHEN $1 THEN $2 END", [may, member.col(team_member::Column::CheckedInAt)])
}

/// Whether no team of the district attended a convening that began before this one, as far as the viewer may know.
pub(crate) fn first_time(viewer: &Viewer, team: &Alias) -> Expr {
    let began = |team: &Alias| {
        let starts_on = |convening: &Alias| convening.col(convening::Column::StartsOn);
        team.referred::<convening::Entity>(Column::ConveningId, |_| always(), starts_on)
    };
    let earlier = team.exists::<team::Entity>(|other| {
        (other.col(Column::DistrictId).eq(team.col(Column::DistrictId)))
            .and(began(other).lt(began(team)))
            .and(attended(viewer, other))
    });
    earlier.not()
}

fn members() -> Listing {
    Listing::new(Order::by("members", vec![Key::new(KeyKind::Int, |rows| rows.computed("seat_rank"))]))
}

/// How many members were recorded; null for none, because a team that took part had some.
pub(super) fn member_count(_: &Viewer, team: &Alias) -> Expr {
    let mut count = Query::select();
    count
        .expr(Expr::cust("nullif(count(*), 0)"))
        .from(team_member::Entity)
        .and_where(Expr::col((team_member::Entity, team_member::Column::TeamId)).eq(team.col(Column::Id)));
    Expr::SubQuery(None, Box::new(count.into()))
}

/// The teams of a convening, by the page.
pub(crate) fn of_convening(field: &Field<'_>) -> Result<Edge> {
    Ok(Edge::many::<team::Entity>(Column::ConveningId, listing(field)?.paged(field)?))
}

/// The teams of a district, the latest convening first.
pub(crate) fn of_district(field: &Field<'_>) -> Result<Edge> {
    let date = Key::via(KeyKind::Date, |convening| convening.col(convening::Column::StartsOn));
    let order = Order::by("district.teams", vec![date]).through::<convening::Entity>(Column::ConveningId).reversed();
    Ok(Edge::many::<team::Entity>(Column::DistrictId, Listing::new(order).paged(field)?))
}

/// The teams that a field asks for, by the district's name.
pub(super) fn listing(field: &Field<'_>) -> Result<Listing> {
    let filter: Option<TeamFilter> = field.argument("filter")?;
    let listing = Listing::new(by_district());
    let Some(filter) = filter else { return Ok(listing) };
    let county = filter.county.as_deref().map(known::counties).transpose()?;
    let district = filter.district.map(|id| GlobalId::key_of::<DistrictId>(&id, NodeType::District)).transpose()?;
    let convening = filter.convening.map(|id| GlobalId::key_of::<ConveningId>(&id, NodeType::Convening)).transpose()?;
    let listing = listing
        .filter_some(district, |rows, key| rows.col(Column::DistrictId).eq(former::current::<district::Entity>(key)))
        .filter_some(convening, |rows, key| rows.col(Column::ConveningId).eq(key))
        .filter_through(county, |district, names| in_counties(district, &names));
    let now = field.now();
    Ok(match filter.status {
        Some(statuses) => {
            let statuses: Vec<Status> = statuses.into_iter().map(Status::from).collect();
            listing.filter_each(move |viewer, rows| shown::shown_as(viewer, rows, now, &statuses))
        }
        None => listing,
    })
}

/// By the district's name.
pub(super) fn by_district() -> Order {
    let name = Key::via(KeyKind::Text, |district| district.computed("sort_name"));
    Order::by("teams", vec![name]).through::<district::Entity>(Column::DistrictId)
}

/// A district whose team attended a convening, as far as the viewer may know.
pub(crate) fn of_attending_team(viewer: &Viewer, district: &Alias, convening: ConveningId) -> Expr {
    district.exists::<team::Entity>(|team| {
        (team.col(Column::DistrictId).eq(district.col(district::Column::Id)))
            .and(team.col(Column::ConveningId).eq(convening))
            .and(attended(viewer, team))
    })
}

/// A team that attended, as far as the viewer may know.
pub(crate) fn attended(viewer: &Viewer, team: &Alias) -> Expr {
    // Whoever may not know that it did sees a team whose statement is in.
    (team.col(Column::Status).eq(Status::Attended))
        .and(viewer.visible::<team::Entity>(team))
        .and(knows_decision(viewer, team))
}

/// The day that states that a team attended, for those who may know that it did.
pub(super) fn attended_on(viewer: &Viewer, team: &Alias) -> Expr {
    let known = status(viewer, team).eq(Status::Attended.to_value());
    CaseStatement::new().case(known, team.col(Column::AttendedOn)).into()
}

/// The teams of a district that attended, the earliest convening first: its path through the years.
pub(crate) fn participations_of_district(field: &Field<'_>) -> Result<Edge> {
    let as_of: Option<Date> = field.argument("asOf")?;
    let date = Key::via(KeyKind::Date, |convening| convening.col(convening::Column::StartsOn));
    let order = Order::by("district.participations", vec![date]).through::<convening::Entity>(Column::ConveningId);
    let listing = Listing::new(order)
        .filter_seen(attended)
        .filter_some(as_of, |rows, day| rows.col(Column::AttendedOn).lte(day.0));
    Ok(Edge::many::<team::Entity>(Column::DistrictId, listing.paged(field)?))
}

/// Holds teams against the rules of their convenings: two statements for any number of teams.
fn load_readiness(teams: Vec<Uuid>, reading: Reading<'_>) -> BoxFuture<'_, Result<HashMap<Uuid, Erased>>> {
    async move {
        let mut members = load_members(&teams, &reading).await?;
        let mut rules = load_rules(&teams, &reading).await?;
        let assessed = teams.into_iter().map(|team| {
            let (rule, members) = (rules.remove(&team).unwrap_or_default(), members.remove(&team).unwrap_or_default());
            (team, Box::new(Readiness(readiness::assess(&rule, &members))) as Erased)
        });
        Ok(assessed.collect())
    }
    .boxed()
}

async fn load_members(teams: &[Uuid], reading: &Reading<'_>) -> Result<HashMap<Uuid, Vec<Member>>> {
    let (member, team) = (Alias::new("m"), Alias::new("t"));
    // Superintendents and board members sit for the district: only what they are there counts. Presidents of unions are
    // affiliated with the union, or with nothing that is known.
    let of_district = [Seat::Superintendent, Seat::SchoolBoardMember].map(|seat| seat.to_value()).to_vec();
    let ended = |holds: bool| {
        member.exists::<affiliation::Entity>(|affiliation| {
            let end = affiliation.col(affiliation::Column::EndsOn);
            let day = Expr::col((convening::Entity, convening::Column::StartsOn));
            let ended = if holds { end.clone().is_null().or(end.gte(day)) } else { end.lt(day) };
            let counts = affiliation.col(affiliation::Column::DistrictId).eq(team.col(Column::DistrictId)).or(one_of(
                member.col(team_member::Column::Seat),
                of_district.clone(),
            )
            .not());
            (affiliation.col(affiliation::Column::PersonId).eq(member.col(team_member::Column::PersonId)))
                .and(counts)
                .and(ended)
        })
    };
    let mut select = member.select_from::<team_member::Entity>();
    select
        .expr(member.col(team_member::Column::TeamId))
        .expr(member.col(team_member::Column::PersonId))
        .expr(member.col(team_member::Column::Seat))
        .expr_as(ended(false).and(ended(true).not()), "ended")
        .inner_join(
            convening::Entity,
            Expr::col((convening::Entity, convening::Column::Id)).eq(member.col(team_member::Column::ConveningId)),
        )
        .join_as(
            sea_orm::sea_query::JoinType::InnerJoin,
            team::Entity,
            &team,
            team.col(Column::Id).eq(member.col(team_member::Column::TeamId)),
        )
        .and_where(any_of(member.col(team_member::Column::TeamId), teams.iter().copied()))
        .and_where(reading.viewer.visible::<team_member::Entity>(&member))
        .order_by_expr(member.computed("seat_rank"), sea_orm::sea_query::Order::Asc)
        .order_by_expr(member.computed("id"), sea_orm::sea_query::Order::Asc);
    let mut members: HashMap<Uuid, Vec<Member>> = HashMap::new();
    for row in reading.db().query_all(&select).await? {
        let member = Member {
            person: row.try_get::<PersonId>("", "person_id")?,
            seat: row.try_get::<Seat>("", "seat")?,
            affiliation_ended: row.try_get("", "ended")?,
        };
        members.entry(row.try_get("", "team_id")?).or_default().push(member);
    }
    Ok(members)
}

async fn load_rules(teams: &[Uuid], reading: &Reading<'_>) -> Result<HashMap<Uuid, Vec<Requirement>>> {
    use required_seat::Column::{Maximum, Minimum, Position, RuleId, Seat as SeatColumn};
    let (team, seat) = (Alias::new("t"), Alias::new("s"));
    let rule = Expr::col((convening::Entity, convening::Column::CompositionRuleId));
    let mut select = team.select_from::<team::Entity>();
    select
        .expr_as(team.col(Column::Id), "team_id")
        .exprs([SeatColumn, Minimum, Maximum].map(|column| seat.col(column)))
        .inner_join(
            convening::Entity,
            Expr::col((convening::Entity, convening::Column::Id)).eq(team.col(Column::ConveningId)),
        )
        .join_as(sea_orm::sea_query::JoinType::InnerJoin, required_seat::Entity, &seat, seat.col(RuleId).eq(rule))
        .and_where(any_of(team.col(Column::Id), teams.iter().copied()))
        .order_by_expr(seat.col(Position), sea_orm::sea_query::Order::Asc);
    let mut rules: HashMap<Uuid, Vec<Requirement>> = HashMap::new();
    for row in reading.db().query_all(&select).await? {
        let count =
            |column| -> Result<usize> { usize::try_from(row.try_get::<i32>("", column)?).map_err(Error::internal) };
        let requirement =
            Requirement { seat: row.try_get("", "seat")?, minimum: count("minimum")?, maximum: count("maximum")? };
        rules.entry(row.try_get("", "team_id")?).or_default().push(requirement);
    }
    Ok(rules)
}
