//! Role grants: what an account may do, and where. Nobody grants more than they hold: neither another role (but for
//! administrators), nor a wider scope, nor for longer. One administrator always remains.

mod access;
mod graphql;
mod loader;
mod service;
mod validate;

pub(crate) use graphql::{GrantMutation, Role, RoleGrant, scope_of};
pub(crate) use loader::{held_by, of_account};
pub(crate) use service::{
    GivenScope, Wanted, check, create, ensure, has_administrator, keep_an_administrator, of, one_at_a_time,
};
