//! What every request passes, whichever way it came: its document is read, held against bounds and validated, and its
//! variables are held against their types, before anything runs.
//!
//! A document is read once (`documents.rs`): its text is measured (`text.rs`) before the parser sees it, its shape
//! (`bounds.rs`) before the validator does, and what is valid is looked at once more for what the validator does not
//! know (`literals.rs`). A request may also name a document (`persisted.rs`) that was sent before or is registered
//! (`trusted.rs`). What the engine (`engine.rs`) gets is made of the same tree (`convert.rs`), so that it parses nothing itself,
//! without the arguments that a request leaves out (`omitted.rs`).

mod bounds;
mod convert;
mod cost;
mod documents;
mod engine;
mod fault;
mod literals;
mod omitted;
mod persisted;
mod scalars;
mod suggestion;
mod text;
mod trusted;
mod variables;

pub(super) use bounds::Bounds;
pub use documents::Documents;
pub(super) use engine::{Engine, Facts};
pub(super) use fault::coded;
pub use trusted::Manifest;
pub(super) use variables::MAX_ITEMS;

use self::documents::{Known, Operation};
use self::engine::Runs;
use self::persisted::Asked;
use super::app::{App, TIMEOUT};
use super::observed;
use crate::auth::Viewer;
use crate::graphql::{Link, code, set_code};
use crate::observe::traces;
use crate::observe::trail::note;
use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response, ServerError};
use serde::Serialize;
use std::any::Any;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Bytes of the stack of each thread that answers: parser, validator and engine go down into a document as far as it may be
/// nested, and without optimization the usual 2 MB are not enough for that.
pub const STACK: usize = 16 * 1024 * 1024;

/// What a client sent, whichever way.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) request: Request,
    /// The id of a registered document, instead of a text.
    pub(super) document_id: Option<String>,
}

impl From<Request> for Sent {
    fn from(request: Request) -> Self {
        Self { request, document_id: None }
    }
}

/// A request that may be run.
pub(super) struct Prepared {
    pub(super) request: Runnable,
    /// What its operation does.
    pub(super) does: OperationType,
    /// The points that it costs.
    pub(super) cost: u64,
    /// How much it may ask of the database at once.
    pub(super) width: usize,
}

/// A request and what is known of its document. The engine gets a document of its own, which is only made where something
/// runs: what is answered from memory would not need it.
pub(super) struct Runnable {
    request: Request,
    known: Arc<Known>,
    operation: usize,
}

impl Runnable {
    /// The names of its operation's root fields.
    pub(super) fn root_fields(&self) -> &BTreeSet<String> {
        &self.operation().root_fields
    }

    /// What tells it from all others, written down: what is asked of its document, and the hash of that.
    pub(super) fn question(&self) -> Option<Vec<u8>> {
        let mut question = serde_json::to_vec(&(&self.request.operation_name, &self.request.variables)).ok()?;
        question.extend_from_slice(&self.known.hash);
        Some(question)
    }

    /// The same with the document as it was sent.
    pub(super) fn sent(&self) -> impl Serialize + '_ {
        (&*self.known.text, &self.request.operation_name, &self.request.variables)
    }

    /// The same with something that its resolvers find in their context.
    pub(super) fn with(self, fact: impl Any + Send + Sync) -> Self {
        Self { request: self.request.data(fact), ..self }
    }

    fn operation(&self) -> &Operation {
        &self.known.operations[self.operation]
    }

    /// The request as the engine takes it.
    fn ready(self) -> Request {
        let document = omitted::without(&self.known.engine, self.operation(), &self.request.variables);
        let mut request = self.request;
        request.set_parsed_query(document);
        request
    }
}

/// What is known of a request before it is known whether it may be run.
pub(super) struct Learned<'a> {
    /// What its operation does.
    pub(super) does: OperationType,
    /// The hash of its document.
    pub(super) hash: [u8; 32],
    /// The name of its operation.
    pub(super) operation: Option<&'a str>,
    /// Whether its document is a registered one.
    pub(super) is_registered: bool,
}

