//! Metrics: figures as they were reported of a convening or at it. Computed counts are not among them.

mod access;
mod graphql;
mod loader;
pub(crate) mod service;
pub(crate) mod spreadsheet;

pub(crate) use graphql::{Metric, MetricMutation, ResultStatus};
pub(crate) use loader::of_convening;
pub(crate) use service::NewMetric;
