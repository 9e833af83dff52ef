//! Composition rules.

use crate::graphql::FieldResult;
use crate::graphql::tree::Node;
use crate::team::Seat;
use async_graphql::{Context, Object};
use entity::{composition_rule, required_seat};

/// Which seats a district's team is made of.
#[derive(Debug)]
pub(crate) struct CompositionRule(pub(in crate::convening) Node<composition_rule::Entity>);

/// Which seats a district's team is made of. A rule in use is never changed: a new version follows it.
#[Object]
impl CompositionRule {
    /// Which rule it is: rules are numbered from 1, the rule of the first symposium.
    async fn version(&self) -> i32 {
        self.0.row.version
    }

    /// The seats, in the rule's own order.
    async fn seats(&self, ctx: &Context<'_>) -> FieldResult<&[RequiredSeat]> {
        self.0.list(ctx)
    }
}

/// A seat that a composition rule asks for.
#[derive(Debug)]
pub(crate) struct RequiredSeat(pub(in crate::convening) Node<required_seat::Entity>);

/// A seat that a composition rule asks for.
#[Object]
impl RequiredSeat {
    /// Which seat.
    async fn seat(&self) -> Seat {
        self.0.row.seat.into()
    }

    /// How many members must hold it.
    async fn minimum(&self) -> i32 {
        self.0.row.minimum
    }

    /// How many members may hold it.
    async fn maximum(&self) -> i32 {
        self.0.row.maximum
    }

    /// What the rule calls it, word for word.
    async fn label(&self) -> &str {
        &self.0.row.label
    }
}
