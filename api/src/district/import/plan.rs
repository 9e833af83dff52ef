//! What an import changes: the file held against what is known. Nothing is written until all of it is settled.

use super::file::{Directory, Entry};
use super::report::Change;
use crate::district::service;
use crate::error::Result;
use crate::validation::{MAX_SLUG, refused, slug_of};
use chrono::{DateTime, Utc};
use entity::district::{self, Status};
use entity::source::Source;
use sea_orm::ActiveValue::Unchanged;
use sea_orm::{ActiveModelTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _};
use std::collections::{HashMap, HashSet};

/// Rows in one statement.
const BATCH: usize = 500;

/// What is to be done.
pub(super) struct Plan {
    created: Vec<district::Model>,
    resolved: Vec<district::Model>,
    updated: Vec<(district::Model, String)>,
    /// Left out by the file, or closed by what it says.
    pub(super) closed: Vec<(district::Model, String)>,
    pub(super) unchanged: usize,
    /// Districts of the directory that were open before.
    pub(super) open_before: usize,
}

/// Holds a file against the districts that are known. Slugs in `former` lead to some of them already.
pub(super) fn make(file: &Directory, known: &[district::Model], former: &[String], now: DateTime<Utc>) -> Plan {
    let by_code: HashMap<&str, &district::Model> =
        known.iter().filter_map(|row| row.cds_code.as_deref().map(|code| (code, row))).collect();
    let listed: HashSet<&str> = file.entries.iter().map(|entry| entry.state.cds_code.as_str()).collect();
    let left_out = |row: &&district::Model| row.cds_code.as_deref().is_some_and(|code| !listed.contains(code));
    let open: Vec<&district::Model> = known.iter().filter(|row| is_open(row)).collect();
    let close = |row: &district::Model| {
        let closed = district::Model { status: Status::Closed, ..row.clone() };
        let difference = difference(row, &closed);
        (touched(closed, now), difference)
    };
    let mut plan = Plan {
        created: Vec::new(),
        resolved: Vec::new(),
        updated: Vec::new(),
        closed: open.iter().copied().filter(left_out).map(close).collect(),
        unchanged: 0,
        open_before: open.len(),
    };
    let mut slugs = Slugs::new(file, known, former);
    for entry in &file.entries {
        match by_code.get(entry.state.cds_code.as_str()) {
            None => plan.created.push(new_row(entry, slugs.give(entry), now)),
            Some(&row) => plan.compare(row, merged(row, entry), now),
        }
    }
    plan
}

impl Plan {
    fn compare(&mut self, before: &district::Model, after: district::Model, now: DateTime<Utc>) {
        if *before == after {
            self.unchanged += 1;
        } else if before.directory_updated_on.is_none() && before.city.is_none() {
            self.resolved.push(touched(after, now));
        } else {
            let difference = difference(before, &after);
            let closes = is_open(before) && !is_open(&after);
            let changed = if closes { &mut self.closed } else { &mut self.updated };
            changed.push((touched(after, now), difference));
        }
    }

    /// The changes for a report, by sort and in the file's order.
    pub(super) fn changes(&self) -> Vec<Change> {
        let line = |row: &district::Model| format!("{} {}", row.cds_code.as_deref().unwrap_or_default(), row.name);
        let created = self.created.iter().map(|row| Change::Created(line(row)));
        let resolved = self.resolved.iter().map(|row| Change::Resolved(line(row)));
        let updated = self.updated.iter().map(|(row, what)| Change::Updated(format!("{}: {what}", line(row))));
        let closed = self.closed.iter().map(|(row, what)| Change::Closed(format!("{}: {what}", line(row))));
        created.chain(resolved).chain(updated).chain(closed).collect()
    }

    /// Writes it all.
    pub(super) async fn apply(self, db: &impl ConnectionTrait) -> Result<()> {
        for batch in self.created.chunks(BATCH) {
            let rows = batch.iter().map(|row| row.clone().into_active_model().reset_all());
            let added = district::Entity::insert_many(rows).exec_without_returning(db).await;
            added.map_err(|error| refused(error, service::MEANINGS))?;
        }
        let changed = self.updated.into_iter().chain(self.closed).map(|(row, _)| row);
        for row in self.resolved.into_iter().chain(changed) {
            let id = Unchanged(row.id);
            let row = district::ActiveModel { id, ..row.into_active_model().reset_all() };
            row.update(db).await?;
        }
        Ok(())
    }
}

fn is_open(row: &district::Model) -> bool {
    matches!(row.status, Status::Active | Status::Pending)
}

fn touched(row: district::Model, now: DateTime<Utc>) -> district::Model {
    district::Model { version: row.version + 1, updated_at: now, ..row }
}

