//! What a convening consists of: its venue, its strands, its blocks.

use crate::geography::County;
use crate::graphql::tree::Node;
use crate::graphql::{FieldResult, Walk};
use crate::session::Session;
use async_graphql::{Context, Object};
use entity::{convening, session_block, strand};

/// Where a convening takes place.
#[derive(Debug)]
pub(crate) struct Venue<'a> {
    row: &'a convening::Model,
    county: Option<&'a County>,
}

impl<'a> Venue<'a> {
    /// The venue in a convening's row, with the county that stands beside it.
    pub(super) fn new(row: &'a convening::Model, county: Option<&'a County>) -> Self {
        Self { row, county }
    }
}

/// Where a convening takes place, as far as it is known.
#[Object]
impl Venue<'_> {
    /// The name of the hotel, school or hall; null where it is not known.
    async fn name(&self) -> Option<&str> {
        self.row.venue_name.as_deref()
    }

    /// The city; null where it is not known.
    async fn city(&self) -> Option<&str> {
        self.row.venue_city.as_deref()
    }

    /// Street and number; null where they are not known.
    async fn address(&self) -> Option<&str> {
        self.row.venue_address.as_deref()
    }

    /// The county; null where it is not known.
    async fn county(&self) -> Option<&County> {
        self.county
    }
}

/// A theme that sessions of one convening share.
#[derive(Debug)]
pub(crate) struct Strand(pub(in crate::convening) Node<strand::Entity>);

/// A theme that sessions of one convening share.
#[Object]
impl Strand {
    /// Its place among the convening's strands, from 1.
    async fn position(&self) -> i32 {
        self.0.row.position
    }

    /// Its title, as the organizers write it.
    async fn title(&self) -> &str {
        &self.0.row.title
    }
}

/// Sessions that are offered together: participants choose among them, round by round.
#[derive(Debug)]
pub(crate) struct SessionBlock(pub(in crate::convening) Node<session_block::Entity>);

/// Sessions that are offered together: participants choose among them, round by round.
#[Object]
impl SessionBlock {
    /// Its place among the convening's blocks, from 1.
    async fn position(&self) -> i32 {
        self.0.row.position
    }

    /// What the block is called.
    async fn title(&self) -> &str {
        &self.0.row.title
    }

    /// How many rounds there are; null where no source says or it has none.
    async fn rounds(&self) -> Option<i32> {
        self.0.row.rounds
    }

    /// How many of the sessions one participant can go to; null where no source says.
    async fn sessions_per_participant(&self) -> Option<i32> {
        self.0.row.sessions_per_participant
    }

    /// How many different sessions the members of one team go to together; null where no source says.
    async fn sessions_per_team(&self) -> Option<i32> {
        self.0.row.sessions_per_team
    }

    /// The sessions, by date, number and title.
    async fn sessions(&self, ctx: &Context<'_>) -> FieldResult<Walk<&Session>> {
        self.0.list(ctx)
    }
}
