//! How things stand at the moment that somebody asks.

use super::labels::Server;
use super::process::Process;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use std::sync::atomic::{AtomicU64, Ordering};

/// How the service stands.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) servers: Vec<ServerState>,
    pub(crate) answers: u64,
    pub(crate) answer_bytes: u64,
    pub(crate) most_answer_bytes: u64,
    pub(crate) sockets: usize,
    pub(crate) subscriptions: usize,
    /// Whether it is known that nothing is missed of what the database tells.
    pub(crate) listens: bool,
}

/// How a server of the database stands.
#[derive(Debug, Default)]
pub(crate) struct ServerState {
    pub(crate) name: String,
    /// Connections, and how many of them nobody uses.
    pub(crate) connections: u32,
    pub(crate) idle: usize,
    pub(crate) most_connections: u32,
    /// Whether it can be read from, and of the primary, whether it takes writes.
    pub(crate) is_up: bool,
    /// How far a replica is behind.
    pub(crate) lag_bytes: Option<u64>,
}

#[derive(Debug, Default)]
pub(super) struct Gauges {
    used: Family<Server, Gauge>,
    idle: Family<Server, Gauge>,
    most: Family<Server, Gauge>,
    up: Family<Server, Gauge>,
    lag: Family<Server, Gauge>,
    answers: Gauge,
    answer_bytes: Gauge,
    most_answer_bytes: Gauge,
    sockets: Gauge,
    subscriptions: Gauge,
    listens: Gauge,
    cpu: Counter<f64, AtomicU64>,
    memory: Gauge,
    files: Gauge,
    most_files: Gauge,
    threads: Gauge,
}

impl Gauges {
    pub(super) fn register(&self, all: &mut Registry) {
        let about = "Connections to a server that a statement or transaction uses";
        all.register("database_connections_used", about, self.used.clone());
        all.register("database_connections_idle", "Connections to a server that nobody uses", self.idle.clone());
        all.register("database_connections_max", "Connections to a server at most", self.most.clone());
        let about = "Whether a server can be used: the primary takes writes, a replica is read from";
        all.register("database_up", about, self.up.clone());
        all.register("replica_lag_bytes", "Bytes of the log that a replica is behind", self.lag.clone());
        all.register("answers_kept", "Answers that are kept in memory", self.answers.clone());
        all.register("answers_kept_bytes", "Bytes of the answers that are kept", self.answer_bytes.clone());
        all.register("answers_max_bytes", "Bytes of answers at most (LMI_CACHE_MB)", self.most_answer_bytes.clone());
        all.register("sockets_open", "WebSocket connections that are open", self.sockets.clone());
        all.register("subscriptions_open", "Subscriptions that are open", self.subscriptions.clone());
        let about = "Whether it is certain that nothing is missed of what the database tells";
        all.register("database_listening", about, self.listens.clone());
    }

    pub(super) fn register_process(&self, all: &mut Registry) {
        all.register("process_cpu_seconds", "Processor time of this process", self.cpu.clone());
        all.register("process_resident_memory_bytes", "Memory of this process", self.memory.clone());
        all.register("process_open_fds", "Files and connections that are open", self.files.clone());
        all.register("process_max_fds", "Files and connections at most", self.most_files.clone());
        all.register("process_threads", "Threads of this process", self.threads.clone());
    }

    pub(super) fn set(&self, state: &State) {
        for server in &state.servers {
            let of = Server { server: server.name.clone() };
            let idle = i64::try_from(server.idle).unwrap_or(i64::MAX);
            self.used.get_or_create(&of).set((i64::from(server.connections) - idle).max(0));
            self.idle.get_or_create(&of).set(idle);
            self.most.get_or_create(&of).set(server.most_connections.into());
            self.up.get_or_create(&of).set(server.is_up.into());
            if let Some(lag) = server.lag_bytes {
                self.lag.get_or_create(&of).set(whole(lag));
            }
        }
        self.answers.set(whole(state.answers));
        self.answer_bytes.set(whole(state.answer_bytes));
        self.most_answer_bytes.set(whole(state.most_answer_bytes));
        self.sockets.set(whole(state.sockets as u64));
        self.subscriptions.set(whole(state.subscriptions as u64));
        self.listens.set(state.listens.into());
        if let Some(process) = Process::now() {
            self.cpu.inner().store(process.cpu_seconds.to_bits(), Ordering::Relaxed);
            self.memory.set(whole(process.resident_bytes));
            self.files.set(whole(process.open_files));
            self.most_files.set(whole(process.max_files));
            self.threads.set(whole(process.threads));
        }
    }
}

fn whole(figure: u64) -> i64 {
    i64::try_from(figure).unwrap_or(i64::MAX)
}
