//! What the endpoint has to know of a document before the engine gets it.

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{
    BaseType, DocumentOperations, ExecutableDocument, OperationDefinition, Selection, SelectionSet, Type,
};
use async_graphql::{Positioned, ServerError, Value, Variables};

/// Reads a document. The parser's own account of a fault quotes the whole line; only what it expected is of use.
pub(super) fn parse(text: &str) -> Result<ExecutableDocument, ServerError> {
    parse_query(text).map_err(|error| {
        let mut error = ServerError::from(error);
        let expected =
            error.message.rsplit_once("= ").map_or("something else", |(_, expected)| expected.trim()).replace('_', " ");
        error.message = format!("The document cannot be read: {expected}.");
        error
    })
}

/// The operation that a request asks for; none where the engine will say that there is no such one.
pub(super) fn operation<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Option<&'a OperationDefinition> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(&operation.node),
        (DocumentOperations::Multiple(named), Some(name)) => named.get(name).map(|operation| &operation.node),
        (DocumentOperations::Multiple(named), None) if named.len() == 1 => {
            named.values().next().map(|operation| &operation.node)
        }
        _ => None,
    }
}

/// Gives every variable that the request leaves out its default. The engine does so itself, but not where a variable
/// decides on `@skip` or `@include`.
pub(super) fn fill_in(variables: &mut Variables, operation: &OperationDefinition) {
    for definition in operation.variable_definitions.iter().map(|definition| &definition.node) {
        if let Some(default) = &definition.default_value {
            variables.entry(definition.name.node.clone()).or_insert_with(|| default.node.clone());
        }
    }
}

/// Refuses values of variables that their types do not take. The engine sees to it where an argument is read, but not
/// where a variable decides on `@skip` or `@include`, and by then the other fields have been answered.
pub(super) fn check(variables: &Variables, operation: &OperationDefinition) -> Result<(), ServerError> {
    for Positioned { pos, node: definition } in &operation.variable_definitions {
        let name = &definition.name.node;
        let takes = &definition.var_type.node;
        if !fits(variables.get(name).unwrap_or(&Value::Null), takes) {
            let message = format!("The variable `${name}` needs a value of the type `{takes}`.");
            return Err(ServerError::new(message, Some(*pos)));
        }
    }
    Ok(())
}

/// Whether a value can be of a type. Of the schema's own types only the engine knows more.
fn fits(value: &Value, takes: &Type) -> bool {
    match (&takes.base, value) {
        (_, Value::Null) => takes.nullable,
        (BaseType::List(item), Value::List(items)) => items.iter().all(|value| fits(value, item)),
        (BaseType::List(item), value) => fits(value, item),
        (BaseType::Named(name), value) => match name.as_str() {
            "Boolean" => matches!(value, Value::Boolean(_)),
            "Int" => {
                matches!(value, Value::Number(number) if number.as_i64().is_some_and(|int| i32::try_from(int).is_ok()))
            }
            "Float" => matches!(value, Value::Number(_)),
            "String" => matches!(value, Value::String(_)),
            "ID" => matches!(value, Value::String(_)) || matches!(value, Value::Number(number) if !number.is_f64()),
            _ => true,
        },
    }
}

/// Whether a document asks anywhere for a field of one of these names.
pub(super) fn asks_for(document: &ExecutableDocument, fields: &[&str]) -> bool {
    fn within(set: &SelectionSet, fields: &[&str]) -> bool {
        set.items.iter().any(|item| match &item.node {
            Selection::Field(field) => {
                fields.contains(&field.node.name.node.as_str()) || within(&field.node.selection_set.node, fields)
            }
            Selection::InlineFragment(fragment) => within(&fragment.node.selection_set.node, fields),
            Selection::FragmentSpread(_) => false,
        })
    }
    document.operations.iter().any(|(_, operation)| within(&operation.node.selection_set.node, fields))
        || document.fragments.values().any(|fragment| within(&fragment.node.selection_set.node, fields))
}
