//! A row for an act: looked up, locked, and the policy asked, in one step.

use crate::auth::Viewer;
use crate::database::{Alias, former};
use crate::error::{Error, Result, ViolationCode};
use crate::policy::{Action, Kind, Resource};
use crate::validation::Violations;
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, IntoIden as _, LockType, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult as _, Iterable as _, ModelTrait as _, QueryResult};
use uuid::Uuid;

/// The row of a key, locked until the transaction ends, for whoever may do this with it. A row that the viewer may not
/// see is not there. The key of one that was merged into another leads to that other, whose version is another.
pub(crate) async fn find_for<E: Resource>(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    key: impl Into<Uuid>,
    action: Action,
) -> Result<E::Model> {
    let lock = |rows: &Alias, select: &mut SelectStatement| {
        select
            .expr_as(known(viewer.allowed::<E>(action, rows)), "may_act")
            .lock_with_tables(LockType::Update, [rows.clone().into_iden()]);
    };
    let key = key.into();
    let Some(row) = seen::<E>(db, viewer, key, lock).await? else { return Err(missing::<E>(db, viewer, key).await?) };
    if row.try_get("", "may_act")? { Ok(E::Model::from_query_result(&row, "")?) } else { Err(viewer.refusal()) }
}

/// What somebody is told of a row that is not there to be worked on. One that they still read, because it was released
/// and taken off since, they may not change: that it is gone is not released yet.
pub(crate) async fn missing<E: Resource>(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    key: impl Into<Uuid>,
) -> Result<Error> {
    let rows = viewer.reads("t0");
    let mut select = rows.select_from::<E>();
    select.expr(Expr::cust("1")).and_where(rows.computed("id").eq(key.into())).and_where(viewer.visible::<E>(&rows));
    let is_read = rows != Alias::new("t0") && db.query_one(&select).await?.is_some();
    Ok(if is_read { viewer.refusal() } else { Error::NotFound(E::default().table_name()) })
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
    passes(db, viewer, &select).await
}

/// Lets pass whoever may add such a row. It is asked before the row is written, so that what would refuse it (another
/// has its slug, and may be hidden) tells nothing to those who may not.
pub(crate) async fn permit_new<E: Resource>(db: &impl ConnectionTrait, viewer: &Viewer, row: &E::Model) -> Result<()> {
    if viewer.may_always(E::KIND, Action::Create) {
        return Ok(());
    }
    let rows = Alias::new("t0");
    let mut proposed = Query::select();
    for column in E::Column::iter() {
        proposed.expr_as(Expr::val(row.get(column)), column);
    }
    let mut select = Query::select();
    select.expr(known(viewer.allowed::<E>(Action::Create, &rows))).from_subquery(proposed, &rows);
    passes(db, viewer, &select).await
}

async fn passes(db: &impl ConnectionTrait, viewer: &Viewer, select: &SelectStatement) -> Result<()> {
    let may = db.query_one(select).await?.map(|row| row.try_get_by_index(0)).transpose()?;
    if may == Some(true) { Ok(()) } else { Err(viewer.refusal()) }
}

/// The row that a field of an input refers to, where it refers to any: only what the viewer sees may be referred to, and
/// anything else is a fault of that field. The row stays until the transaction ends. The key of one that was merged into
/// another becomes that other's.
pub(crate) async fn refer<E: Resource>(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    (field, key): (&str, Option<&mut (impl Copy + Into<Uuid> + From<Uuid>)>),
    violations: &mut Violations,
) -> Result<Option<E::Model>> {
    let Some(key) = key else { return Ok(None) };
    let lock = |rows: &Alias, select: &mut SelectStatement| {
        select.lock_with_tables(LockType::KeyShare, [rows.clone().into_iden()]);
    };
    let Some(row) = seen::<E>(db, viewer, (*key).into(), lock).await? else {
        let what = E::default().table_name().replace('_', " ");
        violations.add(field, ViolationCode::NotFound, format!("There is no such {what}, or not for you."));
        return Ok(None);
    };
    *key = row.try_get::<Uuid>("", "id")?.into();
    Ok(Some(E::Model::from_query_result(&row, "")?))
}

/// The condition as a value: what is not known of a row, such as who entered it, is nobody's.
fn known(condition: Expr) -> Expr {
    Func::coalesce([condition, Expr::val(false)]).into()
}

/// The row of a key, or else the one that it was merged into, if the viewer sees it.
async fn seen<E: Resource>(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    key: Uuid,
    lock: impl Fn(&Alias, &mut SelectStatement),
) -> Result<Option<QueryResult>> {
    let rows = Alias::new("t0");
    let of = |key: Uuid| {
        let mut select = rows.select_from::<E>();
        for column in E::Column::iter() {
            select.expr(rows.col(column));
        }
        select.and_where(rows.computed("id").eq(key)).and_where(viewer.visible::<E>(&rows));
        lock(&rows, &mut select);
        select
    };
    let found = db.query_one(&of(key)).await?;
    // Asked in a statement of its own: whoever waited for a merge to end finds what has become of the row.
    if found.is_some() {
        return Ok(found);
    }
    match former::successor::<E>(db, key).await? {
        Some(successor) => Ok(db.query_one(&of(successor)).await?),
        None => Ok(None),
    }
}
