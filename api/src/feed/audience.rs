//! Those who see the same rows, and how they come to have a feed.

use super::room;
use super::told::{ALL, Told};
use crate::auth::{Grant, Scope, Viewer};
use crate::database::begin_as;
use crate::error::{Error, Result, is_overtaken};
use entity::audience::{Column, Entity};
use sea_orm::sea_query::{self, Expr, Query};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel, Statement, Value};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Changes when what is kept of an audience comes to mean something else: each then begins anew.
const FORM: &str = "audience 1";
/// How often something is tried that another instance was in the way of.
pub(super) const ATTEMPTS: usize = 8;

/// Whether the history has what the snapshot of an audience did not see. The order, and an offset that keeps it from being
/// left out, have only the end of the history looked at: left to itself, the database expects to find one at once wherever it
/// begins, and reads all of it. What a restored database has of another's time lies beyond every transaction of its own.
const NEWS: &str = "EXISTS (SELECT FROM change WHERE transaction_id >= pg_snapshot_xmin($1)
    AND transaction_id < pg_snapshot_xmax(pg_current_snapshot())
    AND NOT pg_visible_in_snapshot(transaction_id, $1) ORDER BY transaction_id DESC, number DESC OFFSET 0)";
const BEGIN: &str = "
    INSERT INTO audience (id, fingerprint, told, last_number, used_at, checked_at)
    VALUES ($1, $2, pg_current_snapshot(), 0, statement_timestamp(), statement_timestamp())";
const BEGUN: &str = "UPDATE audience SET last_number = $2 WHERE id = $1";
const FORGOTTEN: &str = "SELECT forgotten FROM audience WHERE id = $1";
const SECRET: &str = "SELECT secret FROM feed_seal";
const USED: &str = "UPDATE audience SET used_at = statement_timestamp() WHERE id = $1";

/// An audience, with how far its feed goes.
#[derive(Clone, Debug)]
pub(super) struct Audience {
    pub(super) id: Uuid,
    /// The number of its last change.
    pub(super) last_number: i64,
    /// Changes up to this number are not kept any more.
    pub(super) forgotten: i64,
    /// Whether something was committed that it was not told.
    pub(super) is_behind: bool,
    /// Whether it is time to note that it is read.
    is_idle: bool,
    /// Whether it is time to hold it against all that there is.
    pub(super) is_due: bool,
}

/// Whom a viewer makes an audience with: a hash of everything that what is seen depends on.
pub(super) fn fingerprint(viewer: &Viewer) -> Vec<u8> {
    let mut granted: Vec<String> = viewer.grants().iter().map(text_of).collect();
    granted.sort_unstable();
    granted.dedup();
    let account = viewer.identity().account().map(|account| account.0);
    let whole = format!("{FORM}\n{}\n{}", account.unwrap_or_default(), granted.join("\n"));
    Sha256::digest(whole).to_vec()
}

fn text_of(grant: &Grant) -> String {
    let (what, key) = match grant.scope {
        Scope::Everything => ("everything", Uuid::nil()),
        Scope::Organization(id) => ("organization", id.0),
        Scope::District(id) => ("district", id.0),
        Scope::Convening(id) => ("convening", id.0),
        Scope::Region(id) => ("region", id.0),
    };
    format!("{:?} {what} {key}", grant.role)
}

/// The audience that a viewer is part of, where it has a feed.
pub(super) async fn find(db: &impl ConnectionTrait, viewer: &Viewer) -> Result<Option<Audience>> {
    let rows = viewer.reads("a");
    let mut select = rows.select_from::<Entity>();
    select
        .expr_as(rows.col(Column::Id), "id")
        .expr_as(rows.col(Column::LastNumber), "last_number")
        .expr_as(rows.col(Column::Forgotten), "forgotten")
        .expr_as(Expr::cust_with_expr(NEWS, rows.computed("told")), "is_behind")
        .expr_as(is_past(rows.col(Column::UsedAt)), "is_idle")
        .expr_as(is_past(rows.computed("checked_at")), "is_due")
        .and_where(viewer.visible::<Entity>(&rows));
    let Some(row) = db.query_one(&select).await? else { return Ok(None) };
    Ok(Some(Audience {
        id: row.try_get("", "id")?,
        last_number: row.try_get("", "last_number")?,
        forgotten: row.try_get("", "forgotten")?,
        is_behind: row.try_get("", "is_behind")?,
        is_idle: row.try_get("", "is_idle")?,
        is_due: row.try_get("", "is_due")?,
    }))
}

