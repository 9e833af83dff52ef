//! An offering, and how offerings are listed.

use crate::convening::{Convening, ConveningKind};
use crate::graphql::tree::{self, Edited, Node};
use crate::graphql::{Connection, FieldResult, GlobalId, NodeType, Nullable, One, Source, Walk};
use crate::interest::Interest;
use crate::offering::loader;
use async_graphql::{Context, Enum, ID, Object};
use entity::offering;

/// What the initiative offers or proposes next.
#[derive(Debug)]
pub struct Offering(pub(in crate::offering) Node<offering::Entity>);

/// What the initiative offers or proposes next: regional events, peer learning, coaching, exchanges, tours, webinars.
#[Object]
#[expect(unused_variables, reason = "paging arguments are read when the tree is planned")]
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

    /// How many districts would like to take part, of those that you may know of: a team lead counts the own district, staff
    /// all. Null for everybody else.
    async fn interest_count(&self, ctx: &Context<'_>) -> Nullable<i64> {
        Some(self.0.value::<i64>(ctx)?.copied())
    }

    /// Which districts those are, by name; empty for whoever may know of none.
    async fn interests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> FieldResult<One<&Connection<Interest>>> {
        self.0.page(ctx)
    }

    /// The convenings that were made of it, the earliest first, as far as you may see them.
    async fn convenings(&self, ctx: &Context<'_>) -> FieldResult<Walk<&Convening>> {
        self.0.list(ctx)
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
