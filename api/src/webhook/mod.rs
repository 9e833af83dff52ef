//! Webhooks: a partner's program is told of changes at an address of its own, signed as Standard Webhooks.
//!
//! What always holds:
//! - An endpoint is of one account or one key, and is told only what that one may see when it is told. It is told that
//!   something changed, never what: whoever wants to know asks, with the own rights.
//! - Every change is told at least once, and in the order of the feed: what fails is tried again before anything after it
//!   is told. The feed itself is the queue; an endpoint is a place in it.
//! - An endpoint that fails holds up nobody but itself, and after some days it is disabled.
//! - In production nothing is sent to an address that is not public, whatever name leads there.
//! - A secret that signs is kept sealed, and shown once.

mod access;
mod address;
mod courier;
mod event;
mod graphql;
mod letters;
mod loader;
mod secret;
mod service;
mod validate;

pub(crate) use address::Network;
pub use courier::Courier;
pub(crate) use graphql::{WebhookDelivery, WebhookEndpoint, WebhookMutation, WebhookQuery, WebhookResendMutation};
pub(crate) use service::put_away;
