//! What the validator does not look at: fields that are given twice, input objects of which exactly one field is to be given, variables within lists and
//! objects, custom scalars, what a text holds, and how long a list is.

use super::fault::{coded, place};
use super::variables::MAX_ITEMS;
use super::{convert, scalars};
use crate::graphql::code;
use apollo_compiler::ast::{Type, Value};
use apollo_compiler::executable::{Operation, VariableDefinition};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::schema::{ExtendedType, InputValueDefinition};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};
use async_graphql::ServerError;
use std::collections::HashSet;

/// Refuses a valid document for what its values are. Its size is bounded: so is what is to be looked at.
pub(super) fn check(schema: &Valid<Schema>, document: &ExecutableDocument) -> Result<(), Vec<ServerError>> {
    for operation in document.operations.iter() {
        let literals = Literals { schema, operation };
        literals.check(document).map_err(|fault| {
            let error = ServerError::new(fault.message, place(fault.at, &document.sources));
            vec![coded(error, fault.code)]
        })?;
    }
    Ok(())
}

struct Fault {
    message: String,
    at: Option<SourceSpan>,
    code: &'static str,
}

/// The literals of an operation.
struct Literals<'a> {
    schema: &'a Schema,
    operation: &'a Operation,
}

/// What is expected at a place.
#[derive(Clone, Copy)]
struct Expected<'a> {
    takes: &'a Type,
    /// Whether something stands there where nothing is given.
    has_default: bool,
}

impl<'a> Expected<'a> {
    fn by(definition: &'a InputValueDefinition) -> Self {
        Self { takes: &definition.ty, has_default: definition.default_value.is_some() }
    }
}

impl Literals<'_> {
    fn check(&self, document: &ExecutableDocument) -> Result<(), Fault> {
        for variable in &self.operation.variables {
            if let Some(default) = &variable.default_value {
                self.value(Expected { takes: &variable.ty, has_default: false }, default)?;
            }
        }
        for field in self.operation.all_fields(document) {
            for argument in &field.arguments {
                if let Some(definition) = field.definition.argument_by_name(&argument.name) {
                    self.value(Expected::by(definition), &argument.value)?;
                }
            }
        }
        Ok(())
    }

    fn value(&self, expected: Expected<'_>, value: &Node<Value>) -> Result<(), Fault> {
        match &**value {
            Value::Variable(name) => self.variable(expected, name, value),
            Value::List(items) => {
                if items.len() > MAX_ITEMS {
                    let message = format!("A list here has at most {MAX_ITEMS} items. Send the rest separately.");
                    return Err(Fault { message, at: value.location(), code: code::QUERY_LIMIT });
                }
                let item = Expected { takes: expected.takes.item_type(), has_default: false };
                items.iter().try_for_each(|each| self.value(item, each))
            }
            Value::Object(fields) => {
                let named = self.schema.types.get(expected.takes.inner_named_type());
                let Some(ExtendedType::InputObject(object)) = named else { return Ok(()) };
                if let Some(twice) = twice(fields) {
                    return Err(invalid(format!("The field `{twice}` is given twice."), value.location()));
                }
                if object.directives.has("oneOf") {
                    self.one_of(&object.name, fields.iter().map(|(_, value)| value), value.location())?;
                }
                fields.iter().try_for_each(|(name, value)| {
                    object.fields.get(name).map_or(Ok(()), |field| self.value(Expected::by(field), value))
                })
            }
            Value::Null => Ok(()),
            _ => {
                let name = expected.takes.inner_named_type();
                let Ok(given) = convert::constant(value) else { return Ok(()) };
                if scalars::holds_nul(&given) {
                    let message = "A text holds the NUL character, which no text may.".to_owned();
                    return Err(Fault { message, at: value.location(), code: code::BAD_USER_INPUT });
                }
                scalars::check(name, &given).map_err(|message| invalid(message, value.location()))
            }
        }
    }

    /// That a variable's type is one that the place takes, be it within a list or an object.
    fn variable(&self, expected: Expected<'_>, name: &str, at: &Node<Value>) -> Result<(), Fault> {
        let Some(variable) = self.definition(name) else { return Ok(()) };
        let (takes, given) = (expected.takes, &variable.ty);
        let never_null = expected.has_default || variable.default_value.as_ref().is_some_and(|value| !value.is_null());
        let fits = if takes.is_non_null() && !given.is_non_null() {
            never_null && given.is_assignable_to(&takes.clone().nullable())
        } else {
            given.is_assignable_to(takes)
        };
        if fits {
            return Ok(());
        }
        let message = format!("Variable `${name}` is of the type `{given}`, and `{takes}` is needed here.");
        Err(invalid(message, at.location()))
    }

    fn one_of<'v>(
        &self,
        object: &str,
        mut values: impl Iterator<Item = &'v Node<Value>>,
        at: Option<SourceSpan>,
    ) -> Result<(), Fault> {
        let (first, more) = (values.next(), values.next());
        let is_given = first.is_some_and(|value| match &**value {
            Value::Null => false,
            Value::Variable(name) => self.definition(name).is_none_or(|variable| variable.ty.is_non_null()),
            _ => true,
        });
        if is_given && more.is_none() {
            return Ok(());
        }
        Err(invalid(format!("Of `{object}`, give exactly one field, and not null."), at))
    }

    fn definition(&self, name: &str) -> Option<&Node<VariableDefinition>> {
        self.operation.variables.iter().find(|variable| variable.name == name)
    }
}

/// The name that stands there more than once.
fn twice(fields: &[(Name, Node<Value>)]) -> Option<&Name> {
    let mut known = HashSet::new();
    fields.iter().map(|(name, _)| name).find(|name| !known.insert(name.as_str()))
}

fn invalid(message: String, at: Option<SourceSpan>) -> Fault {
    Fault { message, at, code: code::GRAPHQL_VALIDATION_FAILED }
}
