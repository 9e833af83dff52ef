//! Tags of answers that are compressed. A strong tag is one of bytes, and what is compressed has other bytes: its tag says
//! how, as in `"…-gzip"`, and whoever shows it is known by it again.

use super::app::App;
use super::compressed::compressed;
use super::size;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

const ENCODINGS: [&str; 4] = ["br", "deflate", "gzip", "zstd"];

/// Stands around whatever compresses: inside, tags are those of the plain bytes. A head that is too long comes no further.
pub(super) async fn tell_apart(app: &App, mut request: Request, next: Next) -> Response {
    if let Some(refusal) = size::refused(app.limits(), &request) {
        return refusal;
    }
    let shown = shown(request.headers());
    if shown.iter().any(|tag| plain(tag) != *tag) {
        let plain: Vec<String> = shown.iter().map(|tag| plain(tag)).collect();
        if let Ok(plain) = HeaderValue::try_from(plain.join(", ")) {
            request.headers_mut().insert(header::IF_NONE_MATCH, plain);
        }
    }
    let mut response = compressed(request, next).await;
    if let Some(tag) = told(&response, &shown)
        && let Ok(tag) = HeaderValue::try_from(tag)
    {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// The tag of an answer, where it is another than that of the plain bytes.
fn told(response: &Response, shown: &[String]) -> Option<String> {
    let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    let tag = text(header::ETAG).filter(|tag| tag.starts_with('"'))?;
    if let Some(encoding) = text(header::CONTENT_ENCODING) {
        return Some(format!("{}-{encoding}\"", tag.strip_suffix('"')?));
    }
    // Whoever has it compressed would be sent it compressed.
    let is_known = |shown: &&String| plain(shown) == tag && **shown != tag;
    (response.status() == StatusCode::NOT_MODIFIED).then(|| shown.iter().find(is_known).cloned()).flatten()
}

/// The tags that a client shows, without marks of weakness: for this they are as good.
fn shown(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let tags = values.flat_map(|value| value.split(',')).map(str::trim);
    tags.map(|tag| tag.strip_prefix("W/").unwrap_or(tag).to_owned()).collect()
}

/// The tag of the plain bytes.
fn plain(tag: &str) -> String {
    let name = tag.strip_suffix('"').and_then(|tag| {
        let (name, encoding) = tag.rsplit_once('-')?;
        ENCODINGS.contains(&encoding).then_some(name)
    });
    name.map_or_else(|| tag.to_owned(), |name| format!("{name}\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn response(status: StatusCode, encoding: Option<&str>) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        response.headers_mut().insert(header::ETAG, HeaderValue::from_static("\"a-b\""));
        if let Some(encoding) = encoding.and_then(|encoding| HeaderValue::from_str(encoding).ok()) {
            response.headers_mut().insert(header::CONTENT_ENCODING, encoding);
        }
        response
    }

    #[test]
    fn what_is_compressed_has_a_tag_of_its_own() {
        assert_eq!(told(&response(StatusCode::OK, None), &[]), None);
        for encoding in ENCODINGS {
            let tag = told(&response(StatusCode::OK, Some(encoding)), &[]).unwrap_or_default();
            assert_eq!(tag, format!("\"a-b-{encoding}\""));
            assert_eq!(plain(&tag), "\"a-b\"");
            let again = told(&response(StatusCode::NOT_MODIFIED, None), &["\"other\"".to_owned(), tag.clone()]);
            assert_eq!(again, Some(tag), "and whoever has it is told that this is still it");
        }
    }

    #[test]
    fn other_tags_stay_as_they_are() {
        for tag in ["\"a-b\"", "*", "", "\"gzip\"", "unquoted-gzip"] {
            assert_eq!(plain(tag), tag);
        }
        assert_eq!(told(&response(StatusCode::NOT_MODIFIED, None), &["\"a-b\"".to_owned(), "*".to_owned()]), None);
    }
}
