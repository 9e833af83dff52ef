//! How the blocks of a convening are added, changed and taken away.

use super::mutation::key;
use super::object::Convening;
use crate::convening::blocks;
use crate::convening::input::{AddedBlock, BlockPatch, BlockPlace, NewBlock};
use crate::error::{Error, Result};
use crate::graphql::{GlobalId, NodeType, Nullable, payload, write};
use crate::writing::Patch;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::convening;
use entity::ids::SessionId;

/// A block to add behind the others of a convening.
#[derive(Debug, InputObject)]
pub(crate) struct AddSessionBlockInput {
    /// The convening.
    convening_id: ID,
    /// What the block is called, at most 300 letters.
    title: String,
    /// How many rounds there are.
    rounds: Option<i32>,
    /// How many of the sessions one participant can go to.
    sessions_per_participant: Option<i32>,
    /// How many different sessions the members of one team go to together.
    sessions_per_team: Option<i32>,
    /// The sessions of the convening that are in it. A session is in one block at most, and leaves the one that it was in.
    session_ids: Option<Vec<ID>>,
}

/// What is to change of a block: absent leaves a field as it is, null empties it.
#[derive(Debug, InputObject)]
pub(crate) struct UpdateSessionBlockInput {
    /// What the block is called; it cannot be emptied.
    title: MaybeUndefined<String>,
    /// How many rounds there are.
    rounds: MaybeUndefined<i32>,
    /// How many of the sessions one participant can go to.
    sessions_per_participant: MaybeUndefined<i32>,
    /// How many different sessions the members of one team go to together.
    sessions_per_team: MaybeUndefined<i32>,
    /// The sessions in it: all of them, those that stand included.
    session_ids: MaybeUndefined<Vec<ID>>,
}

impl TryFrom<AddSessionBlockInput> for AddedBlock {
    type Error = Error;

    fn try_from(input: AddSessionBlockInput) -> Result<Self> {
        let block = NewBlock {
            title: input.title,
            rounds: input.rounds,
            sessions_per_participant: input.sessions_per_participant,
            sessions_per_team: input.sessions_per_team,
        };
        let sessions = sessions(&input.session_ids.unwrap_or_default())?;
        Ok(Self { convening: key(&input.convening_id)?, block, sessions })
    }
}

impl TryFrom<UpdateSessionBlockInput> for BlockPatch {
    type Error = Error;

    fn try_from(input: UpdateSessionBlockInput) -> Result<Self> {
        Ok(Self {
            title: input.title.into(),
            rounds: input.rounds.into(),
            sessions_per_participant: input.sessions_per_participant.into(),
            sessions_per_team: input.sessions_per_team.into(),
            sessions: Patch::from(input.session_ids).try_map(|ids| sessions(&ids))?,
        })
    }
}

fn sessions(ids: &[ID]) -> Result<Vec<SessionId>> {
    ids.iter().map(|id| GlobalId::key_of(id, NodeType::Session)).collect()
}

/// Which block.
fn place(id: &ID, version: i32, position: i32) -> Result<BlockPlace> {
    Ok(BlockPlace { convening: key(id)?, version, position })
}

payload!(
    /// What came of adding a block.
    AddSessionBlockPayload {
        /// The convening as it is now; null where no block was added.
        convening: Convening = convening::Entity
    }
);

payload!(
    /// What came of changing a block.
    UpdateSessionBlockPayload {
        /// The convening as it is now; null where the block was not changed.
        convening: Convening = convening::Entity
    }
);

payload!(
    /// What came of taking a block away.
    RemoveSessionBlockPayload {
        /// The convening as it is now; null where the block was not taken away.
        convening: Convening = convening::Entity
    }
);

/// Changes of blocks.
#[derive(Debug, Default)]
pub(crate) struct SessionBlockMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl SessionBlockMutation {
    /// Adds a block of sessions that are offered together.
    /// Everybody sees it once the agenda is released.
    async fn add_session_block(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known of it.")] input: AddSessionBlockInput,
    ) -> Nullable<AddSessionBlockPayload> {
        write(ctx, async |db, actor| blocks::add(db, actor, input.try_into()?).await).await
    }

    /// Changes what the input names of a block.
    /// Everybody sees it once the agenda is released.
    async fn update_session_block(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its convening.")] convening_id: ID,
        #[graphql(desc = "The convening's version as you have read it; another is refused with STALE_VERSION.")]
        version: i32,
        #[graphql(desc = "Its place among the convening's blocks, from 1.")] position: i32,
        #[graphql(desc = "What is to change.")] input: UpdateSessionBlockInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UpdateSessionBlockPayload> {
        write(ctx, async |db, actor| {
            blocks::update(db, actor, place(&convening_id, version, position)?, input.try_into()?).await
        })
        .await
    }

    /// Takes away a block that no session is in; those behind it move up.
    /// Everybody sees it once the agenda is released.
    async fn remove_session_block(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its convening.")] convening_id: ID,
        #[graphql(desc = "The convening's version as you have read it; another is refused with STALE_VERSION.")]
        version: i32,
        #[graphql(desc = "Its place among the convening's blocks, from 1.")] position: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<RemoveSessionBlockPayload> {
        write(ctx, async |db, actor| blocks::delete(db, actor, place(&convening_id, version, position)?).await).await
    }
}
