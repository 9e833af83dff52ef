//! The feed of changes: what came, changed and went of all that somebody sees, in order, without a gap.
//!
//! Whoever sees the same rows makes one *audience* ([`audience`]), and each audience has a feed of its own, which counts only
//! what that audience was shown. It is brought up to date by whoever reads it ([`advance`]): the history of rows tells which
//! nodes may have been touched ([`touches`]), the policy which of them the audience sees now, and the difference to what it was
//! told before is what changed. So the feed cannot tell of anything that the policy hides, and what is hidden again is told
//! as deleted. A cursor is a place in it ([`cursor`]). What many want at one
//! time is done once for all ([`turn`]), and how many feeds there are is bounded ([`room`]). `docs/decisions/0023-a-feed-for-each-audience.md` says why it is so.

mod access;
mod advance;
mod audience;
mod compare;
mod content;
mod cursor;
mod feeds;
mod graphql;
mod read;
mod room;
mod service;
mod told;
mod touches;
mod turn;
mod watch;

pub(crate) use cursor::Seal;
pub use feeds::Feeds;
pub(crate) use graphql::{Change, ChangeAction, FeedQuery, FeedSubscription, by_keys};
pub(crate) use read::{Action, Entry};
pub(crate) use service::{Place, after, kept_from, now};
pub(crate) use told::names;
pub use watch::check;
pub(crate) use watch::put_away;
