//! An agenda as a spreadsheet: a line for each slot, and for each session without one.

use super::text::label;
use super::{Agenda, Item};
use crate::error::{Error, Result};
use crate::spreadsheet::{guard, join};
use csv::{Terminator, WriterBuilder};

/// What stands in a cell.
type Cell = fn(&Agenda, &Item<'_>) -> Option<String>;

/// The columns, each with where its cells come from.
const COLUMNS: [(&str, Cell); 17] = [
    ("date", |_, item| item.day.map(|day| day.to_string())),
    ("startsAt", |agenda, item| item.start().map(|time| agenda.local(time).to_rfc3339())),
    ("endsAt", |agenda, item| item.end().map(|time| agenda.local(time).to_rfc3339())),
    ("timeZone", |agenda, _| Some(agenda.time_zone.name().to_owned())),
    ("number", |_, item| item.session.number.map(|number| number.to_string())),
    ("title", |_, item| Some(item.session.title.clone())),
    ("format", |_, item| Some(label(&item.session.format))),
    ("strand", |_, item| item.session.strand.as_ref().map(|strand| strand.title.clone())),
    ("round", |_, item| item.round().map(|round| round.to_string())),
    ("audience", |_, item| item.audience()),
    ("room", |_, item| item.room().map(str::to_owned)),
    ("durationMinutes", |_, item| item.session.duration_minutes.map(|minutes| minutes.to_string())),
    ("speakers", |_, item| Some(speakers(item))),
    ("abstract", |_, item| item.session.r#abstract.clone()),
    ("slug", |_, item| Some(item.session.slug.clone())),
    ("sessionId", |_, item| Some(item.session.id.clone())),
    ("slotId", |_, item| item.slot.map(|slot| slot.id.clone())),
];

/// The agenda as a spreadsheet, in CSV.
pub(crate) fn table(agenda: &Agenda) -> Result<Vec<u8>> {
    let mut lines = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    lines.write_record(COLUMNS.map(|(name, _)| name)).map_err(Error::internal)?;
    for item in agenda.slots() {
        let cells = COLUMNS.map(|(_, cell)| guard(&cell(agenda, &item).unwrap_or_default()));
        lines.write_record(cells).map_err(Error::internal)?;
    }
    lines.into_inner().map_err(Error::internal)
}

fn speakers(item: &Item<'_>) -> String {
    let speakers = item.session.speakers.iter();
    join(&speakers.map(|speaker| format!("{}: {}", label(&speaker.role), speaker.told())).collect::<Vec<_>>())
}
