//! One server on one data folder: starting it, seeing how it is, stopping it.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::binaries::Binaries;
use super::error::{Error, at, one_line};
use super::place::Place;
use super::probe::{self, Answer, PORT};
use super::process::{self, PidFile};
use super::{Durability, Options, locks, owner};

/// Recovery after a crash takes as long as there was work since the last checkpoint: seconds, rarely minutes.
const LIMIT: Duration = Duration::from_mins(5);
/// How often to say that it still goes on.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// The log is set aside at a start when it has grown beyond this.
const LOG_LIMIT: u64 = 16 * 1024 * 1024;

/// A server, running or not.
#[derive(Debug)]
pub(super) struct Cluster {
    binaries: Binaries,
    place: Place,
    durability: Durability,
    max_connections: u32,
    /// The folder of the data.
    pub(super) data_dir: PathBuf,
    /// What the server says.
    pub(super) log: PathBuf,
    /// The folder of the socket.
    pub(super) socket_dir: PathBuf,
    /// The server, where this process started it, to be reaped by it.
    child: Mutex<Option<Child>>,
}

/// How the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It takes queries.
    Ready,
    /// It is neither ready nor gone; why.
    Busy(&'static str),
    /// No process of it is left.
    Gone,
}

impl Cluster {
    /// The server for data that is there. It may be running already, with its socket elsewhere than ours would be.
    pub(super) fn new(binaries: Binaries, place: Place, options: &Options) -> Result<Self, Error> {
        let data_dir = place.data_dir(binaries.major);
        let running = PidFile::of(&data_dir).and_then(|file| file.socket_dir);
        let socket_dir = match running.filter(|folder| probe::ask(folder) != Answer::None) {
            Some(folder) => folder,
            None => place.socket_dir()?,
        };
        Ok(Self {
            log: data_dir.with_extension("log"),
            durability: options.durability,
            max_connections: options.max_connections,
            child: Mutex::new(None),
            binaries,
            place,
            data_dir,
            socket_dir,
        })
    }

    /// The folder of its programs.
    pub(super) fn programs(&self) -> &Path {
        &self.binaries.dir
    }

    /// Whether the server takes queries at this moment.
    pub(super) fn is_ready(&self) -> Result<bool, Error> {
        Ok(self.state()? == State::Ready)
    }

    /// Waits until the server takes queries, starting it where it is gone: whether it was started.
    ///
    /// To be called while `start.lock` is held.
    pub(super) fn bring_up(&self, progress: &dyn Fn(&str)) -> Result<bool, Error> {
        let began = Instant::now();
        let (mut said, mut pause) = (began, Duration::from_millis(5));
        let mut log_began_at = None;
        loop {
            let state = self.state()?;
            match (state, log_began_at) {
                (State::Ready, _) => return Ok(log_began_at.is_some()),
                (State::Gone, None) => log_began_at = Some(self.launch()?),
                (State::Gone, Some(began_at)) => {
                    return Err(Error::Died { reason: last_complaint(&self.log, began_at), log: self.log.clone() });
                }
                (State::Busy(why), _) if began.elapsed() > LIMIT => {
                    return Err(Error::NotReady {
                        data_dir: self.data_dir.clone(),
                        seconds: LIMIT.as_secs(),
                        state: why,
                        log: self.log.clone(),
                    });
                }
                (State::Busy(why), _) => {
                    if said.elapsed() > HEARTBEAT {
                        progress(&format!("Waiting for PostgreSQL: {why}"));
                        said = Instant::now();
                    }
                    thread::sleep(pause);
                    pause = (pause * 2).min(Duration::from_millis(200));
                }
            }
        }
    }

    /// Stops the server in order, whoever started it: whether it was there to be stopped.
    ///
    /// To be called while `start.lock` is held and nobody uses the server.
    pub(super) fn stop(&self) -> Result<bool, Error> {
        if self.state()? == State::Gone {
            return Ok(false);
        }
        let mut pg_ctl = self.place.user.command(self.binaries.program("pg_ctl"));
        pg_ctl.args(["stop", "-s", "-w", "-m", "fast", "-t"]).arg(LIMIT.as_secs().to_string());
        pg_ctl.arg("-D").arg(&self.data_dir);
        if let Err(reason) = owner::run(pg_ctl)
            && self.state()? != State::Gone
        {
            return Err(Error::Stop { reason, log: self.log.clone() });
        }
        if let Some(mut child) = self.child().take() {
            let _ = child.wait();
        }
        // The sockets are gone by now; a folder that holds anything else is not removed by this.
        let _ = fs::remove_dir(&self.socket_dir);
        Ok(true)
    }

