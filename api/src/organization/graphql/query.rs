//! How organizations are looked up and listed.

use super::object::{Organization, OrganizationKind};
use crate::graphql::tree;
use crate::graphql::{Connection, Found, Nullable, OrderDirection};
use crate::organization::loader;
use async_graphql::{Context, Enum, ID, InputObject, Object, OneofObject};
use entity::organization;

/// Names one organization, by exactly one of these.
#[derive(Debug, OneofObject)]
pub(crate) enum OrganizationBy {
    /// Its global id.
    Id(ID),
    /// Its slug, for example `acsa`, or that of one that was merged into it.
    Slug(String),
    /// Its acronym, for example `ACSA`; case does not count.
    Acronym(String),
}

/// Which organizations; all that is given must hold.
#[derive(Debug, InputObject)]
pub(crate) struct OrganizationFilter {
    /// Words, or beginnings of words, in its names, acronym or description. Typos are forgiven, case and accents too.
    pub(in crate::organization) search: Option<String>,
    /// Only of one of these kinds.
    pub(in crate::organization) kind: Option<Vec<OrganizationKind>>,
}

/// What organizations can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrganizationOrderField {
    /// Their name, without regard to case and accents.
    Name,
    /// When they were entered here.
    CreatedAt,
    /// When they were last changed here.
    UpdatedAt,
}

/// An order of organizations.
#[derive(Debug, InputObject)]
pub(crate) struct OrganizationOrder {
    /// What to order by.
    pub(in crate::organization) field: OrganizationOrderField,
    /// Which way.
    #[graphql(default)]
    pub(in crate::organization) direction: OrderDirection,
}

/// Root fields on organizations.
#[derive(Debug, Default)]
pub(crate) struct OrganizationQuery;

#[Object]
#[expect(unused_variables, clippy::too_many_arguments, reason = "arguments are read when the tree is planned")]
impl OrganizationQuery {
    /// One organization; null where there is none of that name.
    async fn organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: OrganizationBy,
    ) -> Found<Organization> {
        tree::find_ever::<organization::Entity>(ctx, loader::named(&by), loader::former(&by)).await
    }

    /// The organizations, by name unless ordered otherwise.
    async fn organizations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only organizations that all of this holds for.")] filter: Option<OrganizationFilter>,
        #[graphql(desc = "The order; by name where nothing is said.")] order_by: Option<OrganizationOrder>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Nullable<Connection<Organization>> {
        tree::connection::<organization::Entity>(ctx, loader::listing).await
    }
}
