//! What stands in the way of an import, all of it at once.

use crate::error::{Error, Result, Violation, ViolationCode};
use std::collections::HashSet;

/// Problems that are told at most; how many more there are is told too.
const MAX_TOLD: usize = 100;
/// The argument that holds the file.
const FILE: &str = "csv";

/// Problems that are kept at most, of which the first in the file are told: a file can be made of nothing else.
const MAX_KEPT: usize = 5_000;
/// Letters of a column's name that are repeated at most: whoever wrote the file made them.
const MAX_NAME: usize = 80;

/// The problems found so far.
#[derive(Default)]
pub(super) struct Problems {
    kept: Vec<Violation>,
    /// How many were found besides.
    more: usize,
    /// The cells that something was found in.
    cells: HashSet<(usize, String)>,
}

impl Problems {
    /// A problem of the whole file.
    pub(super) fn of_file(&mut self, code: ViolationCode, message: &str) {
        self.keep(Violation::new(FILE, code, message));
    }

    /// A problem of a row as a whole.
    pub(super) fn of_row(&mut self, line: usize, code: ViolationCode, message: &str) {
        self.take(line, Violation { field: Vec::new(), ..Violation::new(FILE, code, message) });
    }

    /// A problem of a cell.
    pub(super) fn add(&mut self, line: usize, column: &str, code: ViolationCode, message: impl Into<String>) {
        let column = shortened(column).to_owned();
        self.take(line, Violation { field: vec![column], ..Violation::new(FILE, code, message) });
    }

    /// A problem of a row that a service found; the last part of its path is the column.
    pub(super) fn take(&mut self, line: usize, violation: Violation) {
        let column = violation.field.last().cloned();
        if self.kept.len() < MAX_KEPT {
            self.cells.extend(column.clone().map(|column| (line, column)));
        }
        let path = [FILE.to_owned(), format!("line {line}")];
        self.keep(Violation { field: path.into_iter().chain(column).collect(), ..violation });
    }

    fn keep(&mut self, violation: Violation) {
        if self.kept.len() < MAX_KEPT {
            self.kept.push(violation);
        } else {
            self.more += 1;
        }
    }

    /// Whether nothing was found.
    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many were found.
    pub(super) fn count(&self) -> usize {
        self.kept.len() + self.more
    }

    /// Whether something was found in a cell.
    pub(super) fn has(&self, line: usize, column: &str) -> bool {
        self.cells.contains(&(line, shortened(column).to_owned()))
    }

    /// Refuses the file if anything was found.
    pub(super) fn finish(mut self) -> Result<()> {
        if self.kept.is_empty() {
            return Ok(());
        }
        self.kept.sort_by_key(line);
        let more = self.more + self.kept.len().saturating_sub(MAX_TOLD);
        if more > 0 {
            self.kept.truncate(MAX_TOLD);
            let message = format!("There are {more} more problems than are told here. Mend these first.");
            self.kept.push(Violation::new(FILE, ViolationCode::Invalid, message));
        }
        Err(Error::Invalid(self.kept))
    }
}

/// The beginning of a name that somebody else made.
pub(super) fn shortened(name: &str) -> &str {
    name.char_indices().nth(MAX_NAME).map_or(name, |(end, _)| &name[..end])
}

/// The row that a problem is of; 0 for the file.
fn line(problem: &Violation) -> usize {
    let line = problem.field.get(1).and_then(|line| line.strip_prefix("line "));
    line.and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_problems_are_told_and_the_rest_is_counted() {
        let mut problems = Problems::default();
        for line in (2..125).rev() {
            problems.add(line, "kind", ViolationCode::Invalid, "Write one of these.");
        }
        let Err(Error::Invalid(told)) = problems.finish() else { panic!("a refusal") };
        assert_eq!(told.len(), 101);
        assert_eq!(told[0].field, ["csv", "line 2", "kind"]);
        assert_eq!(told[100].field, ["csv"]);
        assert!(told[100].message.starts_with("There are 23 more"), "{}", told[100].message);
    }

    #[test]
    fn a_file_of_nothing_but_problems_takes_little_room_and_time() {
        let mut problems = Problems::default();
        for line in 2..500_002 {
            assert!(!problems.has(line, "id"));
            problems.add(line, &"name".repeat(100), ViolationCode::Invalid, "There is no such column.");
        }
        assert_eq!((problems.kept.len(), problems.count()), (MAX_KEPT, 500_000));
        let Err(Error::Invalid(told)) = problems.finish() else { panic!("a refusal") };
        assert_eq!(told[0].field[2].len(), MAX_NAME);
        assert!(told[100].message.starts_with("There are 499900 more"), "{}", told[100].message);
    }
}
