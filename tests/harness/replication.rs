//! Servers of PostgreSQL that follow one another, as real processes in folders of their own.

use crate::contents::texts;
use crate::disk::Disk;
use crate::service::Service;
use lmi::database::{Addresses, Reads, Servers};
use lmi::http::STACK;
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, DbErr};
use std::ffi::OsStr;
use std::fs::{self, Permissions, metadata};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// The role and the database of every node.
const NAME: &str = "lmi";
/// Nothing needs to outlive the system, and nobody must find it through a network.
const SETTINGS: &str = "listen_addresses = ''\nfsync = off\nmax_connections = 100\nhot_standby = on\n\
    wal_receiver_status_interval = 1s\nwal_retrieve_retry_interval = 100ms\nrestart_after_crash = off\n\
    dynamic_shared_memory_type = mmap\n";

/// A server.
pub struct Node {
    folder: TempDir,
    process: Option<Child>,
    /// The disk that its data lie on, where they lie on one of their own.
    disk: Option<Disk>,
}

impl Node {
    /// One that takes writes, with an empty database.
    pub async fn primary() -> Self {
        Self::in_folder().made("").await
    }

    /// The same, that has settings of its own.
    pub(crate) async fn set_up(settings: &str) -> Self {
        Self::in_folder().made(settings).await
    }

    /// The same, whose data lie on a disk of their own.
    pub async fn on(disk: Disk) -> Self {
        let mut node = Self::in_folder();
        node.disk = Some(disk);
        node.made("").await
    }

    async fn made(mut self, settings: &str) -> Self {
        let node = &mut self;
        Self::run("initdb", &["-U", NAME, "-E", "UTF8", "--locale=C", "-A", "trust", "--no-sync", "-D", &node.data()]);
        node.set(SETTINGS);
        node.set(settings);
        node.start();
        let admin = node.connect_to("postgres").await;
        admin.execute_unprepared("CREATE DATABASE lmi").await.expect("a database");
        admin.close().await.expect("a connection that ends");
        self
    }

    /// One that follows another, under a name.
    pub async fn following(other: &Self, name: &str) -> Self {
        let mut node = Self::in_folder();
        let address = format!("host={} user={NAME} application_name={name}", other.folder.path().display());
        Self::run(
            "pg_basebackup",
            &["-D", &node.data(), "-d", &address, "-R", "-X", "stream", "-c", "fast", "--no-sync"],
        );
        node.start();
        drop(node.connect_to("postgres").await);
        node
    }

    /// The folder of its socket.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The address of its database.
    pub fn url(&self) -> String {
        self.url_of(NAME)
    }

    /// Brings its database up to date.
    pub async fn migrate(&self) {
        let db = self.connect_to(NAME).await;
        migration::up(&db).await.expect("migrations");
        db.close().await.expect("a connection that ends");
    }

    /// An instance of the service on these servers, through a pooler or not, that reads from those replicas.
    pub async fn instance(&self, servers: &str, pooler: Option<&str>, replicas: Option<&str>) -> Service {
        let named = |urls: &str| urls.parse::<Servers>().expect("addresses");
        let (servers, pooler, replicas) = (named(servers), pooler.map(named), replicas.map(named));
        let addresses =
            Addresses { servers: &servers, pooler: pooler.as_ref(), replicas: replicas.as_ref(), public: None };
        let (db, reads) = Reads::connect(addresses).await.expect("servers that take writes");
        let looking_after = reads.clone();
        tokio::spawn(async move { looking_after.look_after().await });
        Service::new(db, self.url()).set_up(|setup| setup.reads = reads)
    }

    /// Runs a statement.
    pub async fn execute(&self, sql: &str) {
        let db = self.connect_to(NAME).await;
        db.execute_unprepared(sql).await.expect("a statement");
        db.close().await.expect("a connection that ends");
    }

