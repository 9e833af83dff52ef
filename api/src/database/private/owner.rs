//! Which account the server runs as, and programs run as that account.
//!
//! Postgres refuses to run as root, so as root the server gets an account of its own: whoever owns the data
//! already, else the person behind `sudo`, else `postgres`, else `nobody`.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::lchown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::error::{Error, at, one_line};

/// The account that the server and its tools run as.
#[derive(Debug, Clone)]
pub(super) struct ServerUser {
    /// The user id of the server.
    pub(super) uid: u32,
    /// Set where we are root and must change to it.
    account: Option<Account>,
}

/// An account of this system that is not root.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Account {
    name: String,
    uid: u32,
    gid: u32,
}

impl ServerUser {
    /// Chooses the account; `keep` is the owner of data that exists already.
    pub(super) fn choose(keep: Option<u32>) -> Result<Self, Error> {
        let uid = effective_uid()?;
        if uid != 0 {
            return Ok(Self { uid, account: None });
        }
        let keep = keep.map(|uid| uid.to_string());
        let sudo = sudo_uid();
        let account = [keep.as_deref(), sudo.as_deref(), Some("postgres"), Some("nobody")]
            .into_iter()
            .flatten()
            .find_map(find_account)
            .ok_or(Error::NoAccount)?;
        Ok(Self { uid: account.uid, account: Some(account) })
    }

    /// Whether the server runs as another account than we do.
    pub(super) fn is_other(&self) -> bool {
        self.account.is_some()
    }

    /// Whether the server runs as the person who called us, directly or through `sudo`.
    ///
    /// Files that we make for that person as root are given back, or they could not use them later.
    pub(super) fn is_the_caller(&self) -> bool {
        self.account.is_none() || sudo_uid().is_some_and(|uid| uid == self.uid.to_string())
    }

    /// What to call the account in a message.
    pub(super) fn name(&self) -> String {
        match &self.account {
            Some(account) => account.name.clone(),
            None => format!("with user id {}", self.uid),
        }
    }

    /// A program to be run as this account, away from the terminal's input and from settings meant for other servers.
    pub(super) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        // The working folder may be one that the account cannot enter.
        command.current_dir("/").stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            // PGDATA, PGPORT, PGHOST, PGOPTIONS, …: they would reach into a server that is not theirs.
            if name.as_encoded_bytes().starts_with(b"PG") {
                command.env_remove(name);
            }
        }
        // Messages in English, and no surprise from a locale that this system lacks.
        command.env("LC_ALL", "C").env_remove("LANGUAGE");
        if let Some(account) = &self.account {
            // As root, setting the user also clears the supplementary groups.
            command.gid(account.gid).uid(account.uid);
        }
        command
    }

    /// Gives a folder that we just made to the account.
    pub(super) fn give(&self, folder: &Path) -> Result<(), Error> {
        match &self.account {
            Some(account) => {
                lchown(folder, Some(account.uid), Some(account.gid)).map_err(at("change the owner of", folder))
            }
            None => Ok(()),
        }
    }

    /// Gives back to the person behind `sudo` what we made for them as root.
    pub(super) fn give_back(&self, path: &Path) -> Result<(), Error> {
        if self.is_the_caller() { self.give(path) } else { Ok(()) }
    }

    /// Whether the account can enter `folder`. The kernel is asked, since access lists and mounts matter as well
    /// as permission bits.
    pub(super) fn can_enter(&self, folder: &Path) -> bool {
        if !self.is_other() {
            return true;
        }
        let mut shell = self.command("/bin/sh");
        shell.args(["-c", "cd -- \"$1\"", "sh"]).arg(folder);
        shell.stdout(Stdio::null()).stderr(Stdio::null());
        shell.status().is_ok_and(|status| status.success())
    }
}

/// Runs a program to its end: its output, or what it complained about on one line.
pub(super) fn run(mut command: Command) -> Result<String, String> {
    let output = command.output().map_err(|error| error.to_string())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        // `initdb --show` answers on standard error.
        Ok(text(&output.stdout) + &text(&output.stderr))
    } else {
        Err(one_line(&format!("{} ({})", text(&output.stderr), output.status)))
    }
}

/// The user id that this process acts as. The file is readable even where the process may not be inspected.
fn effective_uid() -> Result<u32, Error> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(uid) = uid_of_status(&status) {
        return Ok(uid);
    }
    let mut id = Command::new("id");
    id.arg("-u");
    let answer = run(id).unwrap_or_default();
    answer.trim().parse().map_err(|_| Error::Io {
        act: "run",
        path: "id -u".into(),
        cause: std::io::Error::other("it did not answer with a number"),
    })
}

/// The second number of the line `Uid:` (real, effective, saved, file system).
fn uid_of_status(status: &str) -> Option<u32> {
    let line = status.lines().find_map(|line| line.strip_prefix("Uid:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn sudo_uid() -> Option<String> {
    std::env::var_os("SUDO_UID")?.into_string().ok()
}

/// Looks an account up by name or user id, in the file and then, for directories and macOS, through `id`.
fn find_account(key: &str) -> Option<Account> {
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    account_in(&passwd, key).or_else(|| {
        let ask = |option: &str| {
            let mut id = Command::new("id");
            id.arg(option).arg(key).stdin(Stdio::null());
            run(id).ok().map(|answer| answer.trim().to_owned())
        };
        let uid = ask("-u")?.parse().ok().filter(|uid| *uid != 0)?;
        Some(Account { name: ask("-un")?, uid, gid: ask("-g")?.parse().ok()? })
    })
}

/// The account of that name or user id in the text of a passwd file; never root.
fn account_in(passwd: &str, key: &str) -> Option<Account> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, _, uid, gid) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        let account = Account { name: name.to_owned(), uid: uid.parse().ok()?, gid: gid.parse().ok()? };
        ((name == key || uid == key) && account.uid != 0).then_some(account)
    })
}

#[cfg(test)]
mod tests {
    use super::{account_in, uid_of_status};

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\n\
                          broken line\n\
                          postgres:x:101:104::/var/lib/postgresql:/bin/sh\n\
                          nobody:x:65534:65533:nobody:/:/bin/false\n";

    #[test]
    fn an_account_is_found_by_name_and_by_id() {
        let postgres = account_in(PASSWD, "postgres");
        assert_eq!(postgres.as_ref().map(|account| (account.uid, account.gid)), Some((101, 104)));
        assert_eq!(account_in(PASSWD, "101"), postgres);
        assert_eq!(account_in(PASSWD, "lmi"), None);
    }

    #[test]
    fn root_is_never_chosen() {
        assert_eq!(account_in(PASSWD, "root"), None);
        assert_eq!(account_in(PASSWD, "0"), None);
    }

    #[test]
    fn the_effective_user_is_the_second_number() {
        assert_eq!(uid_of_status("Name:\tlmi\nUid:\t1000\t0\t0\t0\n"), Some(0));
        assert_eq!(uid_of_status("Name:\tlmi\n"), None);
    }
}
