//! How long the head of a request may be.

use super::problem::problem;
use crate::graphql::code;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;

/// Bytes of an address at most.
const MAX_ADDRESS: usize = 16 * 1024;
/// Bytes of all headers at most, names and values.
const MAX_HEADERS: usize = 64 * 1024;

/// Refuses what is longer before anybody reads it.
pub(super) async fn bounded(request: Request, next: Next) -> Response {
    let uri = request.uri();
    if uri.path_and_query().map_or(0, |address| address.as_str().len()) > MAX_ADDRESS {
        let message = "The address is longer than 16 kB. Send the request by POST.";
        return problem(StatusCode::URI_TOO_LONG, code::QUERY_LIMIT, message);
    }
    let headers = request.headers().iter();
    if headers.map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>() > MAX_HEADERS {
        let message = "The headers are more than 64 kB. Send fewer or shorter ones.";
        return problem(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, code::QUERY_LIMIT, message);
    }
    next.run(request).await
}
