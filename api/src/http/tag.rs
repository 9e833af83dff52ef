//! Answers with a strong tag of their bytes: whoever shows the tag of what is still the same is not sent it again.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// The answer with these bytes; without them for a client that shows their tag.
pub(super) fn tagged(asked: &HeaderMap, content_type: &'static str, body: impl Into<Bytes>) -> Response {
    let body = body.into();
    let tag = tag_of(content_type, &body);
    let mut response = if knows(asked, &tag) { StatusCode::NOT_MODIFIED.into_response() } else { body.into_response() };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// The strong tag of these bytes, as it stands in a header: another one for the same bytes of another media type, which are
/// another answer.
fn tag_of(content_type: &str, body: &[u8]) -> String {
    let digest = Sha256::new().chain_update(content_type).chain_update([0]).chain_update(body).finalize();
    format!("\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(digest))
}

/// Whether a client shows this tag. One that something between it and us has weakened is still the same.
fn knows(asked: &HeaderMap, tag: &str) -> bool {
    let shown = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = shown.flat_map(|value| value.split(',')).map(str::trim);
    tags.any(|shown| shown == "*" || shown.strip_prefix("W/").unwrap_or(shown) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn showing(tags: &[&str]) -> HeaderMap {
        let value =
            |tag: &&str| (header::IF_NONE_MATCH, HeaderValue::from_str(tag).unwrap_or(HeaderValue::from_static("")));
        tags.iter().map(value).collect()
    }

    #[test]
    fn what_the_client_has_is_not_sent_again() {
        let tag = tag_of("text/plain", b"agenda");
        assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() == 45, "{tag}");
        assert_ne!(tag, tag_of("text/plain", b"agenda, changed"));
        assert_ne!(tag, tag_of("text/csv", b"agenda"));
        for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            assert!(knows(&showing(&[&known]), &tag), "{known}");
            assert_eq!(tagged(&showing(&[&known]), "text/plain", "agenda").status(), StatusCode::NOT_MODIFIED);
        }
        assert!(knows(&showing(&["\"other\"", &tag]), &tag), "in a header of its own");
        for unknown in ["\"other\"", "", tag.trim_matches('"')] {
            assert!(!knows(&showing(&[unknown]), &tag), "{unknown}");
        }
        assert_eq!(tagged(&HeaderMap::new(), "text/plain", "agenda").status(), StatusCode::OK);
    }
}
