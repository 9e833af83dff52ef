//! How much is generated.

use std::fmt;

/// How many rows there are of what everything else hangs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Districts.
    pub districts: u32,
    /// Convenings.
    pub convenings: u32,
    /// Sessions, of all convenings together.
    pub sessions: u32,
    /// People.
    pub people: u32,
    /// Teams, of all convenings together. Each has four members.
    pub teams: u32,
    /// Organizations.
    pub organizations: u32,
    /// Whether some are far larger than most, as in real life; else all convenings are alike.
    pub skewed: bool,
}

impl Size {
    /// How many times the state there may be at most: codes of districts have five digits in each county.
    pub const MOST: u32 = 100;

    /// So many times what the whole state would be after some years.
    pub fn times(scale: u32, skewed: bool) -> Self {
        Self {
            districts: 1_020 * scale,
            convenings: 200 * scale,
            sessions: 2_400 * scale,
            people: 20_000 * scale,
            teams: 9_400 * scale,
            organizations: 300 * scale,
            skewed,
        }
    }

    /// The same for the database, as functions that the steps call.
    pub(super) fn functions(&self) -> String {
        let Self { districts, convenings, sessions, people, teams, organizations, skewed } = self;
        let counts = [
            ("districts", districts),
            ("convenings", convenings),
            ("sessions", sessions),
            ("people", people),
            ("teams", teams),
            ("organizations", organizations),
        ];
        let function = |name: &str, kind: &str, value: String| {
            format!(
                "CREATE FUNCTION pg_temp.{name}() RETURNS {kind} LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN {value}::{kind};\n"
            )
        };
        let counts = counts.map(|(name, count)| function(name, "bigint", count.to_string()));
        counts.concat() + &function("skewed", "boolean", skewed.to_string())
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { districts, convenings, sessions, people, teams, organizations, skewed } = self;
        let sizes = if *skewed { "skewed" } else { "even" };
        write!(
            f,
            "{districts} districts, {organizations} organizations, {people} people, {convenings} convenings of {sizes} size, \
             {sessions} sessions, {teams} teams"
        )
    }
}
