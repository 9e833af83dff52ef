//! How organizations are added, changed and taken away.

use super::object::{Organization, OrganizationKind};
use crate::error::{Error, Result};
use crate::graphql::{GlobalId, NodeType, Nullable, SourceInput, Url, payload, take_away, write};
use crate::organization::service::{self, NewOrganization, OrganizationPatch};
use crate::writing::Patch;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::ids::OrganizationId;
use entity::organization;

/// An organization to add.
#[derive(Debug, InputObject)]
pub(crate) struct CreateOrganizationInput {
    /// Its short name in addresses, unique among organizations; made from the name where absent. It never changes.
    slug: Option<String>,
    /// Its full name, at most 300 letters.
    name: String,
    /// The letters that it is known by, at most 30; no other organization may have them.
    acronym: Option<String>,
    /// What it is.
    kind: OrganizationKind,
    /// Its site.
    website: Option<Url>,
    /// What it is and does, in a few sentences.
    description: Option<String>,
    /// The organization that it is part of.
    parent_id: Option<ID>,
    /// Other spellings that sources use.
    alternate_names: Option<Vec<String>>,
    /// Where these facts come from.
    sources: Option<Vec<SourceInput>>,
}

/// What is to change of an organization: absent leaves a field as it is, null empties it.
#[derive(Debug, InputObject)]
pub(crate) struct UpdateOrganizationInput {
    /// Its full name; it cannot be emptied.
    name: MaybeUndefined<String>,
    /// The letters that it is known by.
    acronym: MaybeUndefined<String>,
    /// What it is; it cannot be emptied.
    kind: MaybeUndefined<OrganizationKind>,
    /// Its site.
    website: MaybeUndefined<Url>,
    /// What it is and does.
    description: MaybeUndefined<String>,
    /// The organization that it is part of.
    parent_id: MaybeUndefined<ID>,
    /// Other spellings; all of them, those that stand included.
    alternate_names: MaybeUndefined<Vec<String>>,
    /// Where these facts come from; all of them, those that stand included.
    sources: MaybeUndefined<Vec<SourceInput>>,
}

impl TryFrom<CreateOrganizationInput> for NewOrganization {
    type Error = Error;

    fn try_from(input: CreateOrganizationInput) -> Result<Self> {
        Ok(Self {
            slug: input.slug,
            name: input.name,
            acronym: input.acronym,
            alternate_names: input.alternate_names.unwrap_or_default(),
            kind: input.kind.into(),
            website: input.website.map(|url| url.0),
            description: input.description,
            parent: input.parent_id.map(|id| key(&id)).transpose()?,
            sources: SourceInput::all(input.sources.unwrap_or_default()),
        })
    }
}

impl TryFrom<UpdateOrganizationInput> for OrganizationPatch {
    type Error = Error;

    fn try_from(input: UpdateOrganizationInput) -> Result<Self> {
        Ok(Self {
            name: input.name.into(),
            acronym: input.acronym.into(),
            alternate_names: input.alternate_names.into(),
            kind: Patch::from(input.kind).map(organization::Kind::from),
            website: Patch::from(input.website).map(|url| url.0),
            description: input.description.into(),
            parent: Patch::from(input.parent_id).try_map(|id| key(&id))?,
            sources: Patch::from(input.sources).map(SourceInput::all),
        })
    }
}

fn key(id: &ID) -> Result<OrganizationId> {
    GlobalId::key_of(id, NodeType::Organization)
}

payload!(
    /// What came of adding an organization.
    CreateOrganizationPayload {
        /// The new organization; null where it was not added.
        organization: Organization = organization::Entity
    }
);

payload!(
    /// What came of changing an organization.
    UpdateOrganizationPayload {
        /// The organization as it is now; null where it was not changed.
        organization: Organization = organization::Entity
    }
);

payload!(
    /// What came of taking an organization away.
    DeleteOrganizationPayload {
        /// The organization as it was; null where it was not taken away.
        organization: Organization = organization::Entity
    }
);

/// Changes of organizations.
#[derive(Debug, Default)]
pub(crate) struct OrganizationMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl OrganizationMutation {
    /// Adds an organization.
    async fn create_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known of it.")] input: CreateOrganizationInput,
    ) -> Nullable<CreateOrganizationPayload> {
        write(ctx, async |db, actor| Ok(service::create(db, actor, input.try_into()?).await?.id)).await
    }

    /// Changes what the input names of an organization.
    async fn update_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What is to change.")] input: UpdateOrganizationInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UpdateOrganizationPayload> {
        write(ctx, async |db, actor| Ok(service::update(db, actor, key(&id)?, version, input.try_into()?).await?.id))
            .await
    }

    /// Takes away an organization that nothing refers to.
    async fn delete_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<DeleteOrganizationPayload> {
        take_away(ctx, key(&id), async |db, actor| service::delete(db, actor, key(&id)?, version).await).await
    }
}
