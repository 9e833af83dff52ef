//! Applications, counted, in the schema.

use super::loader;
use crate::district::DistrictKind;
use crate::error::Error;
use crate::geography::{County, Region};
use crate::graphql::{GlobalId, NodeType, Nullable};
use crate::team::TeamStatus;
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use std::sync::Arc;

/// What applications can be counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub enum ApplicationDimension {
    /// By the district's county.
    County,
    /// By the region of the district's county.
    Region,
    /// By the district's kind.
    DistrictKind,
    /// By whether the district comes for the first time.
    FirstTime,
    /// By where the team stands.
    Status,
}

/// How many teams applied, in one group. Of the fields that say which group it is, those that were not grouped by are
/// null; so is a county, region or kind that is not known.
#[derive(Debug, SimpleObject)]
pub(crate) struct ApplicationRow {
    /// The county of the districts.
    pub(super) county: Option<Arc<County>>,
    /// The region of the districts.
    pub(super) region: Option<Arc<Region>>,
    /// The kind of the districts.
    pub(super) district_kind: Option<DistrictKind>,
    /// Whether no team of the districts attended a convening before.
    pub(super) first_time: Option<bool>,
    /// Where the teams stand.
    pub(super) status: Option<TeamStatus>,
    /// How many teams.
    pub(super) teams: i64,
}

/// The root field on applications.
#[derive(Debug, Default)]
pub(crate) struct ApplicationQuery;

#[Object]
impl ApplicationQuery {
    /// How many teams applied to a convening, in groups; with nothing to group by, one row for all. Counts teams whose
    /// statement of interest came in, also those that stepped back since: group by `STATUS` to tell them apart. In the
    /// order of the dimensions: counties by name, regions by number. Null with an error for those who do not decide on
    /// the convening's teams.
    async fn applications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The convening's global id.")] convening_id: ID,
        #[graphql(desc = "What to count by; each once is enough.")] group_by: Vec<ApplicationDimension>,
    ) -> Nullable<Vec<ApplicationRow>> {
        let counted = async {
            let convening = GlobalId::key_of(&convening_id, NodeType::Convening)?;
            let rows = loader::applications(ctx, convening, &group_by).await?;
            Ok::<_, Error>(rows)
        };
        Some(counted.await.map_err(Into::into))
    }
}
