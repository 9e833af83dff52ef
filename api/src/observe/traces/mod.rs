//! Traces: what each request did when, for a collector that speaks `OpenTelemetry`.
//!
//! Spans are made of what the request's trail is told anyway, and only where a collector is named; else each of these functions is one
//! look at something that is not there. No span holds a text of SQL, a document, a value or anything about people.

mod collector;

use super::statements::Does;
use super::trail::Trail;
use anyhow::Context as _;
use axum::http::HeaderMap;
use collector::Collector;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{Span as _, SpanKind, Status, TraceContextExt as _, Tracer as _, TracerProvider as _};
use opentelemetry::{Context, KeyValue};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};
use url::Url;

/// How long the last spans may take at the end.
const LAST: Duration = Duration::from_secs(2);
/// Where collectors take traces, beneath their address.
const PATH: &str = "v1/traces";

static TRACER: OnceLock<SdkTracer> = OnceLock::new();

/// The way to the collector, for as long as the service runs.
#[derive(Debug)]
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Begins to send spans to the collector of this address.
    pub fn start(address: &Url) -> anyhow::Result<Self> {
        let place = format!("{}/{PATH}", address.as_str().trim_end_matches('/'));
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(place)
            .with_http_client(Collector::new()?)
            .build()
            .context("OTEL_EXPORTER_OTLP_ENDPOINT (--otlp-endpoint)")?;
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let resource = Resource::builder().with_service_name("lmi").with_attribute(version).build();
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
        // A second start would be of the same process and to the same place.
        let _ = TRACER.set(provider.tracer("lmi"));
        Ok(Self(provider))
    }

    /// Sends what is left.
    pub async fn end(self) {
        let ended = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(LAST)).await;
        if !matches!(ended, Ok(Ok(()))) {
            tracing::debug!("the last spans were not taken");
        }
    }
}

/// What a request is traced by: the span that is around it, and the innermost that is open.
#[derive(Debug)]
pub(crate) struct Traced {
    whole: Context,
    innermost: Mutex<Context>,
}

/// A span that is open until this is dropped.
#[must_use]
pub(crate) struct Open(Option<(Trail, Context)>);

/// The span of a request, within what its headers say that it belongs to; none where nothing is traced.
pub(crate) fn request(headers: Option<&HeaderMap>) -> Option<Traced> {
    let tracer = TRACER.get()?;
    let around = match headers {
        Some(headers) => TraceContextPropagator::new().extract_with_context(&Context::new(), &HeaderExtractor(headers)),
        None => Context::new(),
    };
    let span = tracer.build_with_context(tracer.span_builder("request").with_kind(SpanKind::Server), &around);
    let whole = around.with_span(span);
    Some(Traced { innermost: Mutex::new(whole.clone()), whole })
}

/// Opens a span within the request that is being answered.
pub(crate) fn open(name: &'static str) -> Open {
    if TRACER.get().is_none() {
        return Open(None);
    }
    let Some(trail) = Trail::here() else { return Open(None) };
    let opened = trail.traced().map(|traced| traced.open(name));
    Open(opened.map(|around| (trail, around)))
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some((trail, around)) = self.0.take()
            && let Some(traced) = trail.traced()
        {
            traced.close(around);
        }
    }
}

/// Notes a statement that has just been run, and took this long.
pub(super) fn statement(trail: &Trail, does: Does, (sql, took, failed): (&str, Duration, bool)) {
    let (Some(tracer), Some(around)) = (TRACER.get(), trail.traced()) else { return };
    let ended = SystemTime::now();
    let began = ended.checked_sub(took).unwrap_or(ended);
    let mut about =
        vec![KeyValue::new("db.system.name", "postgresql"), KeyValue::new("db.operation.name", does.name())];
    about.extend(table(sql).map(|table| KeyValue::new("db.collection.name", table.to_owned())));
    let span =
        tracer.span_builder(does.name()).with_kind(SpanKind::Client).with_start_time(began).with_attributes(about);
    let mut span = tracer.build_with_context(span, &around.innermost());
    if failed {
        span.set_status(Status::error(""));
    }
    span.end_with_timestamp(ended);
}

/// Traces something that no request waits for: `done` says whether it went well.
pub(crate) async fn of_our_own<T>(name: &'static str, doing: impl Future<Output = T>, done: impl Fn(&T) -> bool) -> T {
    let Some(tracer) = TRACER.get() else { return doing.await };
    let mut span = tracer.build_with_context(tracer.span_builder(name).with_kind(SpanKind::Client), &Context::new());
    let result = doing.await;
    if !done(&result) {
        span.set_status(Status::error(""));
    }
    span.end();
    result
}

/// The table that a statement of ours names first.
fn table(sql: &str) -> Option<&str> {
    let words = ["FROM \"", "INTO \"", "UPDATE \""];
    let at = words.iter().filter_map(|word| sql.find(word).map(|at| at + word.len())).min()?;
    sql[at..].split('"').next()
}

impl Traced {
    fn innermost(&self) -> Context {
        self.innermost.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Opens a span within the innermost, which is what comes back.
    fn open(&self, name: &'static str) -> Context {
        let mut innermost = self.innermost.lock().unwrap_or_else(PoisonError::into_inner);
        let around = innermost.clone();
        if let Some(tracer) = TRACER.get() {
            let span = tracer.build_with_context(tracer.span_builder(name), &around);
            *innermost = around.with_span(span);
        }
        around
    }

    fn close(&self, around: Context) {
        let mut innermost = self.innermost.lock().unwrap_or_else(PoisonError::into_inner);
        let inner = std::mem::replace(&mut *innermost, around);
        inner.span().end();
    }

    /// Ends the span of the request.
    pub(crate) fn end(&self, name: String, is_well: bool, about: Vec<KeyValue>) {
        let span = self.whole.span();
        span.update_name(name);
        span.set_attributes(about);
        if !is_well {
            span.set_status(Status::error(""));
        }
        span.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_of_the_table_that_it_names_first() {
        assert_eq!(table("SELECT \"a\" FROM \"person\" JOIN \"team\" ON true"), Some("person"));
        assert_eq!(table("INSERT INTO \"team\" (\"a\") SELECT 1 FROM \"person\""), Some("team"));
        assert_eq!(table("UPDATE \"team\" SET \"a\" = $1"), Some("team"));
        assert_eq!(table("SELECT 1"), None);
    }
}
