//! How a transaction begins.

use crate::error::Result;
use crate::unending::to_its_end;
use sea_orm::{AccessMode, DatabaseConnection, DatabaseTransaction, IsolationLevel, TransactionTrait as _};

/// Begins a transaction.
pub(crate) async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction> {
    begin_as(db, None, None).await
}

/// Begins one that reads what there is at one moment, and writes nothing.
pub(crate) async fn begin_reading(db: &DatabaseConnection) -> Result<DatabaseTransaction> {
    begin_as(db, Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)).await
}

/// Begins one of this kind.
///
/// It is begun also where whoever asks goes away meanwhile: a connection must not go back to the others within a transaction
/// that nobody knows of. What they wrote would never be there, and what they locked would stay so.
pub(crate) async fn begin_as(
    db: &DatabaseConnection,
    isolation: Option<IsolationLevel>,
    access: Option<AccessMode>,
) -> Result<DatabaseTransaction> {
    let db = db.clone();
    Ok(to_its_end(async move { db.begin_with_config(isolation, access).await }).await?)
}
