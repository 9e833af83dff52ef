//! Finding rows by what somebody typed. Tables that can be searched have two computed columns: `search_vector` with
//! their words and `search_name` with their names folded (`migration/sql/0001_foundation.up.sql`).

use super::Alias;
use crate::auth::Viewer;
use crate::policy::Resource;
use sea_orm::sea_query::{Asterisk, Expr, ExprTrait as _, Order, Query, SelectStatement, UnionType};

/// A table that can be searched.
pub(crate) trait Searched: Resource {
    /// Where each beginning of each word of the names stands, if what is searched are names alone.
    const BEGINNINGS: Option<Beginnings> = None;
}

/// A table of beginnings of words, each with the name that it is of, and in the order of those
/// (`migration/sql/0046_name_beginnings.up.sql`, `0048_district_beginnings.up.sql`).
pub(crate) struct Beginnings {
    pub(crate) table: &'static str,
    /// The column that refers to the row.
    pub(crate) key: &'static str,
}

/// How alike a stretch of a name and what was typed must be, from 0 to 1, for the index to offer the name as one with a
/// typo. Which of those it is, `is_like` decides word by word.
pub(crate) const SIMILARITY: &str = "0.5";

/// How many letters of what was typed count: as many as a title may have. Each word more costs time on each row.
const LETTERS: usize = 300;

/// So many letters of a word stand in a table of beginnings, at most, as the function `beginnings` of the database has it.
const BEGINNING: usize = 20;

/// From so many letters on a word is taken for one that few rows have.
const RARE: usize = 3;

/// What was typed, as far as it counts.
fn given(typed: &str) -> Expr {
    Expr::val(typed.chars().take(LETTERS).collect::<String>())
}

/// Rows that have every typed word, or the beginning of it. Case and accents do not count, nor do signs that a search
/// elsewhere would take for commands. In texts words count in any of their forms; names have none. What was typed is turned
/// into queries in subselects, so that it is done once and not for every row. The index is asked for the longer words alone,
/// and cannot be asked what all of them are held by: a function, where it knows the operator.
fn by_words<E: Searched>(rows: &Alias, typed: &str) -> Expr {
    let query = match E::BEGINNINGS {
        Some(_) => "($1 @@ (SELECT index_query($2)) AND ts_match_vq($1, (SELECT prefix_query($2))))",
        None => {
            "($1 @@ (SELECT index_query($2) || plainto_tsquery('english', searchable($2))) \
             AND ts_match_vq($1, (SELECT prefix_query($2) || plainto_tsquery('english', searchable($2)))))"
        }
    };
    Expr::cust_with_exprs(query, [rows.computed("search_vector"), given(typed)])
}

/// Rows with a name that is nearly what was typed: the index finds those with most of its letters, and of these each
/// typed word must be there but for a typo.
fn nearly(rows: &Alias, typed: &str) -> Expr {
    Expr::cust_with_exprs(
        "((SELECT searchable($1)) <% $2 AND is_like((SELECT searchable($1)), $2))",
        [given(typed), rows.computed("search_name")],
    )
}

/// What a search finds: rows with the typed words, or, where the viewer can see none of those, rows with a name that is
/// nearly what was typed. Blank text finds everything: it narrows nothing down.
pub(crate) fn found<E: Searched>(viewer: &Viewer, rows: &Alias, typed: &str) -> Expr {
    if typed.trim().is_empty() {
        return super::always();
    }
    // Only what the viewer can see may decide this: else a hidden row would show by what it keeps from being found.
    let seen = |other: &Alias| by_words::<E>(other, typed).and(viewer.visible::<E>(&other.one_by_one()));
    let longest = typed.split_whitespace().map(|word| word.chars().count()).max().unwrap_or_default();
    if longest < RARE {
        let near = keys::<E>(rows, |other| rows.exists::<E>(seen).not().and(nearly(other, typed)));
        return by_words::<E>(rows, typed).or(Expr::cust_with_exprs("$1 = ANY ($2)", [rows.computed("id"), near]));
    }
    // Names are compared letter by letter only where there is nothing else, which takes long.
    let (seen, near) = (keys::<E>(rows, seen), keys::<E>(rows, |other| nearly(other, typed)));
    Expr::cust_with_exprs("$1 = ANY (coalesce(nullif($2, '{}'), $3))", [rows.computed("id"), seen, near])
}

