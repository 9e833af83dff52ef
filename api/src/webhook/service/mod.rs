//! What can be done with endpoints, and with what was sent there.

mod endpoint;
mod housekeeping;
mod resend;

pub(super) use endpoint::{EndpointPatch, NewEndpoint, Sealed, create, delete, pause, place, resume, rotate, update};
pub(crate) use housekeeping::put_away;
pub(super) use resend::{redeliver, replay, test};
