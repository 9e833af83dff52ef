//! Identity providers: organizations' own servers that say who somebody is. A provider is believed where the settings
//! name it, in what its keys sign, for this service, now. What it says is an identity; which account that is, and
//! what the account may do, is ours to say.
//!
//! A request never waits for a provider whose keys are known, and a provider that is down signs nobody out: its keys
//! are kept for a day.

mod discovery;
mod issuer;
mod key_cache;
mod key_set;
mod token;

pub use issuer::Issuer;
pub use token::Refused;

use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use key_cache::KeyCache;
use std::fmt;
use std::sync::Arc;
use token::Claimed;

/// Somebody whom a provider knows.
#[derive(Clone, PartialEq, Eq)]
pub struct ExternalIdentity {
    /// The provider.
    pub issuer: String,
    /// Who it is, in a word that only this provider understands.
    pub subject: String,
    /// The subject's address, where the provider says that it is and may vouch for it.
    pub verified_email: Option<String>,
}

impl ExternalIdentity {
    /// Somebody of whom only that is known.
    pub(crate) fn named(issuer: &Issuer, subject: String) -> Self {
        Self { issuer: issuer.name().to_owned(), subject, verified_email: None }
    }
}

impl fmt::Debug for ExternalIdentity {
    /// Who it is must not reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExternalIdentity").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// The identity providers that are accepted here.
#[derive(Clone, Default)]
pub struct Providers {
    caches: Arc<[Arc<KeyCache>]>,
    audiences: Arc<[String]>,
}

impl Providers {
    /// These issuers, whose tokens must be meant for one of these audiences. Nothing is asked of them yet.
    pub fn new(issuers: &[Issuer], audiences: &[String]) -> anyhow::Result<Self> {
        if issuers.is_empty() {
            return Ok(Self::default());
        }
        let audiences: Arc<[String]> = audiences.iter().filter(|audience| !audience.is_empty()).cloned().collect();
        if audiences.is_empty() {
            anyhow::bail!(
                "LMI_OIDC_AUDIENCE (--oidc-audience): a value is needed where LMI_OIDC_ISSUERS is set: the name by \
                 which the identity providers know this service, which their tokens carry as `aud`"
            );
        }
        let names = issuers.iter().map(Issuer::name);
        if let Some((_, twice)) =
            names.clone().enumerate().find(|(at, name)| names.clone().take(*at).any(|n| n == *name))
        {
            anyhow::bail!("LMI_OIDC_ISSUERS (--oidc-issuers): {twice} is named twice; name it once");
        }
        let client = discovery::client().map_err(|error| {
            anyhow::anyhow!(
                "LMI_OIDC_ISSUERS (--oidc-issuers): identity providers cannot be asked over https here; install the \
                 certificates that this system trusts (package ca-certificates): {error}"
            )
        })?;
        let cache = |issuer: &Issuer| Arc::new(KeyCache::new(issuer.clone(), client.clone()));
        Ok(Self { caches: issuers.iter().map(cache).collect(), audiences })
    }

    /// Fetches the keys that are not there, for those who will need them, and waits for none.
    pub fn prepare(&self, now: DateTime<Utc>) {
        self.caches.iter().for_each(|cache| cache.refresh_if_old(now));
    }

    /// Asks each for its keys, and says what came of it.
    pub(crate) async fn ask(&self) -> Vec<(String, anyhow::Result<()>)> {
        let asked =
            self.caches.iter().map(|cache| async move { (cache.issuer().name().to_owned(), cache.try_out().await) });
        join_all(asked).await
    }

    /// Whether this issuer is one of them.
    pub fn include(&self, issuer: &str) -> bool {
        self.cache(issuer).is_some()
    }

    /// Whether a token says that it is of one of them.
    pub fn are_named_by(&self, token: &str) -> bool {
        !self.caches.is_empty() && Claimed::read(token).is_ok_and(|claimed| self.cache(&claimed.issuer).is_some())
    }

    /// Who holds a token.
    pub async fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<ExternalIdentity, Refused> {
        let claimed = Claimed::read(token)?;
        let cache = self.cache(&claimed.issuer).ok_or(Refused("it is of an issuer that is not accepted"))?;
        let held = self.hold(&claimed, cache, now).await;
        let issuer = cache.issuer().name();
        held.inspect_err(|reason| tracing::debug!(issuer, %reason, "a token of an identity provider was refused"))
    }

    async fn hold(
        &self,
        claimed: &Claimed<'_>,
        cache: &Arc<KeyCache>,
        now: DateTime<Utc>,
    ) -> Result<ExternalIdentity, Refused> {
        let key = cache.get(&claimed.kid, now).await.ok_or(Refused("its key is not known"))?;
        let issuer = cache.issuer();
        let claims = claimed.verified(&key)?;
        claims.hold(issuer.name(), &self.audiences, now)?;
        let subject = claims.sub.clone();
        let verified_email = claims.verified_email().filter(|email| issuer.vouches_for(email));
        Ok(ExternalIdentity { issuer: issuer.name().to_owned(), subject, verified_email })
    }

    fn cache(&self, issuer: &str) -> Option<&Arc<KeyCache>> {
        self.caches.iter().find(|cache| cache.issuer().name() == issuer)
    }
}

impl fmt::Debug for Providers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.caches.iter().map(|cache| cache.issuer().name())).finish()
    }
}
