//! Brings the feed of an audience up to date with the history of rows.
//!
//! All is done in one transaction that sees one state: the history that was written since the last time is known by the
//! snapshot that was kept then, so that every committed change is taken into account once, whichever order transactions
//! ended in, and none is waited for. Instances take turns at the audience's row; within one they do
//! [before](super::turn) they take a connection.

use super::audience::{ATTEMPTS, at_one_moment, statement};
use super::compare::{self, Looked};
use super::touches;
use crate::auth::Viewer;
use crate::error::{Error, Result, is_overtaken};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, FromQueryResult};
use uuid::Uuid;

/// What has been written since: what the present snapshot sees and that of the audience did not. It is looked for at the end of
/// the history, which the inner order leads to.
const NEWS: &str = "
    SELECT number, action, table_name, row_id, subject_id, recorded_at,
      CASE WHEN jsonb_typeof(after -> 'version') = 'number' THEN (after ->> 'version')::integer END AS version,
      ARRAY(SELECT DISTINCT value::uuid FROM (
        SELECT value FROM jsonb_each_text(before) UNION ALL SELECT value FROM jsonb_each_text(after)) AS held
        WHERE value ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$') AS mentioned,
      table_name IN ('agenda_release', 'decision_publication') OR coalesce(jsonb_exists_any(coalesce(after, before),
        ARRAY['announced', 'agenda_published', 'decisions_published', 'is_public', 'status']), false) AS may_hide
    FROM (
      SELECT * FROM change WHERE transaction_id >= pg_snapshot_xmin($1::pg_snapshot)
        AND transaction_id < pg_snapshot_xmax(pg_current_snapshot())
        AND NOT pg_visible_in_snapshot(transaction_id, $1::pg_snapshot)
      ORDER BY transaction_id, number OFFSET 0) AS news
    ORDER BY number";

/// Takes the turn among instances. A database that was put back from a copy counts transactions anew: what an audience was told of the
/// old ones leads nowhere.
const TURN: &str = "
    SELECT told::text AS told, last_number, pg_snapshot_xmax(pg_current_snapshot()) < pg_snapshot_xmax(told) AS is_of_another
    FROM audience WHERE id = $1 FOR UPDATE";
const TOLD: &str = "UPDATE audience SET told = pg_current_snapshot(), last_number = $2 WHERE id = $1";
const DROP: &str = "DELETE FROM audience WHERE id = $1";

/// An entry of the history, as far as a feed needs it.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Written {
    pub(super) number: i64,
    pub(super) action: String,
    pub(super) table_name: String,
    pub(super) row_id: Uuid,
    pub(super) subject_id: Uuid,
    pub(super) recorded_at: DateTime<Utc>,
    /// The version that the row has since.
    pub(super) version: Option<i32>,
    /// Every key that stands in what changed.
    pub(super) mentioned: Vec<Uuid>,
    /// Whether it may have decided on what is shown of this row, or of others.
    pub(super) may_hide: bool,
}

#[derive(FromQueryResult)]
struct Turn {
    told: String,
    last_number: i64,
    is_of_another: bool,
}

/// What of a feed is held against what there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// What may have been touched since the last time.
    Touched,
    /// Everything.
    Whole,
}

/// Tells an audience everything that was committed before this was called. Of a whole feed, says what would have been
/// missed otherwise.
pub(super) async fn advance(
    db: &DatabaseConnection,
    viewer: &Viewer,
    audience: Uuid,
    extent: Extent,
) -> Result<Vec<String>> {
    for _ in 0..ATTEMPTS {
        match step(db, viewer, audience, extent).await {
            Err(error) if is_overtaken(&error) => {}
            other => return other,
        }
    }
    Err(Error::NotReady("Too much changes at once for your feed to keep up. Ask again in a moment."))
}

async fn step(db: &DatabaseConnection, viewer: &Viewer, audience: Uuid, extent: Extent) -> Result<Vec<String>> {
    let transaction = at_one_moment(db).await?;
    let mut missed = Vec::new();
    if let Some(turn) = Turn::find_by_statement(statement(TURN, [audience.into()])).one(&transaction).await? {
        if turn.is_of_another {
            transaction.execute_raw(statement(DROP, [audience.into()])).await?;
        } else {
            missed = tell(&transaction, viewer, audience, &turn, extent).await?;
        }
    }
    transaction.commit().await?;
    Ok(missed)
}

async fn tell(
    db: &DatabaseTransaction,
    viewer: &Viewer,
    audience: Uuid,
    turn: &Turn,
    extent: Extent,
) -> Result<Vec<String>> {
    let news = Written::find_by_statement(statement(NEWS, [turn.told.as_str().into()])).all(db).await?;
    let looked = Looked { viewer, audience, news: &news };
    let touched = touches::by(db, audience, &news).await?;
    let mut changes = compare::differences(db, &looked, &touched).await?;
    let mut missed = Vec::new();
    if extent == Extent::Whole {
        let whole = compare::differences(db, &looked, &touches::everything()).await?;
        missed = compare::missed(&whole, &changes);
        changes = whole;
    }
    let last_number = compare::write(db, audience, turn.last_number, &changes).await?;
    db.execute_raw(statement(TOLD, [audience.into(), last_number.into()])).await?;
    Ok(missed)
}
