//! Nobody speaks in two sessions at one time, on whatever agendas they are.
//!
//! Times overlap as half-open intervals do: who speaks until ten can speak elsewhere from ten on. What is cancelled takes
//! nobody's time. People are held before it is asked where they speak, so that of two who would have somebody speak
//! twice, the second sees what the first has written; the order of all locks stands in [`crate::session::agenda`].

use crate::database::Alias;
use crate::error::Result;
use crate::writing::hold;
use chrono::{DateTime, Utc};
use entity::ids::{PersonId, SessionId};
use entity::{convening, person, slot, speaker};
use sea_orm::sea_query::{Cond, Expr, ExprTrait as _, Order};
use sea_orm::{ActiveEnum as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};

/// From when until when, without the last moment.
pub(crate) type Span = (DateTime<Utc>, DateTime<Utc>);

/// What is told of somebody who speaks elsewhere: not where, which may be hidden.
pub(crate) fn message(name: &str) -> String {
    format!("{name} speaks elsewhere at that time. Choose another time, or force it and say why.")
}

/// Whether a person who is to speak in a session speaks in another at the time of one of its slots.
pub(super) async fn speaks(db: &impl ConnectionTrait, id: PersonId, session: SessionId) -> Result<bool> {
    let slots = slot::Entity::find().filter(slot::Column::SessionId.eq(session)).all(db).await?;
    let spans: Vec<Span> = slots.iter().filter_map(|slot| slot.starts_at.zip(slot.ends_at)).collect();
    if spans.is_empty() {
        return Ok(false);
    }
    hold::<person::Entity>(db, |rows| rows.col(person::Column::Id).eq(id)).await?;
    let rows = Alias::new("t0");
    let mut select = rows.select_from::<person::Entity>();
    select.expr(Expr::cust("1")).and_where(rows.col(person::Column::Id).eq(id)).and_where(in_another(
        &rows,
        rows.col(person::Column::Id),
        session,
        &spans,
    ));
    Ok(db.query_one(&select).await?.is_some())
}

/// Who of the speakers of a session speaks in another at a time that it is to take place at, by the names on its agenda.
pub(crate) async fn speakers(db: &impl ConnectionTrait, session: SessionId, span: Span) -> Result<Vec<String>> {
    use speaker::Column::{Id, NameAsShown, PersonId, SessionId};
    hold::<person::Entity>(db, |rows| {
        rows.exists::<speaker::Entity>(|speaker| {
            speaker.col(PersonId).eq(rows.col(person::Column::Id)).and(speaker.col(SessionId).eq(session))
        })
    })
    .await?;
    let rows = Alias::new("t0");
    let mut select = rows.select_from::<speaker::Entity>();
    select
        .expr(rows.col(NameAsShown))
        .and_where(rows.col(SessionId).eq(session))
        .and_where(in_another(&rows, rows.col(PersonId), session, &[span]))
        .order_by_expr(rows.col(Id), Order::Asc);
    let mut names = Vec::new();
    for row in db.query_all(&select).await? {
        let name = row.try_get_by_index(0)?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

/// A person speaks in another session than this during one of these spans.
fn in_another(rows: &Alias, person: Expr, session: SessionId, spans: &[Span]) -> Expr {
    rows.exists::<speaker::Entity>(|other| {
        let elsewhere = other.col(speaker::Column::SessionId).ne(session);
        let then = other.exists::<slot::Entity>(|slot| {
            let theirs = slot.col(slot::Column::SessionId).eq(other.col(speaker::Column::SessionId));
            let takes_place = slot.refers_to::<convening::Entity>(slot::Column::ConveningId, |convening| {
                convening.col(convening::Column::Status).ne(convening::Status::Cancelled.to_value())
            });
            theirs.and(during(slot, spans)).and(takes_place)
        });
        other.col(speaker::Column::PersonId).eq(person).and(elsewhere).and(then)
    })
}

fn during(slot: &Alias, spans: &[Span]) -> Expr {
    let overlaps =
        |&(start, end): &Span| slot.col(slot::Column::StartsAt).lt(end).and(slot.col(slot::Column::EndsAt).gt(start));
    spans.iter().fold(Cond::any(), |any, span| any.add(overlaps(span))).into()
}
