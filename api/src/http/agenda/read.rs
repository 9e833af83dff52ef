//! How a public agenda is read: by a document like any other, asked as the public.

use crate::agenda::events;
use crate::agenda::file::Agenda;
use crate::auth::Viewer;
use crate::error::Error;
use crate::graphql::{GlobalId, Link, NodeType};
use crate::http::app::App;
use crate::http::front::{self, Prepared};
use crate::http::problem::{coded, refusal};
use crate::http::reply::code_of;
use async_graphql::{ID, Request, ServerError, Variables};
use axum::response::Response;
use entity::ids::ConveningId;
use sea_orm::{AccessMode, DatabaseTransaction, IsolationLevel, TransactionTrait as _};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

const DOCUMENT: &str = include_str!("../../../assets/agenda.graphql");

/// What the document answers.
#[derive(Deserialize)]
struct Data {
    convening: Option<Agenda>,
}

/// The agenda of a convening as it was last released; none where there is none, or none that everybody may read. It is
/// read in one transaction: a release meanwhile does not make one agenda of two.
pub(super) async fn agenda(app: &App, slug: &str) -> Result<Option<Agenda>, Response> {
    let isolation = (Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly));
    let transaction = app.db().begin_with_config(isolation.0, isolation.1).await;
    let transaction = Arc::new(transaction.map_err(|error| refusal(error.into()))?);
    let Some(mut agenda) = page(app, &transaction, slug, None).await? else { return Ok(None) };
    if !agenda.is_released() {
        return Ok(None);
    }
    while let Some(after) = agenda.next().map(str::to_owned) {
        let Some(next) = page(app, &transaction, slug, Some(&after)).await? else { break };
        let earlier = std::mem::replace(&mut agenda, next).sessions.nodes;
        agenda.sessions.nodes.splice(0..0, earlier);
    }
    agenda.events = told(&transaction, &agenda).await.map_err(refusal)?;
    Ok(Some(agenda))
}

async fn told(transaction: &DatabaseTransaction, agenda: &Agenda) -> Result<events::Events, Error> {
    let convening = GlobalId::key_of::<ConveningId>(&ID(agenda.id.clone()), NodeType::Convening)?;
    events::events(transaction, &Viewer::public(), convening).await
}

async fn page(
    app: &App,
    transaction: &Arc<DatabaseTransaction>,
    slug: &str,
    after: Option<&str>,
) -> Result<Option<Agenda>, Response> {
    let variables = Variables::from_json(json!({ "slug": slug, "after": after }));
    let request = Request::new(DOCUMENT).variables(variables);
    let viewer = Viewer::public();
    let Prepared { request, .. } = front::prepare(app, &viewer, request).map_err(|error| refused(&error))?;
    let (link, _) = Link::within(app.db(), transaction);
    let response = front::execute(app, viewer, request, link).await;
    if let Some(error) = response.errors.first() {
        return Err(refused(error));
    }
    let data = response.data.into_json().and_then(serde_json::from_value::<Data>);
    Ok(data.map_err(|error| refusal(Error::internal(error)))?.convening)
}

fn refused(error: &ServerError) -> Response {
    coded(&code_of(error), &error.message)
}
