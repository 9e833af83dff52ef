//! Team time in the schema.

mod level;
mod note;
mod question;
mod team;

pub(crate) use level::{ExperienceLevel, ExperienceLevelMutation};
pub(crate) use note::{TeamNote, TeamNoteMutation};
pub(crate) use question::{FocusQuestion, FocusQuestionMutation};
pub(crate) use team::TeamTimeMutation;
