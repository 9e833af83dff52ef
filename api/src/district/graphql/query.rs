//! How districts are looked up and listed.

use super::object::{District, DistrictKind, DistrictStatus};
use crate::district::loader;
use crate::graphql::tree;
use crate::graphql::{Connection, Found, Nullable, OrderDirection};
use async_graphql::{Context, Enum, ID, InputObject, Object, OneofObject};
use entity::district;

/// Names one district, by exactly one of these.
#[derive(Debug, OneofObject)]
pub(crate) enum DistrictBy {
    /// Its global id.
    Id(ID),
    /// Its slug, for example `abc-unified-school-district`, or that of one that was merged into it.
    Slug(String),
    /// The Department of Education's 14 digits.
    CdsCode(String),
    /// The National Center for Education Statistics' 7 digits.
    NcesId(String),
}

/// Which districts; all that is given must hold.
#[derive(Debug, InputObject)]
pub(crate) struct DistrictFilter {
    /// Words, or beginnings of words, in its names or city. Typos are forgiven, case and accents too.
    pub(in crate::district) search: Option<String>,
    /// Only of one of these kinds.
    pub(in crate::district) kind: Option<Vec<DistrictKind>>,
    /// Only in one of these states.
    pub(in crate::district) status: Option<Vec<DistrictStatus>>,
    /// Only in one of these counties, by name, for example `Los Angeles`.
    pub(in crate::district) county: Option<Vec<String>>,
    /// Only in one of these regions, by number.
    pub(in crate::district) region: Option<Vec<i32>>,
    /// Only those whose team attended this convening.
    pub(in crate::district) attended: Option<ID>,
}

/// What districts can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DistrictOrderField {
    /// Their name, without regard to case and accents.
    Name,
    /// Their county's name, then their own; those without a county behind all others, and before them in descending order.
    County,
    /// Their enrollment, then their name; those whose enrollment is not known last, either way.
    Enrollment,
    /// When they were last changed here.
    UpdatedAt,
}

/// An order of districts.
#[derive(Debug, InputObject)]
pub(crate) struct DistrictOrder {
    /// What to order by.
    pub(in crate::district) field: DistrictOrderField,
    /// Which way.
    #[graphql(default)]
    pub(in crate::district) direction: OrderDirection,
}

/// Root fields on districts.
#[derive(Debug, Default)]
pub(crate) struct DistrictQuery;

#[Object]
#[expect(unused_variables, clippy::too_many_arguments, reason = "arguments are read when the tree is planned")]
impl DistrictQuery {
    /// One district; null where there is none of that name or code.
    async fn district(&self, ctx: &Context<'_>, #[graphql(desc = "Which one.")] by: DistrictBy) -> Found<District> {
        tree::find_ever::<district::Entity>(ctx, loader::named(&by), loader::former(&by)).await
    }

    /// The districts and county offices of education, by name unless ordered otherwise.
    async fn districts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only districts that all of this holds for.")] filter: Option<DistrictFilter>,
        #[graphql(desc = "The order; by name where nothing is said.")] order_by: Option<DistrictOrder>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Nullable<Connection<District>> {
        tree::connection::<district::Entity>(ctx, loader::listing).await
    }
}
