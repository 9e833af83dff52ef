//! Sends one message to one address.

use super::super::address::Network;
use chrono::{DateTime, TimeDelta, Utc};
use entity::webhook_delivery::Fault;
use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, header};
use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};
use url::{Host, Url};

/// How long one request may take, from looking the name up to the last byte that is read.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long it may take until there is a connection.
const CONNECTING: Duration = Duration::from_secs(5);
/// Bytes of an answer that are read, for politeness: nobody looks at them.
const READ: usize = 4096;
/// Who sends.
const AGENT: &str = concat!("lmi-webhooks/", env!("CARGO_PKG_VERSION"));

/// What is sent, with the headers that prove it.
pub(super) struct Letter<'a> {
    pub(super) url: &'a str,
    pub(super) id: &'a str,
    pub(super) timestamp: i64,
    pub(super) signature: &'a str,
    pub(super) body: String,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    /// What the receiver answered, if it did.
    pub(super) status: Option<u16>,
    /// What went wrong, if something did.
    pub(super) fault: Option<Fault>,
    /// When the receiver asks to be tried again, where it said that it cannot take anything now.
    pub(super) again: Option<Again>,
}

/// When somebody asks to be tried again (`Retry-After`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    In(TimeDelta),
    At(DateTime<Utc>),
}

impl Again {
    fn asked(response: &Response) -> Option<Self> {
        let is_busy = [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE].contains(&response.status());
        let said = response.headers().get(header::RETRY_AFTER).filter(|_| is_busy)?.to_str().ok()?.trim();
        match said.parse::<u32>() {
            Ok(seconds) => Some(Self::In(TimeDelta::seconds(seconds.into()))),
            Err(_) => Some(Self::At(DateTime::parse_from_rfc2822(said).ok()?.to_utc())),
        }
    }

    /// How long that is from now.
    pub(super) fn after(self, now: DateTime<Utc>) -> TimeDelta {
        match self {
            Self::In(pause) => pause,
            Self::At(moment) => moment - now,
        }
    }
}

impl Outcome {
    /// The receiver says that there is nothing for it any more.
    pub(super) fn is_gone(self) -> bool {
        self.status == Some(410)
    }

    fn failed(fault: Fault) -> Self {
        Self { status: None, fault: Some(fault), again: None }
    }
}

/// Sends messages, each over a connection of its own: the address is looked up and looked at each time.
#[derive(Clone)]
pub(super) struct Post {
    client: Client,
    network: Network,
    lookup: Lookup,
}

impl Post {
    pub(super) fn new(network: Network) -> reqwest::Result<Self> {
        Self::looking_up(network, Arc::new(|name| Box::pin(by_system(name))), PATIENCE)
    }

    /// The same with another patience.
    pub(super) fn waiting(self, patience: Duration) -> reqwest::Result<Self> {
        Self::looking_up(self.network, self.lookup, patience)
    }

    fn looking_up(network: Network, lookup: Lookup, patience: Duration) -> reqwest::Result<Self> {
        // The library asks for one to be chosen for the whole process; that another part was quicker does no harm.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = Client::builder()
            .user_agent(AGENT)
            .timeout(patience)
            .connect_timeout(CONNECTING.min(patience))
            .redirect(Policy::none())
            .referer(false)
            .no_proxy()
            .pool_max_idle_per_host(0)
            .https_only(network == Network::Public)
            .dns_resolver(Resolver { network, lookup: Arc::clone(&lookup) })
            .build()?;
        Ok(Self { client, network, lookup })
    }

    /// Sends a message. What the receiver answers besides its status, and when to come again, is nobody's business.
    pub(super) async fn send(&self, letter: Letter<'_>) -> Outcome {
        if !self.may_go_to(letter.url) {
            return Outcome::failed(Fault::Address);
        }
        let request = self
            .client
            .post(letter.url)
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-id", letter.id)
            .header("webhook-timestamp", letter.timestamp)
            .header("webhook-signature", letter.signature)
            .body(letter.body);
        match request.send().await {
            Ok(response) => {
                let (status, again) = (response.status(), Again::asked(&response));
                read_a_little(response).await;
                let fault = (!status.is_success()).then_some(Fault::Status);
                Outcome { status: Some(status.as_u16()), fault, again }
            }
            Err(error) => Outcome::failed(fault(&error)),
        }
    }

