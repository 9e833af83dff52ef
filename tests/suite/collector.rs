//! A collector of traces that tests can read.

use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// A collector, which takes traces as `OpenTelemetry` sends them by HTTP.
pub(crate) struct Collector {
    url: String,
    spans: mpsc::UnboundedReceiver<Vec<Span>>,
    had: Vec<Span>,
}

impl Collector {
    pub(crate) async fn start() -> Self {
        let (send, spans) = mpsc::unbounded_channel();
        let take = move |headers: HeaderMap, body: Bytes| async move {
            assert_eq!(headers["content-type"], "application/x-protobuf");
            let request = ExportTraceServiceRequest::decode(body).expect("a message of the protocol");
            let scopes = request.resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
            // Nobody may read any more.
            let _ = send.send(scopes.flat_map(|scope| scope.spans).collect());
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new().route("/v1/traces", post(take));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, spans, had: Vec::new() }
    }

    /// Where it is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// All spans that came, once they are enough.
    pub(crate) async fn until(&mut self, enough: impl Fn(&[Span]) -> bool) -> &[Span] {
        while !enough(&self.had) {
            self.had.extend(self.spans.recv().await.expect("more spans"));
        }
        &self.had
    }
}
