//! The results of a convening in one form: figures that were reported of it, and those that are counted here of its surveys.

mod figures;
mod graphql;
mod loader;

pub(crate) use graphql::ConveningResult;
pub(crate) use loader::of_convening;
