//! A file as rows of cells, whichever program wrote it.

use super::problems::Problems;
use crate::error::{Error, Result, ViolationCode};
use crate::spreadsheet::cell::unguard;
use csv::{ReaderBuilder, StringRecord};

/// Rows of a file at most, the header apart.
const MAX_ROWS: usize = 5_000;
/// What programs put between two cells.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// A file as rows of cells.
pub(super) struct Grid {
    /// The row with the names of the columns.
    pub(super) header: Line,
    /// The rows that hold something.
    pub(super) lines: Vec<Line>,
}

/// A row of cells.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Its place in the spreadsheet, counted from 1. A row is one, however many lines stand in one of its cells.
    pub(super) number: usize,
    /// Its cells, without what an export put before them.
    pub(super) cells: Vec<String>,
}

impl Line {
    fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

impl Grid {
    /// Reads a file. One in which there is nothing to look for problems in is refused at once.
    pub(super) fn read(text: &str) -> Result<Self> {
        let text = text.trim_start_matches('\u{feff}');
        let mut lines = lines(text)?.into_iter().filter(|line| !line.is_blank());
        let Some(header) = lines.next() else {
            let message = "There is nothing here. Begin with a row that names the columns, as an export does.";
            return Err(refusal(ViolationCode::Required, message));
        };
        let lines: Vec<_> = lines.collect();
        if lines.len() > MAX_ROWS {
            let message = format!("There are {} rows. Import at most 5,000 at once.", lines.len());
            return Err(refusal(ViolationCode::Invalid, &message));
        }
        Ok(Self { header, lines })
    }
}

fn refusal(code: ViolationCode, message: &str) -> Error {
    let mut problems = Problems::default();
    problems.of_file(code, message);
    problems.finish().err().unwrap_or_else(|| Error::bad_input(message))
}

fn lines(text: &str) -> Result<Vec<Line>> {
    let separator = u8::try_from(separator(text)).unwrap_or(b',');
    let reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut reader = reader;
    let (mut lines, mut record, mut number, mut end) = (Vec::new(), StringRecord::new(), 0, 0);
    // The text is UTF-8, rows may differ in length, and a quotation mark that is never closed ends with the text.
    while reader.read_record(&mut record).map_err(Error::internal)? {
        number += 1 + blank_lines(text, end);
        end = usize::try_from(reader.position().byte()).map_err(Error::internal)?;
        lines.push(Line { number, cells: record.iter().map(|cell| unguard(cell).to_owned()).collect() });
    }
    Ok(lines)
}

/// How many empty lines come at a place between two rows: the reader passes over them, and a spreadsheet shows them.
fn blank_lines(text: &str, end: usize) -> usize {
    let (before, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    // The reader may stop within the end of a line.
    let rest = if before.ends_with('\r') { rest.strip_prefix('\n').unwrap_or(rest) } else { rest };
    let breaks = &rest[..rest.len() - rest.trim_start_matches(['\r', '\n']).len()];
    breaks.matches('\n').count() + breaks.replace("\r\n", "").matches('\r').count()
}

/// What stands most often between the cells of the first row: the names of columns have none of these.
fn separator(text: &str) -> char {
    let first = text.trim_start().lines().next().unwrap_or_default();
    let count = |separator: &char| first.matches(*separator).count();
    SEPARATORS.into_iter().rev().max_by_key(count).unwrap_or(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(usize, Vec<String>)> {
        let grid = Grid::read(text).unwrap_or_else(|error| panic!("{error}"));
        std::iter::once(grid.header).chain(grid.lines).map(|line| (line.number, line.cells)).collect()
    }

    #[test]
    fn every_programs_file_is_read_the_same() {
        let expected = read("id,name\nx,Alder\n\n,,\ny,\"Birch, the second\nof two\"\nz,Cedar\n");
        let numbers: Vec<_> = expected.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [1, 2, 5, 6]);
        let quoted = "Birch, the second\nof two";
        for text in [
            format!("\u{feff}id;name\r\nx;Alder\r\n\r\n;;\r\ny;\"{quoted}\"\r\nz;Cedar\r\n"),
            format!("id\tname\nx\tAlder\n\n\t\t\ny\t\"{quoted}\"\nz\tCedar"),
            format!("id,name\rx,Alder\r\r,,\ry,\"{quoted}\"\rz,Cedar\r"),
        ] {
            assert_eq!(read(&text), expected, "{text:?}");
        }
    }

    #[test]
    fn an_empty_file_and_one_too_long_are_refused() {
        for text in ["", "\u{feff}", "\n\n", ",,\r\n,,"] {
            assert!(Grid::read(text).is_err(), "{text:?}");
        }
        let rows = |count| format!("id\n{}", "x\n".repeat(count));
        assert!(Grid::read(&rows(MAX_ROWS)).is_ok());
        assert!(Grid::read(&rows(MAX_ROWS + 1)).is_err());
    }
}
