//! How many feeds are kept: a feed that is used is never put away to make room for another.
//!
//! A feed is used that somebody read within two hours, or that a webhook stands in. Of the others few are kept, and those
//! that were read last; where there is no room even so, nobody who has no feed yet is given one, but for the public.

use super::audience::statement;
use crate::auth::Viewer;
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait as _, DatabaseConnection};

/// Feeds that are kept though they are not used, if there are no more in all.
const KEPT: i64 = 500;
/// Feeds at most. Webhooks, of which there are a thousand at most, may be of as many who see different things.
const MOST: i64 = 2_000;

const FULL: &str = "The service keeps as many feeds as it can, and all of them are used. Ask again in two hours.";

/// A feed that is not used. That it is read is noted once an hour.
const UNUSED: &str = "used_at < statement_timestamp() - interval '2 hours'
    AND NOT EXISTS (SELECT FROM webhook_progress WHERE webhook_progress.audience = audience.id)";
/// A webhook that is on goes on however long the service was away. One that was paused for so long begins anew.
const LONG_UNREAD: &str = "used_at < $1 AND NOT EXISTS (
    SELECT FROM webhook_progress JOIN webhook_endpoint ON webhook_endpoint.id = webhook_progress.endpoint_id
    WHERE webhook_progress.audience = audience.id AND webhook_endpoint.status = 'active')";

/// Puts away what nobody has read since a moment, and of what is not used what was read longest ago; how many.
pub(super) async fn put_away(db: &DatabaseConnection, since: DateTime<Utc>) -> Result<u64> {
    let unread = format!("DELETE FROM audience WHERE {LONG_UNREAD}");
    let unread = db.execute_raw(statement(&unread, [since.into()])).await?.rows_affected();
    Ok(unread + leave(db, KEPT).await?)
}

/// Sees to it that there is room for one more.
pub(super) async fn make(db: &DatabaseConnection, viewer: &Viewer) -> Result<()> {
    let count = "SELECT count(*) AS number FROM audience";
    let full = async || {
        let row = db.query_one_raw(statement(count, [])).await?.ok_or_else(|| Error::internal("no count"))?;
        Ok::<_, Error>(row.try_get::<i64>("", "number")? >= MOST)
    };
    if !full().await? {
        return Ok(());
    }
    leave(db, MOST - 1).await?;
    if *viewer != Viewer::public() && full().await? {
        return Err(Error::NotReady(FULL));
    }
    Ok(())
}

/// Puts away what was read longest ago of what is not used, as long as there are more feeds than these; how many.
async fn leave(db: &DatabaseConnection, number: i64) -> Result<u64> {
    let leave = format!(
        "DELETE FROM audience WHERE id IN (SELECT id FROM audience WHERE {UNUSED} ORDER BY used_at, id
            LIMIT greatest(0, (SELECT count(*) FROM audience) - $1))"
    );
    Ok(db.execute_raw(statement(&leave, [number.into()])).await?.rows_affected())
}
