//! Documents before anything runs: what of them is valid, and what of them would take too long to find that out.

use crate::errors::code;
use async_graphql::{Request, ValidationMode};
use proptest::prelude::{Strategy as _, any};
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use tests::{Service, root, with_empty};

/// Where the newest specification says more than the reference implementation does: a variable in an input object of which
/// one field is to be given must not be nullable.
const NEWER: [&str; 2] = [
    "query($a: String) { convening(by: {slug: $a}) { id } }",
    "query($a: String = \"x\") { convening(by: {slug: $a}) { id } }",
];
/// Dates are looked at before anything runs; the reference implementation does not know how they are written.
const DATES: [&str; 2] = [
    "{ convenings(filter: {startsOnOrAfter: \"soon\"}) { totalCount } }",
    "{ convenings(filter: {startsOnOrAfter: 5}) { totalCount } }",
];
/// What the compiler takes and the reference implementation does not.
const LENIENT: [&str; 1] = [
    "{ districts(filter: {kind: [UNIFIED]}) { totalCount } districts(filter: {kind: [UNIFIED, COUNTY_OFFICE]}) { totalCount } }",
];
/// What the compiler's parser does not read yet.
const UNREAD: [&str; 1] = ["\"A description\" query { regions { number } }"];

/// Whether the service would run a document, whatever comes of it.
async fn admits(service: &Service, document: &str) -> bool {
    let answer = service.ask(document).await;
    let codes = answer.codes();
    // Of several operations nobody said which.
    answer.messages().contains("`operationName`")
        || !codes.iter().any(|code| ["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"].contains(&code.as_str()))
}

#[test]
fn what_is_valid_is_what_the_reference_implementation_says() {
    with_empty(async |service| {
        let verdicts = std::fs::read_to_string(root().join("tests/data/verdicts.json")).expect("a file");
        let verdicts: Vec<Value> = serde_json::from_str(&verdicts).expect("verdicts");
        assert!(verdicts.len() >= 60);
        let mut others = Vec::new();
        for verdict in &verdicts {
            let document = verdict["document"].as_str().expect("a document");
            let is_stricter = [&NEWER[..], &DATES, &UNREAD].concat().contains(&document);
            let is_laxer = LENIENT.contains(&document);
            let expected = (verdict["valid"] == true && !is_stricter) || is_laxer;
            if admits(&service, document).await != expected {
                others.push(format!("{document}\n  {}", service.ask(document).await.text));
            }
        }
        assert!(others.is_empty(), "another verdict on {}:\n{}", others.len(), others.join("\n"));
    });
}

/// Pieces of documents, valid and not, that are put together in every way.
const PIECES: [&str; 22] = [
    "regions { number }",
    "regions { number name }",
    "r: regions { id }",
    "r: counties { name }",
    "regions @include(if: $yes) { name }",
    "people(first: $first) { totalCount }",
    "people(first: 1) { nodes { name } }",
    "people(first: \"1\") { totalCount }",
    "people(orderBy: {field: NAME}) { totalCount }",
    "people(orderBy: {field: $order}) { totalCount }",
    "node(id: \"a\") { id ... on Convening { title } }",
    "node(id: \"a\") { ...OnRegion }",
    "nodes(ids: [\"a\", $id]) { id }",
    "convening(by: {slug: \"a\"}) { title }",
    "convening(by: {}) { title }",
    "...Root",
    "... on Query { regions { id } }",
    "... on Region { number }",
    "search(query: \"a\") { nodes { ... on Person { name } } }",
    "nothing",
    "districts(filter: {kind: [UNIFIED]}) { totalCount }",
    "districts(filter: {kind: $kinds}) { totalCount }",
];
const VARIABLES: [&str; 6] = [
    "$yes: Boolean!",
    "$first: Int",
    "$order: PersonOrderField!",
    "$id: ID!",
    "$kinds: [DistrictKind!]",
    "$first: Int = 3",
];
const FRAGMENTS: [&str; 4] = [
    "fragment Root on Query { regions { name } }",
    "fragment OnRegion on Region { number }",
    "fragment Root on Query { people(first: $first) { totalCount } ...Root }",
    "fragment OnRegion on Region { nothing }",
];

