//! Participation in the schema.

use super::loader;
use crate::convening::Convening;
use crate::district::DistrictKind;
use crate::geography::{County, Region};
use crate::graphql::{Date, FieldResult, One, Walk};
use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use std::sync::Arc;

/// What participation can be counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub enum ParticipationDimension {
    /// By convening.
    Convening,
    /// By county.
    County,
    /// By region.
    Region,
    /// By the districts' kind.
    DistrictKind,
    /// By the calendar year in which the convening began.
    Year,
}

/// Which participation counts; all that is given must hold.
#[derive(Debug, Default, InputObject)]
pub(crate) struct ParticipationFilter {
    /// Only at this convening.
    pub(super) convening: Option<ID>,
    /// Only at convenings that began on this day or later.
    pub(super) from: Option<Date>,
    /// Only at convenings that began on this day or earlier.
    pub(super) to: Option<Date>,
    /// Only districts in one of these counties, by name.
    pub(super) county: Option<Vec<String>>,
    /// Only districts in one of these regions, by number.
    pub(super) region: Option<Vec<i32>>,
    /// Only districts of one of these kinds.
    pub(super) kind: Option<Vec<DistrictKind>>,
    /// Only what the record said by the end of this day: attendance counts from the day of the document or the
    /// check-in that states it.
    pub(super) as_of: Option<Date>,
}

/// How many took part, in one group. Of the fields that say which group it is, those that were not grouped by are
/// null; so is a county, region or kind that is not known.
#[derive(Debug, SimpleObject)]
pub(crate) struct ParticipationRow {
    /// The convening.
    pub(super) convening: Option<One<Arc<Convening>>>,
    /// The county of the districts.
    pub(super) county: Option<One<Arc<County>>>,
    /// The region of the districts.
    pub(super) region: Option<One<Arc<Region>>>,
    /// The kind of the districts.
    pub(super) district_kind: Option<DistrictKind>,
    /// The calendar year in which the convenings began.
    pub(super) year: Option<i32>,
    /// How many teams attended.
    pub(super) teams: i64,
    /// How many different districts they came from.
    pub(super) districts: i64,
}

/// The root field on participation.
#[derive(Debug, Default)]
pub(crate) struct ParticipationQuery;

#[Object]
impl ParticipationQuery {
    /// How many teams and districts took part, in groups: by convening, county, region, kind of district, year, or any
    /// of them together; with nothing to group by, one row for all. Counts teams that attended, as far as you may see
    /// them. In the order of the dimensions: convenings by date, counties by name, regions by number.
    async fn participation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only participation that all of this holds for.")] filter: Option<ParticipationFilter>,
        #[graphql(desc = "What to count by; each once is enough.")] group_by: Vec<ParticipationDimension>,
    ) -> FieldResult<Walk<Box<ParticipationRow>>> {
        Ok(loader::participation(ctx, filter.unwrap_or_default(), &group_by).await?.into_iter().map(Box::new).collect())
    }
}
