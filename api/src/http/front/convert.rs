//! A document as the engine takes it, made of what the validator has read: so it is parsed once, and what is run is what
//! was validated.

use super::fault::one;
use crate::graphql::code;
use apollo_compiler::ast::{self, Definition, DirectiveList, Document};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::{Name, Node};
use async_graphql::parser::types::{
    BaseType, Directive, DocumentOperations, ExecutableDocument, Field, FragmentDefinition, FragmentSpread,
    InlineFragment, OperationDefinition, OperationType, Selection, SelectionSet, Type, TypeCondition,
    VariableDefinition,
};
use async_graphql::{Pos, Positioned, ServerError};
use async_graphql_value::{ConstValue, Name as EngineName, Value};
use std::collections::HashMap;

type Converted<T> = Result<T, Vec<ServerError>>;

/// The document, which is valid.
pub(super) fn to_engine(document: &Document, text: &str) -> Converted<ExecutableDocument> {
    let lines = Lines::of(text);
    let (mut anonymous, mut named, mut fragments) = (None, HashMap::new(), HashMap::new());
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                let converted = match operation.operation_type {
                    ast::OperationType::Subscription => lines.operation(&of_one_field(operation, document))?,
                    ast::OperationType::Query | ast::OperationType::Mutation => lines.operation(operation)?,
                };
                let converted = lines.at(operation.location(), converted);
                match &operation.name {
                    Some(name) => drop(named.insert(engine_name(name), converted)),
                    None => anonymous = Some(converted),
                }
            }
            Definition::FragmentDefinition(fragment) => {
                let converted = lines.at(fragment.location(), lines.fragment(fragment)?);
                fragments.insert(engine_name(&fragment.name), converted);
            }
            // Nothing else is valid in a document.
            _ => {}
        }
    }
    let operations = anonymous.map_or(DocumentOperations::Multiple(named), DocumentOperations::Single);
    Ok(ExecutableDocument { operations, fragments })
}

/// A subscription with its one field written out: the engine looks into no fragment at its root, and would answer for each
/// time that the field is selected.
fn of_one_field(operation: &ast::OperationDefinition, document: &Document) -> ast::OperationDefinition {
    let mut selected = fields(&operation.selection_set, document).into_iter();
    let whole = selected.next().map(|first| {
        let mut whole = first.clone();
        let more = selected.flat_map(|field| field.selection_set.iter().cloned());
        whole.make_mut().selection_set.extend(more);
        ast::Selection::Field(whole)
    });
    ast::OperationDefinition { selection_set: Vec::from_iter(whole), ..operation.clone() }
}

/// The fields of a selection, also those of its fragments.
fn fields<'a>(selections: &'a [ast::Selection], document: &'a Document) -> Vec<&'a Node<ast::Field>> {
    let of_name = |name: &Name| {
        document.definitions.iter().find_map(|definition| match definition {
            Definition::FragmentDefinition(fragment) if fragment.name == *name => Some(fragment),
            _ => None,
        })
    };
    let selected = selections.iter().flat_map(|selection| match selection {
        ast::Selection::Field(field) => vec![field],
        ast::Selection::InlineFragment(fragment) => fields(&fragment.selection_set, document),
        ast::Selection::FragmentSpread(spread) => {
            of_name(&spread.fragment_name).map_or_else(Vec::new, |known| fields(&known.selection_set, document))
        }
    });
    selected.collect()
}

/// A literal without variables, as the engine takes it.
pub(super) fn constant(value: &ast::Value) -> Converted<ConstValue> {
    // A variable cannot stand here in what is valid; the engine would take it for null as well.
    Ok(literal(value)?.into_const().unwrap_or_default())
}

fn engine_name(name: &Name) -> EngineName {
    EngineName::new(name.as_str())
}

/// Where the lines of a text begin, so that a place is found without reading the text anew.
struct Lines {
    starts: Vec<usize>,
    /// The bytes that begin no character: they make no column.
    within_characters: Vec<usize>,
}

