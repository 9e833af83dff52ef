//! Loads a record file through the same services and checks as any write: all of it or nothing.

use super::format::{self, Record};
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::writing::attribute;
use entity::ids::{ConveningId, DistrictId, OrganizationId, PersonId, SessionId};
use entity::source::{Source, Sources};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait as _, TransactionTrait as _};
use std::collections::{HashMap, HashSet};
use std::fmt;

/// The format that this version reads.
const FORMAT: u32 = 1;
/// Two processes that find a database empty must not both fill it.
const LOCK: &str = "SELECT pg_advisory_xact_lock(8025963010862572396)";

/// A record file that was understood.
#[derive(Debug)]
pub struct Parsed(Record);

/// What was loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Organizations.
    pub organizations: usize,
    /// Districts.
    pub districts: usize,
    /// People.
    pub people: usize,
    /// Convenings.
    pub convenings: usize,
    /// Sessions.
    pub sessions: usize,
    /// Teams.
    pub teams: usize,
    /// Resources.
    pub resources: usize,
}

impl fmt::Display for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} organizations, {} districts, {} people, {} convenings, {} sessions, {} teams, {} resources",
            self.organizations, self.districts, self.people, self.convenings, self.sessions, self.teams, self.resources
        )
    }
}

/// Reads a record file; an error names the line.
pub fn parse(text: &str) -> Result<Parsed> {
    let record: Record =
        toml::from_str(text).map_err(|error| Error::BadInput(error.to_string().trim_end().to_owned()))?;
    if record.format != FORMAT {
        return Err(Error::BadInput(format!(
            "The file is of format {}; this version reads format {FORMAT}.",
            record.format
        )));
    }
    if let Some(key) = named_twice(record.documents.iter().map(|document| &document.key)) {
        return Err(Error::BadInput(format!("The file has two documents `{key}`.")));
    }
    for convening in &record.convenings {
        if let Some(key) = named_twice(convening.blocks.iter().map(|block| &block.key)) {
            return Err(Error::BadInput(format!("convening `{}`: it has two blocks `{key}`", convening.slug)));
        }
    }
    Ok(Parsed(record))
}

/// A key that stands for two things: whoever refers to it would get the wrong one.
fn named_twice<'a>(mut keys: impl Iterator<Item = &'a String>) -> Option<&'a String> {
    let mut seen = HashSet::new();
    keys.find(|key| !seen.insert(*key))
}

/// Whether nothing has been entered yet.
pub async fn is_empty(db: &impl ConnectionTrait) -> Result<bool> {
    let organization = entity::organization::Entity::find().one(db).await?;
    let convening = entity::convening::Entity::find().one(db).await?;
    let district = entity::district::Entity::find().one(db).await?;
    Ok(organization.is_none() && convening.is_none() && district.is_none())
}

/// Waits until nobody else fills the database, and keeps others from it until the transaction ends.
pub(crate) async fn alone(transaction: &DatabaseTransaction) -> Result<()> {
    transaction.execute_unprepared(LOCK).await?;
    Ok(())
}

/// Loads a record. With `only_if_empty`, a database that holds anything is left as it is.
pub async fn load(
    db: &DatabaseConnection,
    actor: Actor<'_>,
    Parsed(record): Parsed,
    only_if_empty: bool,
) -> Result<Option<Loaded>> {
    let transaction = db.begin().await?;
    alone(&transaction).await?;
    attribute(&transaction, actor).await?;
    if only_if_empty && !is_empty(&transaction).await? {
        return Ok(None);
    }
    let loaded = Loader::new(&transaction, actor, &record.documents).record(record).await?;
    transaction.commit().await?;
    Ok(Some(loaded))
}

/// A load under way: what has been entered so far, by the names that the file uses.
pub(super) struct Loader<'a> {
    pub(super) db: &'a DatabaseTransaction,
    pub(super) actor: Actor<'a>,
    documents: HashMap<String, (String, Option<String>)>,
    pub(super) organizations: Keys<OrganizationId>,
    pub(super) districts: Keys<DistrictId>,
    pub(super) people: Keys<PersonId>,
    pub(super) convenings: Keys<ConveningId>,
    pub(super) sessions: Keys<SessionId>,
    pub(super) loaded: Loaded,
}

/// Says which entry of the file a refusal is about.
pub(super) fn at(entry: impl fmt::Display) -> impl FnOnce(Error) -> Error {
    move |error| match error {
        Error::Invalid(_) | Error::BadInput(_) | Error::NotFound(_) => Error::BadInput(format!("{entry}: {error}")),
        other => other,
    }
}

/// Keys by the names that a file gives its entries.
#[derive(Debug)]
pub(super) struct Keys<V> {
    what: &'static str,
    keys: HashMap<String, V>,
}

impl<V: Copy> Keys<V> {
    fn of(what: &'static str) -> Self {
        Self { what, keys: HashMap::new() }
    }

    pub(super) fn insert(&mut self, name: impl Into<String>, key: V) {
        self.keys.insert(name.into(), key);
    }

    pub(super) fn get(&self, name: &str) -> Result<V> {
        let unknown = || Error::BadInput(format!("the file has no {} `{name}` before this", self.what));
        self.keys.get(name).copied().ok_or_else(unknown)
    }

    pub(super) fn find(&self, name: Option<&str>) -> Result<Option<V>> {
        name.map(|name| self.get(name)).transpose()
    }
}

impl<'a> Loader<'a> {
    fn new(db: &'a DatabaseTransaction, actor: Actor<'a>, documents: &[format::Document]) -> Self {
        let document =
            |document: &format::Document| (document.key.clone(), (document.title.clone(), document.url.clone()));
        Self {
            db,
            actor,
            documents: documents.iter().map(document).collect(),
            organizations: Keys::of("organization"),
            districts: Keys::of("district"),
            people: Keys::of("person"),
            convenings: Keys::of("convening"),
            sessions: Keys::of("session"),
            loaded: Loaded::default(),
        }
    }

    async fn record(&mut self, record: Record) -> Result<Loaded> {
        for entry in record.organizations {
            let name = format!("organization `{}`", entry.slug);
            self.organization(entry).await.map_err(at(name))?;
        }
        for entry in record.districts {
            let name = format!("district `{}`", entry.slug);
            self.district(entry).await.map_err(at(name))?;
        }
        for entry in record.people {
            let name = format!("person `{}`", entry.slug);
            self.person(entry).await.map_err(at(name))?;
        }
        for entry in record.partnerships {
            let name = format!("partnership of `{}`", entry.district);
            self.partnership(entry).await.map_err(at(name))?;
        }
        for entry in record.rules {
            let name = format!("composition rule {}", entry.version);
            self.rule(entry).await.map_err(at(name))?;
        }
        for entry in record.offerings {
            let name = format!("offering `{}`", entry.name);
            self.offering(entry).await.map_err(at(name))?;
        }
        for entry in record.convenings {
            let name = format!("convening `{}`", entry.slug);
            self.convening(entry).await.map_err(at(name))?;
        }
        for entry in record.resources {
            let name = format!("resource `{}`", entry.title);
            self.resource(entry).await.map_err(at(name))?;
        }
        Ok(self.loaded)
    }

    pub(super) fn sources(&self, sources: Vec<format::Source>) -> Result<Sources> {
        let source = |source: format::Source| {
            let (document, url) = self
                .documents
                .get(&source.document)
                .cloned()
                .ok_or_else(|| Error::BadInput(format!("the file has no document `{}`", source.document)))?;
            Ok(Source { document, section: source.section, url })
        };
        sources.into_iter().map(source).collect::<Result<_>>().map(Sources)
    }
}
