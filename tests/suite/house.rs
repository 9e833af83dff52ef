//! How the house is built: which way things point, how long files are, and that what is written about it is so.

use async_graphql::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tests::{golden, root};

/// Every file of the repository, by its path from the root, with what stands in it where that is text.
fn files() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    gather(&root(), "", &mut files);
    files
}

fn gather(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let name = entry.file_name().into_string().expect("a name in UTF-8");
        let (path, kind) = (format!("{prefix}{name}"), entry.file_type().expect("a kind of file"));
        if kind.is_file() {
            files.insert(path, fs::read_to_string(entry.path()).unwrap_or_default());
        } else if kind.is_dir() && !["target", "node_modules", ".git", ".lmi"].contains(&name.as_str()) {
            gather(&entry.path(), &format!("{path}/"), files);
        }
    }
}

fn is(path: &str, kind: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == kind)
}

/// The sources of a crate, without their comments.
fn sources(folder: &str) -> BTreeMap<String, String> {
    let all = files().into_iter().filter(|(path, _)| path.starts_with(folder) && is(path, "rs"));
    let code = |text: String| -> String {
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        lines.flat_map(|line| [line, "\n"]).collect()
    };
    let sources: BTreeMap<_, _> = all.map(|(path, text)| (path, code(text))).collect();
    assert!(!sources.is_empty(), "{folder} holds sources");
    sources
}

/// Whether a text has this word, whole.
fn names(text: &str, word: &str) -> bool {
    let part = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(word).any(|(at, _)| !text[..at].ends_with(part) && !text[at + word.len()..].starts_with(part))
}

/// The paths of the sources that name one of these words although they must not.
fn naming(sources: &BTreeMap<String, String>, words: &[&str], must_not: impl Fn(&str) -> bool) -> Vec<String> {
    let found = sources.iter().filter(|(path, text)| must_not(path) && words.iter().any(|word| names(text, word)));
    found.map(|(path, _)| path.clone()).collect()
}

const NONE: [String; 0] = [];

#[test]
fn what_is_done_knows_nothing_of_who_asks_for_it() {
    let sources = sources("api/src/");
    let is_inner = |path: &str| {
        const FILES: [&str; 4] = ["/service.rs", "/access.rs", "/validate.rs", "/spreadsheet.rs"];
        const FOLDERS: [&str; 4] =
            ["api/src/policy/", "api/src/record/", "api/src/district/import/", "api/src/spreadsheet/"];
        // A mutation is a mutation, also where it is of a spreadsheet.
        let is_schema = path == "api/src/spreadsheet/graphql.rs";
        FILES.iter().any(|file| path.ends_with(file))
            || path.contains("/service/")
            || (FOLDERS.iter().any(|at| path.starts_with(at)) && !is_schema)
    };
    assert_eq!(naming(&sources, &["async_graphql", "axum"], is_inner), NONE);
}

#[test]
fn the_schema_knows_nothing_of_the_database() {
    let sources = sources("api/src/");
    let is_schema =
        |path: &str| path.ends_with("/graphql.rs") || (path.contains("/graphql/") && !path.contains("src/graphql/"));
    assert_eq!(naming(&sources, &["sea_orm"], is_schema), NONE);
    // Only who reads for a selection knows both sides; the context of a request hands over the pool, and a mutation's
    // frame opens and closes its transaction.
    let reads = |path: &str| {
        path.ends_with("/loader.rs")
            || path.starts_with("api/src/graphql/tree/")
            || ["api/src/graphql/context.rs", "api/src/graphql/write.rs"].contains(&path)
    };
    let both: Vec<_> = naming(&sources, &["sea_orm"], |path| !reads(path))
        .into_iter()
        .filter(|path| names(&sources[path], "async_graphql"))
        .collect();
    assert_eq!(both, NONE);
}

#[test]
fn rows_and_steps_know_nothing_of_the_service() {
    for (folder, others) in [("entity/src/", ["lmi::", "migration::"]), ("migration/src/", ["lmi::", "entity::"])] {
        let naming = |(path, text): (String, String)| others.iter().any(|other| text.contains(other)).then_some(path);
        assert_eq!(sources(folder).into_iter().filter_map(naming).collect::<Vec<_>>(), NONE);
    }
}

