//! A person as clients see one.

use crate::graphql::tree::{Edited, Node};
use crate::graphql::{Connection, Date, FieldResult, GlobalId, NodeType, Nullable, One, Source, Time};
use crate::merge::Merge;
use crate::person::Affiliation;
use crate::speaker::Speaker;
use async_graphql::{Context, ID, Object};
use entity::{person, person_contact};

/// A human being.
#[derive(Debug)]
pub struct Person(pub(in crate::person) Node<person::Entity>);

/// Somebody who spoke at a convening or works with the initiative. People are public only as speakers, or where they
/// are marked public; sitting in a team makes nobody visible.
#[Object]
#[expect(unused_variables, reason = "arguments are read when the tree is planned")]
impl Person {
    /// The person's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Person, self.0.row.id)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }

    /// The person's short name in addresses, unique among people; it never changes.
    async fn slug(&self) -> &str {
        &self.0.row.slug
    }

    /// The person's name.
    async fn name(&self) -> &str {
        &self.0.row.name
    }

    /// What the name is introduced by, for example `Professor`; null where no source uses anything.
    async fn honorific(&self) -> Option<&str> {
        self.0.row.honorific.as_deref()
    }

    /// A few sentences about the person; null where nobody wrote them.
    async fn biography(&self) -> Option<&str> {
        self.0.row.biography.as_deref()
    }

    /// Whether everybody may see the person even without having spoken anywhere.
    async fn is_public(&self) -> bool {
        self.0.row.is_public
    }

    /// How to reach the person; null where it is not known, and for everybody who may not see it.
    async fn contact(&self, ctx: &Context<'_>) -> Nullable<One<&Contact>> {
        self.0.one(ctx)
    }

    /// Which titles the person held where, by the day from which it is known.
    async fn affiliations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those in force on this day.")] as_of: Option<Date>,
    ) -> FieldResult<One<&Connection<Affiliation>>> {
        self.0.page(ctx)
    }

    /// The sessions at which the person spoke, by date.
    async fn appearances(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> FieldResult<One<&Connection<Speaker>>> {
        self.0.page(ctx)
    }

    /// What was merged into the person's entry, the latest first, merges that were undone included; null for those who may not read its
    /// history.
    async fn merges(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Nullable<One<&Connection<Merge>>> {
        self.0.one(ctx)
    }

    /// Where these facts come from.
    async fn sources(&self) -> Vec<Source> {
        Source::list(&self.0.row.sources)
    }

    /// Counts the changes of this row, from 1. Give it back with a change, so that nobody overwrites what they did
    /// not see.
    async fn version(&self) -> i32 {
        self.0.row.version
    }

    /// When the person was entered here.
    async fn created_at(&self) -> Time {
        Time(self.0.row.created_at)
    }

    /// When the person's entry was last changed here.
    async fn updated_at(&self) -> Time {
        Time(self.0.row.updated_at)
    }
}

/// How to reach a person.
#[derive(Debug)]
pub(crate) struct Contact(pub(in crate::person) Node<person_contact::Entity>);

/// How to reach a person. Whoever may only know that there is a way sees it masked, as in `a***@***`.
#[Object]
impl Contact {
    /// The e-mail address; null where it is not known.
    async fn email(&self, ctx: &Context<'_>) -> Nullable<&str> {
        Some(self.0.value::<String>(ctx)?.map(String::as_str))
    }

    /// The telephone number; null where it is not known.
    async fn phone(&self, ctx: &Context<'_>) -> Nullable<&str> {
        Some(self.0.value::<String>(ctx)?.map(String::as_str))
    }
}
