//! Search in the schema.

use super::loader;
use crate::convening::Convening;
use crate::district::District;
use crate::graphql::{Connection, Nullable};
use crate::organization::Organization;
use crate::person::Person;
use crate::session::Session;
use async_graphql::{Context, Object, Union};

/// What a search can find.
#[derive(Debug, Union)]
pub(crate) enum SearchResult {
    /// Somebody.
    Person(Person),
    /// An organization.
    Organization(Organization),
    /// A district.
    District(District),
    /// A convening.
    Convening(Convening),
    /// A session.
    Session(Session),
}

/// The root field that searches.
#[derive(Debug, Default)]
pub(crate) struct SearchQuery;

#[Object]
impl SearchQuery {
    /// Finds people, organizations, districts, convenings and sessions by words of their names and texts, best hits
    /// first. Beginnings of words are enough, acronyms and alternate spellings count, case and accents do not, and
    /// typos are forgiven. Blank text finds nothing; of a longer text the first 300 letters count.
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to look for.")] query: String,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
    ) -> Nullable<Connection<SearchResult>> {
        Some(loader::search(ctx, &query, first, after).await.map_err(Into::into))
    }
}
