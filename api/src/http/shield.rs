//! What stands in the head of every answer, so that browsers take it for nothing but what it is.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;

/// What is no page of its own may do nothing where a browser takes it for one.
const NO_PAGE: HeaderValue =
    HeaderValue::from_static("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
/// Browsers that have been here ask over https alone, where that is how the service is reached.
const FOR_A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");
const NO_SNIFFING: HeaderValue = HeaderValue::from_static("nosniff");
const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");

/// Puts it there, where an answer says nothing else of its own.
pub(super) fn put(response: &mut Response, is_https: bool) {
    // Whoever is told that nothing has changed keeps what stood beside the answer.
    let is_told_again = response.status() == StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    let mut say = |name: HeaderName, value| {
        headers.entry(name).or_insert(value);
    };
    say(header::X_CONTENT_TYPE_OPTIONS, NO_SNIFFING);
    say(header::REFERRER_POLICY, NO_REFERRER);
    if !is_told_again {
        say(header::CONTENT_SECURITY_POLICY, NO_PAGE);
    }
    if is_https {
        say(header::STRICT_TRANSPORT_SECURITY, FOR_A_YEAR);
    }
}
