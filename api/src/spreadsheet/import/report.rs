//! What an import did, or would do.

use crate::spreadsheet::sheet::{Row, Table, Use};
use std::fmt;

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// The rows, in the order of the file.
    pub(crate) rows: Vec<Imported>,
}

/// What became of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Imported {
    /// Its place in the spreadsheet.
    pub(crate) line: usize,
    /// What happened.
    pub(crate) effect: Effect,
    /// The global id; none of a row that was only tried.
    pub(crate) id: Option<String>,
    /// What it is called.
    pub(crate) name: String,
    /// What changed of it.
    pub(crate) changes: Vec<Change>,
}

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It is new.
    Created,
    /// Something of it changed.
    Updated,
    /// It stands as it stood.
    Unchanged,
}

/// What one column held before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// The column.
    pub(crate) column: &'static str,
    /// What it held before.
    pub(crate) before: Option<String>,
    /// What it holds now.
    pub(crate) after: Option<String>,
    /// Whether that is not to be printed.
    pub(crate) is_private: bool,
}

impl Report {
    /// How many rows met with this.
    pub(crate) fn count(&self, effect: Effect) -> usize {
        self.rows.iter().filter(|row| row.effect == effect).count()
    }
}

impl Imported {
    /// Compares a row with what it was.
    pub(super) fn of<D>(line: usize, (table, uses): (&Table, &[Use<D>]), before: Option<&Row>, after: &Row) -> Self {
        let effect = match before {
            None => Effect::Created,
            Some(before) if before.version == after.version => Effect::Unchanged,
            Some(_) => Effect::Updated,
        };
        let held =
            |row: Option<&Row>, place: usize| row.map(|row| row.cells[place].clone()).filter(|text| !text.is_empty());
        let columns = table.columns.iter().enumerate().filter(|(place, _)| !matches!(uses[*place], Use::Ignored));
        let changes = columns.map(|(place, column)| Change {
            column: column.name,
            before: held(before, place),
            after: held(Some(after), place),
            is_private: column.private,
        });
        let changes = changes.filter(|change| change.before != change.after).collect();
        let name = held(Some(after), table.name()).unwrap_or_default();
        Self { line, effect, id: Some(table.id(after.key)), name, changes }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in self.rows.iter().filter(|row| row.effect != Effect::Unchanged) {
            writeln!(f, "{row}")?;
        }
        writeln!(f, "Rows       {}", self.rows.len())?;
        writeln!(f, "Created    {}", self.count(Effect::Created))?;
        writeln!(f, "Updated    {}", self.count(Effect::Updated))?;
        writeln!(f, "Unchanged  {}", self.count(Effect::Unchanged))
    }
}

impl fmt::Display for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let effect = match self.effect {
            Effect::Created => "created",
            Effect::Updated => "updated",
            Effect::Unchanged => "unchanged",
        };
        write!(f, "line {}  {effect}  {}", self.line, self.name)?;
        if self.effect == Effect::Updated {
            let held = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
            for Change { column, before, after, is_private } in &self.changes {
                match is_private {
                    true => write!(f, "\n  {column} changes")?,
                    false => write!(f, "\n  {column}: {} → {}", held(before), held(after))?,
                }
            }
        }
        Ok(())
    }
}
