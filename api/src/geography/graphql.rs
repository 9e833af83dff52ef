//! Counties and regions in the schema.

use super::loader;
use crate::district::District;
use crate::graphql::tree::{self, Node};
use crate::graphql::{Connection, FieldResult, GlobalId, NodeType, Nullable, One, Walk};
use async_graphql::{Context, ID, Object};
use entity::{county, region};

/// One of California's 58 counties.
#[derive(Debug)]
pub struct County(pub(super) Node<county::Entity>);

/// One of California's 58 counties.
#[Object]
#[expect(unused_variables, reason = "paging arguments are read when the tree is planned")]
impl County {
    /// The county's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::County, self.0.row.id)
    }

    /// Its name without the word "County", for example `Los Angeles`.
    async fn name(&self) -> &str {
        &self.0.row.name
    }

    /// The Department of Education's two digits for it, "01" to "58", in alphabetical order of the counties.
    async fn cds_county_code(&self) -> &str {
        &self.0.row.cds_county_code
    }

    /// The census bureau's five digits for it: "06" for the state and three for the county.
    async fn fips_code(&self) -> &str {
        &self.0.row.fips_code
    }

    /// The county superintendents' region that it works in. See `regionConfirmed` before you rely on it.
    async fn region(&self, ctx: &Context<'_>) -> Nullable<One<&Region>> {
        self.0.one(ctx)
    }

    /// Whether a published source confirms the region. False for nine counties, whose region is common knowledge only.
    async fn region_confirmed(&self) -> bool {
        self.0.row.region_confirmed
    }

    /// Its districts and county office of education, by name.
    async fn districts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> FieldResult<One<&Connection<District>>> {
        self.0.page(ctx)
    }
}

/// A region of county superintendents: the counties of one work together.
#[derive(Debug)]
pub struct Region(pub(super) Node<region::Entity>);

/// One of the 11 regions of the California County Superintendents' association.
#[Object]
impl Region {
    /// The region's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Region, self.0.row.id)
    }

    /// Its number, 1 to 11.
    async fn number(&self) -> i32 {
        self.0.row.number
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.row.name
    }

    /// Its counties, by name.
    async fn counties(&self, ctx: &Context<'_>) -> FieldResult<Walk<&County>> {
        self.0.list(ctx)
    }
}

/// Root fields on counties and regions.
#[derive(Debug, Default)]
pub(crate) struct GeographyQuery;

#[Object]
impl GeographyQuery {
    /// All 58 counties, by name.
    async fn counties(&self, ctx: &Context<'_>) -> FieldResult<Vec<County>> {
        Ok(tree::list::<county::Entity>(ctx, loader::counties()).await?)
    }

    /// All 11 regions, by number.
    async fn regions(&self, ctx: &Context<'_>) -> FieldResult<Vec<Region>> {
        Ok(tree::list::<region::Entity>(ctx, loader::regions()).await?)
    }
}