    /// Addresses that stand in the URL itself are not looked up, and so are looked at here.
    fn may_go_to(&self, url: &str) -> bool {
        let Ok(url) = Url::parse(url) else { return false };
        if self.network == Network::Public && url.scheme() != "https" {
            return false;
        }
        let literal: IpAddr = match url.host() {
            Some(Host::Ipv4(address)) => address.into(),
            Some(Host::Ipv6(address)) => address.into(),
            Some(Host::Domain(_)) => return true,
            None => return false,
        };
        self.network.allows(literal)
    }
}

/// Lets the receiver finish what it says, unless that is much.
async fn read_a_little(mut response: Response) {
    let mut read = 0;
    while let Ok(Some(chunk)) = response.chunk().await {
        read += chunk.len();
        if read > READ {
            return;
        }
    }
}

fn fault(error: &reqwest::Error) -> Fault {
    if is_not_public(error) {
        Fault::Address
    } else if error.is_timeout() {
        Fault::Timeout
    } else if error.is_connect() {
        Fault::Connection
    } else {
        Fault::CutOff
    }
}

fn is_not_public(error: &(dyn Error + 'static)) -> bool {
    error.is::<NotPublic>() || error.source().is_some_and(is_not_public)
}

type Lookup = Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> + Send + Sync>;

async fn by_system(name: String) -> io::Result<Vec<SocketAddr>> {
    Ok(tokio::net::lookup_host((name.as_str(), 0)).await?.collect())
}

/// Looks names up, and keeps to the addresses that requests may go to: what is connected to is what was looked at.
struct Resolver {
    network: Network,
    lookup: Lookup,
}

/// A name leads to no address that requests may go to.
#[derive(Debug)]
struct NotPublic;

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name leads to no address of the public internet")
    }
}

impl Error for NotPublic {}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (network, found) = (self.network, (self.lookup)(name.as_str().to_owned()));
        Box::pin(async move {
            let allowed = found.await?.into_iter().filter(|address| network.allows(address.ip()));
            let allowed: Vec<SocketAddr> = allowed.collect();
            if allowed.is_empty() {
                return Err(NotPublic.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::net::TcpListener;

    fn letter(url: &str) -> Letter<'_> {
        Letter { url, id: "one", timestamp: 0, signature: "v1,none", body: "{}".to_owned() }
    }

    /// A post that goes to public addresses alone, where every name leads to these, one after another.
    fn post(addresses: Vec<Vec<SocketAddr>>) -> anyhow::Result<(Post, Arc<AtomicUsize>)> {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let lookup: Lookup = Arc::new(move |_| {
            let answer = addresses.get(count.fetch_add(1, Ordering::Relaxed)).or(addresses.last()).cloned();
            Box::pin(async move { Ok(answer.unwrap_or_default()) })
        });
        Ok((Post::looking_up(Network::Public, lookup, Duration::from_millis(200))?, asked))
    }

    #[tokio::test]
    async fn a_name_that_leads_to_what_is_not_public_is_connected_to_by_no_address() -> anyhow::Result<()> {
        let inside = TcpListener::bind("127.0.0.1:0").await?;
        let mut inner = inside.local_addr()?;
        let mapped: SocketAddr = format!("[::ffff:127.0.0.1]:{}", inner.port()).parse()?;
        // Of one that nobody answers at, nothing is sent anywhere else.
        let (post, asked) = post(vec![vec![inner], vec![mapped], vec![], vec![mapped, inner]])?;
        for _ in 0..4 {
            let url = format!("https://partner.example:{}/hook", inner.port());
            assert_eq!(post.send(letter(&url)).await, Outcome::failed(Fault::Address));
        }
        assert_eq!(asked.load(Ordering::Relaxed), 4, "a name is looked up for each message, and once");
        inner.set_port(0);
        let nobody = tokio::time::timeout(Duration::from_millis(20), inside.accept()).await;
        assert!(nobody.is_err(), "somebody connected");
        Ok(())
    }

    #[tokio::test]
    async fn an_address_in_the_url_is_looked_at_in_every_form() -> anyhow::Result<()> {
        let (post, asked) = post(Vec::new())?;
        for url in [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://127.0.0.1./",
            "https://%31%32%37.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:7f00:1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[fe80::1]/",
            "https://169.254.169.254/latest/meta-data",
            "https://0.0.0.0/",
            "https://[::]/",
            "https://[64:ff9b::a00:1]/",
            "http://8.8.8.8/",
            "ftp://8.8.8.8/",
            "//x",
        ] {
            assert_eq!(post.send(letter(url)).await, Outcome::failed(Fault::Address), "{url}");
        }
        assert_eq!(asked.load(Ordering::Relaxed), 0);
        Ok(())
    }
}
