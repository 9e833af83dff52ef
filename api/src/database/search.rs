//! Finding rows by what somebody typed. Tables that can be searched have two computed columns: `search_vector` with
//! their words and `search_name` with their names folded (`migration/sql/0001_foundation.up.sql`).

use super::Alias;
use sea_orm::sea_query::Expr;

/// How alike a stretch of a name and what was typed must be for a typo to be forgiven, from 0 to 1: one letter wrong,
/// missing or swapped in a word of seven.
pub(crate) const SIMILARITY: &str = "0.5";

/// How many letters of what was typed count: as many as a title may have. Each word more costs time on each row.
const LETTERS: usize = 300;

/// What was typed, as far as it counts.
pub(crate) fn words(typed: &str) -> Expr {
    Expr::val(typed.chars().take(LETTERS).collect::<String>())
}

/// Rows that have every typed word, or the beginning of it, or a name that is nearly what was typed. Case and accents
/// do not count, nor do signs that a search elsewhere would take for commands. Blank text finds everything: it narrows
/// nothing down.
pub(crate) fn matches(rows: &Alias, typed: &str) -> Expr {
    if typed.trim().is_empty() {
        return super::always();
    }
    let (vector, names) = (rows.computed("search_vector"), rows.computed("search_name"));
    Expr::cust_with_exprs(
        "($1 @@ prefix_query($2) OR $1 @@ plainto_tsquery('english', searchable($2)) OR (searchable($2) <% $3 AND is_like($2, $3)))",
        [vector, words(typed), names],
    )
}
