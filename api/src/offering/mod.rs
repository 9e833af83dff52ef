//! Offerings: what the initiative offers or proposes next.

mod access;
mod graphql;
mod loader;
pub(crate) mod service;
pub(crate) mod spreadsheet;

pub(crate) use graphql::{ConveneMutation, Offering, OfferingMutation, OfferingQuery};
pub(crate) use service::NewOffering;
