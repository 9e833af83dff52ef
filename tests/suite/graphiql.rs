//! The queries that GraphiQL opens with answer something, to everybody.

use serde_json::Value;
use std::path::Path;
use tests::with_record;

/// The queries by the names of their files.
fn queries() -> Vec<(String, String)> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../api/assets/graphiql/queries"));
    let files = folder.read_dir().expect("a folder").map(|entry| entry.expect("an entry of the folder").path());
    let query = |file: std::path::PathBuf| {
        let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
        (name, std::fs::read_to_string(&file).expect("a query"))
    };
    let mut queries: Vec<_> = files.map(query).collect();
    queries.sort();
    queries
}

#[test]
fn each_opening_query_answers_from_the_record() {
    with_record(async |service| {
        for (name, query) in queries() {
            let answer = service.ask(&query).await.data();
            assert_eq!(service.in_production().ask(&query).await.data(), answer, "{name}");
            insta::assert_json_snapshot!(format!("graphiql_{name}"), answer);
        }
    });
}

#[test]
fn the_page_offers_each_opening_query() {
    with_record(async |service| {
        let page = service.get("/graphql", "text/html").await;
        assert_eq!(page.status, 200);
        let queries = queries();
        assert_eq!(queries.len(), 6);
        for (name, query) in queries {
            assert!(query.starts_with("# "), "{name} says what it asks");
            let quoted = Value::from(query).to_string().replace('<', "\\u003c");
            assert!(page.text.contains(&quoted), "{name}");
        }
    });
}