impl Lines {
    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends_line = |&at: &usize| bytes[at] == b'\n' || bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
        let starts = std::iter::once(0).chain((0..bytes.len()).filter(ends_line).map(|at| at + 1)).collect();
        let within_characters = (0..bytes.len()).filter(|&at| !text.is_char_boundary(at)).collect();
        Self { starts, within_characters }
    }

    fn place(&self, offset: usize) -> Pos {
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = line.checked_sub(1).and_then(|line| self.starts.get(line)).copied().unwrap_or_default();
        let before = |end: usize| self.within_characters.partition_point(|&at| at < end);
        Pos { line, column: 1 + offset - start - (before(offset) - before(start)) }
    }

    fn at<T>(&self, location: Option<SourceSpan>, node: T) -> Positioned<T> {
        Positioned::new(node, location.map_or_else(Pos::default, |location| self.place(location.offset())))
    }

    fn name(&self, name: &Name) -> Positioned<EngineName> {
        self.at(name.location(), engine_name(name))
    }

    fn operation(&self, operation: &ast::OperationDefinition) -> Converted<OperationDefinition> {
        let variables = operation.variables.iter();
        Ok(OperationDefinition {
            ty: match operation.operation_type {
                ast::OperationType::Query => OperationType::Query,
                ast::OperationType::Mutation => OperationType::Mutation,
                ast::OperationType::Subscription => OperationType::Subscription,
            },
            variable_definitions: variables.map(|variable| self.variable(variable)).collect::<Converted<_>>()?,
            directives: self.directives(&operation.directives)?,
            selection_set: self.selections(&operation.selection_set)?,
        })
    }

    fn fragment(&self, fragment: &ast::FragmentDefinition) -> Converted<FragmentDefinition> {
        Ok(FragmentDefinition {
            type_condition: self.condition(&fragment.type_condition),
            directives: self.directives(&fragment.directives)?,
            selection_set: self.selections(&fragment.selection_set)?,
        })
    }

    fn condition(&self, on: &Name) -> Positioned<TypeCondition> {
        self.at(on.location(), TypeCondition { on: self.name(on) })
    }

    fn variable(&self, variable: &Node<ast::VariableDefinition>) -> Converted<Positioned<VariableDefinition>> {
        let default = variable.default_value.as_ref();
        let default =
            default.map(|value| constant(value).map(|constant| self.at(value.location(), constant))).transpose()?;
        let converted = VariableDefinition {
            name: self.name(&variable.name),
            var_type: self.at(variable.ty.location(), engine_type(&variable.ty)),
            directives: self.directives(&variable.directives)?,
            default_value: default,
        };
        Ok(self.at(variable.location(), converted))
    }

    /// The place of a selection is that of its first, which is as close as the parser says.
    fn selections(&self, selections: &[ast::Selection]) -> Converted<Positioned<SelectionSet>> {
        let items = selections.iter().map(|selection| self.selection(selection)).collect::<Converted<Vec<_>>>()?;
        let pos = items.first().map_or_else(Pos::default, |first| first.pos);
        Ok(Positioned::new(SelectionSet { items }, pos))
    }

    fn selection(&self, selection: &ast::Selection) -> Converted<Positioned<Selection>> {
        Ok(match selection {
            ast::Selection::Field(field) => {
                let location = field.location();
                self.at(location, Selection::Field(self.at(location, self.field(field)?)))
            }
            ast::Selection::FragmentSpread(spread) => {
                let (location, directives) = (spread.location(), self.directives(&spread.directives)?);
                let converted = FragmentSpread { fragment_name: self.name(&spread.fragment_name), directives };
                self.at(location, Selection::FragmentSpread(self.at(location, converted)))
            }
            ast::Selection::InlineFragment(fragment) => {
                let location = fragment.location();
                let converted = InlineFragment {
                    type_condition: fragment.type_condition.as_ref().map(|on| self.condition(on)),
                    directives: self.directives(&fragment.directives)?,
                    selection_set: self.selections(&fragment.selection_set)?,
                };
                self.at(location, Selection::InlineFragment(self.at(location, converted)))
            }
        })
    }

    fn field(&self, field: &ast::Field) -> Converted<Field> {
        Ok(Field {
            alias: field.alias.as_ref().map(|alias| self.name(alias)),
            name: self.name(&field.name),
            arguments: self.arguments(&field.arguments)?,
            directives: self.directives(&field.directives)?,
            selection_set: self.selections(&field.selection_set)?,
        })
    }

    fn directives(&self, directives: &DirectiveList) -> Converted<Vec<Positioned<Directive>>> {
        let converted = directives.iter().map(|directive| {
            let (name, arguments) = (self.name(&directive.name), self.arguments(&directive.arguments)?);
            Ok(self.at(directive.location(), Directive { name, arguments }))
        });
        converted.collect()
    }

    fn arguments(
        &self,
        arguments: &[Node<ast::Argument>],
    ) -> Converted<Vec<(Positioned<EngineName>, Positioned<Value>)>> {
        let converted = arguments.iter().map(|argument| {
            let value = self.at(argument.value.location(), literal(&argument.value)?);
            Ok((self.name(&argument.name), value))
        });
        converted.collect()
    }
}

