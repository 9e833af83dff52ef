//! Runs a plan: a statement for its rows, then one for each list beneath them.

use super::columns::place;
use super::edge::{List, LoadAll, Parent};
use super::field::Field;
use super::level::{Followed, Level, Rows, What};
use super::listing::Listing;
use super::node::{Child, Erased, Reader};
use super::order::KeyValue;
use super::statement::{PARENT, Request, TOTAL};
use crate::auth::Viewer;
use crate::database::Executor;
use crate::error::Result;
use crate::graphql::connection::{Connection, page_type};
use crate::graphql::{Link, cursor};
use futures_util::future::{BoxFuture, FutureExt as _};
use sea_orm::{ConnectionTrait as _, QueryResult};
use std::collections::HashMap;
use uuid::Uuid;

/// Where reads go and for whom.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'a> {
    pub(super) link: &'a Link,
    pub(crate) viewer: &'a Viewer,
}

impl<'a> Reading<'a> {
    /// What takes statements.
    pub(crate) fn db(&self) -> Executor<'a> {
        self.link.executor()
    }
}

/// A row that was read, its place in the list's order, and its object.
struct Read {
    parent: Option<Uuid>,
    place: Vec<KeyValue>,
    node: Erased,
}

impl Reading<'_> {
    /// The list of a root field: a list, or a page where the listing has one.
    pub(super) async fn list(
        &self,
        reader: &'static dyn Reader,
        listing: &Listing,
        field: &Field<'_>,
    ) -> Result<Erased> {
        let mut lists = self.lists((reader, listing, true), None, field).await?;
        lists.remove(&Uuid::nil()).map_or_else(|| reader.list(Vec::new()), Ok)
    }

    /// The list at an edge, for each parent.
    async fn edge(&self, list: &List, parents: &[Uuid], field: &Field<'_>) -> Result<HashMap<Uuid, Child>> {
        let whole = (list.reader, &list.listing, !list.implied);
        let lists = self.lists(whole, Some((&list.parent, parents)), field).await?;
        Ok(lists.into_iter().map(|(parent, list)| (parent, Child::of(list))).collect())
    }

    /// Lists by parent; the one of a root field stands under the nil key. `asks` says whether the policy is asked about their rows.
    async fn lists(
        &self,
        (reader, listing, asks): (&'static dyn Reader, &Listing, bool),
        parents: Option<(&Parent, &[Uuid])>,
        field: &Field<'_>,
    ) -> Result<HashMap<Uuid, Erased>> {
        let wanted = Wanted::of(reader, listing, field);
        let level = Level::plan(reader, &wanted.nodes, self.viewer);
        let request = Request { level: &level, listing, parents, asks, viewer: self.viewer };
        let read = if wanted.rows { self.rows(&request).await? } else { Vec::new() };
        let totals = if wanted.total { self.totals(&request).await? } else { HashMap::new() };

        let mut by_parent: HashMap<Uuid, Vec<Read>> = match parents {
            Some((_, keys)) => keys.iter().map(|&key| (key, Vec::new())).collect(),
            None => HashMap::from([(Uuid::nil(), Vec::new())]),
        };
        for row in read {
            by_parent.entry(row.parent.unwrap_or_default()).or_default().push(row);
        }
        let lists = by_parent.into_iter().map(|(parent, rows)| {
            let total = wanted.total.then(|| totals.get(&parent).copied().unwrap_or(0));
            Ok((parent, finish(reader, listing, rows, total)?))
        });
        lists.collect()
    }

    async fn rows(&self, request: &Request<'_>) -> Result<Vec<Read>> {
        let rows = self.db().query_all(&request.rows()?).await?;
        let Some(first) = rows.first() else { return Ok(Vec::new()) };
        let layout = request.level.layout(first)?;
        let followed = self.follow(request.level, Rows { rows: &rows, layout: &layout }).await?;
        let parent = request.parents.map(|_| place(first, PARENT)).transpose()?;
        let in_order = if request.listing.page.is_some() { request.listing.order.values(&rows)? } else { Vec::new() };
        let mut in_order = in_order.into_iter();
        let mut read = Vec::with_capacity(rows.len());
        for row in &rows {
            let place = in_order.next().unwrap_or_default();
            let Some(node) = request.level.node(row, &layout, &followed)? else { continue };
            let parent = parent.map(|parent| row.try_get_by_index(parent)).transpose()?;
            read.push(Read { parent, place, node });
        }
        Ok(read)
    }

    async fn totals(&self, request: &Request<'_>) -> Result<HashMap<Uuid, i64>> {
        let rows = self.db().query_all(&request.count()).await?;
        let total = |row: &QueryResult| {
            let parent = request.parents.map(|_| row.try_get("", PARENT)).transpose()?;
            Ok((parent.unwrap_or_default(), row.try_get("", TOTAL)?))
        };
        rows.iter().map(total).collect()
    }

    /// What follows the rows of a level: its lists, and those of the levels joined to it.
    pub(super) fn follow<'f>(&'f self, level: &'f Level<'_>, rows: Rows<'f>) -> BoxFuture<'f, Result<Followed>> {
        async move {
            let mut followed = Followed { followers: Vec::new(), joined: Vec::new() };
            for (i, follower) in level.followers.iter().enumerate() {
                let parents = rows.parents(i)?;
                followed.followers.push(match &follower.what {
                    _ if parents.is_empty() => HashMap::new(),
                    What::List(list, field) => self.edge(list, &parents, field).await?,
                    What::Load(load, field) => {
                        let loaded = match load {
                            LoadAll::Whole(load) => load(parents, *self).await?,
                            LoadAll::Selected(load) => load(parents, *self, field.clone()).await?,
                        };
                        loaded.into_iter().map(|(key, made)| (key, Child::of(made))).collect()
                    }
                });
            }
            for (level, layout) in level.joined().zip(&rows.layout.joined) {
                followed.joined.push(self.follow(level, Rows { layout, ..rows }).await?);
            }
            Ok(followed)
        }
        .boxed()
    }
}

/// What of a list is selected.
struct Wanted<'a> {
    nodes: Field<'a>,
    rows: bool,
    total: bool,
}

impl<'a> Wanted<'a> {
    fn of(reader: &'static dyn Reader, listing: &Listing, field: &Field<'a>) -> Self {
        if listing.page.is_none() {
            return Self { nodes: field.clone(), rows: true, total: false };
        }
        let connection = page_type(reader.type_name());
        let selects = |name| field.child(&connection, name).is_some();
        let rows = ["nodes", "edges", "pageInfo"].into_iter().any(selects);
        let nodes = field.nodes(reader.type_name()).unwrap_or_else(|| field.nothing());
        Self { nodes, rows, total: selects("totalCount") }
    }
}

/// The rows of one parent as a list or a page.
fn finish(reader: &'static dyn Reader, listing: &Listing, mut rows: Vec<Read>, total: Option<i64>) -> Result<Erased> {
    let Some(page) = &listing.page else {
        return reader.list(rows.into_iter().map(|row| row.node).collect());
    };
    let asked = usize::try_from(page.rows).unwrap_or(usize::MAX);
    let more = rows.len() > asked;
    rows.truncate(asked);
    if page.from_end {
        rows.reverse();
    }
    let (has_previous_page, has_next_page) =
        if page.from_end { (more, page.before.is_some()) } else { (page.after.is_some(), more) };
    let rest = Connection { edges: Vec::new(), has_previous_page, has_next_page, total_count: total };
    let nodes = rows.into_iter().map(|row| (cursor::encode(&listing.order.name, row.place), row.node)).collect();
    reader.connection(nodes, rest)
}
