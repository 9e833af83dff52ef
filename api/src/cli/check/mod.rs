//! `lmi check`: what is wrong with the configuration and the database, and how to mend it. Nothing is changed, and nothing is begun
//! that would not be there otherwise.

mod database;
mod durability;
mod files;
mod finding;
mod outside;
mod plaintext;
mod replicas;
mod roles;
mod settings;

pub(super) use plaintext::open_ways;

use super::open::Opened;
use super::say;
use super::serve::Settings;
use finding::{Findings, Verdict};
use std::process::ExitCode;

/// Looks at everything, and says what was found, a line each. Exit status 1 where something is wrong.
pub(super) async fn run(settings: Settings<'_>) -> anyhow::Result<ExitCode> {
    let mut findings = Findings::default();
    settings::check(settings, &mut findings).await;
    plaintext::check(settings, &mut findings);
    files::check(settings, &mut findings);
    outside::check(settings, &mut findings).await;
    check_database(settings, &mut findings).await;
    for finding in findings.all() {
        say(&finding.to_string());
    }
    let (wrong, noted) = (findings.count(Verdict::Wrong), findings.count(Verdict::Note));
    say(&format!("\n{wrong} to mend, {noted} to know of."));
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn check_database(settings: Settings<'_>, findings: &mut Findings) {
    const ABOUT: &str = "DATABASE_URL";
    if settings.database.database_url.is_none() && !settings.database.data_dir.join("postgres").is_dir() {
        findings.note(ABOUT, "there is no database yet; `lmi` makes a private one at its first start");
        return;
    }
    // A server that does not answer is what is to be found, and no reason to end.
    let opened = match Opened::open(settings.database).await {
        Ok(opened) => opened,
        Err(error) => return findings.wrong(ABOUT, &format!("{error:#}")),
    };
    let looked = opened.stop().or(async {
        match opened.connect().await {
            Ok(db) => {
                findings.good(ABOUT, "the database can be reached, and takes writes");
                database::check(&db, findings).await;
                roles::check(&db, settings, findings).await;
                durability::check(&db, settings, findings).await;
                if let Err(error) = opened.connect_to_serve(None).await {
                    findings.wrong(ABOUT, &format!("requests cannot be answered from it: {error:#}"));
                }
                replicas::check(&db, settings.serve.database_read_urls.as_ref(), findings).await;
                let _ = db.close().await;
            }
            Err(error) => findings.wrong(ABOUT, &format!("{error:#}")),
        }
        Ok(())
    });
    if let Err(error) = looked.await {
        findings.wrong(ABOUT, &format!("{error:#}"));
    }
    opened.close().await;
}
