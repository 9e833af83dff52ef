//! How people are looked up and listed.

use super::object::Person;
use crate::graphql::tree;
use crate::graphql::{Connection, Found, Nullable, OrderDirection};
use crate::person::loader;
use async_graphql::{Context, Enum, ID, InputObject, Object, OneofObject};
use entity::person;

/// Names one person, by exactly one of these.
#[derive(Debug, OneofObject)]
pub(crate) enum PersonBy {
    /// The person's global id.
    Id(ID),
    /// The person's slug, for example `wes-smith`, or that of an entry that was merged into the person's.
    Slug(String),
}

/// Which people; all that is given must hold.
#[derive(Debug, InputObject)]
pub(crate) struct PersonFilter {
    /// Words, or beginnings of words, in the name. Typos are forgiven, case and accents too.
    pub(in crate::person) search: Option<String>,
    /// Only those affiliated with this organization at any time.
    pub(in crate::person) organization: Option<ID>,
    /// Only those affiliated with this district at any time.
    pub(in crate::person) district: Option<ID>,
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
    pub(in crate::person) field: PersonOrderField,
    /// Which way.
    #[graphql(default)]
    pub(in crate::person) direction: OrderDirection,
}

/// Root fields on people.
#[derive(Debug, Default)]
pub(crate) struct PersonQuery;

#[Object]
#[expect(unused_variables, clippy::too_many_arguments, reason = "arguments are read when the tree is planned")]
impl PersonQuery {
    /// One person; null where there is nobody of that name whom you may see.
    async fn person(&self, ctx: &Context<'_>, #[graphql(desc = "Who.")] by: PersonBy) -> Found<Person> {
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
