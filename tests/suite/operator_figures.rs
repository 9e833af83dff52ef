//! The figures of the service: what is counted, and that nobody can make them many.

use crate::program::{DataFolder, Serving};
use axum::http::header;
use lmi::http::Manifest;
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use tests::{Service, with_empty};

/// The figures, as Prometheus reads them.
pub(crate) async fn figures(service: &Service) -> String {
    let answer = service.get("/metrics", "*/*").await;
    assert_eq!(answer.headers[header::CONTENT_TYPE], "text/plain; version=0.0.4; charset=utf-8");
    assert_eq!(answer.status, 200);
    answer.text
}

/// The sum of all lines of a figure that have these labels.
fn sum(figures: &str, name: &str, labels: &[&str]) -> f64 {
    let is_of = |line: &&str| {
        line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' ']))
            && labels.iter().all(|label| line.contains(label))
    };
    let value = |line: &str| line.rsplit(' ').next().and_then(|value| value.parse::<f64>().ok());
    figures.lines().filter(is_of).filter_map(value).sum()
}

const QUERY: [&str; 3] = ["kind=\"query\"", "status=\"200\"", "code=\"\""];

#[test]
fn what_is_asked_is_counted_by_what_it_was_and_what_came_of_it() {
    with_empty(async |service| {
        let service = service.keeping(1024 * 1024);
        let before = figures(&service).await;
        for _ in 0..3 {
            service.ask("{ regions { number } }").await.data();
        }
        service.ask("{ nothing }").await;
        service.get("/no/such/path", "*/*").await;
        let after = figures(&service).await;
        // Others are counted here, too: tests run beside each other.
        let more = |name: &str, labels: &[&str]| sum(&after, name, labels) - sum(&before, name, labels);
        assert!(more("lmi_requests_total", &QUERY) >= 3.0);
        assert!(more("lmi_requests_total", &["kind=\"unread\"", "code=\"GRAPHQL_VALIDATION_FAILED\""]) >= 1.0);
        assert!(more("lmi_requests_total", &["kind=\"nowhere\"", "status=\"404\"", "code=\"NOT_FOUND\""]) >= 1.0);
        assert!(more("lmi_request_seconds_count", &["kind=\"query\""]) >= 3.0);
        assert!(more("lmi_sql_statement_seconds_count", &["operation=\"SELECT\""]) >= 1.0);
        assert!(sum(&after, "lmi_requests_in_flight", &[]) >= 1.0, "whoever asks for figures is being answered");
        assert!(sum(&after, "process_resident_memory_bytes", &[]) > 1e6);
        assert!(sum(&after, "lmi_database_connections_max", &["server=\"primary\""]) > 0.0);
        assert!(after.contains(concat!("lmi_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1")));
    });
}

#[test]
fn nothing_that_clients_choose_becomes_a_figure_of_its_own() {
    with_empty(async |service| {
        for number in 0..30 {
            service.ask(&format!("query Quixotic{number} {{ regions {{ number }} }}")).await.data();
            service.get(&format!("/quixotic/{number}"), "*/*").await;
            service.get(&format!("/convenings/quixotic-{number}/agenda.ics"), "*/*").await;
            service.bearing(&format!("quixotic{number}")).ask("{ __typename }").await;
        }
        let figures = figures(&service).await;
        assert!(!figures.to_lowercase().contains("quixotic"), "{figures}");
    });
}

#[test]
fn a_registered_operation_is_measured_by_its_name() {
    with_empty(async |service| {
        let manifest = r#"{ "a1": "query RegionsOfTheState { regions { number } }" }"#;
        let registered = Manifest::parse("documents.json".to_owned(), manifest).expect("a manifest");
        let service = service.set_up(|setup| setup.registered = registered);
        service.ask("query RegionsOfTheState { regions { number } }").await.data();
        let figures = figures(&service).await;
        assert!(sum(&figures, "lmi_operation_seconds_count", &["operation=\"RegionsOfTheState\""]) >= 1.0);
    });
}

#[test]
fn whoever_asks_for_open_metrics_gets_that() {
    with_empty(async |service| {
        let answer = service.get("/metrics", "application/openmetrics-text; version=1.0.0").await;
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/openmetrics-text; version=1.0.0; charset=utf-8");
        assert!(answer.text.ends_with("# EOF\n") && answer.text.contains("# TYPE lmi_requests counter\n"));
        let plain = figures(&service).await;
        assert!(plain.contains("# TYPE lmi_requests_total counter\n") && !plain.contains("# EOF"));
    });
}

/// The answer to `GET` of a path, over the network.
pub(crate) fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn figures_can_be_told_on_a_port_that_only_collectors_reach() {
    with_empty(async |service| {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
        let folder = DataFolder::new();
        let mut program = folder.lmi();
        program.env("DATABASE_URL", &service.url).env("LMI_LOG", "off").env("LMI_METRICS_LISTEN", free.to_string());
        let mut serving = Serving::run(program);
        let address = serving.address();
        assert!(get(address, "/metrics").starts_with("HTTP/1.1 404"));
        let figures = get(free, "/metrics");
        assert!(figures.starts_with("HTTP/1.1 200") && figures.contains("\nlmi_build_info"), "{figures}");
        assert!(get(free, "/graphql?query={__typename}").starts_with("HTTP/1.1 404"), "nothing else is answered there");
        // What only the database knows is looked at as soon as the service runs.
        while sum(&get(free, "/metrics"), "lmi_database_sampled", &[]) < 1.0 {}
        assert!(sum(&get(free, "/metrics"), "lmi_database_size_bytes", &[]) > 1e6);
    });
}

#[test]
fn figures_hold_nothing_about_people() {
    with_empty(async |service| {
        service.make_account("quentin@example.org", &[]).await;
        service.try_sign_in("quentin@example.org", "wrong").await;
        let answer =
            service.ask("mutation Quentin { signOut(input: {refreshToken: \"a\"}) { userErrors { code } } }").await;
        assert_ne!(answer.json(), Value::Null);
        let figures = figures(&service).await;
        for told in ["quentin", "Quentin", "example.org", "@"] {
            assert!(!figures.contains(told), "{told}");
        }
    });
}
