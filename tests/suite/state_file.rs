//! The state's file of districts, whole or with something else in it, for the tests that import it.

use lmi::auth::{Actor, Viewer};
use lmi::clock::Clock;
use lmi::district::import::{self, Options, Report};
use lmi::error::Result;
use tests::Service;

/// The file as the Department of Education published it, without what is not needed here.
pub(crate) const FILE: &str = include_str!("../data/public-districts.txt");

/// A file that can be changed, cell by cell.
#[derive(Clone)]
pub(crate) struct Table {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    /// The file as it was published.
    pub(crate) fn published() -> Self {
        let mut lines = FILE.lines().map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
        Self { header: lines.next().expect("a header"), rows: lines.collect() }
    }

    fn column(&self, name: &str) -> usize {
        self.header.iter().position(|header| header == name).expect("a column of that name")
    }

    /// What a row says in a column.
    pub(crate) fn cell<'a>(&self, row: &'a [String], column: &str) -> &'a str {
        &row[self.column(column)]
    }

    /// The rows of districts and county offices.
    pub(crate) fn districts(&self) -> impl Iterator<Item = &Vec<String>> {
        self.rows.iter().filter(|row| ["00", "52", "54", "56"].contains(&self.cell(row, "DOC")))
    }

    /// The row of a code, with something else in one column.
    pub(crate) fn with(mut self, code: &str, column: &str, value: &str) -> Self {
        let (codes, column) = (self.column("CD Code"), self.column(column));
        let row = self.rows.iter_mut().find(|row| row[codes] == code).expect("a row of that code");
        value.clone_into(&mut row[column]);
        self
    }

    /// Without the last districts; every county keeps its office.
    pub(crate) fn without_last(mut self, count: usize) -> Self {
        let last: Vec<_> = self.districts().filter(|row| self.cell(row, "DOC") != "00").cloned().collect();
        let dropped = &last[last.len() - count..];
        self.rows.retain(|row| !dropped.contains(row));
        self
    }

    /// Without a column.
    pub(crate) fn without_column(mut self, name: &str) -> Self {
        let column = self.column(name);
        for row in std::iter::once(&mut self.header).chain(&mut self.rows) {
            row.remove(column);
        }
        self
    }

    /// With one more column, first of all.
    pub(crate) fn with_column(mut self, name: &str, value: impl Fn(usize) -> String) -> Self {
        self.header.insert(0, name.to_owned());
        for (number, row) in self.rows.iter_mut().enumerate() {
            row.insert(0, value(number));
        }
        self
    }

    /// Its columns in the opposite order.
    pub(crate) fn reversed(mut self) -> Self {
        for row in std::iter::once(&mut self.header).chain(&mut self.rows) {
            row.reverse();
        }
        self
    }

    /// The file, with these line ends.
    pub(crate) fn text(&self, line_end: &str) -> String {
        let lines = std::iter::once(&self.header).chain(&self.rows);
        lines.map(|row| row.join("\t") + line_end).collect()
    }
}

/// Imports a file as whoever runs the program.
pub(crate) async fn import(service: &Service, file: impl AsRef<[u8]>, options: Options) -> Result<Report> {
    let viewer = Viewer::command_line();
    import::run(&service.db, Actor::new(&viewer, Clock::System), file.as_ref(), options).await
}

/// Imports a file that is in order.
pub(crate) async fn imported(service: &Service, file: impl AsRef<[u8]>) -> Report {
    import(service, file, Options::default()).await.expect("a file that is taken over")
}
