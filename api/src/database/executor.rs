//! What takes the statements of a request.

use super::Pool;
use super::servers::Near;
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement};

/// What takes the statements of a request.
#[derive(Clone, Copy)]
pub(crate) enum Executor<'a> {
    /// Whatever connection to the primary is free.
    Pool(&'a Pool),
    /// One transaction.
    Within(&'a DatabaseTransaction),
    /// A replica; the primary for what the replica cannot answer.
    Near(&'a Near, &'a Pool),
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
            Self::Near(near, primary) => match near.pool().query_one_raw(statement.clone()).await {
                Err(error) if near.cannot(&error) => primary.query_one_raw(statement).await,
                other => other,
            },
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Pool(primary) => primary.read(statement).await,
            Self::Within(transaction) => transaction.query_all_raw(statement).await,
            Self::Near(near, primary) => match near.pool().read(statement.clone()).await {
                Err(error) if near.cannot(&error) => primary.read(statement).await,
                other => other,
            },
        }
    }
}
