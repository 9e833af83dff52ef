//! How resources are added, changed, linked to what they are about, and taken away.

use super::object::{Availability, Resource, ResourceKind};
use crate::error::{Error, Result};
use crate::graphql::{GlobalId, NodeType, Nullable, SourceInput, Url, payload, take_away, write};
use crate::resource::service::{self, NewResource, ResourcePatch, Subject};
use crate::writing::Patch;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::ids::ResourceId;
use entity::resource;

/// A page, document or recording to add.
#[derive(Debug, InputObject)]
pub(crate) struct CreateResourceInput {
    /// What it is called, at most 300 letters.
    title: String,
    /// What it is.
    kind: ResourceKind,
    /// Where it is; what is available has an address.
    url: Option<Url>,
    /// Whether it can be had.
    availability: Availability,
    /// Whom it is owed to.
    credit: Option<String>,
    /// What it is about: convenings, sessions, districts and organizations, one at least, each of which you may change.
    subject_ids: Vec<ID>,
    /// Where these facts come from.
    sources: Option<Vec<SourceInput>>,
}

/// What is to change of a resource: absent leaves a field as it is, null empties it.
#[derive(Debug, InputObject)]
pub(crate) struct UpdateResourceInput {
    /// What it is called; it cannot be emptied.
    title: MaybeUndefined<String>,
    /// What it is; it cannot be emptied.
    kind: MaybeUndefined<ResourceKind>,
    /// Where it is.
    url: MaybeUndefined<Url>,
    /// Whether it can be had; it cannot be emptied.
    availability: MaybeUndefined<Availability>,
    /// Whom it is owed to.
    credit: MaybeUndefined<String>,
    /// Where these facts come from; all of it, what stands included.
    sources: MaybeUndefined<Vec<SourceInput>>,
}

impl TryFrom<CreateResourceInput> for NewResource {
    type Error = Error;

    fn try_from(input: CreateResourceInput) -> Result<Self> {
        Ok(Self {
            title: input.title,
            kind: input.kind.into(),
            url: input.url.map(|url| url.0),
            availability: input.availability.into(),
            credit: input.credit,
            about: input.subject_ids.iter().map(subject).collect::<Result<_>>()?,
            sources: SourceInput::all(input.sources.unwrap_or_default()),
        })
    }
}

impl From<UpdateResourceInput> for ResourcePatch {
    fn from(input: UpdateResourceInput) -> Self {
        Self {
            title: input.title.into(),
            kind: Patch::from(input.kind).map(resource::Kind::from),
            url: Patch::from(input.url).map(|url| url.0),
            availability: Patch::from(input.availability).map(resource::Availability::from),
            credit: input.credit.into(),
            sources: Patch::from(input.sources).map(SourceInput::all),
        }
    }
}

fn key(id: &ID) -> Result<ResourceId> {
    GlobalId::key_of(id, NodeType::Resource)
}

/// What an id says that a resource is about.
fn subject(id: &ID) -> Result<Subject> {
    let GlobalId { node_type, key } = GlobalId::decode(id)?;
    Ok(match node_type {
        NodeType::Convening => Subject::Convening(key.into()),
        NodeType::Session => Subject::Session(key.into()),
        NodeType::District => Subject::District(key.into()),
        NodeType::Organization => Subject::Organization(key.into()),
        other => {
            let message = format!(
                "This is the id of a {other:?}; a resource is about convenings, sessions, districts and organizations."
            );
            return Err(Error::BadInput(message));
        }
    })
}

payload!(
    /// What came of adding a resource.
    CreateResourcePayload {
        /// The new resource; null where it was not added.
        resource: Resource = resource::Entity
    }
);

payload!(
    /// What came of changing a resource.
    UpdateResourcePayload {
        /// The resource as it is now; null where it was not changed.
        resource: Resource = resource::Entity
    }
);

payload!(
    /// What came of taking a resource away.
    DeleteResourcePayload {
        /// The resource as it was; null where it was not taken away.
        resource: Resource = resource::Entity
    }
);

payload!(
    /// What came of linking a resource.
    LinkResourcePayload {
        /// The resource as it is now; null where it was not linked.
        resource: Resource = resource::Entity
    }
);

payload!(
    /// What came of taking a link of a resource away.
    UnlinkResourcePayload {
        /// The resource as it is now; null where the link was not taken away.
        resource: Resource = resource::Entity
    }
);

/// Changes of resources.
#[derive(Debug, Default)]
pub(crate) struct ResourceMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl ResourceMutation {
    /// Adds a page, document or recording about what you may change.
    async fn create_resource(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known of it.")] input: CreateResourceInput,
    ) -> Nullable<CreateResourcePayload> {
        write(ctx, async |db, actor| Ok(service::create(db, actor, input.try_into()?).await?.id)).await
    }

    /// Changes what the input names of a resource. One that is about several things may be changed only by those who may
    /// change each of them.
    async fn update_resource(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What is to change.")] input: UpdateResourceInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UpdateResourcePayload> {
        write(ctx, async |db, actor| Ok(service::update(db, actor, key(&id)?, version, input.into()).await?.id)).await
    }

    /// Takes a resource away from everything that it is about.
    async fn delete_resource(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<DeleteResourcePayload> {
        take_away(ctx, key(&id), async |db, actor| service::delete(db, actor, key(&id)?, version).await).await
    }

    /// Says that a resource is about something else too, which you may change. A resource about any convening or session is
    /// seen only by those who see one of these.
    async fn link_resource(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which resource.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "The convening, session, district or organization that it is about.")] subject_id: ID,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<LinkResourcePayload> {
        write(ctx, async |db, actor| Ok(service::link(db, actor, key(&id)?, version, subject(&subject_id)?).await?.id))
            .await
    }

    /// Takes back that a resource is about something. It stays about something else.
    async fn unlink_resource(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which resource.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What it is no longer about.")] subject_id: ID,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UnlinkResourcePayload> {
        write(ctx, async |db, actor| {
            Ok(service::unlink(db, actor, key(&id)?, version, subject(&subject_id)?).await?.id)
        })
        .await
    }
}
