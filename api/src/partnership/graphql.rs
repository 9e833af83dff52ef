//! Partnerships in the schema.

use super::service::{self, NewPartnership, PartnershipPatch};
use crate::district::District;
use crate::error::{Error, Result};
use crate::graphql::tree::{Edited, Node};
use crate::graphql::{FieldResult, GlobalId, NodeType, Nullable, One, Source, SourceInput, payload, take_away, write};
use crate::organization::Organization;
use crate::writing::Patch;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::ids::PartnershipId;
use entity::partnership;

/// A district and a union working together.
#[derive(Debug)]
pub struct Partnership(pub(super) Node<partnership::Entity>);

/// A district and a union working together.
#[Object]
impl Partnership {
    /// The partnership's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Partnership, self.0.row.id)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }

    /// The district.
    async fn district(&self, ctx: &Context<'_>) -> FieldResult<One<&District>> {
        self.0.always(ctx)
    }

    /// The union.
    async fn organization(&self, ctx: &Context<'_>) -> FieldResult<One<&Organization>> {
        self.0.always(ctx)
    }

    /// The year since which they work together; null where no source says.
    async fn since_year(&self) -> Option<i32> {
        self.0.row.since_year
    }

    /// The agreement that lays it down, as the source calls it; null where no source names one.
    async fn codified_in(&self) -> Option<&str> {
        self.0.row.codified_in.as_deref()
    }

    /// What they work on together; null where nobody wrote it.
    async fn description(&self) -> Option<&str> {
        self.0.row.description.as_deref()
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

/// A partnership to add; a district and a union have one at most.
#[derive(Debug, InputObject)]
pub(crate) struct CreatePartnershipInput {
    /// The district.
    district_id: ID,
    /// The union.
    organization_id: ID,
    /// The year since which they work together, from 1850 to 2200.
    since_year: Option<i32>,
    /// The agreement that lays it down, as the source calls it.
    codified_in: Option<String>,
    /// What they work on together.
    description: Option<String>,
    /// Where these facts come from.
    sources: Option<Vec<SourceInput>>,
}

/// What is to change of a partnership: absent leaves a field as it is, null empties it. Whose it is stays.
#[derive(Debug, InputObject)]
pub(crate) struct UpdatePartnershipInput {
    /// The year since which they work together.
    since_year: MaybeUndefined<i32>,
    /// The agreement that lays it down, as the source calls it.
    codified_in: MaybeUndefined<String>,
    /// What they work on together.
    description: MaybeUndefined<String>,
    /// Where these facts come from; all of them, those that stand included.
    sources: MaybeUndefined<Vec<SourceInput>>,
}

impl TryFrom<CreatePartnershipInput> for NewPartnership {
    type Error = Error;

    fn try_from(input: CreatePartnershipInput) -> Result<Self> {
        Ok(Self {
            district: GlobalId::key_of(&input.district_id, NodeType::District)?,
            organization: GlobalId::key_of(&input.organization_id, NodeType::Organization)?,
            since_year: input.since_year,
            codified_in: input.codified_in,
            description: input.description,
            sources: SourceInput::all(input.sources.unwrap_or_default()),
        })
    }
}

impl From<UpdatePartnershipInput> for PartnershipPatch {
    fn from(input: UpdatePartnershipInput) -> Self {
        Self {
            since_year: input.since_year.into(),
            codified_in: input.codified_in.into(),
            description: input.description.into(),
            sources: Patch::from(input.sources).map(SourceInput::all),
        }
    }
}

fn key(id: &ID) -> Result<PartnershipId> {
    GlobalId::key_of(id, NodeType::Partnership)
}

payload!(
    /// What came of adding a partnership.
    CreatePartnershipPayload {
        /// The new partnership; null where it was not added.
        partnership: Partnership = partnership::Entity
    }
);

payload!(
    /// What came of changing a partnership.
    UpdatePartnershipPayload {
        /// The partnership as it is now; null where it was not changed.
        partnership: Partnership = partnership::Entity
    }
);

payload!(
    /// What came of taking a partnership away.
    DeletePartnershipPayload {
        /// The partnership as it was; null where it was not taken away.
        partnership: Partnership = partnership::Entity
    }
);

/// Changes of partnerships.
#[derive(Debug, Default)]
pub(crate) struct PartnershipMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl PartnershipMutation {
    /// Adds a partnership.
    async fn create_partnership(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known of it.")] input: CreatePartnershipInput,
    ) -> Nullable<CreatePartnershipPayload> {
        write(ctx, async |db, actor| Ok(service::create(db, actor, input.try_into()?).await?.id)).await
    }

    /// Changes what the input names of a partnership.
    async fn update_partnership(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What is to change.")] input: UpdatePartnershipInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UpdatePartnershipPayload> {
        write(ctx, async |db, actor| Ok(service::update(db, actor, key(&id)?, version, input.into()).await?.id)).await
    }

    /// Takes away a partnership.
    async fn delete_partnership(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<DeletePartnershipPayload> {
        take_away(ctx, key(&id), async |db, actor| service::delete(db, actor, key(&id)?, version).await).await
    }
}
