//! How hits are found and ranked: one statement over all tables finds the page, one for each type reads what is
//! selected of its hits.

use super::graphql::SearchResult;
use crate::database::search::{self, Searched};
use crate::error::Result;
use crate::graphql::tree::{self, Branch, Derived, Field, Key, KeyKind, Order, Reading};
use crate::graphql::{Connection, Page};
use async_graphql::Context;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use entity::{convening, district, organization, person, session};
use sea_orm::sea_query::{Expr, SelectStatement, UnionType};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use uuid::Uuid;

const TYPE: &str = "SearchResult";

/// A hit before it is read: its type, and its key.
type Hit = (String, Uuid);

/// A page of hits.
pub(super) async fn search(
    ctx: &Context<'_>,
    typed: &str,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Connection<SearchResult>> {
    if typed.trim().is_empty() {
        return nothing(first, after);
    }
    let (reading, field) = (Reading::of(ctx), Field::of(ctx));
    let distance = Key::new(KeyKind::Int, |hits| hits.computed("distance"));
    let order = Order::by(&order_of(typed), vec![distance, Key::new(KeyKind::Text, |hits| hits.computed("name"))]);
    let page = Derived { rows: all_hits(&reading, typed), order }.page(&reading, &field, TYPE).await?;
    let hits = page.rows.iter().map(|row| Ok((row.try_get("", "kind")?, row.try_get("", "id")?)));
    let hits: Vec<Hit> = hits.collect::<Result<_>>()?;
    let mut objects = read(ctx, &field, &hits).await?;
    page.connection(|row| Ok(objects.remove(&row.try_get("", "id")?)))
}

/// The order of the hits for a text: each text ranks them its own way, and a cursor leads on in no other.
fn order_of(typed: &str) -> String {
    let digest = Sha256::digest(typed.trim());
    format!("search {}", BASE64_URL_SAFE_NO_PAD.encode(&digest[..8]))
}

/// The page of a list without rows.
fn nothing(first: Option<i32>, after: Option<String>) -> Result<Connection<SearchResult>> {
    let has_previous_page = Page::new(first, after, None, None)?.after.is_some();
    Ok(Connection { edges: Vec::new(), has_previous_page, has_next_page: false, total_count: Some(0) })
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

fn hits_of<E: Branch + Searched>(reading: &Reading<'_>, typed: &str, name: &'static str) -> SelectStatement {
    let rows = reading.viewer.reads("t0");
    let mut select = rows.select_from::<E>();
    select
        .expr_as(Expr::cust(format!("'{}'", E::TYPE)), "kind")
        .expr_as(rows.computed("id"), "id")
        .expr_as(search::distance(&rows, typed), "distance")
        .expr_as(rows.computed(name), "name")
        .and_where(search::found::<E>(reading.viewer, &rows, typed))
        .and_where(reading.viewer.visible::<E>(&rows.one_by_one()));
    select
}

/// The hits' objects with what is selected of them.
async fn read(ctx: &Context<'_>, field: &Field<'_>, hits: &[Hit]) -> Result<HashMap<Uuid, SearchResult>> {
    let nodes = field.nodes(TYPE).unwrap_or_else(|| field.nothing());
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
    let keys: Vec<Uuid> = hits.iter().filter(|(kind, _)| kind == E::TYPE).map(|(_, key)| *key).collect();
    if !keys.is_empty() {
        let objects = tree::by_keys::<E>(ctx, nodes, keys).await?;
        into.extend(objects.into_iter().map(|(key, object)| (key, result(object))));
    }
    Ok(())
}
