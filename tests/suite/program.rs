//! The program, run as its user would.

use std::ffi::OsStr;
use std::process::{Command, Output};
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
