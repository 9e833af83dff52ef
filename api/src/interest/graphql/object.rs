//! An interest.

use crate::district::District;
use crate::graphql::tree::{Edited, Node};
use crate::graphql::{FieldResult, GlobalId, NodeType, One, Time};
use crate::offering::Offering;
use async_graphql::{Context, ID, Object};
use entity::interest;

/// That a district would like to take part in an offering.
#[derive(Debug)]
pub struct Interest(pub(in crate::interest) Node<interest::Entity>);

/// That a district would like to take part in an offering. Not public: shown to the district's own team leads and to staff.
#[Object]
impl Interest {
    /// The interest's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Interest, self.0.row.id)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }

    /// What it would like to take part in.
    async fn offering(&self, ctx: &Context<'_>) -> FieldResult<One<&Offering>> {
        self.0.always(ctx)
    }

    /// The district.
    async fn district(&self, ctx: &Context<'_>) -> FieldResult<One<&District>> {
        self.0.always(ctx)
    }

    /// What the district has to say of it; null where it said nothing.
    async fn note(&self) -> Option<&str> {
        self.0.row.note.as_deref()
    }

    /// Counts the changes of this row, from 1.
    async fn version(&self) -> i32 {
        self.0.row.version
    }

    /// When the district said so.
    async fn created_at(&self) -> Time {
        Time(self.0.row.created_at)
    }

    /// When it was last changed.
    async fn updated_at(&self) -> Time {
        Time(self.0.row.updated_at)
    }
}
