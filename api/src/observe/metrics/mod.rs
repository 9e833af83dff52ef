//! What is counted and measured, for `GET /metrics`.
//!
//! What happens is counted where it happens, by handles that are there from the start: nothing is looked up by a text, and
//! nothing is written down until somebody asks. How things stand is looked at when somebody asks ([`state`]), and what only the database
//! knows now and then ([`sampled`]). No label has a value that clients choose, but the names of registered operations.

mod labels;
mod process;
pub(crate) mod sampled;
mod state;
mod text;

pub(crate) use state::{ServerState, State};
pub(crate) use text::{OPEN_METRICS, PLAIN, plain};

use super::kind::{Kind, Transport};
use super::statements::Does;
use labels::{OfKind, OfOperation, OfRequest, OfSql, OfVersion, Outcome};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::sync::LazyLock;
use std::time::Duration;

/// The bounds between which times are counted, in seconds: from a kept answer to the longest that a request may take.
const TIMES: [f64; 15] = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

type Timed<L> = Family<L, Histogram, fn() -> Histogram>;

fn timed<L: Clone + std::hash::Hash + Eq>() -> Timed<L> {
    Family::new_with_constructor(|| Histogram::new(TIMES))
}

/// Everything that is counted in this process.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<OfRequest, Counter>,
    request_seconds: Timed<OfKind>,
    pub(super) in_flight: Gauge,
    operation_seconds: Timed<OfOperation>,
    slow: Counter,
    answers: Family<Outcome, Counter>,
    evictions: Counter,
    statement_seconds: Timed<OfSql>,
    statement_failures: Family<OfSql, Counter>,
    letters: Family<Outcome, Counter>,
    letters_under_way: Gauge,
    deliveries: Family<Outcome, Counter>,
    delivery_seconds: Histogram,
    deliveries_under_way: Gauge,
    state: state::Gauges,
    sampled: sampled::Gauges,
}

/// Everything that is counted in this process.
pub(crate) fn metrics() -> &'static Metrics {
    static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::new);
    &METRICS
}

