//! What stands in a feed behind a place, and of that what may be seen at this moment.

use super::audience::{self, statement};
use super::cursor::Position;
use super::feeds::Stretch;
use super::service::{OUT_OF_STEP, belongs};
use super::told::{ALL, Told};
use crate::auth::Viewer;
use crate::error::{Error, Result};
use crate::graphql::NodeType;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, FromQueryResult};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What there was when it was begun to tell everything, from one number to another. Types are asked for in a way that no index
/// answers: by the one that has them, all of an audience would be put in order for each page.
const THERE: &str = "
    SELECT number, id, 'created' AS action, node_type, row_id AS key, recorded_at FROM audience_row
    WHERE audience_id = $1 AND number > $2 AND number <= $3 AND node_type + 0::smallint = ANY ($4) ORDER BY number LIMIT $5";
/// What became of it since.
const SINCE: &str = "
    SELECT number, id, action, node_type, row_id AS key, recorded_at FROM audience_change
    WHERE audience_id = $1 AND number > $2 AND node_type = ANY ($3) ORDER BY number LIMIT $4";
/// One of what there was is told of by the change that told of it, where that is kept.
const BY_IDS: &str = "
    SELECT number, id, action, node_type, row_id AS key, recorded_at FROM audience_change WHERE audience_id = $1 AND id = ANY ($2)
    UNION ALL
    SELECT number, id, 'created', node_type, row_id AS key, recorded_at FROM audience_row AS there
    WHERE audience_id = $1 AND id = ANY ($2) AND NOT EXISTS (SELECT FROM audience_change WHERE id = there.id)";
const COUNT: &str = "
    SELECT (SELECT count(*) FROM audience_row
      WHERE audience_id = $1 AND number > $2 AND number <= $3 AND node_type = ANY ($4))
    + (SELECT count(*) FROM audience_change
      WHERE audience_id = $1 AND number > greatest($2, $3) AND node_type = ANY ($4)) AS total";

/// The last number before the first change that is kept: up to there the feed has only what there is.
const BEGINS: &str = "
    SELECT coalesce((SELECT min(number) - 1 FROM audience_change WHERE audience_id = $1), last_number) AS number
    FROM audience WHERE id = $1";

/// What happened to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Action {
    Created,
    Updated,
    Deleted,
}

/// A change of a node, as an audience is told of it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) number: i64,
    pub(crate) id: Uuid,
    pub(crate) action: Action,
    pub(crate) node_type: NodeType,
    pub(crate) key: Uuid,
    pub(crate) recorded_at: DateTime<Utc>,
}

/// A part of a feed.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) entries: Vec<(Entry, Position)>,
    /// The place to go on from. Where nothing more follows, also what is of other types or may not be seen lies before it.
    pub(super) upto: Position,
    /// Whether more follows that is there already.
    pub(super) more: bool,
}

/// What follows a place in a feed that goes to this number at least, as far as it may be seen now.
pub(super) async fn read(db: &DatabaseConnection, viewer: &Viewer, end: i64, stretch: &Stretch) -> Result<Part> {
    let (mut entries, mut position, limit) = (Vec::new(), stretch.position, stretch.limit);
    loop {
        // One more than asked for tells whether there is more.
        let missing = limit + 1 - entries.len();
        let found = seen(db, viewer, position, &stretch.types, missing as u64).await?;
        entries.extend(found.entries);
        position = found.last.unwrap_or(position);
        if found.is_all || entries.len() > limit {
            break;
        }
    }
    let more = entries.len() > limit;
    entries.truncate(limit);
    let upto = match entries.last() {
        Some((_, place)) if more => *place,
        None if more => stretch.position,
        _ => Position { number: position.number.max(end), until: None, ..position },
    };
    Ok(Part { entries, upto, more })
}

/// How many changes follow a place.
pub(super) async fn count(db: &DatabaseConnection, position: Position, types: &[NodeType]) -> Result<i64> {
    let until = position.until.unwrap_or(position.number);
    let values = [position.audience.into(), position.number.into(), until.into(), tags(types).into()];
    let row = db.query_one_raw(statement(COUNT, values)).await?;
    Ok(row.ok_or_else(|| Error::internal("a count without a row"))?.try_get("", "total")?)
}

#[derive(FromQueryResult)]
struct Row {
    number: i64,
    id: Uuid,
    action: String,
    node_type: i16,
    key: Uuid,
    recorded_at: DateTime<Utc>,
}

/// Changes behind a place that may be seen.
struct Seen {
    entries: Vec<(Entry, Position)>,
    /// The place of the last that was looked at, seen or not.
    last: Option<Position>,
    /// Whether that was all.
    is_all: bool,
}

