//! Where a fact comes from, as clients see it.

use super::scalars::Url;
use async_graphql::SimpleObject;
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
