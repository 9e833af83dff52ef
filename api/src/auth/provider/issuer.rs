//! Which identity providers are accepted, and for whose addresses each may vouch.

use std::collections::BTreeSet;
use std::str::FromStr;
use url::{Host, Url};

/// An identity provider, as the setting names it: its URL, and behind `=` the domains it vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// The URL as it was written, to be equal to `iss` letter by letter.
    name: String,
    url: Url,
    domains: BTreeSet<String>,
}

impl Issuer {
    /// What its tokens must state as `iss`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where its configuration is published.
    pub(super) fn configuration(&self) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}/.well-known/openid-configuration", self.url.path().trim_end_matches('/')));
        url
    }

    /// Whether it is trusted with this address: others could take over an account by claiming its address. Only
    /// plain letters, as some others turn into plain ones where letters large and small are not told apart.
    pub(super) fn vouches_for(&self, email: &str) -> bool {
        let domain = email.split_once('@').filter(|_| email.is_ascii()).and_then(|(_, domain)| domain_name(domain));
        domain.is_some_and(|domain| self.domains.contains(&domain))
    }

    /// Whether something may be fetched for it from there: over TLS, or within this machine where it is itself here.
    pub(super) fn may_ask(&self, url: &Url) -> bool {
        url.scheme() == "https" || (is_loopback(&self.url) && is_loopback(url) && url.scheme() == "http")
    }
}

impl FromStr for Issuer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (name, domains) = text.split_once('=').map_or((text, None), |(name, domains)| (name, Some(domains)));
        let url = Url::parse(name).map_err(|_| "give its URL, as in https://login.example.org".to_owned())?;
        if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
            return Err("an identity provider is asked over https, unless it runs on this machine".to_owned());
        }
        if url.query().or(url.fragment()).is_some() || !url.username().is_empty() || url.password().is_some() {
            return Err("the URL of an identity provider has no user, query or fragment".to_owned());
        }
        let domains =
            domains.map_or_else(|| Ok(BTreeSet::new()), |domains| domains.split('+').map(trusted).collect())?;
        Ok(Self { name: name.to_owned(), url, domains })
    }
}

/// A domain that an issuer may vouch for.
fn trusted(domain: &str) -> Result<String, String> {
    let plain = domain_name(domain.trim()).filter(|domain| domain.contains('.'));
    plain.ok_or_else(|| {
        format!("`{domain}` is not a domain; write as in https://login.example.org=example.org+example.com")
    })
}

/// A domain in the one way of writing it. Addresses of machines are none.
fn domain_name(text: &str) -> Option<String> {
    let Ok(Host::Domain(domain)) = Host::parse(text) else { return None };
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    domain.split('.').all(is_label).then_some(domain)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issuer(text: &str) -> Result<Issuer, String> {
        text.parse()
    }

    #[test]
    fn a_configuration_is_found_beneath_the_issuer() -> Result<(), String> {
        let expected = [
            ("https://login.example.org", "https://login.example.org/.well-known/openid-configuration"),
            ("https://login.example.org/", "https://login.example.org/.well-known/openid-configuration"),
            ("https://example.org/a/v2.0", "https://example.org/a/v2.0/.well-known/openid-configuration"),
            ("https://example.org/a/", "https://example.org/a/.well-known/openid-configuration"),
            ("http://127.0.0.1:9000", "http://127.0.0.1:9000/.well-known/openid-configuration"),
        ];
        for (text, url) in expected {
            let issuer = issuer(text)?;
            assert_eq!((issuer.name(), issuer.configuration().as_str()), (text, url));
        }
        Ok(())
    }

    #[test]
    fn an_issuer_vouches_for_its_domains_alone() -> Result<(), String> {
        let named = issuer("https://login.example.org=district.example+Other.Example")?;
        for email in ["ada@district.example", "Ada@District.EXAMPLE", "ada@other.example"] {
            assert!(named.vouches_for(email), "{email}");
        }
        let others = [
            "ada@example.org",
            "ada@sub.district.example",
            "ada@xdistrict.example",
            "ada@example.org@district.example",
            "\u{212A}im@district.example",
            "district.example",
            "ada@",
            "",
        ];
        for email in others {
            assert!(!named.vouches_for(email), "{email}");
        }
        assert!(!issuer("https://login.example.org")?.vouches_for("ada@login.example.org"));
        Ok(())
    }

    #[test]
    fn wrong_settings_are_refused_in_words() {
        let wrong = [
            ("login.example.org", "give its URL"),
            ("http://login.example.org", "over https"),
            ("http://127.0.0.1.example.org", "over https"),
            ("ftp://127.0.0.1", "over https"),
            ("https://me@login.example.org", "no user"),
            ("https://login.example.org/?tenant", "query"),
            ("https://login.example.org=", "is not a domain"),
            ("https://login.example.org=org", "is not a domain"),
            ("https://login.example.org=a.example+", "is not a domain"),
            ("https://login.example.org=*.example.org", "is not a domain"),
            ("https://login.example.org=10.0.0.1", "is not a domain"),
        ];
        for (text, reason) in wrong {
            let refused = issuer(text).err().unwrap_or_default();
            assert!(refused.contains(reason), "{text}: {refused}");
        }
    }

    #[test]
    fn only_an_issuer_on_this_machine_is_asked_without_encryption() -> Result<(), String> {
        let url = |text: &str| Url::parse(text).map_err(|error| error.to_string());
        let (here, elsewhere) = (issuer("http://localhost:9000")?, issuer("https://login.example.org")?);
        for (text, is_here, is_elsewhere) in [
            ("https://keys.example.org/jwks", true, true),
            ("http://127.0.0.1:9000/jwks", true, false),
            ("http://[::1]/jwks", true, false),
            ("http://keys.example.org/jwks", false, false),
            ("file:///etc/passwd", false, false),
        ] {
            assert_eq!((here.may_ask(&url(text)?), elsewhere.may_ask(&url(text)?)), (is_here, is_elsewhere), "{text}");
        }
        Ok(())
    }
}
