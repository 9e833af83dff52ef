//! A field of the document, with all that is selected beneath it.

use crate::clock::Clock;
use crate::error::{Error, Result};
use async_graphql::parser::types::{self as ast, Selection, SelectionSet};
use async_graphql::{Context, InputType, Name, Pos, Positioned, Value, context::QueryEnv};
use chrono::{DateTime, Utc};
use std::any::TypeId;
use std::convert::Infallible;
use std::sync::Arc;

/// The places of a field's occurrences in the document.
pub(super) type Places = Arc<[Pos]>;

/// The types that a fragment may be on without being on an object: whatever object stands there, it applies.
const ABSTRACT: [&str; 3] = ["Node", "SearchResult", "_Entity"];

/// One field as the executor will see it: occurrences of the same field under the same response key are one.
/// (`@skip` and `@include` are gone by now: the library removes what they exclude before it runs anything.)
#[derive(Clone)]
pub(crate) struct Field<'a> {
    request: &'a QueryEnv,
    first: &'a ast::Field,
    places: Vec<Pos>,
    sets: Vec<&'a SelectionSet>,
}

impl<'a> Field<'a> {
    /// The field that is being resolved.
    pub(crate) fn of(ctx: &Context<'a>) -> Self {
        Self::at(ctx.query_env, ctx.item)
    }

    fn at(request: &'a QueryEnv, field: &'a Positioned<ast::Field>) -> Self {
        let Positioned { pos, node: first } = field;
        Self { request, first, places: vec![*pos], sets: vec![&first.selection_set.node] }
    }

    /// Its name in the schema.
    pub(crate) fn name(&self) -> &'a str {
        &self.first.name.node
    }

    /// Where it stands in the document. Unlike its name in the answer, that tells it from every other field: the rows of
    /// a list may be asked for twice, as `nodes` and in `edges`, with different fields of one name.
    pub(super) fn places(&self) -> Places {
        self.places.as_slice().into()
    }

    /// One of its arguments, absent or null where it was not given.
    pub(crate) fn argument<T: InputType>(&self, name: &str) -> Result<T> {
        let given = self.first.arguments.iter().find(|(argument, _)| argument.node == name);
        let value = given.and_then(|(_, value)| {
            let Ok(value) = value.node.clone().into_const_with(|name| Ok::<_, Infallible>(self.variable(&name)));
            given_of(value)
        });
        // The executor coerces arguments too and reports what is wrong with them; this text is never shown.
        T::parse(value).map_err(|_| Error::BadInput(format!("`{name}` cannot be understood.")))
    }

    fn variable(&self, name: &str) -> Value {
        let given = self.request.variables.get(name).cloned();
        let default = || {
            let definitions = &self.request.operation.node.variable_definitions;
            let definition = definitions.iter().find(|definition| definition.node.name.node == name);
            definition.and_then(|definition| definition.node.default_value.as_ref()).map(|value| value.node.clone())
        };
        given.or_else(default).unwrap_or_else(omitted)
    }

    /// The moment at which the request asks.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        let clock = self.request.query_data.get(&TypeId::of::<Clock>()).and_then(|clock| clock.downcast_ref::<Clock>());
        clock.copied().unwrap_or_default().now()
    }

    /// What is selected beneath it on an object of this type.
    pub(crate) fn selected(&self, on: &str) -> Vec<Self> {
        let mut fields = Vec::new();
        for set in &self.sets {
            self.collect(set, on, &mut fields);
        }
        fields
    }

    /// The field beneath it under whatever response keys, as one.
    pub(crate) fn child(&self, on: &str, name: &str) -> Option<Self> {
        self.selected(on).into_iter().filter(|field| field.name() == name).reduce(Self::and)
    }

    /// The same field with nothing selected beneath it.
    pub(crate) fn nothing(&self) -> Self {
        Self { sets: Vec::new(), ..self.clone() }
    }

    /// Both fields as one.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.places.extend(other.places);
        self.sets.extend(other.sets);
        self
    }

    fn collect(&self, set: &'a SelectionSet, on: &str, into: &mut Vec<Self>) {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => self.add(field, into),
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref().map(|condition| &*condition.node.on.node);
                    if condition.is_none_or(|condition| applies(condition, on)) {
                        self.collect(&fragment.node.selection_set.node, on, into);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = self.request.fragments.get(&spread.node.fragment_name.node);
                    if let Some(fragment) = fragment.filter(|f| applies(&f.node.type_condition.node.on.node, on)) {
                        self.collect(&fragment.node.selection_set.node, on, into);
                    }
                }
            }
        }
    }

    fn add(&self, field: &'a Positioned<ast::Field>, into: &mut Vec<Self>) {
        let field = Self::at(self.request, field);
        match into.iter_mut().find(|known| known.is_same(field.first)) {
            // A fragment that is spread twice.
            Some(known) if known.places.contains(&field.places[0]) => {}
            Some(known) => *known = known.clone().and(field),
            None => into.push(field),
        }
    }

    fn is_same(&self, other: &ast::Field) -> bool {
        self.first.response_key().node == other.response_key().node
            && self.first.name.node == other.name.node
            && self.first.arguments == other.arguments
    }
}

/// Stands for a variable that was not given: an enumeration's value without a name, which nobody can write.
fn omitted() -> Value {
    Value::Enum(Name::new(""))
}

/// What is left without the variables that were not given: they are not null, they are not there.
fn given_of(value: Value) -> Option<Value> {
    Some(match value {
        Value::Enum(name) if name.is_empty() => return None,
        Value::List(items) => items.into_iter().map(|item| given_of(item).unwrap_or_default()).collect(),
        Value::Object(fields) => {
            let given = fields.into_iter().filter_map(|(name, value)| Some((name, given_of(value)?)));
            Value::Object(given.collect())
        }
        other => other,
    })
}

fn applies(condition: &str, on: &str) -> bool {
    condition == on || ABSTRACT.contains(&condition)
}