/// Some of these, in their order.
fn some(pieces: &'static [&'static str]) -> impl proptest::strategy::Strategy<Value = Vec<&'static str>> {
    proptest::sample::subsequence(pieces, 0..=pieces.len().min(4))
}

#[test]
fn what_the_engine_would_refuse_never_reaches_it() {
    with_empty(async |service| {
        // It resolves nothing: it has none of the facts of a request.
        let strict = lmi::schema::builder().validation_mode(ValidationMode::Strict).finish();
        let documents = (some(&PIECES), some(&VARIABLES), some(&FRAGMENTS), any::<bool>()).prop_map(
            |(pieces, mut variables, mut fragments, fits)| {
                let fields = pieces.join(" ");
                if fits {
                    // Just what is used, so that many are valid.
                    let name = |declared: &str| declared.split(':').next().unwrap_or_default().to_owned();
                    variables = VARIABLES[..5].iter().copied().filter(|each| fields.contains(&name(each))).collect();
                    let spread = |each: &str| format!("...{}", each.split(' ').nth(1).unwrap_or_default());
                    fragments = FRAGMENTS[..2].iter().copied().filter(|each| fields.contains(&spread(each))).collect();
                }
                let head =
                    if variables.is_empty() { String::new() } else { format!("query ({})", variables.join(", ")) };
                format!("{head} {{ __typename {fields} }} {}", fragments.join(" "))
            },
        );
        let mut runner = TestRunner::deterministic();
        let mut admitted = 0;
        for _ in 0..400 {
            let document = documents.new_tree(&mut runner).expect("a document").current();
            let engine = strict.execute(Request::new(&document).only_introspection()).await;
            let is_refused = engine.errors.iter().any(|error| error.path.is_empty());
            let answer = service.ask(&document).await;
            let codes = answer.codes();
            if !codes.iter().any(|code| code.starts_with("GRAPHQL_")) {
                admitted += 1;
                let said: Vec<_> = engine.errors.iter().map(|error| &error.message).collect();
                // Without variables the engine misses some, which here are coerced before.
                assert!(!is_refused || codes == ["BAD_USER_INPUT"], "{document}\n{said:?}\n{}", answer.text);
            }
        }
        assert!(admitted > 10, "only {admitted} documents were valid");
    });
}

#[test]
fn what_would_take_the_validator_long_is_refused_before_it() {
    with_empty(async |service| {
        let doubling = |levels: usize, body: fn(usize) -> String| -> String {
            let fragment = |i: usize| format!("fragment F{i} on Region {{ {} }} ", body(i + 1));
            let fragments: String = (0..levels).map(fragment).collect();
            format!("{{ regions {{ ...F0 }} }} {fragments} fragment F{levels} on Region {{ number }}")
        };
        let operations = (0..600).map(|i| format!("query Q{i} {{ ...F }} ")).collect::<Vec<_>>().concat();
        let fields = "number ".repeat(990);
        let documents = [
            doubling(24, |next| {
                format!(
                    "districts {{ nodes {{ region {{ ...F{next} }} }} }} d: districts {{ nodes {{ region {{ ...F{next} }} }} }}"
                )
            }),
            doubling(60, |next| format!("...F{next} ...F{next}")),
            format!("{operations} fragment F on Query {{ regions {{ {fields} }} }}"),
            format!("{{ {} number {} }}", "... { ".repeat(300), "}".repeat(300)),
            format!("{{ regions {{ a(b: {}{}) }} }}", "[".repeat(100_000), "]".repeat(100_000)),
            format!("{{ a(b: {}", "{a: ".repeat(100_000)),
            format!("query ($a: {}Int{}) {{ a }}", "[".repeat(100_000), "]".repeat(100_000)),
        ];
        for document in documents {
            assert_eq!(code(&service.ask(&document).await), "QUERY_LIMIT", "{document:.100}");
        }
        // What conflicts in every pair is told, and not ten thousand times.
        let conflicts = (0..300).map(|i| format!("people(first: {i}) {{ totalCount }} ")).collect::<Vec<_>>().concat();
        let answer = service.ask(&format!("{{ ... {{ {conflicts} }} }}")).await;
        assert_eq!(code(&answer), "QUERY_LIMIT", "{:.300}", answer.text);
        let conflicts: String = (0..900).map(|i| format!("teams(first: {i}) {{ totalCount }} ")).take(300).collect();
        let answer = service.ask(&format!("{{ districts {{ nodes {{ {conflicts} }} }} }}")).await;
        assert_eq!(answer.codes().len(), 10, "{:.300}", answer.text);
    });
}

