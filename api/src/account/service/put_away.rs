//! What accounts leave behind that nobody can use any more.

use crate::error::Result;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

/// Each of them deletes what has been over at `$1`.
const OVER: [&str; 3] = [
    // A sign-in that can neither be continued nor has an access token left; its refresh tokens go with it.
    "DELETE FROM token_family WHERE NOT EXISTS (
       SELECT FROM refresh_token WHERE family_id = token_family.id AND expires_at > $1)",
    "DELETE FROM one_time_token WHERE expires_at <= $1",
    "DELETE FROM sign_in_failure WHERE forgotten_at <= $1",
];

/// Deletes sign-ins, links and failures that are over, and says how many rows that were.
pub(crate) async fn put_away(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<u64> {
    let mut rows = 0;
    for over in OVER {
        let delete = Statement::from_sql_and_values(DbBackend::Postgres, over, [now.into()]);
        rows += db.execute_raw(delete).await?.rows_affected();
    }
    Ok(rows)
}
