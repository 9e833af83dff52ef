//! Access tokens: short-lived, signed, and read without asking the database what they say.

use super::keyring::{Keyring, Verifier};
use super::secret::random;
use crate::clock::Clock;
use crate::error::Result;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use entity::ids::{AccountId, TokenFamilyId};
use jsonwebtoken::dangerous::insecure_decode_claims;
use jsonwebtoken::{Validation, decode, decode_header};
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;
use uuid::Uuid;

/// The kind of token, which no other kind can be taken for (RFC 9068).
const KIND: &str = "at+jwt";
/// Whom tokens are for.
const AUDIENCE: &str = "lmi";
/// Bytes of a token at most.
pub(crate) const MAX_BYTES: usize = 8 * 1024;
/// How long a token is good.
const LIFETIME: Duration = Duration::minutes(15);
/// Seconds by which clocks may differ.
pub(super) const LEEWAY: i64 = 5;

/// A token for the one who signed in.
#[derive(Clone)]
pub(crate) struct AccessToken {
    /// The token itself.
    pub(crate) text: String,
    /// Until when it is good.
    pub(crate) expires_at: DateTime<Utc>,
}

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    jti: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// Whom a good token is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bearer {
    pub(super) account: AccountId,
    pub(super) family: TokenFamilyId,
}

/// Tokens at most that need not be verified again.
const KEPT: usize = 10_000;

/// What a token says whose signature and names were found to be good, which stays so; whether its time has come is looked at
/// each time.
#[derive(Clone, Copy, Debug)]
struct Verified {
    bearer: Bearer,
    issued_at: i64,
    not_before: i64,
    expires_at: i64,
}

/// Writes and reads tokens.
pub(super) struct AccessTokens {
    pub(super) keyring: Keyring,
    issuer: String,
    pub(super) clock: Clock,
    /// By the hash of the token: verifying a signature takes as long as a small query.
    verified: Cache<[u8; 32], Verified>,
}

impl AccessTokens {
    /// In the name of an issuer.
    pub(super) fn new(keyring: Keyring, issuer: String, clock: Clock) -> Self {
        Self { keyring, issuer, clock, verified: Cache::new(KEPT) }
    }

    /// A token for an account that signed in.
    pub(super) fn issue(&self, bearer: Bearer) -> Result<AccessToken> {
        let now = self.clock.now();
        let expires_at = now + LIFETIME;
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: bearer.account.0,
            sid: bearer.family.0,
            jti: BASE64_URL_SAFE_NO_PAD.encode(random::<16>()?),
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: expires_at.timestamp(),
        };
        Ok(AccessToken { text: self.keyring.sign(KIND, &claims)?, expires_at })
    }

    /// Whom a token is of. Why one is not good is nobody's business: all that is wrong with it is told alike.
    pub(super) fn verify(&self, token: &str) -> Option<Bearer> {
        if token.len() > MAX_BYTES {
            return None;
        }
        let hash = Sha256::digest(token).into();
        let known = self.verified.get(&hash);
        let verified = known.or_else(|| {
            let verified = self.read(token)?;
            self.verified.insert(hash, verified);
            Some(verified)
        })?;
        let Verified { bearer, issued_at, not_before, expires_at } = verified;
        let now = self.clock.now().timestamp();
        let in_force = expires_at > now - LEEWAY && not_before <= now + LEEWAY && issued_at <= now + LEEWAY;
        in_force.then_some(bearer)
    }

    /// What a token says that this service signed for itself.
    fn read(&self, token: &str) -> Option<Verified> {
        let header = decode_header(token).ok()?;
        if header.typ.as_deref() != Some(KIND) || header.crit.is_some() {
            return None;
        }
        let Verifier { key, algorithm } = self.keyring.verifier(header.kid.as_deref()?)?;
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // The library would ask the machine what time it is.
        (validation.validate_exp, validation.validate_nbf) = (false, false);
        let claims = decode::<Claims>(token, &key, &validation).ok()?.claims;
        let bearer = Bearer { account: claims.sub.into(), family: claims.sid.into() };
        Some(Verified { bearer, issued_at: claims.iat, not_before: claims.nbf, expires_at: claims.exp })
    }
}

impl fmt::Debug for AccessTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessTokens").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// When a token is over that was found to be good, by whomever it was issued.
pub(super) fn end_of(token: &str) -> Option<DateTime<Utc>> {
    #[derive(Deserialize)]
    struct Ends {
        exp: f64,
    }
    let Ends { exp } = insecure_decode_claims(token).ok()?;
    let since = std::time::Duration::try_from_secs_f64(exp).ok()?;
    let end = DateTime::UNIX_EPOCH.checked_add_signed(Duration::from_std(since).ok()?)?;
    end.checked_add_signed(Duration::seconds(LEEWAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Clock {
        Clock::Fixed(DateTime::UNIX_EPOCH + Duration::days(20_000) + Duration::seconds(seconds))
    }

    #[test]
    fn a_token_is_good_for_a_quarter_of_an_hour_and_for_its_issuer() -> anyhow::Result<()> {
        let tokens = |seconds, issuer: &str, pem: &str| -> anyhow::Result<AccessTokens> {
            Ok(AccessTokens::new(Keyring::of_pem(pem)?, issuer.to_owned(), at(seconds)))
        };
        let (pem, other) = (super::super::keyring::generate()?, super::super::keyring::generate()?);
        let bearer = Bearer { account: AccountId::new(), family: TokenFamilyId::new() };
        let token = tokens(0, "https://lmi.example.org", &pem)?.issue(bearer)?.text;
        for (seconds, good) in [(-6, false), (-5, true), (0, true), (899, true), (904, true), (905, false)] {
            let read = tokens(seconds, "https://lmi.example.org", &pem)?.verify(&token);
            assert_eq!(read, good.then_some(bearer), "after {seconds} seconds");
        }
        assert_eq!(tokens(0, "https://lmi.example.org/", &pem)?.verify(&token), None, "another issuer");
        assert_eq!(tokens(0, "https://lmi.example.org", &other)?.verify(&token), None, "another key");
        assert_eq!(tokens(0, "https://lmi.example.org", &format!("{other}{pem}"))?.verify(&token), Some(bearer));
        for (seconds, good) in [(0, true), (904, true), (905, false), (0, true)] {
            let mut known = tokens(seconds, "https://lmi.example.org", &pem)?;
            assert_eq!(known.verify(&token), good.then_some(bearer), "read");
            assert_eq!(known.verify(&token), good.then_some(bearer), "and known");
            known.clock = at(905);
            assert_eq!(known.verify(&token), None, "what is known is over when it is over");
            let (text, signature) = token.rsplit_once('.').ok_or_else(|| anyhow::anyhow!("a token has parts"))?;
            assert_eq!(known.verify(&format!("{text}x.{signature}")), None, "and is nothing else");
        }
        let p256 = super::super::keyring::P256;
        let token = tokens(0, "https://lmi.example.org", p256)?.issue(bearer)?.text;
        assert_eq!(decode_header(&token)?.alg, jsonwebtoken::Algorithm::ES256);
        let both = format!("{pem}{p256}");
        assert_eq!(
            tokens(0, "https://lmi.example.org", &both)?.verify(&token),
            Some(bearer),
            "with a key of the other kind"
        );
        assert_eq!(tokens(0, "https://lmi.example.org", &pem)?.verify(&token), None);
        Ok(())
    }
}
