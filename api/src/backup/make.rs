//! Making a backup.

use super::contents::{counts, major, migrations, statement};
use super::manifest::{Dump, FORMAT, Manifest};
use super::place::Unfinished;
use super::program::{Programs, Running};
use crate::database::begin_as;
use crate::error::Error;
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, IsolationLevel};
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

/// What is read at a time.
const PIECE: usize = 256 * 1024;
/// Nobody waits for what a server would end because it idles: the snapshot is held until `pg_dump` is done.
const PATIENCE: &str = "SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL lock_timeout = 0";
const SNAPSHOT: &str = "SELECT pg_export_snapshot() AS snapshot";

/// Makes a backup of a database, of what it holds at one moment.
pub(crate) async fn make(
    db: &DatabaseConnection,
    programs: impl FnOnce(u32) -> anyhow::Result<Programs>,
    (wanted, now): (&Path, DateTime<Utc>),
) -> anyhow::Result<Manifest> {
    let place = Unfinished::begin(wanted)?;
    let transaction = begin_as(db, Some(IsolationLevel::RepeatableRead), None).await?;
    transaction.execute_unprepared(PATIENCE).await?;
    let migrations = migrations(&transaction).await;
    let migrations = migrations.context("the database holds nothing of lmi: there is nothing to back up")?;
    let tables = counts(&transaction).await?;
    let postgresql = major(&transaction).await?;
    let programs = programs(postgresql)?;
    let dump = dump(&programs, &snapshot(&transaction).await?, place.dump()?).await?;
    transaction.rollback().await?;
    let lmi = env!("CARGO_PKG_VERSION").to_owned();
    let manifest = Manifest { format: FORMAT, lmi, taken_at: now, postgresql, migrations, tables, dump };
    place.finish(&serde_json::to_vec_pretty(&manifest)?)?;
    Ok(manifest)
}

/// A name for what the transaction sees, by which others see the same.
async fn snapshot(transaction: &DatabaseTransaction) -> anyhow::Result<String> {
    let row = transaction.query_one_raw(statement(SNAPSHOT)).await?;
    Ok(row.ok_or_else(|| Error::internal("no snapshot"))?.try_get("", "snapshot")?)
}

async fn dump(programs: &Programs, snapshot: &str, file: File) -> anyhow::Result<Dump> {
    let mut command = programs.command("pg_dump");
    // Whose it was is not taken along: it will be whose who restores it.
    command.args(["--format=custom", "--no-owner", "--no-comments", "--no-publications", "--no-subscriptions"]);
    command.args(["--no-security-labels", "--no-tablespaces", "--no-password", "--lock-wait-timeout=60s"]);
    command.arg(format!("--snapshot={snapshot}")).stdout(std::process::Stdio::piped());
    let running = Running::start("pg_dump", command)?;
    let leash = running.leash();
    let dumped = tokio::task::spawn_blocking(move || {
        let written = running.child().stdout.take();
        let dump = copy(written.context("pg_dump writes nothing")?, file);
        running.ended()?;
        dump.context("the backup could not be written")
    });
    let dumped = dumped.await?;
    drop(leash);
    dumped
}

/// Copies to the end, and says what it was.
fn copy(mut from: impl Read, mut to: File) -> std::io::Result<Dump> {
    let (mut digest, mut bytes, mut piece) = (Sha256::new(), 0, vec![0; PIECE]);
    loop {
        let read = from.read(&mut piece)?;
        if read == 0 {
            return Ok(Dump { bytes, sha256: super::restore::hexadecimal(&digest.finalize()) });
        }
        digest.update(&piece[..read]);
        to.write_all(&piece[..read])?;
        bytes += read as u64;
    }
}
