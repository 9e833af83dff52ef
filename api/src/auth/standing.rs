//! Whether somebody who was let in still is: asked anew of whoever is answered for longer than a moment.

use super::Viewer;
use crate::account::Accounts;
use crate::error::Result;
use std::fmt;

/// Who was let in, and by what.
#[derive(Clone)]
pub(crate) struct Standing {
    viewer: Viewer,
    credential: Option<String>,
}

impl Standing {
    /// A viewer who showed this credential, or none.
    pub(crate) fn new(viewer: Viewer, credential: Option<String>) -> Self {
        Self { viewer, credential }
    }

    /// Who it was when they were let in.
    pub(crate) fn begun_as(&self) -> &Viewer {
        &self.viewer
    }

    /// Whether it can come to an end: whoever shows nothing has nothing to lose.
    pub(crate) fn may_end(&self) -> bool {
        self.credential.is_some()
    }

    /// Who it is now, by what was granted since and taken back; nobody where the credential is not good any more.
    pub(crate) async fn viewer(&self, accounts: &Accounts) -> Result<Option<Viewer>> {
        match &self.credential {
            Some(credential) => accounts.authority.viewer(&accounts.db, credential).await,
            None => Ok(Some(self.viewer.clone())),
        }
    }
}

impl fmt::Debug for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Standing").field("viewer", &self.viewer).finish_non_exhaustive()
    }
}
