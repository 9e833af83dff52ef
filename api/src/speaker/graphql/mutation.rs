//! How speakers are added, changed, put in order and taken off.

use super::object::{Speaker, SpeakerRole};
use crate::error::{Error, Result};
use crate::graphql::{ForceInput, GlobalId, NodeType, Nullable, SourceInput, payload, take_away, write};
use crate::session::Session;
use crate::speaker::service::{self, NewOrder, NewSpeaker, SpeakerPatch};
use crate::writing::Patch;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::ids::SpeakerId;
use entity::{session, speaker};

/// A speaker to add to a session: a person, an organization, a district, or a person on behalf of one. The name and the
/// title on the agenda are those of the session's day, and stay.
#[derive(Debug, InputObject)]
pub(crate) struct AddSpeakerInput {
    /// The session.
    session_id: ID,
    /// The part in the session.
    role: SpeakerRole,
    /// The place among those in the same role, from 1; behind all others where absent.
    position: Option<i32>,
    /// Who speaks.
    person_id: Option<ID>,
    /// The organization that presents or, with a person, on whose behalf that person speaks.
    organization_id: Option<ID>,
    /// The district that presents or, with a person, on whose behalf that person speaks.
    district_id: Option<ID>,
    /// Whether the district's team presents as a team; not so where nothing is said.
    as_team: Option<bool>,
    /// The title on the agenda; where absent, the one that the person holds on the session's day.
    title_as_shown: Option<String>,
    /// Where these facts come from.
    sources: Option<Vec<SourceInput>>,
    /// Adds the person although they speak elsewhere at that time.
    force: Option<ForceInput>,
}

/// What is to change of a speaker: absent leaves a field as it is, null empties it. Who speaks does not change: take the
/// one off and add the other.
#[derive(Debug, InputObject)]
pub(crate) struct UpdateSpeakerInput {
    /// The part in the session; it cannot be emptied. In another part, the place is behind all others.
    role: MaybeUndefined<SpeakerRole>,
    /// The organization that presents or, with a person, on whose behalf that person speaks.
    organization_id: MaybeUndefined<ID>,
    /// The district that presents or, with a person, on whose behalf that person speaks.
    district_id: MaybeUndefined<ID>,
    /// Whether the district's team presents as a team; it cannot be emptied.
    as_team: MaybeUndefined<bool>,
    /// The name on the agenda; it cannot be emptied. Where it is absent, it changes only with the body that presents.
    name_as_shown: MaybeUndefined<String>,
    /// The title on the agenda.
    title_as_shown: MaybeUndefined<String>,
    /// Where these facts come from; all of them, those that stand included.
    sources: MaybeUndefined<Vec<SourceInput>>,
}

impl TryFrom<AddSpeakerInput> for NewSpeaker {
    type Error = Error;

    fn try_from(input: AddSpeakerInput) -> Result<Self> {
        let organization = |id: ID| GlobalId::key_of(&id, NodeType::Organization);
        let district = |id: ID| GlobalId::key_of(&id, NodeType::District);
        Ok(Self {
            session: GlobalId::key_of(&input.session_id, NodeType::Session)?,
            role: input.role.into(),
            position: input.position,
            person: input.person_id.map(|id| GlobalId::key_of(&id, NodeType::Person)).transpose()?,
            organization: input.organization_id.map(organization).transpose()?,
            district: input.district_id.map(district).transpose()?,
            as_team: input.as_team.unwrap_or_default(),
            title_as_shown: input.title_as_shown,
            sources: SourceInput::all(input.sources.unwrap_or_default()),
            force: input.force.map(Into::into),
        })
    }
}

impl TryFrom<UpdateSpeakerInput> for SpeakerPatch {
    type Error = Error;

    fn try_from(input: UpdateSpeakerInput) -> Result<Self> {
        let organization = |id: ID| GlobalId::key_of(&id, NodeType::Organization);
        let district = |id: ID| GlobalId::key_of(&id, NodeType::District);
        Ok(Self {
            role: Patch::from(input.role).map(speaker::Role::from),
            organization: Patch::from(input.organization_id).try_map(organization)?,
            district: Patch::from(input.district_id).try_map(district)?,
            as_team: input.as_team.into(),
            name_as_shown: input.name_as_shown.into(),
            title_as_shown: input.title_as_shown.into(),
            sources: Patch::from(input.sources).map(SourceInput::all),
        })
    }
}

fn key(id: &ID) -> Result<SpeakerId> {
    GlobalId::key_of(id, NodeType::Speaker)
}

payload!(
    /// What came of adding a speaker.
    AddSpeakerPayload {
        /// The new speaker; null where it was not added.
        speaker: Speaker = speaker::Entity
    }
);

payload!(
    /// What came of changing a speaker.
    UpdateSpeakerPayload {
        /// The speaker as it is now; null where it was not changed.
        speaker: Speaker = speaker::Entity
    }
);

payload!(
    /// What came of taking a speaker off.
    RemoveSpeakerPayload {
        /// The speaker as it was; null where it was not taken off.
        speaker: Speaker = speaker::Entity
    }
);

payload!(
    /// What came of putting speakers into a new order.
    ReorderSpeakersPayload {
        /// The session with its speakers in their new order; null where they stay in the old one.
        session: Session = session::Entity
    }
);

/// Changes of speakers.
#[derive(Debug, Default)]
pub(crate) struct SpeakerMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl SpeakerMutation {
    /// Adds a speaker to a session. Nobody speaks in two sessions at one time, unless it is forced.
    /// Everybody sees it once the agenda is released.
    async fn add_speaker(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who contributes, and how.")] input: AddSpeakerInput,
    ) -> Nullable<AddSpeakerPayload> {
        write(ctx, async |db, actor| Ok(service::add(db, actor, input.try_into()?).await?.id)).await
    }

    /// Changes what the input names of a speaker.
    /// Everybody sees it once the agenda is released.
    async fn update_speaker(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What is to change.")] input: UpdateSpeakerInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UpdateSpeakerPayload> {
        write(ctx, async |db, actor| Ok(service::update(db, actor, key(&id)?, version, input.try_into()?).await?.id))
            .await
    }

    /// Takes a speaker off a session. The others keep their places.
    /// Everybody sees it once the agenda is released.
    async fn remove_speaker(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<RemoveSpeakerPayload> {
        take_away(ctx, key(&id), async |db, actor| service::take_off(db, actor, key(&id)?, version).await).await
    }

    /// Puts all speakers of a session that are in one role into a new order, with places from 1.
    /// Everybody sees it once the agenda is released.
    async fn reorder_speakers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session.")] session_id: ID,
        #[graphql(desc = "The session's version as you have read it; another is refused with STALE_VERSION.")]
        version: i32,
        #[graphql(desc = "The role whose speakers are ordered.")] role: SpeakerRole,
        #[graphql(desc = "All speakers in that role, each once, in their new order.")] speaker_ids: Vec<ID>,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<ReorderSpeakersPayload> {
        write(ctx, async |db, actor| {
            let order = NewOrder {
                session: GlobalId::key_of(&session_id, NodeType::Session)?,
                version,
                role: role.into(),
                speakers: speaker_ids.iter().map(key).collect::<Result<_>>()?,
            };
            service::reorder(db, actor, order).await
        })
        .await
    }
}
