//! Accounts in the schema.

mod mutation;
mod object;
mod query;
mod sign_in;
mod viewer;

pub(crate) use mutation::AccountMutation;
pub(crate) use object::Account;
pub(crate) use query::AccountQuery;
pub(crate) use sign_in::SignInMutation;
