//! A metric.

use crate::convening::Quantity;
use crate::graphql::tree::{Edited, Node};
use crate::graphql::{Date, GlobalId, NodeType, Source};
use async_graphql::{Enum, ID, Object};
use entity::metric;

/// A figure as it was reported.
#[derive(Debug)]
pub struct Metric(pub(in crate::metric) Node<metric::Entity>);

/// A figure as it was reported, with the report's own precision. Not a count of this dataset's rows.
#[Object]
impl Metric {
    /// The metric's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Metric, self.0.row.id)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }

    /// What was counted or measured.
    async fn name(&self) -> &str {
        &self.0.row.name
    }

    /// What it is counted in, for example `district teams` or `percent of participants`.
    async fn unit(&self) -> &str {
        &self.0.row.unit
    }

    /// The figure, and how exactly it is meant.
    async fn quantity(&self) -> Quantity {
        Quantity { value: self.0.row.value, qualifier: self.0.row.qualifier.into() }
    }

    /// How settled the figure is.
    async fn status(&self) -> ResultStatus {
        self.0.row.status.into()
    }

    /// The day that the figure speaks of; null where the report does not say.
    async fn as_of(&self) -> Option<Date> {
        self.0.row.as_of.map(Date)
    }

    /// Where these facts come from.
    async fn sources(&self) -> Vec<Source> {
        Source::list(&self.0.row.sources)
    }

    /// Counts the changes of this row, from 1.
    async fn version(&self) -> i32 {
        self.0.row.version
    }
}

/// How settled a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "metric::Status")]
pub enum ResultStatus {
    /// Reported before everything was in: it may change.
    Preliminary,
    /// Reported once everything was in.
    Final,
    /// Reported again because the first report was wrong.
    Corrected,
}
