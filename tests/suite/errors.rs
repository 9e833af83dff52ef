//! Whatever is wrong with a request, or with the database, is said clearly, under its code, and with nothing of ours.

use lmi::auth::Role;
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DbBackend, Statement, TransactionTrait as _};
use tests::{Answer, Service, cluster, with_empty, with_record};

/// What no answer may show: of statements, of libraries, of our files.
const OURS: [&str; 12] = [
    "SELECT",
    "relation",
    "sqlx",
    "panicked",
    "src/",
    "sea_orm",
    "postgres",
    "DbErr",
    "does not exist",
    "RUST_",
    "convening_pkey",
    "::",
];

/// The one code of an answer that is clear and shows nothing of ours.
pub(crate) fn code(answer: &Answer) -> String {
    for word in OURS {
        assert!(!answer.text.contains(word), "{word} in {}", answer.text);
    }
    let mut codes = answer.codes();
    codes.dedup();
    assert_eq!(codes.len(), 1, "{}", answer.text);
    let messages = answer.messages();
    assert!(messages.lines().all(|message| (8..300).contains(&message.len())), "{messages}");
    codes.remove(0)
}

async fn assert_codes(service: &Service, expected: &str, documents: &[&str]) {
    let mut others = Vec::new();
    for document in documents {
        let answer = service.ask(document).await;
        if answer.status != 200 || answer.codes().is_empty() || code(&answer) != expected {
            others.push(format!("{document:.300}\n  {}", answer.text));
        }
    }
    assert!(others.is_empty(), "not {expected}:\n{}", others.join("\n"));
}

#[test]
fn a_document_that_cannot_be_read_or_does_not_fit_the_schema() {
    with_empty(async |service| {
        let unreadable = [
            "",
            " ",
            "#",
            "{",
            "}",
            "{}",
            "{ a(",
            "{ a( }",
            "{ a: }",
            "query",
            "query {",
            "fragment F on Query { a }{",
            "{ a \"",
            "\u{0}",
            "{ a\u{0} }",
            "{ é }",
            "nonsense",
            "{ a(x: 01) }",
            "{ a(x: \"\\u00zz\") }",
            "{ a } }",
        ];
        assert_codes(&service, "GRAPHQL_PARSE_FAILED", &unreadable).await;
        let misfits = [
            "{ nothing }",
            "{ regions }",
            "{ regions { number { x } } }",
            "{ regions { number(x: 1) } }",
            "{ node }",
            "{ node(id: null) { id } }",
            "{ convening(by: {}) { id } }",
            "{ convening(by: {slug: \"a\", id: \"b\"}) { id } }",
            "{ convening(by: {slug: null}) { id } }",
            "{ people(first: \"1\") { totalCount } }",
            "{ people(first: 1.5) { totalCount } }",
            "{ people(first: 99999999999) { totalCount } }",
            "{ convening(by: \"a\") { id } }",
            "query Q($slug: String) { convening(by: {slug: $slug}) { id } }",
            "query Q($id: ID) { nodes(ids: [$id]) { id } }",
            "query Q($first: Int) { convening(by: {slug: $first}) { id } }",
            "query Q($date: Date = \"2015-5-8\") { convenings(filter: {startsOnOrAfter: $date}) { totalCount } }",
            "{ people(filter: {nothing: 1}) { totalCount } }",
            "{ people(orderBy: {direction: ASC}) { totalCount } }",
            "{ people(orderBy: {field: NOTHING}) { totalCount } }",
            "{ districts(filter: {kind: [NOTHING]}) { totalCount } }",
            "{ offerings(status: [X]) { id } }",
            "{ ...Nothing }",
            "{ ...F } fragment F on Nothing { id }",
            "{ ...F } fragment F on Region { number }",
            "{ regions { ...F } } fragment F on Region { ...F }",
            "fragment F on Region { number } { regions { number } }",
            "query Q($x: Nothing) { regions { number } }",
            "query Q($x: Nothing = 1) { regions { number } }",
            "query Q($x: Int) { regions { number } }",
            "{ people(first: $x) { totalCount } }",
            "query Q($x: Int, $x: Int) { people(first: $x) { totalCount } }",
            "{ regions @nothing { number } }",
            "{ regions @skip { number } }",
            "{ a: regions { number } a: counties { name } }",
            "mutation { x }",
            "query A { __typename } query B { __typename }",
        ];
        assert_codes(&service, "GRAPHQL_VALIDATION_FAILED", &misfits).await;
    });
}

