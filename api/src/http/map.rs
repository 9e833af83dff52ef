//! `GET /participation.geojson`: the districts that took part, for maps. Everybody gets what everybody may know.

use super::app::App;
use super::problem::problem;
use super::public::{self, Asking, Reading};
use super::tag::Content;
use crate::graphql::code;
use crate::participation::map::{Participant, map};
use axum::extract::{Query, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use chrono::NaiveDate;
use futures_util::FutureExt as _;
use serde::Deserialize;
use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../../assets/participation.graphql");
const CONVENING: &str = "query Convening($slug: String!) { convening(by: {slug: $slug}) { id } }";
const GEO_JSON: &str = "application/geo+json; charset=utf-8";

/// Which participation: at one convening, or at those that began in a period.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    convening: Option<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

#[derive(Deserialize)]
struct Found {
    convening: Option<Id>,
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    district_participation: Page,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    page_info: PageInfo,
    nodes: Vec<Participant>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

/// The map.
pub(super) async fn get(State(app): State<App>, uri: Uri, asking: Asking) -> Response {
    let parameters = Query::<Parameters>::try_from_uri(&uri).map(|Query(parameters)| parameters);
    let backwards = |Parameters { from, to, .. }: &Parameters| from.zip(*to).is_some_and(|(from, to)| from > to);
    let Ok(parameters) = parameters.map_err(drop).and_then(|it| if backwards(&it) { Err(()) } else { Ok(it) }) else {
        let message = "A map takes `convening` with a convening's slug, and `from` and `to` with days as in 2015-05-08, \
                       the earlier first; each once at most, and nothing else.";
        return problem(StatusCode::BAD_REQUEST, code::BAD_USER_INPUT, message);
    };
    // Whatever is the same map is kept once.
    let Parameters { convening, from, to } = &parameters;
    let path = format!("participation.geojson {convening:?} {from:?} {to:?}");
    let made = |reading| {
        let parameters = &parameters;
        async move { Ok(Content::from(map(&participants(&reading, parameters).await?).to_string())) }.boxed()
    };
    public::answer(&app, &path, &asking, GEO_JSON, made).await
}

/// Those who took part, by name.
async fn participants(reading: &Reading<'_>, parameters: &Parameters) -> Result<Vec<Participant>, Response> {
    let convening = match &parameters.convening {
        None => None,
        Some(slug) if slug.contains(char::is_control) => return Err(nowhere()),
        Some(slug) => match reading.ask::<Found>(CONVENING, json!({ "slug": slug })).await?.convening {
            Some(convening) => Some(convening.id),
            None => return Err(nowhere()),
        },
    };
    let filter = json!({ "convening": convening, "from": parameters.from, "to": parameters.to });
    let (mut participants, mut after) = (Vec::new(), Value::Null);
    loop {
        let data: Data = reading.ask(DOCUMENT, json!({ "filter": filter, "after": after })).await?;
        let page = data.district_participation;
        participants.extend(page.nodes);
        match page.page_info.end_cursor.filter(|_| page.page_info.has_next_page) {
            Some(cursor) => after = cursor.into(),
            None => return Ok(participants),
        }
    }
}

fn nowhere() -> Response {
    let message = "There is no such convening, or not for everybody. Convenings are known by their slugs.";
    problem(StatusCode::NOT_FOUND, code::NOT_FOUND, message)
}
