//! Affiliations in the schema.

use super::service::{self, AffiliationPatch, NewAffiliation};
use crate::district::District;
use crate::error::{Error, Result};
use crate::graphql::tree::{Edited, Node};
use crate::graphql::{
    Date, FieldResult, GlobalId, NodeType, Nullable, One, Source, SourceInput, payload, take_away, write,
};
use crate::organization::Organization;
use crate::person::Person;
use crate::writing::Patch;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::affiliation;
use entity::ids::{AffiliationId, DistrictId, OrganizationId};

/// Who held which title where, and when.
#[derive(Debug)]
pub struct Affiliation(pub(in crate::person) Node<affiliation::Entity>);

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
    async fn person(&self, ctx: &Context<'_>) -> FieldResult<One<&Person>> {
        self.0.always(ctx)
    }

    /// At which organization; null where it is at a district. Exactly one of the two is there.
    async fn organization(&self, ctx: &Context<'_>) -> Nullable<One<&Organization>> {
        self.0.one(ctx)
    }

    /// At which district; null where it is at an organization. Exactly one of the two is there.
    async fn district(&self, ctx: &Context<'_>) -> Nullable<One<&District>> {
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

/// An affiliation to add: with exactly one of organization and district.
#[derive(Debug, InputObject)]
pub(crate) struct CreateAffiliationInput {
    /// Who. Whoever may change the person may add affiliations.
    person_id: ID,
    /// At which organization.
    organization_id: Option<ID>,
    /// At which district.
    district_id: Option<ID>,
    /// The title, at most 300 letters.
    title: Option<String>,
    /// Its first day, where a source says.
    starts_on: Option<Date>,
    /// Its last day, where it has ended and a source says when.
    ends_on: Option<Date>,
    /// The day of the document that states it, where the document gives no days.
    stated_on: Option<Date>,
    /// Where these facts come from.
    sources: Option<Vec<SourceInput>>,
}

/// What is to change of an affiliation: absent leaves a field as it is, null empties it. Whose it is stays.
#[derive(Debug, InputObject)]
pub(crate) struct UpdateAffiliationInput {
    /// At which organization; with `districtId: null` where it was at a district.
    organization_id: MaybeUndefined<ID>,
    /// At which district; with `organizationId: null` where it was at an organization.
    district_id: MaybeUndefined<ID>,
    /// The title. One who got another title has another affiliation: end this one and add that.
    title: MaybeUndefined<String>,
    /// Its first day.
    starts_on: MaybeUndefined<Date>,
    /// Its last day.
    ends_on: MaybeUndefined<Date>,
    /// The day of the document that states it.
    stated_on: MaybeUndefined<Date>,
    /// Where these facts come from; all of them, those that stand included.
    sources: MaybeUndefined<Vec<SourceInput>>,
}

impl TryFrom<CreateAffiliationInput> for NewAffiliation {
    type Error = Error;

    fn try_from(input: CreateAffiliationInput) -> Result<Self> {
        Ok(Self {
            person: GlobalId::key_of(&input.person_id, NodeType::Person)?,
            organization: input.organization_id.map(|id| organization(&id)).transpose()?,
            district: input.district_id.map(|id| district(&id)).transpose()?,
            title: input.title,
            starts_on: input.starts_on.map(|day| day.0),
            ends_on: input.ends_on.map(|day| day.0),
            stated_on: input.stated_on.map(|day| day.0),
            sources: SourceInput::all(input.sources.unwrap_or_default()),
        })
    }
}

impl TryFrom<UpdateAffiliationInput> for AffiliationPatch {
    type Error = Error;

    fn try_from(input: UpdateAffiliationInput) -> Result<Self> {
        Ok(Self {
            organization: Patch::from(input.organization_id).try_map(|id| organization(&id))?,
            district: Patch::from(input.district_id).try_map(|id| district(&id))?,
            title: input.title.into(),
            starts_on: Patch::from(input.starts_on).map(|day| day.0),
            ends_on: Patch::from(input.ends_on).map(|day| day.0),
            stated_on: Patch::from(input.stated_on).map(|day| day.0),
            sources: Patch::from(input.sources).map(SourceInput::all),
        })
    }
}

fn key(id: &ID) -> Result<AffiliationId> {
    GlobalId::key_of(id, NodeType::Affiliation)
}

fn organization(id: &ID) -> Result<OrganizationId> {
    GlobalId::key_of(id, NodeType::Organization)
}

fn district(id: &ID) -> Result<DistrictId> {
    GlobalId::key_of(id, NodeType::District)
}

payload!(
    /// What came of adding an affiliation.
    CreateAffiliationPayload {
        /// The new affiliation; null where it was not added.
        affiliation: Affiliation = affiliation::Entity
    }
);

payload!(
    /// What came of changing an affiliation.
    UpdateAffiliationPayload {
        /// The affiliation as it is now; null where it was not changed.
        affiliation: Affiliation = affiliation::Entity
    }
);

payload!(
    /// What came of ending an affiliation.
    EndAffiliationPayload {
        /// The affiliation as it is now; null where it was not changed.
        affiliation: Affiliation = affiliation::Entity
    }
);

payload!(
    /// What came of taking an affiliation away.
    DeleteAffiliationPayload {
        /// The affiliation as it was; null where it was not taken away.
        affiliation: Affiliation = affiliation::Entity
    }
);

/// Changes of affiliations.
#[derive(Debug, Default)]
pub(crate) struct AffiliationMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl AffiliationMutation {
    /// Adds an affiliation.
    async fn create_affiliation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known of it.")] input: CreateAffiliationInput,
    ) -> Nullable<CreateAffiliationPayload> {
        write(ctx, async |db, actor| Ok(service::affiliate(db, actor, input.try_into()?).await?.id)).await
    }

    /// Changes what the input names of an affiliation: for what was entered wrongly.
    async fn update_affiliation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What is to change.")] input: UpdateAffiliationInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UpdateAffiliationPayload> {
        write(ctx, async |db, actor| Ok(service::update(db, actor, key(&id)?, version, input.try_into()?).await?.id))
            .await
    }

    /// Ends an affiliation: the person held the title until this day, which agendas and rosters of earlier days go on to
    /// show.
    async fn end_affiliation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Its last day.")] ends_on: Date,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<EndAffiliationPayload> {
        let patch = AffiliationPatch { ends_on: Patch::Set(ends_on.0), ..AffiliationPatch::default() };
        write(ctx, async |db, actor| Ok(service::update(db, actor, key(&id)?, version, patch).await?.id)).await
    }

    /// Takes away an affiliation that never was. One that is over is ended instead: see `endAffiliation`.
    async fn delete_affiliation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<DeleteAffiliationPayload> {
        take_away(ctx, key(&id), async |db, actor| service::delete(db, actor, key(&id)?, version).await).await
    }
}
