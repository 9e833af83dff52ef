//! Reads what is known of agendas: as many statements for one as for many.

use super::facts::{Block, Busy, Facts, Room, Seat, Session, Slot, Span, Speaks};
use crate::database::{Alias, any_of};
use crate::error::{Error, Result};
use crate::graphql::tree::Reading;
use crate::team::HOLDS_A_PLACE;
use chrono::{DateTime, Utc};
use entity::ids::{ConveningId, PersonId, SessionId, SlotId};
use entity::{convening, room, seat_assignment, session, session_block, slot, speaker, team, team_member};
use sea_orm::sea_query::{Expr, ExprTrait as _, IntoIden, SelectStatement};
use sea_orm::{
    ActiveEnum as _, ColumnTrait, ConnectionTrait as _, EntityTrait, QueryFilter as _, QueryOrder as _, QueryResult,
    Select,
};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// What is known of these convenings' agendas as they are worked on, by convening. Whoever asks for it may see them so.
pub(in crate::agenda) async fn load(convenings: &[Uuid], reading: Reading<'_>) -> Result<HashMap<Uuid, Facts>> {
    let loading = Loading { convenings, reading };
    let mut known = HashMap::new();
    for row in of::<convening::Entity>(convening::Column::Id, convenings).all(&reading.db()).await? {
        known.insert(row.id.0, begun(&row)?);
    }
    loading.parts(&mut known).await?;
    loading.people(&mut known).await?;
    Ok(known)
}

struct Loading<'a> {
    convenings: &'a [Uuid],
    reading: Reading<'a>,
}

/// The facts of a convening of which no more than the row is known.
fn begun(row: &convening::Model) -> Result<Facts> {
    Ok(Facts {
        first_day: row.starts_on,
        last_day: row.ends_on,
        zone: row.time_zone.parse().map_err(|_| Error::internal("a convening in a time zone unknown"))?,
        participants: 0,
        blocks: Vec::new(),
        sessions: Vec::new(),
        slots: Vec::new(),
        rooms: Vec::new(),
        speakers: Vec::new(),
        elsewhere: Vec::new(),
        seats: Vec::new(),
        in_teams: BTreeSet::new(),
    })
}

/// The rows of these convenings.
fn of<E: EntityTrait>(column: impl ColumnTrait, convenings: &[Uuid]) -> Select<E> {
    E::find().filter(any_of(column.into_expr(), convenings.iter().copied()))
}

