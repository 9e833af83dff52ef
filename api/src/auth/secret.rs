//! Random secrets, and what is kept of them.

use crate::error::{Error, Result};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use std::fmt::{self, Write as _};

/// Bytes of a secret: 256 bits, which nobody guesses. That is why its plain hash is enough to keep.
const BYTES: usize = 32;

/// Something that whoever knows it may do something with. It is shown once and never kept.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    /// A new one.
    pub(crate) fn new() -> Result<Self> {
        Ok(Self(BASE64_URL_SAFE_NO_PAD.encode(random::<BYTES>()?)))
    }

    /// The text of it, for the one whom it is given to.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub(crate) fn hash(&self) -> Vec<u8> {
        hash_of(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// What is kept of a secret that somebody shows.
pub(crate) fn hash_of(shown: &str) -> Vec<u8> {
    Sha256::digest(shown).to_vec()
}

/// Bytes that nobody can foresee.
pub(crate) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(format!("no random numbers: {error}")))?;
    Ok(bytes)
}

/// Bytes as letters that stand in any name.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_known_again_by_its_hash_and_not_shown_by_chance() {
        let (one, other) = (Secret::new().ok(), Secret::new().ok());
        assert!(one.is_some() && one != other);
        let (Some(one), Some(other)) = (one, other) else { return };
        assert_eq!(one.reveal().len(), 43);
        assert_eq!(hash_of(one.reveal()), one.hash());
        assert_ne!(one.hash(), other.hash());
        assert_eq!(format!("{one:?}"), "Secret");
    }
}
