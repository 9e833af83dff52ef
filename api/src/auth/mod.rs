//! Who is asking: a request becomes a [`Viewer`], and nothing after this asks for credentials again.
//!
//! [`Authority`] reads what somebody shows, an access token of ours, one of an identity provider or an API key, and asks the
//! database in one statement whether it is still in force and what was granted: who was shut out is shut out at once,
//! everywhere.

mod access_token;
mod actor;
mod api_key;
mod authority;
mod client;
mod external;
mod in_force;
mod keyring;
mod password;
pub mod provider;
mod secret;
mod standing;
mod viewer;

pub(crate) use access_token::{AccessToken, MAX_BYTES as MAX_TOKEN};
pub use actor::Actor;
pub(crate) use api_key::NewKey;
pub use authority::Authority;
pub use client::Client;
pub(crate) use client::network;
pub use keyring::Keyring;
pub(crate) use password::{LENGTH as PASSWORD_LENGTH, Passwords, Verdict};
pub(crate) use secret::{Secret, hash_of, random};
pub(crate) use standing::Standing;
pub use viewer::{Grant, Identity, Role, Scope, Viewer};
