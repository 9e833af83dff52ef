//! Tokens that carry the name of an accepted identity provider and are not good.

use chrono::{DateTime, Utc};
use lmi::auth::provider::Providers;
use serde_json::{Value, json};
use tests::{IdentityProvider, Service};

const NOT_GOOD: &str = "its signature or its claims are not good";
const ELSEWHERE: &str = "it is meant for another service";

fn now() -> DateTime<Utc> {
    Service::clock().now()
}

/// Half a second later.
fn with_a_fraction(seconds: i64) -> f64 {
    format!("{seconds}.5").parse().expect("a number")
}

/// A provider, and the service that accepts it and knows its key.
struct Accepted {
    provider: IdentityProvider,
    providers: Providers,
}

impl Accepted {
    async fn by(algorithm: &str) -> Self {
        let mut provider = IdentityProvider::start(now(), algorithm);
        let audiences = [provider.audience.clone(), "urn:another-name".to_owned()];
        let providers = Providers::new(&[provider.issuer(&["district.example"])], &audiences).expect("providers");
        let token = provider.sign_in("imogen-1", "imogen.sample@district.example").identity;
        assert!(providers.verify(&token, now()).await.is_ok(), "the service knows the key");
        Self { provider, providers }
    }

    /// Good claims with some that differ; those that are null are left out.
    fn claims(&self, differing: &Value) -> Value {
        let seconds = now().timestamp();
        let mut claims = json!({ "iss": self.provider.url, "aud": self.provider.audience, "sub": "imogen-1",
                                 "iat": seconds, "exp": seconds + 600 });
        let fields = claims.as_object_mut().expect("an object");
        fields.extend(differing.as_object().expect("an object").clone());
        fields.retain(|_, value| !value.is_null());
        claims
    }

    /// Why a token is refused; nothing where it is accepted.
    async fn refusal(&mut self, header: &Value, differing: &Value, by: &str) -> String {
        let claims = self.claims(differing);
        let token = self.provider.sign(header, &claims, by);
        self.of(&token).await
    }

