//! Which way an order goes.

use super::tree::Order;
use async_graphql::Enum;

/// Which way a list goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum OrderDirection {
    /// From the first letter, the earliest day, the smallest number.
    #[default]
    Asc,
    /// From the last letter, the latest day, the largest number.
    Desc,
}

impl OrderDirection {
    /// The order in this direction.
    pub(crate) fn of(self, order: Order) -> Order {
        match self {
            Self::Asc => order,
            Self::Desc => order.reversed(),
        }
    }
}
