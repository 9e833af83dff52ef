//! The file as the department publishes it: tab-separated, its columns found by their headers in any order. Columns
//! that are not named here, such as administrators' names and addresses, are never looked at.

use crate::error::{Error, Result};
use crate::validation::{MAX_TITLE, slug_of};
use chrono::NaiveDate;
use csv::StringRecord;
use entity::county;
use entity::district::{Kind, Status};
use entity::ids::CountyId;
use std::collections::HashMap;

/// What the department writes where it has nothing to write.
const NOTHING: &str = "No Data";
/// Faults that a refusal lists; of the rest it says how many.
const LISTED_FAULTS: usize = 20;

/// A file that was understood.
#[derive(Debug)]
pub(crate) struct Directory {
    pub(super) entries: Vec<Entry>,
    /// Rows that are no district: occupation centers, schools of the state and its board.
    pub(super) skipped: usize,
    pub(super) last_line: u64,
}

/// A district or county office of the directory.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) county: CountyId,
    pub(super) county_name: String,
    pub(super) state: StateEntry,
}

/// What the directory says of a district.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct StateEntry {
    /// Its code, the first two digits of which are the county's.
    pub(super) cds_code: String,
    /// Which grades it serves, by its form.
    pub(super) kind: Kind,
    /// Where it stands.
    pub(super) status: Status,
    /// The city of its office.
    pub(super) city: Option<String>,
    /// Where its office is, in degrees north and east.
    pub(super) location: Option<(f64, f64)>,
    /// The day of the entry.
    pub(super) updated_on: Option<NaiveDate>,
}

/// Where the columns are.
struct Columns {
    code: usize,
    county: usize,
    name: usize,
    city: usize,
    latitude: usize,
    longitude: usize,
    form: usize,
    form_in_words: usize,
    status: usize,
    updated: usize,
    count: usize,
}

/// Reads a file, or refuses it with the line and reason of every fault.
pub(crate) fn read(bytes: &[u8], counties: &[county::Model]) -> Result<Directory> {
    let text = text(bytes)?;
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b'\t').quoting(false).flexible(true).from_reader(text.as_bytes());
    let columns = columns(reader.headers().map_err(|error| Error::BadInput(format!("line 1: {error}")))?)?;
    let counties: HashMap<&str, &county::Model> =
        counties.iter().map(|county| (county.name.as_str(), county)).collect();
    let mut directory = Directory { entries: Vec::new(), skipped: 0, last_line: 1 };
    let (mut faults, mut seen) = (Vec::new(), HashMap::new());
    for record in reader.records() {
        let record = record.map_err(|error| Error::BadInput(error.to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        directory.last_line = line;
        match entry(&record, &columns, &counties) {
            Ok(None) => directory.skipped += 1,
            Ok(Some(entry)) => match seen.insert(entry.state.cds_code.clone(), line) {
                None => directory.entries.push(entry),
                Some(first) => faults.push(format!("line {line}: the same code as in line {first}")),
            },
            Err(fault) => faults.push(format!("line {line}: {fault}")),
        }
    }
    if !faults.is_empty() {
        return Err(Error::BadInput(listed(&faults)));
    }
    if directory.entries.is_empty() {
        return Err(Error::BadInput(format!("line {}: the file ends without a district", directory.last_line)));
    }
    Ok(directory)
}

fn text(bytes: &[u8]) -> Result<&str> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].split(|&byte| byte == b'\n').count();
        Error::BadInput(format!("line {line}: not a text in UTF-8"))
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn listed(faults: &[String]) -> String {
    let mut lines = faults.iter().take(LISTED_FAULTS).cloned().collect::<Vec<_>>();
    if faults.len() > LISTED_FAULTS {
        lines.push(format!("and {} more", faults.len() - LISTED_FAULTS));
    }
    lines.join("\n")
}

fn columns(headers: &StringRecord) -> Result<Columns> {
    let find = |name: &str| {
        let place = headers.iter().position(|header| header.trim() == name);
        place.ok_or_else(|| Error::BadInput(format!("line 1: no column `{name}`; is this the public districts file?")))
    };
    Ok(Columns {
        code: find("CD Code")?,
        county: find("County")?,
        name: find("District")?,
        city: find("City")?,
        latitude: find("Latitude")?,
        longitude: find("Longitude")?,
        form: find("DOC")?,
        form_in_words: find("DOCType")?,
        status: find("StatusType")?,
        updated: find("LastUpDate")?,
        count: headers.len(),
    })
}

