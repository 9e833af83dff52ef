//! Partnerships in the schema.

use crate::district::District;
use crate::graphql::tree::{Edited, Node};
use crate::graphql::{FieldResult, GlobalId, NodeType, Source};
use crate::organization::Organization;
use async_graphql::{Context, ID, Object};
use entity::partnership;

/// A district and a union working together.
#[derive(Debug)]
pub struct Partnership(pub(super) Node<partnership::Entity>);

/// A district and a union working together.
#[Object]
impl Partnership {
    /// The partnership's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Partnership, self.0.row.id)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }

    /// The district.
    async fn district(&self, ctx: &Context<'_>) -> FieldResult<&District> {
        self.0.always(ctx)
    }

    /// The union.
    async fn organization(&self, ctx: &Context<'_>) -> FieldResult<&Organization> {
        self.0.always(ctx)
    }

    /// The year since which they work together; null where no source says.
    async fn since_year(&self) -> Option<i32> {
        self.0.row.since_year
    }

    /// The agreement that lays it down, as the source calls it; null where no source names one.
    async fn codified_in(&self) -> Option<&str> {
        self.0.row.codified_in.as_deref()
    }

    /// What they work on together; null where nobody wrote it.
    async fn description(&self) -> Option<&str> {
        self.0.row.description.as_deref()
    }

    /// Where these facts come from.
    async fn sources(&self) -> Vec<Source> {
        Source::list(&self.0.row.sources)
    }

    /// Counts the changes of this row, from 1.
    async fn version(&self) -> i32 {
        self.0.row.version
    }
}
