//! Which pages of other sites may read what here.

use super::app::App;
use super::endpoint;
use super::observed::REQUEST_ID;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::future::FutureExt as _;
use std::convert::Infallible;
use std::str::FromStr;
use std::time::Duration;
use tower::{Layer as _, ServiceExt as _, service_fn};
use tower_http::cors::{AllowOrigin, Any, CorsLayer};
use url::Url;

/// How long a browser may rely on what it was told.
const MAX_AGE: Duration = Duration::from_hours(1);
/// What the endpoint answers.
const METHODS: &str = "GET, HEAD, OPTIONS, POST";
/// What an answer depends on, also where a request does not say it.
const ORIGIN: HeaderValue = HeaderValue::from_static("origin");
/// Our own headers: of requests, and of answers.
const SENT: [HeaderName; 2] = [HeaderName::from_static("idempotency-key"), HeaderName::from_static("lmi-cost")];
const SHOWN: [HeaderName; 6] = [
    header::ETAG,
    header::RETRY_AFTER,
    HeaderName::from_static("idempotent-replayed"),
    HeaderName::from_static("ratelimit"),
    REQUEST_ID,
    HeaderName::from_static("ratelimit-policy"),
];

/// A site: `https://partner.example.org`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(HeaderValue);

impl Origin {
    /// Whether it is the one that a browser names.
    pub(super) fn is(&self, named: &str) -> bool {
        self.0.as_bytes() == named.as_bytes()
    }
}

impl FromStr for Origin {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        // Only what is exactly as a browser writes it would ever be met.
        let is_exact = Url::parse(text).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.origin().ascii_serialization() == text
                && !text.contains('*')
        });
        let origin = HeaderValue::from_str(text).ok().filter(|_| is_exact);
        origin.map(Self).ok_or("give each origin as a browser does, as in https://partner.example.org, without a path")
    }
}

/// What the pages of listed sites may do at the endpoint.
pub(super) fn for_listed_sites(listed: &[Origin]) -> CorsLayer {
    let mut headers = vec![header::AUTHORIZATION, header::CONTENT_TYPE, header::ACCEPT, header::IF_NONE_MATCH];
    headers.extend(SENT);
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(listed.iter().map(|origin| origin.0.clone())))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(headers)
        .expose_headers(SHOWN)
        .vary([header::ORIGIN])
        .max_age(MAX_AGE)
}

/// Answers a request to the endpoint, for the pages of listed sites, too. No cookies are ever taken: whoever asks shows a
/// credential in a header, or none. Whoever is no browser passes by: as a layer this would be copied for each request.
pub(super) async fn shared<F>(app: &App, request: Request, answer: impl Fn(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    if request.headers().contains_key(header::ORIGIN) || request.method() == Method::OPTIONS {
        let answering = service_fn(|request| answer(request).map(Ok::<_, Infallible>));
        return match Box::pin(app.sites().layer(answering).oneshot(request)).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
    }
    let mut response = answer(request).await;
    response.headers_mut().append(header::VARY, ORIGIN);
    response
}

/// `OPTIONS /graphql`: what may be sent. What a browser asks before it sends anything is answered without looking at anything
/// else.
pub(super) async fn options(State(app): State<App>, request: Request) -> Response {
    if request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        return shared(&app, request, |_| endpoint::wrong_method()).await;
    }
    (StatusCode::NO_CONTENT, [(header::ALLOW, METHODS)]).into_response()
}

/// What is everybody's, for the scripts of every page. They may say what they have, and are told how to.
pub(super) fn open_to_pages(paths: Router<App>) -> Router<App> {
    let everybody = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD])
        .allow_headers([header::IF_NONE_MATCH])
        .expose_headers([header::ETAG])
        .max_age(Duration::from_hours(24))
        // Whoever asks is answered alike.
        .vary([]);
    // Said here, so that asking for leave is answered, too, and not taken for a wrong method.
    paths.method_not_allowed_fallback(endpoint::wrong_method).layer(everybody)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_a_browser_writes_it() {
        for origin in ["https://partner.example.org", "http://localhost:3000", " https://xn--pea-9ma.example.org:8443"]
        {
            assert!(Origin::from_str(origin).is_ok(), "{origin}");
        }
        for wrong in [
            "",
            "*",
            "null",
            "partner.example.org",
            "https://partner.example.org/",
            "https://partner.example.org/page",
            "https://*.example.org",
            "https://Partner.example.org",
            "https://partner.example.org:443",
            "https://somebody@partner.example.org",
            "ftp://partner.example.org",
        ] {
            assert!(Origin::from_str(wrong).is_err(), "{wrong}");
        }
    }
}
