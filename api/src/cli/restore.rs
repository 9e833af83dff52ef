//! `lmi restore`: puts a backup into an empty database.

use super::open::Opened;
use super::say;
use crate::backup::{self, Backup, Keys};
use crate::config::DatabaseSettings;
use anyhow::Context as _;
use clap::Args;
use sea_orm::DatabaseConnection;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

/// What is restored.
#[derive(Args, Debug)]
#[group(skip)]
pub(super) struct From {
    /// The folder of the backup
    #[arg(required_unless_present = "recovered", conflicts_with = "recovered")]
    folder: Option<PathBuf>,
    /// Restore nothing: the database was put back by other means, such as point-in-time recovery. It forgets what it cannot
    /// know of; run this before the service starts
    #[arg(long)]
    recovered: bool,
    /// Revoke all API keys: those that were revoked since the backup would be good again
    #[arg(long)]
    revoke_keys: bool,
    /// Try it: restore the backup into a PostgreSQL that is made for that and thrown away
    #[arg(long, conflicts_with_all = ["recovered", "revoke_keys"])]
    verify: bool,
}

/// What holds of every database that was put back.
const SINCE: &str = "\
Everybody signs in again, and links to accept an invitation or to set a password are good for nothing: send new ones.
Copies that follow the feed of changes begin anew, and webhooks tell it their receivers. Nothing is sent that was due then.
As they were then, and to be put right by you: people who were erased since, accounts that were disabled since
(`lmi account list`), and what was decided since.";

/// Restores one.
pub(super) async fn run(database: &DatabaseSettings, from: From) -> anyhow::Result<ExitCode> {
    let keys = if from.revoke_keys { Keys::Revoke } else { Keys::Keep };
    let Some(folder) = &from.folder else { return recovered(database, keys).await };
    // It is looked at whole before anything is touched.
    let backup = Backup::open(folder)?;
    let of = format!("the backup of {}", backup.manifest.taken_at.format("%Y-%m-%d %H:%M:%S UTC"));
    let what = format!("{} rows of {} tables", backup.manifest.rows(), backup.manifest.tables());
    if from.verify {
        verify(database, &backup).await?;
        say(&format!("Verified {of}: restored elsewhere, it has {what}, as it says."));
        return Ok(ExitCode::SUCCESS);
    }
    restore(database, &backup, keys).await?;
    say(&format!("Restored {of}: {what}.\n{SINCE}"));
    say(of_keys(keys));
    Ok(ExitCode::SUCCESS)
}

async fn restore(database: &DatabaseSettings, backup: &Backup, keys: Keys) -> anyhow::Result<()> {
    Opened::with(database, async |opened| {
        let db = opened.connect().await?;
        let programs = opened.programs(database).await?;
        let restored = Box::pin(backup::restore(&db, programs, (backup, keys))).await;
        db.close().await?;
        restored?;
        let looked = opened.with_up_to_date(async |db| backup::look_over(db).await).await;
        looked.context("the backup was restored whole; start lmi, or run lmi migrate, to go on")
    })
    .await
}

/// Restores it into a server of its own, which is gone afterwards.
async fn verify(database: &DatabaseSettings, backup: &Backup) -> anyhow::Result<()> {
    let folder = std::env::temp_dir().join(format!("lmi-verify-{}", std::process::id()));
    let elsewhere = DatabaseSettings {
        database_url: None,
        database_direct_url: None,
        database_owner_url: None,
        database_public_url: None,
        data_dir: folder.clone(),
        postgres_bin: database.postgres_bin.clone(),
    };
    let verified = restore(&elsewhere, backup, Keys::Keep).await;
    // Nothing of it is wanted, whatever came of it.
    let _ = fs::remove_dir_all(&folder);
    verified
}

async fn recovered(database: &DatabaseSettings, keys: Keys) -> anyhow::Result<ExitCode> {
    let put_back = async |db: &DatabaseConnection| backup::put_back(db, keys).await;
    Opened::with(database, async |opened| opened.with_up_to_date(put_back).await).await?;
    say(&format!("The database knows that it was put back.\n{SINCE}"));
    say(of_keys(keys));
    Ok(ExitCode::SUCCESS)
}

fn of_keys(keys: Keys) -> &'static str {
    match keys {
        Keys::Keep => {
            "API keys are as they were then, also those that were revoked since: `lmi key list`, `lmi key revoke`."
        }
        Keys::Revoke => "All API keys are revoked: make new ones.",
    }
}