/// The request with its document read, within bounds and valid, and with variables that fit; else all that is wrong with it.
pub(super) fn prepare(app: &App, viewer: &Viewer, sent: impl Into<Sent>) -> Result<Prepared, Vec<ServerError>> {
    let _span = traces::open("graphql prepare");
    let (documents, Sent { request, document_id }) = (app.documents(), sent.into());
    let asked = Asked { document_id: document_id.as_deref(), suggests: !app.is_closed_to(viewer) };
    let (known, is_registered) = persisted::find(documents, &request, &asked)?;
    if documents.trusted().only && !is_registered && *viewer == Viewer::public() {
        let message =
            "Here only registered documents are run for those who have not signed in. Name one by `documentId`.";
        return Err(fault::one(message, code::UNAUTHENTICATED));
    }
    if known.asks_for_schema && app.is_closed_to(viewer) {
        let message =
            "Here the schema describes itself only to those who have signed in. It can be read at /schema.graphql.";
        return Err(fault::one(message, code::UNAUTHENTICATED));
    }
    let (_, operation) = known.operation(request.operation_name.as_deref())?;
    let (does, hash, operation) = (operation.does, known.hash, operation.name.as_deref());
    observed::asked_for(&Learned { does, hash, operation, is_registered });
    with_document(documents, Arc::clone(&known), request)
}

/// Whether the document that a request carries or names was read before, or is too short to take long: what simplest clients ask
/// to see whether anybody is there.
pub(super) fn is_known(app: &App, sent: &Sent) -> bool {
    const SHORT: usize = 32;
    let text = &sent.request.query;
    text.len() <= SHORT || app.documents().holds(text)
}

/// A request of our own, for what is answered in another form than GraphQL's.
pub(super) fn prepare_ours(app: &App, request: Request) -> Result<Prepared, Vec<ServerError>> {
    let known = app.documents().read(&request.query, false)?;
    with_document(app.documents(), known, request)
}

fn with_document(documents: &Documents, known: Arc<Known>, mut request: Request) -> Result<Prepared, Vec<ServerError>> {
    let (place, operation) = known.operation(request.operation_name.as_deref())?;
    request.variables = variables::coerce(documents.schema(), operation, std::mem::take(&mut request.variables))?;
    let cost = cost::total(&operation.prices, &request.variables).max(1);
    note(|facts| facts.cost = cost);
    let (does, width) = (operation.does, operation.prices.len());
    Ok(Prepared { request: Runnable { request, known, operation: place }, does, cost, width })
}

/// Reads a request as far as that goes without anybody to answer it; else all that is wrong with it.
#[cfg(fuzzing)]
pub fn read(documents: &Documents, request: Request) -> Result<Request, Vec<ServerError>> {
    let known = documents.read(&request.query, true)?;
    Ok(with_document(documents, known, request)?.request.ready())
}

/// Runs a query or a mutation, for as long as a request may take.
pub(super) async fn execute(app: &App, viewer: Viewer, request: Runnable, link: Link) -> Response {
    let _span = traces::open("graphql execute");
    let (runs, request) = (Runs::of(&request), with_facts(app, viewer, request, link));
    let Ok(response) = tokio::time::timeout(TIMEOUT, app.engine().execute(runs, request)).await else {
        let message = "The request took longer than 10 seconds. Ask for less at once.";
        return Response::from_errors(vec![coded(ServerError::new(message, None), code::TIMEOUT)]);
    };
    with_code(response)
}

/// The request with what its resolvers find of it in their context.
pub(super) fn with_facts(app: &App, viewer: Viewer, request: Runnable, link: Link) -> Request {
    request.ready().data(link).data(viewer).data(app.clock())
}

/// The answer with what it cost.
pub(super) fn with_cost(mut response: Response, cost: u64) -> Response {
    response.extensions.insert("cost".to_owned(), cost.into());
    response
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
