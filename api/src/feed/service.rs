//! Reading a feed: from a place in it, as far as it goes, and nothing of what may not be seen at this moment.

use super::advance::{Extent, advance};
use super::audience::{self, Audience, statement};
use super::cursor::{Position, Seal};
use super::told::{ALL, Told};
use super::watch;
use crate::auth::Viewer;
use crate::error::{Error, Result};
use crate::graphql::NodeType;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, FromQueryResult};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

const OUT_OF_STEP: &str = "This cursor is not one of your feed any more: it is older than the 30 days that changes are kept, \
    or what you may see has changed since. Start again with `from: BEGINNING`.";

/// What there was when it was begun to tell everything, from one number to another.
const THERE: &str = "
    SELECT number, id, 'created' AS action, node_type, row_id, recorded_at FROM audience_row
    WHERE audience_id = $1 AND number > $2 AND number <= $3 AND node_type = ANY ($4) ORDER BY number LIMIT $5";
/// What became of it since.
const SINCE: &str = "
    SELECT number, id, action, node_type, row_id, recorded_at FROM audience_change
    WHERE audience_id = $1 AND number > $2 AND node_type = ANY ($3) ORDER BY number LIMIT $4";
/// One of what there was is told of by the change that told of it, where that is kept.
const BY_IDS: &str = "
    SELECT number, id, action, node_type, row_id, recorded_at FROM audience_change WHERE audience_id = $1 AND id = ANY ($2)
    UNION ALL
    SELECT number, id, 'created', node_type, row_id, recorded_at FROM audience_row AS there
    WHERE audience_id = $1 AND id = ANY ($2) AND NOT EXISTS (SELECT FROM audience_change WHERE id = there.id)";
const COUNT: &str = "
    SELECT (SELECT count(*) FROM audience_row
      WHERE audience_id = $1 AND number > $2 AND number <= $3 AND node_type = ANY ($4))
    + (SELECT count(*) FROM audience_change
      WHERE audience_id = $1 AND number > greatest($2, $3) AND node_type = ANY ($4)) AS total";

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

/// A place in the feed of an audience: behind the change of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) audience: Uuid,
    pub(crate) number: i64,
}

/// What follows a place.
#[derive(Clone, Debug)]
pub(crate) struct Entries {
    /// In order; those that may not be seen at present are left out.
    pub(crate) entries: Vec<Entry>,
    /// The place to go on from: also what was left out lies before it.
    pub(crate) upto: Place,
}

/// Where a feed is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// Everything that there is, then what becomes of it.
    Beginning,
    /// What is changed from now on.
    Now,
}

/// A part of a feed.
pub(super) struct Part {
    pub(super) entries: Vec<(Entry, Position)>,
    /// Whether more follows that is there already.
    pub(super) more: bool,
}

/// The end of the viewer's feed at this moment.
pub(crate) async fn now(db: &DatabaseConnection, viewer: &Viewer) -> Result<Place> {
    let audience = up_to_date(db, viewer).await?;
    Ok(Place { audience: audience.id, number: audience.last_number })
}

/// So many changes behind a place, of these types, or of any where none is named. [`Error::OutOfStep`] where the place is
/// older than changes are kept or is in the feed of another audience, because the viewer sees other rows than before.
pub(crate) async fn after(
    db: &DatabaseConnection,
    viewer: &Viewer,
    place: Place,
    types: &[NodeType],
    limit: u64,
) -> Result<Entries> {
    let audience = up_to_date(db, viewer).await?;
    let position = Position { audience: place.audience, number: place.number, until: None };
    belongs(&audience, &position)?;
    let found = seen(db, viewer, position, types, limit).await?;
    // What is of other types or may not be seen is done with, too.
    let end = if found.is_all { audience.last_number } else { place.number };
    let number = found.last.map_or(end, |last| last.number.max(end));
    Ok(Entries {
        entries: found.entries.into_iter().map(|(entry, _)| entry).collect(),
        upto: Place { number, ..place },
    })
}

