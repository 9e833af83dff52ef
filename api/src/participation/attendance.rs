//! Teams that attended, as far as a viewer may know, with their convenings and where their districts are: what every
//! count of participation starts from.

use super::graphql::ParticipationFilter;
use crate::auth::Viewer;
use crate::database::{Alias, one_of};
use crate::district::named_county;
use crate::error::Result;
use crate::geography::known;
use crate::graphql::{GlobalId, NodeType, words};
use crate::team::attended;
use entity::ids::ConveningId;
use entity::{convening, county, district, region, team};
use sea_orm::sea_query::extension::postgres::PgFunc;
use sea_orm::sea_query::{Expr, ExprTrait as _, JoinType, SelectStatement};

/// The tables of the statement.
pub(super) struct Attendance {
    pub(super) team: Alias,
    pub(super) convening: Alias,
    pub(super) district: Alias,
    pub(super) county: Alias,
    pub(super) region: Alias,
}

impl Attendance {
    pub(super) fn new() -> Self {
        let [team, convening, district, county, region] = ["t", "c", "d", "k", "r"].map(Alias::new);
        Self { team, convening, district, county, region }
    }

    /// The teams that count, without a column yet.
    pub(super) fn select(&self, viewer: &Viewer, filter: ParticipationFilter) -> Result<SelectStatement> {
        let mut select = self.joined();
        select.and_where(attended(viewer, &self.team));
        let starts_on = self.convening.col(convening::Column::StartsOn);
        if let Some(id) = filter.convening {
            let key = GlobalId::key_of::<ConveningId>(&id, NodeType::Convening)?;
            select.and_where(self.team.col(team::Column::ConveningId).eq(key));
        }
        if let Some(from) = filter.from {
            select.and_where(starts_on.clone().gte(from.0));
        }
        if let Some(to) = filter.to {
            select.and_where(starts_on.lte(to.0));
        }
        if let Some(names) = filter.county {
            select.and_where(named_county(&self.county, &known::counties(&names)?));
        }
        if let Some(numbers) = filter.region {
            known::regions(&numbers)?;
            select.and_where(self.region.col(region::Column::Number).eq(PgFunc::any(Expr::val(numbers))));
        }
        if let Some(kinds) = filter.kind {
            select.and_where(one_of(self.district.col(district::Column::Kind), words::<district::Kind>(kinds)));
        }
        if let Some(day) = filter.as_of {
            select.and_where(self.team.col(team::Column::AttendedOn).lte(day.0));
        }
        Ok(select)
    }

    fn joined(&self) -> SelectStatement {
        let mut select = self.team.select_from::<team::Entity>();
        let on = self.convening.computed("id").eq(self.team.col(team::Column::ConveningId));
        select.join_as(JoinType::InnerJoin, convening::Entity, &self.convening, on);
        let on = self.district.computed("id").eq(self.team.col(team::Column::DistrictId));
        select.join_as(JoinType::InnerJoin, district::Entity, &self.district, on);
        let on = self.county.computed("id").eq(self.district.col(district::Column::CountyId));
        select.join_as(JoinType::LeftJoin, county::Entity, &self.county, on);
        let on = self.region.computed("id").eq(self.county.col(county::Column::RegionId));
        select.join_as(JoinType::LeftJoin, region::Entity, &self.region, on);
        select
    }

    /// The calendar year in which the convening began.
    pub(super) fn year(&self) -> Expr {
        let starts_on = self.convening.col(convening::Column::StartsOn);
        Expr::cust_with_exprs("extract(year from $1)::integer", [starts_on])
    }
}