/// Something that is under way until this is dropped.
#[derive(Debug)]
pub(crate) struct UnderWay(&'static Gauge);

impl UnderWay {
    fn of(gauge: &'static Gauge) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    fn new() -> Self {
        let mut all = Registry::default();
        let (state, sampled) = (state::Gauges::default(), sampled::Gauges::default());
        state.register_process(&mut all);
        let mut metrics = Self {
            registry: Registry::default(),
            requests: Family::default(),
            request_seconds: timed(),
            in_flight: Gauge::default(),
            operation_seconds: timed(),
            slow: Counter::default(),
            answers: Family::default(),
            evictions: Counter::default(),
            statement_seconds: timed(),
            statement_failures: Family::default(),
            letters: Family::default(),
            letters_under_way: Gauge::default(),
            deliveries: Family::default(),
            delivery_seconds: Histogram::new(TIMES),
            deliveries_under_way: Gauge::default(),
            state,
            sampled,
        };
        let ours = all.sub_registry_with_prefix("lmi");
        metrics.register_requests(ours);
        metrics.register_work(ours);
        metrics.state.register(ours);
        metrics.sampled.register(ours);
        metrics.registry = all;
        metrics.begin();
        metrics
    }

    fn register_requests(&self, all: &mut Registry) {
        let about = "Requests that were answered, by what they asked for, HTTP status and the code of their first error; 499 where \
                     whoever asked went away";
        all.register("requests", about, self.requests.clone());
        let about = "Time until the answer to a request began; of subscriptions nothing is measured";
        all.register_with_unit("request", about, Unit::Seconds, self.request_seconds.clone());
        all.register("requests_in_flight", "Requests that are being answered", self.in_flight.clone());
        let about = "Time until the answer to a registered document began, by the name of its operation";
        all.register_with_unit("operation", about, Unit::Seconds, self.operation_seconds.clone());
        all.register("slow_operations", "Requests that took longer than LMI_SLOW_MS", self.slow.clone());
        let about = "Queries of the public, by where their answer came from: hit for memory, miss for the database";
        all.register("answers", about, self.answers.clone());
        let about = "Answers that were put away because there was no room for them any more";
        all.register("answers_evicted", about, self.evictions.clone());
        let version: Family<OfVersion, Gauge> = Family::default();
        version.get_or_create(&OfVersion { version: env!("CARGO_PKG_VERSION") }).set(1);
        all.register("build_info", "The version of the service", version);
    }

    fn register_work(&self, all: &mut Registry) {
        let about = "Time that statements took, by what they do; waiting for a connection is not in it";
        all.register_with_unit("sql_statement", about, Unit::Seconds, self.statement_seconds.clone());
        all.register("sql_failures", "Statements that failed, by what they do", self.statement_failures.clone());
        all.register("letters", "Letters, by whether the mail server took them", self.letters.clone());
        all.register("letters_in_flight", "Letters that are being sent", self.letters_under_way.clone());
        let about = "Attempts to deliver webhooks, by what came of them";
        all.register("webhook_deliveries", about, self.deliveries.clone());
        let about = "Time that attempts to deliver webhooks took";
        all.register_with_unit("webhook_delivery", about, Unit::Seconds, self.delivery_seconds.clone());
        let about = "Webhooks that are being delivered";
        all.register("webhook_deliveries_in_flight", about, self.deliveries_under_way.clone());
    }

    /// What is counted is there from the start, so that the first of its kind is seen as an increase.
    fn begin(&self) {
        for outcome in ["hit", "miss"] {
            drop(self.answers.get_or_create(&Outcome { outcome }));
        }
        for outcome in ["ok", "failed"] {
            drop(self.letters.get_or_create(&Outcome { outcome }));
            drop(self.deliveries.get_or_create(&Outcome { outcome }));
        }
        for does in Does::ALL {
            drop(self.statement_seconds.get_or_create(&OfSql { operation: does.name() }));
            drop(self.statement_failures.get_or_create(&OfSql { operation: does.name() }));
        }
        for kind in [Kind::Query, Kind::Mutation, Kind::File, Kind::Page] {
            drop(self.request_seconds.get_or_create(&OfKind { kind: kind.name() }));
        }
    }

    /// A request that is being answered, until what comes back is dropped.
    pub(crate) fn request(&'static self) -> UnderWay {
        UnderWay::of(&self.in_flight)
    }

    /// A request was answered.
    pub(crate) fn answered(
        &self,
        transport: Transport,
        kind: Kind,
        (status, code): (u16, &'static str),
        took: Duration,
    ) {
        let of = OfRequest { transport: transport.name(), kind: kind.name(), status: status.into(), code };
        self.requests.get_or_create(&of).inc();
        if kind != Kind::Subscription {
            self.request_seconds.get_or_create(&OfKind { kind: kind.name() }).observe(took.as_secs_f64());
        }
    }

    /// A registered document was answered, whose operation has this name.
    pub(crate) fn registered(&self, operation: &str, took: Duration) {
        let of = OfOperation { operation: operation.to_owned() };
        self.operation_seconds.get_or_create(&of).observe(took.as_secs_f64());
    }

    /// A request took too long.
    pub(crate) fn slow(&self) {
        self.slow.inc();
    }

    /// A query of the public was answered: from memory, or not.
    pub(crate) fn kept(&self, from_memory: bool) {
        let outcome = if from_memory { "hit" } else { "miss" };
        self.answers.get_or_create(&Outcome { outcome }).inc();
    }

    /// An answer was put away for want of room.
    pub(crate) fn evicted(&self) {
        self.evictions.inc();
    }

    /// A statement was run.
    pub(crate) fn statement(&self, does: Does, took: Duration, failed: bool) {
        let of = OfSql { operation: does.name() };
        self.statement_seconds.get_or_create(&of).observe(took.as_secs_f64());
        if failed {
            self.statement_failures.get_or_create(&of).inc();
        }
    }

    /// A letter that is being sent, until what comes back is dropped.
    pub(crate) fn letter(&'static self) -> UnderWay {
        UnderWay::of(&self.letters_under_way)
    }

    /// A letter was sent, or was not taken.
    pub(crate) fn sent(&self, is_taken: bool) {
        self.letters.get_or_create(&Outcome::of(is_taken)).inc();
    }

    /// A webhook that is being delivered, until what comes back is dropped.
    pub(crate) fn delivery(&'static self) -> UnderWay {
        UnderWay::of(&self.deliveries_under_way)
    }

    /// An attempt to deliver a webhook is over.
    pub(crate) fn delivered(&self, is_taken: bool, took: Duration) {
        self.deliveries.get_or_create(&Outcome::of(is_taken)).inc();
        self.delivery_seconds.observe(took.as_secs_f64());
    }

    /// What the database said when it was looked at last.
    pub(crate) fn sampled(&self) -> &sampled::Gauges {
        &self.sampled
    }

    /// Everything, in the text of `OpenMetrics`, with how things stand now.
    pub(crate) fn text(&self, state: &State) -> String {
        self.state.set(state);
        text::written(&self.registry)
    }
}
