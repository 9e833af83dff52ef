//! Answers with a strong tag of their bytes: whoever shows the tag of what is still the same is not sent it again. Of what is
//! kept the tag is reckoned once, by the first who would be told it.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use std::sync::{Arc, OnceLock};

/// What an answer sends.
#[derive(Clone, Debug)]
pub(super) struct Content {
    bytes: Bytes,
    /// When what it tells was changed last; none where nobody knows.
    changed_at: Option<DateTime<Utc>>,
    /// What tells these bytes from others, as it is written.
    digest: Arc<OnceLock<String>>,
}

impl<B: Into<Bytes>> From<B> for Content {
    fn from(bytes: B) -> Self {
        Self { bytes: bytes.into(), changed_at: None, digest: Arc::default() }
    }
}

impl Content {
    /// That tells of something that was changed then.
    pub(super) fn changed_at(self, changed_at: DateTime<Utc>) -> Self {
        Self { changed_at: Some(changed_at), ..self }
    }

    pub(super) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    fn digest(&self) -> &str {
        self.digest.get_or_init(|| BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&self.bytes)))
    }

    /// The strong tag, as it stands in a header: another one for the same bytes of another media type, which are another answer.
    fn tag(&self, content_type: &str) -> String {
        let essence = content_type.split(';').next().unwrap_or_default();
        let kind = essence.split_once('/').map_or(essence, |(_, kind)| kind);
        format!("\"{}-{kind}\"", self.digest())
    }
}

/// The answer with this content; without it for a client that shows its tag.
pub(super) fn tagged(asked: &HeaderMap, content_type: &'static str, content: Content) -> Response {
    let tag = content.tag(content_type);
    let is_known = knows(asked, &tag);
    let mut response = if is_known { StatusCode::NOT_MODIFIED.into_response() } else { content.bytes.into_response() };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(header::ETAG, tag);
    }
    let changed_at = content.changed_at.map(|at| at.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
    if let Some(Ok(changed_at)) = changed_at.map(HeaderValue::try_from) {
        headers.insert(header::LAST_MODIFIED, changed_at);
    }
    response
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
        let agenda = || Content::from("agenda");
        let tag = agenda().tag("text/plain; charset=utf-8");
        assert!(tag.starts_with('"') && tag.ends_with("-plain\""), "{tag}");
        assert_ne!(tag, Content::from("agenda, changed").tag("text/plain"));
        assert_ne!(tag, agenda().tag("text/csv"));
        for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            assert!(knows(&showing(&[&known]), &tag), "{known}");
            assert_eq!(tagged(&showing(&[&known]), "text/plain", agenda()).status(), StatusCode::NOT_MODIFIED);
        }
        assert!(knows(&showing(&["\"other\"", &tag]), &tag), "in a header of its own");
        for unknown in ["\"other\"", "", tag.trim_matches('"')] {
            assert!(!knows(&showing(&[unknown]), &tag), "{unknown}");
        }
        assert_eq!(tagged(&HeaderMap::new(), "text/plain", agenda()).status(), StatusCode::OK);
    }
}