fn literal(value: &ast::Value) -> Converted<Value> {
    Ok(match value {
        ast::Value::Null => Value::Null,
        ast::Value::Enum(name) => Value::Enum(engine_name(name)),
        ast::Value::Variable(name) => Value::Variable(engine_name(name)),
        ast::Value::String(text) => Value::String(text.clone()),
        ast::Value::Boolean(value) => Value::Boolean(*value),
        ast::Value::Int(digits) => number(digits.as_str())?,
        ast::Value::Float(digits) => number(digits.as_str())?,
        ast::Value::List(items) => Value::List(items.iter().map(|item| literal(item)).collect::<Converted<_>>()?),
        ast::Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| Ok((engine_name(name), literal(value)?)));
            Value::Object(fields.collect::<Converted<_>>()?)
        }
    })
}

fn engine_type(of: &ast::Type) -> Type {
    let named = |name: &Name| BaseType::Named(engine_name(name));
    match of {
        ast::Type::Named(name) => Type { base: named(name), nullable: true },
        ast::Type::NonNullNamed(name) => Type { base: named(name), nullable: false },
        ast::Type::List(item) => Type { base: BaseType::List(Box::new(engine_type(item))), nullable: true },
        ast::Type::NonNullList(item) => Type { base: BaseType::List(Box::new(engine_type(item))), nullable: false },
    }
}

fn number(text: &str) -> Converted<Value> {
    let message = || one(format!("The number {text:.40} is too large."), code::BAD_USER_INPUT);
    text.parse().map(Value::Number).map_err(|_| message())
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;

    fn converted(text: &str) -> ExecutableDocument {
        to_engine(&Document::parse(text, "").unwrap_or_else(|errors| panic!("{errors}")), text)
            .unwrap_or_else(|errors| panic!("{errors:?}"))
    }

    /// What an engine's document holds, with maps in their order.
    fn described(document: &ExecutableDocument) -> String {
        let mut operations: Vec<_> = document.operations.iter().map(|each| format!("{each:?}")).collect();
        let mut fragments: Vec<_> = document.fragments.iter().map(|each| format!("{each:?}")).collect();
        operations.sort();
        fragments.sort();
        let whole = format!("{operations:?} {fragments:?}");
        // The engine's parser says where the bracket of a selection is, and ours where its first item is.
        whole.split("pos: Pos(").map(|part| part.split_once(')').map_or(part, |(_, rest)| rest)).collect()
    }

    #[test]
    fn what_the_engine_would_read_is_what_it_gets() {
        for text in [
            "{ a }",
            "query Q($x: [Int!]! = [1, -2], $y: T = {a: {b: null}}) @d(x: $x) { a(x: $x, y: 1.5e3, z: E) @skip(if: true) { ...F } }\
             fragment F on T @d { b: c ... on U { d } ... @include(if: $y) { e } ... { f } }",
            "mutation M { a(x: \"é\\u00e9\\n\", y: \"\"\"\n  block\n    text\n  \"\"\", z: {a: [true, false, null]}) } subscription S { s }",
        ] {
            let engines = parse_query(text).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(described(&converted(text)), described(&engines), "{text}");
        }
    }

    #[test]
    fn a_subscription_has_its_one_field_once() {
        let written_out = "subscription { a: s(x: 1) { b ...G c } } fragment F on S { ... { a: s(x: 1) { c } } } fragment G on T { d }";
        let spread = "subscription { a: s(x: 1) { b ...G } ...F } fragment F on S { ... { a: s(x: 1) { c } } } fragment G on T { d }";
        assert_eq!(described(&converted(spread)), described(&converted(written_out)));
        let alone = "subscription { ...F } fragment F on S { ... { a: s(x: 1) { c } } }";
        let written_out = "subscription { a: s(x: 1) { c } } fragment F on S { ... { a: s(x: 1) { c } } }";
        assert_eq!(described(&converted(alone)), described(&converted(written_out)));
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "{ a(x: \"é\") b\r\n\r  c\n}";
        let found = |name: &str| Lines::of(text).place(text.find(name).unwrap_or_default());
        assert_eq!(found("b"), Pos { line: 1, column: 13 });
        assert_eq!(found("c"), Pos { line: 3, column: 3 });
        assert_eq!(found("}"), Pos { line: 4, column: 1 });
    }

    #[test]
    fn a_number_beyond_all_numbers_is_refused() {
        assert!(number("1e999").is_err());
        assert!(number("-9999999999999999999999").is_ok());
    }
}
