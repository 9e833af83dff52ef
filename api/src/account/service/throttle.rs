//! Guessing is slowed down: of the password of an account, and from one network, on all instances together.

use crate::auth::{hash_of, network};
use crate::database::begin;
use crate::error::{Error, Result};
use crate::observe::security::{self, Event, Happened};
use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, FromQueryResult, Statement, Value};
use std::net::IpAddr;

/// Attempts that may fail before the next has to wait.
const FREE: i32 = 10;
/// Seconds of the first wait, which doubles with each failure, and of the longest.
const WAIT: (u64, u64) = (30, 15 * 60);

/// Whose attempts are counted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject<'a> {
    /// Those to sign in to the account of an address, whether or not there is one.
    SignIn(&'a str),
    /// Those to have a letter sent to an address.
    Letter(&'a str),
    /// Those that come from a network.
    Network(IpAddr),
}

/// Counts an attempt before it is made, so that many at once count as many; refuses it where too many failed.
const COUNT: &str = "
    INSERT INTO sign_in_failure AS known (key, failures, forgotten_at)
    SELECT key, 1, forgotten_at FROM unnest($1::bytea[], $2::timestamptz[]) AS given (key, forgotten_at) ORDER BY key
    ON CONFLICT (key) DO UPDATE SET forgotten_at = excluded.forgotten_at,
      failures = CASE WHEN known.forgotten_at <= $3 THEN 1 ELSE least(known.failures + 1, 1000000) END
    WHERE known.blocked_until IS NULL OR known.blocked_until <= $3
    RETURNING key, failures";
const BLOCK: &str = "UPDATE sign_in_failure SET blocked_until = $2 WHERE key = $1";
const BLOCKED: &str = "SELECT max(blocked_until) AS until FROM sign_in_failure WHERE key = ANY($1::bytea[])";

#[derive(FromQueryResult)]
struct Counted {
    key: Vec<u8>,
    failures: i32,
}

/// Counts an attempt as failed, to be taken back by [`succeeded`]. Where too many failed, it must not be made.
pub(super) async fn attempt(db: &DatabaseConnection, subjects: &[Subject<'_>], now: DateTime<Utc>) -> Result<()> {
    let keys = Value::from(subjects.iter().map(Subject::key).collect::<Vec<_>>());
    let forgotten = Value::from(subjects.iter().map(|subject| now + subject.memory()).collect::<Vec<_>>());
    let transaction = begin(db).await?;
    let count = statement(COUNT, [keys.clone(), forgotten, now.into()]);
    let counted = Counted::find_by_statement(count).all(&transaction).await?;
    if counted.len() < subjects.len() {
        // What is refused is not counted either: nobody is kept out for longer by trying meanwhile.
        transaction.rollback().await?;
        let until = db.query_one_raw(statement(BLOCKED, [keys])).await?;
        let until: Option<DateTime<Utc>> = until.map(|row| row.try_get("", "until")).transpose()?.flatten();
        return Err(Error::RateLimited(until.map_or(1, |until| whole_seconds(until - now))));
    }
    let mut held_up = Vec::new();
    for Counted { key, failures } in counted {
        if let Some(wait) = wait(failures) {
            held_up.extend(subjects.iter().find(|subject| subject.key() == key).map(Subject::name));
            transaction.execute_raw(statement(BLOCK, [key.into(), (now + wait).into()])).await?;
        }
    }
    transaction.commit().await?;
    for whose in held_up {
        security::tell(Happened::from(Event::GuessingHeldUp).what(whose));
    }
    Ok(())
}

/// Takes back an attempt that was good: what failed before it is forgotten of an account, not of a network, from which
/// others are guessing perhaps.
pub(super) async fn succeeded(db: &impl ConnectionTrait, subjects: &[Subject<'_>]) -> Result<()> {
    for subject in subjects {
        let clear = match subject {
            Subject::Network(_) => {
                "UPDATE sign_in_failure SET failures = greatest(failures - 1, 0), blocked_until = NULL WHERE key = $1"
            }
            Subject::SignIn(_) | Subject::Letter(_) => "DELETE FROM sign_in_failure WHERE key = $1",
        };
        db.execute_raw(statement(clear, [subject.key().into()])).await?;
    }
    Ok(())
}

impl Subject<'_> {
    /// What stands for it in the table, which names neither people nor networks.
    fn key(&self) -> Vec<u8> {
        hash_of(&match self {
            Self::SignIn(email) => format!("sign-in {}", email.to_ascii_lowercase()),
            Self::Letter(email) => format!("letter {}", email.to_ascii_lowercase()),
            Self::Network(address) => format!("network {}", network(*address)),
        })
    }

    /// What it is called where nobody is named.
    fn name(&self) -> &'static str {
        match self {
            Self::SignIn(_) => "account",
            Self::Letter(_) => "letter",
            Self::Network(_) => "network",
        }
    }

    /// How long a failure is held against it. Behind one network's address may be a whole school.
    fn memory(&self) -> Duration {
        match self {
            Self::SignIn(_) | Self::Letter(_) => Duration::days(1),
            Self::Network(_) => Duration::minutes(15),
        }
    }
}

/// Rounded up: whoever comes a moment too early waits once more.
fn whole_seconds(wait: Duration) -> u64 {
    let whole = wait.num_seconds() + i64::from(wait.subsec_nanos() > 0);
    u64::try_from(whole).unwrap_or_default().max(1)
}

/// How long the next attempt has to wait after so many failures.
fn wait(failures: i32) -> Option<Duration> {
    let doublings = u32::try_from(failures.checked_sub(FREE)?).ok()?;
    let (first, longest) = WAIT;
    let seconds = first.saturating_mul(2_u64.saturating_pow(doublings)).min(longest);
    Some(Duration::seconds(i64::try_from(seconds).ok()?))
}

fn statement<const N: usize>(sql: &str, values: [Value; N]) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_a_quarter_of_an_hour() {
        let seconds = |failures| wait(failures).map(|wait| wait.num_seconds());
        assert_eq!([1, 9].map(seconds), [None, None]);
        assert_eq!([10, 11, 12, 14, 15, 16].map(seconds), [30, 60, 120, 480, 900, 900].map(Some));
        assert_eq!(seconds(1_000_000), Some(900));
        let rounded = |micros| whole_seconds(Duration::microseconds(micros));
        assert_eq!([1, 1_000_000, 1_000_001, 30_000_000].map(rounded), [1, 1, 2, 30]);
    }

    #[test]
    fn whoever_has_a_network_of_addresses_is_counted_once() {
        let key = |text: &str| text.parse().map(|address| Subject::Network(address).key()).ok();
        assert_eq!(key("2001:db8::1"), key("2001:db8::ffff:1"));
        assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
        assert_ne!(key("192.0.2.2"), key("192.0.2.1"));
        assert_eq!(Subject::SignIn("Nobody@Example.org").key(), Subject::SignIn("nobody@example.org").key());
        assert_ne!(Subject::SignIn("nobody@example.org").key(), Subject::Letter("nobody@example.org").key());
    }
}
