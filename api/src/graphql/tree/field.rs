//! A field of the document, with all that is selected beneath it.

use crate::error::{Error, Result};
use async_graphql::parser::types::{self as ast, Selection, SelectionSet};
use async_graphql::{Context, InputType, Value, context::QueryEnv};

/// The types that a fragment may be on without being on an object: whatever object stands there, it applies.
const ABSTRACT: [&str; 2] = ["Node", "SearchResult"];

/// One field as the executor will see it: occurrences under the same response key are one field.
/// (`@skip` and `@include` are gone by now: the library removes what they exclude before it runs anything.)
#[derive(Clone)]
pub(crate) struct Field<'a> {
    request: &'a QueryEnv,
    first: &'a ast::Field,
    sets: Vec<&'a SelectionSet>,
}

impl<'a> Field<'a> {
    /// The field that is being resolved.
    pub(crate) fn of(ctx: &Context<'a>) -> Self {
        let first = &ctx.item.node;
        Self { request: ctx.query_env, first, sets: vec![&first.selection_set.node] }
    }

    /// Its name in the schema.
    pub(crate) fn name(&self) -> &'a str {
        &self.first.name.node
    }

    /// Its name in the answer.
    pub(crate) fn key(&self) -> &'a str {
        &self.first.response_key().node
    }

    /// One of its arguments, absent or null where it was not given.
    pub(crate) fn argument<T: InputType>(&self, name: &str) -> Result<T> {
        let given = self.first.arguments.iter().find(|(argument, _)| argument.node == name);
        let variable = |name: async_graphql::Name| Ok::<_, Error>(self.variable(&name));
        let value = given.map(|(_, value)| value.node.clone().into_const_with(variable)).transpose()?;
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
        given.or_else(default).unwrap_or_default()
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
        self.sets.extend(other.sets);
        self
    }

    fn collect(&self, set: &'a SelectionSet, on: &str, into: &mut Vec<Self>) {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => self.add(&field.node, into),
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

    fn add(&self, field: &'a ast::Field, into: &mut Vec<Self>) {
        let key = &field.response_key().node;
        match into.iter_mut().find(|known| known.key() == key) {
            Some(known) => known.sets.push(&field.selection_set.node),
            None => into.push(Self { request: self.request, first: field, sets: vec![&field.selection_set.node] }),
        }
    }
}

fn applies(condition: &str, on: &str) -> bool {
    condition == on || ABSTRACT.contains(&condition)
}
