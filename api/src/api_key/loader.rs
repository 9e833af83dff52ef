//! How keys are read.

use super::graphql::ApiKey;
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Listing, Node, Order};
use entity::api_key::{self, Column};
use entity::organization;

impl Branch for api_key::Entity {
    type Object = ApiKey;
    const TYPE: &'static str = "ApiKey";
    const OBJECT: fn(Node<Self>) -> ApiKey = ApiKey;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(match field.name() {
            "organization" => Some(Edge::one::<organization::Entity>(Column::OrganizationId)),
            _ => None,
        })
    }
}

/// The keys by name.
pub(super) fn listing() -> Listing {
    Listing::new(Order::by_name("api_keys.name"))
}
