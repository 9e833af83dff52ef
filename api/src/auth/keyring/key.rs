//! One key that signs access tokens.

use crate::auth::secret::random;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, KeypairBytes};
use jsonwebtoken::jwk::{Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};

/// Where a key of a PEM file begins and ends.
const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// A key with all that follows from it. Its algorithm is pinned: no token can ask for another.
pub(super) struct Key {
    pub(super) kid: String,
    pub(super) algorithm: Algorithm,
    pub(super) signs: EncodingKey,
    pub(super) verifies: DecodingKey,
    /// The public half, as it is published.
    pub(super) public: Jwk,
}

/// Reads the keys of a PEM file.
pub(super) fn parse(text: &str) -> anyhow::Result<Vec<Key>> {
    let keys = blocks(text).map(Key::parse).collect::<anyhow::Result<Vec<_>>>()?;
    anyhow::ensure!(!keys.is_empty(), "no private key in PKCS#8 form is in it, as `openssl genpkey` writes them");
    Ok(keys)
}

/// The keys of a PEM file as they stand in it.
pub(super) fn blocks(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.match_indices(BEGIN).map(|(at, _)| &text[at..]);
    starts.filter_map(|from| from.find(END).map(|end| &from[..end + END.len()]))
}

/// A new key, Ed25519, in PEM. Only its secret half is written: not every reader takes both.
pub(in crate::auth) fn generate() -> anyhow::Result<String> {
    let pair = KeypairBytes { secret_key: random()?, public_key: None };
    let pem =
        pair.to_pkcs8_pem(LineEnding::LF).map_err(|error| anyhow::anyhow!("a new key cannot be written: {error}"))?;
    Ok(pem.to_string())
}

impl Key {
    fn parse(pem: &str) -> anyhow::Result<Self> {
        let (algorithm, signs) = match KeypairBytes::from_pkcs8_pem(pem) {
            Ok(pair) => (Algorithm::EdDSA, from_ed25519(&pair)?),
            Err(_) => (Algorithm::ES256, EncodingKey::from_ec_pem(pem.as_bytes())?),
        };
        let public = Jwk::from_encoding_key(&signs, algorithm);
        let mut public = public.map_err(|_| anyhow::anyhow!("a key in it is neither Ed25519 nor P-256"))?;
        let kid = public.thumbprint(ThumbprintHash::SHA256)?;
        public.common.key_id = Some(kid.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        let verifies = DecodingKey::from_jwk(&public)?;
        Ok(Self { kid, algorithm, signs, verifies, public })
    }
}

/// The key in the one form that the signer knows, whatever form it was written in.
fn from_ed25519(pair: &KeypairBytes) -> anyhow::Result<EncodingKey> {
    let secret = KeypairBytes { secret_key: pair.secret_key, public_key: None };
    let der = secret.to_pkcs8_der().map_err(|error| anyhow::anyhow!("a key in it cannot be read: {error}"))?;
    Ok(EncodingKey::from_ed_der(der.as_bytes()))
}

#[cfg(test)]
pub(in crate::auth) mod tests {
    use super::*;

    /// A P-256 key that signs nothing: it was made for this test.
    pub(in crate::auth) const P256: &str = "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjVmN33wPqlfShixF
fX0p2zrR9wovYE39UaZFM6CcPLyhRANCAATtLBPvGSwJDnF5FcDm/MVbL5mQm6qZ
5+kzYUppDO5tfmulKo+yZs5l6JQXETcYpANdtmBclE2AwBj2TFnBUApz
-----END PRIVATE KEY-----
";
    const P384: &str = "-----BEGIN PRIVATE KEY-----
MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDCZqCkweDVOSx6A+jhD
5AM21ll3HNLxXSXrOMkauPGBfNQRUa9pppfPGh3KDiT13HKhZANiAATiTbWc5qbB
CujqVRbqo+B6T2vXhxvNkYrvkX25zza0QkiMPTwHW1ZhcZxi2+8unhz1OZpAliV+
/7fovGkNjE37jODyen69sNvlEICwhlZYIZvsmPHT48+znJsOH7ACxko=
-----END PRIVATE KEY-----
";

    fn algorithms(text: &str) -> Option<Vec<Algorithm>> {
        parse(text).ok().map(|keys| keys.iter().map(|key| key.algorithm).collect())
    }

    #[test]
    fn a_file_may_hold_several_keys_of_two_kinds() {
        let Ok(new) = generate() else { return assert!(generate().is_ok()) };
        assert_eq!(algorithms(&new), Some(vec![Algorithm::EdDSA]));
        assert_eq!(
            algorithms(&format!("# signs\n{P256}\n# before\n{new}")),
            Some(vec![Algorithm::ES256, Algorithm::EdDSA])
        );
    }

    #[test]
    fn what_is_no_key_for_signing_is_refused() {
        for text in ["", "secret", &format!("{BEGIN}\nAAAA\n{END}"), P384] {
            assert_eq!(algorithms(text), None, "{text}");
        }
    }

    /// The example of RFC 8037, appendix A.
    #[test]
    fn the_name_of_a_key_is_its_thumbprint() {
        let pem = format!("{BEGIN}\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n{END}\n");
        let key = parse(&pem).ok().and_then(|keys| keys.into_iter().next());
        assert_eq!(key.map(|key| key.kid).as_deref(), Some("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
    }
}