#[test]
fn nobody_reaches_into_anothers_access() {
    let reaching = |path: &str, text: &str| {
        let own = path.strip_prefix("api/src/").and_then(|path| path.split_once('/')).map_or("", |(folder, _)| folder);
        let paths = text
            .match_indices("::access")
            .map(|(at, _)| text[..at].rsplit(|c: char| !c.is_alphanumeric() && c != '_').next());
        paths.flatten().any(|module| module != "super" && module != own)
    };
    let sources = sources("api/src/");
    let found: Vec<_> = sources.iter().filter(|(path, text)| reaching(path, text)).map(|(path, _)| path).collect();
    assert_eq!(found, Vec::<&String>::new());
    let shown = naming(&sources, &["pub mod access", "pub(crate) mod access"], |_| true);
    assert_eq!(shown, NONE);
}

#[test]
fn no_file_is_too_long_to_be_read_at_once() {
    let is_long = |(path, text): &(String, String)| is(path, "rs") && text.lines().count() > 450;
    let long: Vec<_> = files().into_iter().filter(is_long).map(|(path, _)| path).collect();
    assert_eq!(long, NONE);
}

#[test]
fn settings_are_told_as_they_are() {
    golden("docs/configuration.md", &lmi::cli::settings_to_markdown());
    golden("docs/limits.md", &lmi::http::limits_to_markdown());
}

/// The paths that a page mentions: as the target of a link, or as code that looks like a path.
fn mentioned(page: &str) -> Vec<String> {
    let mut mentioned = Vec::new();
    // Between the fences are examples and not mentions.
    for prose in page.split("```").step_by(2) {
        let links = prose.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
        mentioned.extend(links.filter(|link| !link.is_empty() && !link.contains(':')).map(str::to_owned));
        let is_path = |code: &str| {
            let endings = [
                "/", ".rs", ".md", ".toml", ".sql", ".graphql", ".json", ".mjs", ".js", ".html", ".csv", ".txt", ".yml",
            ];
            let plain = |letter: char| letter.is_alphanumeric() || "._-/".contains(letter);
            endings.iter().any(|ending| code.ends_with(ending))
                && code.len() > 3
                && code.chars().all(plain)
                && !code.starts_with(['/', '.'])
        };
        mentioned.extend(prose.split('`').skip(1).step_by(2).filter(|code| is_path(code)).map(str::to_owned));
    }
    mentioned
}

#[test]
fn pages_mention_only_files_that_are_there() {
    let files = files();
    let is_there = |page: &str, mention: &str| {
        let mention = mention.trim_start_matches("./");
        let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        // Links start where the page is; in prose, the end of a path is enough, as in `policy/table.rs`.
        let up = mention.matches("../").count();
        let folder = (0..up).fold(folder, |folder, _| folder.rsplit_once('/').map_or("", |(above, _)| above));
        let wanted = format!("/{}", mention.trim_start_matches("../").trim_end_matches('/'));
        let (file, inside) = (format!("{folder}{wanted}"), format!("{wanted}/"));
        files.keys().any(|path| {
            let path = format!("/{path}");
            path.ends_with(&wanted) || path.contains(&inside) || path == file
        })
    };
    let pages = files.iter().filter(|(path, _)| is(path, "md"));
    let mentions: Vec<_> =
        pages.flat_map(|(path, text)| mentioned(text).into_iter().map(move |mention| (path, mention))).collect();
    assert!(mentions.iter().any(|(_, mention)| mention == "api/src/config.rs"), "mentions are found");
    // The concept that the page on adding one adds.
    let made_up = |mention: &str| mention.contains("pledge");
    let missing = mentions.iter().filter(|(page, mention)| !made_up(mention) && !is_there(page, mention));
    let missing: Vec<_> = missing.collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Everything in the schema that has a name.
const INTROSPECTION: &str = "{ __schema { types { name description
    fields(includeDeprecated: true) { name description args(includeDeprecated: true) { name description } }
    inputFields(includeDeprecated: true) { name description } enumValues(includeDeprecated: true) { name description } } } }";

/// The names of what has no description, with the way to it.
fn undescribed(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::List(values) => values.iter().for_each(|value| undescribed(value, at, found)),
        Value::Object(fields) => {
            let text = |field: &str| match fields.get(field) {
                Some(Value::String(text)) => text.trim(),
                _ => "",
            };
            let name = text("name");
            // The library's own, and what the specification of the language itself describes.
            if name.starts_with("__") || name == "ID" {
                return;
            }
            let at = format!("{at}.{name}");
            if !name.is_empty() && text("description").is_empty() {
                found.push(at.clone());
            }
            fields.values().for_each(|value| undescribed(value, &at, found));
        }
        _ => {}
    }
}

#[test]
fn everything_in_the_schema_is_described() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let answer = runtime.block_on(lmi::schema::builder().finish().execute(INTROSPECTION));
    assert_eq!(answer.errors, []);
    let mut found = Vec::new();
    undescribed(&answer.data, "", &mut found);
    assert_eq!(found, NONE);
}
