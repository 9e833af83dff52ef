//! What a backup says of itself.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The file of a backup that holds this.
pub(super) const FILE: &str = "manifest.json";
/// The file that `pg_dump` wrote.
pub(super) const DUMP: &str = "database.dump";
/// How backups are laid out that this program understands.
pub(super) const FORMAT: u32 = 1;

/// What is in a backup.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(crate) struct Manifest {
    /// How it is laid out.
    pub(super) format: u32,
    /// The version of the program that made it.
    pub(super) lmi: String,
    /// The moment that it is of.
    pub(crate) taken_at: DateTime<Utc>,
    /// The major version of the server that it is of.
    pub(super) postgresql: u32,
    /// The steps that the database had taken.
    pub(super) migrations: Vec<String>,
    /// How many rows each table had.
    pub(super) tables: BTreeMap<String, i64>,
    pub(super) dump: Dump,
}

/// What the other file must be.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct Dump {
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

impl Manifest {
    /// That of a backup.
    pub(super) fn of(folder: &Path) -> anyhow::Result<Self> {
        let file = folder.join(FILE);
        let text = fs::read_to_string(&file)
            .with_context(|| format!("{} is no backup: its {FILE} cannot be read", folder.display()))?;
        let manifest: Self = serde_json::from_str(&text)
            .with_context(|| format!("{} is damaged; take another backup", file.display()))?;
        anyhow::ensure!(
            manifest.format == FORMAT,
            "{} was made by lmi {}, in a form that this lmi {} does not know; restore it with that version or a later one",
            folder.display(),
            manifest.lmi,
            env!("CARGO_PKG_VERSION")
        );
        Ok(manifest)
    }

    /// How many rows there are in all.
    pub(crate) fn rows(&self) -> i64 {
        self.tables.values().sum()
    }

    /// How many tables there are.
    pub(crate) fn tables(&self) -> usize {
        self.tables.len()
    }

    /// Nothing, where this program knows every step that the database had taken.
    pub(super) fn is_understood(&self) -> anyhow::Result<()> {
        let known = migration::names();
        let unknown: Vec<_> = self.migrations.iter().filter(|step| !known.contains(step)).map(String::as_str).collect();
        anyhow::ensure!(
            unknown.is_empty(),
            "the backup was made by a newer lmi: {}, and this is {}, which does not know {}; restore it with that version \
             or a later one",
            self.lmi,
            env!("CARGO_PKG_VERSION"),
            unknown.join(", ")
        );
        Ok(())
    }
}
