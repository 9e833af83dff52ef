//! How levels, focus questions and notes are read.

use super::graphql::{ExperienceLevel, FocusQuestion, TeamNote};
use crate::auth::Viewer;
use crate::database::Alias;
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use crate::policy::{Action, Kind};
use entity::{
    convening, experience_level, focus_question, team, team_focus_question as question_of_team, team_note, team_time,
};
use sea_orm::sea_query::{Expr, ExprTrait as _};

impl Branch for experience_level::Entity {
    type Object = ExperienceLevel;
    const TYPE: &'static str = "ExperienceLevel";
    const OBJECT: fn(Node<Self>) -> ExperienceLevel = ExperienceLevel;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            "convening" => Edge::one::<convening::Entity>(experience_level::Column::ConveningId),
            "questions" => Edge::many::<focus_question::Entity>(
                focus_question::Column::LevelId,
                Listing::new(by_position("experienceLevel.questions")),
            ),
            _ => return Ok(None),
        }))
    }
}

impl Branch for focus_question::Entity {
    type Object = FocusQuestion;
    const TYPE: &'static str = "FocusQuestion";
    const OBJECT: fn(Node<Self>) -> FocusQuestion = FocusQuestion;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        let level = || Edge::one::<experience_level::Entity>(focus_question::Column::LevelId);
        Ok((field.name() == "level").then(level))
    }
}

impl Branch for team_note::Entity {
    type Object = TeamNote;
    const TYPE: &'static str = "TeamNote";
    const OBJECT: fn(Node<Self>) -> TeamNote = TeamNote;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            "team" => Edge::one::<team::Entity>(team_note::Column::TeamId),
            "question" => Edge::one::<focus_question::Entity>(team_note::Column::QuestionId),
            _ => return Ok(None),
        }))
    }
}

fn by_position(name: &str) -> Order {
    Order::by(name, vec![Key::new(KeyKind::Int, |rows| rows.computed("position"))])
}

/// The levels of a convening, in their order.
pub(crate) fn levels_of_convening() -> Edge {
    let listing = Listing::new(by_position("convening.experienceLevels"));
    Edge::many::<experience_level::Entity>(experience_level::Column::ConveningId, listing)
}

/// The level that a team has given itself: a list of one at most.
pub(crate) fn level_of_team() -> Edge {
    let listing = Listing::new(by_position("team.experienceLevel"));
    let (team, level) = (team_time::Column::TeamId, team_time::Column::LevelId);
    Edge::linked::<experience_level::Entity, team_time::Entity>(team, level, listing).gated(Kind::TeamTime)
}

/// The focus questions of that level, in their order.
pub(crate) fn questions_of_team() -> Edge {
    let listing = Listing::new(by_position("team.focusQuestions"));
    let (team, question) = (question_of_team::Column::TeamId, question_of_team::Column::QuestionId);
    Edge::linked::<focus_question::Entity, question_of_team::Entity>(team, question, listing).gated(Kind::TeamTime)
}

/// The notes of a team, in the order in which they were written.
pub(crate) fn notes_of_team(field: &Field<'_>) -> Result<Edge> {
    let written = Key::new(KeyKind::Time, |rows| rows.col(team_note::Column::CreatedAt));
    let listing = Listing::new(Order::by("team.notes", vec![written])).paged(field)?;
    Ok(Edge::many::<team_note::Entity>(team_note::Column::TeamId, listing).gated(Kind::TeamNote))
}

/// A team's headline, for those who may know how it uses its time.
pub(crate) fn headline(viewer: &Viewer, team: &Alias) -> Expr {
    of_time(viewer, team, team_time::Column::Headline)
}

/// The key of the level that a team has given itself, for the same.
pub(crate) fn level(viewer: &Viewer, team: &Alias) -> Expr {
    of_time(viewer, team, team_time::Column::LevelId)
}

fn of_time(viewer: &Viewer, team: &Alias, column: team_time::Column) -> Expr {
    let time = Alias::new("time");
    let mut select = time.select_from::<team_time::Entity>();
    select
        .expr(time.col(column))
        .and_where(time.col(team_time::Column::TeamId).eq(team.col(team::Column::Id)))
        .and_where(viewer.allowed_with::<team::Entity>(Kind::TeamTime, Action::Read, team));
    Expr::SubQuery(None, Box::new(select.into()))
}
