//! A row with the children that were loaded with it.

use super::columns::Columns;
use super::edge::Edge;
use super::edited::{self, Edited};
use super::field::{Field, Places};
use crate::auth::Viewer;
use crate::database::Alias;
use crate::error::{Error, Result};
use crate::graphql::connection::{Connection, Edge as ConnectionEdge};
use crate::graphql::error::{FieldError, FieldResult, Nullable};
use crate::graphql::{One, Walk};
use crate::policy::{Action, Kind, Resource};
use async_graphql::Context;
use chrono::{DateTime, Utc};
use entity::part::InPart;
use sea_orm::sea_query::{DynIden, Expr, IntoIden};
use sea_orm::{EntityTrait, QueryResult};
use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

/// A table that can be read as part of a tree.
pub(crate) trait Branch: Resource + EntityTrait<Model: InPart> {
    /// What its rows are in the schema.
    type Object: Send + Sync + 'static;
    /// The name of that type.
    const TYPE: &'static str;
    /// Makes the one of the other.
    const OBJECT: fn(Node<Self>) -> Self::Object;
    /// The column that tells its rows apart.
    const KEY: &'static str = "id";
    /// Columns that are read whatever is selected.
    const ALWAYS: &'static [&'static str] = &[];

    /// What a field of the type leads to; `None` for one that the row itself answers.
    fn edge(field: &Field<'_>) -> Result<Option<Edge>>;

    /// The moves from one state to another that its rows know, each with the rows that the viewer knows to be able to
    /// make it now.
    fn moves(_viewer: &Viewer, _rows: &Alias, _now: DateTime<Utc>) -> Vec<(&'static str, Expr)> {
        Vec::new()
    }
}

/// A row and its children.
#[derive(Debug)]
pub(crate) struct Node<E: EntityTrait> {
    pub(crate) row: E::Model,
    children: Children,
}

/// Children by the places of their fields.
#[derive(Debug, Default)]
pub(crate) struct Children(Vec<(Places, Child)>);

/// What stands at an edge.
#[derive(Clone, Debug)]
pub(super) enum Child {
    /// Something: an object, a list or a page of them, or a value.
    Here(Arc<dyn Any + Send + Sync>),
    /// Nothing that this viewer may see.
    Nothing,
    /// The field's arguments were refused; the field itself reports it.
    Refused(Arc<Error>),
}

/// An object, list or page whose type only its reader and its field know.
pub(crate) type Erased = Box<dyn Any + Send + Sync>;

impl<E: EntityTrait> Node<E> {
    /// The object at the edge that is being resolved.
    pub(crate) fn one<T: 'static>(&self, ctx: &Context<'_>) -> Nullable<One<&T>> {
        Some(self.value(ctx)?.map(One))
    }

    /// The same where the schema promises that something is there.
    pub(crate) fn always<T: 'static>(&self, ctx: &Context<'_>) -> FieldResult<One<&T>> {
        self.value_always(ctx).map(One)
    }

    /// The value at the edge that is being resolved.
    pub(crate) fn value<T: 'static>(&self, ctx: &Context<'_>) -> Nullable<&T> {
        self.children.one(ctx)
    }

    /// The same where the schema promises that something is there.
    pub(crate) fn value_always<T: 'static>(&self, ctx: &Context<'_>) -> FieldResult<&T> {
        self.children.always(ctx)
    }

    /// The same for an edge that is planned only where something beneath it is selected.
    pub(crate) fn planned<T: 'static>(&self, ctx: &Context<'_>) -> FieldResult<Option<&T>> {
        if self.children.at(ctx).is_some() { self.children.found(ctx) } else { Ok(None) }
    }

    /// The list at the edge that is being resolved.
    pub(crate) fn list<T: 'static>(&self, ctx: &Context<'_>) -> FieldResult<Walk<&T>> {
        self.value_always::<Vec<T>>(ctx).map(|list| list.iter().collect())
    }

    /// The same where it may be hidden.
    pub(crate) fn list_or_null<T: 'static>(&self, ctx: &Context<'_>) -> Nullable<Walk<&T>> {
        Some(self.value::<Vec<T>>(ctx)?.map(|list| list.iter().collect()))
    }

    /// The page at the edge that is being resolved.
    pub(crate) fn page<T: 'static>(&self, ctx: &Context<'_>) -> FieldResult<One<&Connection<T>>> {
        self.always(ctx)
    }

    /// What every node has that people edit.
    pub(crate) fn edited(&self) -> Edited<'_> {
        Edited(&self.children)
    }
}

impl Children {
    pub(super) fn with_capacity(edges: usize) -> Self {
        Self(Vec::with_capacity(edges))
    }

    pub(super) fn add(&mut self, places: &Places, child: Child) {
        self.0.push((Arc::clone(places), child));
    }

