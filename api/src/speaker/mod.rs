//! Speakers: one contribution to one session, by a person, an organization, a district, or a person on behalf of one.
//!
//! The name and title shown are frozen when the speaker is added: an old agenda does not change when somebody's title
//! does.

mod access;
mod graphql;
mod loader;
pub(crate) mod service;
pub(crate) mod spreadsheet;

pub(crate) use graphql::{Speaker, SpeakerRole};
pub(crate) use loader::{of_person, of_session};
pub(crate) use service::NewSpeaker;
