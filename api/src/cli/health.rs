//! `lmi health`: asks a service on this machine how it is, for those who look after it and have no program that asks.

use super::say;
use anyhow::Context as _;
use reqwest::Client;
use reqwest::redirect::Policy;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks whether the process runs, or whether it can answer.
pub(super) async fn run(listen: SocketAddr, ready: bool) -> anyhow::Result<ExitCode> {
    let url = format!("http://{}/health/{}", near(listen), if ready { "ready" } else { "live" });
    // The library asks for one to be chosen, whether or not anything is encrypted.
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = Client::builder().timeout(PATIENCE).redirect(Policy::none()).no_proxy().build()?;
    let asked = client.get(&url).send().await;
    let answer =
        asked.with_context(|| format!("nothing answers at {url}; LMI_LISTEN (--listen) says where it serves"))?;
    let status = answer.status();
    let text = answer.text().await.unwrap_or_default();
    say(text.trim_end());
    anyhow::ensure!(status.is_success(), "{url} answers {}", status.as_u16());
    Ok(ExitCode::SUCCESS)
}

/// Where it is reached from this machine: who serves on every address does so on the machine's own.
fn near(listen: SocketAddr) -> SocketAddr {
    let own: IpAddr = match listen {
        SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    if listen.ip().is_unspecified() { SocketAddr::new(own, listen.port()) } else { listen }
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn who_serves_everywhere_is_asked_at_home() {
        let asked = |listen: &str| listen.parse().map(|listen| near(listen).to_string());
        assert_eq!(asked("0.0.0.0:8080").as_deref(), Ok("127.0.0.1:8080"));
        assert_eq!(asked("[::]:8080").as_deref(), Ok("[::1]:8080"));
        assert_eq!(asked("10.0.0.1:81").as_deref(), Ok("10.0.0.1:81"));
    }
}
