//! One row after another, each in a place of its own within the transaction: one that is refused does not keep the others
//! from being looked at.

use super::plan::Entry;
use super::problems::Problems;
use crate::auth::Actor;
use crate::error::{Error, Result, ViolationCode};
use crate::spreadsheet::Draft;
use crate::spreadsheet::sheet::{FIRST, Row, Sheet, Use};
use entity::ids::ConveningId;
use sea_orm::{DatabaseTransaction, TransactionTrait as _};
use std::collections::HashMap;
use uuid::Uuid;

const REQUIRED: &str = "This cannot be left empty.";
const ONCE: &str = "An import does not change this once the row is there. Leave it as it is.";
const TOLD: &str =
    "This column only tells what stands elsewhere. Leave it as it is, empty in a new row, or take the column out.";
const FORBIDDEN: &str = "You may not do that with this one. Take the row out.";

/// An import under way.
pub(super) struct Run<'a, D> {
    pub(super) db: &'a DatabaseTransaction,
    pub(super) actor: Actor<'a>,
    pub(super) sheet: &'a Sheet<D>,
    pub(super) convening: Option<ConveningId>,
    /// The rows as they were.
    pub(super) before: HashMap<Uuid, Row>,
    pub(super) problems: Problems,
}

impl<D: Draft> Run<'_, D> {
    /// Does what a row asks for. Answers the key of the row that it is about; none where it was refused.
    pub(super) async fn enter(&mut self, entry: &Entry<'_>) -> Result<Option<Uuid>> {
        match entry.key {
            _ if !entry.is_sound => Ok(None),
            None => self.create(entry).await,
            Some(key) => self.update(entry, key).await,
        }
    }

    async fn create(&mut self, entry: &Entry<'_>) -> Result<Option<Uuid>> {
        let mut draft = D::default();
        for &(place, cell) in &entry.cells {
            if !cell.trim().is_empty() {
                self.set(&mut draft, entry.line, (place, cell), None);
            }
        }
        let given = |place| entry.cells.iter().any(|(given, cell)| *given == place && !cell.trim().is_empty());
        for (place, column) in self.sheet.table.columns.iter().enumerate() {
            if matches!(self.sheet.uses[place], Use::Needed(_)) && !given(place) {
                self.problems.add(entry.line, column.name, ViolationCode::Required, REQUIRED);
            }
        }
        let place = self.db.begin().await?;
        let done = draft.create(&place, self.actor, self.convening).await;
        self.settle(place, entry.line, done).await
    }

    async fn update(&mut self, entry: &Entry<'_>, key: Uuid) -> Result<Option<Uuid>> {
        let Some(before) = self.before.get(&key).cloned() else {
            self.problems.add(entry.line, FIRST[0], ViolationCode::NotFound, self.not_there());
            return Ok(None);
        };
        if entry.version.is_some_and(|version| version != before.version) {
            let message = "This was changed since it was exported. Export it again, and change it as it stands now.";
            self.problems.add(entry.line, FIRST[1], ViolationCode::StaleVersion, message);
            return Ok(None);
        }
        let mut draft = D::default();
        let mut changes = 0;
        for &(place, cell) in &entry.cells {
            changes += usize::from(self.set(&mut draft, entry.line, (place, cell), Some(&before.cells[place])));
        }
        if changes == 0 {
            return Ok(Some(key));
        }
        let place = self.db.begin().await?;
        let done = draft.update(&place, self.actor, key, before.version).await;
        self.settle(place, entry.line, done.map(|()| key)).await
    }

    /// Puts a cell into a draft, if it says something else than what stands there. Answers whether it does.
    fn set(&mut self, draft: &mut D, line: usize, (place, cell): (usize, &str), before: Option<&String>) -> bool {
        let column = &self.sheet.table.columns[place];
        let fault = match column.tidy(cell) {
            _ if before.is_some_and(|before| is_same(before, cell)) => return false,
            Ok(tidy) if before.is_some_and(|before| is_same(before, &tidy)) => return false,
            Err(message) => Err(message),
            Ok(_) => match (&self.sheet.uses[place], before) {
                (Use::Ignored, _) => return false,
                (Use::Told, _) => Err(TOLD.to_owned()),
                (Use::Once(_), Some(_)) => Err(ONCE.to_owned()),
                (Use::Once(set), None) | (Use::Taken(set) | Use::Needed(set), _) => set(draft, cell),
            },
        };
        if let Err(message) = fault {
            self.problems.add(line, column.name, ViolationCode::Invalid, message);
        }
        true
    }

    /// Keeps what a row did, or undoes it and notes what stood in the way.
    async fn settle(&mut self, place: DatabaseTransaction, line: usize, done: Result<Uuid>) -> Result<Option<Uuid>> {
        let violations = match done {
            Ok(key) => {
                place.commit().await?;
                return Ok(Some(key));
            }
            Err(Error::Invalid(violations)) => violations,
            Err(other) => {
                place.rollback().await?;
                self.refuse(line, other)?;
                return Ok(None);
            }
        };
        place.rollback().await?;
        for mut violation in violations {
            let column = violation.field.last().cloned().unwrap_or_default();
            if column == "slug" && violation.code == ViolationCode::Taken {
                violation.message += " Give its id where this one is meant, or another slug.";
            }
            // What was noted already follows from the cell.
            if !self.problems.has(line, &column) {
                self.problems.take(line, violation);
            }
        }
        Ok(None)
    }

    /// Notes why a row may not be written; an error that no row can help is the import's.
    fn refuse(&mut self, line: usize, error: Error) -> Result<()> {
        let (code, message) = match error {
            Error::Forbidden => (ViolationCode::Forbidden, FORBIDDEN.to_owned()),
            Error::NotFound(_) => (ViolationCode::NotFound, error.to_string()),
            Error::BadInput(message) => (ViolationCode::Invalid, message),
            other => return Err(other),
        };
        self.problems.of_row(line, code, &message);
        Ok(())
    }

    fn not_there(&self) -> String {
        let what = format!("{:?}", self.sheet.table.node_type).to_lowercase();
        match self.convening {
            Some(_) => format!("There is no such {what} of this convening, or not for you."),
            None => format!("There is no such {what}, or not for you."),
        }
    }
}

/// Whether two cells hold the same. Spreadsheets end lines in their own way.
fn is_same(one: &str, other: &str) -> bool {
    one == other || one.replace("\r\n", "\n") == other.replace("\r\n", "\n")
}
