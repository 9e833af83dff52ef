//! Convenings: dated gatherings, from a webinar to the two-day symposium.
//!
//! A convening is public once it was announced, its agenda once that was published, its teams once decisions were.
//! Cancelled after that, it stays visible as cancelled; cancelled before, it stays hidden. The three are columns
//! of their own and not read off the status, because the status forgets how far a cancelled convening had come.

mod access;
mod graphql;
mod loader;
pub(crate) mod service;
pub(crate) mod spreadsheet;
mod validate;

pub(crate) use graphql::{Convening, ConveningKind, ConveningQuery, Quantity, Strand};
pub(crate) use service::{NewBlock, NewConvening, NewRule, NewSeat, Venue as NewVenue};
