//! What can go wrong with a private Postgres, each message ending in what to do about it.

use std::io;
use std::path::{Path, PathBuf};

/// Why the private Postgres could not be started, joined or stopped.
///
/// Every message is one line for a person: the cause, then the way out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The folder that the setting names holds no server that can be used.
    #[error(
        "LMI_POSTGRES_BIN is {}, but {reason}; point it at the folder that holds postgres, initdb and pg_ctl, \
         or leave it out",
        .folder.display()
    )]
    Given {
        /// The folder as it was set.
        folder: PathBuf,
        /// What is wrong with it.
        reason: String,
    },

    /// No server on this system, and none could be fetched.
    #[error(
        "no usable PostgreSQL server on this system{rejected}, and fetching one from github.com failed ({cause}); \
         {advice}, or set DATABASE_URL to a server of your own"
    )]
    Missing {
        /// The installations that were found and why each was passed over; empty where there was none.
        rejected: String,
        /// Why nothing could be fetched.
        cause: String,
        /// How to install a server here.
        advice: String,
    },

    /// The data was written by a major version that no installed server can read.
    #[error(
        "{} was written by PostgreSQL {kept}, and {found}; install PostgreSQL {kept} or point \
         LMI_POSTGRES_BIN at it, or move that folder away to begin with an empty database",
        .data_dir.display()
    )]
    OtherMajor {
        /// The folder that holds the data.
        data_dir: PathBuf,
        /// The major version that wrote it.
        kept: u32,
        /// What is there instead.
        found: String,
    },

    /// The data belongs to another user of this system.
    #[error(
        "{} belongs to user id {owner}; run lmi as that user, or set LMI_DATA_DIR to a folder of your own",
        .data_dir.display()
    )]
    NotYours {
        /// The folder that holds the data.
        data_dir: PathBuf,
        /// Who owns it.
        owner: u32,
    },

    /// Run as root, with no account to run the server as.
    #[error(
        "PostgreSQL refuses to run as root, and this system has no account `postgres` or `nobody` to run it as; \
         add one, run lmi as an ordinary user, or set DATABASE_URL"
    )]
    NoAccount,

    /// There is data, but the account that the server runs as can no longer reach it.
    #[error(
        "the account {account}, which PostgreSQL runs as, cannot enter {}; allow it to (chmod o+x on the folders \
         above), or move the data and set LMI_DATA_DIR",
        .data_dir.display()
    )]
    OutOfReach {
        /// The account of the server.
        account: String,
        /// The folder that holds the data.
        data_dir: PathBuf,
    },

    /// The folder for the socket exists and is not ours.
    #[error(
        "{} was made by someone else, so PostgreSQL will not put its socket there; remove it, or set TMPDIR to \
         another folder",
        .folder.display()
    )]
    Planted {
        /// The folder that was found.
        folder: PathBuf,
    },

    /// The new data folder could not be made.
    #[error("initdb could not make {}: {reason}; mend that and start again", .data_dir.display())]
    Init {
        /// The folder that was to be made.
        data_dir: PathBuf,
        /// What initdb said.
        reason: String,
    },

    /// The server ended while it was starting.
    #[error("PostgreSQL ended while starting: {reason}; the rest is in {}", .log.display())]
    Died {
        /// The last complaint in its log.
        reason: String,
        /// Where its log is.
        log: PathBuf,
    },

    /// The server, or a process left of it, neither answers nor ends.
    #[error(
        "PostgreSQL on {} has not become ready within {seconds} s ({state}); look in {}, or stop what is left of it \
         with `pg_ctl stop -m immediate -D {}`",
        .data_dir.display(), .log.display(), .data_dir.display()
    )]
    NotReady {
        /// The folder that holds the data.
        data_dir: PathBuf,
        /// How long it was waited for.
        seconds: u64,
        /// What was seen last.
        state: &'static str,
        /// Where its log is.
        log: PathBuf,
    },

    /// The server did not stop when asked.
    #[error("PostgreSQL did not stop: {reason}; look in {}", .log.display())]
    Stop {
        /// What `pg_ctl` said.
        reason: String,
        /// Where its log is.
        log: PathBuf,
    },

    /// A file, a folder or a program could not be used.
    #[error(
        "cannot {act} {}: {cause}; check that it is there, that it is yours and that the disk is not full",
        .path.display()
    )]
    Io {
        /// What was tried, such as `create`.
        act: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system answered.
        cause: io::Error,
    },
}

/// Says what was being done to `path` when the system refused.
pub(super) fn at(act: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_path_buf();
    move |cause| Error::Io { act, path, cause }
}

/// `text` on one line, so that an error remains one line whatever a program said.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
