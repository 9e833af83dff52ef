//! What the program is made of: every crate comes from where `deny.toml` says, under a licence that it names. `cargo deny`
//! says more, where it is installed; this takes nothing but Rust.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tests::root;

/// What stands in `deny.toml` as a list of texts under this name.
fn listed(name: &str) -> BTreeSet<String> {
    let file = fs::read_to_string(root().join("deny.toml")).expect("deny.toml");
    let (_, rest) = file.split_once(&format!("\n{name} = [")).expect("a list");
    let (list, _) = rest.split_once(']').expect("its end");
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The crates that the program and its tests are built of on this system, as the lock file has them.
fn crates() -> Vec<Value> {
    let cargo = |arguments: &[&str]| {
        let done = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().expect("cargo");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).expect("text")
    };
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("this system");
    let known = cargo(&["metadata", "--locked", "--offline", "--format-version=1", "--filter-platform", host]);
    let known: Value = serde_json::from_str(&known).expect("JSON");
    known["packages"].as_array().expect("a list").clone()
}

/// The licence of a crate as an expression; of one that only has a file, what the file says that it is.
fn licence(of: &Value) -> String {
    if let Some(expression) = of["license"].as_str() {
        return expression.replace('/', " OR ");
    }
    let manifest = Path::new(of["manifest_path"].as_str().expect("a path"));
    let file = manifest.with_file_name(of["license_file"].as_str().unwrap_or("LICENSE"));
    let text = fs::read_to_string(file).unwrap_or_default();
    if text.starts_with("MIT License") { "MIT".to_owned() } else { "unknown".to_owned() }
}

/// Whether an expression can be met by these licences. `AND` binds closer than `OR`.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace(" WITH ", "-WITH-");
    let mut words = spaced.split_whitespace().collect::<Vec<_>>().into_iter().peekable();
    either(&mut words, allowed)
}

type Words<'a> = std::iter::Peekable<std::vec::IntoIter<&'a str>>;

fn either(words: &mut Words<'_>, allowed: &BTreeSet<String>) -> bool {
    let mut met = both(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        met |= both(words, allowed);
    }
    met
}

fn both(words: &mut Words<'_>, allowed: &BTreeSet<String>) -> bool {
    let mut met = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        met &= one(words, allowed);
    }
    met
}

fn one(words: &mut Words<'_>, allowed: &BTreeSet<String>) -> bool {
    match words.next() {
        Some("(") => {
            let met = either(words, allowed);
            words.next();
            met
        }
        Some(name) => allowed.contains(&name.replace("-WITH-", " WITH ")),
        None => false,
    }
}

#[test]
fn every_crate_comes_under_a_licence_that_is_taken_and_from_where_it_may() {
    let (allowed, crates) = (listed("allow"), crates());
    assert!(crates.len() > 100 && allowed.contains("MIT"));
    let told = |of: &Value| format!("{} {}: {}", of["name"], of["version"], licence(of));
    let is_ours = |of: &&Value| of["source"].is_null();
    let foreign = |of: &&Value| of["source"] != "registry+https://github.com/rust-lang/crates.io-index";
    let banned = |of: &&Value| of["name"] == "openssl-sys";
    let others: Vec<_> = crates.iter().filter(|of| !is_ours(of)).collect();
    let refused = others.iter().filter(|of| foreign(of) || banned(of) || !is_met(&licence(of), &allowed));
    assert_eq!(refused.map(|of| told(of)).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn a_licence_is_met_as_its_expression_says() {
    let allowed = BTreeSet::from(["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned));
    for met in [
        "MIT",
        "GPL-3.0 OR MIT",
        "(MIT OR GPL-3.0) AND ISC",
        "Apache-2.0 WITH LLVM-exception",
        "GPL-3.0 AND ISC OR MIT",
    ] {
        assert!(is_met(met, &allowed), "{met}");
    }
    for unmet in
        ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR ISC) AND GPL-3.0", "Apache-2.0", "MIT AND (GPL-3.0 OR BSD)"]
    {
        assert!(!is_met(unmet, &allowed), "{unmet}");
    }
}
