//! What takes the statements of a request.

use super::servers::Near;
use async_trait::async_trait;
use futures_util::future::FutureExt as _;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseConnectionType, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, Statement,
};

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
            Self::Pool(primary) => all(primary, statement).await,
            Self::Within(transaction) => transaction.query_all_raw(statement).await,
            Self::Near(near, primary) => match all(near.db(), statement.clone()).await {
                Err(error) if near.cannot(&error) => all(primary, statement).await,
                other => other,
            },
        }
    }
}

/// All rows that a statement finds, by whatever connection is free.
///
/// The pool itself is asked, without what the library wraps around it: each layer would move what waits for a connection from one
/// place to another, which is as large as connecting anew, and costs more than all else that is done for a small answer.
async fn all(db: &DatabaseConnection, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
    match &db.inner {
        DatabaseConnectionType::SqlxPostgresPoolConnection(pool) => pool.query_all(statement).boxed().await,
        DatabaseConnectionType::Disconnected => db.query_all_raw(statement).await,
    }
}
