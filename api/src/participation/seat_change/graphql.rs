//! Changes of seat in the schema.

use super::loader;
use crate::error::Error;
use crate::graphql::{FieldResult, Nullable, One, Rows};
use crate::participation::graphql::ParticipationFilter;
use crate::person::Person;
use crate::team::TeamMember;
use async_graphql::{Context, Object};
use futures_util::future::FutureExt as _;
use std::sync::Arc;

/// That somebody came back in another seat, or with another district.
#[derive(Debug)]
pub(crate) struct SeatChange {
    pub(super) person: Option<Arc<Person>>,
    pub(super) from: Option<Arc<TeamMember>>,
    pub(super) to: Option<Arc<TeamMember>>,
    pub(super) seat: bool,
    pub(super) district: bool,
}

/// That somebody who sat in a team sat in another seat, or in another district's team, the next time. Not public: shown
/// to whoever may see both rosters.
#[Object]
impl SeatChange {
    /// Who.
    async fn person(&self) -> FieldResult<One<&Person>> {
        read(self.person.as_ref())
    }

    /// The seat before.
    async fn from(&self) -> FieldResult<One<&TeamMember>> {
        read(self.from.as_ref())
    }

    /// The seat afterwards, at the next convening that the person's team attended.
    async fn to(&self) -> FieldResult<One<&TeamMember>> {
        read(self.to.as_ref())
    }

    /// Whether the person stands for something else.
    async fn another_seat(&self) -> bool {
        self.seat
    }

    /// Whether it is with another district.
    async fn another_district(&self) -> bool {
        self.district
    }
}

fn read<T>(object: Option<&Arc<T>>) -> FieldResult<One<&T>> {
    Ok(object.map(|object| One(object.as_ref())).ok_or_else(|| Error::internal("something selected was not read"))?)
}

/// The root field on changes of seat.
#[derive(Debug, Default)]
pub(crate) struct SeatChangeQuery;

#[Object]
#[expect(unused_variables, reason = "paging arguments are read when the page is")]
impl SeatChangeQuery {
    /// Who came back in another seat or with another district, by the day of the later convening. Of teams that attended,
    /// and as far as you may see their rosters: team leads see those of their own district, organizers those of their own
    /// convenings.
    async fn seat_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only participation that all of this holds for is compared.")] filter: Option<
            ParticipationFilter,
        >,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Nullable<Rows<'static, SeatChange>> {
        Some(loader::seat_changes(ctx, filter.unwrap_or_default()).boxed().await.map(Rows::Own).map_err(Into::into))
    }
}
