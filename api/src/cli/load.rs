//! `lmi load`: loads a record file.

use super::open::Opened;
use super::{say, whole_or_not_at_all};
use crate::auth::{Actor, Viewer};
use crate::clock::Clock;
use crate::config::DatabaseSettings;
use crate::record;
use anyhow::Context as _;
use sea_orm::DatabaseConnection;
use std::path::Path;
use std::process::ExitCode;

/// Loads the file, all of it or nothing.
pub(super) async fn run(database: &DatabaseSettings, file: &Path) -> anyhow::Result<ExitCode> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let parsed = record::parse(&text).map_err(|error| whole_or_not_at_all(file, error.into()))?;
    let viewer = Viewer::command_line();
    let load = async |db: &DatabaseConnection| {
        let loading = record::load(db, Actor::new(&viewer, Clock::System), parsed, false);
        Ok(Box::pin(loading).await?.unwrap_or_default())
    };
    let loaded = Opened::with(database, async |opened| opened.with_up_to_date(load).await).await;
    say(&format!("Loaded {}.", loaded.map_err(|error| whole_or_not_at_all(file, error))?));
    Ok(ExitCode::SUCCESS)
}
