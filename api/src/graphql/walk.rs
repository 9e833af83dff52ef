//! Objects that are in memory, answered one after another.
//!
//! Nothing waits beneath a root field: the whole selection was loaded at once. The engine takes no notice of that. It boxes a
//! future for each field of each object and polls them beside one another, which costs more than everything else that is done
//! with a row. Here the fields are told once for a whole list, or an object, and resolved in their order, with the same answers
//! and errors. (The schema has no extensions, which would want to hear of each field.)

use async_graphql::parser::types::{Field, Selection, SelectionSet};
use async_graphql::registry::Registry;
use async_graphql::resolver_utils::ContainerType;
use async_graphql::{ContextSelectionSet, Name, OutputType, Positioned, ServerResult, Value, indexmap::IndexMap};
use futures_util::future::FutureExt as _;
use std::borrow::Cow;
use std::ops::Deref;

/// A list of objects that are in memory: what leads to each of them.
pub(crate) struct Walk<R>(Vec<R>);

impl<R> FromIterator<R> for Walk<R> {
    fn from_iter<I: IntoIterator<Item = R>>(objects: I) -> Self {
        Self(objects.into_iter().collect())
    }
}

impl<R: Deref<Target: ContainerType + Sized> + Send + Sync> OutputType for Walk<R> {
    fn type_name() -> Cow<'static, str> {
        <Vec<R::Target> as OutputType>::type_name()
    }

    fn qualified_type_name() -> String {
        <Vec<R::Target> as OutputType>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Vec<R::Target> as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let fields = plain_fields::<R::Target>(ctx);
        let answers = async {
            let mut answers = Vec::with_capacity(self.0.len());
            for (i, object) in self.0.iter().enumerate() {
                let ctx = ctx.with_index(i);
                let answer = match &fields {
                    Some(fields) => answer(&**object, &ctx, fields).await,
                    None => object.resolve(&ctx, field).await,
                };
                answers.push(answer.map_err(|error| ctx.set_error_path(error))?);
            }
            Ok(Value::List(answers))
        };
        // Lists hold lists: the one box is this list's.
        answers.boxed().await
    }
}

/// An object that is in memory: what leads to it.
#[derive(Debug)]
pub(crate) struct One<R>(pub(crate) R);

impl<R: Deref<Target: ContainerType + Sized> + Send + Sync> OutputType for One<R> {
    fn type_name() -> Cow<'static, str> {
        R::Target::type_name()
    }

    fn qualified_type_name() -> String {
        R::Target::qualified_type_name()
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.0.introspection_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        R::Target::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let answers = async {
            match plain_fields::<R::Target>(ctx) {
                Some(fields) => answer(&*self.0, ctx, &fields).await,
                None => self.0.resolve(ctx, field).await,
            }
        };
        // Objects hold one another: the one box is this object's.
        answers.boxed().await
    }
}

/// The fields that are selected of each object, each under a name of its own; nothing where it takes the engine to tell.
fn plain_fields<'a, T: OutputType>(ctx: &ContextSelectionSet<'a>) -> Option<Vec<&'a Positioned<Field>>> {
    let mut fields = Vec::new();
    collect::<T>(ctx, &ctx.item.node, &mut fields)?;
    Some(fields)
}

fn collect<'a, T: OutputType>(
    ctx: &ContextSelectionSet<'a>,
    selected: &'a SelectionSet,
    fields: &mut Vec<&'a Positioned<Field>>,
) -> Option<()> {
    for selection in &selected.items {
        let (condition, within) = match &selection.node {
            Selection::Field(field) => {
                let key = &field.node.response_key().node;
                let is_there = fields.iter().any(|known| &known.node.response_key().node == key);
                if is_there || !field.node.directives.is_empty() {
                    return None;
                }
                fields.push(field);
                continue;
            }
            Selection::InlineFragment(fragment) => {
                (fragment.node.type_condition.as_ref(), &fragment.node.selection_set)
            }
            Selection::FragmentSpread(spread) => {
                let fragment = ctx.query_env.fragments.get(&spread.node.fragment_name.node)?;
                (Some(&fragment.node.type_condition), &fragment.node.selection_set)
            }
        };
        if condition.is_some_and(|condition| condition.node.on.node.as_str() != T::type_name()) {
            return None;
        }
        collect::<T>(ctx, &within.node, fields)?;
    }
    Some(())
}

/// What one object answers.
async fn answer<T: ContainerType>(
    object: &T,
    ctx: &ContextSelectionSet<'_>,
    fields: &[&Positioned<Field>],
) -> ServerResult<Value> {
    let mut answers: IndexMap<Name, Value> = IndexMap::with_capacity(fields.len());
    for field in fields {
        let value = if field.node.name.node == "__typename" {
            Value::String(object.introspection_type_name().into_owned())
        } else {
            object.resolve_field(&ctx.with_field(field)).await?.unwrap_or_default()
        };
        answers.insert(field.node.response_key().node.clone(), value);
    }
    Ok(Value::Object(answers))
}
