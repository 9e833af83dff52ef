//! What was answered, as it stands in the database, to be counted.

use super::items;
use super::results::{Count, Question};
use crate::error::Result;
use entity::ids::SurveyId;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};
use std::collections::HashSet;
use uuid::Uuid;

/// In an order that has nothing to do with when they came.
const RESPONSES: &str = "SELECT id, counted FROM response WHERE survey_id = $1 ORDER BY random()";
const CHOSEN: &str = "SELECT response_id, item_id, chosen FROM answer JOIN response ON response.id = response_id
    WHERE survey_id = $1";
const WRITTEN: &str = "SELECT item_id, text FROM written_answer JOIN survey_item ON survey_item.id = item_id
    WHERE survey_id = $1";

/// Everything that was answered to a survey.
pub(super) struct Answers {
    questions: Vec<Question>,
    responses: Vec<Row>,
    chosen: Vec<Chosen>,
    written: Vec<Written>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    counted: bool,
}

#[derive(FromQueryResult)]
struct Chosen {
    response_id: Uuid,
    item_id: Uuid,
    chosen: Vec<i32>,
}

#[derive(FromQueryResult)]
struct Written {
    item_id: Uuid,
    text: String,
}

impl Answers {
    /// Reads all of it.
    pub(super) async fn of(db: &impl ConnectionTrait, survey: SurveyId) -> Result<Self> {
        let of = |sql| Statement::from_sql_and_values(DbBackend::Postgres, sql, [Value::from(survey)]);
        Ok(Self {
            questions: items::of(db, survey).await?.iter().map(items::question).collect(),
            responses: Row::find_by_statement(of(RESPONSES)).all(db).await?,
            chosen: Chosen::find_by_statement(of(CHOSEN)).all(db).await?,
            written: Written::find_by_statement(of(WRITTEN)).all(db).await?,
        })
    }

    /// Those that a result has counted.
    pub(super) fn counted(&self) -> Vec<Uuid> {
        self.responses.iter().filter(|row| row.counted).map(|row| row.id).collect()
    }

    /// Those that none has, by chance in two halves.
    pub(super) fn halves(&self) -> (Vec<Uuid>, Vec<Uuid>) {
        let mut waiting: Vec<Uuid> = self.responses.iter().filter(|row| !row.counted).map(|row| row.id).collect();
        let held = waiting.split_off(waiting.len() / 2);
        (waiting, held)
    }

    /// Counts what was chosen in some of them.
    pub(super) fn count(&self, of: &[Uuid]) -> Count {
        let wanted: HashSet<Uuid> = of.iter().copied().collect();
        let chosen = self.chosen.iter().filter(|row| wanted.contains(&row.response_id));
        let chosen: Vec<_> = chosen.map(|row| (row.item_id, row.chosen.clone())).collect();
        Count::of(&self.questions, u32::try_from(of.len()).unwrap_or(u32::MAX), &chosen, &[])
    }

    /// Counts all of it, what was written too.
    pub(super) fn count_all(&self) -> Count {
        let chosen: Vec<_> = self.chosen.iter().map(|row| (row.item_id, row.chosen.clone())).collect();
        let written: Vec<_> = self.written.iter().map(|row| (row.item_id, row.text.clone())).collect();
        let responses = u32::try_from(self.responses.len()).unwrap_or(u32::MAX);
        Count::of(&self.questions, responses, &chosen, &written)
    }
}
