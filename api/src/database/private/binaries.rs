//! Finds the programs of a Postgres server on this system.

use std::cmp::Reverse;
use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::owner::{self, ServerUser};

/// The oldest major version that the schema works on.
const OLDEST: u32 = 14;

/// The programs that starting and stopping a cluster takes.
const PROGRAMS: [&str; 3] = ["postgres", "initdb", "pg_ctl"];

/// The contrib extensions that the schema creates.
const EXTENSIONS: [&str; 4] = ["btree_gist", "fuzzystrmatch", "pg_trgm", "unaccent"];

/// Where installers put several major versions side by side: a folder, how its entries of interest begin, and
/// where in such an entry the programs are.
const PLACES: [(&str, &str, &str); 10] = [
    ("usr/lib/postgresql", "", "bin"),                          // Debian, Ubuntu
    ("usr", "pgsql-", "bin"),                                   // the rpm packages of the PostgreSQL project
    ("usr/lib", "postgresql", "bin"),                           // openSUSE
    ("usr/libexec", "postgresql", ""),                          // Alpine
    ("opt/homebrew/opt", "postgresql", "bin"),                  // Homebrew on Apple silicon
    ("usr/local/opt", "postgresql", "bin"),                     // Homebrew on Intel
    ("home/linuxbrew/.linuxbrew/opt", "postgresql", "bin"),     // Homebrew on Linux
    ("opt/local/lib", "postgresql", "bin"),                     // MacPorts
    ("Applications/Postgres.app/Contents/Versions", "", "bin"), // Postgres.app
    ("Library/PostgreSQL", "", "bin"),                          // the installer of EDB
];

/// A server that can be used.
#[derive(Debug, Clone)]
pub(super) struct Binaries {
    /// The folder of its programs.
    pub(super) dir: PathBuf,
    /// Its major version, which its data folder is named by.
    pub(super) major: u32,
}

impl Binaries {
    /// One of its programs.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }
}

/// Why an installation cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// Some of the programs are missing.
    Incomplete,
    /// A program does not run for the account of the server.
    DoesNotRun(String),
    /// The major version is too old.
    TooOld(u32),
    /// Its contrib extensions are not installed.
    WithoutExtensions(Vec<&'static str>),
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Incomplete => write!(f, "it does not hold {}", PROGRAMS.join(", ")),
            Self::DoesNotRun(reason) => write!(f, "its programs do not run: {reason}"),
            Self::TooOld(major) => write!(f, "it is PostgreSQL {major}, and {OLDEST} or later is needed"),
            Self::WithoutExtensions(names) => {
                write!(f, "it lacks the extensions {} (package postgresql-contrib on most systems)", names.join(", "))
            }
        }
    }
}

/// Every folder of this system that may hold a server, most wanted first: what the person put on the path, what
/// `pg_config` there names, then the usual places, newest version first.
pub(super) fn candidates() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut pg_config = Command::new("pg_config");
    pg_config.arg("--bindir");
    let named = owner::run(pg_config).ok().map(|answer| PathBuf::from(answer.trim()));
    candidates_in(Path::new("/"), &path, named)
}

/// Every folder of this system that may hold PostgreSQL's programs for clients, which may be there without a server. Those that
/// are named by a version come first: what is on the path may be a program that chooses among them.
pub(crate) fn client_folders() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    versioned(Path::new("/")).into_iter().chain(std::env::split_paths(&path)).collect()
}

/// The usual places, newest version first.
fn versioned(root: &Path) -> Vec<PathBuf> {
    let mut versioned: Vec<PathBuf> = PLACES
        .iter()
        .flat_map(|(folder, prefix, programs)| {
            let entries = fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
            entries
                .filter(move |entry| entry.file_name().as_encoded_bytes().starts_with(prefix.as_bytes()))
                .map(move |entry| entry.path().join(programs))
        })
        .collect();
    versioned.sort_by_key(|folder| Reverse(version_in(folder.strip_prefix(root).unwrap_or(folder))));
    versioned
}

