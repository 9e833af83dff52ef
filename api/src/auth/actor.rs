//! Who writes, and when.

use super::Viewer;
use crate::clock::Clock;
use chrono::{DateTime, Utc};
use entity::ids::AccountId;

/// The one who changes something, at a moment that all rows of one change share.
#[derive(Clone, Copy, Debug)]
pub struct Actor<'a> {
    /// Who.
    pub viewer: &'a Viewer,
    /// When.
    pub now: DateTime<Utc>,
}

impl<'a> Actor<'a> {
    /// The viewer, now.
    pub fn new(viewer: &'a Viewer, clock: Clock) -> Self {
        Self { viewer, now: clock.now() }
    }

    /// The account that writes, where it is one.
    pub fn account(&self) -> Option<AccountId> {
        self.viewer.identity().account()
    }
}
