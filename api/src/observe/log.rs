//! What is written to standard error: a line for each event, with the name of the request that it belongs to.

use super::trail::request_id;
use clap::ValueEnum;
use std::fmt;
use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::{self, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// How a line is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// A JSON object for each line, for programs.
    Json,
}

/// Begins to log what this filter lets through.
pub fn start(filter: &str, format: Format) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter).map_err(|error| format!("LMI_LOG (--log): {error}"))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        Format::Text => {
            log.event_format(OfRequest { inner: format::format().with_target(false), close: "" }).init();
        }
        Format::Json => {
            let json = format::json().flatten_event(true).with_current_span(false).with_span_list(false);
            log.fmt_fields(format::JsonFields::new()).event_format(OfRequest { inner: json, close: "}" }).init();
        }
    }
    Ok(())
}

/// Adds the name of the request to what another format writes of an event.
struct OfRequest<F> {
    inner: F,
    /// What the other format ends a line with.
    close: &'static str,
}

impl<S, N, F> FormatEvent<S, N> for OfRequest<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, ctx: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let Some(id) = request_id() else { return self.inner.format_event(ctx, writer, event) };
        let mut line = String::new();
        self.inner.format_event(ctx, Writer::new(&mut line), event)?;
        let line = line.trim_end();
        match line.strip_suffix(self.close).filter(|_| !self.close.is_empty()) {
            Some(open) => writeln!(writer, "{open},\"request\":\"{id}\"{}", self.close),
            None => writeln!(writer, "{line} request={id}"),
        }
    }
}
