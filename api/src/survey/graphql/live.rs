//! Results as they come in.

use super::result::PublishedResult;
use crate::auth::{Standing, Viewer};
use crate::database::{Channel, Notice, Notices, Waiting};
use crate::error::{Error, Result};
use crate::feed::Feeds;
use crate::graphql::tree;
use crate::graphql::{ContextExt as _, FieldResult, GlobalId, NodeType};
use crate::survey::{loader, outcome};
use async_graphql::{Context, ID, Subscription};
use entity::ids::SurveyId;
use entity::published_result;
use entity::survey::Status;
use futures_util::Stream;
use futures_util::stream::unfold;
use std::sync::Arc;

/// What can be waited for of surveys.
#[derive(Debug, Default)]
pub(crate) struct SurveySubscription;

#[Subscription]
impl SurveySubscription {
    /// The latest result of a survey that you may see: at once where there is one, and again whenever there is a newer one.
    /// It ends when the final results have been published, and when you may not see the survey any more.
    async fn survey_results<'ctx>(
        &self,
        ctx: &'ctx Context<'_>,
        #[graphql(desc = "Which survey.")] survey_id: ID,
    ) -> FieldResult<impl Stream<Item = FieldResult<PublishedResult>> + 'ctx> {
        let survey = GlobalId::key_of::<SurveyId>(&survey_id, NodeType::Survey)?;
        // First it is listened, then looked: what happens between the two is told.
        let waiting = ctx.data_unchecked::<Arc<Notices>>().wait(Channel::SurveyResults).await?;
        let viewer = ctx.viewer().clone();
        if outcome::standing(&ctx.link().executor(), &viewer, survey).await?.is_none() {
            return Err(Error::NotFound("survey").into());
        }
        let watch = Watch { waiting, survey, seen: 0, looks: true, ended: false };
        Ok(unfold(watch, move |mut watch| async move {
            let next = watch.next(ctx).await.transpose()?;
            watch.ended |= next.is_err();
            Some((next.map_err(Into::into), watch))
        }))
    }
}

/// Somebody who watches a survey.
struct Watch {
    waiting: Waiting,
    survey: SurveyId,
    /// The number of the result that was shown last.
    seen: i32,
    /// Whether it is to be looked at before anything is waited for.
    looks: bool,
    ended: bool,
}

impl Watch {
    /// The next result to show; nothing once there will be none.
    async fn next(&mut self, ctx: &Context<'_>) -> Result<Option<PublishedResult>> {
        while !self.ended {
            if !std::mem::take(&mut self.looks) {
                match self.waiting.next().await {
                    Some(Notice::Of(key)) if key != self.survey.0 => continue,
                    Some(_) => {}
                    None => return Ok(None),
                }
            }
            // Of many who are told at once, a few read at a time.
            let _place = ctx.data_unchecked::<Arc<Feeds>>().following().await?;
            // What somebody may see is asked again each time.
            let Some(viewer) = ctx.data_unchecked::<Standing>().viewer(ctx.accounts()).await? else { return Ok(None) };
            let Some(status) = outcome::standing(&ctx.link().executor(), &viewer, self.survey).await? else {
                return Ok(None);
            };
            self.ended = status == Status::Published;
            if let Some(result) = self.latest(ctx, &viewer).await? {
                return Ok(Some(result));
            }
        }
        Ok(None)
    }

    /// The latest result, where it is newer than what was shown.
    async fn latest(&mut self, ctx: &Context<'_>, viewer: &Viewer) -> Result<Option<PublishedResult>> {
        let listing = loader::newer_results(self.survey, self.seen);
        let latest = tree::list_as::<published_result::Entity>(ctx, viewer, listing).await?.into_iter().next();
        if let Some(result) = &latest {
            self.seen = result.0.row.number;
        }
        Ok(latest)
    }
}
