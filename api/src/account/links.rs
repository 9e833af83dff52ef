//! The links that letters hold.

use crate::auth::Secret;
use std::fmt;

/// Where the service is reached from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Reads the address of a service: a scheme, a host, perhaps a path.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const FORM: &str = "give an address as in https://lmi.example.org, without a question mark or a number sign";
        let url = url::Url::parse(text).map_err(|_| FORM)?;
        let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        if plain && matches!(url.scheme(), "http" | "https") && url.has_host() {
            Ok(Self(text.to_owned()))
        } else {
            Err(FORM)
        }
    }

    /// The address as it was given: the issuer of every token.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host, for a sender's address where none is given.
    pub fn host(&self) -> String {
        url::Url::parse(&self.0).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Where somebody accepts an invitation. What stands behind the number sign is never sent: no log keeps the secret.
    pub(crate) fn invitation(&self, secret: &Secret) -> String {
        format!("{}/invitation#{}", self.0.trim_end_matches('/'), secret.reveal())
    }

    /// Where somebody answers a survey.
    pub(crate) fn survey(&self, secret: &Secret) -> String {
        format!("{}/survey#{}", self.0.trim_end_matches('/'), secret.reveal())
    }

    /// Where everybody reads the agenda of a convening.
    pub(crate) fn agenda(&self, slug: &str) -> String {
        format!("{}/convenings/{slug}/agenda", self.0.trim_end_matches('/'))
    }

    /// Where somebody sets a new password.
    pub(crate) fn password_reset(&self, secret: &Secret) -> String {
        format!("{}/password-reset#{}", self.0.trim_end_matches('/'), secret.reveal())
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_scheme_and_a_host() {
        for good in ["http://127.0.0.1:8080", "https://lmi.example.org", "https://example.org/lmi/"] {
            assert_eq!(PublicUrl::parse(good).map(|url| url.to_string()), Ok(good.to_owned()));
        }
        for bad in ["", "lmi.example.org", "ftp://example.org", "https://", "https://a@example.org", "https://e.org/?a"]
        {
            assert!(PublicUrl::parse(bad).is_err(), "{bad}");
        }
    }
}
