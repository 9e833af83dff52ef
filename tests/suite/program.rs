//! The program, run as its user would.

use serde_json::{Value, json};
use std::ffi::OsStr;
use std::fs::Permissions;
use std::io::{BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdout, Command, Output, Stdio};
use tempfile::TempDir;
use tests::Service;

/// How a command ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    /// The exit status.
    pub(crate) status: Option<i32>,
    /// What it said.
    pub(crate) out: String,
    /// What it complained about.
    pub(crate) err: String,
}

impl Ended {
    /// What it said, where it said that it was done and complained about nothing.
    pub(crate) fn done(self) -> String {
        assert_eq!((self.status, self.err.as_str()), (Some(0), ""), "{}", self.out);
        self.out
    }

    /// The one line that it complained with, where it did nothing else.
    pub(crate) fn refused(self, status: i32) -> String {
        assert_eq!((self.status, self.out.as_str()), (Some(status), ""), "{}", self.err);
        self.err.trim_end().to_owned()
    }
}

/// The program, without the settings of whoever runs the tests.
pub(crate) fn lmi() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lmi-under-test"));
    for (name, _) in std::env::vars_os() {
        if name == "DATABASE_URL" || name.as_encoded_bytes().starts_with(b"LMI_") {
            command.env_remove(name);
        }
    }
    // What a faulty program would print of itself is not of interest here.
    command.env("RUST_BACKTRACE", "0");
    command
}

/// Runs the program to its end.
pub(crate) fn ended(mut command: Command) -> Ended {
    let Output { status, stdout, stderr } = command.output().expect("a program that can be run");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("a text");
    Ended { status: status.code(), out: text(stdout), err: text(stderr) }
}

/// Runs a command with these arguments and nothing set.
pub(crate) fn run<S: AsRef<OsStr>>(arguments: &[S]) -> Ended {
    let mut command = lmi();
    command.args(arguments);
    ended(command)
}

/// Runs a command on the database of a test.
pub(crate) fn run_on<S: AsRef<OsStr>>(service: &Service, arguments: &[S]) -> Ended {
    let mut command = lmi();
    command.args(arguments).env("DATABASE_URL", &service.url);
    ended(command)
}

/// A data folder that every account can enter. What was started on it ends with it, however the test ends.
pub(crate) struct DataFolder(TempDir);

impl DataFolder {
    pub(crate) fn new() -> Self {
        let everybody = Permissions::from_mode(0o755);
        Self(tempfile::Builder::new().permissions(everybody).tempdir().expect("a folder"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The program, on this folder and on a port that is free.
    pub(crate) fn lmi(&self) -> Command {
        let mut command = lmi();
        command.env("LMI_DATA_DIR", self.path()).env("LMI_LISTEN", "127.0.0.1:0");
        command
    }

    /// Runs a command on this folder to its end.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Ended {
        let mut command = self.lmi();
        command.args(arguments).env("LMI_LOG", "off");
        ended(command)
    }

    /// The lock file of the PostgreSQL server that runs on it: its process, and the folder of its socket.
    pub(crate) fn server(&self) -> Option<(String, PathBuf)> {
        let folders = std::fs::read_dir(self.path().join("postgres")).ok()?.flatten();
        let mut files = folders.map(|folder| folder.path().join("postmaster.pid"));
        let text = files.find_map(|file| std::fs::read_to_string(file).ok())?;
        let lines: Vec<_> = text.lines().collect();
        Some(((*lines.first()?).to_owned(), PathBuf::from(lines.get(4)?.trim())))
    }
}

impl Drop for DataFolder {
    fn drop(&mut self) {
        if let Some((process, socket)) = self.server() {
            let _ = Command::new("/bin/kill").args(["-QUIT", &process]).stderr(Stdio::null()).status();
            let _ = std::fs::remove_dir_all(socket);
        }
    }
}

/// The program, serving.
pub(crate) struct Serving {
    child: Child,
    out: Lines<BufReader<ChildStdout>>,
    err: Lines<BufReader<ChildStderr>>,
}

impl Serving {
    /// Starts the program.
    pub(crate) fn start(folder: &DataFolder) -> Self {
        Self::run(folder.lmi())
    }

    /// Starts the program as it is set.
    pub(crate) fn run(mut program: Command) -> Self {
        let mut child =
            program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a program that can be run");
        let out = BufReader::new(child.stdout.take().expect("its output")).lines();
        let err = BufReader::new(child.stderr.take().expect("its log")).lines();
        Self { child, out, err }
    }

    /// Starts the program and waits until it says where it answers.
    pub(crate) fn started(folder: &DataFolder) -> (Self, SocketAddr) {
        let mut serving = Self::start(folder);
        let address = serving.address();
        (serving, address)
    }

    /// Where it answers, once it says so.
    pub(crate) fn address(&mut self) -> SocketAddr {
        let said = |line: String| line.trim().strip_prefix("Open    http://").map(str::to_owned);
        let address = self.out.by_ref().map_while(Result::ok).find_map(said);
        let Some(address) = address else {
            let log: Vec<_> = self.err.by_ref().map_while(Result::ok).collect();
            panic!("it ended before it served: {}", log.join("\n"));
        };
        let address = address.split('/').next().expect("an address");
        address.parse().expect("an address and a port")
    }

    /// Waits until it says this.
    pub(crate) fn says(&mut self, words: &str) {
        let found = self.out.by_ref().map_while(Result::ok).any(|line| line.contains(words));
        assert!(found, "it ended without saying `{words}`");
    }

    /// Waits until its log says this.
    pub(crate) fn logs(&mut self, words: &str) {
        let found = self.err.by_ref().map_while(Result::ok).any(|line| line.contains(words));
        assert!(found, "its log ended without `{words}`");
    }

    /// Waits until its log says this: all of the log until then.
    pub(crate) fn log_until(&mut self, words: &str) -> String {
        let mut log = String::new();
        for line in self.err.by_ref().map_while(Result::ok) {
            log = log + &line + "\n";
            if line.contains(words) {
                return log;
            }
        }
        panic!("its log ended without `{words}`: {log}");
    }

    /// Ends it: what is left of its log.
    pub(crate) fn log(mut self) -> String {
        let _ = self.child.kill();
        self.err.by_ref().map_while(Result::ok).collect::<Vec<_>>().join("\n")
    }

    /// The process that it is.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: &str) {
        kill(signal, &self.child.id().to_string());
    }

    /// Waits for its end: the exit status and what it said last.
    pub(crate) fn ended(mut self) -> (Option<i32>, Option<String>) {
        let last = self.out.by_ref().map_while(Result::ok).last();
        (self.child.wait().expect("an end").code(), last)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a process that a test started.
pub(crate) fn kill(signal: &str, process: &str) {
    let sent = Command::new("/bin/kill").args([signal, process]).status().expect("a program that sends signals");
    assert!(sent.success(), "kill {signal} {process}");
}

/// The answer to a document, over the network.
pub(crate) fn ask(address: SocketAddr, document: &str) -> std::io::Result<Value> {
    ask_with(address, "", document)
}

/// The answer to a document, over the network, to whoever shows a token.
pub(crate) fn ask_bearing(address: SocketAddr, token: &str, document: &str) -> std::io::Result<Value> {
    ask_with(address, &format!("Authorization: Bearer {token}\r\n"), document)
}

fn ask_with(address: SocketAddr, headers: &str, document: &str) -> std::io::Result<Value> {
    let body = json!({ "query": document }).to_string();
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         {headers}Connection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    Ok(serde_json::from_str(body)?)
}
