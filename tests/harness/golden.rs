//! Files of the repository that are printed from the code.

use std::path::PathBuf;

/// The folder that the repository is in.
pub fn root() -> PathBuf {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    root.canonicalize().expect("the root of the repository")
}

/// Holds a file against what the code prints; `UPDATE_DOCS=1 cargo test` writes it instead.
pub fn golden(path_from_root: &str, printed: &str) {
    let path = root().join(path_from_root);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder that can be made");
        std::fs::write(&path, printed).expect("a file that can be written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = kept.lines().zip(printed.lines()).position(|(kept, printed)| kept != printed);
    let line = 1 + differs.unwrap_or_else(|| kept.lines().count().min(printed.lines().count()));
    assert!(
        kept == printed,
        "{path_from_root} is not what the code prints, from line {line} on; UPDATE_DOCS=1 cargo test writes it anew"
    );
}
