//! Finding rows by what somebody typed. Tables that can be searched have two computed columns: `search_vector` with
//! their words and `search_name` with their names folded (`migration/sql/0001_foundation.up.sql`).

use super::Alias;
use crate::auth::Viewer;
use crate::policy::Resource;
use sea_orm::sea_query::{Expr, ExprTrait as _};

/// How alike a stretch of a name and what was typed must be, from 0 to 1, for the index to offer the name as one with a
/// typo. Which of those it is, `is_like` decides word by word.
pub(crate) const SIMILARITY: &str = "0.5";

/// How many letters of what was typed count: as many as a title may have. Each word more costs time on each row.
const LETTERS: usize = 300;

/// What was typed, as far as it counts.
fn given(typed: &str) -> Expr {
    Expr::val(typed.chars().take(LETTERS).collect::<String>())
}

/// Rows that have every typed word, or the beginning of it. Case and accents do not count, nor do signs that a search
/// elsewhere would take for commands. What was typed is turned into a query in a subselect, so that it is done once and
/// not for every row.
fn by_words(rows: &Alias, typed: &str) -> Expr {
    Expr::cust_with_exprs(
        "$1 @@ (SELECT prefix_query($2) || plainto_tsquery('english', searchable($2)))",
        [rows.computed("search_vector"), given(typed)],
    )
}

/// Rows with a name that is nearly what was typed, where a condition holds that is the same for all: the index finds those
/// with most of its letters, and of these each typed word must be there but for a typo. Where the condition does not hold
/// the index is asked for nothing: it would be read whatever else is known of its rows.
fn nearly(rows: &Alias, typed: &str, condition: Expr) -> Expr {
    Expr::cust_with_exprs(
        "((SELECT CASE WHEN $3 THEN searchable($1) END) <% $2 AND is_like($1, $2))",
        [given(typed), rows.computed("search_name"), condition],
    )
}

/// What a search finds: rows with the typed words, or, where the viewer can see none of those, rows with a name that is
/// nearly what was typed. Blank text finds everything: it narrows nothing down.
pub(crate) fn found<E: Resource>(viewer: &Viewer, rows: &Alias, typed: &str) -> Expr {
    if typed.trim().is_empty() {
        return super::always();
    }
    // Only what the viewer can see may decide this: else a hidden row would show by what it keeps from being found.
    let any = rows.exists::<E>(|other| by_words(other, typed).and(viewer.visible::<E>(&other.one_by_one())));
    by_words(rows, typed).or(nearly(rows, typed, any.not()))
}

/// How far a hit is from what was typed: 0 for the very name, more the less of it is there.
pub(crate) fn distance(rows: &Alias, typed: &str) -> Expr {
    Expr::cust_with_exprs(
        "search_distance($1, $2, $3)",
        [given(typed), rows.computed("search_name"), rows.computed("search_vector")],
    )
}
