//! What stands under which address, for browsers and for programs, in production and out of it.

use crate::http::{JSON, TYPENAME, assert_refused, header_of};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use lmi::auth::Role;
use serde_json::{Value, json};
use tests::with_empty;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

#[test]
fn a_browser_finds_graphiql_and_a_program_does_not() {
    with_empty(async |service| {
        const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        let page = service.get("/graphql", BROWSER).await;
        assert_eq!((page.status, header_of(&page, header::CONTENT_TYPE)), (StatusCode::OK, "text/html; charset=utf-8"));
        let policy = header_of(&page, header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-eval"), "{policy}");
        assert_eq!(header_of(&page, header::VARY), "accept");
        assert_eq!(
            service.get(TYPENAME, "application/json, text/html;q=0.5").await.data(),
            json!({ "__typename": "Query" })
        );
        let production = service.in_production();
        assert_refused(&production.get("/graphql", BROWSER).await, 400, "BAD_USER_INPUT");
        assert_eq!(production.get(TYPENAME, BROWSER).await.data(), json!({ "__typename": "Query" }));
        assert_eq!(production.as_role(Role::Evaluator).get("/graphql", BROWSER).await.text, page.text);
        let script = service.get("/graphql/assets/init.js", "*/*").await;
        assert_eq!(header_of(&script, header::CONTENT_TYPE), "text/javascript; charset=utf-8");
        assert_eq!(service.get("/graphql/assets/..%2Fpage.html", "*/*").await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn in_production_the_schema_describes_itself_to_those_who_signed_in() {
    with_empty(async |service| {
        let production = service.in_production();
        let documents = [
            "{ __schema { queryType { name } } }",
            "{ t: __type(name: \"Person\") { name } }",
            "query Q { ...F } fragment F on Query { ... { __schema { queryType { name } } } }",
        ];
        for document in documents {
            assert_refused(&production.ask(document).await, 200, "UNAUTHENTICATED");
            service.ask(document).await.data();
            production.as_role(Role::Partner).ask(document).await.data();
        }
        assert_eq!(production.ask("{ __typename regions { __typename } }").await.codes(), Vec::<String>::new());
        let misspelt = "{ regoins { number } }";
        assert!(service.ask(misspelt).await.messages().contains("regions"));
        assert!(!production.ask(misspelt).await.messages().contains("regions"));
        let sdl = production.get("/schema.graphql", "*/*").await;
        assert_eq!((sdl.status, header_of(&sdl, header::CONTENT_TYPE)), (StatusCode::OK, "text/plain; charset=utf-8"));
        assert!(sdl.text.contains("type Convening implements Node {"));
    });
}

/// What tools ask to learn a schema.
const STANDARD: &str = "query IntrospectionQuery { __schema { description queryType { name } mutationType { name } \
     subscriptionType { name } types { ...FullType } \
     directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } } \
     fragment FullType on __Type { kind name description specifiedByURL isOneOf \
     fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } \
     type { ...TypeRef } isDeprecated deprecationReason } inputFields(includeDeprecated: true) { ...InputValue } \
     interfaces { ...TypeRef } enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } \
     possibleTypes { ...TypeRef } } \
     fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason } \
     fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name \
     ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }";

#[test]
fn the_standard_introspection_query_is_within_bounds() {
    with_empty(async |service| {
        let schema = service.ask(STANDARD).await.at("/__schema");
        let names: Vec<_> = schema["types"].as_array().expect("types").iter().map(|known| &known["name"]).collect();
        assert_eq!(schema["queryType"]["name"], "Query");
        assert!(names.contains(&&json!("Convening")) && names.contains(&&json!("SearchResult")));
    });
}

#[test]
fn every_path_answers_and_no_other_does() {
    with_empty(async |service| {
        let ok = json!({ "status": "ok" });
        assert_eq!(service.get("/health/live", "*/*").await.json(), ok);
        assert_eq!(service.get("/health/ready", "*/*").await.status, StatusCode::OK);
        let index = service.get("/", "text/html").await;
        assert_eq!(index.status, StatusCode::OK);
        assert!(index.text.contains("/graphql") && !index.text.contains("{{"));
        assert!(header_of(&index, header::CONTENT_SECURITY_POLICY).starts_with("default-src 'none'"));
        for path in [
            "/nothing",
            "/graphql/",
            "/graphql/x",
            "/health",
            "/schema",
            "/%00",
            "/..%2f..%2fetc%2fpasswd",
            "//graphql",
        ] {
            assert_refused(&service.get(path, "*/*").await, 404, "NOT_FOUND");
        }
        for path in [
            "/",
            "/graphql",
            TYPENAME,
            "/schema.graphql",
            "/health/live",
            "/health/ready",
            "/nothing",
            "/graphql/assets/init.js",
            "/invitation",
            "/password-reset",
            "/password.js",
            "/.well-known/jwks.json",
        ] {
            let answer = service.get(path, "*/*").await;
            assert_eq!(header_of(&answer, header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{path}");
            assert!(answer.headers.get(header::SERVER).is_none(), "{path}");
        }
        let named = Request::get("/").header(header::HOST, "lmi.example\"><script>").body(Body::empty());
        assert!(!service.send(named.expect("a request")).await.text.contains("<script>"));
    });
}

#[test]
fn where_the_links_of_letters_lead_a_password_is_chosen() {
    with_empty(async |service| {
        for path in ["/invitation", "/password-reset"] {
            let page = service.get(path, "text/html").await;
            assert_eq!((page.status, header_of(&page, header::CACHE_CONTROL)), (StatusCode::OK, "no-store"));
            assert_eq!(header_of(&page, header::REFERRER_POLICY), "no-referrer");
            let policy = header_of(&page, header::CONTENT_SECURITY_POLICY);
            assert!(policy.starts_with("default-src 'none'; script-src 'self'; connect-src 'self'"), "{policy}");
            assert!(page.text.contains("<script src=\"password.js\">") && !page.text.contains("onclick"));
        }
        let script = service.get("/password.js", "*/*").await;
        assert!(header_of(&script, header::CONTENT_TYPE).starts_with("text/javascript"));
        // What the page sends is what the service takes.
        for mutation in script.text.split('"').filter(|text| text.starts_with("mutation")) {
            let variables = json!({ "token": "no token", "password": "another battery of horses" });
            let answer = service.ask_with(mutation, &variables).await;
            assert!(answer.at("/done/userErrors/0/message").is_string(), "{mutation}");
        }
        assert_eq!(script.text.matches("\"mutation").count(), 2);
    });
}

#[test]
fn it_answers_over_a_socket() {
    with_empty(async |service| {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let app = lmi::http::router(service.app());
        let server = tokio::spawn(async move { axum::serve(listener, app).await });
        let mut socket = tokio::net::TcpStream::connect(address).await.expect("a connection");
        let body = r#"{"query":"{ regions { number } }"}"#;
        let length = body.len();
        let request = format!(
            "POST /graphql HTTP/1.1\r\nHost: {address}\r\nContent-Type: {JSON}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        socket.write_all(request.as_bytes()).await.expect("a request sent");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.expect("an answer");
        server.abort();
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        let numbers: Vec<_> = (1..=11).map(|number| json!({ "number": number })).collect();
        assert_eq!(serde_json::from_str::<Value>(body).expect("JSON"), json!({ "data": { "regions": numbers } }));
    });
}
