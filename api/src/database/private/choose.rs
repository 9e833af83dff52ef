//! Decides which server to use: the one that was set, one of this system, or one that is fetched.

use std::path::Path;

use super::binaries::{self, Binaries};
use super::error::Error;
use super::place::Place;
use super::{Durability, Options, fetch, packages};

/// The server for the data in `place`.
///
/// Data can be read only by the major version that wrote it, so where there is durable data its version decides,
/// and the newest server does not: an upgrade of the system must not make the data seem to be gone.
pub(super) fn server(options: &Options, place: &Place, progress: &dyn Fn(&str)) -> Result<Binaries, Error> {
    let kept = match options.durability {
        Durability::Durable => place.newest_data(),
        Durability::Throwaway => None,
    };
    let fits = |server: &Binaries| kept.is_none_or(|kept| kept == server.major);
    let other_major = |kept: u32, found: String| Error::OtherMajor { data_dir: place.data_dir(kept), kept, found };

    if let Some(folder) = &options.postgres_bin {
        let server = binaries::inspect(folder, &place.user)
            .map_err(|unfit| Error::Given { folder: folder.clone(), reason: unfit.to_string() })?;
        return match kept {
            Some(kept) if !fits(&server) => Err(other_major(kept, format!("LMI_POSTGRES_BIN holds {}", server.major))),
            _ => Ok(server),
        };
    }

    let cache = fetch::cache(place);
    let mut passed_over = Vec::new();
    let mut others = Vec::new();
    for folder in binaries::candidates().into_iter().chain(fetch::cached(&cache)) {
        match binaries::inspect(&folder, &place.user) {
            Ok(server) if fits(&server) => return Ok(server),
            Ok(server) => others.push(server.major.to_string()),
            Err(unfit) => {
                tracing::debug!(folder = %folder.display(), %unfit, "PostgreSQL passed over");
                passed_over.push(format!("{}: {unfit}", folder.display()));
            }
        }
    }

    match kept {
        Some(kept) if kept != fetch::MAJOR => {
            let found = if others.is_empty() { "no other".to_owned() } else { others.join(", ") };
            Err(other_major(kept, format!("this system has {found}")))
        }
        _ => fetched(&cache, place, &passed_over, progress),
    }
}

/// The last resort: a server from the network.
fn fetched(cache: &Path, place: &Place, passed_over: &[String], progress: &dyn Fn(&str)) -> Result<Binaries, Error> {
    fetch::fetch(cache, progress)
        .and_then(|folder| {
            binaries::inspect(&folder, &place.user)
                .map_err(|unfit| format!("the one in {} cannot be used: {unfit}", folder.display()))
        })
        .map_err(|cause| Error::Missing {
            rejected: match passed_over {
                [] => String::new(),
                found => format!(" ({})", found.join("; ")),
            },
            cause,
            advice: packages::advice(),
        })
}
