//! What leads from a row to others.

use super::field::Field;
use super::listing::{Filter, Listing};
use super::node::{Branch, Erased, Reader, reader};
use super::read::Reading;
use crate::auth::Viewer;
use crate::database::Alias;
use crate::error::Result;
use crate::policy::Kind;
use futures_util::future::BoxFuture;
use sea_orm::sea_query::{DynIden, Expr, IntoIden};
use sea_orm::{EntityTrait, QueryResult, TryGetable};
use std::collections::HashMap;
use uuid::Uuid;

/// A field of an object that is not a column of its row.
pub(crate) enum Edge {
    /// To one row at most.
    One(One),
    /// To a list.
    List(List),
    /// To something that the database computes from the row.
    Value(Computed),
    /// To something that takes statements of its own, loaded for all rows at once.
    Loaded(Load),
}

/// An edge to one row.
pub(crate) struct One {
    pub(super) reader: &'static dyn Reader,
    pub(super) from: DynIden,
    pub(super) to: DynIden,
    /// Whoever sees the parent sees this row, by the policy's own rules: no need to ask again.
    pub(super) implied: bool,
    /// The object and its field that the row stands in, where that is not the edge's own field.
    pub(super) within: Option<(&'static str, &'static str)>,
}

/// An edge to a list.
pub(crate) struct List {
    pub(super) reader: &'static dyn Reader,
    pub(super) parent: Parent,
    pub(super) listing: Listing,
    pub(super) gate: Gate,
    /// As of an edge to one row.
    pub(super) implied: bool,
}

/// The kind of rows that the viewer must be allowed to read for the parent, or the edge is hidden.
pub(super) type Gate = Option<Kind>;

/// How the rows of a list know their parent.
pub(crate) enum Parent {
    /// By a column of their own.
    Column(DynIden),
    /// By a table between the two.
    Link {
        /// The table between.
        table: &'static str,
        /// Its column that refers to the parent.
        parent: DynIden,
        /// Its column that refers to the row.
        child: DynIden,
    },
}

/// Something computed in the parent's own statement.
pub(crate) struct Computed {
    pub(super) expr: Filter,
    pub(super) decode: fn(&QueryResult, usize) -> Result<Option<Erased>>,
}

/// Something that takes statements of its own.
pub(crate) struct Load {
    pub(super) load: LoadAll,
    pub(super) gate: Gate,
}

/// The parents' keys in, what stands at the edge of each out.
#[derive(Clone, Copy)]
pub(super) enum LoadAll {
    /// Whatever is selected of it.
    Whole(LoadWhole),
    /// With rows in it that are read as far as the field selects them.
    Selected(LoadSelected),
}

type LoadWhole = fn(Vec<Uuid>, Reading<'_>) -> Loaded<'_>;
type LoadSelected = for<'f> fn(Vec<Uuid>, Reading<'f>, Field<'f>) -> Loaded<'f>;
type Loaded<'f> = BoxFuture<'f, Result<HashMap<Uuid, Erased>>>;

impl Edge {
    /// To the row of `E` that a column refers to.
    pub(crate) fn one<E: Branch>(column: impl IntoIden) -> Self {
        Self::One(One {
            reader: reader::<E>(),
            from: column.into_iden(),
            to: reader::<E>().key(),
            implied: false,
            within: None,
        })
    }

    /// For a field whose object is part of this row and has the other row in a field of its own: nothing is read
    /// where that field is not selected.
    pub(crate) fn within(self, object: &'static str, field: &'static str) -> Self {
        match self {
            Self::One(one) => Self::One(One { within: Some((object, field)), ..one }),
            other => other,
        }
    }

    /// To the row of `E` that has this row's key as its own.
    pub(crate) fn extension<E: Branch>() -> Self {
        Self::one::<E>("id")
    }

    /// To the rows of `E` that refer to this one by a column.
    pub(crate) fn many<E: Branch>(column: impl IntoIden, listing: Listing) -> Self {
        Self::List(List {
            reader: reader::<E>(),
            parent: Parent::Column(column.into_iden()),
            listing,
            gate: None,
            implied: false,
        })
    }

    /// To the rows of `E` that a table between leads to.
    pub(crate) fn linked<E: Branch, L: EntityTrait>(
        parent: impl IntoIden,
        child: impl IntoIden,
        listing: Listing,
    ) -> Self {
        let (parent, child) = (parent.into_iden(), child.into_iden());
        let parent = Parent::Link { table: L::default().table_name(), parent, child };
        Self::List(List { reader: reader::<E>(), parent, listing, gate: None, implied: false })
    }

    /// To a value of the database's making.
    pub(crate) fn value<T: TryGetable + Send + Sync + 'static>(
        expr: impl Fn(&Viewer, &Alias) -> Expr + Send + Sync + 'static,
    ) -> Self {
        let decode = |row: &QueryResult, place: usize| {
            let value: Option<T> = row.try_get_by_index(place)?;
            Ok(value.map(|value| Box::new(value) as Erased))
        };
        Self::Value(Computed { expr: Box::new(expr), decode })
    }

    /// To what statements of its own bring.
    pub(crate) fn loaded(load: LoadWhole) -> Self {
        Self::Loaded(Load { load: LoadAll::Whole(load), gate: None })
    }

    /// To what statements of its own bring, with rows in it that the field selects something of.
    pub(crate) fn loaded_with(load: LoadSelected) -> Self {
        Self::Loaded(Load { load: LoadAll::Selected(load), gate: None })
    }

    /// The policy itself says that whoever sees this row, and passes the gate, sees what is at the edge.
    pub(crate) fn implied(self) -> Self {
        match self {
            Self::One(one) => Self::One(One { implied: true, ..one }),
            Self::List(list) => Self::List(List { implied: true, ..list }),
            other => other,
        }
    }

    /// Hidden, which is not the same as empty, for rows whose `kind` the viewer may not read.
    pub(crate) fn gated(self, kind: Kind) -> Self {
        match self {
            Self::List(list) => Self::List(List { gate: Some(kind), ..list }),
            Self::Loaded(load) => Self::Loaded(Load { gate: Some(kind), ..load }),
            other => other,
        }
    }
}