fn candidates_in(root: &Path, path: &OsStr, named: Option<PathBuf>) -> Vec<PathBuf> {
    let all = std::env::split_paths(path).chain(named).chain(versioned(root));
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in all.filter(|folder| folder.is_absolute() && folder.join(PROGRAMS[0]).is_file()) {
        let folder = real_folder(folder);
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    folders
}

/// The last run of digits in a path; `Versions/latest` and other names without one come last.
fn version_in(folder: &Path) -> Option<u32> {
    let text = folder.to_string_lossy();
    text.split(|c: char| !c.is_ascii_digit()).rev().find_map(|digits| digits.parse().ok())
}

/// Where the programs really are: a folder on the path often holds links to them, and not to all.
fn real_folder(folder: PathBuf) -> PathBuf {
    let real = folder.join(PROGRAMS[0]).canonicalize().ok();
    match real.as_deref().and_then(Path::parent) {
        Some(real) if is_complete(real) => real.to_path_buf(),
        _ => folder,
    }
}

fn is_complete(folder: &Path) -> bool {
    PROGRAMS.iter().all(|program| folder.join(program).is_file())
}

/// Whether the server in `dir` can be used by `user`.
pub(super) fn inspect(dir: &Path, user: &ServerUser) -> Result<Binaries, Unfit> {
    let dir = real_folder(dir.to_path_buf());
    if !is_complete(&dir) {
        return Err(Unfit::Incomplete);
    }
    let mut postgres = user.command(dir.join("postgres"));
    postgres.arg("--version");
    let version = owner::run(postgres).map_err(Unfit::DoesNotRun)?;
    let major = major_of(&version).ok_or_else(|| Unfit::DoesNotRun(format!("it answers {}", version.trim())))?;
    if major < OLDEST {
        return Err(Unfit::TooOld(major));
    }
    // The installation itself knows best where its shared files are; nothing is made by asking.
    let mut show = user.command(dir.join("initdb"));
    show.args(["--show", "-D", "/nonexistent"]);
    let shown = owner::run(show).map_err(Unfit::DoesNotRun)?;
    let share = share_path(&shown).ok_or_else(|| Unfit::DoesNotRun("initdb names no share_path".to_owned()))?;
    let lacking = lacking_extensions(share);
    if lacking.is_empty() { Ok(Binaries { dir, major }) } else { Err(Unfit::WithoutExtensions(lacking)) }
}

/// The major version in an answer such as `postgres (Postgres) 15.18 (Debian 15.18-0+deb12u1)`.
fn major_of(answer: &str) -> Option<u32> {
    let (_, version) = answer.split_once(") ")?;
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// The folder of shared files in the answer of `initdb --show`.
fn share_path(shown: &str) -> Option<&Path> {
    shown.lines().find_map(|line| line.strip_prefix("share_path=")).map(|path| Path::new(path.trim()))
}

fn lacking_extensions(share: &Path) -> Vec<&'static str> {
    let is_there = |name: &str| share.join("extension").join(format!("{name}.control")).is_file();
    EXTENSIONS.into_iter().filter(|name| !is_there(name)).collect()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::fs;
    use std::io;
    use std::os::unix::fs::symlink;
    use std::path::{Path, PathBuf};

    use super::{candidates_in, lacking_extensions, major_of, share_path, version_in};

    /// A folder of this test's own, removed with it.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> io::Result<Self> {
            let folder = std::env::temp_dir().join(format!("lmi-binaries-{name}-{}", std::process::id()));
            fs::create_dir_all(&folder)?;
            Ok(Self(folder.canonicalize()?))
        }

        fn server(&self, folder: &str) -> io::Result<PathBuf> {
            let folder = self.0.join(folder);
            fs::create_dir_all(&folder)?;
            for program in super::PROGRAMS {
                fs::write(folder.join(program), "")?;
            }
            Ok(folder)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn the_major_version_is_read_from_every_kind_of_answer() {
        assert_eq!(major_of("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major_of("postgres (PostgreSQL) 18beta2"), Some(18));
        assert_eq!(major_of("postgres (PostgreSQL) 9.6.24"), Some(9));
        assert_eq!(major_of("postgres (EnterpriseDB) 17.1"), Some(17));
        assert_eq!(major_of("postgres: command not found"), None);
    }

    #[test]
    fn the_path_comes_first_then_the_newest_version() -> io::Result<()> {
        let root = Folder::new("order")?;
        let (nine, seventeen) = (root.server("usr/lib/postgresql/9.6/bin")?, root.server("usr/lib/postgresql/17/bin")?);
        let (brew, chosen) = (root.server("opt/homebrew/opt/postgresql@16/bin")?, root.server("chosen")?);
        let named = root.server("named")?;
        let found = candidates_in(&root.0, chosen.as_os_str(), Some(named.clone()));
        assert_eq!(found, [chosen, named, seventeen, brew, nine]);
        Ok(())
    }

    #[test]
    fn links_on_the_path_lead_to_the_installation_and_count_once() -> io::Result<()> {
        let root = Folder::new("links")?;
        let real = root.server("usr/lib/postgresql/15/bin")?;
        let links = root.0.join("links");
        fs::create_dir_all(&links)?;
        symlink(real.join("postgres"), links.join("postgres"))?;
        assert_eq!(candidates_in(&root.0, links.as_os_str(), None), [real]);
        Ok(())
    }

    #[test]
    fn folders_without_a_server_are_no_candidates() -> io::Result<()> {
        let root = Folder::new("none")?;
        fs::create_dir_all(root.0.join("usr/lib/postgresql/15/bin"))?;
        assert!(candidates_in(&root.0, OsStr::new("relative:/nonexistent"), None).is_empty());
        Ok(())
    }

    #[test]
    fn names_without_a_version_come_last() {
        assert_eq!(version_in(Path::new("usr/pgsql-16/bin")), Some(16));
        assert!(version_in(Path::new("Versions/latest/bin")) < version_in(Path::new("Versions/14/bin")));
    }

    #[test]
    fn missing_extensions_are_named() -> io::Result<()> {
        let share = Folder::new("share")?;
        fs::create_dir_all(share.0.join("extension"))?;
        fs::write(share.0.join("extension/pg_trgm.control"), "")?;
        assert_eq!(lacking_extensions(&share.0), ["btree_gist", "fuzzystrmatch", "unaccent"]);
        assert_eq!(
            share_path("PGDATA=/x\nshare_path=/usr/share/postgresql/15\n"),
            Some(Path::new("/usr/share/postgresql/15"))
        );
        Ok(())
    }
}
