//! Short names in addresses.

use crate::database::{Alias, former};
use crate::error::Result;
use crate::policy::Resource;
use crate::validation::slug_of;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait as _, UnionType, extension::postgres::PgBinOper};
use std::collections::HashSet;
use uuid::Uuid;

/// The slug that was given, or one made of a name: with a number behind it where others have it already, or where it
/// leads to a row that another was merged into. `within` is the column and key of what slugs are unique in, where that is
/// not the whole table.
pub(crate) async fn free_slug<E: Resource>(
    db: &impl ConnectionTrait,
    given: Option<String>,
    name: &str,
    within: Option<(&'static str, Uuid)>,
) -> Result<String> {
    if let Some(slug) = given {
        return Ok(slug);
    }
    let made = slug_of(name);
    // Nearly always nobody has it, and an index tells.
    if taken::<E>(db, within, |slug| slug.eq(made.as_str())).await?.is_empty() {
        return Ok(made);
    }
    let alike = Expr::val(format!("^{made}(-[0-9]+)?$"));
    let taken = taken::<E>(db, within, |slug| slug.binary(PgBinOper::Regex, alike.clone())).await?;
    let numbered = (2..).map(|number| format!("{made}-{number}"));
    let free = std::iter::once(made.clone()).chain(numbered).find(|slug| !taken.contains(slug));
    Ok(free.unwrap_or(made))
}

/// The slugs that the condition holds for.
async fn taken<E: Resource>(
    db: &impl ConnectionTrait,
    within: Option<(&'static str, Uuid)>,
    condition: impl Fn(Expr) -> Expr,
) -> Result<HashSet<String>> {
    let rows = Alias::new("t0");
    let mut select = rows.select_from::<E>();
    select.expr(rows.computed("slug")).and_where(condition(rows.computed("slug")));
    if let Some((column, key)) = within {
        select.and_where(rows.computed(column).eq(key));
    }
    if former::has_any::<E>() {
        select.union(UnionType::All, former::slugs::<E>(condition));
    }
    let mut taken = HashSet::new();
    for row in db.query_all(&select).await? {
        taken.insert(row.try_get_by_index(0)?);
    }
    Ok(taken)
}
