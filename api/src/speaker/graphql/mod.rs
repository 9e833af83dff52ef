//! Speakers in the schema.

mod mutation;
mod object;

pub(crate) use mutation::SpeakerMutation;
pub(crate) use object::{Speaker, SpeakerRole};