/// A row's entry; `None` for a row that is no district.
fn entry(
    record: &StringRecord,
    columns: &Columns,
    counties: &HashMap<&str, &county::Model>,
) -> Result<Option<Entry>, String> {
    if record.len() != columns.count {
        return Err(format!("{} columns instead of {}", record.len(), columns.count));
    }
    let field = |column: usize| {
        let value = record.get(column).unwrap_or_default().trim();
        if value == NOTHING { "" } else { value }
    };
    let code = field(columns.code);
    if code.len() != 7 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("`{}` is not a code of 7 digits", shown(code)));
    }
    let Some(kind) = kind(field(columns.form), field(columns.form_in_words))? else { return Ok(None) };
    let county =
        counties.get(field(columns.county)).ok_or_else(|| format!("no county `{}`", shown(field(columns.county))))?;
    if !code.starts_with(&county.cds_county_code) {
        return Err(format!("the code {code} is not of {} County ({})", county.name, county.cds_county_code));
    }
    let state = StateEntry {
        cds_code: format!("{code}0000000"),
        kind,
        status: status(field(columns.status))?,
        city: city(field(columns.city))?,
        location: location(field(columns.latitude), field(columns.longitude))?,
        updated_on: date(field(columns.updated))?,
    };
    Ok(Some(Entry { name: name(field(columns.name))?, county: county.id, county_name: county.name.clone(), state }))
}

/// What a row is, by the department's code for the form of ownership and the words for it; `None` for what is no
/// district. The two must agree: a wrong digit would otherwise make a district something else, or nothing.
fn kind(form: &str, in_words: &str) -> Result<Option<Kind>, String> {
    const FORMS: [(&str, &str, Kind); 4] = [
        ("00", "County Office of Education (COE)", Kind::CountyOffice),
        ("52", "Elementary School District", Kind::Elementary),
        ("54", "Unified School District", Kind::Unified),
        ("56", "High School District", Kind::High),
    ];
    if form.len() != 2 || !form.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("`{}` is not a DOC of 2 digits", shown(form)));
    }
    let by_code = FORMS.iter().find(|(code, ..)| *code == form);
    let by_words = FORMS.iter().find(|(_, words, _)| *words == in_words);
    match (by_code, by_words) {
        (Some((code, _, kind)), Some((same, ..))) if code == same => Ok(Some(*kind)),
        (None, None) => Ok(None),
        _ => Err(format!("the DOC {form} is not that of a `{}`", shown(in_words))),
    }
}

fn status(word: &str) -> Result<Status, String> {
    match word {
        "Active" => Ok(Status::Active),
        "Pending" => Ok(Status::Pending),
        "Closed" => Ok(Status::Closed),
        "Merged" => Ok(Status::Merged),
        _ => Err(format!("no status `{}`", shown(word))),
    }
}

/// A district's name, in which a letter or digit must be that its slug can be made of.
fn name(value: &str) -> Result<String, String> {
    let name = words(value);
    if is_sound(&name) && !slug_of(&name).is_empty() {
        Ok(name)
    } else {
        Err(format!("`{}` is not a name", shown(value)))
    }
}

fn city(value: &str) -> Result<Option<String>, String> {
    let city = words(value);
    if city.is_empty() {
        Ok(None)
    } else if is_sound(&city) {
        Ok(Some(city))
    } else {
        Err(format!("`{}` is not a city", shown(value)))
    }
}

/// Whether a text is one that a person would write, and not too long.
fn is_sound(text: &str) -> bool {
    // The last is what a decoder leaves where it could not read a letter.
    text.chars().count() <= MAX_TITLE && !text.chars().any(|letter| letter.is_control() || letter == '\u{fffd}')
}

/// The words with one space between two of them.
fn words(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn location(latitude: &str, longitude: &str) -> Result<Option<(f64, f64)>, String> {
    if latitude.is_empty() && longitude.is_empty() {
        return Ok(None);
    }
    let degrees = |value: &str, most: f64| value.parse::<f64>().ok().filter(|degrees| degrees.abs() <= most);
    match (degrees(latitude, 90.0), degrees(longitude, 180.0)) {
        (Some(latitude), Some(longitude)) => Ok(Some((latitude, longitude))),
        _ => Err(format!("`{}`, `{}` is no place on earth", shown(latitude), shown(longitude))),
    }
}

fn date(value: &str) -> Result<Option<NaiveDate>, String> {
    if value.is_empty() {
        return Ok(None);
    }
    let date = NaiveDate::parse_from_str(value, "%m/%d/%Y").ok().filter(|_| value.len() == 10);
    date.map(Some).ok_or_else(|| format!("`{}` is not a date as in 03/08/2023", shown(value)))
}

/// The beginning of a value, for a message.
fn shown(value: &str) -> String {
    value.chars().filter(|letter| !letter.is_control()).take(40).collect()
}
