//! What an audience sees now, held against what it was told before.

use super::advance::Written;
use super::audience::statement;
use super::read::Action;
use super::told::{ALL, Told};
use super::touches::Touched;
use crate::auth::Viewer;
use crate::database::any_of;
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{self, Expr, ExprTrait as _, JoinType, Query, SelectStatement};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, FromQueryResult};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

const ADD_CHANGES: &str = "
    INSERT INTO audience_change (audience_id, number, action, node_type, row_id, recorded_at)
    SELECT $1, number, action, node_type, row_id, coalesce(recorded_at, statement_timestamp())
    FROM jsonb_to_recordset($2) AS t (
      number bigint, action text, node_type smallint, row_id uuid, recorded_at timestamptz)";
const FORGET_ROWS: &str = "
    DELETE FROM audience_row USING jsonb_to_recordset($2) AS t (action text, node_type smallint, row_id uuid)
    WHERE audience_id = $1 AND audience_row.node_type = t.node_type AND audience_row.row_id = t.row_id
      AND t.action = 'deleted'";
const ADD_ROWS: &str = "
    INSERT INTO audience_row (id, audience_id, node_type, row_id, number, recorded_at, version, content)
    SELECT made.id, $1, made.node_type, made.row_id, number, made.recorded_at, t.version, t.content
    FROM jsonb_to_recordset($2) AS t (number bigint, version integer, content uuid)
      JOIN audience_change AS made USING (number)
    WHERE made.audience_id = $1 AND made.action = 'created'";
const CHANGE_ROWS: &str = "
    UPDATE audience_row SET version = t.version, content = t.content
    FROM jsonb_to_recordset($2) AS t (action text, node_type smallint, row_id uuid, version integer, content uuid)
    WHERE audience_id = $1 AND audience_row.node_type = t.node_type AND audience_row.row_id = t.row_id
      AND t.action = 'updated'";

/// For whom it is looked, and what was written since the last time.
pub(super) struct Looked<'a> {
    pub(super) viewer: &'a Viewer,
    pub(super) audience: Uuid,
    pub(super) news: &'a [Written],
}

/// A node in a state that an audience sees.
#[derive(Clone, Copy, Debug, FromQueryResult)]
struct State {
    id: Uuid,
    version: i32,
    content: Option<Uuid>,
}

/// Something to tell.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Difference {
    number: i64,
    action: Action,
    node_type: i16,
    row_id: Uuid,
    recorded_at: Option<DateTime<Utc>>,
    version: i32,
    content: Option<Uuid>,
    #[serde(skip)]
    place: (i64, usize),
}

/// What is touched, held against what was told of it.
pub(super) async fn differences(
    db: &DatabaseTransaction,
    looked: &Looked<'_>,
    touched: &BTreeMap<i16, Touched>,
) -> Result<Vec<Difference>> {
    let mut differences = Vec::new();
    for (rank, told) in ALL.iter().enumerate() {
        let Some(touched) = touched.get(&told.tag()) else { continue };
        let keys = match touched {
            Touched::These(keys) => keys.clone(),
            Touched::All => differing(db, looked, told).await?,
        };
        let known = known(looked.audience, told).and_where(any_of(of("row_id"), keys.iter().copied())).take();
        let (known, seen) = (states(db, &known).await?, states(db, &told.seen_of(looked.viewer, keys)).await?);
        differences.extend(looked.differences(told, rank, &known, &seen));
    }
    differences.sort_by_key(|difference| difference.place);
    Ok(differences)
}

/// The keys of a type whose rows are not seen as they were told. The database compares them: nearly all are alike, and there may be
/// more of them than memory has room for.
async fn differing(db: &DatabaseTransaction, looked: &Looked<'_>, told: &Told) -> Result<Vec<Uuid>> {
    let name = sea_query::Alias::new;
    let (known, seen) = (known(looked.audience, told), told.seen(looked.viewer));
    let mut select = Query::select();
    select
        .expr_as(Expr::cust("coalesce(known.id, seen.id)"), name("id"))
        .from_subquery(known, name("known"))
        .join_subquery(JoinType::FullOuterJoin, seen, name("seen"), Expr::cust("known.id = seen.id"))
        .and_where(Expr::cust("(known.version, known.content) IS DISTINCT FROM (seen.version, seen.content)"));
    let rows = db.query_all(&select).await?;
    Ok(rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?)
}

/// What an audience was told of a type.
fn known(audience: Uuid, told: &Told) -> SelectStatement {
    let name = sea_query::Alias::new;
    let mut select = Query::select();
    select
        .expr_as(of("row_id"), name("id"))
        .columns([name("version"), name("content")])
        .from(name("audience_row"))
        .and_where(of("audience_id").eq(audience))
        .and_where(of("node_type").eq(told.tag()));
    select
}

/// A column of what audiences were told.
fn of(column: &'static str) -> Expr {
    Expr::col(sea_query::Alias::new(column))
}

