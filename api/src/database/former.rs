//! What rows were known by that became part of others, when the two were merged. Old ids and slugs lead to what they
//! have become; whether the viewer may see that is asked as ever.
//!
//! A lookup asks for them only once nothing was found, in a statement more. A filter has nothing that is not found: it
//! takes an old id for the present one within its own statement.

use super::Alias;
use crate::error::Result;
use entity::{alias, merge};
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, JoinType, SelectStatement};
use sea_orm::{ActiveEnum, ConnectionTrait, EntityTrait, Iterable as _};
use uuid::Uuid;

/// What a lookup names that found nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Former {
    /// Keys.
    Keys(Vec<Uuid>),
    /// A slug.
    Slug(String),
}

/// Whether rows of the table are merged.
pub(crate) fn has_any<E: EntityTrait>() -> bool {
    let table = E::default();
    merge::Table::iter().any(|merged| merged.to_value() == table.table_name())
}

impl Former {
    /// Narrows a statement down to the rows that these have become, with a column for the key that each was known by.
    pub(crate) fn lead<E: EntityTrait>(&self, select: &mut SelectStatement, rows: &Alias) {
        let former = rows.with_suffix("f");
        let on = former.col(alias::Column::TargetId).eq(rows.computed("id"));
        let known = match self {
            Self::Keys(keys) => super::any_of(former.col(alias::Column::OldId), keys.iter().copied()),
            Self::Slug(slug) => former.col(alias::Column::OldSlug).eq(slug.as_str()),
        };
        select
            .join_as(JoinType::InnerJoin, alias::Entity, &former, on)
            .and_where(former.col(alias::Column::TableName).eq(E::default().table_name()))
            .and_where(known)
            .expr(former.col(alias::Column::OldId));
    }
}

/// A key, or that of what its row has become: for conditions.
pub(crate) fn current<E: EntityTrait>(key: impl Into<Uuid>) -> Expr {
    let key = key.into();
    let successor = Expr::SubQuery(None, Box::new(successor_of::<E>(key).into()));
    Func::coalesce([successor, Expr::val(key)]).into()
}

/// The key of what a row has become that is not there any more.
pub(crate) async fn successor<E: EntityTrait>(db: &impl ConnectionTrait, key: Uuid) -> Result<Option<Uuid>> {
    if !has_any::<E>() {
        return Ok(None);
    }
    Ok(db.query_one(&successor_of::<E>(key)).await?.map(|row| row.try_get_by_index(0)).transpose()?)
}

/// A key, or that of what its row has become.
pub(crate) async fn present<E, K>(db: &impl ConnectionTrait, key: K) -> Result<K>
where
    E: EntityTrait,
    K: Copy + Into<Uuid> + From<Uuid>,
{
    Ok(successor::<E>(db, key.into()).await?.map_or(key, Into::into))
}

/// The slugs of such rows that a condition holds for: they go on leading where they lead.
pub(crate) fn slugs<E: EntityTrait>(condition: impl FnOnce(Expr) -> Expr) -> SelectStatement {
    let former = Alias::new("f");
    let slug = former.col(alias::Column::OldSlug);
    let mut select = former.select_from::<alias::Entity>();
    select
        .expr(slug.clone())
        .and_where(former.col(alias::Column::TableName).eq(E::default().table_name()))
        .and_where(slug.clone().is_not_null())
        .and_where(condition(slug));
    select
}

/// All of these slugs.
pub(crate) async fn all_slugs<E: EntityTrait>(db: &impl ConnectionTrait) -> Result<Vec<String>> {
    let rows = db.query_all(&slugs::<E>(|_| super::always())).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}

/// What rows were called by these slugs before they became part of others, and the keys of those others.
pub(crate) fn named<E: EntityTrait>(old: Vec<String>) -> SelectStatement {
    let former = Alias::new("f");
    let mut select = former.select_from::<alias::Entity>();
    select
        .expr(former.col(alias::Column::OldSlug))
        .expr(former.col(alias::Column::TargetId))
        .and_where(former.col(alias::Column::TableName).eq(E::default().table_name()))
        .and_where(super::one_of(former.col(alias::Column::OldSlug), old));
    select
}

fn successor_of<E: EntityTrait>(key: Uuid) -> SelectStatement {
    let former = Alias::new("f");
    let mut select = former.select_from::<alias::Entity>();
    select
        .expr(former.col(alias::Column::TargetId))
        .and_where(former.col(alias::Column::TableName).eq(E::default().table_name()))
        .and_where(former.col(alias::Column::OldId).eq(key));
    select
}
