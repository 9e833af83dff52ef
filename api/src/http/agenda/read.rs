//! How a public agenda is read.

use crate::agenda::events::events;
use crate::agenda::file::Agenda;
use crate::auth::Viewer;
use crate::graphql::{GlobalId, NodeType};
use crate::http::problem::refusal;
use crate::http::public::Reading;
use async_graphql::ID;
use axum::response::Response;
use entity::ids::ConveningId;
use serde::Deserialize;
use serde_json::json;

const DOCUMENT: &str = include_str!("../../../assets/agenda.graphql");

/// What the document answers.
#[derive(Deserialize)]
struct Data {
    convening: Option<Agenda>,
}

/// The agenda of a convening as it was last released, with what calendars are told of it where that is wanted; none where
/// there is none, or none that everybody may read.
pub(super) async fn agenda(reading: &Reading<'_>, slug: &str, for_calendars: bool) -> Result<Option<Agenda>, Response> {
    // No slug has such letters, and the schema refuses what is no text: what is not there answers alike.
    if slug.contains(char::is_control) {
        return Ok(None);
    }
    let page = async |after: Option<&str>| {
        let data: Data = reading.ask(DOCUMENT, json!({ "slug": slug, "after": after })).await?;
        Ok::<_, Response>(data.convening)
    };
    let Some(mut agenda) = page(None).await?.filter(Agenda::is_released) else { return Ok(None) };
    while let Some(after) = agenda.next().map(str::to_owned) {
        let Some(next) = page(Some(&after)).await? else { break };
        agenda.sessions.add(next.sessions);
    }
    if for_calendars {
        let id = ID(agenda.id.clone());
        let convening = GlobalId::key_of::<ConveningId>(&id, NodeType::Convening).map_err(refusal)?;
        agenda.events = events(&reading.link().executor(), &Viewer::public(), convening).await.map_err(refusal)?;
    }
    Ok(Some(agenda))
}
