//! Answers are compressed where that is worth it, for whoever takes that. Whatever is sent as it is passes by what compresses:
//! that is a large thing to carry about, and most answers are small.

use axum::body::{Body, HttpBody as _};
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::future::FutureExt as _;
use std::convert::Infallible;
use tower::ServiceExt as _;
use tower::service_fn;
use tower_http::compression::Compression;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

/// Bytes of an answer from which on it is compressed.
const FROM: u64 = 1024;
const VARIES: HeaderValue = HeaderValue::from_static("accept-encoding");

/// What is sent piece by piece is sent as it is.
fn worth_it() -> impl Predicate {
    SizeAbove::new(FROM).and(NotForContentType::SSE).and(NotForContentType::IMAGES)
}

/// Compresses the answer to a request where that is worth it.
pub(super) async fn compressed(request: Request, next: Next) -> Response {
    let accepted: Vec<HeaderValue> = request.headers().get_all(header::ACCEPT_ENCODING).iter().cloned().collect();
    let mut response = next.run(request).await;
    if accepted.is_empty() {
        let headers = response.headers();
        let is_encoded = headers.contains_key(header::CONTENT_ENCODING) || headers.contains_key(header::CONTENT_RANGE);
        if !is_encoded && worth_it().should_compress(&response) {
            response.headers_mut().append(header::VARY, VARIES);
        }
        return response;
    }
    let is_small = response.body().size_hint().exact().is_some_and(|size| size < FROM);
    if is_small && !accepted.iter().any(refuses) {
        return response;
    }
    encode(response, accepted).await
}

/// Whether it may refuse some encoding, or what is not encoded.
fn refuses(accepted: &HeaderValue) -> bool {
    accepted.as_bytes().windows(3).any(|part| part.eq_ignore_ascii_case(b"q=0"))
}

/// The answer in the encoding that is accepted best, or a refusal where none is.
async fn encode(response: Response, accepted: Vec<HeaderValue>) -> Response {
    let mut asked = Request::new(Body::empty());
    for value in accepted {
        asked.headers_mut().append(header::ACCEPT_ENCODING, value);
    }
    let mut response = Some(response);
    let answered = service_fn(move |_: Request| {
        let response = response.take().unwrap_or_default();
        async move { Ok::<_, Infallible>(response) }
    });
    match Compression::new(answered).compress_when(worth_it()).oneshot(asked).boxed().await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    }
}
