//! Going against a rule that may be broken by whoever says why.

use super::because;
use crate::auth::Actor;
use crate::error::Result;
use sea_orm::ConnectionTrait;

/// Why a rule is broken.
#[derive(Clone, Debug)]
pub(crate) struct Force {
    /// The reason, for the history.
    pub reason: String,
}

impl Force {
    /// Has history say why, of everything that the transaction changes from now on.
    pub(crate) async fn attribute(&self, db: &impl ConnectionTrait, actor: Actor<'_>) -> Result<()> {
        because(db, actor, &self.reason).await.map_err(|error| error.within("force"))
    }
}
