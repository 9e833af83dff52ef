//! Whose word counts: issues credentials and knows them again.

use super::access_token::{AccessToken, AccessTokens, Bearer, end_of};
use super::api_key::{ShownKey, is_key};
use super::keyring::Keyring;
use super::password::Passwords;
use super::provider::{ExternalIdentity, Providers};
use super::{Identity, Viewer, external, in_force};
use crate::clock::Clock;
use crate::error::Result;
use entity::ids::{AccountId, TokenFamilyId};
use jsonwebtoken::jwk::JwkSet;
use sea_orm::ConnectionTrait;

/// Issues credentials and knows them again.
#[derive(Debug)]
pub struct Authority {
    tokens: AccessTokens,
    passwords: Passwords,
    providers: Providers,
}

impl Authority {
    /// One that signs with these keys in the name of an issuer.
    pub fn new(keyring: Keyring, issuer: impl Into<String>, clock: Clock) -> Self {
        let tokens = AccessTokens::new(keyring, issuer.into(), clock);
        Self { tokens, passwords: Passwords::new(), providers: Providers::default() }
    }

    /// The same, which also takes the word of these identity providers.
    #[must_use]
    pub fn believing(self, providers: Providers) -> Self {
        Self { providers, ..self }
    }

    /// Who shows a credential; nobody where it is not good, for whatever reason.
    pub(crate) async fn viewer(&self, db: &impl ConnectionTrait, credential: &str) -> Result<Option<Viewer>> {
        let now = self.clock().now();
        if is_key(credential) {
            return match ShownKey::read(credential) {
                Some(key) => in_force::by_key(db, &key, now).await,
                None => Ok(None),
            };
        }
        let viewer = if self.providers.are_named_by(credential) {
            match self.external_identity(credential).await {
                Some(identity) => external::viewer(db, &identity, now).await?,
                None => None,
            }
        } else {
            match self.tokens.verify(credential) {
                Some(Bearer { account, family }) => in_force::by_sign_in(db, account, family, now).await?,
                None => None,
            }
        };
        Ok(viewer.map(|viewer| viewer.until(end_of(credential))))
    }

    /// Who holds a token of an identity provider; nobody where it is not good. Why, only the log is told.
    pub(crate) async fn external_identity(&self, token: &str) -> Option<ExternalIdentity> {
        self.providers.verify(token, self.clock().now()).await.ok()
    }

    /// Who signed in, as a request with the token of that sign-in would find.
    pub(crate) async fn signed_in(
        &self,
        db: &impl ConnectionTrait,
        account: AccountId,
        family: TokenFamilyId,
    ) -> Result<Option<Viewer>> {
        in_force::by_sign_in(db, account, family, self.clock().now()).await
    }

    /// Who an account or a key is that shows nothing, because something is done for it while it is away; nobody where it
    /// is not in force.
    pub(crate) async fn standing(&self, db: &impl ConnectionTrait, identity: Identity) -> Result<Option<Viewer>> {
        in_force::of(db, identity, self.clock().now()).await
    }

    /// Keeps something secret under the keys that sign.
    pub(crate) fn seals(&self) -> &Keyring {
        &self.tokens.keyring
    }

    /// A token for an account that signed in.
    pub(crate) fn issue(&self, account: AccountId, family: TokenFamilyId) -> Result<AccessToken> {
        self.tokens.issue(Bearer { account, family })
    }

    /// The public keys of its tokens.
    pub(crate) fn published_keys(&self) -> JwkSet {
        self.tokens.keyring.published()
    }

    /// Where passwords are hashed.
    pub(crate) fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    /// What time it is.
    pub(crate) fn clock(&self) -> Clock {
        self.tokens.clock
    }
}
