//! Which form of an answer a client accepts best.

use axum::http::{HeaderMap, header};

/// The quality of what is liked best.
const BEST: u32 = 1_000;

/// The media ranges of a request, each with its quality from 0 to 1,000.
#[derive(Clone, Debug)]
pub(super) struct Accept<'a>(Vec<(&'a str, u32)>);

impl<'a> Accept<'a> {
    pub(super) fn of(headers: &'a HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        Self(values.flat_map(|value| value.split(',')).map(range).collect())
    }

    /// Whether it names the first media type and prefers it to the second, or has no preference among them.
    pub(super) fn prefers(&self, wanted: &str, other: &str) -> bool {
        let best = |quality| quality == BEST || quality >= self.quality(other);
        self.names(wanted) && best(self.quality(wanted))
    }

    /// Whether it names a media type as one that it takes.
    pub(super) fn names(&self, media_type: &str) -> bool {
        self.0.iter().any(|(range, quality)| range.eq_ignore_ascii_case(media_type) && *quality > 0)
    }

    /// Whether it names a media type and likes it better than each of the others that it names.
    pub(super) fn prefers_only(&self, wanted: &str, others: &[&str]) -> bool {
        let better = |other: &&str| !self.names(other) || self.quality(wanted) > self.quality(other);
        self.names(wanted) && others.iter().all(better)
    }

    /// How much it likes a media type: what the range says that fits most closely.
    fn quality(&self, media_type: &str) -> u32 {
        let said =
            |fits: &dyn Fn(&str) -> bool| self.0.iter().find(|(range, _)| fits(range)).map(|&(_, quality)| quality);
        let group = media_type.split_once('/').map_or("", |(group, _)| group);
        let of_group = |range: &str| range.strip_suffix("/*").is_some_and(|of| of.eq_ignore_ascii_case(group));
        said(&|range| range.eq_ignore_ascii_case(media_type))
            .or_else(|| said(&of_group))
            .or_else(|| said(&|range| range == "*/*"))
            .unwrap_or(0)
    }
}

fn range(text: &str) -> (&str, u32) {
    let mut parts = text.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    (media_type, quality.map_or(BEST, thousandths))
}

/// A quality as HTTP writes it: `1`, `0.5`, `0.125`. One that is written otherwise counts as none.
fn thousandths(quality: &str) -> u32 {
    let (whole, fraction) = quality.split_once('.').unwrap_or((quality, ""));
    let digits = |text: &str| text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    match whole {
        "1" => BEST,
        "0" if digits(fraction) => format!("{fraction:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    const HTML: &str = "text/html";
    const JSON: &str = "application/json";

    fn accept(text: &str) -> HeaderMap {
        let value = HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""));
        HeaderMap::from_iter([(header::ACCEPT, value)])
    }

    #[test]
    fn what_is_named_and_liked_best_is_preferred() {
        for html in [HTML, "text/html, application/json", "text/html,*/*;q=0.8", "TEXT/HTML;q=0.9, application/*;q=0.8"]
        {
            assert!(Accept::of(&accept(html)).prefers(HTML, JSON), "{html}");
        }
        for json in
            ["", "*/*", "text/*", JSON, "text/html;q=0", "text/html;q=0.5, */*", "application/json, text/html;q=0.999"]
        {
            assert!(!Accept::of(&accept(json)).prefers(HTML, JSON), "{json}");
        }
    }

    #[test]
    fn qualities_are_read_as_http_writes_them() {
        let cases = [("1", 1_000), ("1.000", 1_000), ("0", 0), ("0.5", 500), ("0.05", 50), ("0.125", 125), ("2", 0)];
        for (text, quality) in cases {
            assert_eq!(thousandths(text), quality, "{text}");
        }
        assert_eq!(thousandths("0.1234"), 0);
        assert_eq!(thousandths("much"), 0);
    }
}
