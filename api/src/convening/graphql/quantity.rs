//! Figures with the precision that a report gives them.

use async_graphql::{Enum, InputObject, SimpleObject};
use entity::quantity;

/// A figure as it was reported.
#[derive(Debug, SimpleObject)]
pub(crate) struct Quantity {
    /// The number in the report.
    pub(crate) value: i32,
    /// How exactly the report means it.
    pub(crate) qualifier: Qualifier,
}

/// A figure as it was reported.
#[derive(Debug, InputObject)]
pub(crate) struct QuantityInput {
    /// The number in the report.
    value: i32,
    /// How exactly the report means it.
    qualifier: Qualifier,
}

impl From<QuantityInput> for (i32, quantity::Qualifier) {
    fn from(input: QuantityInput) -> Self {
        (input.value, input.qualifier.into())
    }
}

/// How exactly a reported figure is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "quantity::Qualifier")]
pub enum Qualifier {
    /// Exactly this.
    Exact,
    /// More than this: "over 95".
    MoreThan,
    /// This or more.
    AtLeast,
    /// Near this.
    About,
    /// Less than this.
    LessThan,
}
