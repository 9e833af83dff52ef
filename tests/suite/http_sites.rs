//! What the pages of other sites may do, how answers are sent, and what a request costs.

use crate::http::{JSON, TYPENAME, assert_refused, header_of};
use axum::body::Body;
use axum::http::{HeaderName, Request, header};
use serde_json::json;
use tests::{Answer, Service, with_empty, with_record};

const PARTNER: &str = "https://partner.example.org";

fn open_to_partner(service: &Service) -> Service {
    let origins = ["http://localhost:3000", PARTNER].map(|origin| origin.parse().expect("an origin"));
    service.set_up(|setup| setup.cors_origins = origins.to_vec())
}

async fn send(service: &Service, request: axum::http::request::Builder, body: &'static str) -> Answer {
    service.send(request.body(Body::from(body)).expect("a request")).await
}

/// What a browser asks before it sends anything.
async fn preflight(service: &Service, origin: &str, method: &str) -> Answer {
    let request = Request::options("/graphql").header(header::ORIGIN, origin);
    let request = request.header(header::ACCESS_CONTROL_REQUEST_METHOD, method);
    send(service, request.header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization,content-type"), "").await
}

#[test]
fn only_the_pages_of_listed_sites_may_send_requests() {
    with_empty(async |service| {
        let open = open_to_partner(&service);
        let answer = preflight(&open, PARTNER, "POST").await;
        assert!(answer.status.is_success() && answer.text.is_empty());
        assert_eq!(header_of(&answer, header::ACCESS_CONTROL_ALLOW_ORIGIN), PARTNER);
        let headers = header_of(&answer, header::ACCESS_CONTROL_ALLOW_HEADERS).to_lowercase();
        assert!(
            ["authorization", "content-type", "idempotency-key"].iter().all(|name| headers.contains(name)),
            "{headers}"
        );
        assert_eq!(header_of(&answer, header::ACCESS_CONTROL_ALLOW_METHODS), "GET,POST");
        assert!(answer.headers.contains_key(header::ACCESS_CONTROL_MAX_AGE));
        let others =
            ["https://partner.example.org.evil.example", "http://partner.example.org", "null", "https://evil.example"];
        for (service, origin) in others.map(|origin| (&open, origin)).into_iter().chain([(&service, PARTNER)]) {
            for answer in [
                preflight(service, origin, "POST").await,
                send(service, Request::get(TYPENAME).header(header::ORIGIN, origin), "").await,
            ] {
                assert!(!answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN), "{origin}");
            }
        }
        let answer = send(&open, Request::get(TYPENAME).header(header::ORIGIN, PARTNER), "").await;
        assert_eq!(header_of(&answer, header::ACCESS_CONTROL_ALLOW_ORIGIN), PARTNER);
        let answers = [answer, service.get(TYPENAME, JSON).await, open.get(TYPENAME, JSON).await];
        for answer in &answers {
            // Also where no page asked: a cache on the way must not take that for the answer to one.
            let mut varies = answer.headers.get_all(header::VARY).iter().filter_map(|vary| vary.to_str().ok());
            assert!(varies.any(|vary| vary.to_lowercase().contains("origin")), "{:?}", answer.headers);
        }
        assert!(answers.iter().all(|answer| !answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS)));
    });
}

#[test]
fn public_files_may_be_read_by_every_page() {
    with_record(async |service| {
        for path in ["/schema.graphql", "/participation.geojson", "/embed/lmi-agenda.js"] {
            let answer = send(&service, Request::get(path).header(header::ORIGIN, "https://any.example"), "").await;
            assert_eq!(answer.status, 200, "{path}");
            assert_eq!(header_of(&answer, header::ACCESS_CONTROL_ALLOW_ORIGIN), "*", "{path}");
            assert!(!answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS), "{path}");
        }
        let page = send(&service, Request::get("/").header(header::ORIGIN, "https://any.example"), "").await;
        assert!(!page.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
    });
}

