//! Affiliations in the schema.

use super::graphql::Person;
use crate::district::District;
use crate::graphql::tree::{Edited, Node};
use crate::graphql::{Date, FieldResult, GlobalId, NodeType, Nullable, Source};
use crate::organization::Organization;
use async_graphql::{Context, ID, Object};
use entity::affiliation;

/// Who held which title where, and when.
#[derive(Debug)]
pub struct Affiliation(pub(super) Node<affiliation::Entity>);

/// Who held which title where, and when. Titles change: ask with `asOf` for those of a day.
#[Object]
impl Affiliation {
    /// The affiliation's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Affiliation, self.0.row.id)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }

    /// Who.
    async fn person(&self, ctx: &Context<'_>) -> FieldResult<&Person> {
        self.0.always(ctx)
    }

    /// At which organization; null where it is at a district. Exactly one of the two is there.
    async fn organization(&self, ctx: &Context<'_>) -> Nullable<&Organization> {
        self.0.one(ctx)
    }

    /// At which district; null where it is at an organization. Exactly one of the two is there.
    async fn district(&self, ctx: &Context<'_>) -> Nullable<&District> {
        self.0.one(ctx)
    }

    /// The title; null where the source gives none.
    async fn title(&self) -> Option<&str> {
        self.0.row.title.as_deref()
    }

    /// Its first day; null where no source says.
    async fn starts_on(&self) -> Option<Date> {
        self.0.row.starts_on.map(Date)
    }

    /// Its last day; null where it goes on or no source says.
    async fn ends_on(&self) -> Option<Date> {
        self.0.row.ends_on.map(Date)
    }

    /// The day of the document that states it; null where it states its own days. Without days of its own it holds
    /// from here until a later statement on the same person and body.
    async fn stated_on(&self) -> Option<Date> {
        self.0.row.stated_on.map(Date)
    }

    /// Where these facts come from.
    async fn sources(&self) -> Vec<Source> {
        Source::list(&self.0.row.sources)
    }

    /// Counts the changes of this row, from 1.
    async fn version(&self) -> i32 {
        self.0.row.version
    }
}
