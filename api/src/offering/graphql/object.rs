//! An offering, and how offerings are listed.

use crate::convening::ConveningKind;
use crate::graphql::tree::{self, Edited, Node};
use crate::graphql::{FieldResult, GlobalId, NodeType, Source};
use crate::offering::loader;
use async_graphql::{Context, Enum, ID, Object};
use entity::offering;

/// What the initiative offers or proposes next.
#[derive(Debug)]
pub struct Offering(pub(in crate::offering) Node<offering::Entity>);

/// What the initiative offers or proposes next: regional events, peer learning, coaching, exchanges, tours, webinars.
#[Object]
impl Offering {
    /// The offering's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Offering, self.0.row.id)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.row.name
    }

    /// What sort of gathering it would be.
    async fn kind(&self) -> ConveningKind {
        self.0.row.kind.into()
    }

    /// Whether it is proposed, offered or retired.
    async fn status(&self) -> OfferingStatus {
        self.0.row.status.into()
    }

    /// Whether participants named it among what they were most interested in.
    async fn high_interest(&self) -> bool {
        self.0.row.high_interest
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

/// Whether an offering is proposed, offered or retired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "offering::Status")]
pub enum OfferingStatus {
    /// Proposed: it may come.
    Proposed,
    /// Offered: districts can ask for it.
    Offered,
    /// No longer offered.
    Retired,
}

/// Root fields on offerings.
#[derive(Debug, Default)]
pub(crate) struct OfferingQuery;

#[Object]
impl OfferingQuery {
    /// What the initiative offers or proposes next, in the order in which it was named.
    async fn offerings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those in one of these states.")] status: Option<Vec<OfferingStatus>>,
    ) -> FieldResult<Vec<Offering>> {
        Ok(tree::list::<offering::Entity>(ctx, loader::listing(status)).await?)
    }
}
