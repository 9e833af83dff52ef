//! Convenings: dated gatherings, from a webinar to the two-day symposium.
//!
//! A convening is public once it was announced, its agenda once that was published, its teams once decisions were.
//! Cancelled after that, it stays visible as cancelled; cancelled before, it stays hidden. The three are columns
//! of their own and not read off the status, because the status forgets how far a cancelled convening had come.
//!
//! Whoever changes a convening, or what its row decides about (its teams' places, its days), locks that row first.

mod access;
pub(crate) mod blocks;
mod change;
mod days;
mod graphql;
mod input;
mod loader;
mod moves;
mod parts;
pub(crate) mod rules;
pub(crate) mod service;
pub(crate) mod spreadsheet;
mod validate;

pub(crate) use days::{begins_within, day_of, ends_within};
pub(crate) use graphql::{
    CompositionRuleMutation, CompositionRuleQuery, Convening, ConveningKind, ConveningMoveMutation, ConveningMutation,
    ConveningQuery, CreateConveningInput, Quantity, QuantityInput, SessionBlockMutation, Strand,
};
pub(crate) use input::{NewBlock, NewConvening, NewRule, NewSeat, Venue as NewVenue};
pub(crate) use loader::of_offering;
pub(crate) use moves::illegal;
pub(crate) use moves::with_published_decisions;
