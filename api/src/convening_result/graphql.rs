//! Results of a convening in the schema.

use crate::convening::Quantity;
use crate::graphql::{Date, Source};
use crate::metric::{Metric, ResultStatus};
use crate::survey::{PublishedResult, SurveyItem};
use async_graphql::{Enum, Object};
use chrono::NaiveDate;
use entity::quantity::Qualifier;
use entity::source::Sources;
use std::sync::Arc;

/// A figure of a convening, whoever counted it.
#[derive(Debug)]
pub(crate) struct ConveningResult {
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) quantity: (i32, Qualifier),
    pub(super) status: ResultStatus,
    pub(super) as_of: Option<NaiveDate>,
    pub(super) origin: ResultOrigin,
    pub(super) metric: Option<Arc<Metric>>,
    pub(super) result: Option<Arc<PublishedResult>>,
    pub(super) item: Option<Arc<SurveyItem>>,
    pub(super) sources: Sources,
}

/// A figure of a convening: as a document reports it, or as it is counted here of what was answered to a survey.
#[Object]
impl ConveningResult {
    /// What was counted or measured; of a survey, the question and what of its answers.
    async fn name(&self) -> &str {
        &self.name
    }

    /// What it is counted in, for example `district teams` or `percent of those who answered`.
    async fn unit(&self) -> &str {
        &self.unit
    }

    /// The figure, and how exactly it is meant. A share or a mean that is computed here is rounded to a whole number, and
    /// `ABOUT` that, but where the counts that are shown make it exact.
    async fn quantity(&self) -> Quantity {
        let (value, qualifier) = self.quantity;
        Quantity { value, qualifier: qualifier.into() }
    }

    /// How settled it is.
    async fn status(&self) -> ResultStatus {
        self.status
    }

    /// The day that it speaks of: of one that is computed, the day at the convening's place on which it was counted; null
    /// where a report does not say.
    async fn as_of(&self) -> Option<Date> {
        self.as_of.map(Date)
    }

    /// Whether it was reported, or is computed here.
    async fn origin(&self) -> ResultOrigin {
        self.origin
    }

    /// The figure as it was reported; null for one that is computed.
    async fn metric(&self) -> Option<&Metric> {
        self.metric.as_deref()
    }

    /// The result of a survey that it is part of; null for one that was reported.
    async fn result(&self) -> Option<&PublishedResult> {
        self.result.as_deref()
    }

    /// The question; null for one that was reported, and for how many answered a survey.
    async fn item(&self) -> Option<&SurveyItem> {
        self.item.as_deref()
    }

    /// Where these facts come from; empty for one that is computed.
    async fn sources(&self) -> Vec<Source> {
        Source::list(&self.sources)
    }
}

/// Where a figure comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum ResultOrigin {
    /// A document reports it.
    Reported,
    /// It is counted here, of what was answered to a survey.
    Computed,
}
