//! Sponsorships: an organization's part in a convening.

mod access;
mod graphql;
mod loader;
pub(crate) mod service;
pub(crate) mod spreadsheet;

pub(crate) use graphql::{Sponsorship, SponsorshipMutation, SponsorshipRole};
pub(crate) use loader::{of_convening, of_organization};
pub(crate) use service::NewSponsorship;
