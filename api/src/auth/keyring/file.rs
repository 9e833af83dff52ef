//! The file that keeps the keys.

use super::key::{Key, blocks, generate, parse};
use crate::auth::secret::{hex, random};
use anyhow::Context as _;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The name of the file in the data folder.
const NAME: &str = "signing-key.pem";
/// Read and written by its owner alone.
const MODE: u32 = 0o600;
/// Keys that a rotation leaves beside the new one: what they signed runs out within minutes.
const KEPT: usize = 2;

/// Where the keys are kept.
#[derive(Clone, Debug)]
pub(super) struct KeyFile {
    path: PathBuf,
    /// In the data folder: made where it is absent, and for nobody else to read.
    own: bool,
}

/// What tells one state of a file from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    node: u64,
    length: u64,
    modified: Option<SystemTime>,
}

impl KeyFile {
    /// The file that was given, or the one in the data folder.
    pub(super) fn at(given: Option<&Path>, data_dir: &Path) -> Self {
        match given {
            Some(path) => Self { path: path.to_owned(), own: false },
            None => Self { path: data_dir.join(NAME), own: true },
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Its state; none where it cannot be asked.
    pub(super) fn stamp(&self) -> Option<Stamp> {
        let metadata = fs::metadata(&self.path).ok()?;
        Some(Stamp { node: metadata.ino(), length: metadata.len(), modified: metadata.modified().ok() })
    }

    /// Makes the file with a new key unless it is there, or is not ours to make.
    pub(super) fn make(&self) -> anyhow::Result<()> {
        if !self.own || self.path.exists() {
            return Ok(());
        }
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        }
        let new = self.write_beside(&generate()?)?;
        // Unlike a rename, a link never takes the place of a file that another process made meanwhile.
        let linked = fs::hard_link(&new, &self.path);
        let _ = fs::remove_file(&new);
        match linked {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                Err(error).with_context(|| format!("{} cannot be made", self.path.display()))
            }
            _ => Ok(()),
        }
    }

    /// The keys in it, the one that signs first.
    pub(super) fn read(&self) -> anyhow::Result<Vec<Key>> {
        parse(&self.text()?).with_context(|| format!("{} cannot be used", self.path.display()))
    }

    /// Whether it can be opened at present.
    pub(super) fn opens(&self) -> bool {
        File::open(&self.path).is_ok()
    }

    fn text(&self) -> anyhow::Result<String> {
        let cannot_be_read = || format!("{} cannot be read", self.path.display());
        self.check(&fs::metadata(&self.path).with_context(cannot_be_read)?)?;
        fs::read_to_string(&self.path).with_context(cannot_be_read)
    }

    fn check(&self, metadata: &Metadata) -> anyhow::Result<()> {
        let path = self.path.display();
        if metadata.mode() & 0o077 != 0 {
            anyhow::ensure!(!self.own, "{path} can be read by others, who could sign in as anybody; chmod 600 {path}");
            tracing::warn!("{path} can be read by others, who could sign in as anybody");
        }
        Ok(())
    }

    /// Puts a new key in front of those that are there.
    pub(super) fn rotate(&self) -> anyhow::Result<()> {
        let before = self.text()?;
        let blocks: Vec<&str> = blocks(&before).take(KEPT).collect();
        let text = format!("{}{}\n", generate()?, blocks.join("\n"));
        // What cannot be read by the service must not take the place of what can.
        parse(&text).with_context(|| format!("{} cannot be used", self.path.display()))?;
        let new = self.write_beside(&text)?;
        fs::rename(&new, &self.path).with_context(|| format!("{} cannot be replaced", self.path.display()))
    }

    /// Writes a text to a new file in the same folder, on the disk before anybody relies on it.
    fn write_beside(&self, text: &str) -> anyhow::Result<PathBuf> {
        let new = self.path.with_extension(format!("{}.new", hex(&random::<8>()?)));
        let write = || -> std::io::Result<()> {
            let mut file: File = OpenOptions::new().write(true).create_new(true).mode(MODE).open(&new)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()
        };
        write().with_context(|| format!("{} cannot be written", new.display()))?;
        Ok(new)
    }
}
