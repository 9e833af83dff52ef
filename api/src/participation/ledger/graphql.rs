//! The ledger in the schema.

use super::loader;
use crate::convening::Convening;
use crate::district::District;
use crate::error::Error;
use crate::graphql::{FieldResult, Nullable, One, Rows};
use crate::participation::graphql::ParticipationFilter;
use async_graphql::{Context, Object};
use futures_util::future::FutureExt as _;
use std::sync::Arc;

/// How a district took part.
#[derive(Debug)]
pub(crate) struct DistrictParticipation {
    pub(super) district: Option<Arc<District>>,
    pub(super) first: Option<Arc<Convening>>,
    pub(super) last: Option<Arc<Convening>>,
    pub(super) convenings: i64,
    pub(super) years: Vec<i32>,
}

/// How a district took part: of the convenings that were asked about, and as far as you may know.
#[Object]
impl DistrictParticipation {
    /// The district.
    async fn district(&self) -> FieldResult<One<&District>> {
        read(self.district.as_ref())
    }

    /// At how many convenings its team attended.
    async fn convenings(&self) -> i64 {
        self.convenings
    }

    /// The first of them.
    async fn first_convening(&self) -> FieldResult<One<&Convening>> {
        read(self.first.as_ref())
    }

    /// The last of them; the first again where there is only one.
    async fn last_convening(&self) -> FieldResult<One<&Convening>> {
        read(self.last.as_ref())
    }

    /// The calendar years in which they began, each once, the earliest first.
    async fn years(&self) -> &[i32] {
        &self.years
    }
}

fn read<T>(object: Option<&Arc<T>>) -> FieldResult<One<&T>> {
    Ok(object.map(|object| One(object.as_ref())).ok_or_else(|| Error::internal("something selected was not read"))?)
}

/// The root field on the ledger.
#[derive(Debug, Default)]
pub(crate) struct DistrictParticipationQuery;

#[Object]
#[expect(unused_variables, reason = "paging arguments are read when the page is")]
impl DistrictParticipationQuery {
    /// Which districts took part, how often, and from when until when, by the district's name. Counts teams that
    /// attended, as far as you may see them, as `participation` does: "over 100 districts in nine months" is its
    /// `totalCount` between two days.
    async fn district_participation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only participation that all of this holds for.")] filter: Option<ParticipationFilter>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Nullable<Rows<'static, DistrictParticipation>> {
        Some(loader::ledger(ctx, filter.unwrap_or_default()).boxed().await.map(Rows::Own).map_err(Into::into))
    }
}