    /// The column `text` of what a statement answers.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        texts(&self.connect_to(NAME).await, sql).await
    }

    /// Lets every commit wait for those that follow.
    pub async fn wait_for_followers(&self) {
        self.execute("ALTER SYSTEM SET synchronous_standby_names = '*'").await;
        self.execute("SELECT pg_reload_conf()").await;
        while self.texts("SELECT sync_state AS text FROM pg_stat_replication").await != ["sync"] {}
    }

    /// Ends it without a word, as a machine that loses its power does: with everything that it has started.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let started = started_by(process.id());
            process.kill().expect("a process that can be killed");
            let _ = Command::new("/bin/kill").arg("-KILL").args(started).stderr(Stdio::null()).status();
            process.wait().expect("an end");
        }
    }

    /// The process that it is.
    pub(crate) fn process(&self) -> Option<u32> {
        self.process.as_ref().map(Child::id)
    }

    /// The disk that its data lie on.
    pub fn disk(&self) -> &Disk {
        self.disk.as_ref().expect("a disk of its own")
    }

    /// Ends it as an administrator does who waits for nobody.
    pub(crate) fn stop(&mut self) {
        let mut process = self.process.take().expect("a server that runs");
        let _ = Command::new("/bin/kill").args(["-INT", &process.id().to_string()]).status();
        process.wait().expect("an end");
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.process.as_mut().is_none_or(|process| process.try_wait().is_ok_and(|ended| ended.is_some()))
    }

    /// Starts it.
    pub fn start(&mut self) {
        let mut postgres = Self::command("postgres");
        let log = fs::File::create(self.folder.path().join("log")).expect("a log");
        let socket = format!("unix_socket_directories={}", self.folder.path().display());
        postgres.args(["-D", &self.data(), "-c", &socket]).stdout(Stdio::null()).stderr(log);
        self.process = Some(postgres.spawn().expect("a server"));
    }

    /// Adds to its settings, which hold from its next start on.
    pub(crate) fn set(&self, settings: &str) {
        let file = Path::new(&self.data()).join("postgresql.conf");
        let settings = fs::read_to_string(&file).expect("settings") + settings;
        fs::write(&file, settings).expect("settings that can be written");
    }

    /// Waits until it answers.
    pub(crate) async fn answers(&self) {
        self.connect_to("postgres").await.close().await.expect("a connection that ends");
    }

    pub(crate) fn in_folder() -> Self {
        Self { folder: folder(), process: None, disk: None }
    }

    pub(crate) fn data(&self) -> String {
        let folder = self.disk.as_ref().map_or_else(|| self.folder.path().to_owned(), Disk::path);
        folder.join("data").display().to_string()
    }

    fn url_of(&self, database: &str) -> String {
        format!("postgres://{NAME}@localhost/{database}?host={}&sslmode=disable", self.folder.path().display())
    }

    /// A connection, as soon as it answers.
    async fn connect_to(&self, database: &str) -> DatabaseConnection {
        loop {
            match Database::connect(self.url_of(database)).await {
                Ok(db) => return db,
                Err(DbErr::Conn(_)) => tokio::task::yield_now().await,
                Err(error) => panic!("{error}: {}", fs::read_to_string(self.folder.path().join("log")).expect("a log")),
            }
        }
    }

    pub(crate) fn run(program: &str, arguments: &[&str]) {
        Self::done(Self::command(program), program, arguments);
    }

    fn done(mut command: Command, program: &str, arguments: &[&str]) {
        let done = command.args(arguments).output().expect("a program of PostgreSQL");
        assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
    }

    /// A program of PostgreSQL.
    fn command(program: &str) -> Command {
        unprivileged(programs().join(program))
    }
}

/// A program, as an account that servers agree to run as.
pub(crate) fn unprivileged(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/").env("LC_ALL", "C").stdin(Stdio::null()).process_group(0);
    if let Some((user, group)) = account() {
        command.uid(user).gid(group);
    }
    command
}

/// A folder for a server, which nobody else can enter.
pub(crate) fn folder() -> TempDir {
    let folder = tempfile::Builder::new().prefix("lmi-node-").tempdir_in("/tmp").expect("a folder");
    if let Some((user, group)) = account() {
        chown(folder.path(), Some(user), Some(group)).expect("a folder that can be given away");
    }
    fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).expect("a folder of its own");
    folder
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The account that servers run as where this is root, as which they refuse to.
pub(crate) fn account() -> Option<(u32, u32)> {
    let is_root = metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let of = |name: &str| {
        let line = passwd.lines().find_map(|line| line.strip_prefix(&format!("{name}:x:")))?;
        let mut fields = line.split(':');
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    if is_root { of("postgres").or_else(|| of("nobody")) } else { None }
}

/// Runs a program of PostgreSQL to its end.
pub fn run_program(program: &str, arguments: &[&str]) {
    Node::done(Command::new(programs().join(program)), program, arguments);
}

/// The folder of the programs of the server that all tests run on.
fn programs() -> PathBuf {
    let file = crate::cluster().data_dir().join("postmaster.opts");
    let started = fs::read_to_string(file).expect("how the server was started");
    let program = started.split(' ').next().expect("a program");
    Path::new(program).parent().expect("its folder").to_owned()
}

/// A server that takes writes and one that follows it, up to date and otherwise empty.
pub struct Replicated {
    /// The one that takes writes.
    pub primary: Node,
    /// The one that follows.
    pub replica: Node,
}

impl Replicated {
    /// The addresses of both.
    pub fn urls(&self) -> String {
        format!("{},{}", self.primary.url(), self.replica.url())
    }

    /// Lets the one that follows take over.
    pub async fn promote(&self) {
        self.replica.execute("SELECT pg_promote(true, 600)").await;
    }

    /// An instance of the service that writes to the one and reads from the other.
    pub async fn instance(&self) -> Service {
        self.primary.instance(&self.urls(), None, Some(&self.replica.url())).await
    }
}

/// Runs a test with servers that it makes itself.
pub fn with_servers(test: impl AsyncFnOnce()) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).thread_stack_size(STACK).enable_all().build();
    runtime.expect("a runtime").block_on(test());
}

/// Runs a test on two servers of its own.
pub fn replicated(test: impl AsyncFnOnce(Replicated)) {
    with_servers(async || {
        let primary = Node::primary().await;
        primary.migrate().await;
        let replica = Node::following(&primary, "replica").await;
        test(Replicated { primary, replica }).await;
    });
}

/// The processes that another has started.
pub(crate) fn started_by(parent: u32) -> Vec<String> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let names = processes.filter_map(|process| process.file_name().into_string().ok());
    let is_of = |process: &String| {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        // Behind the name, in brackets, stand the state and the parent.
        let behind = stat.rsplit_once(") ").map(|(_, behind)| behind.to_owned()).unwrap_or_default();
        behind.split(' ').nth(1) == Some(&parent.to_string())
    };
    names.filter(|name| name.parse::<u32>().is_ok()).filter(is_of).collect()
}
