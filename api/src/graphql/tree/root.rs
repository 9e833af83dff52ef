//! The entrances: what a root field asks of the tree.

use super::columns::Selecting;
use super::field::Field;
use super::level::{Level, Rows};
use super::listing::Listing;
use super::node::{Branch, known, reader};
use super::read::Reading;
use crate::auth::Viewer;
use crate::database::former::{self, Former};
use crate::database::{Alias, Bounded, any_of};
use crate::error::Result;
use crate::graphql::{Connection, ContextExt as _, Found, Nullable, One};
use async_graphql::Context;
use entity::part::plain;
use futures_util::future::FutureExt as _;
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{ConnectionTrait as _, sea_query::Query};
use std::collections::HashMap;
use uuid::Uuid;

impl<'a> Reading<'a> {
    /// For the request that is being answered.
    pub(crate) fn of(ctx: &'a Context<'_>) -> Self {
        Self { link: ctx.link(), viewer: ctx.viewer() }
    }
}

/// The one row that a condition holds for, if the viewer may see it.
pub(crate) async fn find<E: Branch>(
    ctx: &Context<'_>,
    condition: Result<impl Fn(&Alias) -> Expr + Send + Sync>,
) -> Found<E::Object> {
    find_ever::<E>(ctx, condition, None).await
}

/// The same where rows are merged: where none was found, the one that what the lookup names has become.
pub(crate) async fn find_ever<E: Branch>(
    ctx: &Context<'_>,
    condition: Result<impl Fn(&Alias) -> Expr + Send + Sync>,
    former: Option<Former>,
) -> Found<E::Object> {
    let found = async {
        let (reading, field) = (Reading::of(ctx), Field::of(ctx));
        let found = rows::<E>(reading, &field, condition?).await?.into_values().next();
        match (found, former) {
            (None, Some(former)) => Ok(successors::<E>(reading, &field, &former).await?.into_values().next()),
            (found, _) => Ok(found),
        }
    };
    nullable(found.await)
}

/// The row of a key, if the viewer may see it.
pub(crate) async fn find_by_key<E: Branch>(ctx: &Context<'_>, key: Result<impl Into<Uuid>>) -> Found<E::Object> {
    let found = async {
        let key = key?.into();
        Ok(by_keys::<E>(ctx, &Field::of(ctx), vec![key]).await?.remove(&key))
    };
    nullable(found.await)
}

fn nullable<T>(found: Result<Option<T>>) -> Found<T> {
    found.map(|found| found.map(Box::new).map(One)).map_err(Into::into).transpose()
}

/// Rows by key, those that the viewer may see, with what a field selects of them. A key of a row that was merged into
/// another brings that other.
pub(crate) async fn by_keys<E: Branch>(
    ctx: &Context<'_>,
    field: &Field<'_>,
    keys: Vec<Uuid>,
) -> Result<HashMap<Uuid, E::Object>> {
    let reading = Reading::of(ctx);
    let mut found = read_keys::<E>(reading, field, keys.clone()).await?;
    let missing: Vec<Uuid> = keys.into_iter().filter(|key| !found.contains_key(key)).collect();
    if !missing.is_empty() && former::has_any::<E>() {
        found.extend(successors::<E>(reading, field, &Former::Keys(missing)).await?);
    }
    Ok(found)
}

/// Rows by key, those that the viewer may see, for something that is being loaded beneath a root field.
pub(crate) async fn read_keys<E: Branch>(
    reading: Reading<'_>,
    field: &Field<'_>,
    keys: Vec<Uuid>,
) -> Result<HashMap<Uuid, E::Object>> {
    rows::<E>(reading, field, |rows| any_of(rows.computed(E::KEY), keys.iter().copied())).await
}

async fn rows<E: Branch>(
    reading: Reading<'_>,
    field: &Field<'_>,
    condition: impl Fn(&Alias) -> Expr + Send + Sync,
) -> Result<HashMap<Uuid, E::Object>> {
    let narrow = |select: &mut SelectStatement, rows: &Alias| {
        select.and_where(condition(rows)).expr(rows.computed(E::KEY));
    };
    read::<E>(reading, field, narrow).await
}

/// What has become of rows that were merged into others, by the keys that they had.
async fn successors<E: Branch>(
    reading: Reading<'_>,
    field: &Field<'_>,
    former: &Former,
) -> Result<HashMap<Uuid, E::Object>> {
    read::<E>(reading, field, |select, rows| former.lead::<E>(select, rows)).await
}

/// Rows by the keys that they were asked for by, which `narrow` gives a column.
async fn read<E: Branch>(
    reading: Reading<'_>,
    field: &Field<'_>,
    narrow: impl FnOnce(&mut SelectStatement, &Alias) + Send,
) -> Result<HashMap<Uuid, E::Object>> {
    let level = Level::plan(reader::<E>(), field, reading.viewer);
    let mut select = Query::select();
    let seen = level.reader.visible(reading.viewer, &level.rows.one_by_one());
    select.from(level.rows.of_table(level.reader.table())).and_where(seen);
    narrow(&mut select, &level.rows);
    // Behind the one column of the key that was asked for.
    let layout = level.select(&mut Selecting::behind(1, &mut select), reading.viewer, None);
    let objects = async {
        let rows = reading.db().query_all(&Bounded(&select)).await?;
        if rows.is_empty() {
            return Ok(HashMap::new());
        }
        let followed = reading.follow(&level, Rows { rows: &rows, layout: &layout }).await?;
        let mut objects = HashMap::with_capacity(rows.len());
        for row in &rows {
            if let Some(read) = level.row(row, &layout, &followed)? {
                objects.insert(plain(row, 0)?.unwrap_or_default(), read.object::<E>()?);
            }
        }
        Ok(objects)
    };
    // In a box: the engine moves about whatever a root field waits for.
    objects.boxed().await
}

/// A page of a root field's list.
pub(crate) async fn connection<E: Branch>(
    ctx: &Context<'_>,
    listing: impl FnOnce(&Field<'_>) -> Result<Listing>,
) -> Nullable<Connection<E::Object>> {
    let page = async {
        let field = Field::of(ctx);
        let listing = listing(&field)?.paged(&field)?;
        known(Reading::of(ctx).list(reader::<E>(), &listing, &field).await?)
    };
    Some(page.await.map_err(Into::into))
}

/// The row of a key as another viewer sees it than the one who asks: whoever has just signed in.
pub(crate) async fn find_by_key_as<E: Branch>(
    ctx: &Context<'_>,
    viewer: &Viewer,
    key: impl Into<Uuid>,
) -> Found<E::Object> {
    let key = key.into();
    let condition = |rows: &Alias| any_of(rows.computed(E::KEY), [key]);
    let found = rows::<E>(Reading { viewer, ..Reading::of(ctx) }, &Field::of(ctx), condition).await;
    nullable(found.map(|mut found| found.remove(&key)))
}

/// A list as another viewer sees it than the one who asks.
pub(crate) async fn list_as<E: Branch>(ctx: &Context<'_>, viewer: &Viewer, listing: Listing) -> Result<Vec<E::Object>> {
    known(Reading { viewer, ..Reading::of(ctx) }.list(reader::<E>(), &listing, &Field::of(ctx)).await?)
}

/// The whole of a root field's list.
pub(crate) async fn list<E: Branch>(ctx: &Context<'_>, listing: Listing) -> Result<Vec<E::Object>> {
    known(Reading::of(ctx).list(reader::<E>(), &listing, &Field::of(ctx)).await?)
}
