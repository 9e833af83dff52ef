//! The line that a request leaves in the log.

use super::kind::{Kind, Transport};
use super::security;
use super::trail::Trail;
use crate::graphql::code;
use std::fmt::Write as _;
use std::time::Duration;

/// How a request was answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answered<'a> {
    pub(crate) method: &'a str,
    /// The path as the router has it, with names in place of what differs.
    pub(crate) path: &'a str,
    pub(crate) status: u16,
    pub(crate) took: Duration,
}

/// Says how a request was answered: a warning where it is our fault, in passing where nothing was changed and all went well or
/// was refused for want of room, which may happen a thousand times a second; else for everybody to read.
pub(crate) fn tell(trail: &Trail, answered: Answered<'_>) {
    macro_rules! line {
        ($level:ident) => {
            if tracing::enabled!(target: "lmi::request", tracing::Level::$level) {
                let told = Told::of(trail, answered);
                let Answered { method, path, status, .. } = answered;
                tracing::event!(
                    target: "lmi::request", tracing::Level::$level, request = %trail.id(), method, path, status,
                    ms = told.ms, kind = told.kind, operation = told.operation, document = told.document,
                    viewer = told.viewer, code = told.code, statements = told.statements, kept = told.kept, transport = told.transport,
                    "answered"
                );
            }
        };
    }
    security::tell_refusal(trail, answered.status);
    let (kind, failed) = {
        let facts = trail.facts();
        (facts.kind, facts.code)
    };
    let is_our_fault = matches!(failed, Some(code::INTERNAL_SERVER_ERROR | code::TIMEOUT));
    let is_passing = matches!(failed, Some(code::UNAVAILABLE | code::RATE_LIMITED));
    if is_our_fault || (answered.status >= 500 && !is_passing && kind != Kind::Health) {
        line!(WARN);
    } else if kind == Kind::Mutation || (failed.is_some() && !is_passing && kind != Kind::Nowhere) {
        line!(INFO);
    } else {
        line!(DEBUG);
    }
}

/// What the line says.
struct Told {
    ms: f64,
    kind: &'static str,
    operation: Option<String>,
    document: Option<String>,
    viewer: Option<&'static str>,
    code: Option<&'static str>,
    statements: usize,
    kept: Option<bool>,
    transport: Option<&'static str>,
}

impl Told {
    fn of(trail: &Trail, answered: Answered<'_>) -> Self {
        let facts = trail.facts();
        Self {
            ms: (answered.took.as_secs_f64() * 10_000.0).round() / 10.0,
            kind: facts.kind.name(),
            operation: facts.operation.as_deref().map(short),
            document: facts.document.as_ref().map(hex),
            viewer: facts.viewer,
            code: facts.code,
            statements: facts.statements.count,
            kept: facts.was_kept.then_some(true),
            transport: (trail.transport() == Transport::Socket).then(|| Transport::Socket.name()),
        }
    }
}

/// The name of an operation, which is as long as somebody makes it.
pub(super) fn short(name: &str) -> String {
    name.chars().take(80).collect()
}

/// A hash as it is written.
pub(super) fn hex(hash: &[u8; 32]) -> String {
    hash.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
