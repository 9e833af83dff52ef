//! `lmi export`: prints a spreadsheet.

use super::open::Opened;
use crate::auth::Viewer;
use crate::config::DatabaseSettings;
use crate::spreadsheet::{Export, Gone, What};
use sea_orm::DatabaseConnection;
use std::io::Write as _;
use std::process::ExitCode;

/// Prints everything of a kind, of one convening or of all, to standard output.
pub(super) async fn run(database: &DatabaseSettings, what: What, convening: Option<&str>) -> anyhow::Result<ExitCode> {
    let viewer = Viewer::command_line();
    let export = async |db: &DatabaseConnection| {
        let export = Export::prepare(db, &viewer, what, convening).await?;
        // That nobody reads any more, as in `lmi export people | head`, is no fault.
        let print = |piece: Vec<u8>| std::future::ready(std::io::stdout().write_all(&piece).map_err(|_| Gone));
        Ok(export.write(db, print).await?)
    };
    Opened::with(database, async |opened| opened.with_up_to_date(export).await).await?;
    Ok(ExitCode::SUCCESS)
}