/// Up to which number changes of an audience are not kept any more, whoever asks.
pub(super) async fn forgotten(db: &impl ConnectionTrait, audience: Uuid) -> Result<Option<i64>> {
    let row = db.query_one_raw(statement(FORGOTTEN, [audience.into()])).await?;
    Ok(row.map(|row| row.try_get("", "forgotten")).transpose()?)
}

/// A moment is more than an hour ago.
fn is_past(moment: Expr) -> Expr {
    Expr::cust_with_expr("$1 < statement_timestamp() - interval '1 hour'", moment)
}

/// The same; where it has none yet, one is made.
pub(super) async fn ensure(db: &DatabaseConnection, viewer: &Viewer) -> Result<Audience> {
    if let Some(audience) = find(db, viewer).await? {
        if audience.is_idle {
            db.execute_raw(statement(USED, [audience.id.into()])).await?;
        }
        return Ok(audience);
    }
    make(db, viewer).await
}

async fn make(db: &DatabaseConnection, viewer: &Viewer) -> Result<Audience> {
    room::make(db, viewer).await?;
    for _ in 0..ATTEMPTS {
        match fill(db, viewer).await {
            Err(error) if is_overtaken(&error) => {
                if let Some(audience) = find(db, viewer).await? {
                    return Ok(audience);
                }
            }
            made => return made,
        }
    }
    Err(Error::NotReady("Your feed is being made. Ask again in a minute."))
}

/// Makes an audience and tells it everything that there is, all of it as it is at one moment.
async fn fill(db: &DatabaseConnection, viewer: &Viewer) -> Result<Audience> {
    let transaction = at_one_moment(db).await?;
    let id = Uuid::now_v7();
    transaction.execute_raw(statement(BEGIN, [id.into(), fingerprint(viewer).into()])).await?;
    let mut last_number = 0;
    for told in &ALL {
        last_number += tell_all(&transaction, viewer, id, told, last_number).await?;
    }
    transaction.execute_raw(statement(BEGUN, [id.into(), last_number.into()])).await?;
    transaction.commit().await?;
    Ok(Audience { id, last_number, forgotten: 0, is_behind: false, is_idle: false, is_due: false })
}

/// Tells an audience of every node of a type: how many there are.
async fn tell_all(
    db: &DatabaseTransaction,
    viewer: &Viewer,
    audience: Uuid,
    told: &Told,
    last_number: i64,
) -> Result<i64> {
    let name = sea_query::Alias::new;
    let of = |column: &'static str| Expr::col((name("seen"), name(column)));
    let number = Expr::cust_with_exprs("$1 + row_number() OVER (ORDER BY $2)", [Expr::val(last_number), of("id")]);
    let mut rows = Query::select();
    rows.expr(Expr::val(audience))
        .expr(Expr::val(told.tag()))
        .expr(of("id"))
        .expr(number)
        .expr(Expr::cust("statement_timestamp()"))
        .expr(of("version"))
        .expr(of("content"))
        .from_subquery(told.seen(viewer), name("seen"));
    let mut insert = Query::insert();
    insert
        .into_table(name("audience_row"))
        .columns(["audience_id", "node_type", "row_id", "number", "recorded_at", "version", "content"].map(name))
        .select_from(rows)
        .map_err(Error::internal)?;
    i64::try_from(db.execute(&insert).await?.rows_affected()).map_err(Error::internal)
}

/// A transaction all of whose statements see one state, and that takes the time that it takes.
pub(super) async fn at_one_moment(db: &DatabaseConnection) -> Result<DatabaseTransaction> {
    let transaction = begin_as(db, Some(IsolationLevel::RepeatableRead), None).await?;
    transaction.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
    Ok(transaction)
}

/// What cursors are sealed with.
pub(super) async fn secret(db: &impl ConnectionTrait) -> Result<Vec<u8>> {
    let row = db.query_one_raw(statement(SECRET, [])).await?;
    let row = row.ok_or_else(|| Error::internal("the database has no secret to seal cursors with"))?;
    Ok(row.try_get("", "secret")?)
}

pub(super) fn statement<const N: usize>(sql: &str, values: [Value; N]) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}
