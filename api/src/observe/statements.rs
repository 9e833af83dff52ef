//! The statements of a request: how many, how long they took, and which was the slowest.

use super::metrics::metrics;
use super::traces;
use super::trail::on_trail;
use sea_orm::metric::Info;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What a statement takes that is remembered with its text, in case that the request turns out to be slow.
const WORTH_A_WORD: Duration = Duration::from_millis(1);
/// Statements of one request that are remembered one by one.
const REMEMBERED: usize = 100;

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Does {
    Select,
    Insert,
    Update,
    Delete,
    Other,
}

impl Does {
    pub(crate) const ALL: [Self; 5] = [Self::Select, Self::Insert, Self::Update, Self::Delete, Self::Other];

    /// By the word that it begins with; a statement with parts reads unless one of them says otherwise.
    fn of(sql: &str) -> Self {
        let sql = sql.trim_start();
        let begins = |word: &str| sql.get(..word.len()).is_some_and(|first| first.eq_ignore_ascii_case(word));
        match () {
            () if begins("SELECT") => Self::Select,
            () if begins("INSERT") => Self::Insert,
            () if begins("UPDATE") => Self::Update,
            () if begins("DELETE") => Self::Delete,
            () if !begins("WITH") => Self::Other,
            () => {
                let writing =
                    [("INSERT INTO ", Self::Insert), ("DELETE FROM ", Self::Delete), ("UPDATE ", Self::Update)];
                writing.into_iter().find(|(words, _)| sql.contains(words)).map_or(Self::Select, |(_, does)| does)
            }
        }
    }

    /// As it is written.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Select => "SELECT",
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Other => "OTHER",
        }
    }
}

/// The statements of a request.
#[derive(Debug, Default)]
pub(crate) struct Statements {
    pub(crate) count: usize,
    pub(crate) took: Duration,
    /// The first of them, in the order in which they ended.
    pub(crate) each: Vec<(Does, Duration)>,
    pub(crate) slowest: Option<Slowest>,
}

/// A statement that took long: its text, which has places where values were.
#[derive(Clone, Debug)]
pub(crate) struct Slowest {
    pub(crate) sql: String,
    pub(crate) took: Duration,
}

impl Statements {
    fn add(&mut self, does: Does, info: &Info<'_>) {
        self.count += 1;
        self.took += info.elapsed;
        if self.each.len() < REMEMBERED {
            self.each.push((does, info.elapsed));
        }
        let is_slowest = self.slowest.as_ref().is_none_or(|slowest| slowest.took < info.elapsed);
        if is_slowest && info.elapsed >= WORTH_A_WORD {
            self.slowest = Some(Slowest { sql: info.statement.sql.clone(), took: info.elapsed });
        }
    }
}

/// Who is told of each statement that was run: [`ran`], unless somebody wants to know more.
#[derive(Clone)]
pub struct Told(Arc<dyn Fn(&Info<'_>) + Send + Sync>);

impl Told {
    /// This one is told.
    pub fn new(told: impl Fn(&Info<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(told))
    }

    /// Tells of one.
    pub fn ran(&self, info: &Info<'_>) {
        (self.0)(info);
    }
}

impl Default for Told {
    fn default() -> Self {
        Self::new(ran)
    }
}

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Told")
    }
}

/// Takes note of a statement that was run, for the request that it was run for.
pub fn ran(info: &Info<'_>) {
    let does = Does::of(&info.statement.sql);
    metrics().statement(does, info.elapsed, info.failed);
    on_trail(|trail| {
        trail.facts().statements.add(does, info);
        traces::statement(trail, does, (&info.statement.sql, info.elapsed, info.failed));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_known_by_its_first_word() {
        for (sql, does) in [
            ("SELECT 1", Does::Select),
            ("  \n select 1", Does::Select),
            ("WITH a AS (SELECT 1) SELECT * FROM a", Does::Select),
            ("WITH gone AS (DELETE FROM a RETURNING id) SELECT * FROM gone", Does::Delete),
            ("INSERT INTO a VALUES ($1)", Does::Insert),
            ("UPDATE a SET b = $1", Does::Update),
            ("DELETE FROM a", Does::Delete),
            ("NOTIFY a", Does::Other),
            ("ä", Does::Other),
            ("", Does::Other),
        ] {
            assert_eq!(Does::of(sql), does, "{sql}");
        }
    }
}
