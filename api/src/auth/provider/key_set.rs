//! The public keys of an identity provider, each with the one algorithm that it verifies.

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// Bytes of an RSA modulus at least: 2048 bits, as anything shorter can be broken.
const MIN_MODULUS: usize = 256;

/// A key that signs tokens. The algorithm is the key's own: what a token says of itself only has to agree.
pub(super) struct VerifyingKey {
    pub(super) algorithm: Algorithm,
    pub(super) key: DecodingKey,
}

/// The keys by their names.
pub(super) struct KeySet(HashMap<String, Arc<VerifyingKey>>);

#[derive(Deserialize)]
struct Published {
    keys: Vec<Value>,
}

impl KeySet {
    /// Reads what a provider publishes. A key that cannot be used here is left out and spoils no other; a set
    /// without any key that can be is none.
    pub(super) fn read(json: &[u8]) -> Option<Self> {
        let published: Published = serde_json::from_slice(json).ok()?;
        let keys: HashMap<_, _> = published.keys.into_iter().rev().filter_map(usable).collect();
        (!keys.is_empty()).then_some(Self(keys))
    }

    pub(super) fn get(&self, kid: &str) -> Option<Arc<VerifyingKey>> {
        self.0.get(kid).cloned()
    }
}

fn usable(published: Value) -> Option<(String, Arc<VerifyingKey>)> {
    let jwk: Jwk = serde_json::from_value(published).ok()?;
    let algorithm = algorithm(&jwk)?;
    let signs = matches!(&jwk.common.public_key_use, None | Some(PublicKeyUse::Signature));
    let verifies = jwk.common.key_operations.as_ref().is_none_or(|acts| acts.contains(&KeyOperations::Verify));
    let key = DecodingKey::from_jwk(&jwk).ok().filter(|_| signs && verifies)?;
    Some((jwk.common.key_id?, Arc::new(VerifyingKey { algorithm, key })))
}

/// The one algorithm of a key: what it says, where that fits its type, and else what its type is meant for. Only
/// asymmetric ones are known: with a shared secret, whoever can verify could also sign.
fn algorithm(jwk: &Jwk) -> Option<Algorithm> {
    let stated = jwk.common.key_algorithm;
    let fitting = match &jwk.algorithm {
        AlgorithmParameters::RSA(rsa) if modulus_length(&rsa.n)? >= MIN_MODULUS => match stated {
            None | Some(KeyAlgorithm::RS256) => Algorithm::RS256,
            Some(KeyAlgorithm::RS384) => Algorithm::RS384,
            Some(KeyAlgorithm::RS512) => Algorithm::RS512,
            Some(KeyAlgorithm::PS256) => Algorithm::PS256,
            Some(KeyAlgorithm::PS384) => Algorithm::PS384,
            Some(KeyAlgorithm::PS512) => Algorithm::PS512,
            Some(_) => return None,
        },
        AlgorithmParameters::EllipticCurve(key) => match key.curve {
            EllipticCurve::P256 => Algorithm::ES256,
            EllipticCurve::P384 => Algorithm::ES384,
            _ => return None,
        },
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => Algorithm::EdDSA,
        _ => return None,
    };
    stated.is_none_or(|stated| stated == KeyAlgorithm::from(fitting)).then_some(fitting)
}

/// The bytes of a modulus, which is written without leading zeros.
fn modulus_length(n: &str) -> Option<usize> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(n).ok().map(|bytes| bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use serde_json::json;

    fn text(bytes: usize) -> String {
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(vec![0xA5; bytes])
    }

    fn read(key: &Value) -> Option<Algorithm> {
        let set = KeySet::read(json!({ "keys": [key] }).to_string().as_bytes())?;
        set.get("one").map(|key| key.algorithm)
    }

    fn rsa(more: &Value) -> Value {
        merged(json!({ "kty": "RSA", "kid": "one", "n": text(256), "e": "AQAB" }), more)
    }

    fn merged(mut key: Value, more: &Value) -> Value {
        if let (Value::Object(key), Value::Object(more)) = (&mut key, more) {
            key.extend(more.clone());
        }
        key
    }

    #[test]
    fn a_key_has_one_algorithm() {
        let elliptic = |curve: &str| json!({ "kty": "EC", "kid": "one", "crv": curve, "x": text(32), "y": text(32) });
        let edwards = |curve: &str| json!({ "kty": "OKP", "kid": "one", "crv": curve, "x": text(32) });
        for (key, algorithm) in [
            (rsa(&json!({})), Some(Algorithm::RS256)),
            (rsa(&json!({ "alg": "RS512", "use": "sig" })), Some(Algorithm::RS512)),
            (rsa(&json!({ "alg": "PS256", "key_ops": ["verify"] })), Some(Algorithm::PS256)),
            (rsa(&json!({ "alg": "ES256" })), None),
            (rsa(&json!({ "alg": "HS256" })), None),
            (rsa(&json!({ "alg": "none" })), None),
            (rsa(&json!({ "alg": "RSA-OAEP" })), None),
            (rsa(&json!({ "use": "enc" })), None),
            (rsa(&json!({ "key_ops": ["encrypt"] })), None),
            (rsa(&json!({ "n": text(128) })), None),
            (rsa(&json!({ "kid": null })), None),
            (elliptic("P-256"), Some(Algorithm::ES256)),
            (elliptic("P-384"), Some(Algorithm::ES384)),
            (elliptic("P-521"), None),
            (merged(elliptic("P-256"), &json!({ "alg": "ES384" })), None),
            (edwards("Ed25519"), Some(Algorithm::EdDSA)),
            (edwards("X25519"), None),
            (json!({ "kty": "oct", "kid": "one", "k": text(32), "alg": "HS256" }), None),
            (json!({ "kty": "oct", "kid": "one", "k": text(32) }), None),
            (json!("a key"), None),
        ] {
            assert_eq!(read(&key), algorithm, "{key}");
        }
    }

    #[test]
    fn a_key_that_cannot_be_used_spoils_no_other() {
        let keys = json!({ "keys": [{ "kty": "surprise" }, rsa(&json!({ "kid": "two" })), rsa(&json!({ "alg": "PS256" })),
                                     rsa(&json!({ "alg": "RS256" }))] });
        let set = KeySet::read(keys.to_string().as_bytes());
        let named = |kid| set.as_ref().and_then(|set| set.get(kid)).map(|key| key.algorithm);
        // Of two with one name, the first is meant.
        assert_eq!((named("one"), named("two")), (Some(Algorithm::PS256), Some(Algorithm::RS256)));
        assert!(KeySet::read(b"{ \"keys\": [] }").is_none() && KeySet::read(b"[]").is_none());
    }
}
