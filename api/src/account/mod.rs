//! Accounts: who signs in, how, and how they come by an account and a password.

mod links;
pub(crate) mod service;
mod validate;

pub use links::PublicUrl;

use crate::auth::Authority;
use crate::mail::Mailer;

/// What accounts take beside the database.
#[derive(Debug)]
pub struct Accounts {
    /// Issues credentials and knows them again.
    pub authority: Authority,
    /// The way letters go out, if there is one.
    pub mailer: Mailer,
    /// Where the links in them lead.
    pub public_url: PublicUrl,
}
