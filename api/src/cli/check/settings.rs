//! The settings, by themselves and beside each other.

use super::finding::Findings;
use crate::cli::serve::Settings;
use std::io::ErrorKind;
use tokio::net::TcpListener;

pub(super) async fn check(settings: Settings<'_>, findings: &mut Findings) {
    listen(settings, findings).await;
    public_url(settings, findings);
    production(settings, findings);
    if settings.serve.trusted_documents.is_some() || settings.serve.trusted_only {
        findings.of("LMI_TRUSTED_DOCUMENTS", &settings.documents(), "every registered document is valid");
    }
}

async fn listen(settings: Settings<'_>, findings: &mut Findings) {
    let addresses =
        [("LMI_LISTEN", Some(settings.serve.listen)), ("LMI_METRICS_LISTEN", settings.serve.metrics_listen)];
    for (about, address) in addresses {
        let Some(address) = address else { continue };
        match TcpListener::bind(address).await {
            Ok(_) => findings.good(about, &format!("{address} can be served on")),
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                findings.note(about, &format!("{address} is served on already; if that is not lmi, give another"));
            }
            Err(error) => findings.wrong(about, &format!("{address} cannot be served on: {error}; give another")),
        }
    }
}

fn public_url(settings: Settings<'_>, findings: &mut Findings) {
    const ABOUT: &str = "LMI_PUBLIC_URL";
    match &settings.access.public_url {
        None if settings.serve.production => {
            let says = "it is not given, so that links of letters and the issuer of tokens are the address that is served on; \
                        give the address that people use, as in https://lmi.example.org";
            findings.wrong(ABOUT, says);
        }
        None => findings.note(ABOUT, "it is not given; links lead to the address that is served on"),
        Some(url) if settings.serve.production && !url.as_str().starts_with("https://") => {
            findings.wrong(
                ABOUT,
                "it does not begin with https://; in production, serve behind a proxy that has a certificate",
            );
        }
        Some(url) => findings.good(ABOUT, url.as_str()),
    }
}

fn production(settings: Settings<'_>, findings: &mut Findings) {
    const ABOUT: &str = "LMI_PRODUCTION";
    let serve = settings.serve;
    if !serve.production {
        let says = "it is off: the schema describes itself to everybody, and webhooks may go to private addresses; turn it on \
                    where others than you use the service";
        findings.note(ABOUT, says);
        return;
    }
    findings.good(ABOUT, "on");
    if serve.trusted_proxies.is_empty() {
        let says = "none is trusted: every request seems to come from the proxy, which limits count as one; name the proxy, as in \
                    10.0.0.0/8";
        findings.note("LMI_TRUSTED_PROXIES", says);
    }
    if serve.metrics_listen.is_none() {
        let says = "figures are told on the port that everybody reaches; let the proxy keep /metrics to itself, or give them a \
                    port of their own";
        findings.note("LMI_METRICS_LISTEN", says);
    }
}
