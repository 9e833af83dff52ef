//! What an import did, or would do.

use std::fmt;

/// What an import did, or would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Rows of the file below its header.
    pub rows: usize,
    /// Rows that are no district.
    pub skipped: usize,
    /// Districts of which nothing changed.
    pub unchanged: usize,
    /// Districts of which something did.
    pub changes: Vec<Change>,
    /// Districts that a person has to decide on.
    pub ambiguous: Vec<Ambiguous>,
    /// Whether it was only tried.
    pub is_dry_run: bool,
}

/// What happened to one district.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Created(String),
    /// The record had named it; now the directory says the rest.
    Resolved(String),
    /// The directory says something else than before.
    Updated(String),
    /// The directory has it no more, or says that it closed or merged.
    Closed(String),
}

/// A district that the directory does not know by the name that the record gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ambiguous {
    /// That name.
    pub name: String,
    /// What it may be.
    pub candidates: Vec<String>,
}

impl Report {
    /// How many changes are of a sort.
    pub fn count(&self, sort: fn(String) -> Change) -> usize {
        let sort = std::mem::discriminant(&sort(String::new()));
        self.changes.iter().filter(|change| std::mem::discriminant(*change) == sort).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_dry_run {
            for change in &self.changes {
                writeln!(f, "{change}")?;
            }
        }
        let districts = self.rows - self.skipped;
        writeln!(
            f,
            "Rows       {} ({districts} districts and county offices, {} that are neither)",
            self.rows, self.skipped
        )?;
        writeln!(f, "Created    {}", self.count(Change::Created))?;
        writeln!(f, "Updated    {}", self.count(Change::Updated))?;
        writeln!(f, "Resolved   {}", self.count(Change::Resolved))?;
        writeln!(f, "Closed     {}", self.count(Change::Closed))?;
        writeln!(f, "Unchanged  {}", self.unchanged)?;
        writeln!(f, "Ambiguous  {}", self.ambiguous.len())?;
        for Ambiguous { name, candidates } in &self.ambiguous {
            writeln!(f, "  {name}: {}", candidates.join(" or "))?;
        }
        Ok(())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Created(what) => write!(f, "created   {what}"),
            Self::Resolved(what) => write!(f, "resolved  {what}"),
            Self::Updated(what) => write!(f, "updated   {what}"),
            Self::Closed(what) => write!(f, "closed    {what}"),
        }
    }
}