#[test]
fn what_may_be_sent_is_said() {
    with_empty(async |service| {
        let options = send(&service, Request::options("/graphql"), "").await;
        assert_eq!((options.status.as_u16(), header_of(&options, header::ALLOW)), (204, "GET, HEAD, OPTIONS, POST"));
        let put = send(&service, Request::put("/graphql"), "{}").await;
        assert_refused(&put, 405, "BAD_USER_INPUT");
        assert!(["GET", "HEAD", "POST"].iter().all(|method| header_of(&put, header::ALLOW).contains(method)));
        for (body, says) in [("[]", "Batches"), (r#"[{"query":"{__typename}"}]"#, "Batches"), ("{}", "no `query`")] {
            let answer = send(&service, Request::post("/graphql").header(header::CONTENT_TYPE, JSON), body).await;
            assert_refused(&answer, 400, "BAD_USER_INPUT");
            assert!(answer.messages().contains(says), "{}", answer.text);
        }
    });
}

#[test]
fn long_addresses_and_heads_are_refused() {
    with_empty(async |service| {
        let address = |length: usize| {
            format!("{TYPENAME}{}", "%20".repeat(length).chars().take(length - TYPENAME.len()).collect::<String>())
        };
        assert_eq!(service.get(&address(16 * 1024 - 1), JSON).await.status, 200);
        assert_refused(&service.get(&address(16 * 1024 + 3), JSON).await, 414, "QUERY_LIMIT");
        let with = |length: usize| Request::get(TYPENAME).header("x-long", "x".repeat(length));
        assert_eq!(send(&service, with(64 * 1024 - 6), "").await.status, 200);
        assert_refused(&send(&service, with(64 * 1024 - 5), "").await, 431, "QUERY_LIMIT");
    });
}

#[test]
fn long_answers_are_compressed_for_who_takes_it() {
    with_record(async |service| {
        let accepting = async |encoding: &str, query: &str| {
            let request = Request::get(format!("/graphql?query={query}")).header(header::ACCEPT_ENCODING, encoding);
            let request = request.body(Body::empty()).expect("a request");
            service.send_raw(request).await
        };
        let long = "{convenings{nodes{title%20slug%20id%20sessions{nodes{title%20slug%20id%20abstract}}}}}";
        for encoding in ["gzip", "br", "zstd"] {
            let (headers, bytes) = accepting(encoding, long).await;
            assert_eq!(headers[header::CONTENT_ENCODING], encoding);
            assert!(
                headers
                    .get_all(header::VARY)
                    .iter()
                    .any(|vary| vary.to_str().is_ok_and(|vary| vary.to_lowercase().contains("accept-encoding")))
            );
            assert!(serde_json::from_slice::<serde_json::Value>(&bytes).is_err());
        }
        for (encoding, query) in [("identity", long), ("", long), ("gzip;q=0", long), ("gzip, br", "{__typename}")] {
            let (headers, bytes) = accepting(encoding, query).await;
            assert!(!headers.contains_key(header::CONTENT_ENCODING), "{encoding} {query}");
            assert!(serde_json::from_slice::<serde_json::Value>(&bytes).is_ok());
        }
        let plain = Request::get(format!("/graphql?query={long}")).body(Body::empty()).expect("a request");
        let (headers, _) = service.send_raw(plain).await;
        let varies: Vec<_> = headers.get_all(header::VARY).iter().filter_map(|vary| vary.to_str().ok()).collect();
        assert!(varies.iter().any(|vary| vary.eq_ignore_ascii_case("accept-encoding")), "{varies:?}");
        for query in [long, "{__typename}"] {
            let request =
                Request::get(format!("/graphql?query={query}")).header(header::ACCEPT_ENCODING, "identity;q=0");
            let answer = service.send(request.body(Body::empty()).expect("a request")).await;
            assert_eq!(answer.status, 406, "there is no way in which it may be sent: {query}");
        }
    });
}

#[test]
fn a_request_says_what_it_costs_where_it_is_asked() {
    with_empty(async |service| {
        let cost = async |query: &str, variables: serde_json::Value| {
            let body = json!({ "query": query, "variables": variables }).to_string();
            let request = Request::post("/graphql").header(header::CONTENT_TYPE, JSON);
            let request = request.header(HeaderName::from_static("lmi-cost"), "1");
            let answer = service.send(request.body(Body::from(body)).expect("a request")).await;
            answer.json()["extensions"]["cost"].as_u64().unwrap_or_else(|| panic!("no cost in {}", answer.text))
        };
        let none = json!({});
        assert_eq!(cost("{ __typename }", none.clone()).await, 1);
        // A page, and a row for each that it may have.
        assert_eq!(cost("{ people { nodes { name } } }", none.clone()).await, 21);
        assert_eq!(cost("{ people(first: 5) { totalCount nodes { name } } }", none.clone()).await, 6);
        assert_eq!(cost("{ people(last: 0) { nodes { name } } }", none.clone()).await, 1);
        let paged = "query ($n: Int) { people(first: $n) { edges { cursor node { name } } } }";
        assert_eq!(cost(paged, json!({ "n": 7 })).await, 15);
        assert_eq!(cost(paged, json!({ "n": null })).await, 41);
        let within = "{ convenings(first: 2) { nodes { sessions(first: 3) { nodes { ...S } } } } } fragment S on Session { speakers { role } }";
        assert_eq!(cost(within, none.clone()).await, 1 + 2 * (1 + 1 + 3 * (1 + 10)));
        assert_eq!(cost("{ nodes(ids: [\"a\", \"b\"]) { id } }", none.clone()).await, 2);
        assert_eq!(cost("query ($i: [ID!]!) { nodes(ids: $i) { id } }", json!({ "i": ["a", "b", "c"] })).await, 3);
        assert!(service.ask("{ __typename }").await.json().get("extensions").is_none(), "only where it is asked");
    });
}
