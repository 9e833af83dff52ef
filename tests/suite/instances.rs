//! Instances of the program on one database, and the balancer before them: whoever says that it cannot answer is asked by nobody.

use crate::program::{DataFolder, Serving};
use crate::webhook_survival::sign_in;
use lmi::auth::{Grant, Role, Scope};
use std::net::SocketAddr;
use std::path::PathBuf;
use tests::Node;
use tokio::sync::watch;

const EMAIL: &str = "ada@example.org";

/// The instances.
pub(crate) struct Instances {
    folder: DataFolder,
    database: String,
    program: Option<PathBuf>,
    running: Vec<(Serving, SocketAddr)>,
    open: watch::Sender<Vec<SocketAddr>>,
    token: watch::Sender<String>,
}

impl Instances {
    /// So many, on a database at this address, which is made on this server, with somebody of the staff who has signed in.
    pub(crate) async fn start(node: &Node, database: &str, number: usize) -> Self {
        node.migrate().await;
        let staff = [Grant::new(Role::Staff, Scope::Everything)];
        node.instance(&node.url(), None, None).await.make_account(EMAIL, &staff).await;
        let mut instances = Self::none(database);
        for _ in 0..number {
            instances.add();
        }
        instances.sign_in();
        instances
    }

    /// None yet, on this database.
    pub(crate) fn none(database: &str) -> Self {
        Self {
            folder: DataFolder::new(),
            database: database.to_owned(),
            program: None,
            running: Vec::new(),
            open: watch::Sender::default(),
            token: watch::Sender::default(),
        }
    }

    /// The next that start are of another build of the program.
    pub(crate) fn of_program(&mut self, program: Option<PathBuf>) {
        self.program = program;
    }

    /// Starts one more, which is asked from the moment at which it says that it can answer.
    pub(crate) fn add(&mut self) -> SocketAddr {
        let mut program = self.folder.lmi();
        if let Some(other) = &self.program {
            let settings: Vec<_> =
                program.get_envs().map(|(name, value)| (name.to_owned(), value.map(ToOwned::to_owned))).collect();
            program = std::process::Command::new(other);
            for (name, value) in settings {
                match value {
                    Some(value) => program.env(name, value),
                    None => program.env_remove(name),
                };
            }
        }
        program.env("DATABASE_URL", &self.database).env("LMI_PUBLIC_URL", "https://lmi.example.org");
        program.env("LMI_LOG", "off").env("LMI_RATE_LIMIT", "0");
        let mut serving = Serving::run(program);
        let address = serving.address();
        self.running.push((serving, address));
        self.open.send_modify(|open| open.push(address));
        address
    }

    /// Kills the one that has run longest, as a machine does that runs out of memory.
    pub(crate) fn kill(&mut self) {
        let (serving, address) = self.running.remove(0);
        serving.signal("-KILL");
        assert_eq!(serving.ended().0, None);
        self.leave_out(address);
    }

    /// Tells the one that has run longest to stop. Nobody is sent there any more by the time that it is told.
    pub(crate) fn stop(&mut self) {
        let (serving, address) = self.running.remove(0);
        self.leave_out(address);
        serving.signal("-TERM");
        assert_eq!(serving.ended(), (Some(0), Some("Stopped.".to_owned())));
    }

    fn leave_out(&self, address: SocketAddr) {
        self.open.send_modify(|open| open.retain(|other| *other != address));
    }

    /// The token of somebody of the staff from now on.
    pub(crate) fn sign_in(&self) {
        self.token.send_replace(sign_in(self.running[0].1, EMAIL));
    }

    pub(crate) fn addresses(&self) -> Vec<SocketAddr> {
        self.open.borrow().clone()
    }

    /// The processes.
    pub(crate) fn processes(&self) -> Vec<u32> {
        self.running.iter().map(|(serving, _)| serving.id()).collect()
    }

    /// Those that take requests at present; those who ask wait while there are none.
    pub(crate) fn open(&self) -> watch::Receiver<Vec<SocketAddr>> {
        self.open.subscribe()
    }

    pub(crate) fn token(&self) -> watch::Receiver<String> {
        self.token.subscribe()
    }
}
