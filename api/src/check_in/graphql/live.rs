//! Check-ins as they happen.

use crate::auth::Standing;
use crate::check_in::arrivals::Arrivals;
use crate::check_in::loader;
use crate::database::{Channel, Notice, Notices, Waiting};
use crate::error::{Error, Result};
use crate::feed::Feeds;
use crate::graphql::tree;
use crate::graphql::{ContextExt as _, FieldResult, GlobalId, NodeType};
use crate::team::TeamMember;
use async_graphql::{Context, ID, Subscription};
use entity::ids::ConveningId;
use entity::team_member;
use futures_util::Stream;
use futures_util::stream::unfold;
use std::collections::VecDeque;
use std::sync::Arc;
use uuid::Uuid;

/// What can be waited for at the door.
#[derive(Debug, Default)]
pub(crate) struct CheckInSubscription;

#[Subscription]
impl CheckInSubscription {
    /// Members of teams as they are checked in at a convening, each once; for whoever may check people in there. That a
    /// check-in is taken back is not told. It ends when you may not watch any more.
    async fn check_ins<'ctx>(
        &self,
        ctx: &'ctx Context<'_>,
        #[graphql(desc = "Which convening.")] convening_id: ID,
    ) -> FieldResult<impl Stream<Item = FieldResult<TeamMember>> + 'ctx> {
        let convening = GlobalId::key_of::<ConveningId>(&convening_id, NodeType::Convening)?;
        // First it is listened, then looked: whoever comes between the two is told.
        let waiting = ctx.data_unchecked::<Arc<Notices>>().wait(Channel::CheckIns).await?;
        let arrivals = Arrivals::from_now(&ctx.link().executor(), ctx.viewer(), convening).await?;
        let door = Door { waiting, arrivals, came: VecDeque::new() };
        Ok(unfold(Some(door), move |door| async move {
            let mut door = door?;
            match door.next(ctx).await {
                Ok(Some(member)) => Some((Ok(member), Some(door))),
                Ok(None) => None,
                Err(error) => Some((Err(error.into()), None)),
            }
        }))
    }
}

/// A door that is watched.
struct Door {
    waiting: Waiting,
    arrivals: Arrivals,
    /// Those who came and were not told of yet.
    came: VecDeque<Uuid>,
}

impl Door {
    /// The next who comes in; nothing once nobody can be told any more.
    async fn next(&mut self, ctx: &Context<'_>) -> Result<Option<TeamMember>> {
        loop {
            if self.came.is_empty() {
                match self.waiting.next().await {
                    Some(Notice::Of(key)) if key != self.arrivals.convening() => continue,
                    Some(_) => {}
                    None => return Ok(None),
                }
            }
            // Of many who are told at once, a few read at a time.
            let _place = ctx.data_unchecked::<Arc<Feeds>>().following().await?;
            // What somebody may see is asked again each time.
            let db = ctx.link().executor();
            let viewer = ctx.data_unchecked::<Standing>().viewer(ctx.accounts()).await?;
            let viewer = viewer.ok_or(Error::Unauthenticated)?;
            self.arrivals.allow(&db, &viewer).await?;
            if self.came.is_empty() {
                self.came = self.arrivals.since(&db).await?.into();
            }
            let Some(first) = self.came.pop_front() else { continue };
            let next = loader::member(first);
            // Whoever was taken off the team meanwhile, or whose check-in was taken back, is not told of.
            if let Some(member) = tree::list_as::<team_member::Entity>(ctx, &viewer, next).await?.into_iter().next() {
                return Ok(Some(member));
            }
        }
    }
}
