//! Metrics in the schema.

mod mutation;
mod object;

pub(crate) use mutation::MetricMutation;
pub(crate) use object::{Metric, ResultStatus};