/// What a search for a single word finds, in the order of names or against it, if there is a table of beginnings for it: the
/// columns `sort_name` and `id`. Many a name begins like a word of a few letters, and the first of them are wanted: no
/// others are looked at.
pub(crate) fn in_order<E: Searched>(
    typed: &str,
) -> Option<impl Fn(&Viewer, &Alias, Order) -> SelectStatement + use<E>> {
    let beginnings = E::BEGINNINGS?;
    let word = single_word(typed)?.to_owned();
    Some(move |viewer: &Viewer, rows: &Alias, direction: Order| {
        let (begun, near) = (rows.with_suffix("b"), rows.with_suffix("s"));
        let mut found = beginnings.of(&begun, &word);
        found.expr(begun.computed("sort_name")).expr_as(begun.computed(beginnings.key), "id");
        // Here as well it is what the viewer can see that decides whether names with a typo are looked for.
        let seen = beginnings.any_seen::<E>(viewer, rows, &word);
        let mut instead = near.select_from::<E>();
        instead.expr(near.computed("sort_name")).expr(near.computed("id"));
        instead.and_where(seen.not()).and_where(nearly(&near, &word));
        // Each comes in order, and the database goes through both side by side: else it would put all of them in order.
        let ordered = |mut select: SelectStatement| {
            select.order_by("sort_name", direction.clone()).order_by("id", direction.clone());
            let mut all = Query::select();
            all.column(Asterisk).from_subquery(select, "found");
            all
        };
        let mut both = ordered(found);
        both.union(UnionType::All, ordered(instead));
        both
    })
}

impl Beginnings {
    /// The rows of the table that a word begins like.
    fn of(&self, rows: &Alias, word: &str) -> SelectStatement {
        let begins = [rows.computed("beginning"), given(word)];
        let mut select = Query::select();
        select.from(rows.of_table(self.table)).and_where(Expr::cust_with_exprs("$1 = (SELECT searchable($2))", begins));
        select
    }

    /// The viewer can see one of them.
    fn any_seen<E: Searched>(&self, viewer: &Viewer, rows: &Alias, word: &str) -> Expr {
        let (begun, seen) = (rows.with_suffix("c"), rows.with_suffix("x"));
        let mut select = self.of(&begun, word);
        select.expr(Expr::cust("1"));
        select.inner_join(seen.of_table(E::default().table_name()), seen.computed("id").eq(begun.computed(self.key)));
        select.and_where(viewer.visible::<E>(&seen.one_by_one()));
        Expr::exists(select)
    }
}

/// The one word that was typed, if a table of beginnings would have it: made of letters that fold into letters, two at most.
fn single_word(typed: &str) -> Option<&str> {
    let word = typed.trim();
    let letters = |letter: char| match letter {
        'a'..='z' | 'A'..='Z' | '0'..='9' => Some(1),
        'À'..='ÿ' if letter.is_alphabetic() => Some(2),
        _ => None,
    };
    let letters = word.chars().map(letters).sum::<Option<usize>>()?;
    (1..=BEGINNING).contains(&letters).then_some(word)
}

/// The keys of rows that a condition holds for, which are found first and by themselves. PostgreSQL does not know how rare the
/// typed words are, and would go through the whole table in its order, expecting to have a page of them soon. It would
/// have with a letter or two, which many names begin with.
fn keys<E: Searched>(rows: &Alias, condition: impl FnOnce(&Alias) -> Expr) -> Expr {
    let other = rows.with_suffix("s");
    let mut select = other.select_from::<E>();
    select.expr(other.computed("id")).and_where(condition(&other));
    Expr::cust_with_expr("ARRAY $1", Expr::SubQuery(None, Box::new(select.into())))
}

/// How far a hit is from what was typed: 0 for the very name, more the less of it is there. What follows from what was typed
/// alone is made once and not for each hit.
pub(crate) fn distance(rows: &Alias, typed: &str) -> Expr {
    Expr::cust_with_exprs(
        "search_distance((SELECT searchable($1)), (SELECT plainto_tsquery('simple', searchable($1))), \
         (SELECT plainto_tsquery('english', searchable($1))), (SELECT prefix_query($1)), $2, $3)",
        [given(typed), rows.computed("search_name"), rows.computed("search_vector")],
    )
}
