//! Root fields on convenings.

use super::inputs::{ConveningBy, ConveningFilter, ConveningOrder};
use super::object::Convening;
use crate::convening::loader;
use crate::graphql::tree;
use crate::graphql::{Connection, Found, Nullable};
use async_graphql::{Context, Object};
use entity::convening;

/// Root fields on convenings.
#[derive(Debug, Default)]
pub(crate) struct ConveningQuery;

#[Object]
#[expect(unused_variables, clippy::too_many_arguments, reason = "arguments are read when the tree is planned")]
impl ConveningQuery {
    /// One convening; null where there is none of that name that you may see.
    async fn convening(&self, ctx: &Context<'_>, #[graphql(desc = "Which one.")] by: ConveningBy) -> Found<Convening> {
        tree::find::<convening::Entity>(ctx, loader::named(&by)).await
    }

    /// The convenings that you may see, by title unless ordered otherwise.
    async fn convenings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only convenings that all of this holds for.")] filter: Option<ConveningFilter>,
        #[graphql(desc = "The order; by title where nothing is said.")] order_by: Option<ConveningOrder>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Nullable<Connection<Convening>> {
        tree::connection::<convening::Entity>(ctx, loader::listing).await
    }
}
