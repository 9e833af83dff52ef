//! The folder of a backup: it has its name only once everything in it is on the disk.

use super::manifest::{DUMP, FILE};
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// How a folder of ours is named by the moment that it is of, without the moment.
const PREFIX: &str = "lmi-";
/// The moment in such a name: in the order of letters, the order of time.
const MOMENT: &str = "%Y%m%dT%H%M%SZ";

/// A backup that is being written, beside where it will be. Dropped before it is whole, it is gone.
pub(super) struct Unfinished {
    wanted: PathBuf,
    folder: PathBuf,
    /// The dump; who holds its lock is writing it.
    dump: File,
    is_whole: bool,
}

impl Unfinished {
    /// Begins one that will be at `wanted`, where nothing is.
    pub(super) fn begin(wanted: &Path) -> anyhow::Result<Self> {
        let wanted = std::path::absolute(wanted)?;
        anyhow::ensure!(
            fs::symlink_metadata(&wanted).is_err(),
            "{} is there already, and nothing is overwritten; give another name",
            wanted.display()
        );
        let mut name = wanted.file_name().context("a backup needs a name")?.to_owned();
        name.push(".partial");
        let folder = wanted.with_file_name(name);
        clear(&folder)?;
        let made = DirBuilder::new().mode(0o700).create(&folder);
        made.with_context(|| {
            format!("{} cannot be made; see that the folder above it is there and yours", folder.display())
        })?;
        let dump = create(&folder.join(DUMP))?;
        dump.try_lock().context("another backup of this name is being made")?;
        Ok(Self { wanted, folder, dump, is_whole: false })
    }

    /// The file for the dump.
    pub(super) fn dump(&self) -> anyhow::Result<File> {
        Ok(self.dump.try_clone()?)
    }

    /// Writes its manifest, sees that all is on the disk, and gives it its name.
    pub(super) fn finish(mut self, manifest: &[u8]) -> anyhow::Result<()> {
        let act = || -> std::io::Result<()> {
            self.dump.sync_all()?;
            let mut file = create(&self.folder.join(FILE)).map_err(std::io::Error::other)?;
            std::io::Write::write_all(&mut file, manifest)?;
            file.sync_all()?;
            File::open(&self.folder)?.sync_all()?;
            // Refused by the system where something that is not empty came there meanwhile.
            fs::rename(&self.folder, &self.wanted)?;
            self.wanted.parent().map_or(Ok(()), |parent| File::open(parent)?.sync_all())
        };
        act().with_context(|| format!("{} could not be finished", self.wanted.display()))?;
        self.is_whole = true;
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.is_whole {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// Removes what a backup left behind that was killed. One that is being written holds a lock.
fn clear(folder: &Path) -> anyhow::Result<()> {
    if fs::symlink_metadata(folder).is_err() {
        return Ok(());
    }
    if let Ok(dump) = File::open(folder.join(DUMP)) {
        anyhow::ensure!(dump.try_lock().is_ok(), "another backup is being written to {}", folder.display());
    }
    fs::remove_dir_all(folder)
        .with_context(|| format!("{} is left of a backup and cannot be removed", folder.display()))
}

/// A file that nobody else reads.
fn create(file: &Path) -> anyhow::Result<File> {
    let options = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(file);
    options.with_context(|| format!("{} cannot be written", file.display()))
}

/// The name of a backup that is made at this moment, in a folder of many.
pub(crate) fn named(folder: &Path, now: DateTime<Utc>) -> PathBuf {
    folder.join(format!("{PREFIX}{}", now.format(MOMENT)))
}

/// Removes all but so many of the newest backups that are named by their moment: how many. What is named otherwise, or is not
/// whole, is let be.
pub(crate) fn keep(folder: &Path, most: usize) -> anyhow::Result<usize> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let is_ours = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_prefix(PREFIX));
        let is_moment = name.is_some_and(|moment| chrono::NaiveDateTime::parse_from_str(moment, MOMENT).is_ok());
        is_moment && path.join(FILE).is_file()
    };
    let mut backups: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_ours).collect();
    backups.sort();
    let old = backups.len().saturating_sub(most);
    for backup in &backups[..old] {
        fs::remove_dir_all(backup).with_context(|| format!("{} cannot be removed", backup.display()))?;
    }
    Ok(old)
}
