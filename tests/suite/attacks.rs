//! Every class of attack by what is asked: those of the OWASP GraphQL cheat sheet, and those that this service was found to
//! meet. Each is refused or answered within its bounds, and others are answered meanwhile.

use crate::http::JSON;
use crate::victim::{Victim, code};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{PASSWORD, with_fixture, with_record};

/// Says that what was asked for was more than may be.
/// Texts one behind another.
fn repeated(times: usize, text: impl Fn(usize) -> String) -> String {
    (0..times).map(text).collect()
}

fn assert_limited(answered: &(u16, Value), what: &str) {
    assert_eq!((answered.0, code(answered)), (200, "QUERY_LIMIT"), "{what}: {}", answered.1);
}

fn nested(levels: usize, open: &str, last: &str) -> String {
    format!("{{ {} {last} {} }}", open.repeat(levels), "} ".repeat(levels * open.matches('{').count()))
}

fn fragments(levels: usize, of: &str, body: impl Fn(usize) -> String, last: &str) -> String {
    let each: String = repeated(levels, |i| format!("fragment F{i} on {of} {{ {} }} ", body(i + 1)));
    format!("{each} fragment F{levels} on {of} {{ {last} }}")
}

#[test]
fn documents_that_are_deep_wide_or_grow_when_they_are_written_out() {
    with_record(async |service| {
        let victim = Victim::of(&service).await;
        let doubling = |of: &str, field: &str, levels| {
            fragments(
                levels,
                of,
                |next| format!("a: {field} {{ ...F{next} }} b: {field} {{ ...F{next} }}"),
                "__typename",
            )
        };
        for (what, document) in [
            ("depth", nested(20, "districts { nodes { county { ", "name")),
            ("aliases", format!("{{ {} }}", repeated(100, |i| format!("a{i}: regions {{ number }} ")))),
            ("fields", format!("{{ regions {{ {} }} }}", "number ".repeat(2_000))),
            ("root fields", format!("{{ {} }}", "__typename ".repeat(500))),
            ("directives", format!("{{ __typename {} }}", "@skip(if: false) ".repeat(500))),
            ("unknown directives", format!("{{ __typename {} }}", "@x ".repeat(4_000))),
            (
                "doubling fragments",
                format!("{{ ...F0 }} {}", fragments(24, "Query", |n| format!("...F{n} ...F{n}"), "__typename")),
            ),
            (
                "doubling fields",
                format!(
                    "{{ districts {{ nodes {{ region {{ ...F0 }} }} }} }} {}",
                    doubling("Region", "districts { nodes { region", 24)
                        .replace("} b:", "} } } b:")
                        .replace("} }  fragment", "} } } } fragment")
                ),
            ),
            ("deep inline fragments", nested(400, "... { ", "__typename")),
            ("tokens", format!("{{ __typename {} }}", "a ".repeat(100_000))),
            ("brackets", format!("{{ a(b: {}{}) }}", "[".repeat(50_000), "]".repeat(50_000))),
            ("braces", "{a".repeat(100_000)),
            ("introspection", nested(4, "__schema { types { fields { type { ", "name")),
            (
                "circular introspection",
                format!("{{ __schema {{ types {{ {} name {} }} }} }}", "fields { type { ".repeat(10), "} ".repeat(20)),
            ),
            ("variables", format!("query ({}) {{ __typename }}", repeated(5_000, |i| format!("$v{i}: Int ")))),
            (
                "operations",
                repeated(600, |i| format!("query Q{i} {{ ...F }} "))
                    + "fragment F on Query { a: __typename b: __typename }",
            ),
        ] {
            let answered = victim.outlives(victim.ask(&document)).await;
            assert!(
                ["QUERY_LIMIT", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"].contains(&code(&answered)),
                "{what}: {}",
                answered.1
            );
        }
        let circle = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }";
        assert_eq!(code(&victim.outlives(victim.ask(circle)).await), "GRAPHQL_VALIDATION_FAILED");
        let doubled = format!("{{ ...F0 }} {}", fragments(24, "Query", |n| format!("...F{n} ...F{n}"), "__typename"));
        assert_limited(&victim.outlives(join_all((0..20).map(|_| victim.ask(&doubled)))).await[19], "twenty at once");
    });
}

