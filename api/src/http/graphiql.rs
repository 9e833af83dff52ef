//! `GraphiQL`, the page that a browser gets at `/graphql`: an editor with the schema's
//! documentation and a few opening queries.
//!
//! Its files come from the npm packages that `assets/graphiql/pinned.json` names. Where they have
//! been built (`npm run build` in `graphiql/`) they are embedded, and the page asks no other host
//! for anything; else the browser loads the same files from their public copy, held to the same
//! hashes. [`page`] and [`asset`] are all that the router needs.

use std::{fmt::Write as _, sync::LazyLock};

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

const PAGE: &str = include_str!("../../assets/graphiql/page.html");
const INIT: &str = include_str!("../../assets/graphiql/init.js");

/// The queries that the page opens with, one a tab.
const QUERIES: [&str; 6] = [
    include_str!("../../assets/graphiql/queries/01-symposium.graphql"),
    include_str!("../../assets/graphiql/queries/02-agenda.graphql"),
    include_str!("../../assets/graphiql/queries/03-teams.graphql"),
    include_str!("../../assets/graphiql/queries/04-titles.graphql"),
    include_str!("../../assets/graphiql/queries/05-search.graphql"),
    include_str!("../../assets/graphiql/queries/06-participation.graphql"),
];

/// Whether the files are embedded in this build.
const BUNDLED: bool = cfg!(graphiql_bundled);

/// Embedded files have their hash in their name, so that a browser may keep them for ever.
const FOREVER: &str = "public, max-age=31536000, immutable";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";

static PINNED: LazyLock<Pinned> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../assets/graphiql/pinned.json")).unwrap_or_default());
static RENDERED: LazyLock<String> = LazyLock::new(|| render(&PINNED));
static POLICY: LazyLock<String> = LazyLock::new(|| policy(&PINNED));

/// The files of the page: where their public copy is, and what they must be.
#[derive(Default, Deserialize)]
struct Pinned {
    base: String,
    files: Vec<File>,
}

/// One file of an npm package, under the name that it has here.
#[derive(Deserialize)]
struct File {
    name: String,
    package: String,
    version: String,
    path: String,
    integrity: String,
}

impl File {
    /// Its name among the embedded files, with the beginning of its hash: `react-18.3.1-DGyLxAyjq0f9.js`.
    fn embedded_name(&self) -> String {
        let digest = self.integrity.trim_start_matches("sha384-");
        let hash: String = digest.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
        let (stem, extension) = self.name.rsplit_once('.').unwrap_or((&self.name, ""));
        format!("{stem}-{}-{hash}.{extension}", self.version)
    }

    fn public_url(&self, base: &str) -> String {
        format!("{base}{}@{}/{}", self.package, self.version, self.path)
    }

    /// As the page names it: relative, so that it holds under whatever path a proxy puts in front.
    fn url(&self, base: &str) -> String {
        if BUNDLED { format!("graphql/assets/{}", self.embedded_name()) } else { self.public_url(base) }
    }

    fn is_style(&self) -> bool {
        matches!(self.name.rsplit_once('.'), Some((_, "css")))
    }
}

/// The page, for a browser at `GET /graphql`.
pub(crate) fn page() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, POLICY.as_str()),
        (header::REFERRER_POLICY, "no-referrer"),
        // The same address answers programs with JSON.
        (header::VARY, "accept"),
    ];
    (headers, RENDERED.as_str())
}

/// One of the page's own files, for `GET /graphql/assets/{file}`: the script that starts it, and
/// where they are embedded the files of the packages.
pub(crate) fn asset(file: &str) -> Response {
    if file == "init.js" {
        let headers = [(header::CONTENT_TYPE, JAVASCRIPT), (header::CACHE_CONTROL, "no-cache")];
        return (headers, INIT).into_response();
    }
    let found = PINNED.files.iter().find(|pinned| pinned.embedded_name() == file);
    match found.and_then(|pinned| Some((pinned, embedded(&pinned.name)?))) {
        Some((pinned, bytes)) => {
            let content_type = if pinned.is_style() { CSS } else { JAVASCRIPT };
            let headers = [(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, FOREVER)];
            (headers, bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(graphiql_bundled)]
fn embedded(name: &str) -> Option<&'static [u8]> {
    Some(match name {
        "graphiql.css" => include_bytes!("../../../graphiql/dist/graphiql.css"),
        "graphiql.js" => include_bytes!("../../../graphiql/dist/graphiql.js"),
        "react-dom.js" => include_bytes!("../../../graphiql/dist/react-dom.js"),
        "react.js" => include_bytes!("../../../graphiql/dist/react.js"),
        _ => return None,
    })
}

#[cfg(not(graphiql_bundled))]
const fn embedded(_: &str) -> Option<&'static [u8]> {
    None
}

fn render(pinned: &Pinned) -> String {
    let mut head = String::new();
    for file in &pinned.files {
        let (url, hash) = (file.url(&pinned.base), &file.integrity);
        // Writing to a String cannot fail.
        let _ = if file.is_style() {
            writeln!(head, r#"<link rel="stylesheet" href="{url}" integrity="{hash}" crossorigin="anonymous">"#)
        } else {
            writeln!(head, r#"<script defer src="{url}" integrity="{hash}" crossorigin="anonymous"></script>"#)
        };
    }
    head.push_str(r#"<script defer src="graphql/assets/init.js"></script>"#);

    // Inside a script element, only `<` could end the JSON early.
    let queries = serde_json::Value::from(QUERIES.to_vec()).to_string().replace('<', r"\u003c");
    PAGE.replace("{{head}}", &head).replace("{{queries}}", &queries)
}

/// What the page may load and ask: itself and, where the files are not embedded, their exact public
/// addresses. Styles may stand inline, because the page's widgets write them into the document.
fn policy(pinned: &Pinned) -> String {
    let sources = |styles: bool| -> String {
        let files = pinned.files.iter().filter(|file| !BUNDLED && file.is_style() == styles);
        files.fold(String::new(), |list, file| list + " " + &file.public_url(&pinned.base))
    };
    format!(
        "default-src 'none'; script-src 'self'{}; style-src 'self' 'unsafe-inline'{}; \
         connect-src 'self'; font-src data:; img-src data:; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        sources(false),
        sources(true),
    )
}

#[cfg(test)]
mod tests {
    use super::{PINNED, POLICY, QUERIES, RENDERED, embedded};

    #[test]
    fn the_page_is_filled_in() {
        assert_eq!(PINNED.files.len(), 4);
        assert_eq!(RENDERED.matches("integrity=\"sha384-").count(), 4);
        assert!(!RENDERED.contains("{{"));
        assert!(QUERIES.iter().all(|query| query.starts_with("# ")));
    }

    #[test]
    fn only_a_page_without_embedded_files_may_ask_another_host() {
        for file in &PINNED.files {
            let bundled = embedded(&file.name).is_some();
            let url = file.public_url(&PINNED.base);
            assert_eq!(RENDERED.contains(&url), !bundled, "{url}");
            assert_eq!(POLICY.contains(&url), !bundled, "{url}");
        }
    }
}
