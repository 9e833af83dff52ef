//! The locks that let several processes share one server.
//!
//! They are locks of the kernel on open files: however a process ends, its locks are gone with it.
//!
//! - `start.lock` is held while a server is started or stopped, so that only one process does so at a time;
//! - `users.lock` is shared by all who use the server: who gets it alone is the last one;
//! - `postgres-N.lock` is held by the server itself, through its standard input: it is free exactly when the last
//!   process of the server is gone. Unlike a process id it is never reused, not held by a zombie, and seen from
//!   every container that shares the folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::{OpenOptionsExt, fchown};
use std::path::Path;

use super::error::{Error, at};
use super::place::Place;

/// Opens a file beside the data, making it where it is missing. It is only ever appended to.
pub(super) fn open(place: &Place, path: &Path) -> Result<File, Error> {
    let is_new = !path.exists();
    let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path).map_err(at("open", path))?;
    if is_new && place.user.is_other() && place.user.is_the_caller() {
        // Made as root for the person behind `sudo`, who may come without it the next time.
        fchown(&file, Some(place.user.uid), None).map_err(at("change the owner of", path))?;
    }
    Ok(file)
}

/// Waits until no other process starts or stops the server, and keeps others from it until dropped.
pub(super) fn starting(place: &Place, progress: &dyn Fn(&str)) -> Result<File, Error> {
    let path = place.base.join("start.lock");
    let file = open(place, &path)?;
    if !try_lock(&file, &path)? {
        progress("Waiting for another lmi that is starting or stopping PostgreSQL here");
        file.lock().map_err(at("lock", &path))?;
    }
    Ok(file)
}

/// Joins those who use the server, until dropped. To be called while `start.lock` is held.
pub(super) fn using(place: &Place) -> Result<File, Error> {
    let path = place.base.join("users.lock");
    let file = open(place, &path)?;
    file.lock_shared().map_err(at("lock", &path))?;
    Ok(file)
}

/// Leaves those who use the server: whether nobody is left. To be called while `start.lock` is held.
pub(super) fn leave(place: &Place, users: &File) -> Result<bool, Error> {
    let path = place.base.join("users.lock");
    users.unlock().map_err(at("unlock", &path))?;
    try_lock(users, &path)
}

/// Takes the lock if it is free.
pub(super) fn try_lock(file: &File, path: &Path) -> Result<bool, Error> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(at("lock", path)(error)),
    }
}