#[test]
fn many_long_documents_that_nobody_has_sent_before() {
    with_record(async |service| {
        let victim = Victim::of(&service).await;
        let long = |i: usize| {
            format!("query Q{i} {{ districts {{ nodes {{ {} }} }} }}", repeated(400, |j| format!("n{i}x{j} ")))
        };
        let valid = |i: usize| {
            format!("query Q{i} {{ districts(first: 0) {{ nodes {{ {} }} }} }}", "id name kind ".repeat(300))
        };
        let sent = (0..40).map(|i| if i % 2 == 0 { long(i) } else { valid(i) });
        let sent: Vec<_> = sent.collect();
        for answered in victim.outlives(join_all(sent.iter().map(|document| victim.ask(document)))).await {
            assert!([200, 503].contains(&answered.0), "{}", answered.1);
        }
    });
}

#[test]
fn what_is_dear_asked_by_one_many_times_at_once() {
    with_record(async |service| {
        let victim = Victim::of(&service).await;
        let prices = "query ($n: Int!) { people(first: $n) { nodes { name } } }";
        assert_eq!(code(&victim.ask_with(prices, &json!({ "n": 1_000_000 })).await), "BAD_USER_INPUT");
        let dear = |i: usize| {
            format!(
                "query Q{i} {{ districts(first: 100) {{ nodes {{ name county {{ districts(first: 100) {{ nodes {{ name teams(first: 20) \
                 {{ totalCount }} }} }} }} }} }} }}"
            )
        };
        let documents: Vec<_> = (0..30).map(dear).collect();
        for answered in victim.outlives(join_all(documents.iter().map(|document| victim.ask(document)))).await {
            let told = ["none", "UNAVAILABLE", "RATE_LIMITED", "TIMEOUT", "QUERY_LIMIT", "GRAPHQL_VALIDATION_FAILED"];
            assert!(told.contains(&code(&answered)), "{}", answered.1);
        }
    });
}

#[test]
fn passwords_guessed_many_at_a_time() {
    with_record(async |service| {
        service.make_account("ada@example.org", &[]).await;
        let victim = Victim::of(&service).await;
        let guess = |i: usize| {
            format!(
                "a{i}: signIn(input: {{email: \"ada@example.org\", password: \"guess number {i} of many\"}}) {{ accessToken }} "
            )
        };
        let of = |count: usize| format!("mutation {{ {} }}", (0..count).map(guess).collect::<String>());
        assert_limited(&victim.outlives(victim.ask(&of(100))).await, "by aliases");
        let twenty = victim.outlives(victim.ask(&of(20))).await;
        assert_eq!(code(&twenty), "RATE_LIMITED", "{}", twenty.1);
        let batch = json!([{ "query": of(1) }, { "query": of(1) }]).to_string();
        assert_eq!(victim.post(&[("content-type", JSON)], batch).await.0, 400);
        let one = of(1);
        let many = victim.outlives(join_all((0..20).map(|_| victim.ask(&one)))).await;
        assert!(many.iter().all(|answered| answered.0 == 429), "{many:?}");
        let right = format!(
            "mutation {{ signIn(input: {{email: \"ada@example.org\", password: \"{PASSWORD}\"}}) {{ accessToken }} }}"
        );
        assert_eq!(victim.ask(&right).await.0, 429, "also the right one has to wait");
    });
}

#[test]
fn texts_that_would_be_something_else_in_another_language() {
    with_fixture(async |service, _| {
        let victim = Victim::of(&service).await;
        let (by_slug, search) = (
            "query ($x: String!) { person(by: {slug: $x}) { name } organization(by: {slug: $x}) { name } }",
            "query ($x: String!) { people(filter: {search: $x}) { nodes { name } } search(text: $x) { nodes { __typename } } }",
        );
        for text in [
            "' OR 1=1 --",
            "'; DROP TABLE person; --",
            "\\'; SELECT pg_sleep(10) --",
            "$1",
            "{\"$gt\": \"\"}",
            "%' AND 1=(SELECT 1 FROM pg_sleep(5)) AND '%'='",
            "<script>alert(1)</script>",
            "${jndi:ldap://127.0.0.1/a}",
            "../../../../etc/passwd",
            "a\u{202e}b\u{feff}",
            "%%%%%%%%%%%%%%%%%%%%",
            "((((((((((a+)+)+)+)+)+)+)+)+)+)!",
            &"a ".repeat(2_000),
            &"🙂".repeat(2_000),
        ] {
            for document in [by_slug, search] {
                let answered = victim.outlives(victim.ask_with(document, &json!({ "x": text }))).await;
                let told = answered.1.to_string().to_lowercase();
                assert_ne!(code(&answered), "INTERNAL_SERVER_ERROR", "{text:.60}: {told}");
                for leak in ["sqlx", "syntax error at", "pg_", "postgres", "relation"] {
                    assert!(!told.contains(leak) || text.contains(leak), "{text:.60}: {told}");
                }
            }
        }
        let nul = victim.ask_with(by_slug, &json!({ "x": "a\u{0}b" })).await;
        assert_eq!(code(&nul), "BAD_USER_INPUT", "{}", nul.1);
    });
}

