//! What stands in the way of an import, all of it at once.

use crate::error::{Error, Result, Violation, ViolationCode};

/// Problems that are told at most; how many more there are is told too.
const MAX_TOLD: usize = 100;
/// The argument that holds the file.
const FILE: &str = "csv";

/// The problems found so far.
#[derive(Default)]
pub(super) struct Problems(Vec<Violation>);

impl Problems {
    /// A problem of the whole file.
    pub(super) fn of_file(&mut self, code: ViolationCode, message: &str) {
        self.0.push(Violation::new(FILE, code, message));
    }

    /// A problem of a row as a whole.
    pub(super) fn of_row(&mut self, line: usize, code: ViolationCode, message: &str) {
        self.take(line, Violation { field: Vec::new(), ..Violation::new(FILE, code, message) });
    }

    /// A problem of a cell.
    pub(super) fn add(&mut self, line: usize, column: &str, code: ViolationCode, message: impl Into<String>) {
        self.take(line, Violation { field: vec![column.to_owned()], ..Violation::new(FILE, code, message) });
    }

    /// A problem of a row that a service found; the last part of its path is the column.
    pub(super) fn take(&mut self, line: usize, violation: Violation) {
        let column = violation.field.last().cloned();
        let path = [FILE.to_owned(), format!("line {line}")];
        self.0.push(Violation { field: path.into_iter().chain(column).collect(), ..violation });
    }

    /// Whether nothing was found.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether something was found in a cell.
    pub(super) fn has(&self, line: usize, column: &str) -> bool {
        let path = [FILE, &format!("line {line}"), column];
        self.0.iter().rev().any(|problem| problem.field.iter().eq(path.iter()))
    }

    /// Refuses the file if anything was found.
    pub(super) fn finish(mut self) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        self.0.sort_by_key(line);
        if self.0.len() > MAX_TOLD {
            let more = self.0.split_off(MAX_TOLD).len();
            let message = format!("There are {more} more problems than are told here. Mend these first.");
            self.of_file(ViolationCode::Invalid, &message);
        }
        Err(Error::Invalid(self.0))
    }
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
}
