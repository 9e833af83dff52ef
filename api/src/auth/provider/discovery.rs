//! Asks an identity provider for its keys, by OpenID Connect Discovery.

use super::Issuer;
use super::key_set::KeySet;
use anyhow::{Context as _, bail};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, header};
use serde::Deserialize;
use std::time::Duration;
use url::Url;

/// How long one answer may take, from the first step of connecting to the last byte.
const PATIENCE: Duration = Duration::from_secs(4);
/// Bytes of an answer at most. The largest of the well-known providers are some ten thousand.
const MAX_BODY: usize = 256 * 1024;
/// Redirects at most.
const MAX_REDIRECTS: usize = 3;

#[derive(Deserialize)]
struct Configuration {
    issuer: String,
    jwks_uri: String,
}

/// What asks. It needs the certificates that this system trusts.
pub(super) fn client() -> reqwest::Result<Client> {
    // The library asks for one to be chosen for the whole process; that another part was quicker does no harm.
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder()
        .timeout(PATIENCE)
        .redirect(Policy::custom(|attempt| if stays(&attempt) { attempt.follow() } else { attempt.stop() }))
        // Keys are asked for once in an hour.
        .pool_max_idle_per_host(0)
        .build()
}

/// A provider may move its pages about on its own host. What leads elsewhere is not its word any more.
fn stays(attempt: &Attempt<'_>) -> bool {
    let origin = attempt.previous().first().map(Url::origin);
    origin == Some(attempt.url().origin()) && attempt.previous().len() <= MAX_REDIRECTS
}

/// The keys that the provider publishes now.
pub(super) async fn keys(client: &Client, issuer: &Issuer) -> anyhow::Result<KeySet> {
    let configuration = get(client, issuer.configuration()).await.context("its configuration")?;
    let configuration: Configuration = serde_json::from_slice(&configuration).context("its configuration")?;
    if configuration.issuer != issuer.name() {
        bail!("its configuration is that of another issuer: the setting must be the `issuer` in it, letter by letter");
    }
    let place = Url::parse(&configuration.jwks_uri).context("the place of its keys")?;
    if !issuer.may_ask(&place) {
        bail!("its keys are not published over https");
    }
    let keys = get(client, place).await.context("its keys")?;
    KeySet::read(&keys).context("its keys: none among them can be used here")
}

async fn get(client: &Client, url: Url) -> anyhow::Result<Vec<u8>> {
    let mut answer = client.get(url).header(header::ACCEPT, "application/json").send().await?;
    if !answer.status().is_success() {
        bail!("the answer was {}", answer.status());
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > MAX_BODY {
            bail!("the answer is more than {MAX_BODY} bytes");
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