    fn at(&self, ctx: &Context<'_>) -> Option<&Child> {
        self.0.iter().find(|(places, _)| places.contains(&ctx.item.pos)).map(|(_, child)| child)
    }

    fn found<T: 'static>(&self, ctx: &Context<'_>) -> FieldResult<Option<&T>> {
        let name = &ctx.item.node.name.node;
        match self.at(ctx) {
            Some(Child::Here(child)) => match child.downcast_ref() {
                Some(child) => Ok(Some(child)),
                None => Err(Error::internal(format!("`{name}` was loaded as something else")).into()),
            },
            Some(Child::Nothing) => Ok(None),
            Some(Child::Refused(error)) => Err(FieldError::shared(error)),
            None => Err(Error::internal(format!("`{name}` was not looked ahead to")).into()),
        }
    }

    pub(super) fn one<T: 'static>(&self, ctx: &Context<'_>) -> Nullable<&T> {
        self.found(ctx).transpose()
    }

    pub(super) fn always<T: 'static>(&self, ctx: &Context<'_>) -> FieldResult<&T> {
        let missing = || Error::internal(format!("nothing at `{}`", ctx.item.node.name.node));
        Ok(self.found(ctx)?.ok_or_else(missing)?)
    }
}

/// A row of a result that is yet to become an object, and the children that it gets.
pub(crate) struct Row<'r> {
    pub(super) result: &'r QueryResult,
    pub(super) places: &'r [Option<usize>],
    pub(super) children: Children,
}

impl Row<'_> {
    /// The object that it is.
    pub(super) fn object<E: Branch>(self) -> Result<E::Object> {
        let Self { result, places, children } = self;
        Ok(E::OBJECT(Node { row: E::Model::in_part(result, places)?, children }))
    }
}

/// What the engine asks of a table without knowing its type.
pub(crate) trait Reader: Send + Sync {
    fn type_name(&self) -> &'static str;
    fn table(&self) -> &'static str;
    fn key(&self) -> DynIden;
    fn columns(&self) -> Columns;
    fn visible(&self, viewer: &Viewer, rows: &Alias) -> sea_orm::sea_query::Expr;
    fn readable(&self, kind: Kind, viewer: &Viewer, rows: &Alias) -> sea_orm::sea_query::Expr;
    fn edge(&self, field: &Field<'_>) -> Result<Option<Edge>>;
    fn one(&self, row: Row<'_>) -> Result<Child>;
    fn list(&self, rows: Vec<Row<'_>>) -> Result<Erased>;
    fn connection(&self, rows: Vec<(String, Row<'_>)>, rest: Connection<()>) -> Result<Erased>;
}

/// The reader of a table.
pub(super) fn reader<E: Branch>() -> &'static dyn Reader {
    &Of::<E>(PhantomData)
}

struct Of<E>(PhantomData<fn() -> E>);

impl<E: Branch> Reader for Of<E> {
    fn type_name(&self) -> &'static str {
        E::TYPE
    }

    fn table(&self) -> &'static str {
        E::default().table_name()
    }

    fn key(&self) -> DynIden {
        E::KEY.into_iden()
    }

    fn columns(&self) -> Columns {
        Columns::needed::<E>()
    }

    fn visible(&self, viewer: &Viewer, rows: &Alias) -> sea_orm::sea_query::Expr {
        viewer.visible::<E>(rows)
    }

    fn readable(&self, kind: Kind, viewer: &Viewer, rows: &Alias) -> sea_orm::sea_query::Expr {
        viewer.allowed_with::<E>(kind, Action::Read, rows)
    }

    fn edge(&self, field: &Field<'_>) -> Result<Option<Edge>> {
        match E::edge(field)? {
            None => edited::edge::<E>(field),
            edge => Ok(edge),
        }
    }

    fn one(&self, row: Row<'_>) -> Result<Child> {
        Ok(Child::Here(Arc::new(row.object::<E>()?)))
    }

    fn list(&self, rows: Vec<Row<'_>>) -> Result<Erased> {
        let nodes: Result<Vec<E::Object>> = rows.into_iter().map(Row::object::<E>).collect();
        Ok(Box::new(nodes?))
    }

    fn connection(&self, rows: Vec<(String, Row<'_>)>, rest: Connection<()>) -> Result<Erased> {
        let edge = |(cursor, row): (String, Row<'_>)| Ok(ConnectionEdge { cursor, node: row.object::<E>()? });
        let edges: Result<Vec<_>> = rows.into_iter().map(edge).collect();
        let Connection { has_previous_page, has_next_page, total_count, .. } = rest;
        Ok(Box::new(Connection { edges: edges?, has_previous_page, has_next_page, total_count }))
    }
}

/// What a reader made, as its own type again.
pub(super) fn known<T: 'static>(made: Erased) -> Result<T> {
    made.downcast().map(|made| *made).map_err(|_| Error::internal("a reader made another type than its own"))
}
