//! PgBouncer before a server, giving each transaction whichever session is free.

use crate::replication::{Node, folder, unprivileged};
use std::fs;
use std::process::{Child, Stdio};
use tempfile::TempDir;

/// What it does for each session, as the service asks for it.
pub const SETTINGS: &str = "connect_query='SET statement_timeout = ''10s''; SET pg_trgm.word_similarity_threshold = 0.5; \
    SET jit = ''off''; SET enable_material = ''off''; SET work_mem = ''16MB''; SET hash_mem_multiplier = 2; \
    SET max_parallel_workers_per_gather = 0'";

/// A pooler.
pub struct Pooler {
    folder: TempDir,
    process: Child,
}

impl Pooler {
    /// One before this server, with this much said about the database and so many statements that it remembers. It has fewer
    /// sessions than an instance has connections.
    pub fn before(server: &Node, database: &str, statements: u32) -> Self {
        let folder = folder();
        let path = folder.path().display();
        let settings = format!(
            "[databases]\nlmi = host={} user=lmi {database}\n[pgbouncer]\nauth_type = any\nlisten_addr =\n\
             unix_socket_dir = {path}\nlisten_port = 6432\npool_mode = transaction\ndefault_pool_size = 4\n\
             max_client_conn = 500\nmax_prepared_statements = {statements}\n",
            server.folder().display()
        );
        let file = folder.path().join("pgbouncer.ini");
        fs::write(&file, settings).expect("settings that can be written");
        let log = fs::File::create(folder.path().join("log")).expect("a log");
        let mut program = unprivileged("pgbouncer");
        let process = program.arg(&file).stdout(Stdio::null()).stderr(log).spawn();
        Self { process: process.expect("PgBouncer 1.21 or later, as the program `pgbouncer`"), folder }
    }

    /// The address of the database through it.
    pub fn url(&self) -> String {
        format!("postgres://lmi@localhost:6432/lmi?host={}&sslmode=disable", self.folder.path().display())
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
