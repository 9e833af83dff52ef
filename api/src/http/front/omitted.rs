//! Arguments that are given by a variable which was left out: to the specification they were not given at all, so that
//! what the schema says by default holds. The engine takes them for null, and so never sees them.

use super::documents::Operation;
use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Variables};
use async_graphql_value::Value;

type Arguments = Vec<(Positioned<Name>, Positioned<Value>)>;

/// The document without the arguments of this operation that were left out with their variables.
pub(super) fn without(document: &ExecutableDocument, operation: &Operation, given: &Variables) -> ExecutableDocument {
    let mut document = document.clone();
    let omitted = operation.variables.iter().map(|variable| variable.name.as_str());
    let omitted = Omitted(omitted.filter(|name| !given.contains_key(*name)).collect());
    if omitted.0.is_empty() {
        return document;
    }
    // Another operation of the document is not run, whatever becomes of it.
    match &mut document.operations {
        DocumentOperations::Single(operation) => omitted.drop_from_operation(&mut operation.node),
        DocumentOperations::Multiple(operations) => {
            for operation in operations.values_mut() {
                omitted.drop_from_operation(&mut operation.node);
            }
        }
    }
    for fragment in document.fragments.values_mut() {
        omitted.drop_from_directives(&mut fragment.node.directives);
        omitted.drop_from_selections(&mut fragment.node.selection_set.node);
    }
    document
}

/// The names of the variables that were left out and have no default.
struct Omitted<'a>(Vec<&'a str>);

impl Omitted<'_> {
    fn drop_from(&self, arguments: &mut Arguments) {
        let is_omitted = |value: &Value| matches!(value, Value::Variable(name) if self.0.contains(&name.as_str()));
        arguments.retain(|(_, value)| !is_omitted(&value.node));
    }

    fn drop_from_operation(&self, operation: &mut OperationDefinition) {
        self.drop_from_directives(&mut operation.directives);
        self.drop_from_selections(&mut operation.selection_set.node);
    }

    fn drop_from_directives(&self, directives: &mut [Positioned<Directive>]) {
        for directive in directives {
            self.drop_from(&mut directive.node.arguments);
        }
    }

    fn drop_from_selections(&self, selections: &mut SelectionSet) {
        for selection in &mut selections.items {
            match &mut selection.node {
                Selection::Field(field) => self.drop_from_field(&mut field.node),
                Selection::FragmentSpread(spread) => self.drop_from_directives(&mut spread.node.directives),
                Selection::InlineFragment(fragment) => {
                    self.drop_from_directives(&mut fragment.node.directives);
                    self.drop_from_selections(&mut fragment.node.selection_set.node);
                }
            }
        }
    }

    fn drop_from_field(&self, field: &mut Field) {
        self.drop_from(&mut field.arguments);
        self.drop_from_directives(&mut field.directives);
        self.drop_from_selections(&mut field.selection_set.node);
    }
}
