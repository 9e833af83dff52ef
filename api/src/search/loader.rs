//! How hits are found and ranked: one statement over all tables finds the page, one for each type reads what is
//! selected of its hits.

use super::graphql::SearchResult;
use crate::database::{Alias, search};
use crate::error::{Error, Result};
use crate::graphql::tree::{self, Branch, Field, Key, KeyKind, KeyValue, Order, Reading};
use crate::graphql::{Connection, ConnectionEdge, Page, cursor};
use async_graphql::Context;
use entity::{convening, district, organization, person, session};
use sea_orm::sea_query::{self, Asterisk, Expr, ExprTrait as _, Query, SelectStatement, UnionType};
use sea_orm::{ConnectionTrait as _, QueryResult};
use std::collections::HashMap;
use uuid::Uuid;

const HITS: &str = "hits";

/// A hit before it is read.
struct Hit {
    kind: String,
    key: Uuid,
    place: Vec<KeyValue>,
}

/// A page of hits.
pub(super) async fn search(
    ctx: &Context<'_>,
    typed: &str,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Connection<SearchResult>> {
    let page = Page::new(first, after, None, None)?;
    let reading = Reading::of(ctx);
    let field = Field::of(ctx);
    let order = Order::by(
        "search",
        vec![
            Key::new(KeyKind::Int, |hits| hits.computed("distance")),
            Key::new(KeyKind::Text, |hits| hits.computed("name")),
        ],
    );
    let has_previous_page = page.after.is_some();
    let (mut hits, has_next_page) = if typed.trim().is_empty() {
        (Vec::new(), false)
    } else {
        let place = page.after.map(|cursor| cursor::decode(&cursor, &order.name, &order.keys)).transpose()?;
        let mut hits = find(&reading, typed, &order, place, page.rows + 1).await?;
        let asked = usize::try_from(page.rows).unwrap_or(usize::MAX);
        let more = hits.len() > asked;
        hits.truncate(asked);
        (hits, more)
    };
    let total_count = match field.child("SearchResultConnection", "totalCount") {
        Some(_) => Some(count(&reading, typed).await?),
        None => None,
    };
    let mut objects = read(ctx, &field, &hits).await?;
    // Between the two statements a hit may have become invisible: then it is not one any more.
    let edge = |hit: Hit| {
        let node = objects.remove(&hit.key)?;
        Some(ConnectionEdge { cursor: cursor::encode(&order.name, hit.place), node })
    };
    let edges = hits.drain(..).filter_map(edge).collect();
    Ok(Connection { edges, has_previous_page, has_next_page, total_count })
}

async fn find(
    reading: &Reading<'_>,
    typed: &str,
    order: &Order,
    place: Option<Vec<KeyValue>>,
    limit: u64,
) -> Result<Vec<Hit>> {
    let hits = Alias::new(HITS);
    let mut select = Query::select();
    select.from_subquery(all_hits(reading, typed), &hits).expr(hits.computed("kind")).limit(limit);
    for (i, key) in order.exprs(&hits).into_iter().enumerate() {
        select.expr_as(key.clone(), sea_query::Alias::new(format!("k{i}"))).order_by_expr(key, sea_query::Order::Asc);
    }
    if let Some(place) = place {
        select.and_where(order.beyond(&place, false, &hits)?);
    }
    let hit = |row: &QueryResult| {
        Ok(Hit { kind: row.try_get("", "kind")?, key: row.try_get("", "k2")?, place: order.values(row)? })
    };
    reading.db().query_all(&select).await?.iter().map(hit).collect()
}

async fn count(reading: &Reading<'_>, typed: &str) -> Result<i64> {
    if typed.trim().is_empty() {
        return Ok(0);
    }
    let mut select = Query::select();
    select.from_subquery(all_hits(reading, typed), &Alias::new(HITS)).expr_as(Expr::col(Asterisk).count(), "total");
    let row = reading.db().query_one(&select).await?.ok_or_else(|| Error::internal("a count without a row"))?;
    Ok(row.try_get("", "total")?)
}

/// Every hit in every table, each as far as the viewer may see it.
fn all_hits(reading: &Reading<'_>, typed: &str) -> SelectStatement {
    let mut hits = hits_of::<person::Entity>(reading, typed, "sort_name");
    hits.union(UnionType::All, hits_of::<organization::Entity>(reading, typed, "sort_name"))
        .union(UnionType::All, hits_of::<district::Entity>(reading, typed, "sort_name"))
        .union(UnionType::All, hits_of::<convening::Entity>(reading, typed, "sort_title"))
        .union(UnionType::All, hits_of::<session::Entity>(reading, typed, "sort_title"));
    hits
}

fn hits_of<E: Branch>(reading: &Reading<'_>, typed: &str, name: &'static str) -> SelectStatement {
    let rows = reading.viewer.reads("t0");
    let mut select = rows.select_from::<E>();
    select
        .expr_as(Expr::cust(format!("'{}'", E::TYPE)), "kind")
        .expr_as(rows.computed("id"), "id")
        .expr_as(search::distance(&rows, typed), "distance")
        .expr_as(rows.computed(name), "name")
        .and_where(search::found::<E>(reading.viewer, &rows, typed))
        .and_where(reading.viewer.visible::<E>(&rows));
    select
}

/// The hits' objects with what is selected of them.
async fn read(ctx: &Context<'_>, field: &Field<'_>, hits: &[Hit]) -> Result<HashMap<Uuid, SearchResult>> {
    let nodes = field.child("SearchResultConnection", "nodes");
    let edges = field.child("SearchResultConnection", "edges");
    let edge_nodes = edges.and_then(|edges| edges.child("SearchResultEdge", "node"));
    let nodes = nodes.into_iter().chain(edge_nodes).reduce(Field::and).unwrap_or_else(|| field.nothing());
    let mut objects = HashMap::with_capacity(hits.len());
    read_type::<person::Entity>(ctx, &nodes, hits, SearchResult::Person, &mut objects).await?;
    read_type::<organization::Entity>(ctx, &nodes, hits, SearchResult::Organization, &mut objects).await?;
    read_type::<district::Entity>(ctx, &nodes, hits, SearchResult::District, &mut objects).await?;
    read_type::<convening::Entity>(ctx, &nodes, hits, SearchResult::Convening, &mut objects).await?;
    read_type::<session::Entity>(ctx, &nodes, hits, SearchResult::Session, &mut objects).await?;
    Ok(objects)
}

async fn read_type<E: Branch>(
    ctx: &Context<'_>,
    nodes: &Field<'_>,
    hits: &[Hit],
    result: fn(E::Object) -> SearchResult,
    into: &mut HashMap<Uuid, SearchResult>,
) -> Result<()> {
    let keys: Vec<Uuid> = hits.iter().filter(|hit| hit.kind == E::TYPE).map(|hit| hit.key).collect();
    if !keys.is_empty() {
        let objects = tree::by_keys::<E>(ctx, nodes, keys).await?;
        into.extend(objects.into_iter().map(|(key, object)| (key, result(object))));
    }
    Ok(())
}
