//! What a token of an identity provider must be like to be believed.

use super::key_set::VerifyingKey;
use chrono::{DateTime, Utc};
use jsonwebtoken::dangerous::insecure_decode_claims;
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::time::Duration;

/// Bytes of a token at most.
const MAX_LENGTH: usize = 8 * 1024;
/// Letters of an identifier or address at most: what OpenID Connect allows for the one, and mail for the other.
const MAX_NAME: usize = 255;
/// How far the provider's clock may be from ours.
const LEEWAY: Duration = Duration::from_secs(5);

/// Why a token is not believed: for the log. Whoever sent it is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused(pub(super) &'static str);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// What a token says of itself before anybody believes it.
#[derive(Debug)]
pub(super) struct Claimed<'a> {
    text: &'a str,
    algorithm: Algorithm,
    is_access_token: bool,
    /// Who is said to have issued it.
    pub(super) issuer: String,
    /// The key that is said to have signed it.
    pub(super) kid: String,
}

impl<'a> Claimed<'a> {
    /// Reads a token without believing it.
    pub(super) fn read(text: &'a str) -> Result<Self, Refused> {
        #[derive(Deserialize)]
        struct Issued {
            iss: String,
        }
        if text.len() > MAX_LENGTH {
            return Err(Refused("it is too long"));
        }
        let header = decode_header(text).map_err(|_| Refused("its header cannot be read"))?;
        if header.crit.is_some() {
            return Err(Refused("it demands that an extension be understood"));
        }
        let is_access_token = is_access_token(&header)?;
        let kid = header.kid.ok_or(Refused("it names no key"))?;
        let issued: Issued = insecure_decode_claims(text).map_err(|_| Refused("it names no issuer"))?;
        Ok(Self { text, algorithm: header.alg, is_access_token, issuer: issued.iss, kid })
    }

    /// Holds it against the key that it names. What it says is believed from here on, but it may be meant for another
    /// service or another time.
    pub(super) fn verified(&self, by: &VerifyingKey) -> Result<Claims, Refused> {
        if self.algorithm != by.algorithm {
            return Err(Refused("its algorithm is not its key's"));
        }
        let mut validation = Validation::new(by.algorithm);
        // The library knows only the machine's clock: everything but the signature is checked in `Claims::hold`.
        validation.required_spec_claims.clear();
        (validation.validate_exp, validation.validate_nbf, validation.validate_aud) = (false, false, false);
        match decode::<Claims>(self.text, &by.key, &validation) {
            Ok(token) => Ok(Claims { is_access_token: self.is_access_token, ..token.claims }),
            Err(_) => Err(Refused("its signature or its claims are not good")),
        }
    }
}

/// Identity tokens are of type `JWT` or of none, access tokens `at+jwt`. Others are signed by the same key and meant
/// for something else: to sign out, to deliver events.
fn is_access_token(header: &Header) -> Result<bool, Refused> {
    match header.typ.as_deref().map(str::to_ascii_lowercase).as_deref() {
        None | Some("jwt") => Ok(false),
        Some("at+jwt" | "application/at+jwt") => Ok(true),
        Some(_) => Err(Refused("it is neither an identity token nor an access token")),
    }
}

/// What a token with a good signature states.
#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    iss: String,
    pub(super) sub: String,
    #[serde(deserialize_with = "one_or_many")]
    aud: Vec<String>,
    azp: Option<String>,
    exp: Moment,
    nbf: Option<Moment>,
    iat: Moment,
    pub(super) email: Option<String>,
    #[serde(default, deserialize_with = "truth")]
    pub(super) email_verified: bool,
    /// What a holder must prove besides holding it.
    cnf: Option<serde_json::Value>,
    /// What a message between servers tells.
    events: Option<serde_json::Value>,
    #[serde(skip)]
    is_access_token: bool,
}

impl Claims {
    /// Holds them against who is expected to have issued them, for whom, and the time.
    pub(super) fn hold(&self, issuer: &str, audiences: &[String], now: DateTime<Utc>) -> Result<(), Refused> {
        let now = Moment::of(now);
        // A signature is by a key, and a key belongs to one issuer; but who verifies what must not depend on that.
        if self.iss != issuer {
            return Err(Refused("another issuer is named in it"));
        }
        if !self.is_meant_for(audiences) {
            return Err(Refused("it is meant for another service"));
        }
        if now.0 >= self.exp.later(LEEWAY) {
            return Err(Refused("it has expired"));
        }
        if self.nbf.into_iter().chain([self.iat]).any(|from| from.0 > now.later(LEEWAY)) {
            return Err(Refused("it is not valid yet"));
        }
        if self.cnf.is_some() {
            return Err(Refused("it is bound to a key that was not shown"));
        }
        if self.events.is_some() {
            return Err(Refused("it is a message between servers"));
        }
        if !is_name(&self.sub) {
            return Err(Refused("it names no subject"));
        }
        Ok(())
    }

    /// An identity token for several services must have been made for this one: another of them could pass it on.
    fn is_meant_for(&self, audiences: &[String]) -> bool {
        let ours = |name: &String| audiences.contains(name);
        let made_for_us = self.is_access_token || self.aud.len() == 1 || self.azp.as_ref().is_some_and(ours);
        self.aud.iter().any(ours) && made_for_us
    }

    /// The address in it, where the issuer says that it belongs to the subject.
    pub(super) fn verified_email(self) -> Option<String> {
        self.email.filter(|email| self.email_verified && is_name(email))
    }
}

/// Whether it can be a name at all, also in the database.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= MAX_NAME && !text.chars().any(char::is_control)
}

/// A moment as tokens state it: seconds since 1970, which may have a fraction.
#[derive(Clone, Copy, Debug)]
struct Moment(Duration);

impl Moment {
    fn of(time: DateTime<Utc>) -> Self {
        Self((time - DateTime::UNIX_EPOCH).to_std().unwrap_or_default())
    }

    fn later(self, by: Duration) -> Duration {
        self.0.saturating_add(by)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        Duration::try_from_secs_f64(seconds).map(Self).map_err(serde::de::Error::custom)
    }
}

fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    })
}

/// Only what is plainly true: some providers write a text here, and what they mean by it differs.
fn truth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(serde_json::Value::deserialize(deserializer)? == true)
}
