//! Whether feeds keep up with all that there is, and what of them is put away.
//!
//! What a change touches is written down by hand ([`touches`](super::touches)). So once an hour each feed that is used is held
//! against everything that its audience sees: what was missed is told then, and the log names it.

use super::advance::{self, Extent};
use super::audience::{self, Audience, statement};
use super::feeds::Feeds;
use super::room;
use crate::auth::Viewer;
use crate::error::Result;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use std::sync::Arc;

/// How long changes are kept, and the feed of an audience that nobody reads.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Claims the check of an audience, where it is due.
const DUE: &str = "
    UPDATE audience SET checked_at = statement_timestamp()
    WHERE id = $1 AND checked_at < statement_timestamp() - interval '1 hour' RETURNING id";
/// Forgets changes up to the last before the first that is kept: numbers without a gap remain.
const FORGET: &str = "
    WITH ends AS (
      SELECT audience_id, coalesce(min(number) FILTER (WHERE recorded_at >= $1) - 1, max(number)) AS number
      FROM audience_change GROUP BY audience_id HAVING min(recorded_at) < $1),
    gone AS (
      DELETE FROM audience_change USING ends
      WHERE audience_change.audience_id = ends.audience_id AND audience_change.number <= ends.number)
    UPDATE audience SET forgotten = greatest(forgotten, ends.number) FROM ends WHERE audience.id = ends.audience_id";

/// Holds a viewer's feed against everything that there is, tells what was missed, and says what that was: nothing, unless
/// what a change touches was written down wrongly.
pub async fn check(feeds: &Feeds, viewer: &Viewer) -> Result<Vec<String>> {
    let db = feeds.db();
    let whole = async {
        let audience = audience::ensure(db, viewer).await?;
        advance::advance(db, viewer, audience.id, Extent::Whole).await
    };
    feeds.shared(viewer).audience.alone(whole).await
}

/// Has a feed checked where that is due, while whoever reads it goes on.
pub(super) async fn check_if_due(feeds: &Arc<Feeds>, viewer: &Viewer, audience: &Audience) -> Result<()> {
    // Of all who come at that time, one does it.
    if audience.is_due && feeds.db().query_one_raw(statement(DUE, [audience.id.into()])).await?.is_some() {
        let (feeds, viewer) = (Arc::clone(feeds), viewer.clone());
        tokio::spawn(async move {
            match check(&feeds, &viewer).await {
                Ok(missed) if missed.is_empty() => {}
                Ok(missed) => tracing::warn!(missed = missed.join(", "), "a feed of changes had missed something"),
                Err(error) => tracing::warn!(%error, "a feed of changes was not checked; it is tried again in an hour"),
            }
        });
    }
    Ok(())
}

/// Puts away the changes that are no longer kept, and feeds that nobody reads; how many of these.
pub(crate) async fn put_away(db: &DatabaseConnection, now: DateTime<Utc>) -> Result<u64> {
    db.execute_raw(statement(FORGET, [(now - KEPT).into()])).await?;
    room::put_away(db, now - KEPT).await
}
