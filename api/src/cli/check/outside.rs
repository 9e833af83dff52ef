//! What the service turns to beyond its database: identity providers, the mail server, the collector of traces.

use super::finding::Findings;
use crate::cli::serve::Settings;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

/// How long any of them may take.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn check(settings: Settings<'_>, findings: &mut Findings) {
    providers(settings, findings).await;
    mail(settings, findings).await;
    if let Some(address) = &settings.serve.otlp_endpoint {
        collector(address, findings).await;
    }
}

async fn providers(settings: Settings<'_>, findings: &mut Findings) {
    const ABOUT: &str = "LMI_OIDC_ISSUERS";
    match settings.providers() {
        Ok(providers) => {
            for (issuer, asked) in providers.ask().await {
                match asked {
                    Ok(()) => findings.good(ABOUT, &format!("{issuer} publishes keys")),
                    Err(error) => {
                        findings.wrong(ABOUT, &format!("{issuer} does not publish keys that can be used: {error:#}"));
                    }
                }
            }
        }
        Err(error) => findings.wrong(ABOUT, &format!("{error:#}")),
    }
}

async fn mail(settings: Settings<'_>, findings: &mut Findings) {
    const ABOUT: &str = "LMI_SMTP_URL";
    let mailer = match settings.mailer() {
        Ok(mailer) => mailer,
        Err(error) => return findings.wrong(ABOUT, &format!("{error:#}")),
    };
    match timeout(PATIENCE, mailer.try_out()).await {
        Ok(Ok(true)) => findings.good(ABOUT, "the mail server answers"),
        Ok(Ok(false)) => findings.note(ABOUT, "no letters are sent; links are handed over by hand"),
        Ok(Err(fault)) => {
            findings.wrong(ABOUT, &format!("letters cannot be sent: {fault}; look at its address and what it offers"));
        }
        Err(_) => {
            findings.wrong(ABOUT, "the mail server does not answer in time; look at its address and the way there");
        }
    }
}

async fn collector(address: &Url, findings: &mut Findings) {
    const ABOUT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
    let place = address.host_str().zip(address.port_or_known_default());
    let Some((host, port)) = place else {
        return findings.wrong(ABOUT, "it names no host; as in http://127.0.0.1:4318");
    };
    match timeout(PATIENCE, TcpStream::connect((host.trim_matches(['[', ']']), port))).await {
        Ok(Ok(_)) => findings.good(ABOUT, "the collector can be reached"),
        _ => findings.wrong(ABOUT, "the collector cannot be reached; traces are lost, and everything else goes on"),
    }
}
