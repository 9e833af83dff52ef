//! Who presents when: nobody is sent to a session while presenting in one.

use crate::error::Result;
use entity::ids::{ConveningId, DistrictId, SessionBlockId, SessionId};
use entity::{session, slot, speaker, team_member};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _,
};
use std::collections::HashMap;

/// The slots of a convening and who presents in their sessions.
#[derive(Debug)]
pub(super) struct Programme {
    pub(super) slots: Vec<slot::Model>,
    /// The block of each session that is in one.
    blocks: HashMap<SessionId, SessionBlockId>,
    speakers: Vec<speaker::Model>,
}

impl Programme {
    /// The programme of a convening.
    pub(super) async fn of(db: &impl ConnectionTrait, convening: ConveningId) -> Result<Self> {
        let slots = slot::Entity::find().filter(slot::Column::ConveningId.eq(convening));
        let sessions = session::Entity::find().filter(session::Column::ConveningId.eq(convening)).select_only();
        let own = sessions.clone().column(session::Column::Id).into_query();
        let blocks = sessions.columns([session::Column::Id, session::Column::BlockId]);
        let blocks = blocks.filter(session::Column::BlockId.is_not_null()).into_tuple().all(db).await?;
        let speakers = speaker::Entity::find().filter(speaker::Column::SessionId.in_subquery(own));
        Ok(Self {
            blocks: blocks.into_iter().collect(),
            slots: slots.order_by_asc(slot::Column::Id).all(db).await?,
            speakers: speakers.order_by_asc(speaker::Column::Id).all(db).await?,
        })
    }

    /// The slots in whose sessions a member of a district's team presents: by name, or because the team or the district
    /// as a whole does. Whoever presents for a district is told by nobody, so its team is kept free.
    pub(super) fn of_presenter<'a>(
        &'a self,
        member: &team_member::Model,
        district: DistrictId,
    ) -> impl Iterator<Item = &'a slot::Model> {
        let person = member.person_id;
        let presents = move |speaker: &speaker::Model| {
            let whole = speaker.as_team || speaker.person_id.is_none();
            speaker.person_id == Some(person) || (whole && speaker.district_id == Some(district))
        };
        let presented = move |slot: &&slot::Model| {
            self.speakers.iter().any(|speaker| speaker.session_id == slot.session_id && presents(speaker))
        };
        self.slots.iter().filter(presented)
    }
    /// Whether two slots are in one round. Rounds are counted within a block; those of sessions in none, together.
    pub(super) fn are_of_one_round(&self, one: &slot::Model, other: &slot::Model) -> bool {
        let block = |slot: &slot::Model| self.blocks.get(&slot.session_id);
        one.round.is_some() && one.round == other.round && block(one) == block(other)
    }

    /// Whether somebody who is in the one cannot be in the other: they are of one session, in one round, or at one time.
    pub(super) fn exclude(&self, one: &slot::Model, other: &slot::Model) -> bool {
        let span = |slot: &slot::Model| slot.starts_at.zip(slot.ends_at);
        let same_time = span(one).zip(span(other)).is_some_and(|(one, other)| one.0 < other.1 && other.0 < one.1);
        one.session_id == other.session_id || self.are_of_one_round(one, other) || same_time
    }
}