/// The place that a cursor or a word names, in the viewer's own feed.
pub(super) async fn start(
    db: &DatabaseConnection,
    viewer: &Viewer,
    seal: &Seal,
    after: Option<&str>,
    from: From,
) -> Result<Position> {
    let audience = up_to_date(db, viewer).await?;
    let Some(cursor) = after else {
        let (number, until) = match from {
            From::Now => (audience.last_number, None),
            From::Beginning => (0, Some(audience.last_number)),
        };
        return Ok(Position { audience: audience.id, number, until });
    };
    let position = seal.open(cursor)?;
    let position = position.ok_or_else(|| {
        Error::bad_input(
            "This is not a cursor of this feed. Cursors come from its changes; or start with `from: BEGINNING`.",
        )
    })?;
    belongs(&audience, &position)?;
    Ok(position)
}

/// What follows a place, as far as it is there and may be seen now: so many changes at most.
pub(super) async fn read(
    db: &DatabaseConnection,
    viewer: &Viewer,
    mut position: Position,
    types: &[NodeType],
    limit: usize,
) -> Result<Part> {
    let mut entries = Vec::new();
    loop {
        // One more than asked for tells whether there is more.
        let missing = limit + 1 - entries.len();
        let found = seen(db, viewer, position, types, missing as u64).await?;
        entries.extend(found.entries);
        match found.last {
            Some(last) if !found.is_all && entries.len() <= limit => position = last,
            _ => break,
        }
    }
    let more = entries.len() > limit;
    entries.truncate(limit);
    Ok(Part { entries, more })
}

/// How many changes follow a place.
pub(super) async fn count(db: &DatabaseConnection, position: Position, types: &[NodeType]) -> Result<i64> {
    let until = position.until.unwrap_or(position.number);
    let values = [position.audience.into(), position.number.into(), until.into(), tags(types).into()];
    let row = db.query_one_raw(statement(COUNT, values)).await?;
    Ok(row.ok_or_else(|| Error::internal("a count without a row"))?.try_get("", "total")?)
}

/// Brings the viewer's feed up to date.
pub(super) async fn up_to_date(db: &DatabaseConnection, viewer: &Viewer) -> Result<Audience> {
    let audience = audience::ensure(db, viewer).await?;
    advance(db, viewer, audience.id, Extent::Touched).await?;
    watch::check_if_due(db, viewer, &audience).await?;
    audience::ensure(db, viewer).await
}

/// Whether a place is one of the feed of an audience, and all that follows it is kept.
fn belongs(audience: &Audience, position: &Position) -> Result<()> {
    let behind = position.until.unwrap_or(position.number);
    let fits = position.audience == audience.id && (audience.forgotten..=audience.last_number).contains(&behind);
    if fits { Ok(()) } else { Err(Error::OutOfStep(OUT_OF_STEP)) }
}

#[derive(FromQueryResult)]
struct Row {
    number: i64,
    id: Uuid,
    action: String,
    node_type: i16,
    row_id: Uuid,
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
    let place = |row: Row| (Position { audience: audience.id, number: row.number, until: None }, row);
    let rows = rows.into_iter().map(place).map(|(place, row)| (row, place)).collect();
    shown(db, viewer, rows).await
}

/// Those of these changes that may be seen at this moment.
async fn shown(db: &DatabaseConnection, viewer: &Viewer, rows: Vec<(Row, Position)>) -> Result<Vec<(Entry, Position)>> {
    let visible = visible(db, viewer, &rows).await?;
    let is_shown = |row: &Row| row.action == "deleted" || visible.contains(&(row.node_type, row.row_id));
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
        keys.entry(row.node_type).or_default().push(row.row_id);
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
        let (number, id, key, recorded_at) = (self.number, self.id, self.row_id, self.recorded_at);
        Some(Entry { number, id, action, node_type, key, recorded_at })
    }
}
