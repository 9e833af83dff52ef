//! Scalars whose values are looked at before anything runs: those that only this schema has, and every text.

use crate::graphql::{Date, Time, Url};
use async_graphql::{InputType, InputValueResult, Pos, ScalarType, Value};

/// Whether a text holds what PostgreSQL keeps in none, be it in a column or in JSON.
pub(super) fn holds_nul(value: &Value) -> bool {
    matches!(value, Value::String(text) if text.contains('\0'))
}

/// What is wrong with a value of a scalar, for a person.
pub(super) fn check(name: &str, value: &Value) -> Result<(), String> {
    match name {
        "Date" => read::<Date>(value),
        "DateTime" => read::<Time>(value),
        "URL" => read::<Url>(value),
        _ => Ok(()),
    }
}

fn read<S: ScalarType + InputType>(value: &Value) -> Result<(), String> {
    let read: InputValueResult<S> = <S as ScalarType>::parse(value.clone());
    let is_text = matches!(value, Value::String(_));
    // What is no text is shown in the library's words, and what was given is nobody else's business.
    read.map(drop)
        .map_err(|error| if is_text { error.into_server_error(Pos::default()).message } else { String::new() })
}
