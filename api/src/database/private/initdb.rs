//! Makes the data folder of a new cluster.

use std::fs::{self, File};
use std::path::Path;
use std::time::SystemTime;

use super::binaries::Binaries;
use super::error::{Error, at};
use super::place::Place;
use super::probe::ROLE;
use super::{Durability, owner};

/// Makes the data folder, all or nothing: it gets its name only when it is whole, so that one which was broken off
/// is never started. To be called while `start.lock` is held.
pub(super) fn create(
    binaries: &Binaries,
    place: &Place,
    durability: Durability,
    progress: &dyn Fn(&str),
) -> Result<(), Error> {
    let data_dir = place.data_dir(binaries.major);
    progress(&format!("Making a PostgreSQL {} database in {}", binaries.major, data_dir.display()));
    let aside = format!("{}.new-", data_dir.display());
    remove_leftovers(place, &aside)?;
    // A name of its own for each attempt: the initdb of a killed process may live on for a moment in its folder.
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().as_nanos();
    let aside = format!("{aside}{}-{now}", std::process::id());
    let aside = Path::new(&aside);

    let mut attempt = Err("no locale to try".to_owned());
    for locale in locales(binaries.major) {
        place.make_private(aside)?;
        attempt = run_initdb(binaries, place, durability, aside, locale);
        match &attempt {
            Ok(()) => break,
            Err(reason) => {
                fs::remove_dir_all(aside).map_err(at("remove", aside))?;
                if !reason.contains("locale") {
                    break;
                }
                tracing::debug!(?locale, %reason, "initdb does without this locale");
            }
        }
    }
    attempt.map_err(|reason| Error::Init { data_dir: data_dir.clone(), reason })?;

    fs::rename(aside, &data_dir).map_err(at("name", &data_dir))?;
    if durability == Durability::Durable {
        // initdb has written its files through; the name of the folder is ours to write through.
        File::open(&place.base).and_then(|base| base.sync_all()).map_err(at("write through", &place.base))?;
    }
    Ok(())
}

fn run_initdb(
    binaries: &Binaries,
    place: &Place,
    durability: Durability,
    folder: &Path,
    locale: &[&str],
) -> Result<(), String> {
    let mut initdb = place.user.command(binaries.program("initdb"));
    initdb.arg("-D").arg(folder).args(["-U", ROLE, "-E", "UTF8", "--no-instructions"]);
    // Only who can enter the folder of the socket gets as far as this; through a network nobody does.
    initdb.args(["--auth-local=trust", "--auth-host=reject"]);
    initdb.args(locale);
    initdb.arg(match durability {
        Durability::Durable => "--data-checksums",
        Durability::Throwaway => "--no-sync",
    });
    owner::run(initdb).map(drop)
}

/// What earlier attempts left: they were broken off, and nobody else is at it while we hold the lock.
fn remove_leftovers(place: &Place, prefix: &str) -> Result<(), Error> {
    for entry in fs::read_dir(&place.base).map_err(at("read", &place.base))?.flatten() {
        let path = entry.path();
        if path.as_os_str().as_encoded_bytes().starts_with(prefix.as_bytes()) {
            // It may fail while an initdb that outlived its process still writes there; then the next start does it.
            if let Err(error) = fs::remove_dir_all(&path) {
                tracing::debug!(folder = %path.display(), %error, "left for later");
            }
        }
    }
    Ok(())
}

/// The locales to try, best first. All sort by code point and differ in which letters they know.
///
/// Plain C knows only those of ASCII: `lower('Ä')`, ILIKE and full-text search go wrong with it. From version 17 the
/// server brings a C.UTF-8 of its own, while some contrib extensions still ask the system for its letters.
fn locales(major: u32) -> &'static [&'static [&'static str]] {
    const ALL: [&[&str]; 4] = [
        &["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--lc-ctype=C.UTF-8"],
        &["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"],
        &["--locale=C.UTF-8"],
        &["--locale=C"],
    ];
    if major >= 17 { &ALL } else { &ALL[2..] }
}

#[cfg(test)]
mod tests {
    use super::locales;

    #[test]
    fn the_servers_own_locale_is_used_where_it_has_one() {
        assert!(locales(17)[0].contains(&"--builtin-locale=C.UTF-8"));
        assert_eq!(locales(16)[0], ["--locale=C.UTF-8"]);
        assert_eq!(locales(14).last(), Some(&["--locale=C"].as_slice()));
    }
}
