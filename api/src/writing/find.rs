//! A row for an act: looked up, locked, and the policy asked, in one step.

use crate::auth::Viewer;
use crate::database::Alias;
use crate::error::{Error, Result, ViolationCode};
use crate::policy::{Action, Kind, Resource};
use crate::validation::Violations;
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, IntoIden as _, LockType, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult as _, Iterable as _};
use uuid::Uuid;

/// The row of a key, locked until the transaction ends, for whoever may do this with it. A row that the viewer may not
/// see is not there.
pub(crate) async fn find_for<E: Resource>(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    key: impl Into<Uuid>,
    action: Action,
) -> Result<E::Model> {
    let rows = Alias::new("t0");
    let mut select = seen::<E>(viewer, key.into(), &rows);
    for column in E::Column::iter() {
        select.expr(rows.col(column));
    }
    select
        .expr_as(known(viewer.allowed::<E>(action, &rows)), "may_act")
        .lock_with_tables(LockType::Update, [rows.clone().into_iden()]);
    let row = db.query_one(&select).await?.ok_or(Error::NotFound(E::default().table_name()))?;
    if row.try_get("", "may_act")? { Ok(E::Model::from_query_result(&row, "")?) } else { Err(viewer.refusal()) }
}

/// Lets pass whoever may do this with the row as it stands now: asked of what was just written, so that nobody writes
/// a row that would be outside of what they were granted, and of what is part of a row under a kind of its own, such as
/// how to reach a person.
pub(crate) async fn permit<E: Resource>(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    key: impl Into<Uuid>,
    (kind, action): (Kind, Action),
) -> Result<()> {
    if viewer.may_always(kind, action) {
        return Ok(());
    }
    let rows = Alias::new("t0");
    let mut select = rows.select_from::<E>();
    select.expr(known(viewer.allowed_with::<E>(kind, action, &rows))).and_where(rows.computed("id").eq(key.into()));
    let may = db.query_one(&select).await?.map(|row| row.try_get_by_index(0)).transpose()?;
    if may == Some(true) { Ok(()) } else { Err(viewer.refusal()) }
}

/// The row that a field of an input refers to, where it refers to any: only what the viewer sees may be referred to, and
/// anything else is a fault of that field. The row stays until the transaction ends.
pub(crate) async fn refer<E: Resource>(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    (field, key): (&str, Option<impl Into<Uuid>>),
    violations: &mut Violations,
) -> Result<Option<E::Model>> {
    let Some(key) = key else { return Ok(None) };
    let rows = Alias::new("t0");
    let mut select = seen::<E>(viewer, key.into(), &rows);
    for column in E::Column::iter() {
        select.expr(rows.col(column));
    }
    select.lock_with_tables(LockType::KeyShare, [rows.clone().into_iden()]);
    let row = db.query_one(&select).await?;
    if row.is_none() {
        let what = E::default().table_name().replace('_', " ");
        violations.add(field, ViolationCode::NotFound, format!("There is no such {what}, or not for you."));
    }
    Ok(row.map(|row| E::Model::from_query_result(&row, "")).transpose()?)
}

/// The condition as a value: what is not known of a row, such as who entered it, is nobody's.
fn known(condition: Expr) -> Expr {
    Func::coalesce([condition, Expr::val(false)]).into()
}

fn seen<E: Resource>(viewer: &Viewer, key: Uuid, rows: &Alias) -> SelectStatement {
    let mut select = rows.select_from::<E>();
    select.and_where(rows.computed("id").eq(key)).and_where(viewer.visible::<E>(rows));
    select
}
