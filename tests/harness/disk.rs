//! A disk of few megabytes, for a server that is to find it full: a file system in memory that nobody sees who was not put
//! before it, and that is gone with the process that holds it.

use crate::replication::{account, folder};
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// What its holder does: it makes the file system, leaves the account that may do that, and waits for the end of its input.
const HOLD: &str = "mount -t tmpfs -o size=$1,mode=700,uid=$2,gid=$3 disk \"$4\" && echo held && exec $5 cat";

/// The disk.
pub struct Disk {
    folder: TempDir,
    holder: Child,
}

impl Disk {
    /// One of so many megabytes.
    ///
    /// # Panics
    ///
    /// Where the system lets nobody make file systems. It says so then, and how this is left out.
    pub fn of_megabytes(size: u32) -> Self {
        let folder = folder();
        let mut unshare = Command::new("unshare");
        // Root becomes the account that servers run as; anybody else is root for as long as it takes to make the file system.
        let (owner, leave) = if let Some((user, group)) = account() {
            unshare.arg("--mount");
            ((user, group), format!("setpriv --reuid={user} --regid={group} --clear-groups"))
        } else {
            unshare.args(["--user", "--map-root-user", "--mount"]);
            ((0, 0), String::new())
        };
        unshare.args(["--propagation", "private", "sh", "-c", HOLD, "sh", &format!("{size}m")]);
        unshare.args([owner.0.to_string(), owner.1.to_string(), folder.path().display().to_string(), leave]);
        let unshare = unshare.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut holder = unshare.expect("the program `unshare` of util-linux");
        let mut line = String::new();
        let told = BufReader::new(holder.stdout.take().expect("its output")).read_line(&mut line);
        assert!(
            told.is_ok() && line == "held\n",
            "this system lets nobody make a file system, which a full disk is tried on: run the tests as root, or where user \
             namespaces are allowed, or leave this one out by `-- --skip a_full_disk`"
        );
        Self { folder, holder }
    }

    /// The folder that lies on it, as whoever owns it can reach it from outside.
    pub(crate) fn path(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root{}", self.holder.id(), self.folder.path().display()))
    }

    /// Fills it to the last byte.
    pub fn fill(&self) {
        let ballast = fs::File::create(self.ballast()).expect("a file");
        let mut ballast = std::io::BufWriter::with_capacity(4096, ballast);
        while std::io::Write::write_all(&mut ballast, &[0; 4096]).is_ok() {}
        // What did not fit is not tried again.
        drop(ballast.into_parts());
    }

    /// Makes room again.
    pub fn clear(&self) {
        fs::remove_file(self.ballast()).expect("a file");
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}
