//! People in the schema.

use super::affiliation::Affiliation;
use super::loader;
use crate::graphql::tree::{self, Edited, Node};
use crate::graphql::{Connection, Date, FieldResult, GlobalId, NodeType, Nullable, OrderDirection, Source, Time};
use crate::merge::Merge;
use crate::speaker::Speaker;
use async_graphql::{Context, Enum, ID, InputObject, Object, OneofObject};
use entity::{person, person_contact};

/// A human being.
#[derive(Debug)]
pub struct Person(pub(super) Node<person::Entity>);

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

    /// How to reach the person; null where it is not known, and for everybody who may not see it.
    async fn contact(&self, ctx: &Context<'_>) -> Nullable<&Contact> {
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
    ) -> FieldResult<&Connection<Affiliation>> {
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
    ) -> FieldResult<&Connection<Speaker>> {
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
    ) -> Nullable<&Connection<Merge>> {
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
pub(crate) struct Contact(pub(super) Node<person_contact::Entity>);

/// How to reach a person. Whoever may only know that there is a way sees it masked, as in `a***@***`.
#[Object]
impl Contact {
    /// The e-mail address; null where it is not known.
    async fn email(&self, ctx: &Context<'_>) -> Nullable<&str> {
        Some(self.0.one::<String>(ctx)?.map(String::as_str))
    }

    /// The telephone number; null where it is not known.
    async fn phone(&self, ctx: &Context<'_>) -> Nullable<&str> {
        Some(self.0.one::<String>(ctx)?.map(String::as_str))
    }
}

/// Names one person, by exactly one of these.
#[derive(Debug, OneofObject)]
pub(crate) enum PersonBy {
    /// The person's global id.
    Id(ID),
    /// The person's slug, for example `wes-smith`.
    Slug(String),
}

/// Which people; all that is given must hold.
#[derive(Debug, InputObject)]
pub(crate) struct PersonFilter {
    /// Words, or beginnings of words, in the name. Typos are forgiven, case and accents too.
    pub(super) search: Option<String>,
    /// Only those affiliated with this organization at any time.
    pub(super) organization: Option<ID>,
    /// Only those affiliated with this district at any time.
    pub(super) district: Option<ID>,
}

/// What people can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PersonOrderField {
    /// Their name as it is written, without regard to case and accents.
    Name,
    /// When their entry was last changed here.
    UpdatedAt,
}

/// An order of people.
#[derive(Debug, InputObject)]
pub(crate) struct PersonOrder {
    /// What to order by.
    pub(super) field: PersonOrderField,
    /// Which way.
    #[graphql(default)]
    pub(super) direction: OrderDirection,
}

/// Root fields on people.
#[derive(Debug, Default)]
pub(crate) struct PersonQuery;

#[Object]
#[expect(unused_variables, clippy::too_many_arguments, reason = "arguments are read when the tree is planned")]
impl PersonQuery {
    /// One person; null where there is nobody of that name whom you may see.
    async fn person(&self, ctx: &Context<'_>, #[graphql(desc = "Who.")] by: PersonBy) -> Nullable<Person> {
        tree::find_ever::<person::Entity>(ctx, loader::named(&by), loader::former(&by)).await
    }

    /// The people whom you may see, by name unless ordered otherwise.
    async fn people(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only people that all of this holds for.")] filter: Option<PersonFilter>,
        #[graphql(desc = "The order; by name where nothing is said.")] order_by: Option<PersonOrder>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Nullable<Connection<Person>> {
        tree::connection::<person::Entity>(ctx, loader::listing).await
    }
}
