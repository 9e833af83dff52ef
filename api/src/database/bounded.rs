//! How many rows are wanted at most, as part of a statement's text. As a value it would not be known when the database plans a
//! statement once for all: it would take a tenth of all rows for granted, and read a whole table in the order that is asked for
//! where a few rows were to be found and sorted.

use sea_orm::sea_query::{PostgresQueryBuilder, QueryBuilder, SelectStatement, SqlWriter, SqlWriterValues, Value};
use sea_orm::{DbBackend, Statement, StatementBuilder};
use std::fmt::{self, Display, Write};

/// A statement whose `LIMIT` and `OFFSET` stand in its text.
pub(crate) struct Bounded<'a>(pub(crate) &'a SelectStatement);

impl StatementBuilder for Bounded<'_> {
    fn build(&self, backend: &DbBackend) -> Statement {
        let (placeholder, numbered) = PostgresQueryBuilder.placeholder();
        let mut text = Text(SqlWriterValues::new(placeholder, numbered));
        self.0.build_collect_any_into(&PostgresQueryBuilder, &mut text);
        let (sql, values) = text.0.into_parts();
        Statement::from_sql_and_values(*backend, sql, values)
    }
}

/// The text as it is written. Only those two are numbers without a sign: PostgreSQL has no columns of them.
struct Text(SqlWriterValues);

impl SqlWriter for Text {
    fn push_param<T: QueryBuilder>(&mut self, value: Value, builder: &T) {
        match value {
            // Nothing can go wrong with a text in memory.
            Value::BigUnsigned(Some(number)) => drop(write!(self, "{number}")),
            value => self.0.push_param(value, builder),
        }
    }

    fn as_writer(&mut self) -> &mut dyn Write {
        self
    }
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write_str(text)
    }
}

impl Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::sea_query::{Expr, ExprTrait as _, Query};

    #[test]
    fn how_many_rows_are_wanted_stands_in_the_text_and_what_is_looked_for_does_not() {
        let mut select = Query::select();
        select.column("id").from("district").and_where(Expr::col("name").eq("Alder")).limit(21).offset(0);
        let Statement { sql, values, .. } = Bounded(&select).build(&DbBackend::Postgres);
        assert_eq!(sql, r#"SELECT "id" FROM "district" WHERE "name" = $1 LIMIT 21 OFFSET 0"#);
        assert_eq!(values.map(|values| values.0), Some(vec!["Alder".into()]));
    }
}
