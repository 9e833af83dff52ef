//! Keeps in the database what the database alone must not tell: sealed under a key that is derived from those that sign.

use super::{Key, Keyring};
use crate::auth::secret::random;
use crate::error::{Error, Result};
use chacha20poly1305::ChaCha20Poly1305;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use hkdf::Hkdf;
use sha2::Sha256;

/// Bytes of a nonce.
const NONCE: usize = 12;

/// What was sealed.
pub(crate) struct Opened {
    /// What it is.
    pub(crate) content: Vec<u8>,
    /// Whether it is sealed under the key that signs now; one before that is gone after some rotations more.
    pub(crate) is_current: bool,
}

impl Keyring {
    /// Seals something for one purpose, which may name what it belongs to: in another place it cannot be opened.
    pub(crate) fn seal(&self, purpose: &str, content: &[u8]) -> Result<Vec<u8>> {
        let keys = self.current();
        let key = keys.first().ok_or_else(|| Error::internal("there is no key to seal with"))?;
        let nonce = random::<NONCE>()?;
        let payload = Payload { msg: content, aad: purpose.as_bytes() };
        let sealed = cipher(key)?.encrypt(&nonce.into(), payload).map_err(|_| Error::internal("too long to seal"))?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what was sealed for a purpose; nothing where no key that is kept opens it.
    pub(crate) fn open_sealed(&self, purpose: &str, sealed: &[u8]) -> Result<Option<Opened>> {
        let Some((nonce, sealed)) = sealed.split_first_chunk::<NONCE>() else { return Ok(None) };
        for (place, key) in self.current().iter().enumerate() {
            let payload = Payload { msg: sealed, aad: purpose.as_bytes() };
            if let Ok(content) = cipher(key)?.decrypt(&(*nonce).into(), payload) {
                return Ok(Some(Opened { content, is_current: place == 0 }));
            }
        }
        Ok(None)
    }
}

fn cipher(key: &Key) -> Result<ChaCha20Poly1305> {
    let mut derived = [0; 32];
    let expanded = Hkdf::<Sha256>::new(None, key.signs.as_bytes()).expand(b"seal", &mut derived);
    expanded.map_err(|_| Error::internal("no key of this length"))?;
    Ok(ChaCha20Poly1305::new(&derived.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(keyring: &Keyring, purpose: &str, sealed: &[u8]) -> Option<(Vec<u8>, bool)> {
        let opened = keyring.open_sealed(purpose, sealed).ok().flatten();
        opened.map(|opened| (opened.content, opened.is_current))
    }

    #[test]
    fn what_is_sealed_opens_for_its_purpose_until_its_key_is_gone() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let keyring = Keyring::open(None, folder.path())?;
        let sealed = keyring.seal("one", b"secret")?;
        assert_ne!(keyring.seal("one", b"secret")?, sealed, "never twice the same");
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        assert_eq!(content(&keyring, "one", &sealed), Some((b"secret".to_vec(), true)));
        assert_eq!(content(&keyring, "another", &sealed), None);
        assert_eq!(content(&Keyring::in_memory()?, "one", &sealed), None);
        for kept in [true, true, false] {
            Keyring::rotate(None, folder.path())?;
            assert_eq!(content(&keyring, "one", &sealed).is_some_and(|(_, current)| !current), kept);
        }
        for damaged in [&sealed[..NONCE], &sealed[1..], &[]] {
            assert_eq!(content(&keyring, "one", damaged), None);
        }
        Ok(())
    }
}
