//! What takes the statements of a request.

use super::servers::Near;
use crate::observe;
use async_trait::async_trait;
use futures_util::future::FutureExt as _;
use sea_orm::metric::Info;
use sea_orm::sea_query::Values;
use sea_orm::sqlx::{self, AssertSqlSafe};
use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, RuntimeErr, SqlxError, Statement,
};
use sea_query_sqlx::SqlxValues;
use std::time::Instant;

/// What takes the statements of a request.
#[derive(Clone, Copy)]
pub(crate) enum Executor<'a> {
    /// Whatever connection to the primary is free.
    Pool(&'a DatabaseConnection),
    /// One transaction.
    Within(&'a DatabaseTransaction),
    /// A replica; the primary for what the replica cannot answer.
    Near(&'a Near, &'a DatabaseConnection),
}

#[async_trait]
impl ConnectionTrait for Executor<'_> {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Postgres
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            // Only what reads is sent there.
            Self::Pool(primary) | Self::Near(_, primary) => primary.execute_raw(statement).await,
            Self::Within(transaction) => transaction.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Pool(primary) | Self::Near(_, primary) => primary.execute_unprepared(sql).await,
            Self::Within(transaction) => transaction.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Pool(primary) => primary.query_one_raw(statement).await,
            Self::Within(transaction) => transaction.query_one_raw(statement).await,
            Self::Near(near, primary) => match near.db().query_one_raw(statement.clone()).await {
                Err(error) if near.cannot(&error) => primary.query_one_raw(statement).await,
                other => other,
            },
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Pool(primary) => all(primary, &statement).await,
            Self::Within(transaction) => transaction.query_all_raw(statement).await,
            Self::Near(near, primary) => match all(near.db(), &statement).await {
                Err(error) if near.cannot(&error) => all(primary, &statement).await,
                other => other,
            },
        }
    }
}

/// All rows that a statement finds, by whatever connection is free.
///
/// As the library does it, without what that wraps around: each layer moves what waits for a connection from one place to another,
/// which is as large as connecting anew, and costs more than all else that is done for a small answer.
async fn all(db: &DatabaseConnection, statement: &Statement) -> Result<Vec<QueryResult>, DbErr> {
    let acquired = db.get_postgres_connection_pool().acquire().boxed().await;
    let mut connection = acquired.map_err(|error| match error {
        SqlxError::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
        SqlxError::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
        other => DbErr::Conn(RuntimeErr::SqlxError(other.into())),
    })?;
    let (values, began) = (statement.values.clone().unwrap_or_else(|| Values(Vec::new())), Instant::now());
    let query = sqlx::query_with(AssertSqlSafe(statement.sql.as_str()), SqlxValues(values));
    let found = query.fetch_all(&mut *connection).await;
    observe::ran(&Info { elapsed: began.elapsed(), statement, failed: found.is_err() });
    match found {
        Ok(rows) => Ok(rows.into_iter().map(QueryResult::from).collect()),
        Err(error) => Err(DbErr::Query(RuntimeErr::SqlxError(error.into()))),
    }
}
