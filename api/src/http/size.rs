//! How long the head of a request may be.

use super::problem::problem;
use crate::graphql::code;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;

/// Bytes of an address at most.
const MAX_ADDRESS: usize = 16 * 1024;
/// Bytes of all headers at most, names and values.
const MAX_HEADERS: usize = 64 * 1024;

/// The refusal of a head that is longer.
pub(super) fn refused(request: &Request) -> Option<Response> {
    let uri = request.uri();
    if uri.path_and_query().map_or(0, |address| address.as_str().len()) > MAX_ADDRESS {
        let message = "The address is longer than 16 kB. Send the request by POST.";
        return Some(problem(StatusCode::URI_TOO_LONG, code::QUERY_LIMIT, message));
    }
    let headers = request.headers().iter();
    if headers.map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>() > MAX_HEADERS {
        let message = "The headers are more than 64 kB. Send fewer or shorter ones.";
        return Some(problem(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, code::QUERY_LIMIT, message));
    }
    None
}
