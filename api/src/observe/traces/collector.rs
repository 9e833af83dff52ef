//! How spans are sent: by the client that everything else of ours goes out by.

use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use reqwest::Client;
use reqwest::redirect::Policy;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;

/// How long the collector may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The way to the collector. The library sends from a thread of its own, on which no runtime is.
#[derive(Debug)]
pub(super) struct Collector {
    client: Client,
    runtime: Handle,
    /// Whether the last were not taken: once is enough to say it.
    is_away: AtomicBool,
}

impl Collector {
    pub(super) fn new() -> anyhow::Result<Self> {
        // The library asks for one to be chosen for the whole process; that another part was quicker does no harm.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = Client::builder().timeout(PATIENCE).redirect(Policy::none()).build()?;
        Ok(Self { client, runtime: Handle::try_current()?, is_away: AtomicBool::new(false) })
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move {
            let (head, body) = request.into_parts();
            let sent =
                client.request(head.method, head.uri.to_string()).headers(head.headers).body(body).send().await?;
            let mut response = Response::new(Bytes::new());
            *response.status_mut() = sent.status();
            Ok::<_, reqwest::Error>(response)
        });
        let sent = sent.await?;
        let is_taken = sent.as_ref().is_ok_and(|response| response.status().is_success());
        if self.is_away.swap(!is_taken, Ordering::Relaxed) == is_taken {
            if is_taken {
                tracing::info!("traces are taken again by the collector that OTEL_EXPORTER_OTLP_ENDPOINT names");
            } else {
                tracing::warn!("traces are not taken by the collector that OTEL_EXPORTER_OTLP_ENDPOINT names");
            }
        }
        Ok(sent?)
    }
}
