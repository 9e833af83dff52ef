//! `lmi load`: loads a record file.

use super::open::Opened;
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
    let parsed = record::parse(&text).with_context(|| format!("{} was refused", file.display()))?;
    let opened = Opened::open(database).await?;
    let viewer = Viewer::command_line();
    let load = async |db: &DatabaseConnection| {
        Ok(record::load(db, Actor::new(&viewer, Clock::System), parsed, false).await?.unwrap_or_default())
    };
    let loaded = opened.with_up_to_date(load).await;
    opened.close().await;
    println!("Loaded {}.", loaded.with_context(|| format!("{} was refused whole", file.display()))?);
    Ok(ExitCode::SUCCESS)
}
