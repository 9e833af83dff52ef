//! How organizations are read.

use super::graphql::{Organization, OrganizationBy, OrganizationFilter, OrganizationOrder, OrganizationOrderField};
use crate::database::former::Former;
use crate::database::search::Searched;
use crate::database::{Alias, one_of};
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use crate::graphql::{GlobalId, NodeType, words};
use crate::{merge, person, resource, sponsorship};
use async_graphql::ID;
use entity::ids::OrganizationId;
use entity::organization::{self, Column};
use sea_orm::sea_query::{Expr, ExprTrait as _};

impl Branch for organization::Entity {
    type Object = Organization;
    const TYPE: &'static str = "Organization";
    const OBJECT: fn(Node<Self>) -> Organization = Organization;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            "parent" => Edge::one::<organization::Entity>(Column::ParentId),
            "affiliations" => person::affiliations_of(entity::affiliation::Column::OrganizationId, field)?,
            "sponsorships" => sponsorship::of_organization(field)?,
            "resources" => resource::of(entity::resource_subject::Column::OrganizationId),
            "merges" => merge::of_row(field)?,
            _ => return Ok(None),
        }))
    }
}

impl Searched for organization::Entity {}

/// The organizations that a field asks for.
pub(super) fn listing(field: &Field<'_>) -> Result<Listing> {
    let filter: Option<OrganizationFilter> = field.argument("filter")?;
    let listing = Listing::new(order(field.argument("orderBy")?));
    let Some(filter) = filter else { return Ok(listing) };
    Ok(listing
        .search::<organization::Entity>(filter.search)
        .filter_some(filter.kind, |rows, kinds| one_of(rows.col(Column::Kind), words::<organization::Kind>(kinds))))
}

pub(super) fn order(by: Option<OrganizationOrder>) -> Order {
    let order = match by.as_ref().map_or(OrganizationOrderField::Name, |by| by.field) {
        OrganizationOrderField::Name => Order::by_name("organizations.name"),
        OrganizationOrderField::CreatedAt => {
            Order::by("organizations.created", vec![Key::new(KeyKind::Time, |rows| rows.col(Column::CreatedAt))])
        }
        OrganizationOrderField::UpdatedAt => {
            Order::by("organizations.updated", vec![Key::new(KeyKind::Time, |rows| rows.col(Column::UpdatedAt))])
        }
    };
    by.map_or_else(Default::default, |by| by.direction).of(order)
}

/// The row that a lookup names.
pub(super) fn named(by: &OrganizationBy) -> Result<impl Fn(&Alias) -> Expr + Send + Sync> {
    let key = match by {
        OrganizationBy::Id(id) => Some(key(id)?),
        OrganizationBy::Slug(_) | OrganizationBy::Acronym(_) => None,
    };
    Ok(move |rows: &Alias| match by {
        OrganizationBy::Id(_) => rows.col(Column::Id).eq(key),
        OrganizationBy::Slug(slug) => rows.col(Column::Slug).eq(slug.as_str()),
        OrganizationBy::Acronym(acronym) => {
            Expr::cust_with_exprs("fold($1) = fold($2)", [rows.col(Column::Acronym), Expr::val(acronym.as_str())])
        }
    })
}

/// What a lookup names, where organizations that were merged into others may have been known by it.
pub(super) fn former(by: &OrganizationBy) -> Option<Former> {
    match by {
        OrganizationBy::Id(id) => key(id).ok().map(|key| Former::Keys(vec![key.0])),
        OrganizationBy::Slug(slug) => Some(Former::Slug(slug.clone())),
        OrganizationBy::Acronym(_) => None,
    }
}

fn key(id: &ID) -> Result<OrganizationId> {
    GlobalId::key_of(id, NodeType::Organization)
}
