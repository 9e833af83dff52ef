//! How a client says why a rule is broken.

use crate::writing::Force;
use async_graphql::InputObject;

/// Does it although a rule that may be broken is against it.
#[derive(Debug, InputObject)]
pub(crate) struct ForceInput {
    /// Why, for the history: 1 to 2,000 letters.
    reason: String,
}

impl From<ForceInput> for Force {
    fn from(ForceInput { reason }: ForceInput) -> Self {
        Self { reason }
    }
}
