//! What is wrong with a document or with what was sent beside it, as the client is told.

use super::suggestion::suggestion;
use crate::graphql::{code, set_code};
use apollo_compiler::Schema;
use apollo_compiler::parser::{SourceMap, SourceSpan};
use apollo_compiler::validation::DiagnosticList;
use async_graphql::{Pos, ServerError};

/// Faults that are told at once: whoever has more mends these first.
const TOLD: usize = 10;
/// What the validator says of a field of which nothing is selected.
const NO_SELECTION: &str = "must have a selection of subfields";
/// Letters of a message at most: it repeats names of the document, and those are as long as somebody makes them.
const LONGEST: usize = 280;

/// An error with its code, unless it has one.
pub(in crate::http) fn coded(mut error: ServerError, code: &str) -> ServerError {
    set_code(&mut error, code);
    error
}

/// One fault that concerns the whole request.
pub(super) fn one(message: impl Into<String>, code: &str) -> Vec<ServerError> {
    vec![coded(ServerError::new(message, None), code)]
}

/// What makes a text no document. Of what the parser says, the first: the rest follows from it.
pub(super) fn unreadable(found: &DiagnosticList) -> Vec<ServerError> {
    let say = |said: &str| {
        let said = said.trim_start_matches("syntax error: ").trim_end_matches('.').replace('_', " ");
        format!("The document cannot be read: {said}.")
    };
    told(found, 1, say, code::GRAPHQL_PARSE_FAILED)
}

/// What the validator has against a document, and what may have been meant.
pub(super) fn invalid(found: &DiagnosticList, suggested_from: Option<&Schema>) -> Vec<ServerError> {
    let say = |said: &str| {
        let mut letters = said.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
        let end = if said.ends_with(['.', '?']) { "" } else { "." };
        let suggestion = suggested_from.and_then(|schema| suggestion(schema, said)).unwrap_or_default();
        // The one phrase that would be taken for a database's.
        format!("{first}{}{end}{suggestion}", letters.as_str().replace(" does not exist in ", " is not in "))
    };
    let mut faults = told(found, usize::MAX, say, code::GRAPHQL_VALIDATION_FAILED);
    // The validator takes a selection of which nothing is valid for none.
    if faults.iter().any(|fault| !fault.message.contains(NO_SELECTION)) {
        faults.retain(|fault| !fault.message.contains(NO_SELECTION));
    }
    faults.truncate(TOLD);
    faults
}

fn told(found: &DiagnosticList, most: usize, say: impl Fn(&str) -> String, code: &str) -> Vec<ServerError> {
    let short = |said: String| match said.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &said[..end]),
        None => said,
    };
    let said = found.iter().take(most).map(|found| {
        // The words that every GraphQL developer has met before: those of the reference implementation.
        let found = found.unstable_to_json_compat();
        let mut error = ServerError::new(short(say(&found.message)), None);
        error.locations = found.locations.iter().map(|at| Pos { line: at.line, column: at.column }).collect();
        coded(error, code)
    });
    said.collect()
}

/// Where something of a document stands, for those faults that we find ourselves.
pub(super) fn place(at: Option<SourceSpan>, sources: &SourceMap) -> Option<Pos> {
    let at = at?.line_column(sources)?;
    Some(Pos { line: at.line, column: at.column })
}
