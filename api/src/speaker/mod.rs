//! Speakers: one contribution to one session, by a person, an organization, a district, or a person on behalf of one.
//!
//! The name and title shown are frozen when the speaker is added: an old agenda does not change when somebody's title
//! does. Nobody speaks in two sessions at one time, unless somebody says why.

mod access;
pub(crate) mod elsewhere;
mod graphql;
mod loader;
pub(crate) mod service;
mod shown;
pub(crate) mod spreadsheet;
mod validate;

pub(crate) use graphql::{Speaker, SpeakerMutation, SpeakerRole};
pub(crate) use loader::{of_person, of_session};
pub(crate) use service::NewSpeaker;
