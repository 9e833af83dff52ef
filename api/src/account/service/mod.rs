//! What can be done with accounts.

mod sign_in;
mod throttle;

pub(crate) use sign_in::{Attempt, SignedIn, refresh, sign_in, sign_out};
