//! Cursors: places in a feed, sealed, so that nobody reads a number from them or makes one up.

use super::audience;
use super::service::Place;
use crate::error::{Error, Result};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chacha20poly1305::ChaCha20Poly1305;
use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use hkdf::Hkdf;
use sea_orm::ConnectionTrait;
use sha2::Sha256;
use uuid::Uuid;

/// Bytes of a nonce.
const NONCE: usize = 12;
/// Bytes of what is sealed.
const LENGTH: usize = 32;

/// A place in the feed of an audience: behind the change of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Position {
    pub(super) audience: Uuid,
    pub(super) number: i64,
    /// While everything that there was is told first: up to which number that goes.
    pub(super) until: Option<i64>,
}

/// Seals and opens cursors.
pub(crate) struct Seal {
    key: Hkdf<Sha256>,
}

impl Seal {
    /// With the database's own secret: every instance opens what another sealed.
    pub(crate) async fn of(db: &impl ConnectionTrait) -> Result<Self> {
        Ok(Self::with(&audience::secret(db).await?))
    }

    /// With a secret.
    pub(crate) fn with(secret: &[u8]) -> Self {
        Self { key: Hkdf::new(None, secret) }
    }

    /// Whether this is a cursor, and the place of it one that has the same cursor again.
    #[cfg(fuzzing)]
    pub(crate) fn knows(&self, cursor: &str) -> Result<bool> {
        let place = self.open(cursor)?;
        Ok(place.map(|place| self.close(&place)).transpose()?.is_some_and(|again| again == cursor))
    }

    /// The cursor of a place: the same place has the same cursor.
    pub(super) fn close(&self, position: &Position) -> Result<String> {
        let place = bytes_of(position);
        // No two places share a nonce, because it is made of the place.
        let nonce: [u8; NONCE] = self.derive(&[b"nonce", &place[..]].concat())?;
        let sealed = self.cipher()?.encrypt(&nonce.into(), &place[..]);
        let sealed = sealed.map_err(|_| Error::internal("a place that cannot be sealed"))?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// The same, for those who know places alone.
    pub(crate) fn cursor(&self, place: Place) -> Result<String> {
        self.close(&Position { audience: place.audience, number: place.number, until: None })
    }

    /// The place of a cursor; none where it is no cursor of this service.
    pub(super) fn open(&self, cursor: &str) -> Result<Option<Position>> {
        let Ok(bytes) = BASE64_URL_SAFE_NO_PAD.decode(cursor) else { return Ok(None) };
        let Some((nonce, sealed)) = bytes.split_first_chunk::<NONCE>() else { return Ok(None) };
        Ok(self.cipher()?.decrypt(&(*nonce).into(), sealed).ok().and_then(|place| position_of(&place)))
    }

    fn cipher(&self) -> Result<ChaCha20Poly1305> {
        Ok(ChaCha20Poly1305::new(&self.derive::<32>(b"cursor")?.into()))
    }

    fn derive<const N: usize>(&self, purpose: &[u8]) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.key.expand(purpose, &mut bytes).map_err(|_| Error::internal("no key of this length"))?;
        Ok(bytes)
    }
}

/// What stands for the end of what there was, where it is told no more: no number is negative.
const OVER: i64 = -1;

fn bytes_of(position: &Position) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    bytes[..16].copy_from_slice(position.audience.as_bytes());
    bytes[16..24].copy_from_slice(&position.number.to_be_bytes());
    bytes[24..].copy_from_slice(&position.until.unwrap_or(OVER).to_be_bytes());
    bytes
}

fn position_of(bytes: &[u8]) -> Option<Position> {
    let bytes: &[u8; LENGTH] = bytes.try_into().ok()?;
    let number = |from: usize| bytes[from..from + 8].try_into().map(i64::from_be_bytes).ok();
    let until = number(24)?;
    Some(Position {
        audience: Uuid::from_slice(&bytes[..16]).ok()?,
        number: number(16)?,
        until: (until != OVER).then_some(until),
    })
}
