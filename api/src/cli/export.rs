//! `lmi export`: prints a spreadsheet.

use super::open::Opened;
use crate::auth::Viewer;
use crate::clock::Clock;
use crate::config::DatabaseSettings;
use crate::spreadsheet::{Export, What};
use anyhow::Context as _;
use sea_orm::DatabaseConnection;
use std::future::ready;
use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;

/// Prints everything of a kind, of one convening or of all, to standard output.
pub(super) async fn run(database: &DatabaseSettings, what: What, convening: Option<&str>) -> anyhow::Result<ExitCode> {
    let viewer = Viewer::command_line();
    let export = async |db: &DatabaseConnection| {
        let mut broken = None;
        let print = |piece: Vec<u8>| ready(std::io::stdout().write_all(&piece).map_err(|error| broken = Some(error)));
        Export::prepare(db, (&viewer, Clock::System.now()), what, convening).await?.write(db, print).await?;
        match broken {
            // That nobody reads any more, as in `lmi export people | head`, is no fault.
            Some(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(error).context("not all of it could be written")
            }
            _ => Ok(()),
        }
    };
    Opened::with(database, async |opened| opened.with_up_to_date(export).await).await?;
    Ok(ExitCode::SUCCESS)
}
