//! What can be done with accounts.

mod invitation;
mod kept;
mod lifecycle;
mod one_time;
mod opened;
mod password;
mod put_away;
mod sign_in;
mod throttle;

pub(crate) use invitation::{Acceptance, Invitation, accept, invite};
pub(crate) use lifecycle::{NewAccount, create, disable, enable, list, of_address};
pub(crate) use one_time::void_invitations;
pub(crate) use opened::shut_out;
pub(crate) use password::{Change, change, request_reset, reset, reset_link};
pub(crate) use put_away::put_away;
pub(crate) use sign_in::{Attempt, SignedIn, refresh, sign_in, sign_out};
