//! How the figures are written.

use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;

/// The media type of `OpenMetrics`, for whoever asks for it.
pub(crate) const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// The media type that every collector reads.
pub(crate) const PLAIN: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Everything, as `OpenMetrics` writes it.
pub(super) fn written(registry: &Registry) -> String {
    let mut text = String::new();
    if let Err(error) = encode(&mut text, registry) {
        tracing::error!(%error, "the figures cannot be written");
    }
    text
}

/// The same as Prometheus has always written it: there a counter is described by the name that it has in its lines.
pub(crate) fn plain(open_metrics: &str) -> String {
    let mut counters = Vec::new();
    for line in open_metrics.lines() {
        if let Some(name) = line.strip_prefix("# TYPE ").and_then(|rest| rest.strip_suffix(" counter")) {
            counters.push(name);
        }
    }
    let mut text = String::with_capacity(open_metrics.len());
    for line in open_metrics.lines() {
        let mut words = line.splitn(4, ' ');
        let described = match (words.next(), words.next(), words.next(), words.next()) {
            (Some("#"), Some("UNIT" | "EOF"), ..) => continue,
            (Some("#"), Some(what), Some(name), Some(rest)) if counters.contains(&name) => {
                format!("# {what} {name}_total {rest}")
            }
            _ => line.to_owned(),
        };
        text.push_str(&described);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_is_described_by_its_name() {
        let open = "# HELP a_requests Requests.\n# TYPE a_requests counter\na_requests_total 3\n\
                    # HELP a_seconds Time.\n# TYPE a_seconds histogram\n# UNIT a_seconds seconds\na_seconds_sum 1.0\n# EOF\n";
        let expected = "# HELP a_requests_total Requests.\n# TYPE a_requests_total counter\na_requests_total 3\n\
                        # HELP a_seconds Time.\n# TYPE a_seconds histogram\na_seconds_sum 1.0\n";
        assert_eq!(plain(open), expected);
    }
}
