//! `lmi import organizations` and the like: takes over the rows of a spreadsheet.

use super::open::Opened;
use super::{Rows, say, whole_or_not_at_all};
use crate::auth::{Actor, Viewer};
use crate::clock::Clock;
use crate::config::DatabaseSettings;
use crate::spreadsheet::import::{File, Report};
use crate::spreadsheet::{Importable, find_convening};
use crate::writing::attribute;
use anyhow::Context as _;
use sea_orm::{DatabaseConnection, TransactionTrait as _};
use std::process::ExitCode;

/// Imports the spreadsheet, all of it or nothing.
pub(super) async fn run(
    database: &DatabaseSettings,
    what: Importable,
    rows: &Rows,
    convening: Option<&str>,
) -> anyhow::Result<ExitCode> {
    let bytes = std::fs::read(&rows.file).with_context(|| format!("{} cannot be read", rows.file.display()))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| anyhow::anyhow!("{} is not in UTF-8; save it as “CSV UTF-8”", rows.file.display()))?;
    let import = async |db: &DatabaseConnection| import(db, what, &text, convening, rows.dry_run).await;
    let report = Opened::with(database, async |opened| opened.with_up_to_date(import).await).await;
    let report = report.map_err(|error| whole_or_not_at_all(&rows.file, error))?;
    say(report.to_string().trim_end());
    if rows.dry_run {
        say("This was a dry run: nothing was changed.");
    }
    Ok(ExitCode::SUCCESS)
}

async fn import(
    db: &DatabaseConnection,
    what: Importable,
    text: &str,
    convening: Option<&str>,
    is_dry_run: bool,
) -> anyhow::Result<Report> {
    let viewer = Viewer::command_line();
    let transaction = db.begin().await?;
    attribute(&transaction, Actor::new(&viewer, Clock::System)).await?;
    let convening = match convening {
        Some(slug) => Some(find_convening(&transaction, &viewer, slug).await?),
        None => None,
    };
    let file = File { text, convening, is_dry_run };
    let report = what.import(&transaction, Actor::new(&viewer, Clock::System), file).await?;
    transaction.commit().await?;
    Ok(report)
}