    fn state(&self) -> Result<State, Error> {
        // A server that this process started and that died would remain as a zombie.
        if let Some(child) = self.child().as_mut() {
            let _ = child.try_wait();
        }
        let pid_file = PidFile::of(&self.data_dir);
        let answer = probe::ask(&self.socket_dir);
        if answer != Answer::None && pid_file.is_none() {
            // Its data folder was removed under it. It notices within a minute and ends.
            return Ok(State::Busy("the server of a data folder that was removed has yet to end"));
        }
        Ok(match answer {
            Answer::Ready => State::Ready,
            Answer::NotNow => State::Busy("it is starting, recovering or stopping"),
            Answer::None if !locks::try_lock(&self.open_lock()?, &self.lock_path())? => {
                State::Busy("it runs, but does not listen to us yet")
            }
            Answer::None if pid_file.is_some_and(|file| file.is_live(&self.data_dir)) => {
                State::Busy("it was started by other means and does not listen")
            }
            Answer::None => State::Gone,
        })
    }

    /// Starts the server without waiting for it: where its part of the log begins.
    fn launch(&self) -> Result<u64, Error> {
        self.place.make_private(&self.socket_dir)?;
        process::remove_misleading(&self.data_dir.join("postmaster.pid"), &self.data_dir)?;
        let socket_lock = self.socket_dir.join(format!(".s.PGSQL.{PORT}.lock"));
        process::remove_misleading(&socket_lock, &self.data_dir)?;

        if fs::metadata(&self.log).is_ok_and(|log| log.len() > LOG_LIMIT) {
            fs::rename(&self.log, self.data_dir.with_extension("log.old")).map_err(at("set aside", &self.log))?;
        }
        let log = locks::open(&self.place, &self.log)?;
        let began_at = log.metadata().map_err(at("look at", &self.log))?.len();
        let errors = log.try_clone().map_err(at("open", &self.log))?;
        let lock = self.open_lock()?;
        locks::try_lock(&lock, &self.lock_path())?;

        // Not through `pg_ctl`: its shell would replace the standard input, and with it the lock.
        let program = self.binaries.program("postgres");
        let mut postgres = self.place.user.command(&program);
        postgres.arg("-D").arg(&self.data_dir);
        for setting in self.settings() {
            postgres.arg("-c").arg(setting);
        }
        // In a group of its own, Ctrl-C at the terminal does not reach it: it is stopped after its users are done.
        postgres.stdin(lock).stdout(log).stderr(errors).process_group(0);
        let child = postgres.spawn().map_err(at("run", &program))?;
        tracing::debug!(pid = child.id(), data = %self.data_dir.display(), "PostgreSQL started");
        *self.child() = Some(child);
        Ok(began_at)
    }

    fn settings(&self) -> Vec<String> {
        let mut settings = vec![
            "listen_addresses=".to_owned(),
            format!("port={PORT}"),
            format!("unix_socket_directories=\"{}\"", self.socket_dir.display()),
            "unix_socket_permissions=0700".to_owned(),
            format!("max_connections={}", self.max_connections),
            "cluster_name=lmi".to_owned(),
            // Our file, and not one of the server's own making.
            "log_destination=stderr".to_owned(),
            "logging_collector=off".to_owned(),
        ];
        if self.durability == Durability::Throwaway {
            // Memory in common lies in its folder, so that it goes with the folder, however the server ends.
            let settings_of_trials =
                ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "dynamic_shared_memory_type=mmap"];
            settings.extend(settings_of_trials.map(str::to_owned));
        }
        settings
    }

    fn lock_path(&self) -> PathBuf {
        self.data_dir.with_extension("lock")
    }

    fn open_lock(&self) -> Result<File, Error> {
        locks::open(&self.place, &self.lock_path())
    }

    fn child(&self) -> MutexGuard<'_, Option<Child>> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the server said last before it ended: its last fatal line, else its last line.
fn last_complaint(log: &Path, began_at: u64) -> String {
    let mut text = Vec::new();
    let read = File::open(log).and_then(|mut log| {
        log.seek(SeekFrom::Start(began_at))?;
        log.take(LOG_LIMIT).read_to_end(&mut text)
    });
    let text = String::from_utf8_lossy(&text);
    let is_fatal = |line: &&str| line.contains("FATAL:") || line.contains("PANIC:");
    let line = text.lines().rev().find(is_fatal).or_else(|| text.lines().next_back());
    match (read, line) {
        (Ok(_), Some(line)) => one_line(line),
        _ => "it said nothing".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io;

    use super::last_complaint;

    #[test]
    fn the_complaint_is_the_last_fatal_line_of_this_start() -> io::Result<()> {
        let log = std::env::temp_dir().join(format!("lmi-log-{}", std::process::id()));
        let earlier = "FATAL:  an earlier start\n";
        fs::write(&log, format!("{earlier}LOG:  starting\nFATAL:  no space\nLOG:  shut down\n"))?;
        let complaint = last_complaint(&log, earlier.len() as u64);
        let nothing = last_complaint(&log, 10_000);
        fs::remove_file(&log)?;
        assert_eq!(complaint, "FATAL: no space");
        assert_eq!(nothing, "it said nothing");
        Ok(())
    }
}
