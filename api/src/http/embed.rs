//! `GET /embed/lmi-agenda.js`: the web component that shows an agenda in the pages of others.

use super::tag::{Content, tagged};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;
use std::sync::LazyLock;

const COMPONENT: &str = include_str!("../../../embed/lmi-agenda.js");

/// The script. Pages of any origin may load it, also such as let in only what says that it may be.
pub(super) async fn component(asked: HeaderMap) -> Response {
    static SCRIPT: LazyLock<Content> = LazyLock::new(|| COMPONENT.into());
    let mut response = tagged(&asked, "text/javascript; charset=utf-8", SCRIPT.clone());
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    let policy = HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(policy, HeaderValue::from_static("cross-origin"));
    response
}

#[cfg(test)]
mod tests {
    use super::COMPONENT;

    #[test]
    fn the_component_stays_small() {
        assert!(COMPONENT.len() < 15_000, "{} bytes", COMPONENT.len());
    }
}
