//! Where a fact comes from, as clients see it.

use super::scalars::Url;
use async_graphql::{InputObject, SimpleObject};
use entity::source::Sources;

/// A place in a document that states the fact.
#[derive(SimpleObject)]
pub(crate) struct Source {
    /// The document's title.
    document: String,
    /// The section or page within it; null where the document has none or nobody noted it.
    section: Option<String>,
    /// Where the document can be read; null where no address is known.
    url: Option<Url>,
}

impl Source {
    /// The sources of a row, in the order in which they were given.
    pub(crate) fn list(sources: &Sources) -> Vec<Self> {
        let source = |source: &entity::source::Source| Self {
            document: source.document.clone(),
            section: source.section.clone(),
            url: source.url.clone().map(Url),
        };
        sources.0.iter().map(source).collect()
    }
}

/// A place in a document that states the fact.
#[derive(Debug, InputObject)]
pub(crate) struct SourceInput {
    /// The document's title.
    document: String,
    /// The section or page within it.
    section: Option<String>,
    /// Where the document can be read.
    url: Option<Url>,
}

impl SourceInput {
    /// The sources of a row, in the order in which they are given.
    pub(crate) fn all(given: Vec<Self>) -> Sources {
        let source = |source: Self| entity::source::Source {
            document: source.document,
            section: source.section,
            url: source.url.map(|url| url.0),
        };
        Sources(given.into_iter().map(source).collect())
    }
}
