//! Rows that are kept as they are while something else is decided by them.

use crate::database::Alias;
use crate::error::Result;
use crate::policy::Resource;
use sea_orm::sea_query::{Expr, IntoIden as _, LockType, Order};
use sea_orm::{ConnectionTrait, FromQueryResult as _, Iterable as _};

/// Rows that nobody else may change until the transaction ends, whoever may see them; others may refer to them. They are
/// locked in the order of their keys: of two who want the same rows, one waits for the other and never both.
pub(crate) async fn hold<E: Resource>(
    db: &impl ConnectionTrait,
    which: impl FnOnce(&Alias) -> Expr,
) -> Result<Vec<E::Model>> {
    let rows = Alias::new("t0");
    let mut select = rows.select_from::<E>();
    for column in E::Column::iter() {
        select.expr(rows.col(column));
    }
    select
        .and_where(which(&rows))
        .order_by_expr(rows.computed("id"), Order::Asc)
        .lock_with_tables(LockType::NoKeyUpdate, [rows.clone().into_iden()]);
    let held = db.query_all(&select).await?;
    Ok(held.iter().map(|row| E::Model::from_query_result(row, "")).collect::<Result<_, _>>()?)
}
