//! `lmi migrate`: brings the database up to date.

use super::open::Opened;
use super::say;
use crate::config::DatabaseSettings;
use std::process::ExitCode;

/// What is said of a database in which nothing is pending.
const UP_TO_DATE: &str = "The database is up to date.";

/// Applies what is pending, or says whether anything is.
pub(super) async fn run(database: &DatabaseSettings, check: bool) -> anyhow::Result<ExitCode> {
    Opened::with(database, async |opened| if check { pending(opened).await } else { migrate(opened).await }).await
}

async fn pending(opened: &Opened) -> anyhow::Result<ExitCode> {
    let db = opened.connect().await?;
    let pending = migration::pending(&db).await?;
    db.close().await?;
    if pending.is_empty() {
        say(UP_TO_DATE);
        return Ok(ExitCode::SUCCESS);
    }
    for step in &pending {
        say(&format!("pending: {step}"));
    }
    Ok(ExitCode::FAILURE)
}

async fn migrate(opened: &Opened) -> anyhow::Result<ExitCode> {
    opened.with_up_to_date(async |_| Ok(())).await?;
    say(UP_TO_DATE);
    Ok(ExitCode::SUCCESS)
}
