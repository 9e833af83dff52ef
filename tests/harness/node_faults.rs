//! What can happen to a server besides its end.

use crate::replication::{Node, started_by};
use sea_orm::sqlx::{Connection as _, Executor as _, PgConnection};
use std::process::{Command, Stdio};

/// Ends every connection of the service.
const END_CONNECTIONS: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'lmi'";

impl Node {
    /// Lets it stand still, with everything that it has started, as a machine does whose hypervisor pauses it.
    pub fn pause(&self) {
        // The one that starts others first, so that none is missed.
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub fn resume(&self) {
        self.signal("-CONT");
    }

    /// Ends it as an administrator does who is in a hurry, and starts it again.
    pub fn restart(&mut self) {
        self.stop();
        self.start();
    }

    /// Takes every connection that it admits, those of the service as well: they are free again once these are dropped.
    pub async fn take_connections(&self) -> Vec<PgConnection> {
        let (url, mut taken) = (self.url(), Vec::new());
        let mut holder = PgConnection::connect(&url).await.expect("a connection");
        loop {
            while let Ok(connection) = PgConnection::connect(&url).await {
                taken.push(connection);
            }
            if holder.execute(END_CONNECTIONS).await.expect("a statement").rows_affected() == 0 {
                taken.push(holder);
                return taken;
            }
        }
    }

    /// Ends every connection to it that the service has.
    pub async fn end_connections(&self) {
        self.execute(END_CONNECTIONS).await;
    }

    /// Lets transactions write nothing, or write again.
    pub async fn only_reads(&self, only_reads: bool) {
        let set =
            if only_reads { "SET default_transaction_read_only = on" } else { "RESET default_transaction_read_only" };
        // One statement each: neither may stand in a transaction with others.
        self.execute(&format!("ALTER SYSTEM {set}")).await;
        self.execute("SELECT pg_reload_conf()").await;
    }

    fn signal(&self, signal: &str) {
        let server = self.process().expect("a server that runs");
        let told =
            |processes: &[String]| Command::new("/bin/kill").arg(signal).args(processes).stderr(Stdio::null()).status();
        assert!(told(&[server.to_string()]).is_ok_and(|status| status.success()), "kill {signal} {server}");
        // One of them may end by itself meanwhile.
        let _ = told(&started_by(server));
    }
}
