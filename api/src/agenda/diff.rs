//! What differs between two states of an agenda. Pure: a state is what the database says that an agenda tells, for each
//! sort of its rows those rows by key.

use serde_json::{Map, Value};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A sort of what an agenda is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Sessions that are offered together.
    SessionBlock,
    /// Content.
    Session,
    /// A time and place.
    Slot,
    /// Who contributes.
    Speaker,
    /// Where.
    Room,
}

impl Part {
    /// All of them, in the order in which differences are told.
    pub const ALL: [Self; 5] = [Self::SessionBlock, Self::Session, Self::Slot, Self::Speaker, Self::Room];

    /// The name under which its rows stand in a state.
    pub fn name(self) -> &'static str {
        match self {
            Self::SessionBlock => "session_block",
            Self::Session => "session",
            Self::Slot => "slot",
            Self::Speaker => "speaker",
            Self::Room => "room",
        }
    }

    /// The field that says what a row of it is called, where it has one.
    fn title(self) -> Option<&'static str> {
        match self {
            Self::SessionBlock | Self::Session => Some("title"),
            Self::Speaker => Some("name_as_shown"),
            Self::Room => Some("name"),
            Self::Slot => None,
        }
    }
}

/// What became of one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The sort of the row.
    pub part: Part,
    /// Its key.
    pub key: Uuid,
    /// What it is called now, or was called last; a slot is called like its session.
    pub title: String,
    /// The session that it is part of, by title, where it is part of one.
    pub session: Option<String>,
    /// What it told before; none for one that was added.
    pub before: Option<Value>,
    /// What it tells now; none for one that is gone.
    pub after: Option<Value>,
}

/// Every difference between two states, by sort, then by what rows are called.
pub fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let differing = |part: Part| {
        let (was, is) = (rows(before, part), rows(after, part));
        let keys: BTreeSet<&String> = was.into_iter().chain(is).flat_map(Map::keys).collect();
        let mut found: Vec<Difference> = keys
            .into_iter()
            .filter_map(|key| {
                let (before_row, after_row) = (was.and_then(|rows| rows.get(key)), is.and_then(|rows| rows.get(key)));
                if before_row == after_row {
                    return None;
                }
                let row = after_row.or(before_row)?;
                let session = session_of(row, after).or_else(|| session_of(row, before));
                let own = part.title().and_then(|title| row.get(title)).and_then(Value::as_str).map(str::to_owned);
                Some(Difference {
                    part,
                    key: key.parse().ok()?,
                    title: own.or_else(|| session.clone()).unwrap_or_default(),
                    session,
                    before: before_row.cloned(),
                    after: after_row.cloned(),
                })
            })
            .collect();
        found.sort_by(|one, other| (&one.title, one.key).cmp(&(&other.title, other.key)));
        found
    };
    Part::ALL.into_iter().flat_map(differing).collect()
}

fn rows(state: &Value, part: Part) -> Option<&Map<String, Value>> {
    state.get(part.name())?.as_object()
}

/// The title of the session that a row is part of, as a state has it.
fn session_of(row: &Value, state: &Value) -> Option<String> {
    let key = row.get("session_id")?.as_str()?;
    Some(rows(state, Part::Session)?.get(key)?.get("title")?.as_str()?.to_owned())
}
