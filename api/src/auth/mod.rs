//! Who is asking: a request becomes a [`Viewer`], and nothing after this asks for credentials again.

mod actor;
pub mod provider;
mod viewer;

pub use actor::Actor;
pub use viewer::{Grant, Identity, Role, Scope, Viewer};
