//! Finding rows by what somebody typed. Tables that can be searched have two computed columns: `search_vector` with
//! their words and `search_name` with their names folded (`migration/sql/0001_foundation.up.sql`).

use super::Alias;
use sea_orm::sea_query::Expr;

/// How alike a stretch of a name and what was typed must be for a typo to be forgiven, from 0 to 1: one letter wrong,
/// missing or swapped in a word of seven.
pub(crate) const SIMILARITY: &str = "0.5";

/// Rows that have every typed word, or the beginning of it, or a name that is nearly what was typed. Case and accents
/// do not count. Blank text finds everything: it narrows nothing down.
pub(crate) fn matches(rows: &Alias, typed: &str) -> Expr {
    if typed.trim().is_empty() {
        return super::always();
    }
    let typed = || Expr::val(typed.to_owned());
    Expr::cust_with_exprs(
        "($1 @@ prefix_query($2) OR $1 @@ websearch_to_tsquery('english', $3) OR searchable($4) <% $5)",
        [rows.computed("search_vector"), typed(), typed(), typed(), rows.computed("search_name")],
    )
}
