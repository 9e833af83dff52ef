//! How the results of convenings are read: metrics and the results of surveys, each as far as the viewer sees them.

use super::figures::{self, Figure};
use super::graphql::{ConveningResult, ResultOrigin};
use crate::database::{Alias, any_of};
use crate::error::Result;
use crate::graphql::tree::{self, Branch, Edge, Erased, Field, Reading};
use crate::survey::{ItemTable, outcome};
use chrono::NaiveDate;
use entity::source::Sources;
use entity::{convening, metric, published_result, survey, survey_item};
use futures_util::future::{BoxFuture, FutureExt as _};
use sea_orm::sea_query::{Expr, ExprTrait as _, JoinType, Order, SelectStatement};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// The results of a convening.
pub(crate) fn of_convening() -> Edge {
    Edge::loaded_with(load)
}

/// The latest result of a survey that the viewer sees.
struct Counted {
    convening: Uuid,
    key: Uuid,
    title: String,
    status: metric::Status,
    day: NaiveDate,
    responses: Option<i32>,
    tables: Vec<ItemTable>,
}

/// As many statements for one convening as for many.
fn load<'f>(
    convenings: Vec<Uuid>,
    reading: Reading<'f>,
    field: Field<'f>,
) -> BoxFuture<'f, Result<HashMap<Uuid, Erased>>> {
    async move {
        let of = Results { convenings: &convenings, reading, field: &field };
        let mut results: HashMap<Uuid, Vec<ConveningResult>> =
            convenings.iter().map(|&convening| (convening, Vec::new())).collect();
        for (convening, result) in of.reported().await?.into_iter().chain(of.computed().await?) {
            results.entry(convening).or_default().push(result);
        }
        Ok(results.into_iter().map(|(key, results)| (key, Box::new(results) as Erased)).collect())
    }
    .boxed()
}

/// What is asked for.
struct Results<'a, 'f> {
    convenings: &'a [Uuid],
    reading: Reading<'f>,
    field: &'a Field<'f>,
}

impl Results<'_, '_> {
    /// The figures that were reported, each with its convening.
    async fn reported(&self) -> Result<Vec<(Uuid, ConveningResult)>> {
        let rows = Alias::new("metric");
        let found = metric::Entity::find()
            .filter(any_of(rows.col(metric::Column::ConveningId), self.convenings.iter().copied()))
            .filter(self.reading.viewer.visible::<metric::Entity>(&rows))
            .order_by_asc(metric::Column::Position)
            .all(&self.reading.db())
            .await?;
        let metrics = self.selected::<metric::Entity>("metric", found.iter().map(|row| row.id.0)).await?;
        let result = |row: metric::Model| {
            let result = ConveningResult {
                name: row.name,
                unit: row.unit,
                quantity: (row.value, row.qualifier),
                status: row.status.into(),
                as_of: row.as_of,
                origin: ResultOrigin::Reported,
                metric: metrics.get(&row.id.0).cloned(),
                result: None,
                item: None,
                sources: row.sources,
            };
            (row.convening_id.0, result)
        };
        Ok(found.into_iter().map(result).collect())
    }

    /// The figures that are counted here, each with its convening.
    async fn computed(&self) -> Result<Vec<(Uuid, ConveningResult)>> {
        let counted = self.counted().await?;
        let of_result = counted.iter().map(|counted| counted.key);
        let results = self.selected::<published_result::Entity>("result", of_result).await?;
        let asked = counted.iter().flat_map(|counted| &counted.tables).map(|table| table.item);
        let items = self.selected::<survey_item::Entity>("item", asked).await?;
        let told = counted.into_iter().flat_map(|counted| {
            let result = results.get(&counted.key).cloned();
            let items = &items;
            figures_of(&counted).into_iter().map(move |figure| {
                let made = ConveningResult {
                    name: figure.name,
                    unit: figure.unit.to_owned(),
                    quantity: figure.quantity,
                    status: counted.status.into(),
                    as_of: Some(counted.day),
                    origin: ResultOrigin::Computed,
                    metric: None,
                    result: result.clone(),
                    item: figure.item.and_then(|item| items.get(&item).cloned()),
                    sources: Sources::default(),
                };
                (counted.convening, made)
            })
        });
        Ok(told.collect())
    }

    /// The latest result of each survey, the earliest survey first.
    async fn counted(&self) -> Result<Vec<Counted>> {
        let rows = self.reading.db().query_all(&self.latest()).await?;
        let counted = rows.iter().map(|row| {
            Ok(Counted {
                convening: row.try_get("", "convening_id")?,
                key: row.try_get("", "id")?,
                title: row.try_get("", "title")?,
                status: row.try_get("", "status")?,
                day: row.try_get("", "day")?,
                responses: row.try_get("", "responses")?,
                tables: outcome::tables(&row.try_get("", "tables")?)?,
            })
        });
        counted.collect()
    }

    fn latest(&self) -> SelectStatement {
        use published_result::Column;
        let (rows, survey, convening) = (Alias::new("t"), Alias::new("s"), Alias::new("c"));
        let of_survey = survey.col(survey::Column::Id).eq(rows.col(Column::SurveyId));
        let of_convening = convening.col(convening::Column::Id).eq(survey.col(survey::Column::ConveningId));
        let at_place = [rows.col(Column::CreatedAt), convening.col(convening::Column::TimeZone)];
        let newer = rows.exists::<published_result::Entity>(|other| {
            let of_same = other.col(Column::SurveyId).eq(rows.col(Column::SurveyId));
            let is_newer = other.col(Column::Number).gt(rows.col(Column::Number));
            of_same.and(is_newer).and(self.reading.viewer.visible::<published_result::Entity>(other))
        });
        let mut select = rows.select_from::<published_result::Entity>();
        for column in [Column::Id, Column::Status, Column::Responses, Column::Tables] {
            select.expr(rows.col(column));
        }
        select
            .expr(survey.col(survey::Column::ConveningId))
            .expr(survey.col(survey::Column::Title))
            .expr_as(Expr::cust_with_exprs("($1 AT TIME ZONE $2)::date", at_place), "day")
            .join_as(JoinType::InnerJoin, survey::Entity, &survey, of_survey)
            .join_as(JoinType::InnerJoin, convening::Entity, &convening, of_convening)
            .and_where(any_of(survey.col(survey::Column::ConveningId), self.convenings.iter().copied()))
            .and_where(self.reading.viewer.visible::<published_result::Entity>(&rows))
            .and_where(newer.not())
            .order_by_expr(survey.col(survey::Column::CreatedAt), Order::Asc)
            .order_by_expr(survey.col(survey::Column::Id), Order::Asc);
        select
    }

    /// The rows at a field, as far as it selects them and the viewer sees them.
    async fn selected<E: Branch>(
        &self,
        name: &str,
        keys: impl Iterator<Item = Uuid>,
    ) -> Result<HashMap<Uuid, Arc<E::Object>>> {
        let Some(field) = self.field.child("ConveningResult", name) else { return Ok(HashMap::new()) };
        let rows = tree::read_keys::<E>(self.reading, &field, keys.collect()).await?;
        Ok(rows.into_iter().map(|(key, row)| (key, Arc::new(row))).collect())
    }
}

/// What the result of a survey says.
fn figures_of(counted: &Counted) -> Vec<Figure> {
    let responses = counted.responses.map(|many| figures::responses(&counted.title, many));
    responses.into_iter().chain(counted.tables.iter().flat_map(figures::of)).collect()
}
