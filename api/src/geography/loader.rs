//! How counties and regions are read.

use super::graphql::{County, Region};
use crate::district;
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use entity::{county, region};

impl Branch for region::Entity {
    type Object = Region;
    const TYPE: &'static str = "Region";
    const OBJECT: fn(Node<Self>) -> Region = Region;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(match field.name() {
            "counties" => Some(Edge::many::<county::Entity>(county::Column::RegionId, counties())),
            _ => None,
        })
    }
}

impl Branch for county::Entity {
    type Object = County;
    const TYPE: &'static str = "County";
    const OBJECT: fn(Node<Self>) -> County = County;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(match field.name() {
            "region" => Some(Edge::one::<region::Entity>(county::Column::RegionId)),
            "districts" => Some(district::of_county(field)?),
            _ => None,
        })
    }
}

/// All counties by name.
pub(super) fn counties() -> Listing {
    Listing::new(Order::by_name("counties"))
}

/// All regions by number.
pub(super) fn regions() -> Listing {
    Listing::new(Order::by("regions", vec![Key::new(KeyKind::Int, |rows| rows.col(region::Column::Number))]))
}
