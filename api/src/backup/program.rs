//! PostgreSQL's programs: which of those on this system, how they are led to a server, and how they end.

use crate::database::private::client_folders;
use crate::database::{environment, unavailable, why_unreachable};
use anyhow::Context as _;
use std::ffi::OsString;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// The programs that backups take.
const NAMES: [&str; 3] = ["pg_dump", "pg_restore", "psql"];

/// The folder of the programs that was set, and the one that a private server is run from.
pub(crate) type Folders<'a> = (Option<&'a Path>, Option<&'a Path>);

/// Programs of one version, led to one database.
#[derive(Clone)]
pub(crate) struct Programs {
    folder: PathBuf,
    variables: Arc<[(&'static str, OsString)]>,
}

impl Programs {
    /// Those for the server of an address and of this major version: of the folder that was given, if one was; else of the same
    /// version, those of the server itself first; else of the next that is newer, which understands it, too.
    pub(crate) fn find(address: &str, server: u32, (given, own): Folders<'_>) -> anyhow::Result<Self> {
        let variables = environment(address);
        let variables = variables.map_err(|error| anyhow::anyhow!(why_unreachable(&unavailable(error))))?;
        let of_system = || own.map(Path::to_owned).into_iter().chain(client_folders()).collect();
        let folders: Vec<PathBuf> = given.map_or_else(of_system, |folder| vec![folder.to_owned()]);
        let found = folders.into_iter().filter_map(|folder| Some((major_in(&folder)?, folder)));
        let fits = found.filter(|(major, _)| *major >= server).min_by_key(|(major, _)| *major);
        let (_, folder) = fits.with_context(|| match given {
            Some(folder) => format!(
                "LMI_POSTGRES_BIN is {}, which does not hold {} of version {server} or later, as the server is; point it at a \
                 folder that does, or leave it out",
                folder.display(),
                NAMES.join(", ")
            ),
            None => format!(
                "the server is PostgreSQL {server}, and this system has no {} of version {server} or later; install the \
                 package postgresql-client-{server} (its name on Debian), or point LMI_POSTGRES_BIN at their folder",
                NAMES.join(", ")
            ),
        })?;
        Ok(Self { folder, variables: variables.into() })
    }

    /// One of them, led to the database by its environment alone.
    pub(super) fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.folder.join(name));
        command.stdin(Stdio::null()).stderr(Stdio::piped());
        for name in
            ["PGSERVICE", "PGHOSTADDR", "PGTARGETSESSIONATTRS", "PGOPTIONS", "PGDATABASE", "PGREQUIRESSL", "PSQLRC"]
        {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C").env_remove("LANGUAGE").env("PGCLIENTENCODING", "UTF8");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// The major version of the programs in a folder that holds all of them.
fn major_in(folder: &Path) -> Option<u32> {
    if !NAMES.iter().all(|name| folder.join(name).is_file()) {
        return None;
    }
    let answer = Command::new(folder.join(NAMES[0])).arg("--version").stdin(Stdio::null()).output().ok()?;
    major_of(&String::from_utf8_lossy(&answer.stdout))
}

/// The major version in an answer such as `pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn major_of(answer: &str) -> Option<u32> {
    let (_, version) = answer.split_once(") ")?;
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// A program that runs. It is ended where this is dropped before it has: whoever is told to stop leaves nothing running.
pub(super) struct Running {
    name: &'static str,
    child: Arc<Mutex<Child>>,
    complaints: Option<JoinHandle<String>>,
}

/// Ends a program when it is dropped.
pub(super) struct Leash(Arc<Mutex<Child>>);

impl Running {
    pub(super) fn start(name: &'static str, mut command: Command) -> anyhow::Result<Self> {
        let mut child = command.spawn().with_context(|| format!("{name} does not run"))?;
        let complaints = child.stderr.take().map(|complaints| std::thread::spawn(move || first_line(complaints)));
        Ok(Self { name, child: Arc::new(Mutex::new(child)), complaints })
    }

    /// Something that ends it when it is dropped, also while somebody else waits for what it writes.
    pub(super) fn leash(&self) -> Leash {
        Leash(Arc::clone(&self.child))
    }

    /// The program itself, to take its input and output from.
    pub(super) fn child(&self) -> MutexGuard<'_, Child> {
        locked(&self.child)
    }

    /// Waits for its end, once nothing more is written to it or read of it.
    pub(super) fn ended(mut self) -> anyhow::Result<()> {
        let complaint = self.complaints.take().and_then(|reading| reading.join().ok()).unwrap_or_default();
        let status: ExitStatus = locked(&self.child).wait().with_context(|| format!("{} has no end", self.name))?;
        if status.success() {
            return Ok(());
        }
        let reason = if complaint.is_empty() { status.to_string() } else { complaint };
        anyhow::bail!("{} failed: {reason}", self.name)
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        // It may have ended long ago.
        let _ = locked(&self.0).kill();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut child = locked(&self.child);
        if !matches!(child.try_wait(), Ok(Some(_))) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn locked(child: &Mutex<Child>) -> MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What it complained about first, which is the cause of the rest: the first line, without the name of the program.
fn first_line(mut complaints: ChildStderr) -> String {
    let mut text = Vec::new();
    // What cannot be read is not told; how the program ended is.
    let _ = complaints.read_to_end(&mut text);
    let text = String::from_utf8_lossy(&text);
    let line = text.lines().find(|line| line.contains("ERROR:") || line.contains("FATAL:") || line.contains("error:"));
    let line = line.or_else(|| text.lines().next()).unwrap_or_default();
    let said =
        ["ERROR:", "FATAL:", "error:"].iter().find_map(|word| line.split_once(word)).map_or(line, |(_, said)| said);
    said.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::major_of;

    #[test]
    fn versions_are_read() {
        assert_eq!(major_of("pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major_of("pg_dump (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major_of("nothing"), None);
    }
}