#[test]
fn each_bound_admits_what_is_at_it() {
    with_empty(async |service| {
        let list = |items: usize| format!("{{ nodes(ids: [{}]) {{ id }} }}", "\"x\" ".repeat(items));
        let inline = |levels: usize| format!("{{ {} __typename {} }}", "... { ".repeat(levels), "}".repeat(levels));
        let introspected = |levels: usize| {
            format!("{{ __type(name: \"Query\") {{ {} name {} }} }}", "ofType { ".repeat(levels), "}".repeat(levels))
        };
        // As the service does, on a thread whose stack is long enough.
        let (asked, document) = (service.clone(), inline(199));
        let deep = tokio::spawn(async move { asked.ask(&document).await }).await.expect("an answer");
        assert_eq!(deep.data(), json!({ "__typename": "Query" }));
        let (asked, document) = (service.clone(), introspected(28));
        tokio::spawn(async move { asked.ask(&document).await }).await.expect("an answer").data();
        service.ask(&format!("{{ __typename {} }}", "#\n".repeat(100_000))).await.data();
        assert_eq!(service.ask(&list(250)).await.codes().len(), 250, "each is no id, and is told so");
        for document in [inline(200), introspected(29), list(251)] {
            assert_eq!(code(&service.ask(&document).await), "QUERY_LIMIT", "{document:.100}");
        }
    });
}

#[test]
fn variables_are_held_against_their_types_before_anything_runs() {
    with_empty(async |service| {
        let filter = "query ($x: DistrictFilter) { regions { number } districts(filter: $x) { totalCount } }";
        let input = "query ($x: [ID!]!) { regions { number } nodes(ids: $x) { id } }";
        let by = "query ($x: ConveningBy!) { regions { number } convening(by: $x) { id } }";
        let int = "query ($x: Int) { regions { number } people(first: $x) { totalCount } }";
        for (document, value, place) in [
            (int, json!(2_147_483_648_u64), "$x"),
            (int, json!(1.5), "$x"),
            (int, json!("1"), "$x"),
            (filter, json!({ "kind": ["NOTHING"] }), "$x.kind[0]"),
            (filter, json!({ "nothing": 1 }), "$x"),
            (input, json!(["a", null]), "$x[1]"),
            (input, json!(null), "$x"),
            (by, json!({}), "$x"),
            (by, json!({ "slug": "a", "id": "b" }), "$x"),
            (by, json!({ "slug": 5 }), "$x.slug"),
        ] {
            let answer = service.ask_with(document, &json!({ "x": value })).await;
            assert_eq!((code(&answer).as_str(), answer.json().get("data")), ("BAD_USER_INPUT", None), "{value}");
            assert!(answer.messages().starts_with(&format!("The variable `{place}` ")), "{}", answer.text);
        }
        let secret = service.ask_with(int, &json!({ "x": "s3cret" })).await;
        assert!(!secret.text.contains("s3cret"), "what was given is not said again");
        // One is a list of one, and what is left out has its default.
        let list = "query ($x: [DistrictKind!]) { districts(filter: {kind: $x}) { totalCount } }";
        let one = service.ask_with(list, &json!({ "x": "UNIFIED" })).await;
        assert_eq!(one.at("/districts/totalCount"), 0);
        let skipped = "query ($x: Boolean! = false) { a: __typename @include(if: $x) b: __typename }";
        assert_eq!(service.ask(skipped).await.data(), json!({ "b": "Query" }));
    });
}
