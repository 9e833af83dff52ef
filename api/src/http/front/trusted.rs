//! Documents that were registered before the service was started: the ones of the initiative's own sites.

use super::documents::{Documents, Hash, Known};
use anyhow::{Context as _, anyhow, ensure};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

/// A manifest of documents, as tools write it.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    documents: BTreeMap<String, String>,
    /// What it is called where something is wrong with it.
    name: String,
    /// Whether the public may run nothing else.
    only: bool,
}

/// The two forms of a manifest.
#[derive(Deserialize)]
#[serde(untagged)]
enum Form {
    /// Apollo's: a list of operations, each with its id and its text.
    Operations { operations: Vec<Registered> },
    /// Relay's and the code generator's: a text for each id.
    Texts(BTreeMap<String, String>),
}

#[derive(Deserialize)]
struct Registered {
    id: String,
    body: String,
}

impl Manifest {
    /// Reads the file of a manifest.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file).with_context(|| format!("{name} cannot be read"))?;
        Self::parse(name, &text)
    }

    /// Reads the text of a manifest.
    pub fn parse(name: String, text: &str) -> anyhow::Result<Self> {
        let form = serde_json::from_str(text).map_err(|_| {
            anyhow!(
                "{name} is no manifest of documents: a JSON object with a document for each id, or Apollo's manifest"
            )
        })?;
        let documents = match form {
            Form::Texts(documents) => documents,
            Form::Operations { operations } => {
                let mut documents = BTreeMap::new();
                for Registered { id, body } in operations {
                    let twice = format!("{name}: the id `{id}` stands there twice");
                    ensure!(documents.insert(id, body).is_none(), twice);
                }
                documents
            }
        };
        Ok(Self { documents, name, only: false })
    }

    /// The same, as all that the public may run.
    #[must_use]
    pub fn only(self, only: bool) -> Self {
        Self { only, ..self }
    }
}

/// The documents of a manifest, read and found to be valid.
#[derive(Default)]
pub(super) struct Trusted {
    by_id: HashMap<String, Arc<Known>>,
    by_hash: HashMap<Hash, Arc<Known>>,
    pub(super) only: bool,
}

impl Trusted {
    /// Reads each with the others' bounds; what is wrong with one is said with its id.
    pub(super) fn of(manifest: Manifest, documents: &Documents) -> anyhow::Result<Self> {
        let mut trusted = Self { only: manifest.only, ..Self::default() };
        for (id, text) in manifest.documents {
            let known = documents.read(&text, true).map_err(|errors| {
                let said = errors.first().map(|error| error.message.clone()).unwrap_or_default();
                anyhow!("{}: the document `{id}` cannot be registered: {said}", manifest.name)
            })?;
            trusted.by_hash.insert(known.hash, Arc::clone(&known));
            trusted.by_id.insert(id, known);
        }
        Ok(trusted)
    }

    pub(super) fn by_id(&self, id: &str) -> Option<Arc<Known>> {
        self.by_id.get(id).cloned()
    }

    pub(super) fn by_hash(&self, hash: &Hash) -> Option<Arc<Known>> {
        self.by_hash.get(hash).cloned()
    }

    pub(super) fn holds(&self, known: &Known) -> bool {
        self.by_hash.contains_key(&known.hash)
    }
}
