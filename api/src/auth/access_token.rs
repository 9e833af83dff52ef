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
use serde::{Deserialize, Serialize};
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

/// Writes and reads tokens.
#[derive(Debug)]
pub(super) struct AccessTokens {
    pub(super) keyring: Keyring,
    pub(super) issuer: String,
    pub(super) clock: Clock,
}

impl AccessTokens {
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
        let now = self.clock.now().timestamp();
        let in_force = claims.exp > now - LEEWAY && claims.nbf <= now + LEEWAY && claims.iat <= now + LEEWAY;
        in_force.then_some(Bearer { account: claims.sub.into(), family: claims.sid.into() })
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
            Ok(AccessTokens { keyring: Keyring::of_pem(pem)?, issuer: issuer.to_owned(), clock: at(seconds) })
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
