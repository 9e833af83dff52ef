//! What the rows of a file ask for, as far as the file alone tells.

use super::grid::{Grid, Line};
use super::problems::{Problems, shortened};
use crate::error::ViolationCode;
use crate::graphql::GlobalId;
use crate::spreadsheet::sheet::{FIRST, Table};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What a row asks for.
pub(super) struct Entry<'a> {
    pub(super) line: usize,
    /// Whether it can be understood as a row.
    pub(super) is_sound: bool,
    /// The row that it is about; a new one where it names none.
    pub(super) key: Option<Uuid>,
    /// The version that was read; without it the row is taken as meant.
    pub(super) version: Option<i32>,
    /// What it says, by column of the table.
    pub(super) cells: Vec<(usize, &'a str)>,
}

/// Where a column of the file leads.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Leads {
    Id,
    Version,
    To(usize),
}

/// The entries of a file. What cannot be understood is noted.
pub(super) fn entries<'a>(grid: &'a Grid, table: &Table, problems: &mut Problems) -> Vec<Entry<'a>> {
    let leads = header(&grid.header, table, problems);
    if !problems.is_empty() {
        // What the other rows say cannot be known.
        return Vec::new();
    }
    let mut reader = Reader { table, leads, seen: HashMap::new(), problems };
    grid.lines.iter().map(|line| reader.entry(line)).collect()
}

/// Where each column of the file leads; nowhere for one without a name.
fn header(header: &Line, table: &Table, problems: &mut Problems) -> Vec<Option<Leads>> {
    let mut seen = HashSet::new();
    let mut leads = Vec::new();
    let known = table.known().collect::<Vec<_>>().join(", ");
    for name in header.cells.iter().map(|name| name.trim()) {
        let found = lead(name, table);
        if found.is_none() && !name.is_empty() {
            let message = format!("There is no column `{}`. There are {known}.", shortened(name));
            problems.add(header.number, name, ViolationCode::NotFound, message);
        }
        if found.is_some_and(|found| !seen.insert(found)) {
            problems.add(header.number, name, ViolationCode::Conflict, "This column is there twice. Keep one of them.");
        }
        leads.push(found);
    }
    leads
}

fn lead(name: &str, table: &Table) -> Option<Leads> {
    let is = |known: &str| known.eq_ignore_ascii_case(name);
    match FIRST.iter().position(|known| is(known)) {
        Some(0) => Some(Leads::Id),
        Some(_) => Some(Leads::Version),
        None => table.columns.iter().position(|column| is(column.name)).map(Leads::To),
    }
}

/// Reads one row after another.
struct Reader<'r> {
    table: &'r Table,
    leads: Vec<Option<Leads>>,
    /// The rows that were named so far, with where.
    seen: HashMap<Uuid, usize>,
    problems: &'r mut Problems,
}

impl Reader<'_> {
    fn entry<'a>(&mut self, line: &'a Line) -> Entry<'a> {
        let mut entry = Entry { line: line.number, is_sound: true, key: None, version: None, cells: Vec::new() };
        if line.cells.len() < self.leads.iter().rposition(Option::is_some).map_or(0, |last| last + 1) {
            let message = "This row has fewer cells than the header has columns. Was the end of it lost?";
            self.problems.of_row(line.number, ViolationCode::Invalid, message);
            entry.is_sound = false;
        }
        for (place, cell) in line.cells.iter().enumerate() {
            match self.leads.get(place).copied().flatten() {
                None if cell.trim().is_empty() => {}
                None => {
                    let message = "A cell holds something and its column has no name.";
                    self.problems.of_row(line.number, ViolationCode::Invalid, message);
                    entry.is_sound = false;
                }
                Some(Leads::Id) => {
                    let found = self.problems.count();
                    entry.key = self.key(line.number, cell.trim());
                    entry.is_sound &= self.problems.count() == found;
                }
                Some(Leads::Version) => entry.version = self.version(line.number, cell.trim()),
                Some(Leads::To(column)) => entry.cells.push((column, cell)),
            }
        }
        entry
    }

    /// The row that an id names. One that cannot be understood is noted, and so is one that was there before.
    fn key(&mut self, line: usize, id: &str) -> Option<Uuid> {
        if id.is_empty() {
            return None;
        }
        match GlobalId::key_of::<Uuid>(&id.to_owned().into(), self.table.node_type) {
            Ok(key) => {
                if let Some(first) = self.seen.insert(key, line) {
                    let message = format!("Line {first} has this id too. Keep one of them.");
                    self.problems.add(line, FIRST[0], ViolationCode::Conflict, message);
                }
                Some(key)
            }
            Err(error) => {
                self.problems.add(line, FIRST[0], ViolationCode::Invalid, error.to_string());
                None
            }
        }
    }

    fn version(&mut self, line: usize, version: &str) -> Option<i32> {
        let read = version.parse().ok();
        if read.is_none() && !version.is_empty() {
            let message = "Give the version as it was exported, or leave it out.";
            self.problems.add(line, FIRST[1], ViolationCode::Invalid, message);
        }
        read
    }
}
