//! `lmi backup`: writes down all that the database holds.

use super::open::Opened;
use super::say;
use crate::auth::Keyring;
use crate::backup;
use crate::clock::Clock;
use crate::config::{AccessSettings, DatabaseSettings};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Where a backup goes.
#[derive(Args, Debug)]
#[group(skip)]
pub(super) struct To {
    /// The folder that the backup will be, which must not be there yet
    #[arg(required_unless_present = "into", conflicts_with = "into")]
    folder: Option<PathBuf>,
    /// Make it in this folder, and name it by the moment
    #[arg(long, value_name = "FOLDER")]
    into: Option<PathBuf>,
    /// Of those that are named by their moment, keep so many and remove those that are older
    #[arg(long, value_name = "NUMBER", requires = "into", value_parser = clap::value_parser!(u32).range(1..))]
    keep: Option<u32>,
}

/// Makes one.
pub(super) async fn run(database: &DatabaseSettings, access: &AccessSettings, to: To) -> anyhow::Result<ExitCode> {
    let now = Clock::System.now();
    let named = || to.into.as_deref().map(|into| backup::named(into, now));
    let Some(wanted) = to.folder.clone().or_else(named) else { anyhow::bail!("give the folder of the backup") };
    let made = Opened::with(database, async |opened| {
        let db = opened.connect().await?;
        let programs = opened.programs(database).await?;
        let made = backup::make(&db, programs, (&wanted, now)).await;
        db.close().await?;
        made
    });
    let made = made.await?;
    say(&format!(
        "Backed up {} rows of {} tables, as of {}, to {}.",
        made.rows(),
        made.tables(),
        made.taken_at.format("%Y-%m-%d %H:%M:%S UTC"),
        wanted.display()
    ));
    let key = Keyring::path(access.signing_key.as_deref(), &database.data_dir);
    say(&format!("Not in it, and kept elsewhere by you: the settings, and the key {}.", key.display()));
    if let (Some(into), Some(most)) = (&to.into, to.keep) {
        let removed = backup::keep(into, usize::try_from(most)?)?;
        if removed > 0 {
            say(&format!("Removed {removed} older than the {most} that are kept."));
        }
    }
    Ok(ExitCode::SUCCESS)
}
