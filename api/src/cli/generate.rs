//! `lmi generate`: fills an empty database for benchmarks and trials.

use super::open::Opened;
use super::say;
use crate::auth::{Actor, Viewer};
use crate::clock::Clock;
use crate::config::DatabaseSettings;
use crate::generate::{Size, generate};
use sea_orm::DatabaseConnection;
use std::io::IsTerminal as _;
use std::process::ExitCode;

/// Generates a dataset of this size, all of it or nothing.
pub(super) async fn run(database: &DatabaseSettings, size: Size) -> anyhow::Result<ExitCode> {
    let viewer = Viewer::command_line();
    let tell = |what: &str| {
        if std::io::stderr().is_terminal() {
            eprintln!("Making {what} …");
        }
    };
    let make = async |db: &DatabaseConnection| Ok(generate(db, Actor::new(&viewer, Clock::System), size, tell).await?);
    Opened::with(database, async |opened| opened.with_up_to_date(make).await).await?;
    say(&format!("Generated {size}."));
    Ok(ExitCode::SUCCESS)
}
