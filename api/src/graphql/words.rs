//! Words of the schema as the code and the database have them.

use sea_orm::ActiveEnum;

/// The database's words for values of a filter; `E` is the column's own enumeration.
pub(crate) fn words<E: ActiveEnum<Value = String>>(values: impl IntoIterator<Item = impl Into<E>>) -> Vec<String> {
    values.into_iter().map(|value| value.into().to_value()).collect()
}

/// A name as the schema writes names: `venue_city` is `venueCity`.
pub(crate) fn camel(name: &str) -> String {
    letters(name).collect()
}

/// Whether that is how the schema writes a name.
pub(crate) fn is_camel_of(written: &str, name: &str) -> bool {
    letters(name).eq(written.chars())
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    let mut begins = false;
    name.chars().filter_map(move |letter| {
        let begun = std::mem::replace(&mut begins, letter == '_');
        (letter != '_').then(|| if begun { letter.to_ascii_uppercase() } else { letter })
    })
}
