//! Restoring a backup.

use super::contents::{major, tables};
use super::manifest::{DUMP, Manifest};
use super::program::{Programs, Running};
use super::script::{PUT_BACK, REVOKE_KEYS, head, is_left_out, is_of_a_role, tail};
use crate::database::begin;
use anyhow::Context as _;
use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufReader, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// Lines at the head of a dump among which settings stand.
const HEAD_LINES: usize = 60;

/// What becomes of the API keys that were in force at the moment of the backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// They are in force again, also those that were revoked since.
    Keep,
    /// All are revoked.
    Revoke,
}

/// A backup that was looked at and found to be whole.
pub(crate) struct Backup {
    folder: PathBuf,
    pub(crate) manifest: Manifest,
}

impl Backup {
    /// Looks at all of a backup.
    pub(crate) fn open(folder: &Path) -> anyhow::Result<Self> {
        let manifest = Manifest::of(folder)?;
        manifest.is_understood()?;
        let dump = folder.join(DUMP);
        let mut file = File::open(&dump).with_context(|| format!("{} cannot be read", dump.display()))?;
        let bytes = file.metadata()?.len();
        anyhow::ensure!(
            bytes == manifest.dump.bytes,
            "{} is not whole: it has {bytes} bytes of {}; take another backup",
            dump.display(),
            manifest.dump.bytes
        );
        let mut digest = Sha256::new();
        let mut piece = vec![0; 256 * 1024];
        loop {
            let read = file.read(&mut piece).with_context(|| format!("{} cannot be read", dump.display()))?;
            if read == 0 {
                break;
            }
            digest.update(&piece[..read]);
        }
        anyhow::ensure!(
            hexadecimal(&digest.finalize()) == manifest.dump.sha256,
            "{} is damaged: it is not what was written; take another backup",
            dump.display()
        );
        Ok(Self { folder: folder.to_owned(), manifest })
    }
}

/// Restores a backup into an empty database, all of it or nothing. It is as up to date afterwards as it was then.
pub(crate) async fn restore(
    db: &DatabaseConnection,
    programs: impl FnOnce(u32) -> anyhow::Result<Programs>,
    (backup, keys): (&Backup, Keys),
) -> anyhow::Result<()> {
    anyhow::ensure!(
        tables(db).await?.is_empty(),
        "the database is not empty, and nothing is overwritten; restore into a new one: name it by DATABASE_URL, or give \
         another folder by LMI_DATA_DIR"
    );
    let server = major(db).await?;
    let made_on = backup.manifest.postgresql;
    anyhow::ensure!(
        server >= made_on,
        "the backup is of PostgreSQL {made_on}, and this server is {server}; restore it on {made_on} or later"
    );
    fill(&programs(server)?, backup, keys, server).await.context("nothing was restored")
}

/// Looks at what was restored as the server would do in time: how tables are filled is not in a dump, and plans depend on it.
pub(crate) async fn look_over(db: &DatabaseConnection) -> anyhow::Result<()> {
    db.execute_unprepared(&format!("VACUUM (ANALYZE, PARALLEL 0) {}", tables(db).await?.join(", "))).await?;
    Ok(())
}

/// Lets a database that was put back by other means forget what it cannot know of.
pub(crate) async fn put_back(db: &DatabaseConnection, keys: Keys) -> anyhow::Result<()> {
    let transaction = begin(db).await?;
    transaction.execute_unprepared(PUT_BACK).await?;
    if keys == Keys::Revoke {
        transaction.execute_unprepared(REVOKE_KEYS).await?;
    }
    transaction.commit().await?;
    Ok(())
}

async fn fill(programs: &Programs, backup: &Backup, keys: Keys, server: u32) -> anyhow::Result<()> {
    let dump = std::path::absolute(backup.folder.join(DUMP))?;
    let mut listing = programs.command("pg_restore");
    listing.arg("--list").arg(&dump).stdout(Stdio::piped());
    let mut reading = programs.command("pg_restore");
    // Rights and policies name roles of the server that it is of. They are given anew when it is brought up to date.
    reading.args(["--no-owner", "--no-privileges", "--no-comments", "--no-security-labels", "--no-tablespaces"]);
    reading.args(["--exit-on-error", "--use-list=/dev/stdin", "--file=-"]);
    reading.arg(&dump).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut writing = programs.command("psql");
    writing.args(["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=terse"]);
    writing.stdin(Stdio::piped()).stdout(Stdio::null());
    let tail = tail(&backup.manifest, keys == Keys::Revoke)?;
    let list = Running::start("pg_restore", listing)?;
    let (from, to) = (Running::start("pg_restore", reading)?, Running::start("psql", writing)?);
    let leashes = (list.leash(), from.leash(), to.leash());
    let filled = tokio::task::spawn_blocking(move || {
        choose(list, &from)?;
        pipe(from, to, &tail, server)
    });
    let filled = filled.await?;
    drop(leashes);
    filled
}

/// Tells the one what of the other's list it is to restore.
fn choose(list: Running, from: &Running) -> anyhow::Result<()> {
    let mut text = String::new();
    let written = list.child().stdout.take();
    written.context("pg_restore writes nothing")?.read_to_string(&mut text)?;
    list.ended()?;
    let mut input = from.child().stdin.take().context("pg_restore takes nothing")?;
    for line in text.lines().filter(|line| !is_of_a_role(line)) {
        writeln!(input, "{line}")?;
    }
    Ok(())
}

/// Hands over what the one writes to the other, within a transaction that is committed only once the one has ended well.
fn pipe(from: Running, to: Running, tail: &str, server: u32) -> anyhow::Result<()> {
    let written = from.child().stdout.take().context("pg_restore writes nothing")?;
    let mut input = to.child().stdin.take().context("psql takes nothing")?;
    let handed = hand_over(BufReader::new(written), &mut input, server);
    // Whoever takes nothing more has said why; that the other could not go on then is no reason.
    if handed.is_err() {
        drop(input);
        to.ended()?;
        from.ended()?;
        return Ok(handed?);
    }
    from.ended()?;
    let ended = input.write_all(tail.as_bytes());
    drop(input);
    to.ended()?;
    Ok(ended?)
}

fn hand_over(mut from: impl std::io::BufRead, to: &mut impl Write, server: u32) -> std::io::Result<()> {
    to.write_all(head().as_bytes())?;
    for _ in 0..HEAD_LINES {
        let mut line = Vec::new();
        from.by_ref().read_until(b'\n', &mut line)?;
        if !is_left_out(&line, server) {
            to.write_all(&line)?;
        }
    }
    std::io::copy(&mut from, to).map(drop)
}

/// Bytes as people compare them.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
