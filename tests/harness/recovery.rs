//! A server that keeps its log for recovery, and servers that are made of it as it was at a moment, as docs/operations.md has it.

use crate::replication::{Node, folder};
use std::fs;
use tempfile::TempDir;

/// A server whose log is kept, and an image of it.
pub struct Archived {
    /// The server.
    pub node: Node,
    /// Where the files of its log go, and its image.
    kept: TempDir,
}

impl Archived {
    /// A server with an empty database, up to date.
    pub async fn primary() -> Self {
        let kept = folder();
        let settings =
            format!("archive_mode = on\narchive_command = 'test ! -f {0}/%f && cp %p {0}/%f'\n", kept.path().display());
        let node = Node::set_up(&settings).await;
        node.migrate().await;
        Self { node, kept }
    }

    /// Takes an image of it while it runs.
    pub fn take_image(&self) {
        let address = format!("host={} user=lmi", self.node.folder().display());
        Node::run("pg_basebackup", &["-D", &self.image(), "-d", &address, "-X", "none", "-c", "fast", "--no-sync"]);
    }

    /// What time it is for the server.
    pub async fn moment(&self) -> String {
        self.node.texts("SELECT clock_timestamp()::text AS text").await.remove(0)
    }

    /// Lets the log up to now be kept.
    pub async fn keep_log(&self) {
        let last = self.node.texts("SELECT pg_walfile_name(pg_switch_wal()) AS text").await.remove(0);
        while !self.kept.path().join(&last).exists() {
            tokio::task::yield_now().await;
        }
        // It has its name before it is whole.
        let archived = format!("SELECT (last_archived_wal >= '{last}')::text AS text FROM pg_stat_archiver");
        while self.node.texts(&archived).await != ["true"] {}
    }

    /// Another server: this one, as it was at a moment.
    pub async fn recovered(&self, moment: &str) -> Node {
        let mut node = Node::in_folder();
        let copied = std::process::Command::new("cp").args(["-a", &self.image(), &node.data()]).status();
        assert!(copied.expect("a copy").success());
        node.set(&format!(
            "archive_mode = off\nrestore_command = 'cp {}/%f %p'\nrecovery_target_time = '{moment}'\n\
             recovery_target_action = 'promote'\n",
            self.kept.path().display()
        ));
        fs::write(format!("{}/recovery.signal", node.data()), "").expect("a file");
        node.start();
        node.answers().await;
        while node.texts("SELECT pg_is_in_recovery()::text AS text").await != ["false"] {}
        node
    }

    fn image(&self) -> String {
        self.kept.path().join("image").display().to_string()
    }
}
