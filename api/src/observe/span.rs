//! The span around a request, once it is known how that was answered.

use super::line::{Answered, short};
use super::trail::Trail;
use opentelemetry::KeyValue;

/// Ends the span of a request, with what the conventions have names for.
pub(crate) fn end(trail: &Trail, answered: Answered<'_>) {
    let Some(traced) = trail.traced() else { return };
    let facts = trail.facts();
    let mut about = vec![
        KeyValue::new("lmi.request.id", trail.id().to_string()),
        KeyValue::new("lmi.kind", facts.kind.name()),
        KeyValue::new("lmi.transport", trail.transport().name()),
        KeyValue::new("lmi.statements", i64::try_from(facts.statements.count).unwrap_or(i64::MAX)),
        KeyValue::new("http.response.status_code", i64::from(answered.status)),
    ];
    let mut add =
        |name: &'static str, value: Option<String>| about.extend(value.map(|value| KeyValue::new(name, value)));
    add("http.request.method", (!answered.method.is_empty()).then(|| answered.method.to_owned()));
    add("http.route", (!answered.path.is_empty()).then(|| answered.path.to_owned()));
    add("graphql.operation.name", facts.operation.as_deref().map(short));
    add("error.type", facts.code.map(str::to_owned));
    let name = match answered.method {
        "" => facts.kind.name().to_owned(),
        method => format!("{method} {}", answered.path),
    };
    traced.end(name, answered.status < 500, about);
}