/// At most so many changes behind a place, without those that may not be seen.
async fn seen(
    db: &DatabaseConnection,
    viewer: &Viewer,
    position: Position,
    types: &[NodeType],
    limit: u64,
) -> Result<Seen> {
    let rows = rows(db, position, types, limit).await?;
    let (is_all, last) = ((rows.len() as u64) < limit, rows.last().map(|(_, place)| *place));
    // Asked after they were read, so that none can have been put away between.
    let audience = audience::find(db, viewer).await?.ok_or(Error::OutOfStep(OUT_OF_STEP))?;
    belongs(&audience, &position)?;
    let entries = shown(db, viewer, rows).await?;
    Ok(Seen { entries, last, is_all })
}

/// The changes of these ids, where they are in the viewer's own feed and may be seen.
pub(super) async fn by_ids(db: &DatabaseConnection, viewer: &Viewer, ids: Vec<Uuid>) -> Result<Vec<(Entry, Position)>> {
    let Some(audience) = audience::find(db, viewer).await? else { return Ok(Vec::new()) };
    let rows = Row::find_by_statement(statement(BY_IDS, [audience.id.into(), ids.into()])).all(db).await?;
    let begins = db.query_one_raw(statement(BEGINS, [audience.id.into()])).await?;
    let begins = begins.map(|row| row.try_get::<i64>("", "number")).transpose()?.unwrap_or_default();
    // Behind one of what there was follows the rest of that: no change tells of it.
    let until = |number| (number <= begins).then_some(begins);
    let place = |row: Row| (Position { audience: audience.id, number: row.number, until: until(row.number) }, row);
    let rows = rows.into_iter().map(place).map(|(place, row)| (row, place)).collect();
    shown(db, viewer, rows).await
}

/// Those of these changes that may be seen at this moment.
async fn shown(db: &DatabaseConnection, viewer: &Viewer, rows: Vec<(Row, Position)>) -> Result<Vec<(Entry, Position)>> {
    let visible = visible(db, viewer, &rows).await?;
    let is_shown = |row: &Row| row.action == "deleted" || visible.contains(&(row.node_type, row.key));
    let shown = rows.into_iter().filter(|(row, _)| is_shown(row));
    Ok(shown.filter_map(|(row, place)| Some((row.entry()?, place))).collect())
}

/// At most so many changes behind a place.
async fn rows(
    db: &DatabaseConnection,
    position: Position,
    types: &[NodeType],
    limit: u64,
) -> Result<Vec<(Row, Position)>> {
    let audience = position.audience;
    let (tags, mut found) = (tags(types), Vec::new());
    if let Some(until) = position.until {
        let values = [audience.into(), position.number.into(), until.into(), tags.clone().into(), limit.into()];
        let there = Row::find_by_statement(statement(THERE, values)).all(db).await?;
        found.extend(there.into_iter().map(|row| (Position { number: row.number, ..position }, row)));
    }
    let behind = position.until.unwrap_or(position.number);
    let rest = limit.saturating_sub(found.len() as u64);
    let values = [audience.into(), behind.into(), tags.into(), rest.into()];
    let since = Row::find_by_statement(statement(SINCE, values)).all(db).await?;
    found.extend(since.into_iter().map(|row| (Position { audience, number: row.number, until: None }, row)));
    Ok(found.into_iter().map(|(place, row)| (row, place)).collect())
}

/// Which of these nodes the viewer sees at this moment.
async fn visible(db: &DatabaseConnection, viewer: &Viewer, rows: &[(Row, Position)]) -> Result<HashSet<(i16, Uuid)>> {
    let mut keys: HashMap<i16, Vec<Uuid>> = HashMap::new();
    for (row, _) in rows.iter().filter(|(row, _)| row.action != "deleted") {
        keys.entry(row.node_type).or_default().push(row.key);
    }
    let mut visible = HashSet::new();
    for (tag, keys) in keys {
        let Some(told) = Told::of_tag(tag) else { continue };
        for row in db.query_all(&told.visible(viewer, keys)).await? {
            visible.insert((tag, row.try_get("", "id")?));
        }
    }
    Ok(visible)
}

fn tags(types: &[NodeType]) -> Vec<i16> {
    ALL.iter().filter(|told| types.is_empty() || types.contains(&told.node_type)).map(Told::tag).collect()
}

impl Row {
    fn entry(&self) -> Option<Entry> {
        let action = match self.action.as_str() {
            "created" => Action::Created,
            "updated" => Action::Updated,
            _ => Action::Deleted,
        };
        let node_type = Told::of_tag(self.node_type)?.node_type;
        let (number, id, key, recorded_at) = (self.number, self.id, self.key, self.recorded_at);
        Some(Entry { number, id, action, node_type, key, recorded_at })
    }
}
