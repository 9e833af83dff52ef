//! Accounts: who signs in, how, and how they come by an account and a password.
//!
//! An address that has no account is answered like one that has: nobody finds out here who takes part. Whoever was shut
//! out (a disabled account, an ended sign-in) is shut out from the next request on, whatever token they hold.

mod access;
mod graphql;
mod links;
mod loader;
pub(crate) mod service;
mod validate;

pub(crate) use graphql::{Account, AccountMutation, AccountQuery, SignInMutation};
pub use links::PublicUrl;

use crate::auth::Authority;
use crate::mail::Mailer;
use chrono::{DateTime, Utc};
use sea_orm::DatabaseConnection;

/// What signing in takes, and all that goes with it.
#[derive(Debug)]
pub struct Accounts {
    /// The database. What fails is counted there whatever becomes of the request.
    pub db: DatabaseConnection,
    /// Issues credentials and knows them again.
    pub authority: Authority,
    /// The way letters go out, if there is one.
    pub mailer: Mailer,
    /// Where the links in them lead.
    pub public_url: PublicUrl,
}

impl Accounts {
    /// What time it is.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.authority.clock().now()
    }
}
