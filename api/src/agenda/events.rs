//! What calendars are told of a released agenda beside what stands on it: by which release each event was changed last,
//! and which events are no longer.

use crate::auth::Viewer;
use crate::error::Result;
use crate::graphql::{GlobalId, NodeType};
use chrono::{DateTime, Utc};
use entity::agenda_release::{Column, Entity};
use entity::ids::ConveningId;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};
use std::collections::BTreeMap;

/// The events of an agenda: its slots, and sessions that have a day and no time. Each by its global id.
#[derive(Debug, Default)]
pub(crate) struct Events {
    /// Those that stand on it.
    pub(super) standing: BTreeMap<String, Step>,
    /// Those that an earlier release told and the last does not.
    pub(super) gone: BTreeMap<String, Step>,
}

/// What changed an event last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Step {
    /// The number of the release, from 1.
    pub(super) number: i32,
    /// When it was made.
    pub(super) at: DateTime<Utc>,
}

/// The events of a convening's agenda; none where the viewer sees no release of it.
pub(crate) async fn events(db: &impl ConnectionTrait, viewer: &Viewer, convening: ConveningId) -> Result<Events> {
    let rows = viewer.reads("t0");
    let mut release = rows.select_from::<Entity>();
    release
        .expr(rows.col(Column::Id))
        .and_where(rows.col(Column::ConveningId).eq(convening))
        .and_where(viewer.visible::<Entity>(&rows))
        .limit(1);
    let mut events = Events::default();
    if db.query_one(&release).await?.is_none() {
        return Ok(events);
    }
    let all = "SELECT of_slot, id, stands, number, changed_at FROM agenda_events($1)";
    let all = Statement::from_sql_and_values(DbBackend::Postgres, all, [convening.into()]);
    for row in db.query_all_raw(all).await? {
        let (id, step) = event(&row)?;
        let list = if row.try_get("", "stands")? { &mut events.standing } else { &mut events.gone };
        list.insert(id, step);
    }
    Ok(events)
}

fn event(row: &QueryResult) -> Result<(String, Step)> {
    let of_slot: bool = row.try_get("", "of_slot")?;
    let node_type = if of_slot { NodeType::Slot } else { NodeType::Session };
    let id = GlobalId::encode(node_type, row.try_get::<uuid::Uuid>("", "id")?);
    Ok((id.0, Step { number: row.try_get("", "number")?, at: row.try_get("", "changed_at")? }))
}