#[test]
fn a_document_that_asks_for_too_much() {
    with_empty(async |service| {
        let doubling = |field: &str, on: &str| -> String {
            let link = |i: usize| {
                format!("fragment F{i} on {on} {{ a: {field} {{ ...F{n} }} b: {field} {{ ...F{n} }} }} ", n = i + 1)
            };
            (0..60).map(link).collect::<Vec<_>>().concat()
        };
        let documents = [
            format!(
                "{{ organization(by: {{slug: \"x\"}}) {{ ...F0 }} }} {} fragment F60 on Organization {{ id }}",
                doubling("parent", "Organization")
            ),
            format!(
                "{{ __type(name: \"Query\") {{ ...F0 }} }} {} fragment F60 on __Type {{ name }}",
                doubling("ofType", "__Type")
            ),
            format!("{{ regions {{ {} }} }}", "number ".repeat(1_000)),
            format!("{{ {} }}", (0..21).map(|i| format!("a{i}: __typename ")).collect::<Vec<_>>().concat()),
            format!("{{ regions {{ {} }} }}", (0..31).map(|i| format!("a{i}: number ")).collect::<Vec<_>>().concat()),
            format!("{{ organization(by: {{slug: \"x\"}}) {{ {}id{} }} }}", "parent { ".repeat(15), " }".repeat(15)),
            format!("{{ regions {} {{ number }} }}", "@include(if: true) ".repeat(51)),
            format!("{{ {} }}", "x ".repeat(5_000)),
            "{ a".repeat(100_000),
            format!("{{ a(x: {}", "[".repeat(500_000)),
            format!("{{ a(x: {}", "{a:".repeat(300_000)),
            (0..600).map(|i| format!("fragment F{i} on Query {{ ...F{} }} ", i + 1)).collect::<Vec<_>>().concat()
                + "{ ...F0 }",
            format!("query Q({}) {{ a }}", "$a: Int ".repeat(50_000)),
            "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }".to_owned(),
        ];
        for document in documents {
            let answer = service.ask(&document).await;
            assert_eq!(code(&answer), "QUERY_LIMIT", "{document:.200}");
            assert_eq!(answer.json().get("data"), None);
        }
        let fits = format!("{{ regions {{ {} }} }}", "number ".repeat(999));
        service.ask(&fits).await.data();
    });
}

#[test]
fn a_database_that_goes_away_and_comes_back() {
    with_record(async |service| {
        let document = "{ regions { number } people(first: 1) { nodes { slug } } }";
        let expected = service.ask(document).await.data();
        let name = service.url.rsplit('/').next().expect("a name").split('?').next().expect("a name").to_owned();
        let admin = Database::connect(ConnectOptions::new(cluster().url("postgres"))).await.expect("a connection");
        let closed = format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false");
        let dropped = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        for statement in [&closed, &dropped] {
            admin.execute_unprepared(statement).await.expect("a statement of the administrator");
        }
        for document in
            ["{ regions { number } }", "{ people { totalCount } }", "{ search(query: \"a\") { totalCount } }", document]
        {
            let answer = service.ask(document).await;
            assert_eq!((answer.status.as_u16(), code(&answer).as_str()), (200, "UNAVAILABLE"), "{}", answer.text);
        }
        let ready = service.get("/health/ready", "*/*").await;
        assert_eq!(ready.status, 503);
        assert_eq!(ready.json()["status"], "unavailable");
        assert_eq!(ready.json()["reason"], "the database does not answer");
        assert_eq!(service.get("/health/live", "*/*").await.status, 200);
        service.ask("{ __typename }").await.data();
        admin.execute_unprepared(&closed.replace("false", "true")).await.expect("a statement of the administrator");
        assert_eq!(service.ask(document).await.data(), expected, "the same process answers again");
        // What was found holds for a second.
        while service.get("/health/ready", "*/*").await.status != 200 {}
        // Connections that break while nobody uses them: each is noticed once, and no request is answered wrongly.
        admin.execute_unprepared(&dropped).await.expect("a statement of the administrator");
        let mut answers = 0;
        loop {
            let answer = service.ask(document).await;
            if answer.codes().is_empty() {
                assert_eq!(answer.data(), expected);
                break;
            }
            assert_eq!(code(&answer), "UNAVAILABLE");
            answers += 1;
            assert!(answers <= 16, "not more often than there are connections");
        }
        admin.close().await.expect("a connection closed");
    });
}

#[test]
fn a_pooler_that_lost_the_server_behind_it() {
    with_empty(async |service| {
        let gone = "CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              RAISE EXCEPTION 'server conn crashed?' USING ERRCODE = '08P01'; END $$;
            CREATE TRIGGER gone BEFORE INSERT ON organization EXECUTE FUNCTION gone()";
        service.db.execute_unprepared(gone).await.expect("a server that is lost at each write");
        let create =
            "mutation { createOrganization(input: {name: \"Alder Foundation\", kind: OTHER}) { organization { id } } }";
        let answer = service.as_role(Role::Staff).ask(create).await;
        assert_eq!(code(&answer), "UNAVAILABLE", "{}", answer.text);
    });
}

#[test]
fn a_statement_that_is_given_up() {
    with_record(async |service| {
        let admin = Database::connect(ConnectOptions::new(service.url.clone())).await.expect("a connection");
        let lock = admin.begin().await.expect("a transaction");
        lock.execute_unprepared("LOCK TABLE organization").await.expect("a lock");
        let asking = service.clone();
        let waiting =
            tokio::spawn(async move { asking.ask("{ organizations { totalCount } regions { number } }").await });
        // What the database does itself when a statement takes too long.
        let cancel = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity \
                      WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let cancel = Statement::from_string(DbBackend::Postgres, cancel);
        while lock.query_all_raw(cancel.clone()).await.expect("an answer").is_empty() {
            tokio::task::yield_now().await;
        }
        let answer = waiting.await.expect("an answer");
        assert_eq!(code(&answer), "TIMEOUT", "{}", answer.text);
        assert_eq!(answer.json()["data"]["regions"].as_array().map(Vec::len), Some(11), "the rest is answered");
        lock.rollback().await.expect("the lock given back");
        service.ask("{ organizations { totalCount } }").await.data();
        admin.close().await.expect("a connection closed");
    });
}