async fn states(db: &DatabaseTransaction, select: &SelectStatement) -> Result<HashMap<Uuid, State>> {
    let rows = db.query_all(select).await?;
    let states = rows.iter().map(|row| State::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
    Ok(states.into_iter().map(|state| (state.id, state)).collect())
}

impl Looked<'_> {
    fn differences(
        &self,
        told: &Told,
        rank: usize,
        known: &HashMap<Uuid, State>,
        seen: &HashMap<Uuid, State>,
    ) -> Vec<Difference> {
        let mut own: HashMap<Uuid, Vec<&Written>> = HashMap::new();
        for written in self.news.iter().filter(|written| written.table_name == told.table()) {
            own.entry(written.row_id).or_default().push(written);
        }
        // What was hidden meanwhile was seen neither then nor how often it was written.
        let is_steady = !self.news.iter().any(|written| written.may_hide);
        let of = |key: &Uuid| {
            let is_steady = is_steady && known.contains_key(key) && told.is_read_as_written(self.viewer);
            let is_open = told.is_open_to(self.viewer) || is_steady;
            Node { told, rank, looked: self, own: own.get(key).map_or(&[], Vec::as_slice), is_open }
        };
        let now = seen.values().flat_map(|state| of(&state.id).now(known.get(&state.id), state));
        let gone = known.values().filter(|state| !seen.contains_key(&state.id));
        now.chain(gone.map(|state| of(&state.id).gone(state))).collect()
    }
}

/// A node that may have changed, and what its own row's history says of that.
struct Node<'a> {
    told: &'a Told,
    rank: usize,
    looked: &'a Looked<'a>,
    own: &'a [&'a Written],
    /// Whether the audience saw every entry of that history when it was written, so that each may be told with its moment.
    is_open: bool,
}

impl Node<'_> {
    /// What is told of one that is seen now.
    fn now(&self, known: Option<&State>, now: &State) -> Vec<Difference> {
        let mut changes = Vec::new();
        let mut version = if let Some(known) = known {
            known.version
        } else {
            let made = self.own.iter().find(|written| written.action == "created");
            changes.push(self.difference(Action::Created, now, made.or(self.own.last()).copied()));
            // Of one that came to be seen later than it was made, it is not told what was hidden.
            let made = made.and_then(|made| made.version).filter(|_| self.is_open);
            made.unwrap_or(now.version)
        };
        if self.is_open {
            for written in self.own {
                if let Some(next) = written.version.filter(|&next| next > version && next <= now.version) {
                    changes.push(self.difference(Action::Updated, now, Some(written)));
                    version = next;
                }
            }
        }
        let differs = known.is_some_and(|known| known.content != now.content && changes.is_empty());
        if version != now.version || differs {
            changes.push(self.difference(Action::Updated, now, self.own.last().copied()));
        }
        changes
    }

    /// What is told of one that is seen no more.
    fn gone(&self, known: &State) -> Difference {
        let own = self.own.iter().rfind(|written| written.action == "deleted");
        let mut gone = self.difference(Action::Deleted, known, own.copied());
        // What refers to others goes before them.
        gone.place.1 = 2 * ALL.len() - self.rank;
        gone
    }

    fn difference(&self, action: Action, state: &State, own: Option<&Written>) -> Difference {
        let cause = own.or(self.looked.news.last());
        Difference {
            number: 0,
            action,
            node_type: self.told.tag(),
            row_id: state.id,
            // Of what was hidden, not even the moment is told: it is that of this look.
            recorded_at: own.filter(|_| self.is_open).map(|own| own.recorded_at),
            version: state.version,
            content: state.content,
            place: (cause.map_or(i64::MAX, |cause| cause.number), self.rank),
        }
    }
}

/// What only the first of two has: the type and what happened.
pub(super) fn missed(whole: &[Difference], touched: &[Difference]) -> Vec<String> {
    let nodes: HashSet<_> = touched.iter().map(|change| (change.node_type, change.row_id)).collect();
    let missed = whole.iter().filter(|change| !nodes.contains(&(change.node_type, change.row_id)));
    let name = |tag| Told::of_tag(tag).map(Told::name).unwrap_or_default();
    missed.map(|change| format!("{} {:?}", name(change.node_type), change.action)).collect()
}

/// Tells an audience, by numbers that follow the last; what the last is then.
pub(super) async fn write(
    db: &DatabaseTransaction,
    audience: Uuid,
    mut last_number: i64,
    differences: &[Difference],
) -> Result<i64> {
    if differences.is_empty() {
        return Ok(last_number);
    }
    let mut numbered = differences.to_vec();
    for difference in &mut numbered {
        last_number += 1;
        difference.number = last_number;
    }
    let rows = serde_json::to_value(numbered).map_err(Error::internal)?;
    for sql in [ADD_CHANGES, FORGET_ROWS, ADD_ROWS, CHANGE_ROWS] {
        db.execute_raw(statement(sql, [audience.into(), rows.clone().into()])).await?;
    }
    Ok(last_number)
}
