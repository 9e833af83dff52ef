//! Tables under the names that they have in one statement, and the conditions that lead from one to another.

use super::edition::Edition;
use sea_orm::EntityTrait;
use sea_orm::sea_query::{DynIden, Expr, ExprTrait as _, IntoIden, Query, SelectStatement};
use std::borrow::Cow;

/// A table as one statement calls it, so that a table can stand in a statement twice; and in which edition it reads
/// agendas, as does every table that is reached from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    pub(super) name: Cow<'static, str>,
    pub(super) edition: Edition,
    /// Whether what its rows lead to is asked of each by itself.
    pub(super) one_by_one: bool,
}

impl Alias {
    /// The alias of that name. Agendas are read as they are worked on: what is read for somebody begins with
    /// [`Viewer::reads`](crate::auth::Viewer::reads) instead.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), edition: Edition::default(), one_by_one: false }
    }

    /// The same, of whose rows a few are looked at: what they lead to is asked of each by itself, with an index. Left to itself
    /// the database may ask it of the whole table first, which pays where all rows are looked at, and grows with them.
    pub(crate) fn one_by_one(&self) -> Self {
        Self { one_by_one: true, ..self.clone() }
    }

    /// One of its columns.
    pub fn col(&self, column: impl IntoIden) -> Expr {
        Expr::col((DynIden::from(self), column))
    }

    /// One of its columns that no entity names, such as `sort_name`.
    pub fn computed(&self, column: &'static str) -> Expr {
        self.col(column)
    }

    /// Starts a statement on a table under this name.
    pub fn select_from<E: EntityTrait>(&self) -> SelectStatement {
        let mut select = Query::select();
        select.from(self.of_table(E::default().table_name()));
        select
    }

    /// The alias of a table that belongs to this one.
    pub(crate) fn with_suffix(&self, suffix: &str) -> Self {
        Self {
            name: format!("{}{suffix}", self.name).into(),
            edition: self.edition.clone(),
            one_by_one: self.one_by_one,
        }
    }

    /// The row of `E` that a column refers to is one that `condition` holds for.
    pub fn refers_to<E: EntityTrait>(&self, column: impl IntoIden, condition: impl FnOnce(&Alias) -> Expr) -> Expr {
        let column = self.col(column);
        self.exists::<E>(|other| other.computed("id").eq(column).and(condition(other)))
    }

    /// A value of the row of `E` that a column refers to, where `condition` holds for that row; else null.
    pub fn referred<E: EntityTrait>(
        &self,
        column: impl IntoIden,
        condition: impl FnOnce(&Alias) -> Expr,
        value: impl FnOnce(&Alias) -> Expr,
    ) -> Expr {
        let other = self.with_suffix("r");
        let mut select = other.select_from::<E>();
        select.expr(value(&other)).and_where(other.computed("id").eq(self.col(column))).and_where(condition(&other));
        Expr::SubQuery(None, Box::new(select.into()))
    }

    /// There is a row of `E` that `condition` holds for; its alias is unlike this one.
    pub fn exists<E: EntityTrait>(&self, condition: impl FnOnce(&Alias) -> Expr) -> Expr {
        let other = self.with_suffix("x");
        let mut select = other.select_from::<E>();
        select.expr(Expr::cust("1")).and_where(condition(&other));
        if self.one_by_one {
            // It changes nothing but that the database does not turn this into a join or a table of all answers.
            select.offset(0);
        }
        Expr::exists(select)
    }
}

impl From<&Alias> for DynIden {
    fn from(alias: &Alias) -> Self {
        match &alias.name {
            Cow::Borrowed(name) => name.into_iden(),
            Cow::Owned(name) => name.clone().into_iden(),
        }
    }
}

/// `column = ANY(keys)`: one statement text for any number of keys, one for a single key, and one for none. PostgreSQL takes ten for
/// granted where it does not know how many there are: it would plan anew for fewer whenever it is asked, and look for what is
/// somebody's own among nearly all that there is.
pub fn any_of<K: Into<uuid::Uuid>>(column: Expr, keys: impl IntoIterator<Item = K>) -> Expr {
    use sea_orm::sea_query::extension::postgres::PgFunc;
    let keys: Vec<uuid::Uuid> = keys.into_iter().map(Into::into).collect();
    match keys[..] {
        [] => never(),
        [key] => column.eq(key),
        _ => column.eq(PgFunc::any(Expr::val(keys))),
    }
}

/// `column = ANY(values)`, for columns that hold one of a few words.
pub fn one_of(column: Expr, values: Vec<String>) -> Expr {
    use sea_orm::sea_query::extension::postgres::PgFunc;
    column.eq(PgFunc::any(Expr::val(values)))
}

/// Holds for every row.
pub fn always() -> Expr {
    Expr::cust("TRUE")
}

/// Holds for no row.
pub fn never() -> Expr {
    Expr::cust("FALSE")
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::sea_query::PostgresQueryBuilder;
    use uuid::Uuid;

    #[test]
    fn a_single_key_is_no_list_and_none_are_not_looked_for() {
        let told = |keys: &[Uuid]| {
            let rows = Alias::new("t0");
            let mut select = Query::select();
            select.from("team").and_where(any_of(rows.col("id"), keys.iter().copied()));
            select.build(PostgresQueryBuilder).0
        };
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(told(&[one]), r#"SELECT  FROM "team" WHERE "t0"."id" = $1"#);
        assert_eq!(told(&[one, other]), r#"SELECT  FROM "team" WHERE "t0"."id" = ANY($1)"#);
        assert_eq!(told(&[]), r#"SELECT  FROM "team" WHERE FALSE"#);
    }
}
