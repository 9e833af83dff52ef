//! Notes in the schema.

use super::question::{self, FocusQuestion};
use crate::error::{Error, Result};
use crate::graphql::tree::{Edited, Node};
use crate::graphql::{FieldResult, GlobalId, NodeType, Nullable, One, Time, payload, take_away, write};
use crate::team::Team;
use crate::team_time::service::notes::{self, NewNote, NotePatch};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::ids::TeamNoteId;
use entity::team_note;

/// What a team wrote down for itself alone.
#[derive(Debug)]
pub struct TeamNote(pub(in crate::team_time) Node<team_note::Entity>);

/// What a team wrote down for itself alone. Whoever leads the team of that district reads it, also years later, and nobody
/// else does: not those who run the convening, nor staff, auditors or administrators. Its words are in no history.
#[Object]
impl TeamNote {
    /// The note's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::TeamNote, self.0.row.id)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }

    /// The team.
    async fn team(&self, ctx: &Context<'_>) -> FieldResult<One<&Team>> {
        self.0.always(ctx)
    }

    /// The focus question that it answers; null where it answers none, or that question was taken away.
    async fn question(&self, ctx: &Context<'_>) -> Nullable<One<&FocusQuestion>> {
        self.0.one(ctx)
    }

    /// The question in the words in which it was asked when the note was written; null where it answers none.
    async fn question_as_asked(&self) -> Option<&str> {
        self.0.row.question_as_asked.as_deref()
    }

    /// What the team wrote.
    async fn text(&self) -> &str {
        &self.0.row.text
    }

    /// Counts the changes of this row, from 1.
    async fn version(&self) -> i32 {
        self.0.row.version
    }

    /// When it was written.
    async fn created_at(&self) -> Time {
        Time(self.0.row.created_at)
    }

    /// When it was last changed.
    async fn updated_at(&self) -> Time {
        Time(self.0.row.updated_at)
    }
}

/// A note to write.
#[derive(Debug, InputObject)]
pub(crate) struct WriteTeamNoteInput {
    /// The team that it is for.
    team_id: ID,
    /// The focus question of the team's convening that it answers, if any. Several notes may answer one question.
    question_id: Option<ID>,
    /// What the team wants to remember, at most 20,000 letters.
    text: String,
}

/// What is to change of a note: absent leaves a field as it is.
#[derive(Debug, InputObject)]
pub(crate) struct UpdateTeamNoteInput {
    /// What the team wants to remember; it cannot be emptied.
    text: MaybeUndefined<String>,
}

impl TryFrom<WriteTeamNoteInput> for NewNote {
    type Error = Error;

    fn try_from(input: WriteTeamNoteInput) -> Result<Self> {
        let question = input.question_id.as_ref().map(question::key).transpose()?;
        Ok(Self { team: GlobalId::key_of(&input.team_id, NodeType::Team)?, question, text: input.text })
    }
}

impl From<UpdateTeamNoteInput> for NotePatch {
    fn from(input: UpdateTeamNoteInput) -> Self {
        Self { text: input.text.into() }
    }
}

fn key(id: &ID) -> Result<TeamNoteId> {
    GlobalId::key_of(id, NodeType::TeamNote)
}

payload!(
    /// What came of writing a note.
    WriteTeamNotePayload {
        /// The new note; null where it was not written.
        team_note: TeamNote = team_note::Entity
    }
);

payload!(
    /// What came of changing a note.
    UpdateTeamNotePayload {
        /// The note as it is now; null where it was not changed.
        team_note: TeamNote = team_note::Entity
    }
);

payload!(
    /// What came of taking a note away.
    DeleteTeamNotePayload {
        /// The note as it was; null where it was not taken away.
        team_note: TeamNote = team_note::Entity
    }
);

/// Changes of notes. They take no reason: history keeps reasons, and must not keep what is in a note.
#[derive(Debug, Default)]
pub(crate) struct TeamNoteMutation;

#[Object]
impl TeamNoteMutation {
    /// Writes a note that only the team's own district can read.
    async fn write_team_note(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The note.")] input: WriteTeamNoteInput,
    ) -> Nullable<WriteTeamNotePayload> {
        write(ctx, async |db, actor| Ok(notes::write(db, actor, input.try_into()?).await?.id)).await
    }

    /// Changes what the input names of a note.
    async fn update_team_note(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What is to change.")] input: UpdateTeamNoteInput,
    ) -> Nullable<UpdateTeamNotePayload> {
        write(ctx, async |db, actor| Ok(notes::update(db, actor, key(&id)?, version, input.into()).await?.id)).await
    }

    /// Takes a note away for good.
    async fn delete_team_note(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
    ) -> Nullable<DeleteTeamNotePayload> {
        take_away(ctx, key(&id), async |db, actor| notes::delete(db, actor, key(&id)?, version).await).await
    }
}
