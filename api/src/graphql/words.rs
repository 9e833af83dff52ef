//! Words of the schema as the code and the database have them.

use sea_orm::ActiveEnum;

/// The database's words for values of a filter; `E` is the column's own enumeration.
pub(crate) fn words<E: ActiveEnum<Value = String>>(values: impl IntoIterator<Item = impl Into<E>>) -> Vec<String> {
    values.into_iter().map(|value| value.into().to_value()).collect()
}

/// A name as the schema writes names: `venue_city` is `venueCity`.
pub(crate) fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        camel.extend(letters);
    }
    camel
}
