//! One throwaway PostgreSQL for all tests of all processes. A helper process stops it when the last is gone.

use lmi::database::private::{Durability, Options, PrivatePostgres};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// Where the server's data is: among what a build leaves.
fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/test-postgres"))
}

/// How the server is started.
pub fn options() -> Options {
    Options { data_dir: folder(), durability: Durability::Throwaway, max_connections: 200, postgres_bin: None }
}

/// The server, started or joined.
pub fn cluster() -> &'static PrivatePostgres {
    static CLUSTER: OnceLock<(PrivatePostgres, Child)> = OnceLock::new();
    &CLUSTER
        .get_or_init(|| {
            std::fs::create_dir_all(folder()).expect("a folder for the server");
            let server = PrivatePostgres::start(&options(), &|line| eprintln!("{line}")).expect("a PostgreSQL server");
            (server, spawn_reaper())
        })
        .0
}

/// Starts the helper. It waits for the end of its input, which comes when this process ends, however it ends.
fn spawn_reaper() -> Child {
    Command::new(reaper())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the helper that stops the server")
}

/// The helper stands beside the folder of the test programs.
fn reaper() -> PathBuf {
    let program = std::env::current_exe().expect("the path of this program");
    program.ancestors().nth(2).expect("a folder of builds").join("reaper")
}

/// What the helper does: waits until whoever started it is gone, then leaves the server as its last user.
pub fn reap() {
    let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
    if let Ok(server) = PrivatePostgres::start(&options(), &|_| ()) {
        let _ = server.release();
    }
}
