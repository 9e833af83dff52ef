//! `lmi import districts`: takes over the state's directory.

use super::open::{Opened, fill_if_empty};
use super::{say, whole_or_not_at_all};
use crate::auth::{Actor, Viewer};
use crate::clock::Clock;
use crate::config::DatabaseSettings;
use crate::district::import::{self, Options};
use anyhow::Context as _;
use sea_orm::DatabaseConnection;
use std::path::Path;
use std::process::ExitCode;

/// Imports the file, all of it or nothing.
pub(super) async fn districts(
    database: &DatabaseSettings,
    file: &Path,
    dry_run: bool,
    allow_closing: bool,
) -> anyhow::Result<ExitCode> {
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let (viewer, options) = (Viewer::command_line(), Options { dry_run, allow_closing });
    let import = async |db: &DatabaseConnection| {
        if !dry_run {
            fill_if_empty(db).await?;
        }
        Ok(import::run(db, Actor::new(&viewer, Clock::System), &bytes, options).await?)
    };
    let report = Opened::with(database, async |opened| opened.with_up_to_date(import).await).await;
    let report = report.map_err(|error| whole_or_not_at_all(file, error))?;
    say(report.to_string().trim_end());
    if dry_run {
        say("This was a dry run: nothing was changed.");
    }
    Ok(ExitCode::SUCCESS)
}