fn new_row(entry: &Entry, slug: String, now: DateTime<Utc>) -> district::Model {
    let (latitude, longitude) = entry.state.location.unzip();
    district::Model {
        id: entity::ids::DistrictId::new(),
        slug,
        name: entry.name.clone(),
        named_by_record: false,
        alternate_names: Vec::new(),
        cds_code: Some(entry.state.cds_code.clone()),
        nces_id: None,
        kind: Some(entry.state.kind),
        status: entry.state.status,
        county_id: Some(entry.county),
        city: entry.state.city.clone(),
        website: None,
        enrollment: None,
        latitude,
        longitude,
        directory_updated_on: entry.state.updated_on,
        sources: entity::source::Sources(vec![service::directory_source()]),
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// A known district with what the directory says of it. What it does not say stays.
fn merged(row: &district::Model, entry: &Entry) -> district::Model {
    let mut after = row.clone();
    if after.name != entry.name {
        // The record's name stays; any other gives way to the directory's. Either is found by both.
        let other = if row.named_by_record {
            entry.name.clone()
        } else {
            std::mem::replace(&mut after.name, entry.name.clone())
        };
        // What had been another name may have become the name again.
        after.alternate_names.retain(|known| *known != after.name);
        if !after.alternate_names.contains(&other) {
            after.alternate_names.push(other);
        }
    }
    after.kind = Some(entry.state.kind);
    after.status = entry.state.status;
    after.county_id = Some(entry.county);
    after.city = entry.state.city.clone().or(after.city);
    if let Some((latitude, longitude)) = entry.state.location {
        (after.latitude, after.longitude) = (Some(latitude), Some(longitude));
    }
    after.directory_updated_on = entry.state.updated_on.or(after.directory_updated_on);
    let source = service::directory_source();
    // An edition that a record names is the same directory.
    let names = |known: &Source| known.document.starts_with(&source.document);
    if !after.sources.0.iter().any(names) {
        after.sources.0.push(source);
    }
    after
}

/// What changed, in words.
fn difference(before: &district::Model, after: &district::Model) -> String {
    let mut parts = Vec::new();
    let mut compare = |what: &str, before: String, after: String| {
        if before != after {
            parts.push(format!("{what} {before} → {after}"));
        }
    };
    let words = |text: String| if text.is_empty() { "–".to_owned() } else { text };
    let kind = |row: &district::Model| row.kind.map_or_else(|| "–".to_owned(), |kind| format!("{kind:?}"));
    let place = |row: &district::Model| match row.latitude.zip(row.longitude) {
        Some((latitude, longitude)) => format!("{latitude}, {longitude}"),
        None => "–".to_owned(),
    };
    let date = |row: &district::Model| row.directory_updated_on.map_or_else(|| "–".to_owned(), |date| date.to_string());
    compare("name", before.name.clone(), after.name.clone());
    compare("alternate names", words(before.alternate_names.join(", ")), words(after.alternate_names.join(", ")));
    compare("kind", kind(before), kind(after));
    compare("status", format!("{:?}", before.status), format!("{:?}", after.status));
    compare("city", words(before.city.clone().unwrap_or_default()), words(after.city.clone().unwrap_or_default()));
    compare("place", place(before), place(after));
    compare("entry of", date(before), date(after));
    if parts.is_empty() { "sources".to_owned() } else { parts.join(", ") }
}

/// Slugs for new districts: the name where one district has it, else the name and county, else the name and code. They
/// do not depend on the order of the rows.
struct Slugs {
    taken: HashSet<String>,
    shared: HashSet<String>,
}

impl Slugs {
    fn new(file: &Directory, known: &[district::Model], former: &[String]) -> Self {
        let mut seen = HashSet::new();
        let slugs = file.entries.iter().flat_map(Self::wanted);
        let shared = slugs.filter(|slug| !seen.insert(slug.clone())).collect();
        let taken = known.iter().map(|row| &row.slug).chain(former).cloned().collect();
        Self { taken, shared }
    }

    fn wanted(entry: &Entry) -> [String; 2] {
        [slug_of(&entry.name), slug_of(&format!("{} {}", entry.name, entry.county_name))]
    }

    fn give(&mut self, entry: &Entry) -> String {
        let free = |slug: &String| !self.shared.contains(slug) && !self.taken.contains(slug);
        let slug = Self::wanted(entry).into_iter().find(free).unwrap_or_else(|| {
            let code = &entry.state.cds_code;
            let room = MAX_SLUG - code.len() - 1;
            slug_of(&format!("{} {code}", slug_of(&entry.name).chars().take(room).collect::<String>()))
        });
        self.taken.insert(slug.clone());
        slug
    }
}
