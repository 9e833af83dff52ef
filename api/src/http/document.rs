//! What the endpoint has to know of a document before the engine gets it.

use async_graphql::ServerError;
use async_graphql::Variables;
use async_graphql::parser::parse_query;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, Selection, SelectionSet,
};

/// Reads a document. The parser's own account of a fault quotes the whole line; only what it expected is of use.
pub(super) fn parse(text: &str) -> Result<ExecutableDocument, ServerError> {
    parse_query(text).map_err(|error| {
        let mut error = ServerError::from(error);
        let expected = error.message.rsplit_once("= ").map_or("something else", |(_, expected)| expected.trim());
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

/// Whether it asks for the schema's own description.
pub(super) fn introspects(document: &ExecutableDocument) -> bool {
    fn within(set: &SelectionSet) -> bool {
        set.items.iter().any(|item| match &item.node {
            Selection::Field(field) => {
                matches!(field.node.name.node.as_str(), "__schema" | "__type") || within(&field.node.selection_set.node)
            }
            Selection::InlineFragment(fragment) => within(&fragment.node.selection_set.node),
            Selection::FragmentSpread(_) => false,
        })
    }
    document.operations.iter().any(|(_, operation)| within(&operation.node.selection_set.node))
        || document.fragments.values().any(|fragment| within(&fragment.node.selection_set.node))
}