#[test]
fn bodies_and_variables_that_are_large_deep_or_not_what_they_say() {
    with_record(async |service| {
        let victim = Victim::of(&service).await;
        let deep = format!(
            "{{\"query\": \"{{ __typename }}\", \"variables\": {{\"x\": {}{}}}}}",
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        assert_eq!(victim.outlives(victim.post(&[("content-type", JSON)], deep)).await.0, 400);
        let many = json!({ "ids": vec!["x"; 50_000] });
        let ids = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        assert_limited(&victim.outlives(victim.ask_with(ids, &many)).await, "a long list");
        let long = json!({ "query": "{ __typename }", "extensions": { "x": "x".repeat(3 << 20) } }).to_string();
        let longs =
            victim.outlives(join_all((0..20).map(|_| victim.post(&[("content-type", JSON)], long.clone())))).await;
        assert!(longs.iter().all(|answered| [413, 0].contains(&answered.0)), "{longs:?}");
        let bomb = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
        let compressed = victim.post(&[("content-type", JSON), ("content-encoding", "gzip")], bomb).await;
        assert_eq!(compressed.0, 415);
        let form =
            "--x\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{\"query\":\"{__typename}\"}\r\n--x--";
        assert_eq!(victim.post(&[("content-type", "multipart/form-data; boundary=x")], form).await.0, 415);
        let change = "mutation { signOut(input: {refreshToken: \"x\"}) { userErrors { code } } }";
        for content_type in ["text/plain", "application/x-www-form-urlencoded"] {
            assert_eq!(
                victim.post(&[("content-type", content_type)], json!({ "query": change }).to_string()).await.0,
                415
            );
        }
        let address = format!("/graphql?query={}", "a".repeat(15_000));
        assert_eq!(victim.outlives(victim.get(&address)).await.0, 200, "within bounds, and no document");
        assert_eq!(victim.get(&format!("{address}{}", "a".repeat(5_000))).await.0, 414);
        assert_eq!(victim.get("/graphql?query=mutation%7B__typename%7D").await.0, 405);
    });
}

#[test]
fn credentials_hashes_and_ids_that_are_tried_out() {
    with_fixture(async |service, _| {
        let victim = Victim::of(&service).await;
        let body = json!({ "query": "{ __typename }" }).to_string();
        let tokens: Vec<_> = (0..50)
            .map(|i| if i % 2 == 0 { format!("Bearer lmi_{i:064}") } else { format!("Bearer e30.{i}.x") })
            .collect();
        let show = |token: &String| {
            let (victim, token, body) = (&victim, token.clone(), body.clone());
            async move { victim.post(&[("content-type", JSON), ("authorization", &token)], body).await }
        };
        let shown = victim.outlives(join_all(tokens.iter().map(show))).await;
        assert!(shown.iter().all(|answered| [401, 503].contains(&answered.0)), "{shown:?}");
        let hash = |i: usize| json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": format!("{i:064x}") } } });
        for i in 0..50 {
            let answered = victim.post(&[("content-type", JSON)], hash(i).to_string()).await;
            assert_eq!(code(&answered), "PERSISTED_QUERY_NOT_FOUND");
        }
        let ids: Vec<_> = (0..250).map(|i| format!("Person:00000000-0000-7000-8000-{i:012}")).collect();
        let guessed = victim
            .outlives(victim.ask_with("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", &json!({ "ids": ids })))
            .await;
        let found = guessed
            .1
            .pointer("/data/nodes")
            .and_then(Value::as_array)
            .map_or(0, |nodes| nodes.iter().filter(|node| !node.is_null()).count());
        assert_eq!(found, 0, "{}", guessed.1);
    });
}

#[test]
fn in_production_nothing_is_told_of_what_there_could_be() {
    with_record(async |service| {
        let victim = Victim::of(&service.in_production()).await;
        for document in ["{ __schema { types { name } } }", "{ __type(name: \"Account\") { name } }"] {
            assert_eq!(code(&victim.outlives(victim.ask(document)).await), "UNAUTHENTICATED");
        }
        for document in ["{ peopl { totalCount } }", "{ person(by: {slu: \"x\"}) { name } }", "{ regions { numbr } }"] {
            let told = victim.ask(document).await.1.to_string();
            assert!(!told.to_lowercase().contains("did you mean"), "{told}");
        }
    });
}
