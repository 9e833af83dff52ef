//! Where a private Postgres keeps its data, its locks and its socket, and who owns them.

use std::fs::{self, DirBuilder, Permissions};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::error::{Error, at};
use super::owner::ServerUser;

/// Folders and the account that they are for.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The folder of the data folders and locks.
    pub(super) base: PathBuf,
    /// The account that the server runs as.
    pub(super) user: ServerUser,
}

/// A data folder is named by the major version that wrote it, since no other can read it.
const DATA: &str = "postgres-";

/// A socket's path is limited to 103 bytes on the strictest system; its own name in the folder takes this many.
const SOCKET_PATH_LIMIT: usize = 103;
const SOCKET_NAME_LENGTH: usize = "/.s.PGSQL.5432.lock".len();

impl Place {
    /// Settles where the data is to be, given where it is wanted.
    ///
    /// That is the wanted folder, but for one case: as root, with a server that runs as an account that cannot enter
    /// it (a home folder such as /root). Then it is a folder of the system, and `progress` tells which. Where there
    /// is data already, in either of the two, it stays there.
    pub(super) fn settle(wanted: &Path, progress: &dyn Fn(&str)) -> Result<Self, Error> {
        let wanted = std::path::absolute(wanted).map_err(at("find", wanted))?;
        let elsewhere = Self::shared_folder().join(format!("{:016x}", hash(&wanted)));
        let (here, there) = (data_in(&wanted), data_in(&elsewhere));
        let user = ServerUser::choose(here.or(there).map(|data| data.owner))?;
        if let Some(data) = here.filter(|data| data.owner != user.uid) {
            return Err(Error::NotYours { data_dir: wanted, owner: data.owner });
        }
        let base = if !user.is_other() {
            wanted
        } else if here.is_some() {
            if !user.can_enter(&wanted) {
                return Err(Error::OutOfReach { account: user.name(), data_dir: wanted });
            }
            wanted
        } else if there.is_none() && user.can_enter(nearest_existing(&wanted)) {
            wanted
        } else {
            progress(&format!(
                "PostgreSQL runs as the account {}, which cannot enter {}: its data is in {}",
                user.name(),
                wanted.display(),
                elsewhere.display()
            ));
            make_enterable(&Self::shared_folder())?;
            elsewhere
        };
        if make_enterable(&base)? {
            user.give_back(&base)?;
        }
        let base = base.canonicalize().map_err(at("find", &base))?;
        Ok(Self { base, user })
    }

    /// The folder of the system that serves as root where the wanted one is out of the server's reach.
    pub(super) fn shared_folder() -> PathBuf {
        let parent = Path::new("/var/lib");
        // Both belong to root, so that nobody can prepare a folder there for us; macOS has only the second.
        let parent = if parent.is_dir() { parent } else { Path::new("/var/db") };
        parent.join("lmi")
    }

    /// The data folder of a major version.
    pub(super) fn data_dir(&self, major: u32) -> PathBuf {
        self.base.join(format!("{DATA}{major}"))
    }

    /// The newest major version that there is data of.
    pub(super) fn newest_data(&self) -> Option<u32> {
        data_in(&self.base).map(|data| data.major)
    }

    /// A short folder for the socket, its name always the same for this place.
    ///
    /// Whoever can enter it is let in without a password, hence only the server's account can.
    pub(super) fn socket_dir(&self) -> Result<PathBuf, Error> {
        let name = format!("lmi-{:016x}", hash(&self.base));
        let temporary = std::env::temp_dir();
        let fits = |folder: &Path| {
            folder.is_absolute()
                && folder.as_os_str().len() + 1 + name.len() + SOCKET_NAME_LENGTH <= SOCKET_PATH_LIMIT
                && self.user.can_enter(folder)
        };
        let parent = if fits(&temporary) { &temporary } else { Path::new("/tmp") };
        let folder = parent.join(name);
        self.make_private(&folder)?;
        Ok(folder)
    }

    /// Makes a folder that only the server's account can enter, or checks that the one there is such.
    pub(super) fn make_private(&self, folder: &Path) -> Result<(), Error> {
        match DirBuilder::new().mode(0o700).create(folder) {
            Ok(()) => return self.user.give(folder),
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(at("create", folder)(error)),
            Err(_) => {}
        }
        // The temporary folder is everyone's: what stands there under our name may be someone else's trap.
        let found = fs::symlink_metadata(folder).map_err(at("look at", folder))?;
        let unfinished = self.user.is_other() && found.uid() == 0;
        if !found.is_dir() || !(found.uid() == self.user.uid || unfinished) {
            return Err(Error::Planted { folder: folder.to_path_buf() });
        }
        if found.mode() & 0o777 != 0o700 {
            fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(at("restrict", folder))?;
        }
        if unfinished { self.user.give(folder) } else { Ok(()) }
    }
}

/// Data that is there.
#[derive(Debug, Clone, Copy)]
struct Data {
    major: u32,
    owner: u32,
}

/// The newest data in a folder. A data folder gets its name only once it is whole, so the name is enough.
fn data_in(base: &Path) -> Option<Data> {
    let entries = fs::read_dir(base).into_iter().flatten().flatten();
    let data = entries.filter_map(|entry| {
        let major = entry.file_name().to_str()?.strip_prefix(DATA)?.parse().ok()?;
        let found = entry.metadata().ok().filter(fs::Metadata::is_dir)?;
        Some(Data { major, owner: found.uid() })
    });
    data.max_by_key(|data| data.major)
}

fn nearest_existing(folder: &Path) -> &Path {
    folder.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("/"))
}

/// Makes a folder that other accounts can enter, whatever the umask. True where it was not there before.
fn make_enterable(folder: &Path) -> Result<bool, Error> {
    if folder.is_dir() {
        return Ok(false);
    }
    if let Some(parent) = folder.parent() {
        make_enterable(parent)?;
    }
    match fs::create_dir(folder) {
        Ok(()) => {}
        // Another process was quicker.
        Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => return Ok(false),
        Err(error) => return Err(at("create", folder)(error)),
    }
    fs::set_permissions(folder, Permissions::from_mode(0o755)).map_err(at("open", folder))?;
    Ok(true)
}

/// FNV-1a: names have to be the same in every version of this program, which the standard hasher does not promise.
fn hash(path: &Path) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    path.as_os_str().as_bytes().iter().fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io;
    use std::path::Path;

    use super::{data_in, hash, nearest_existing};

    #[test]
    fn names_stay_the_same_for_ever() {
        assert_eq!(hash(Path::new("a")), 0xaf63_dc4c_8601_ec8c);
    }

    #[test]
    fn the_newest_whole_data_counts() -> io::Result<()> {
        let base = std::env::temp_dir().join(format!("lmi-place-{}", std::process::id()));
        for name in ["postgres-9", "postgres-15", "postgres-17.new-1-2", "postgres-x", "other"] {
            fs::create_dir_all(base.join(name))?;
        }
        fs::write(base.join("postgres-18"), "not a folder")?;
        let found = data_in(&base).map(|data| data.major);
        fs::remove_dir_all(&base)?;
        assert_eq!(found, Some(15));
        assert!(data_in(&base).is_none());
        Ok(())
    }

    #[test]
    fn a_folder_that_is_missing_is_judged_by_the_one_above() {
        assert_eq!(nearest_existing(Path::new("/nonexistent/a/b")), Path::new("/"));
    }
}
