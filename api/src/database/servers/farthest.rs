//! How far a server has come at most. One that crashed begins again farther back, and nobody must read there what they have
//! read already, or written, while it is still taken for where it was.

use super::position::Position;
use super::standing::Look;
use sea_orm::SqlxError;
use sea_orm::sqlx::{Executor as _, PgConnection};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Where a server is.
const WHERE: &str = "
    SELECT ((CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END) - '0/0'::pg_lsn)::bigint
        AS position, pg_size_bytes(current_setting('wal_segment_size')) AS segment";

/// How far a server was seen to have come on the line that it follows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Farthest(Arc<Mutex<(Option<Uuid>, Position)>>);

impl Farthest {
    /// Notes what was seen of it. On another line it begins anew.
    pub(super) fn note(&self, look: &Look) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = if last.0 == look.mark { last.1 } else { Position::default() };
        *last = (look.mark, before.max(look.position));
    }

    /// Whether a new connection finds it where it was, or farther: then it stays there for as long as the connection.
    pub(crate) async fn admits(&self, connection: &mut PgConnection) -> Result<(), SqlxError> {
        let position = Position::of(&connection.fetch_one(WHERE).await?)?;
        if position >= Some(self.position()) {
            return Ok(());
        }
        Err(SqlxError::Configuration("this server has yet to come again where it was".into()))
    }

    fn position(&self) -> Position {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_has_been_where_it_was_until_it_follows_another() {
        let farthest = Farthest::default();
        let seen =
            |bytes, mark| Look { position: Position::at(bytes), mark: Some(Uuid::from_u128(mark)), ..Look::default() };
        for (look, position) in [(seen(90, 1), 90), (seen(60, 1), 90), (seen(95, 1), 95), (seen(70, 2), 70)] {
            farthest.note(&look);
            assert_eq!(farthest.position(), Position::at(position));
        }
    }
}
