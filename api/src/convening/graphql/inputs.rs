//! What convenings can be named, filtered and ordered by.

use crate::graphql::{Date, OrderDirection};
use async_graphql::{Enum, ID, InputObject, OneofObject};
use entity::convening;

/// What sort of gathering a convening is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "convening::Kind")]
pub enum ConveningKind {
    /// A statewide gathering of district teams.
    Symposium,
    /// A gathering of the teams of one part of the state.
    RegionalConvening,
    /// Several days of learning together.
    Institute,
    /// A conference, often of others.
    Summit,
    /// Districts that learn from one another over time.
    PeerLearning,
    /// Work with an external facilitator.
    Coaching,
    /// Two districts that visit one another.
    InterDistrictExchange,
    /// A journey to see how others work.
    StudyTour,
    /// A session over the network.
    Webinar,
    /// A meeting of one of the initiative's bodies.
    Meeting,
}

/// Where a convening stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "convening::Status")]
pub enum ConveningStatus {
    /// Being prepared; only those who run it see it.
    Draft,
    /// Everybody can see it.
    Announced,
    /// District teams can submit statements of interest.
    ApplicationsOpen,
    /// No more statements of interest are taken.
    ApplicationsClosed,
    /// It is decided which teams take part.
    TeamsSelected,
    /// Everybody can see its agenda.
    AgendaPublished,
    /// It is going on.
    InProgress,
    /// It is over.
    Completed,
    /// It does not take place.
    Cancelled,
}

/// Names one convening, by exactly one of these.
#[derive(Debug, OneofObject)]
pub(crate) enum ConveningBy {
    /// Its global id.
    Id(ID),
    /// Its slug, for example `2015-symposium`.
    Slug(String),
}

/// Which convenings; all that is given must hold.
#[derive(Debug, InputObject)]
pub(crate) struct ConveningFilter {
    /// Words, or beginnings of words, in its title, city or description. Typos are forgiven, case and accents too.
    pub(in crate::convening) search: Option<String>,
    /// Only of one of these kinds.
    pub(in crate::convening) kind: Option<Vec<ConveningKind>>,
    /// Only in one of these states.
    pub(in crate::convening) status: Option<Vec<ConveningStatus>>,
    /// Only those whose first day is this or later.
    pub(in crate::convening) starts_on_or_after: Option<Date>,
    /// Only those whose first day is this or earlier.
    pub(in crate::convening) starts_on_or_before: Option<Date>,
    /// Only those that the initiative holds itself (true), or only those of others (false).
    pub(in crate::convening) hosted_by_initiative: Option<bool>,
}

/// What convenings can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ConveningOrderField {
    /// Their first day, then their title.
    StartsOn,
    /// Their title, without regard to case and accents.
    Title,
    /// When they were last changed here.
    UpdatedAt,
}

/// An order of convenings.
#[derive(Debug, InputObject)]
pub(crate) struct ConveningOrder {
    /// What to order by.
    pub(in crate::convening) field: ConveningOrderField,
    /// Which way.
    #[graphql(default)]
    pub(in crate::convening) direction: OrderDirection,
}
