//! How sessions are added, changed, related and taken away.

use super::object::{Session, SessionFormat};
use crate::error::{Error, Result};
use crate::graphql::{Date, GlobalId, NodeType, Nullable, SourceInput, payload, take_away, write};
use crate::session::service::{self, NewSession, SessionPatch};
use crate::writing::Patch;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::ids::SessionId;
use entity::session;

/// A session to add to a convening's agenda.
#[derive(Debug, InputObject)]
pub(crate) struct CreateSessionInput {
    /// The convening on whose agenda it is.
    convening_id: ID,
    /// Its short name in addresses, unique within its convening; made from the title where absent. It never changes.
    slug: Option<String>,
    /// Its number among the convening's numbered sessions, from 1.
    number: Option<i32>,
    /// The theme that it belongs to: its place among the convening's strands, from 1.
    strand: Option<i32>,
    /// The block that it is offered in: its place among the convening's blocks, from 1.
    block: Option<i32>,
    /// Its title, at most 300 letters.
    title: String,
    /// What happens in it.
    format: SessionFormat,
    /// What it is about, in a few sentences.
    r#abstract: Option<String>,
    /// How long it takes, in minutes: 1 to 1440.
    duration_minutes: Option<i32>,
    /// The day that it is on: one of the convening's.
    date: Option<Date>,
    /// The questions put to a panel, in order.
    questions: Option<Vec<String>>,
    /// Whether the speakers that are named are everybody; so it is where nothing is said.
    speakers_complete: Option<bool>,
    /// Where these facts come from.
    sources: Option<Vec<SourceInput>>,
}

/// What is to change of a session: absent leaves a field as it is, null empties it. Its times and places are its slots.
#[derive(Debug, InputObject)]
pub(crate) struct UpdateSessionInput {
    /// Its number among the convening's numbered sessions, from 1.
    number: MaybeUndefined<i32>,
    /// The theme that it belongs to: its place among the convening's strands, from 1.
    strand: MaybeUndefined<i32>,
    /// The block that it is offered in: its place among the convening's blocks, from 1.
    block: MaybeUndefined<i32>,
    /// Its title; it cannot be emptied.
    title: MaybeUndefined<String>,
    /// What happens in it; it cannot be emptied.
    format: MaybeUndefined<SessionFormat>,
    /// What it is about, in a few sentences.
    r#abstract: MaybeUndefined<String>,
    /// How long it takes, in minutes: 1 to 1440.
    duration_minutes: MaybeUndefined<i32>,
    /// The day that it is on: one of the convening's.
    date: MaybeUndefined<Date>,
    /// The questions put to a panel; all of them, those that stand included.
    questions: MaybeUndefined<Vec<String>>,
    /// Whether the speakers that are named are everybody; it cannot be emptied.
    speakers_complete: MaybeUndefined<bool>,
    /// Where these facts come from; all of them, those that stand included.
    sources: MaybeUndefined<Vec<SourceInput>>,
}

impl TryFrom<CreateSessionInput> for NewSession {
    type Error = Error;

    fn try_from(input: CreateSessionInput) -> Result<Self> {
        Ok(Self {
            convening: GlobalId::key_of(&input.convening_id, NodeType::Convening)?,
            slug: input.slug,
            number: input.number,
            title: input.title,
            format: input.format.into(),
            strand: input.strand,
            block: input.block,
            r#abstract: input.r#abstract,
            duration_minutes: input.duration_minutes,
            date: input.date.map(|date| date.0),
            questions: input.questions.unwrap_or_default(),
            speakers_complete: input.speakers_complete.unwrap_or(true),
            sources: SourceInput::all(input.sources.unwrap_or_default()),
        })
    }
}

impl From<UpdateSessionInput> for SessionPatch {
    fn from(input: UpdateSessionInput) -> Self {
        Self {
            number: input.number.into(),
            title: input.title.into(),
            format: Patch::from(input.format).map(session::Format::from),
            strand: input.strand.into(),
            block: input.block.into(),
            r#abstract: input.r#abstract.into(),
            duration_minutes: input.duration_minutes.into(),
            date: Patch::from(input.date).map(|date| date.0),
            questions: input.questions.into(),
            speakers_complete: input.speakers_complete.into(),
            sources: Patch::from(input.sources).map(SourceInput::all),
        }
    }
}

fn key(id: &ID) -> Result<SessionId> {
    GlobalId::key_of(id, NodeType::Session)
}

payload!(
    /// What came of adding a session.
    CreateSessionPayload {
        /// The new session; null where it was not added.
        session: Session = session::Entity
    }
);

payload!(
    /// What came of changing a session.
    UpdateSessionPayload {
        /// The session as it is now; null where it was not changed.
        session: Session = session::Entity
    }
);

payload!(
    /// What came of taking a session away.
    DeleteSessionPayload {
        /// The session as it was; null where it was not taken away.
        session: Session = session::Entity
    }
);

payload!(
    /// What came of relating two sessions.
    RelateSessionsPayload {
        /// The first of the two as it is now; null where they were not related.
        session: Session = session::Entity
    }
);

payload!(
    /// What came of taking back that two sessions are related.
    UnrelateSessionsPayload {
        /// The first of the two as it is now; null where nothing was taken back.
        session: Session = session::Entity
    }
);

/// Changes of sessions.
#[derive(Debug, Default)]
pub(crate) struct SessionMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl SessionMutation {
    /// Adds a session to a convening's agenda.
    /// Everybody sees it once the agenda is released.
    async fn create_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known of it.")] input: CreateSessionInput,
    ) -> Nullable<CreateSessionPayload> {
        write(ctx, async |db, actor| Ok(service::create(db, actor, input.try_into()?).await?.id)).await
    }

    /// Changes what the input names of a session.
    /// Everybody sees it once the agenda is released.
    async fn update_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What is to change.")] input: UpdateSessionInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UpdateSessionPayload> {
        write(ctx, async |db, actor| Ok(service::update(db, actor, key(&id)?, version, input.into()).await?.id)).await
    }

    /// Takes away a session with its speakers, its slots and its relations, where nobody has a seat in it and no
    /// resource is about it.
    /// Everybody sees it once the agenda is released.
    async fn delete_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<DeleteSessionPayload> {
        take_away(ctx, key(&id), async |db, actor| service::delete(db, actor, key(&id)?, version).await).await
    }

    /// Notes that two sessions are on one subject. It is shown with both: you must be allowed to change both.
    /// Everybody sees it once the agenda is released.
    async fn relate_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The one.")] id: ID,
        #[graphql(desc = "The other.")] related_id: ID,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<RelateSessionsPayload> {
        write(ctx, async |db, actor| {
            let one = key(&id)?;
            service::relate(db, actor, one, key(&related_id)?).await?;
            Ok(one)
        })
        .await
    }

    /// Takes back that two sessions are on one subject. You must be allowed to change both.
    /// Everybody sees it once the agenda is released.
    async fn unrelate_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The one.")] id: ID,
        #[graphql(desc = "The other.")] related_id: ID,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UnrelateSessionsPayload> {
        write(ctx, async |db, actor| {
            let one = key(&id)?;
            service::unrelate(db, actor, one, key(&related_id)?).await?;
            Ok(one)
        })
        .await
    }
}