    async fn of(&self, token: &str) -> String {
        self.providers.verify(token, now()).await.err().map(|refused| refused.to_string()).unwrap_or_default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_counts_within_its_time_and_for_this_service() {
    let mut accepted = Accepted::by("ES256").await;
    let (s, us) = (now().timestamp(), accepted.provider.audience.clone());
    let (expired, early, unreadable) = ("it has expired", "it is not valid yet", NOT_GOOD);
    for (differing, refused) in [
        (json!({}), ""),
        (json!({ "exp": s - 4 }), ""),
        (json!({ "exp": s - 5 }), expired),
        (json!({ "exp": s - 3600 }), expired),
        (json!({ "exp": null }), unreadable),
        (json!({ "exp": "tomorrow" }), unreadable),
        (json!({ "exp": -1 }), unreadable),
        (json!({ "exp": 1e300 }), unreadable),
        (json!({ "nbf": s + 5 }), ""),
        (json!({ "nbf": s + 6 }), early),
        (json!({ "iat": with_a_fraction(s + 5) }), early),
        (json!({ "iat": with_a_fraction(s + 4) }), ""),
        (json!({ "iat": s + 4 }), ""),
        (json!({ "iat": null }), unreadable),
        (json!({ "aud": [us] }), ""),
        (json!({ "aud": "urn:another-name" }), ""),
        (json!({ "aud": us, "azp": "a-telephone" }), ""),
        (json!({ "aud": "another-service" }), ELSEWHERE),
        (json!({ "aud": [] }), ELSEWHERE),
        (json!({ "aud": null }), unreadable),
        (json!({ "aud": [us, "another-service"] }), ELSEWHERE),
        (json!({ "aud": [us, "another-service"], "azp": "another-service" }), ELSEWHERE),
        (json!({ "aud": [us, "another-service"], "azp": us }), ""),
        (json!({ "aud": ["another-service"], "azp": us }), ELSEWHERE),
        (json!({ "sub": null }), unreadable),
        (json!({ "sub": "" }), "it names no subject"),
        (json!({ "sub": "a".repeat(256) }), "it names no subject"),
        (json!({ "sub": "imogen\u{0}" }), "it names no subject"),
        (json!({ "sub": 7 }), unreadable),
        (json!({ "cnf": { "jkt": "a thumbprint" } }), "it is bound to a key that was not shown"),
        (json!({ "events": {} }), "it is a message between servers"),
        (json!({ "iss": "https://login.example.org" }), "it is of an issuer that is not accepted"),
        (json!({ "iss": null }), "it names no issuer"),
    ] {
        assert_eq!(accepted.refusal(&json!({}), &differing, "itself").await, refused, "{differing}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_says_what_it_is_and_demands_nothing_unknown() {
    let mut accepted = Accepted::by("ES256").await;
    let us = accepted.provider.audience.clone();
    let neither = "it is neither an identity token nor an access token";
    for (header, refused) in [
        (json!({ "typ": null }), ""),
        (json!({ "typ": "jwt" }), ""),
        (json!({ "typ": "at+jwt" }), ""),
        (json!({ "typ": "application/at+JWT" }), ""),
        (json!({ "typ": "logout+jwt" }), neither),
        (json!({ "typ": "secevent+jwt" }), neither),
        (json!({ "typ": "dpop+jwt" }), neither),
        (json!({ "typ": "" }), neither),
        (json!({ "crit": ["exp"], "exp": 1 }), "it demands that an extension be understood"),
        (json!({ "crit": [] }), "it demands that an extension be understood"),
        (json!({ "kid": "made-up" }), "its key is not known"),
        (json!({ "kid": "../key-1" }), "its key is not known"),
        (json!({ "kid": 1 }), "its header cannot be read"),
    ] {
        assert_eq!(accepted.refusal(&header, &json!({}), "itself").await, refused, "{header}");
    }
    let several = json!({ "aud": [us, "another-service"], "client_id": "a-telephone" });
    assert_eq!(accepted.refusal(&json!({ "typ": "at+jwt" }), &several, "itself").await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_providers_own_key_signs() {
    for algorithm in ["RS256", "ES256", "EdDSA"] {
        let mut accepted = Accepted::by(algorithm).await;
        let (good, none) = (json!({}), json!({ "alg": "none" }));
        assert_eq!(accepted.refusal(&good, &json!({}), "itself").await, "", "{algorithm}");
        assert_eq!(accepted.refusal(&good, &json!({}), "stranger").await, NOT_GOOD, "{algorithm}");
        assert_eq!(accepted.refusal(&good, &json!({}), "nobody").await, NOT_GOOD, "{algorithm}");
        assert_eq!(accepted.refusal(&none, &json!({}), "nobody").await, "its header cannot be read", "{algorithm}");
        let not_its_own = "its algorithm is not its key's";
        let shared = accepted.refusal(&json!({ "alg": "HS256" }), &json!({}), "publicKey").await;
        assert_eq!(shared, not_its_own, "{algorithm}");
        for other in ["RS256", "RS512", "PS256", "ES256", "ES384", "EdDSA"].into_iter().filter(|it| *it != algorithm) {
            let refused = accepted.refusal(&json!({ "alg": other }), &json!({}), "itself").await;
            assert_eq!(refused, not_its_own, "{algorithm} said to be {other}");
        }
        // A key that the token brings along is not the provider's.
        let brought = json!({ "jwk": { "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" },
                              "jku": "https://keys.example.org/jwks" });
        assert_eq!(accepted.refusal(&brought, &json!({}), "stranger").await, NOT_GOOD, "{algorithm}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_damaged_is_none() {
    let mut accepted = Accepted::by("ES256").await;
    let claims = accepted.claims(&json!({}));
    let good = accepted.provider.sign(&json!({}), &claims, "itself");
    assert_eq!(accepted.of(&good).await, "");
    let parts: Vec<_> = good.split('.').collect();
    let [header, body, signature] = parts[..] else { panic!("a token has three parts") };
    let other = accepted.claims(&json!({ "sub": "rosalind-2" }));
    let other = accepted.provider.sign(&json!({}), &other, "itself");
    let exchanged = other.split('.').nth(1).expect("a body");
    for damaged in [
        String::new(),
        "a token".to_owned(),
        "...".to_owned(),
        format!("{header}.{body}"),
        format!("{header}.{body}."),
        format!("{header}..{signature}"),
        format!("{header}.{exchanged}.{signature}"),
        format!("{header}.{body}.{signature}.{signature}"),
        format!("{header}.{body}.{signature}="),
        format!("{header}.{body}.{}", &signature[1..]),
        good.to_uppercase(),
        format!("{good}\u{e9}"),
    ] {
        assert_ne!(accepted.of(&damaged).await, "", "{damaged}");
    }
    let long = accepted.claims(&json!({ "groups": "a".repeat(8 * 1024) }));
    let long = accepted.provider.sign(&json!({}), &long, "itself");
    assert_eq!(accepted.of(&long).await, "it is too long");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_at_another_service_is_none_here() {
    let mut accepted = Accepted::by("ES256").await;
    let details = json!({ "subject": "imogen-1", "email": "imogen.sample@district.example", "verified": true,
                          "client": "another-service" });
    let token = accepted.provider.sign_in_with(&details).identity;
    assert_eq!(accepted.of(&token).await, ELSEWHERE);
}
