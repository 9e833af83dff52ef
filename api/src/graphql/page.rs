//! Which page of a list a client asks for.

use crate::error::{Error, Result};

/// Rows in a page where the client does not say.
pub(crate) const DEFAULT_ROWS: u64 = 20;
/// Rows in a page at most.
pub(crate) const MAX_ROWS: u64 = 100;

/// The four paging arguments, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// How many rows.
    pub(crate) rows: u64,
    /// Whether they are counted from the end of the list.
    pub(crate) from_end: bool,
    /// The cursor before the first row.
    pub(crate) after: Option<String>,
    /// The cursor behind the last row.
    pub(crate) before: Option<String>,
}

impl Page {
    /// Checks the arguments of a connection field.
    pub(crate) fn new(
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Self> {
        let (rows, from_end) = match (first, last) {
            (Some(_), Some(_)) => return Err(Error::bad_input("Give either `first` or `last`, not both.")),
            (None, Some(last)) => (rows("last", last)?, true),
            (Some(first), None) => (rows("first", first)?, false),
            (None, None) => (DEFAULT_ROWS, before.is_some() && after.is_none()),
        };
        Ok(Self { rows, from_end, after, before })
    }
}

fn rows(argument: &str, value: i32) -> Result<u64> {
    u64::try_from(value).ok().filter(|&rows| rows <= MAX_ROWS).ok_or_else(|| {
        Error::BadInput(format!("`{argument}` is from 0 to {MAX_ROWS}; for more rows, ask for the next page."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_stay_within_their_bounds() {
        for refused in [-1, 101, 100_000, i32::MIN, i32::MAX] {
            assert!(Page::new(Some(refused), None, None, None).is_err(), "first: {refused}");
            assert!(Page::new(None, None, Some(refused), None).is_err(), "last: {refused}");
        }
        for accepted in [0, 1, 100] {
            assert!(Page::new(Some(accepted), None, None, None).is_ok(), "first: {accepted}");
        }
        assert!(Page::new(Some(1), None, Some(1), None).is_err());
    }

    #[test]
    fn a_page_counts_from_the_start_unless_asked_otherwise() {
        let page = |first, last| Page::new(first, None, last, None).map(|page| (page.rows, page.from_end)).ok();
        assert_eq!(page(None, None), Some((20, false)));
        assert_eq!(page(Some(3), None), Some((3, false)));
        assert_eq!(page(None, Some(3)), Some((3, true)));
    }
}
