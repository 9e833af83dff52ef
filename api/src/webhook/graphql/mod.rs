//! Webhooks in the schema.

mod delivery;
mod endpoint;
mod inputs;
mod mutation;
mod query;
mod resend;

pub(crate) use delivery::{WebhookDelivery, WebhookDeliveryState};
pub(crate) use endpoint::WebhookEndpoint;
pub(crate) use mutation::WebhookMutation;
pub(crate) use query::WebhookQuery;
pub(crate) use resend::WebhookResendMutation;