impl Loading<'_> {
    /// Blocks, sessions, rooms and slots.
    async fn parts(&self, known: &mut HashMap<Uuid, Facts>) -> Result<()> {
        let (db, convenings) = (self.reading.db(), self.convenings);
        let blocks = of::<session_block::Entity>(session_block::Column::ConveningId, convenings);
        for row in blocks.order_by_asc(session_block::Column::Position).all(&db).await? {
            if let Some(facts) = known.get_mut(&row.convening_id.0) {
                facts.blocks.push(Block { id: row.id, title: row.title, rounds: row.rounds });
            }
        }
        let sessions = of::<session::Entity>(session::Column::ConveningId, convenings);
        let sessions = sessions.order_by_asc(session::Column::Date).order_by_asc(session::Column::Number);
        for row in sessions.order_by_asc(session::Column::Title).order_by_asc(session::Column::Id).all(&db).await? {
            if let Some(facts) = known.get_mut(&row.convening_id.0) {
                let session::Model { id, title, format, date, block_id, .. } = row;
                facts.sessions.push(Session { id, title, format, date, block: block_id });
            }
        }
        let rooms = of::<room::Entity>(room::Column::ConveningId, convenings);
        for row in rooms.order_by_asc(room::Column::Name).all(&db).await? {
            if let Some(facts) = known.get_mut(&row.convening_id.0) {
                facts.rooms.push(Room { id: row.id, name: row.name, capacity: row.capacity });
            }
        }
        let taken: HashMap<Uuid, i64> = self.pairs(self.taken()).await?.into_iter().collect();
        let slots = of::<slot::Entity>(slot::Column::ConveningId, convenings);
        let slots = slots.order_by_asc(slot::Column::StartsAt).order_by_asc(slot::Column::Round);
        for row in slots.order_by_asc(slot::Column::Id).all(&db).await? {
            if let Some(facts) = known.get_mut(&row.convening_id.0) {
                facts.slots.push(Slot {
                    id: row.id,
                    session: row.session_id,
                    round: row.round,
                    room: row.room_id,
                    span: row.starts_at.zip(row.ends_at),
                    capacity: row.capacity,
                    taken: taken.get(&row.id.0).copied().unwrap_or_default(),
                });
            }
        }
        Ok(())
    }

    /// Who speaks, where else those are, and how many take part.
    async fn people(&self, known: &mut HashMap<Uuid, Facts>) -> Result<()> {
        let db = self.reading.db();
        for row in db.query_all(&self.speakers()).await? {
            let (person, session): (PersonId, SessionId) =
                (row.try_get("", "person_id")?, row.try_get("", "session_id")?);
            let name = row.try_get("", "name_as_shown")?;
            if let Some(facts) = facts_of(known, &row)? {
                facts.speakers.push(Speaks { person, name, session });
            }
        }
        for row in db.query_all(&self.elsewhere()).await? {
            let (person, span) = (row.try_get("", "person_id")?, span_of(&row)?);
            let there: Uuid = row.try_get("", "convening_id")?;
            for (here, facts) in known.iter_mut() {
                if *here != there && facts.speakers.iter().any(|speaker| speaker.person == person) {
                    facts.elsewhere.push(Busy { person, span });
                }
            }
        }
        for row in db.query_all(&self.seats()).await? {
            let (person, slot): (PersonId, SlotId) = (row.try_get("", "person_id")?, row.try_get("", "slot_id")?);
            if let Some(facts) = facts_of(known, &row)? {
                facts.seats.push(Seat { person, slot });
            }
        }
        for row in db.query_all(&self.members()).await? {
            let person: PersonId = row.try_get("", "person_id")?;
            if let Some(facts) = facts_of(known, &row)? {
                facts.participants += 1;
                if facts.speakers.iter().any(|speaker| speaker.person == person) {
                    facts.in_teams.insert(person);
                }
            }
        }
        Ok(())
    }

    /// How many seats of each slot are taken.
    fn taken(&self) -> SelectStatement {
        use seat_assignment::Column::{ConveningId, SlotId};
        let rows = Alias::new("t0");
        let mut select = rows.select_from::<seat_assignment::Entity>();
        select
            .expr_as(rows.col(SlotId), "key")
            .expr_as(Expr::cust("count(*)"), "value")
            .and_where(self.of_them(&rows, ConveningId))
            .add_group_by([rows.col(SlotId)]);
        select
    }

    async fn pairs(&self, select: SelectStatement) -> Result<Vec<(Uuid, i64)>> {
        let rows = self.reading.db().query_all(&select).await?;
        rows.iter().map(|row| Ok((row.try_get("", "key")?, row.try_get("", "value")?))).collect()
    }

    /// People who speak, in the order of the agenda's roles.
    fn speakers(&self) -> SelectStatement {
        use speaker::Column::{Id, NameAsShown, PersonId, SessionId};
        let rows = Alias::new("t0");
        let mut select = rows.select_from::<speaker::Entity>();
        join_session(&mut select, &rows, SessionId);
        select
            .expr(rows.col(PersonId))
            .expr(rows.col(SessionId))
            .expr(rows.col(NameAsShown))
            .and_where(rows.col(PersonId).is_not_null())
            .and_where(self.of_them(&rows.with_suffix("s"), session::Column::ConveningId))
            .order_by_expr(rows.computed("role_rank"), sea_orm::sea_query::Order::Asc)
            .order_by_expr(rows.col(Id), sea_orm::sea_query::Order::Asc);
        select
    }

    /// All times at which people who speak at these convenings speak anywhere that takes place.
    fn elsewhere(&self) -> SelectStatement {
        use speaker::Column::{PersonId, SessionId};
        let (rows, slot) = (Alias::new("t0"), Alias::new("t1"));
        let mut select = rows.select_from::<speaker::Entity>();
        let on = slot.col(slot::Column::SessionId).eq(rows.col(SessionId));
        let takes_place = slot.refers_to::<convening::Entity>(slot::Column::ConveningId, |convening| {
            convening.col(convening::Column::Status).ne(convening::Status::Cancelled.to_value())
        });
        let speaks_here = rows.exists::<speaker::Entity>(|other| {
            let here = other
                .refers_to::<session::Entity>(SessionId, |session| self.of_them(session, session::Column::ConveningId));
            other.col(PersonId).eq(rows.col(PersonId)).and(here)
        });
        select
            .join(sea_orm::sea_query::JoinType::InnerJoin, slot.of_table("slot"), on)
            .expr(rows.col(PersonId))
            .expr(slot.col(slot::Column::ConveningId))
            .expr(slot.col(slot::Column::StartsAt))
            .expr(slot.col(slot::Column::EndsAt))
            .and_where(slot.col(slot::Column::StartsAt).is_not_null())
            .and_where(takes_place)
            .and_where(speaks_here);
        select
    }

    /// In which slots people have seats who speak there too.
    fn seats(&self) -> SelectStatement {
        use seat_assignment::Column::{ConveningId, MemberId, SlotId};
        let (rows, member) = (Alias::new("t0"), Alias::new("t1"));
        let person = member.col(team_member::Column::PersonId);
        let mut select = rows.select_from::<seat_assignment::Entity>();
        let on = member.col(team_member::Column::Id).eq(rows.col(MemberId));
        let speaks =
            rows.exists::<speaker::Entity>(|speaker| speaker.col(speaker::Column::PersonId).eq(person.clone()));
        select
            .join(sea_orm::sea_query::JoinType::InnerJoin, member.of_table("team_member"), on)
            .expr(person.clone())
            .expr(rows.col(SlotId))
            .expr(rows.col(ConveningId))
            .and_where(self.of_them(&rows, ConveningId))
            .and_where(speaks);
        select
    }

    /// Who sits in a team that holds a place.
    fn members(&self) -> SelectStatement {
        use team_member::Column::{ConveningId, PersonId, TeamId};
        let rows = Alias::new("t0");
        let mut select = rows.select_from::<team_member::Entity>();
        let comes = rows.refers_to::<team::Entity>(TeamId, |team| {
            let states = HOLDS_A_PLACE.map(|status| status.to_value()).to_vec();
            crate::database::one_of(team.col(team::Column::Status), states)
        });
        select
            .expr(rows.col(PersonId))
            .expr(rows.col(ConveningId))
            .and_where(self.of_them(&rows, ConveningId))
            .and_where(comes);
        select
    }

    fn of_them(&self, rows: &Alias, column: impl IntoIden) -> Expr {
        any_of(rows.col(column), self.convenings.iter().copied())
    }
}

/// Joins the session of a row, whose convening it brings along.
fn join_session(select: &mut SelectStatement, rows: &Alias, column: impl IntoIden) {
    let session = rows.with_suffix("s");
    let on = session.col(session::Column::Id).eq(rows.col(column));
    select
        .join(sea_orm::sea_query::JoinType::InnerJoin, session.of_table("session"), on)
        .expr(session.col(session::Column::ConveningId));
}

/// The facts that a row is part of.
fn facts_of<'f>(known: &'f mut HashMap<Uuid, Facts>, row: &QueryResult) -> Result<Option<&'f mut Facts>> {
    let convening: ConveningId = row.try_get("", "convening_id")?;
    Ok(known.get_mut(&convening.0))
}

fn span_of(row: &QueryResult) -> Result<Span> {
    let (start, end): (DateTime<Utc>, DateTime<Utc>) = (row.try_get("", "starts_at")?, row.try_get("", "ends_at")?);
    Ok((start, end))
}
