//! Files that are printed from the code and kept beside it.

use std::path::Path;

/// Compares a file of the repository, named by its path from the root, with what the code prints. With `UPDATE_DOCS=1`
/// in the environment the file is written instead.
pub fn golden(path: &str, printed: &str) {
    let file = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(path);
    if std::env::var_os("UPDATE_DOCS").is_some_and(|value| value == "1") {
        let folder = file.parent().expect("a file stands in a folder");
        std::fs::create_dir_all(folder).expect("a folder for the file");
        std::fs::write(&file, printed).expect("a file that can be written");
        return;
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    // Line by line, so that a failure shows what differs and not two whole files.
    for (number, (kept, printed)) in (1..).zip(kept.lines().zip(printed.lines())) {
        assert_eq!(kept, printed, "{path}, line {number}, is not what the code prints. {RENEW}");
    }
    assert!(kept == printed, "{path} is shorter or longer than what the code prints. {RENEW}");
}

const RENEW: &str = "Renew it with `UPDATE_DOCS=1 cargo test -p tests`, and read what changed.";
