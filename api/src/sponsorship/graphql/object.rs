//! A sponsorship.

use crate::convening::Convening;
use crate::graphql::tree::{Edited, Node};
use crate::graphql::{FieldResult, GlobalId, NodeType, One, Source};
use crate::organization::Organization;
use async_graphql::{Context, Enum, ID, Object};
use entity::sponsorship;

/// An organization's part in a convening.
#[derive(Debug)]
pub struct Sponsorship(pub(in crate::sponsorship) Node<sponsorship::Entity>);

/// An organization's part in a convening.
#[Object]
impl Sponsorship {
    /// The sponsorship's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Sponsorship, self.0.row.id)
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

    /// What it does for the convening.
    async fn role(&self) -> SponsorshipRole {
        self.0.row.role.into()
    }

    /// Its place among those in the same role, from 1, as the source names them.
    async fn position(&self) -> i32 {
        self.0.row.position
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

/// What an organization does for a convening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "sponsorship::Role")]
pub enum SponsorshipRole {
    /// Runs it.
    Organizer,
    /// Gives it its place.
    Host,
    /// Stands behind it with others.
    CoSponsor,
    /// Gave the support without which it would not have been.
    CoreFunder,
    /// Gave money.
    Funder,
    /// Works with those who run it.
    Partner,
}
