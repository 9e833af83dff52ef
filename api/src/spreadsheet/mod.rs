//! The dataset as spreadsheets, in CSV: out for whoever may read it, and back in for whoever may change it.
//!
//! Each concept states its columns once (`<concept>/spreadsheet.rs`): where a cell comes from and what becomes of one that
//! comes back. What goes out therefore comes back as it was. An [`export`] is a read like any other and starts from what
//! the viewer may see; an [`import`] is many writes like any other, and has no SQL of its own that writes.

mod cell;
mod column;
mod export;
mod form;
mod graphql;
pub(crate) mod import;
mod sheet;
mod what;

pub(crate) use cell::{guard, join};
#[cfg(fuzzing)]
pub(crate) use cell::{split, unguard};
pub(crate) use column::{
    Cells, date, flag, number, sources, stored, text, text_of, text_via, texts, texts_of, time, value, value_at, word,
};
pub(crate) use export::{Export, find_convening};
pub(crate) use form::{Form, Word};
pub(crate) use graphql::SpreadsheetMutation;
pub(crate) use sheet::{Draft, Sheet};
pub(crate) use what::{Importable, What};
