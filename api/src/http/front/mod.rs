//! What every request passes, whichever way it came: its document is read, held against bounds and validated, and its
//! variables are held against their types, before anything runs.
//!
//! A document is read once (`documents.rs`): its text is measured (`text.rs`) before the parser sees it, its shape
//! (`bounds.rs`) before the validator does, and what is valid is looked at once more for what the validator does not
//! know (`literals.rs`). What the engine gets is made of the same tree (`convert.rs`), so that it parses nothing itself.

mod bounds;
mod convert;
mod documents;
mod fault;
mod literals;
mod scalars;
mod suggestion;
mod text;
mod variables;

pub(super) use documents::Documents;
pub(super) use fault::coded;

use super::app::{App, TIMEOUT};
use crate::auth::Viewer;
use crate::graphql::{Link, code, set_code};
use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response, ServerError};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A request that may be run.
pub(super) struct Prepared {
    pub(super) request: Request,
    /// What its operation does.
    pub(super) does: OperationType,
    /// The names of its operation's root fields.
    pub(super) root_fields: BTreeSet<String>,
}

/// The request with its document read, within bounds and valid, and with variables that fit; else all that is wrong with it.
pub(super) fn prepare(app: &App, viewer: &Viewer, mut request: Request) -> Result<Prepared, Vec<ServerError>> {
    let documents = app.documents();
    let known = documents.read(&request.query)?;
    if known.asks_for_schema && app.is_closed_to(viewer) {
        let message =
            "Here the schema describes itself only to those who have signed in. It can be read at /schema.graphql.";
        return Err(vec![coded(ServerError::new(message, None), code::UNAUTHENTICATED)]);
    }
    let operation = known.operation(request.operation_name.as_deref())?;
    request.variables = variables::coerce(documents.schema(), operation, std::mem::take(&mut request.variables))?;
    request.set_parsed_query(known.engine.clone());
    Ok(Prepared { request, does: operation.does, root_fields: operation.root_fields.clone() })
}

/// Runs a query or a mutation, for as long as a request may take.
pub(super) async fn execute(app: &App, viewer: Viewer, request: Request, link: Link) -> Response {
    let request = with_facts(app, viewer, request, link);
    let Ok(response) = tokio::time::timeout(TIMEOUT, app.schema().execute(request)).await else {
        let message = "The request took longer than 10 seconds. Ask for less at once.";
        return Response::from_errors(vec![coded(ServerError::new(message, None), code::TIMEOUT)]);
    };
    with_code(response)
}

/// The request with what its resolvers find in their context.
pub(super) fn with_facts(app: &App, viewer: Viewer, request: Request, link: Link) -> Request {
    let request = request.data(link).data(viewer).data(app.clock()).data(Arc::clone(app.accounts()));
    request.data(Arc::clone(app.ballots())).data(Arc::clone(app.notices())).data(app.network())
}

/// The answer with a code for each error that has none.
pub(super) fn with_code(mut response: Response) -> Response {
    for error in &mut response.errors {
        // Whatever our own code refuses has its code. The rest is the library's: what precedes execution is
        // validation, and what has a place in the answer is an argument that could not be coerced.
        let code = if error.path.is_empty() { code::GRAPHQL_VALIDATION_FAILED } else { code::BAD_USER_INPUT };
        set_code(error, code);
    }
    response
}
