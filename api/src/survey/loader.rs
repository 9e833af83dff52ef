//! How surveys are read, with their items, results, and what was written and answered.

use super::graphql::{
    Answer, ModerationStatus, PublishedResult, Response, Survey, SurveyFilter, SurveyItem, WrittenAnswer,
};
use super::moves::Move;
use crate::auth::Viewer;
use crate::database::{Alias, one_of};
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use crate::graphql::{GlobalId, NodeType, words};
use crate::policy::{Action, Kind};
use chrono::{DateTime, Utc};
use entity::ids::{ConveningId, SurveyId};
use entity::survey::{Column, Status};
use entity::{answer, convening, published_result, response, survey, survey_item, written_answer};
use sea_orm::ActiveEnum as _;
use sea_orm::sea_query::{Expr, ExprTrait as _};

impl Branch for survey::Entity {
    type Object = Survey;
    const TYPE: &'static str = "Survey";
    const OBJECT: fn(Node<Self>) -> Survey = Survey;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            "convening" => Edge::one::<convening::Entity>(Column::ConveningId),
            "items" => {
                let position = Key::new(KeyKind::Int, |rows| rows.col(survey_item::Column::Position));
                let listing = Listing::new(Order::by("items", vec![position]));
                Edge::many::<survey_item::Entity>(survey_item::Column::SurveyId, listing)
            }
            "results" => {
                let number = Key::new(KeyKind::Int, |rows| rows.col(published_result::Column::Number));
                let listing = Listing::new(Order::by("results", vec![number]).reversed());
                Edge::many::<published_result::Entity>(published_result::Column::SurveyId, listing)
            }
            "responses" => {
                let counted = |rows: &Alias| rows.col(response::Column::Counted).and(is_over(rows));
                let listing = Listing::new(by_chance("responses")).filter(counted).paged(field)?;
                Edge::many::<response::Entity>(response::Column::SurveyId, listing).gated(Kind::Response)
            }
            _ => return Ok(None),
        }))
    }

    fn moves(_: &Viewer, rows: &Alias, _: DateTime<Utc>) -> Vec<(&'static str, Expr)> {
        let legal = |step: Move| rows.col(Column::Status).eq(step.way().0.to_value());
        Move::ALL.into_iter().map(|step| (step.word(), legal(step))).collect()
    }
}

impl Branch for survey_item::Entity {
    type Object = SurveyItem;
    const TYPE: &'static str = "SurveyItem";
    const OBJECT: fn(Node<Self>) -> SurveyItem = SurveyItem;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            "survey" => Edge::one::<survey::Entity>(survey_item::Column::SurveyId).implied(),
            "writtenAnswers" => {
                let states: Option<Vec<ModerationStatus>> = field.argument("moderation")?;
                let listing = Listing::new(by_chance("writtenAnswers"))
                    .filter(|rows| rows.col(written_answer::Column::Counted))
                    .filter_some(states, |rows, states| {
                        let words = words::<written_answer::Moderation>(states);
                        one_of(rows.col(written_answer::Column::Moderation), words)
                    });
                Edge::many::<written_answer::Entity>(written_answer::Column::ItemId, listing.paged(field)?)
            }
            _ => return Ok(None),
        }))
    }
}

impl Branch for published_result::Entity {
    type Object = PublishedResult;
    const TYPE: &'static str = "PublishedResult";
    const OBJECT: fn(Node<Self>) -> PublishedResult = PublishedResult;
    // Whoever waits for results goes on behind the last one.
    const ALWAYS: &'static [&'static str] = &["number"];

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            "survey" => Edge::one::<survey::Entity>(published_result::Column::SurveyId).implied(),
            "fullItems" => Edge::value::<serde_json::Value>(full_tables),
            _ => return Ok(None),
        }))
    }
}

/// The survey that a response is of takes no more answers.
fn is_over(responses: &Alias) -> Expr {
    let over = [Status::Closed, Status::Published].map(|status| status.to_value()).to_vec();
    responses.refers_to::<survey::Entity>(response::Column::SurveyId, |survey| one_of(survey.col(Column::Status), over))
}

/// All that was counted, for those who may see it.
fn full_tables(viewer: &Viewer, rows: &Alias) -> Expr {
    let may = viewer.allowed_with::<published_result::Entity>(Kind::FullResult, Action::Read, rows);
    Expr::cust_with_exprs("CASE WHEN $1 THEN $2 END", [may, rows.computed("full_tables")])
}

impl Branch for response::Entity {
    type Object = Response;
    const TYPE: &'static str = "Response";
    const OBJECT: fn(Node<Self>) -> Response = Response;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        let answers = || Edge::many::<answer::Entity>(answer::Column::ResponseId, Listing::new(by_chance("answers")));
        Ok((field.name() == "answers").then(answers))
    }
}

impl Branch for answer::Entity {
    type Object = Answer;
    const TYPE: &'static str = "Answer";
    const OBJECT: fn(Node<Self>) -> Answer = Answer;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        let item = || Edge::one::<survey_item::Entity>(answer::Column::ItemId);
        Ok((field.name() == "item").then(item))
    }
}

impl Branch for written_answer::Entity {
    type Object = WrittenAnswer;
    const TYPE: &'static str = "WrittenAnswer";
    const OBJECT: fn(Node<Self>) -> WrittenAnswer = WrittenAnswer;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        let item = || Edge::one::<survey_item::Entity>(written_answer::Column::ItemId);
        Ok((field.name() == "item").then(item))
    }
}

/// The results of a survey behind a number, the latest first.
pub(super) fn newer_results(survey: SurveyId, seen: i32) -> Listing {
    let number = Key::new(KeyKind::Int, |rows| rows.col(published_result::Column::Number));
    Listing::new(Order::by("results", vec![number]).reversed())
        .filter(move |rows| rows.col(published_result::Column::SurveyId).eq(survey))
        .filter(move |rows| rows.col(published_result::Column::Number).gt(seen))
}

/// By their keys, which are random: the order tells nothing.
fn by_chance(name: &str) -> Order {
    Order::by(name, Vec::new())
}

/// The surveys of a convening, the latest first.
pub(crate) fn of_convening(field: &Field<'_>) -> Result<Edge> {
    Ok(Edge::many::<survey::Entity>(Column::ConveningId, Listing::new(latest()).paged(field)?))
}

/// The surveys that a field asks for, the latest first.
pub(super) fn listing(field: &Field<'_>) -> Result<Listing> {
    let filter: Option<SurveyFilter> = field.argument("filter")?;
    let listing = Listing::new(latest());
    let Some(filter) = filter else { return Ok(listing) };
    let convening = filter.convening.map(|id| GlobalId::key_of::<ConveningId>(&id, NodeType::Convening)).transpose()?;
    Ok(listing
        .filter_some(convening, |rows, key| rows.col(Column::ConveningId).eq(key))
        .filter_some(filter.kind, |rows, kinds| one_of(rows.col(Column::Kind), words::<survey::Kind>(kinds)))
        .filter_some(filter.status, |rows, all| one_of(rows.col(Column::Status), words::<survey::Status>(all))))
}

fn latest() -> Order {
    Order::by("surveys", vec![Key::new(KeyKind::Time, |rows| rows.col(Column::CreatedAt))]).reversed()
}
