//! What every request passes, whichever way it came: its document is read and held against bounds before anything runs.

use super::app::{App, TIMEOUT};
use super::document;
use crate::auth::Viewer;
use crate::graphql::{Link, code, set_code};
use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response, ServerError};
use std::sync::Arc;

/// A request that may be run.
pub(super) struct Prepared {
    pub(super) request: Request,
    /// What its operation does; none where the engine will say that there is no such operation.
    pub(super) does: Option<OperationType>,
}

/// The request with its document read and found to be within bounds.
pub(super) fn prepare(app: &App, viewer: &Viewer, mut request: Request) -> Result<Prepared, ServerError> {
    app.limits().check_text(&request.query)?;
    let document = document::parse(&request.query).map_err(|error| coded(error, code::GRAPHQL_PARSE_FAILED))?;
    app.limits().check(&document)?;
    if app.is_closed_to(viewer) && document::asks_for(&document, &["__schema", "__type"]) {
        let message =
            "Here the schema describes itself only to those who have signed in. It can be read at /schema.graphql.";
        return Err(coded(ServerError::new(message, None), code::UNAUTHENTICATED));
    }
    let operation = document::operation(&document, request.operation_name.as_deref());
    if let Some(operation) = operation {
        document::fill_in(&mut request.variables, operation);
        document::check(&request.variables, operation).map_err(|error| coded(error, code::BAD_USER_INPUT))?;
    }
    let does = operation.map(|operation| operation.ty);
    request.set_parsed_query(document);
    Ok(Prepared { request, does })
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

fn coded(mut error: ServerError, code: &str) -> ServerError {
    set_code(&mut error, code);
    error
}
