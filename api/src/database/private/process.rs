//! What a process id in a lock file of Postgres stands for.
//!
//! A server that was killed leaves such files behind. Postgres removes them at its next start, but only where no
//! process has the id: where nobody reaps the dead (many containers) the server remains as a zombie, and after a
//! restart of a container the id may be another program's. Then it would refuse to start for ever.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::{Error, at};
use super::owner;

/// What stands behind a process id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Process {
    /// No process.
    Absent,
    /// A zombie, or another program: in either case not this server.
    NotIt,
    /// The server.
    Server,
}

/// The lock file that a server keeps in its data folder.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PidFile {
    pid: u32,
    /// The folder of the server's socket.
    pub(super) socket_dir: Option<PathBuf>,
}

impl PidFile {
    /// Reads the lock file of the server on `data_dir`, if there is one.
    pub(super) fn of(data_dir: &Path) -> Option<Self> {
        Self::parse(&fs::read_to_string(data_dir.join("postmaster.pid")).ok()?)
    }

    /// Its lines are the process id, the data folder, the start time, the port and the folder of the socket, each
    /// written as soon as it is known.
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines().map(str::trim);
        let pid = lines.next()?.parse().ok()?;
        let socket_dir = lines.nth(3).filter(|line| line.starts_with('/')).map(PathBuf::from);
        Some(Self { pid, socket_dir })
    }

    /// Whether the server that wrote it is alive.
    pub(super) fn is_live(&self, data_dir: &Path) -> bool {
        look_at(self.pid, data_dir) == Process::Server
    }
}

/// Removes a lock file that Postgres would wrongly take for a live server's. One whose process is absent is left
/// to Postgres, which then also checks that nothing is left of the server in shared memory.
pub(super) fn remove_misleading(lock_file: &Path, data_dir: &Path) -> Result<(), Error> {
    let text = fs::read_to_string(lock_file).unwrap_or_default();
    match PidFile::parse(&text).map(|file| look_at(file.pid, data_dir)) {
        Some(Process::NotIt) => {
            tracing::info!(file = %lock_file.display(), "removing what a dead PostgreSQL left behind");
            fs::remove_file(lock_file).map_err(at("remove", lock_file))
        }
        _ => Ok(()),
    }
}

fn look_at(pid: u32, data_dir: &Path) -> Process {
    if !Path::new("/proc/self/stat").exists() {
        let mut ps = Command::new("ps");
        ps.args(["-o", "stat=", "-o", "comm=", "-p"]).arg(pid.to_string());
        return owner::run(ps).map_or(Process::Absent, |answer| judge_ps(&answer));
    }
    let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else {
        return Process::Absent;
    };
    // A server works in its data folder; where we may not see that, the name has to do.
    let works_here = fs::read_link(format!("/proc/{pid}/cwd")).map_or(true, |folder| folder == data_dir);
    if is_live_server(&stat) && works_here { Process::Server } else { Process::NotIt }
}

/// Judges a line such as `17 (postgres) S 1 …`.
fn is_live_server(stat: &str) -> bool {
    let Some((name, rest)) = stat.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')) else {
        return false;
    };
    name.starts_with("post") && !rest.trim_start().starts_with(['Z', 'X'])
}

/// Judges an answer such as `Ss   /usr/local/bin/postgres`.
fn judge_ps(answer: &str) -> Process {
    match answer.trim().split_once(char::is_whitespace) {
        None => Process::Absent,
        Some((state, name)) if !state.starts_with('Z') && name.contains("postgres") => Process::Server,
        Some(_) => Process::NotIt,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{PidFile, Process, is_live_server, judge_ps, look_at};

    #[test]
    fn the_lock_file_tells_the_socket_once_it_is_known() {
        let whole = "17\n/data/postgres-15\n1700000000\n5432\n/tmp/lmi-1\n\n  1 2\nready   \n";
        let expected = PidFile { pid: 17, socket_dir: Some("/tmp/lmi-1".into()) };
        assert_eq!(PidFile::parse(whole), Some(expected));
        let young = PidFile { pid: 17, socket_dir: None };
        assert_eq!(PidFile::parse("17\n/data/postgres-15\n1700000000\n"), Some(young));
        assert_eq!(PidFile::parse(""), None);
    }

    #[test]
    fn a_zombie_or_another_program_is_no_server() {
        assert!(is_live_server("17 (postgres) S 1 17 17 0"));
        assert!(!is_live_server("17 (postgres) Z 1 17 17 0"));
        assert!(!is_live_server("17 (a ) Z) S 1 17 17 0"));
        assert_eq!(judge_ps("Ss   /usr/local/bin/postgres\n"), Process::Server);
        assert_eq!(judge_ps("Z    (postgres)\n"), Process::NotIt);
        assert_eq!(judge_ps(""), Process::Absent);
    }

    #[test]
    fn this_very_process_is_no_server() {
        assert_eq!(look_at(std::process::id(), Path::new("/nonexistent")), Process::NotIt);
    }
}
