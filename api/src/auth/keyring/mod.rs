//! The keys that sign access tokens: the first signs, all verify.

mod file;
mod key;
mod seal;

use crate::error::{Error, Result};
use anyhow::Context as _;
use file::{KeyFile, Stamp};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Header, encode};
use key::Key;
#[cfg(test)]
pub(super) use key::{generate, tests::P256};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// What is said of the setting that names the file.
const SETTING: &str = "LMI_SIGNING_KEY (--signing-key)";

/// The keys, and the file that they come from. A file that changes is read again at the next use, so that a rotation
/// needs no restart.
pub struct Keyring {
    file: Option<KeyFile>,
    loaded: RwLock<Loaded>,
}

struct Loaded {
    keys: Arc<Vec<Key>>,
    stamp: Option<Stamp>,
}

/// What verifies a token, with the one algorithm that it may be signed with.
#[derive(Clone)]
pub(super) struct Verifier {
    pub(super) key: DecodingKey,
    pub(super) algorithm: Algorithm,
}

impl Keyring {
    /// The keys of the file that was given, or of the one in the data folder, which is made on the first start.
    pub fn open(given: Option<&Path>, data_dir: &Path) -> anyhow::Result<Self> {
        let file = KeyFile::at(given, data_dir);
        file.make().context(SETTING)?;
        let stamp = file.stamp();
        let keys = file.read().context(SETTING)?;
        Ok(Self { file: Some(file), loaded: RwLock::new(Loaded { keys: Arc::new(keys), stamp }) })
    }

    /// How many keys there are in the file that was given, or in the one in the data folder, which is not made; none where that is
    /// not there yet.
    pub(crate) fn look(given: Option<&Path>, data_dir: &Path) -> anyhow::Result<Option<usize>> {
        let file = KeyFile::at(given, data_dir);
        if given.is_none() && !file.path().exists() {
            return Ok(None);
        }
        Ok(Some(file.read()?.len()))
    }

    /// The file that was given, or the one in the data folder, whether or not it is there.
    pub(crate) fn path(given: Option<&Path>, data_dir: &Path) -> PathBuf {
        KeyFile::at(given, data_dir).path().to_owned()
    }

    /// A new key that no file keeps.
    pub fn in_memory() -> anyhow::Result<Self> {
        Self::of_pem(&key::generate()?)
    }

    /// The keys of a PEM text.
    pub fn of_pem(pem: &str) -> anyhow::Result<Self> {
        let keys = Arc::new(key::parse(pem)?);
        Ok(Self { file: None, loaded: RwLock::new(Loaded { keys, stamp: None }) })
    }

    /// Puts a new key in front of those of the file, and says which file that is.
    pub fn rotate(given: Option<&Path>, data_dir: &Path) -> anyhow::Result<PathBuf> {
        let file = KeyFile::at(given, data_dir);
        file.make().context(SETTING)?;
        file.rotate().context(SETTING)?;
        Ok(file.path().to_owned())
    }

    /// The public halves, for whoever verifies our tokens.
    pub fn published(&self) -> JwkSet {
        let keys: Vec<Jwk> = self.current().iter().map(|key| key.public.clone()).collect();
        JwkSet { keys }
    }

    /// Whether the keys could be read again, should the program be started anew.
    pub(crate) fn is_readable(&self) -> bool {
        self.file.as_ref().is_none_or(KeyFile::opens)
    }

    /// Signs claims with the first key.
    pub(super) fn sign(&self, kind: &str, claims: &impl Serialize) -> Result<String> {
        let keys = self.current();
        let key = keys.first().ok_or_else(|| Error::internal("there is no key to sign with"))?;
        let mut header = Header::new(key.algorithm);
        header.typ = Some(kind.to_owned());
        header.kid = Some(key.kid.clone());
        encode(&header, claims, &key.signs)
            .map_err(|error| Error::internal(format!("a token cannot be signed: {error}")))
    }

    /// What verifies tokens that name this key.
    pub(super) fn verifier(&self, kid: &str) -> Option<Verifier> {
        let keys = self.current();
        let key = keys.iter().find(|key| key.kid == kid)?;
        Some(Verifier { key: key.verifies.clone(), algorithm: key.algorithm })
    }

    /// The keys as the file has them now. To ask the system for its state costs a hundredth of verifying a token.
    fn current(&self) -> Arc<Vec<Key>> {
        let Some(file) = &self.file else { return self.last_read() };
        let stamp = file.stamp();
        if self.loaded.read().unwrap_or_else(PoisonError::into_inner).stamp == stamp {
            return self.last_read();
        }
        let mut loaded = self.loaded.write().unwrap_or_else(PoisonError::into_inner);
        if loaded.stamp != stamp {
            loaded.stamp = stamp;
            match file.read() {
                Ok(keys) => {
                    tracing::info!("{} was read again", file.path().display());
                    loaded.keys = Arc::new(keys);
                }
                Err(error) => tracing::error!("the keys before stay in use: {error:#}"),
            }
        }
        Arc::clone(&loaded.keys)
    }

    fn last_read(&self) -> Arc<Vec<Key>> {
        Arc::clone(&self.loaded.read().unwrap_or_else(PoisonError::into_inner).keys)
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keyring").field("file", &self.file).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    fn names(keyring: &Keyring) -> Vec<String> {
        keyring.published().keys.into_iter().filter_map(|key| key.common.key_id).collect()
    }

    #[test]
    fn a_rotation_is_noticed_and_the_key_before_still_verifies() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let keyring = Keyring::open(None, folder.path())?;
        let first = names(&keyring);
        assert_eq!(first.len(), 1);
        let path = Keyring::rotate(None, folder.path())?;
        assert_eq!(fs::metadata(&path)?.permissions().mode() & 0o777, 0o600);
        let second = names(&keyring);
        assert_eq!((second.len(), &second[1]), (2, &first[0]));
        assert!(keyring.verifier(&first[0]).is_some() && keyring.verifier("another").is_none());
        for _ in 0..4 {
            Keyring::rotate(None, folder.path())?;
        }
        assert_eq!(names(&keyring).len(), 3, "those of long ago are gone");
        assert_eq!(names(&Keyring::open(None, folder.path())?), names(&keyring));
        assert_eq!(fs::read_dir(folder.path())?.count(), 1, "nothing is left lying about");
        Ok(())
    }

    #[test]
    fn a_file_that_others_can_read_is_refused_and_one_that_broke_changes_nothing() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let keyring = Keyring::open(None, folder.path())?;
        let before = names(&keyring);
        let path = folder.path().join("signing-key.pem");
        fs::write(&path, "no key")?;
        assert_eq!(names(&keyring), before);
        Keyring::rotate(None, folder.path())?;
        assert_eq!(names(&keyring).len(), 1, "what was no key is not kept");
        fs::set_permissions(&path, Permissions::from_mode(0o644))?;
        let refused = Keyring::open(None, folder.path()).map(|_| ()).map_err(|error| format!("{error:#}"));
        let expected = "can be read by others, who could sign in as anybody; chmod 600";
        assert!(refused.clone().is_err_and(|error| error.contains(expected)), "{refused:?}");
        Ok(())
    }

    #[test]
    fn processes_that_start_at_once_agree_on_a_key() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let open = || Keyring::open(None, folder.path()).map(|keyring| names(&keyring));
        let opened: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            threads.into_iter().map(std::thread::ScopedJoinHandle::join).collect()
        });
        let names: std::collections::BTreeSet<_> = opened.into_iter().flatten().filter_map(Result::ok).collect();
        assert_eq!(names.len(), 1);
        Ok(())
    }
}
