//! Mutations under an `Idempotency-Key`: the first is run, and whoever repeats it within a day gets the first answer.
//!
//! The whole request runs in one transaction that begins by claiming the key and ends by keeping the answer, so that a
//! write is never there without its answer, nor the answer without the write. Two at once: the second waits at the
//! claim until the first is done. The answer is sealed with a key that only the client can make again, because answers
//! may hold what nobody may read from the database: tokens, addresses.

use super::app::App;
use crate::auth::{Identity, Viewer};
use crate::database::{Writer, begin};
use crate::error::{Error, Result};
use crate::graphql::Afterwards;
use chacha20poly1305::ChaCha20Poly1305;
use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use chrono::{DateTime, TimeDelta, Utc};
use hkdf::Hkdf;
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, Statement, Value};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// Letters in a key at most.
pub(super) const MAX_KEY: usize = 255;
/// Bytes of a nonce.
const NONCE: usize = 12;

const CLAIM: &str = "INSERT INTO idempotent_answer AS known (id, fingerprint, created_at) VALUES ($1, $2, $3)
    ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint, answer = NULL, created_at = excluded.created_at
    WHERE known.created_at < $4 RETURNING id";
const FIND: &str = "SELECT fingerprint, answer FROM idempotent_answer WHERE id = $1";
const KEEP: &str = "UPDATE idempotent_answer SET answer = $2 WHERE id = $1";
const FORGET: &str = "DELETE FROM idempotent_answer WHERE created_at < $1";

/// A request under a key, by what it derives.
pub(super) struct Once {
    id: Vec<u8>,
    fingerprint: Vec<u8>,
    cipher: ChaCha20Poly1305,
}

/// What the key leads to.
pub(super) enum Claim {
    /// The request is the first: it runs in this transaction.
    First(Arc<DatabaseTransaction>),
    /// It was answered before.
    Again(Vec<u8>),
    /// Another request was answered under the key.
    Other,
}

impl Once {
    /// A request of a viewer under a key.
    pub(super) fn new(viewer: &Viewer, key: &str, request: &[u8]) -> Result<Self> {
        let who = match viewer.identity() {
            Identity::Nobody => "nobody".to_owned(),
            Identity::Account(id) => format!("account {}", id.0),
            Identity::Key(id) => format!("key {}", id.0),
            Identity::CommandLine => "command line".to_owned(),
        };
        let id = Sha256::new().chain_update(who).chain_update([0]).chain_update(key).finalize();
        let secret = [key.as_bytes(), &[0], request].concat();
        let derived = Hkdf::<Sha256>::new(Some(&id), &secret);
        let derive = |purpose: &[u8]| {
            let mut bytes = [0; 32];
            derived.expand(purpose, &mut bytes).map_err(|_| Error::internal("no key of this length")).map(|()| bytes)
        };
        let cipher = ChaCha20Poly1305::new(&derive(b"answer")?.into());
        Ok(Self { id: id.to_vec(), fingerprint: derive(b"fingerprint")?.to_vec(), cipher })
    }

    /// Claims the key; waits for whoever holds it.
    pub(super) async fn claim(&self, app: &App) -> Result<Claim> {
        let now = app.clock().now();
        let transaction = begin(app.db()).await?;
        let values = [self.id.clone().into(), self.fingerprint.clone().into(), now.into(), (now - KEPT).into()];
        let claimed = transaction.query_one_raw(statement(CLAIM, values)).await.map_err(Error::from);
        let claimed = claimed.map_err(|error| match error {
            Error::TimedOut(_) => {
                Error::NotReady("The first request under this key is under way. Send it again in a moment.")
            }
            other => other,
        })?;
        if claimed.is_some() {
            return Ok(Claim::First(Arc::new(transaction)));
        }
        let known = transaction.query_one_raw(statement(FIND, [self.id.clone().into()])).await?;
        let known = known.ok_or_else(|| Error::internal("an answer was forgotten while it was looked for"))?;
        let fingerprint: Vec<u8> = known.try_get("", "fingerprint")?;
        if fingerprint != self.fingerprint {
            return Ok(Claim::Other);
        }
        let sealed: Vec<u8> = known.try_get("", "answer")?;
        Ok(Claim::Again(self.open(&sealed)?))
    }

    /// Keeps the answer and ends the transaction; what waits for that is done also where it takes longer than anybody waits
    /// for it, because whoever sends the request again is told that it was done.
    pub(super) async fn keep(
        &self,
        transaction: Arc<DatabaseTransaction>,
        answer: &[u8],
        (writer, afterwards): (Writer, Afterwards),
    ) -> Result<()> {
        let values = [self.id.clone().into(), self.seal(answer)?.into()];
        transaction.execute_raw(statement(KEEP, values)).await?;
        let transaction = Arc::into_inner(transaction);
        let transaction =
            transaction.ok_or_else(|| Error::internal("somebody still uses the request's transaction"))?;
        writer.commit(transaction, || afterwards.run()).await.map_err(|error| match error {
            Error::InDoubt => {
                Error::NotReady("Nobody knows yet whether this was done. Send it again under the same key.")
            }
            other => other,
        })
    }

    fn seal(&self, answer: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|error| Error::internal(format!("no randomness: {error}")))?;
        let sealed = self.cipher.encrypt(&nonce.into(), answer).map_err(|_| Error::internal("an answer too long"))?;
        Ok([&nonce[..], &sealed].concat())
    }

    fn open(&self, kept: &[u8]) -> Result<Vec<u8>> {
        let damaged = || Error::internal("a kept answer cannot be opened");
        let (nonce, sealed) = kept.split_first_chunk::<NONCE>().ok_or_else(damaged)?;
        self.cipher.decrypt(&(*nonce).into(), sealed).map_err(|_| damaged())
    }
}

/// Forgets the answers that are no longer kept.
pub(super) async fn forget(db: &DatabaseConnection, now: DateTime<Utc>) -> Result<u64> {
    Ok(db.execute_raw(statement(FORGET, [(now - KEPT).into()])).await?.rows_affected())
}

fn statement<const N: usize>(sql: &str, values: [Value; N]) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}
