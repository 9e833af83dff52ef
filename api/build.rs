//! Tells the crate whether the files of the `GraphiQL` page have been built (`npm run build` in
//! `graphiql/`) from what is pinned: then they are embedded, else the page loads them from their
//! public copy.

use std::{fs, path::Path};

const DIST: &str = "../graphiql/dist";
const PINNED: &str = "assets/graphiql/pinned.json";
const FILES: [&str; 4] = ["graphiql.css", "graphiql.js", "react-dom.js", "react.js"];

fn main() {
    println!("cargo::rustc-check-cfg=cfg(graphiql_bundled)");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={PINNED}");
    // The folder is there before anything is built: a path that is missing would make every
    // build start anew.
    if Path::new(DIST).is_dir() {
        println!("cargo::rerun-if-changed={DIST}");
    }
    if is_built() {
        println!("cargo::rustc-cfg=graphiql_bundled");
    }
}

/// All the files are there, and were built from the pins of this source tree.
fn is_built() -> bool {
    let dist = Path::new(DIST);
    let built_from = fs::read(dist.join("pinned.json"));
    FILES.iter().all(|file| dist.join(file).is_file())
        && matches!((built_from, fs::read(PINNED)), (Ok(built), Ok(pinned)) if built == pinned)
}
