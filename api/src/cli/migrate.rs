//! `lmi migrate`: brings the database up to date.

use super::open::Opened;
use crate::config::DatabaseSettings;
use crate::database::Purpose;
use std::process::ExitCode;

/// Applies what is pending, or says whether anything is.
pub(super) async fn run(database: &DatabaseSettings, check: bool) -> anyhow::Result<ExitCode> {
    let opened = Opened::open(database).await?;
    let code = if check { pending(&opened).await } else { migrate(&opened).await };
    opened.close().await;
    code
}

async fn pending(opened: &Opened) -> anyhow::Result<ExitCode> {
    let db = opened.connect(Purpose::Command).await?;
    let pending = migration::pending(&db).await?;
    for step in &pending {
        println!("pending: {step}");
    }
    db.close().await?;
    Ok(if pending.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn migrate(opened: &Opened) -> anyhow::Result<ExitCode> {
    opened.with_up_to_date(async |_| Ok(())).await?;
    println!("The database is up to date.");
    Ok(ExitCode::SUCCESS)
}
