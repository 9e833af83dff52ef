//! How long the head of a request may be.

use super::limits::{Limits, bytes};
use super::problem::problem;
use crate::graphql::code;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;

/// The refusal of a head that is longer than it may be.
pub(super) fn refused(limits: &Limits, request: &Request) -> Option<Response> {
    let uri = request.uri();
    if uri.path_and_query().map_or(0, |address| address.as_str().len()) > limits.address {
        let message = format!("The address is longer than {}. Send the request by POST.", bytes(limits.address));
        return Some(problem(StatusCode::URI_TOO_LONG, code::QUERY_LIMIT, &message));
    }
    let headers = request.headers().iter();
    if headers.map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>() > limits.headers {
        let message = format!("The headers are more than {}. Send fewer or shorter ones.", bytes(limits.headers));
        return Some(problem(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, code::QUERY_LIMIT, &message));
    }
    None
}
