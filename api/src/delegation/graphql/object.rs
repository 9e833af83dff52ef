//! A delegation.

use crate::convening::Convening;
use crate::graphql::tree::{Edited, Node};
use crate::graphql::{FieldResult, GlobalId, NodeType, One, Source};
use crate::organization::Organization;
use async_graphql::{Context, ID, Object};
use entity::delegation;

/// An organization that was represented at a convening.
#[derive(Debug)]
pub struct Delegation(pub(in crate::delegation) Node<delegation::Entity>);

/// An organization that was represented at a convening beside the district teams.
#[Object]
impl Delegation {
    /// The delegation's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Delegation, self.0.row.id)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }

    /// The convening.
    async fn convening(&self, ctx: &Context<'_>) -> FieldResult<One<&Convening>> {
        self.0.always(ctx)
    }

    /// The organization.
    async fn organization(&self, ctx: &Context<'_>) -> FieldResult<One<&Organization>> {
        self.0.always(ctx)
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
