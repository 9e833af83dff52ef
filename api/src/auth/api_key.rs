//! The text of an API key: `lmi_<prefix>_<secret>`. The prefix finds the key, the secret proves it.

use super::secret::{Secret, hash_of, hex, random};
use crate::error::Result;
use std::fmt;

/// What every key begins with, so that one that was published by mistake is found.
const MARK: &str = "lmi_";
/// Bytes of a prefix.
const PREFIX: usize = 6;

/// A new key, to be shown once.
#[derive(Clone)]
pub(crate) struct NewKey {
    prefix: String,
    secret: Secret,
}

impl NewKey {
    /// A key that nobody has yet.
    pub(crate) fn new() -> Result<Self> {
        Ok(Self { prefix: hex(&random::<PREFIX>()?), secret: Secret::new()? })
    }

    /// Another secret for the key of this prefix.
    pub(crate) fn rotated(prefix: &str) -> Result<Self> {
        Ok(Self { prefix: prefix.to_owned(), secret: Secret::new()? })
    }

    /// What it is listed by.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// What is kept of its secret.
    pub(crate) fn hash(&self) -> Vec<u8> {
        self.secret.hash()
    }

    /// The whole key, for the one whom it is given to.
    pub(crate) fn reveal(&self) -> String {
        format!("{MARK}{}_{}", self.prefix, self.secret.reveal())
    }
}

impl fmt::Debug for NewKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewKey").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

/// A key that somebody shows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ShownKey<'a> {
    pub(super) prefix: &'a str,
    pub(super) hash: Vec<u8>,
}

/// Whether a credential means to be a key.
pub(super) fn is_key(credential: &str) -> bool {
    credential.starts_with(MARK)
}

impl<'a> ShownKey<'a> {
    /// Reads a key; whether there is such a one is another question.
    pub(super) fn read(credential: &'a str) -> Option<Self> {
        let (prefix, secret) = credential.strip_prefix(MARK)?.split_once('_')?;
        Some(Self { prefix, hash: hash_of(secret) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_shown() {
        let key = NewKey::new().ok();
        let text = key.as_ref().map(NewKey::reveal).unwrap_or_default();
        let read = ShownKey::read(&text);
        assert_eq!(read.as_ref().map(|key| key.prefix), key.as_ref().map(NewKey::prefix));
        assert_eq!(read.map(|key| key.hash), key.as_ref().map(NewKey::hash));
        assert!(text.len() >= 4 + 12 + 1 + 43, "{text}");
        assert!(!format!("{key:?}").contains(text.rsplit('_').next().unwrap_or(&text)));
    }

    #[test]
    fn what_is_no_key_is_not_read() {
        for text in ["", "lmi_", "lmi_0123", "LMI_0123_secret", "0123_secret"] {
            assert_eq!(ShownKey::read(text), None, "{text}");
        }
    }
}
