//! Runs a plan: a statement for its rows, then one for each list beneath them.

use super::edge::{List, LoadAll, Parent};
use super::field::Field;
use super::level::{Followed, Layout, Level, Rows, What};
use super::listing::Listing;
use super::node::{Child, Erased, Reader, Row};
use super::order::KeyValue;
use super::statement::{OfRows, Request};
use crate::auth::Viewer;
use crate::database::{Bounded, Executor};
use crate::error::Result;
use crate::graphql::connection::{Connection, page_type};
use crate::graphql::{Link, cursor};
use entity::part::plain;
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

/// Rows as they were read and what followed them; where there are none, nothing did.
#[derive(Default)]
struct Read {
    rows: Vec<QueryResult>,
    found: Option<(Layout, Followed)>,
    /// Where the parent's key stands in each.
    parent: Option<usize>,
}

/// Rows of one parent, each with its place in the list's order where that is asked for.
type Placed<'r> = Vec<(Vec<KeyValue>, Row<'r>)>;

impl Reading<'_> {
    /// The list of a root field: a list, or a page where the listing has one.
    pub(super) async fn list(
        &self,
        reader: &'static dyn Reader,
        listing: &Listing,
        field: &Field<'_>,
    ) -> Result<Erased> {
        // In a box: the engine moves about whatever a root field waits for.
        let mut lists = self.lists((reader, listing, true), None, field).boxed().await?;
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
        let (viewer, places) = (self.viewer, wanted.cursors);
        let request = Request { level: &level, listing, parents, asks, places, viewer };
        let read = if wanted.rows { self.rows(&request).await? } else { Read::default() };
        let totals = if wanted.total { self.totals(&request).await? } else { HashMap::new() };

        let lists = read.by_parent(&request)?.into_iter().map(|(parent, rows)| {
            let total = wanted.total.then(|| totals.get(&parent).copied().unwrap_or(0));
            Ok((parent, finish(reader, listing, rows, total)?))
        });
        lists.collect()
    }

    async fn rows(&self, request: &Request<'_>) -> Result<Read> {
        let OfRows { select, layout, parent } = request.rows()?;
        let rows = self.db().query_all(&Bounded(&select)).await?;
        if rows.is_empty() {
            return Ok(Read::default());
        }
        let followed = self.follow(request.level, Rows { rows: &rows, layout: &layout }).await?;
        Ok(Read { rows, found: Some((layout, followed)), parent })
    }

    async fn totals(&self, request: &Request<'_>) -> Result<HashMap<Uuid, i64>> {
        let rows = self.db().query_all(&Bounded(&request.count())).await?;
        let total = |row: &QueryResult| {
            let parent = request.parents.map(|_| row.try_get_by_index(1)).transpose()?;
            Ok((parent.unwrap_or_default(), row.try_get_by_index(0)?))
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

impl Read {
    /// The rows of each parent, also of one that has none.
    fn by_parent(&self, request: &Request<'_>) -> Result<HashMap<Uuid, Placed<'_>>> {
        let mut by_parent: HashMap<Uuid, Placed<'_>> = match request.parents {
            Some((_, keys)) => keys.iter().map(|&key| (key, Vec::new())).collect(),
            None => HashMap::from([(Uuid::nil(), Vec::new())]),
        };
        let Some((layout, followed)) = &self.found else { return Ok(by_parent) };
        let in_order = if request.places { request.listing.order.values(&self.rows)? } else { Vec::new() };
        let mut in_order = in_order.into_iter();
        for row in &self.rows {
            let place = in_order.next().unwrap_or_default();
            let Some(read) = request.level.row(row, layout, followed)? else { continue };
            let parent: Option<Uuid> = self.parent.map(|parent| plain(row, parent)).transpose()?.flatten();
            by_parent.entry(parent.unwrap_or_default()).or_default().push((place, read));
        }
        Ok(by_parent)
    }
}

/// What of a list is selected.
struct Wanted<'a> {
    nodes: Field<'a>,
    rows: bool,
    /// A place in the order costs as much as a field or two.
    cursors: bool,
    total: bool,
}

impl<'a> Wanted<'a> {
    fn of(reader: &'static dyn Reader, listing: &Listing, field: &Field<'a>) -> Self {
        if listing.page.is_none() {
            return Self { nodes: field.clone(), rows: true, cursors: false, total: false };
        }
        let connection = page_type(reader.type_name());
        let selects = |name| field.child(&connection, name).is_some();
        let beneath = |name, on: &str, names: &[&str]| {
            field.child(&connection, name).is_some_and(|of| names.iter().any(|name| of.child(on, name).is_some()))
        };
        let rows = ["nodes", "edges", "pageInfo"].into_iter().any(selects);
        let cursors = beneath("edges", &format!("{}Edge", reader.type_name()), &["cursor"])
            || beneath("pageInfo", "PageInfo", &["startCursor", "endCursor"]);
        let nodes = field.nodes(reader.type_name()).unwrap_or_else(|| field.nothing());
        Self { nodes, rows, cursors, total: selects("totalCount") }
    }
}

/// The rows of one parent as a list or a page.
fn finish(reader: &'static dyn Reader, listing: &Listing, mut rows: Placed<'_>, total: Option<i64>) -> Result<Erased> {
    let Some(page) = &listing.page else {
        return reader.list(rows.into_iter().map(|(_, row)| row).collect());
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
    let cursor = |place: Vec<KeyValue>| {
        if place.is_empty() { String::new() } else { cursor::encode(&listing.order.name, place) }
    };
    reader.connection(rows.into_iter().map(|(place, row)| (cursor(place), row)).collect(), rest)
}
