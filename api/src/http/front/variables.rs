//! Variables, held against their types before anything runs, whole: what is left out gets its default, a single value for
//! a list becomes a list, and whatever does not fit is refused with the place that it stands at.

use super::documents::Operation;
use super::fault::coded;
use super::{convert, scalars};
use crate::graphql::code;
use apollo_compiler::Schema;
use apollo_compiler::ast::Type;
use apollo_compiler::schema::{EnumType, ExtendedType, InputObjectType};
use async_graphql::indexmap::IndexMap;
use async_graphql::{Name, ServerError, Value, Variables};
use std::fmt;

/// The fields of an input object.
type Fields = IndexMap<Name, Value>;

/// Items of a list in an input at most.
pub(in crate::http) const MAX_ITEMS: usize = 250;

/// The variables that an operation has, as their types have them. What it does not declare is left out.
pub(super) fn coerce(
    schema: &Schema,
    operation: &Operation,
    mut given: Variables,
) -> Result<Variables, Vec<ServerError>> {
    let mut coerced = Variables::default();
    for variable in &operation.variables {
        let (name, ty) = (variable.name.as_str(), &variable.ty);
        let place = Place::of(name);
        let value = match (given.remove(name), &variable.default_value) {
            (Some(value), _) => fit(schema, ty, value, &place),
            (None, Some(default)) => Ok(convert::constant(default)?),
            (None, None) if ty.is_non_null() => Err(misfit(&place, ty)),
            (None, None) => continue,
        };
        coerced.insert(Name::new(name), value.map_err(|fault| vec![fault])?);
    }
    Ok(coerced)
}

/// Where a value stands: `input.items[3].title`.
#[derive(Clone, Copy)]
struct Place<'a> {
    step: Step<'a>,
    above: Option<&'a Place<'a>>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Name(&'a str),
    Item(usize),
}

impl<'a> Place<'a> {
    fn of(name: &'a str) -> Self {
        Self { step: Step::Name(name), above: None }
    }

    fn below(&'a self, step: Step<'a>) -> Self {
        Self { step, above: Some(self) }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(above) = self.above {
            above.fmt(f)?;
        }
        match (self.step, self.above) {
            (Step::Name(name), None) => write!(f, "${name}"),
            (Step::Name(name), Some(_)) => write!(f, ".{name}"),
            (Step::Item(at), _) => write!(f, "[{at}]"),
        }
    }
}

/// A value as its type has it.
fn fit(schema: &Schema, takes: &Type, value: Value, place: &Place<'_>) -> Result<Value, ServerError> {
    if value == Value::Null {
        return if takes.is_non_null() { Err(misfit(place, takes)) } else { Ok(Value::Null) };
    }
    let (Type::List(item) | Type::NonNullList(item)) = takes else { return named(schema, takes, value, place) };
    let Value::List(items) = value else { return Ok(Value::List(vec![fit(schema, item, value, place)?])) };
    if items.len() > MAX_ITEMS {
        let message = format!("`{place}` has more than {MAX_ITEMS} items. Send the rest separately.");
        return Err(coded(ServerError::new(message, None), code::QUERY_LIMIT));
    }
    let items = items.into_iter().enumerate();
    let items = items.map(|(at, value)| fit(schema, item, value, &place.below(Step::Item(at))));
    Ok(Value::List(items.collect::<Result<_, _>>()?))
}

fn named(schema: &Schema, takes: &Type, value: Value, place: &Place<'_>) -> Result<Value, ServerError> {
    if scalars::holds_nul(&value) {
        return Err(refusal(place, format_args!("holds the NUL character, which no text may.")));
    }
    let name = takes.inner_named_type().as_str();
    let fits = match (name, &value) {
        ("Boolean", Value::Boolean(_)) | ("String" | "ID", Value::String(_)) => true,
        ("Int", Value::Number(number)) => number.as_i64().is_some_and(|int| i32::try_from(int).is_ok()),
        ("Float", Value::Number(number)) => number.as_f64().is_some_and(f64::is_finite),
        ("ID", Value::Number(number)) => !number.is_f64(),
        ("Boolean" | "String" | "ID" | "Int" | "Float", _) => false,
        _ => match schema.types.get(name) {
            Some(ExtendedType::Enum(of)) => is_one_of(of, &value),
            Some(ExtendedType::InputObject(of)) => match value {
                Value::Object(fields) => return object(schema, of, fields, place),
                _ => false,
            },
            _ => {
                let refused =
                    |hint: String| refusal(place, format_args!("needs a value of the type `{takes}`. {hint}"));
                return scalars::check(name, &value).map_err(refused).map(|()| value);
            }
        },
    };
    if fits { Ok(value) } else { Err(misfit(place, takes)) }
}

fn is_one_of(of: &EnumType, value: &Value) -> bool {
    match value {
        Value::String(name) => of.values.contains_key(name.as_str()),
        Value::Enum(name) => of.values.contains_key(name.as_str()),
        _ => false,
    }
}

fn object(schema: &Schema, of: &InputObjectType, mut given: Fields, place: &Place<'_>) -> Result<Value, ServerError> {
    if of.directives.has("oneOf") && (given.len() != 1 || given.values().any(|value| *value == Value::Null)) {
        return Err(refusal(place, format_args!("takes exactly one field of `{}`, and not null.", of.name)));
    }
    if let Some(unknown) = given.keys().find(|name| !of.fields.contains_key(name.as_str())) {
        return Err(refusal(place, format_args!("has a field `{unknown:.100}` that `{}` does not have.", of.name)));
    }
    let mut fields = Fields::new();
    for (name, field) in &of.fields {
        let place = place.below(Step::Name(name));
        let value = match (given.swap_remove(name.as_str()), &field.default_value) {
            (Some(value), _) => fit(schema, &field.ty, value, &place)?,
            (None, Some(default)) => convert::constant(default).map_err(|_| misfit(&place, &field.ty))?,
            (None, None) if field.ty.is_non_null() => return Err(misfit(&place, &field.ty)),
            (None, None) => continue,
        };
        fields.insert(Name::new(name.as_str()), value);
    }
    Ok(Value::Object(fields))
}

/// What was given is never said again: it may be a password.
fn misfit(place: &Place<'_>, takes: &Type) -> ServerError {
    refusal(place, format_args!("needs a value of the type `{takes}`."))
}

fn refusal(place: &Place<'_>, said: fmt::Arguments<'_>) -> ServerError {
    coded(ServerError::new(format!("The variable `{place}` {said}"), None), code::BAD_USER_INPUT)
}
