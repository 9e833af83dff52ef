//! GraphQL over HTTP: methods, media types, status codes and what is refused before GraphQL.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use tests::{Answer, Service, with_empty};

const MODERN: &str = "application/graphql-response+json";
pub(crate) const JSON: &str = "application/json";
/// `{ __typename }` in an address.
pub(crate) const TYPENAME: &str = "/graphql?query=%7B__typename%7D";

/// The answer to a `POST` of a body with some headers.
async fn post(service: &Service, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
    let mut request = Request::post("/graphql");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    service.send(request.body(body.into()).expect("a request")).await
}

pub(crate) fn header_of(answer: &Answer, name: header::HeaderName) -> &str {
    answer.headers.get(name).map_or("", |value| value.to_str().expect("a text"))
}

/// That an answer refuses, in the form of GraphQL and with nothing else than one error.
pub(crate) fn assert_refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.codes()), (status, vec![code.to_owned()]), "{}", answer.text);
    assert_eq!(answer.json().as_object().map(serde_json::Map::len), Some(1), "{}", answer.text);
    assert!(header_of(answer, header::CONTENT_TYPE).contains("json"));
}

#[test]
fn a_query_is_answered_by_post_and_by_get() {
    with_empty(async |service| {
        let data = json!({ "data": { "__typename": "Query" } });
        let body = json!({ "query": "{ __typename }" }).to_string();
        for content_type in [JSON, "application/json; charset=utf-8", "APPLICATION/JSON;charset=\"UTF-8\""] {
            let answer = post(&service, &[("content-type", content_type)], body.clone()).await;
            assert_eq!((answer.status, answer.json()), (StatusCode::OK, data.clone()), "{content_type}");
        }
        let answer = service.get(TYPENAME, JSON).await;
        assert_eq!((answer.status, answer.json()), (StatusCode::OK, data));
        let query = "query%20A%7Bregions%7B__typename%7D%7D%20query%20B(%24n%3AInt!)%7Bpeople(first%3A%24n)%7Bnodes%7B__typename%7D%7D%7D";
        let answer =
            service.get(&format!("/graphql?query={query}&operationName=B&variables=%7B%22n%22%3A1%7D"), JSON).await;
        assert_eq!(answer.data(), json!({ "people": { "nodes": [] } }));
        let answer = service.get(&format!("/graphql?query={query}&operationName=C"), JSON).await;
        assert_eq!(answer.codes(), ["GRAPHQL_VALIDATION_FAILED"]);
        let fields = service.ask("{ z: __typename a: __typename m: __typename }").await;
        assert_eq!(fields.text, r#"{"data":{"z":"Query","a":"Query","m":"Query"}}"#, "fields keep their order");
    });
}

#[test]
fn only_json_in_utf8_is_taken_as_a_body() {
    with_empty(async |service| {
        let body = json!({ "query": "{ __typename }" }).to_string();
        for content_type in [
            "",
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/graphql",
            "application/jsonp",
            "application/json; charset=latin1",
        ] {
            let answer = post(&service, &[("content-type", content_type)], body.clone()).await;
            assert_refused(&answer, 415, "BAD_USER_INPUT");
        }
        assert_refused(&post(&service, &[], body.clone()).await, 415, "BAD_USER_INPUT");
        let compressed = [("content-type", JSON), ("content-encoding", "gzip")];
        assert_refused(&post(&service, &compressed, body).await, 415, "BAD_USER_INPUT");
    });
}

#[test]
fn a_body_that_is_no_request_is_refused() {
    with_empty(async |service| {
        let query = r#"{"query":"{ __typename }"}"#;
        let lists =
            [format!("[{query}]"), format!("[{query},{query}]"), "[]".to_owned(), r#"["{ __typename }"]"#.to_owned()];
        let others = [
            "",
            " ",
            "null",
            "1",
            "\"{ __typename }\"",
            "{",
            "{}}",
            r#"{"query":1}"#,
            r#"{"query":null}"#,
            r#"{"query":"{ __typename }","variables":[]}"#,
            r#"{"query":"{ __typename }","variables":"{}"}"#,
            r#"{"query":"{ __typename }","operationName":1}"#,
            r#"{"query":"{ __typename }","query":"{ __typename }"}"#,
        ];
        for body in others.into_iter().map(str::to_owned).chain(lists) {
            assert_refused(&post(&service, &[("content-type", JSON)], body).await, 400, "BAD_USER_INPUT");
        }
        assert_refused(&post(&service, &[("content-type", JSON)], vec![b'{', 0xff, b'}']).await, 400, "BAD_USER_INPUT");
        for parameters in [
            "",
            "?",
            "?query=",
            "?variables=%7B%7D",
            "?query=%7B__typename%7D&variables=x",
            "?query=%7B__typename%7D&variables=%5B%5D",
            "?query=a&query=b",
        ] {
            let answer = service.get(&format!("/graphql{parameters}"), JSON).await;
            let expected =
                if parameters == "?query=" { (200, "GRAPHQL_PARSE_FAILED") } else { (400, "BAD_USER_INPUT") };
            assert_refused(&answer, expected.0, expected.1);
        }
    });
}

#[test]
fn a_body_of_more_than_a_megabyte_is_refused() {
    with_empty(async |service| {
        let body = |length: usize| {
            let empty = json!({ "query": "{ __typename }", "extensions": { "x": "" } }).to_string().len();
            json!({ "query": "{ __typename }", "extensions": { "x": "x".repeat(length - empty) } }).to_string()
        };
        let megabyte = 1024 * 1024;
        assert_eq!(post(&service, &[("content-type", JSON)], body(megabyte)).await.status, StatusCode::OK);
        assert_refused(&post(&service, &[("content-type", JSON)], body(megabyte + 1)).await, 413, "QUERY_LIMIT");
        assert_refused(
            &post(&service, &[("content-type", JSON), ("accept", MODERN)], body(3 * megabyte)).await,
            413,
            "QUERY_LIMIT",
        );
    });
}

#[test]
fn the_form_of_an_answer_is_the_one_that_is_accepted() {
    with_empty(async |service| {
        let send = async |accept: &str, query: &str| {
            post(&service, &[("content-type", JSON), ("accept", accept)], json!({ "query": query }).to_string()).await
        };
        let modern = [
            MODERN,
            "application/graphql-response+json; charset=utf-8",
            "application/json, application/graphql-response+json",
            "application/graphql-response+json, application/json;q=0.9",
            "*/*;q=0.1, Application/GraphQL-Response+JSON",
        ];
        let legacy = [
            JSON,
            "*/*",
            "",
            "text/plain",
            "application/graphql-response+json;q=0, */*",
            "application/graphql-response+json;q=0.5, application/json",
            "application/json;q=1, application/graphql-response+json;q=0.9",
        ];
        for (accepts, media_type, status) in [(&modern[..], MODERN, 400), (&legacy[..], JSON, 200)] {
            for accept in accepts {
                let answer = send(accept, "{ __typename }").await;
                assert_eq!(answer.status, StatusCode::OK, "{accept}");
                assert_eq!(
                    header_of(&answer, header::CONTENT_TYPE),
                    format!("{media_type}; charset=utf-8"),
                    "{accept}"
                );
                for (query, code) in [
                    ("{", "GRAPHQL_PARSE_FAILED"),
                    ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
                    ("", "GRAPHQL_PARSE_FAILED"),
                ] {
                    assert_refused(&send(accept, query).await, status, code);
                }
                // What ran and failed in part has data, and is an answer all the same.
                let answer = send(accept, "{ people(first: -1) { totalCount } regions { number } }").await;
                assert_eq!(
                    (answer.status.as_u16(), answer.codes()),
                    (200, vec!["BAD_USER_INPUT".to_owned()]),
                    "{accept}"
                );
                assert_eq!(answer.json()["data"]["people"], Value::Null);
                assert_eq!(answer.json()["data"]["regions"].as_array().map(Vec::len), Some(11));
            }
        }
    });
}

/// A subscription in an address.
const SUBSCRIPTION: &str = "subscription{surveyResults(surveyId:%22x%22){__typename}}";

#[test]
fn by_get_nothing_is_changed() {
    with_empty(async |service| {
        for document in ["mutation{__typename}", "mutation%20M{__typename}", SUBSCRIPTION] {
            for accept in [JSON, MODERN] {
                let answer = service.get(&format!("/graphql?query={document}"), accept).await;
                assert_refused(&answer, 405, "BAD_USER_INPUT");
                assert_eq!(header_of(&answer, header::ALLOW), "POST");
            }
        }
        let two = "/graphql?query=query%20Q{__typename}%20mutation%20M{__typename}&operationName=";
        assert_refused(&service.get(&format!("{two}M"), JSON).await, 405, "BAD_USER_INPUT");
        // Which of the two is meant is not said: neither is run.
        let neither = service.get(two, JSON).await;
        assert_eq!((&neither.codes()[0], neither.json().get("data")), (&"GRAPHQL_VALIDATION_FAILED".to_owned(), None));
        for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
            let request =
                Request::builder().method(method).uri("/graphql").body(Body::from(r#"{"query":"{__typename}"}"#));
            let answer = service.send(request.expect("a request")).await;
            assert_refused(&answer, 405, "BAD_USER_INPUT");
            assert_eq!(header_of(&answer, header::ALLOW), "GET,HEAD,POST");
        }
    });
}

#[test]
fn a_credential_that_is_not_good_is_never_taken_for_none() {
    with_empty(async |service| {
        for credential in ["Bearer x", "Bearer", "Basic eDp5", "", "x", "bearer eyJhbGciOiJub25lIn0.e30."] {
            let headers = [("content-type", JSON), ("authorization", credential)];
            let answer = post(&service, &headers, r#"{"query":"{ __typename }"}"#).await;
            assert_refused(&answer, 401, "UNAUTHENTICATED");
            assert!(header_of(&answer, header::WWW_AUTHENTICATE).starts_with("Bearer"), "{credential}");
            let page =
                Request::get("/graphql").header(header::AUTHORIZATION, credential).header(header::ACCEPT, "text/html");
            assert_refused(&service.send(page.body(Body::empty()).expect("a request")).await, 401, "UNAUTHENTICATED");
        }
        let bytes = Request::get(TYPENAME).header(header::AUTHORIZATION, &b"Bearer \xff"[..]);
        assert_refused(&service.send(bytes.body(Body::empty()).expect("a request")).await, 401, "UNAUTHENTICATED");
    });
}

#[test]
fn an_answer_to_a_mutation_is_kept_by_nobody() {
    with_empty(async |service| {
        let document = r#"mutation { signOut(input: {refreshToken: "none"}) { userErrors { code } } }"#;
        let answer = service.ask(document).await;
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert!(service.ask("{ regions { number } }").await.headers.get("cache-control").is_none());
    });
}
