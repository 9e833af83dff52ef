//! Enumerations of the schema as the words that the database holds.

use sea_orm::ActiveEnum;

/// The database's words for values of a filter; `E` is the column's own enumeration.
pub(crate) fn words<E: ActiveEnum<Value = String>>(values: impl IntoIterator<Item = impl Into<E>>) -> Vec<String> {
    values.into_iter().map(|value| value.into().to_value()).collect()
}
