//! The data folder and the signing key: who may read them.

use super::finding::Findings;
use crate::auth::Keyring;
use crate::cli::serve::Settings;
use std::fs;
use std::os::unix::fs::MetadataExt as _;

pub(super) fn check(settings: Settings<'_>, findings: &mut Findings) {
    let access = settings.access;
    match Keyring::look(access.signing_key.as_deref(), &settings.database.data_dir) {
        Ok(Some(keys)) => findings.good("LMI_SIGNING_KEY", &format!("{keys} key(s), of which the first signs")),
        Ok(None) => {
            findings.note("LMI_SIGNING_KEY", "there is no key yet; it is made in the data folder at the first start");
        }
        Err(error) => findings.wrong("LMI_SIGNING_KEY", &format!("{error:#}")),
    }
    if access.signing_key.is_none() && settings.serve.production {
        let says = "it is not given, and kept in the data folder: several instances must have the same file, and a copy belongs where you keep secrets (lmi backup leaves it out)";
        findings.note("LMI_SIGNING_KEY", says);
    }
    data_folder(settings, findings);
}

fn data_folder(settings: Settings<'_>, findings: &mut Findings) {
    const ABOUT: &str = "LMI_DATA_DIR";
    let folder = &settings.database.data_dir;
    let Ok(metadata) = fs::metadata(folder) else {
        return findings.note(ABOUT, &format!("{} is not there yet; it is made at the first start", folder.display()));
    };
    let shown = folder.display();
    if !metadata.is_dir() {
        findings.wrong(ABOUT, &format!("{shown} is no folder; name one"));
    } else if metadata.mode() & 0o022 != 0 {
        findings.wrong(
            ABOUT,
            &format!("{shown} can be written to by others, who could put another key there; chmod go-w {shown}"),
        );
    } else {
        findings.good(ABOUT, &format!("{shown} can be written to by its owner alone"));
    }
}
