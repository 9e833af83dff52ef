//! How many districts want what, and where.

use crate::geography::{County, Region};
use crate::graphql::Nullable;
use crate::interest::loader;
use crate::offering::Offering;
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use std::sync::Arc;

/// What demand can be counted by, beside the offering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub(crate) enum OfferingDemandDimension {
    /// By the districts' county.
    County,
    /// By the districts' region.
    Region,
}

/// How many districts want an offering, in one county or region. Of the fields that say which it is, those that were
/// not grouped by are null; so is a county or region that is not known.
#[derive(Debug, SimpleObject)]
pub(crate) struct OfferingDemand {
    /// What they want.
    pub(in crate::interest) offering: Option<Arc<Offering>>,
    /// The county of the districts.
    pub(in crate::interest) county: Option<Arc<County>>,
    /// The region of the districts.
    pub(in crate::interest) region: Option<Arc<Region>>,
    /// How many districts want it.
    pub(in crate::interest) districts: i64,
}

/// The root field on demand.
#[derive(Debug, Default)]
pub(crate) struct InterestQuery;

#[Object]
impl InterestQuery {
    /// How many districts want which offering: by county, by region, by both, or with nothing to group by over all. For
    /// staff and auditors. In the order of the offerings, then counties by name and regions by number.
    async fn offering_demand(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only for this offering.")] offering: Option<ID>,
        #[graphql(desc = "What to count by; each once is enough.")] group_by: Vec<OfferingDemandDimension>,
    ) -> Nullable<Vec<OfferingDemand>> {
        Some(loader::demand(ctx, offering, &group_by).await.map_err(Into::into))
    }
}
