//! Objects that are in memory, answered one after another.
//!
//! Nothing waits beneath a root field: the whole selection was loaded at once. The engine takes no notice of that. It boxes a
//! future for each field of each object and polls them beside one another, which costs more than everything else that is done
//! with a row. Here the fields are told once for a whole list, or an object, and resolved in their order, with the same answers
//! and errors. (Of the schema's extensions none wants to hear of each field.)

use super::error::Nullable;
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
        let shape = Shape::of::<R::Target>(ctx);
        let answers = async {
            let mut answers = Vec::with_capacity(self.0.len());
            for (i, object) in self.0.iter().enumerate() {
                let ctx = ctx.with_index(i);
                let answer = match &shape {
                    Some(shape) => shape.answer(&**object, shape.empty.clone(), &ctx).await,
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

/// What a root field finds that leads to one object.
pub(crate) type Found<T> = Nullable<One<Box<T>>>;

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
            match Shape::of::<R::Target>(ctx) {
                Some(mut shape) => {
                    let empty = std::mem::take(&mut shape.empty);
                    shape.answer(&*self.0, empty, ctx).await
                }
                None => self.0.resolve(ctx, field).await,
            }
        };
        // Objects hold one another: the one box is this object's.
        answers.boxed().await
    }
}

/// The fields that are selected of each object, each under a name of its own.
struct Shape<'a> {
    fields: Vec<&'a Positioned<Field>>,
    /// An answer with nothing in it yet, under all these names in their order: a copy of it takes no hashing.
    empty: IndexMap<Name, Value>,
}

impl<'a> Shape<'a> {
    /// What is selected of objects of this type; nothing where it takes the engine to tell.
    fn of<T: OutputType>(ctx: &ContextSelectionSet<'a>) -> Option<Self> {
        let of_selected = ctx.item.node.items.len();
        let (fields, empty) = (Vec::with_capacity(of_selected), IndexMap::with_capacity(of_selected));
        let mut shape = Self { fields, empty };
        shape.collect::<T>(ctx, &ctx.item.node)?;
        Some(shape)
    }

    fn collect<T: OutputType>(&mut self, ctx: &ContextSelectionSet<'a>, selected: &'a SelectionSet) -> Option<()> {
        for selection in &selected.items {
            let (condition, within) = match &selection.node {
                Selection::Field(field) => {
                    let is_there = self.empty.insert(field.node.response_key().node.clone(), Value::Null).is_some();
                    if is_there || !field.node.directives.is_empty() {
                        return None;
                    }
                    self.fields.push(field);
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
            self.collect::<T>(ctx, &within.node)?;
        }
        Some(())
    }

    /// What one object answers, put into an answer that is empty.
    async fn answer<T: ContainerType>(
        &self,
        object: &T,
        mut empty: IndexMap<Name, Value>,
        ctx: &ContextSelectionSet<'_>,
    ) -> ServerResult<Value> {
        for (field, answer) in self.fields.iter().zip(empty.values_mut()) {
            *answer = if field.node.name.node == "__typename" {
                Value::String(object.introspection_type_name().into_owned())
            } else {
                object.resolve_field(&ctx.with_field(field)).await?.unwrap_or_default()
            };
        }
        Ok(Value::Object(empty))
    }
}
