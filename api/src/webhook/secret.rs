//! The secret that what is sent is signed with.

use crate::auth::{Keyring, random};
use crate::error::{Error, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use entity::ids::WebhookEndpointId;
use standardwebhooks::Webhook;
use std::fmt;

/// What every secret begins with, by Standard Webhooks.
const MARK: &str = "whsec_";
/// Bytes of a secret; the specification asks for 24 to 64.
const BYTES: usize = 32;

/// A secret that signs. It is shown once, and kept sealed.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct SigningSecret(Vec<u8>);

/// A secret as it is kept, and whether it should be sealed anew.
pub(super) struct Kept {
    pub(super) secret: SigningSecret,
    pub(super) is_current: bool,
}

impl SigningSecret {
    /// A new one.
    pub(super) fn new() -> Result<Self> {
        Ok(Self(random::<BYTES>()?.to_vec()))
    }

    /// The text of it, for the one whom it is given to.
    pub(super) fn reveal(&self) -> String {
        format!("{MARK}{}", BASE64_STANDARD.encode(&self.0))
    }

    /// As it is kept; good for this endpoint alone.
    pub(super) fn seal(&self, keyring: &Keyring, endpoint: WebhookEndpointId) -> Result<Vec<u8>> {
        keyring.seal(&purpose(endpoint), &self.0)
    }

    /// The secret that is kept; none where the keys that sealed it are gone.
    pub(super) fn open(keyring: &Keyring, endpoint: WebhookEndpointId, sealed: &[u8]) -> Result<Option<Kept>> {
        let opened = keyring.open_sealed(&purpose(endpoint), sealed)?;
        Ok(opened.map(|opened| Kept { secret: Self(opened.content), is_current: opened.is_current }))
    }

    /// The signature of a message sent at a time, in seconds.
    pub(super) fn sign(&self, id: &str, timestamp: i64, body: &str) -> Result<String> {
        let webhook = Webhook::from_bytes(self.0.clone());
        let signature = webhook.and_then(|webhook| webhook.sign(id, timestamp, body.as_bytes()));
        signature.map_err(|error| Error::internal(format!("a message cannot be signed: {error}")))
    }
}

fn purpose(endpoint: WebhookEndpointId) -> String {
    format!("webhook {}", endpoint.0)
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret")
    }
}
