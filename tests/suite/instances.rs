//! Instances of the program on one database, and the balancer before them: whoever says that it cannot answer is asked by nobody.

use crate::program::{DataFolder, Serving, ask_bearing};
use crate::webhook_survival::sign_in;
use lmi::auth::{Grant, Role, Scope};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use tests::Node;
use tokio::sync::watch;

const EMAIL: &str = "ada@example.org";

/// The way to an instance. Whoever has it is waited for before that one is told to stop.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub(crate) address: SocketAddr,
    under_way: Arc<()>,
}

/// The instances.
pub(crate) struct Instances {
    folder: DataFolder,
    database: String,
    /// Another build of the program, where not the one under test is to be started.
    program: Option<PathBuf>,
    running: Vec<(Serving, SocketAddr)>,
    open: watch::Sender<Vec<Way>>,
    token: watch::Sender<String>,
}

impl Instances {
    /// So many, on a database at this address, which is made on this server, with somebody of the staff who has signed in.
    pub(crate) async fn start(node: &Node, database: &str, number: usize) -> Self {
        node.migrate().await;
        let mut instances = Self::none(database);
        instances.start_on(node, number).await;
        instances
    }

    /// Starts so many, with somebody of the staff who has signed in, on a server that is up to date.
    pub(crate) async fn start_on(&mut self, node: &Node, number: usize) {
        let staff = [Grant::new(Role::Staff, Scope::Everything)];
        node.instance(&node.url(), None, None).await.make_account(EMAIL, &staff).await;
        for _ in 0..number {
            self.add();
        }
        self.sign_in();
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

    /// Those that start from now on are of another build of the program, or of the one under test.
    pub(crate) fn of_program(&mut self, program: Option<PathBuf>) {
        self.program = program;
    }

    /// Starts one more, which is asked from the moment at which it says that it can answer.
    pub(crate) fn add(&mut self) {
        let mut serving = Serving::run(self.command());
        let address = serving.address();
        self.running.push((serving, address));
        self.open.send_modify(|open| open.push(Way { address, under_way: Arc::new(()) }));
    }

    /// The program as it is set here.
    pub(crate) fn command(&self) -> Command {
        let mut command = self.folder.lmi();
        command.env("DATABASE_URL", &self.database).env("LMI_PUBLIC_URL", "https://lmi.example.org");
        command.env("LMI_LOG", "off").env("LMI_RATE_LIMIT", "0");
        let Some(program) = &self.program else { return command };
        let mut other = Command::new(program);
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => other.env(name, value),
                None => other.env_remove(name),
            };
        }
        other
    }

    /// Kills the one that has run longest, as a machine does that runs out of memory.
    pub(crate) fn kill(&mut self) {
        self.kill_number(0);
    }

    /// Kills the one that has run shortest.
    pub(crate) fn kill_last(&mut self) {
        self.kill_number(self.number() - 1);
    }

    fn kill_number(&mut self, number: usize) {
        let (serving, address) = self.running.remove(number);
        serving.signal("-KILL");
        assert_eq!(serving.ended().0, None);
        self.leave_out(address);
    }

    /// Tells the one that has run longest to stop, as whoever replaces it does: nobody is sent there any more, and whoever was is
    /// answered, before it is told.
    pub(crate) async fn stop(&mut self) {
        let (serving, address) = self.running.remove(0);
        for Way { under_way, .. } in self.leave_out(address) {
            while Arc::strong_count(&under_way) > 1 {
                tokio::task::yield_now().await;
            }
        }
        serving.signal("-TERM");
        assert_eq!(serving.ended(), (Some(0), Some("Stopped.".to_owned())));
    }

    fn leave_out(&self, address: SocketAddr) -> Vec<Way> {
        let mut left_out = Vec::new();
        self.open.send_modify(|open| left_out.extend(open.extract_if(.., |way| way.address == address)));
        left_out
    }

    /// The token of somebody of the staff from now on.
    pub(crate) fn sign_in(&self) {
        self.token.send_replace(sign_in(self.running[0].1, EMAIL));
    }

    /// Has what is changed of organizations told at an address from now on.
    pub(crate) fn send_webhooks_to(&self, url: &str) {
        let document = format!(
            "mutation {{ createWebhookEndpoint(input: {{url: \"{url}\", types: [\"Organization\"]}}) {{ userErrors {{ message }} }} }}"
        );
        let made = ask_bearing(self.running[0].1, &self.token.borrow(), &document).expect("an answer");
        assert_eq!(made.pointer("/data/createWebhookEndpoint/userErrors"), Some(&serde_json::json!([])), "{made}");
    }

    /// How many there are.
    pub(crate) fn number(&self) -> usize {
        self.running.len()
    }

    /// The process of the one that has run longest.
    pub(crate) fn process(&self) -> u32 {
        self.running[0].0.id()
    }

    /// Those that take requests at present; those who ask wait while there are none.
    pub(crate) fn open(&self) -> watch::Receiver<Vec<Way>> {
        self.open.subscribe()
    }

    pub(crate) fn token(&self) -> watch::Receiver<String> {
        self.token.subscribe()
    }
}

/// What whoever runs the tests has set under a name.
#[expect(clippy::disallowed_methods, reason = "a test that takes long is told by its environment for how long")]
pub(crate) fn set(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The same, where it is a number.
pub(crate) fn setting(name: &str) -> Option<usize> {
    set(name).map(|number| number.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}
