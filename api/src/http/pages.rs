//! What a person finds: the first page and the schema.

use crate::schema;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use std::sync::OnceLock;

const INDEX: &str = include_str!("../../assets/index.html");
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
                                       form-action 'none'; frame-ancestors 'none'";

/// What this is and where to go.
pub(super) async fn index(headers: axum::http::HeaderMap) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let plain = |host: &&str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte));
    let url = format!("http://{}", host.filter(plain).unwrap_or("127.0.0.1:8080"));
    let page = INDEX.replace("{{version}}", env!("CARGO_PKG_VERSION")).replace("{{url}}", &url);
    ([(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)], Html(page)).into_response()
}

/// The schema in the schema language.
pub(super) async fn sdl() -> Response {
    static SDL: OnceLock<String> = OnceLock::new();
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], SDL.get_or_init(schema::sdl).as_str()).into_response()
}
