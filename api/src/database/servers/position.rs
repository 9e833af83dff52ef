//! A place in what a server writes down of every change, in order (its log). A server that has gone on to a place has
//! everything that was committed before it.

use sea_orm::SqlxError;
use sea_orm::sqlx::Row as _;
use sea_orm::sqlx::postgres::PgRow;
use std::fmt;

/// Bytes of a page of the log.
const PAGE: u64 = 8192;
/// Bytes at the head of a page, which hold no change.
const HEAD: u64 = 24;
/// The same of the first page of a segment, which is one file of the log.
const SEGMENT_HEAD: u64 = 40;

/// A place in the log of a server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position(u64);

impl Position {
    /// The place that a row tells: `position`, bytes since the beginning of the log, which is kept in files of `segment`.
    pub(super) fn of(row: &PgRow) -> Result<Option<Self>, SqlxError> {
        let (bytes, segment): (Option<i64>, i64) = (row.try_get("position")?, row.try_get("segment")?);
        let segment = u64::try_from(segment).unwrap_or(PAGE);
        Ok(bytes.and_then(|bytes| u64::try_from(bytes).ok()).map(|bytes| Self::behind(bytes, segment)))
    }

    /// Where a page has just begun, the next change comes behind its head, and whoever has read the page before has
    /// everything. A server that was told to begin a new file stands there until something is changed.
    fn behind(bytes: u64, segment: u64) -> Self {
        let head = match (bytes.checked_rem(segment), bytes % PAGE) {
            (Some(SEGMENT_HEAD), _) => SEGMENT_HEAD,
            (_, HEAD) => HEAD,
            _ => 0,
        };
        Self(bytes - head)
    }

    #[cfg(test)]
    pub(super) fn at(bytes: u64) -> Self {
        Self(bytes)
    }

    /// Bytes from another place to this one.
    pub(super) fn since(self, other: Self) -> u64 {
        self.0.saturating_sub(other.0)
    }
}

/// As the server itself writes it.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:X}/{:X}", self.0 >> 32, self.0 & u64::from(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_read_a_page_has_what_comes_before_the_next() {
        const SEGMENT: u64 = 1024 * 1024;
        let behind = |bytes| Position::behind(bytes, SEGMENT);
        assert_eq!(behind(3 * PAGE + HEAD), Position(3 * PAGE));
        assert_eq!(behind(3 * PAGE + HEAD + 8), Position(3 * PAGE + HEAD + 8));
        assert_eq!(behind(3 * SEGMENT + SEGMENT_HEAD), Position(3 * SEGMENT));
        let within = 3 * PAGE + SEGMENT_HEAD;
        assert_eq!(behind(within), Position(within), "what was begun on the page before ends here");
        assert_eq!(Position(90).since(Position(60)), 30);
        assert_eq!(Position(60).since(Position(90)), 0);
    }

    #[test]
    fn a_place_is_written_as_the_server_writes_it() {
        assert_eq!(Position(0x16_B374_D848).to_string(), "16/B374D848");
    }
}
