//! Team time: at a convening each team says how experienced with collaboration it is, discusses the focus questions of
//! that level among itself, keeps notes, and writes a headline of what it wants to have achieved.
//!
//! Levels and questions are on the agenda. What a team says of itself is for it and for those who run the convening; its
//! notes are for nobody but whoever leads the team, also years later.

mod access;
mod graphql;
mod loader;
mod service;
mod validate;

pub(crate) use graphql::{
    ExperienceLevel, ExperienceLevelMutation, FocusQuestion, FocusQuestionMutation, TeamNote, TeamNoteMutation,
    TeamTimeMutation,
};
pub(crate) use loader::{headline, level, level_of_team, levels_of_convening, notes_of_team, questions_of_team};
