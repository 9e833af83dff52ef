//! What a person finds: the first page, the schema, and where the links of letters lead.

use super::tag::{Content, tagged};
use crate::schema;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Response};
use std::sync::LazyLock;

const INDEX: &str = include_str!("../../assets/index.html");
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
                                       form-action 'none'; frame-ancestors 'none'";

const PASSWORD: &str = include_str!("../../assets/password.html");
const PASSWORD_SCRIPT: &str = include_str!("../../assets/password.js");
const SURVEY: &str = include_str!("../../assets/survey.html");
const SURVEY_SCRIPT: &str = include_str!("../../assets/survey.js");
const FORM_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; \
                                        style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
                                        frame-ancestors 'none'";

/// What this is and where to go.
pub(super) async fn index(headers: HeaderMap) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let plain = |host: &&str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte));
    let url = format!("http://{}", host.filter(plain).unwrap_or("127.0.0.1:8080"));
    let page = INDEX.replace("{{version}}", env!("CARGO_PKG_VERSION")).replace("{{url}}", &url);
    // It shows the name by which it was asked for: nobody is to keep it for somebody who asks by another.
    let headers =
        [(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY), (header::CACHE_CONTROL, "private, no-cache")];
    (headers, Html(page)).into_response()
}

/// Where links lead by which somebody chooses a password.
pub(super) async fn password() -> Response {
    form(PASSWORD)
}

/// What that page does.
pub(super) async fn password_script() -> Response {
    script(PASSWORD_SCRIPT)
}

/// Where links lead by which somebody answers a survey.
pub(super) async fn survey() -> Response {
    form(SURVEY)
}

/// What that page does.
pub(super) async fn survey_script() -> Response {
    script(SURVEY_SCRIPT)
}

/// A page that sends what somebody fills in. No other page may show it within itself.
fn form(page: &'static str) -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, FORM_SECURITY_POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, Html(page)).into_response()
}

fn script(script: &'static str) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, script).into_response()
}

/// The schema in the schema language.
pub(super) async fn sdl(headers: HeaderMap) -> Response {
    static SDL: LazyLock<Content> = LazyLock::new(|| schema::sdl().into());
    tagged(&headers, "text/plain; charset=utf-8", SDL.clone())
}
