//! Traces, taken by a collector that understands the protocol.

use crate::collector::Collector;
use crate::program::{DataFolder, Serving, ask};
use crate::receiver::{Answers, Receiver};
use crate::webhook_survival::sign_in;
use crate::webhooking::staff;
use opentelemetry_proto::tonic::trace::v1::Span;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use tests::with_empty;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

/// Asks as a part of a trace that began elsewhere.
fn ask_within_a_trace(address: SocketAddr) {
    let body = r#"{"query":"query Regions { regions { number } }"}"#;
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(
        stream,
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         traceparent: 00-{TRACE}-{PARENT}-01\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.contains("\"data\""), "{answer}");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

fn attribute<'a>(span: &'a Span, key: &str) -> Option<&'a opentelemetry_proto::tonic::common::v1::any_value::Value> {
    span.attributes.iter().find(|attribute| attribute.key == key)?.value.as_ref()?.value.as_ref()
}

#[test]
fn a_request_leaves_spans_for_each_of_its_steps_within_the_trace_that_it_belongs_to() {
    with_empty(async |service| {
        let mut collector = Collector::start().await;
        let folder = DataFolder::new();
        let mut program = folder.lmi();
        program.env("DATABASE_URL", &service.url).env("LMI_LOG", "off");
        program.env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()).env("OTEL_BSP_SCHEDULE_DELAY", "50");
        let mut serving = Serving::run(program);
        let address = serving.address();
        tokio::task::spawn_blocking(move || ask_within_a_trace(address)).await.expect("an answer");
        let spans = collector.until(|spans| spans.iter().any(|span| span.name == "POST /graphql")).await;
        let of_trace: Vec<&Span> = spans.iter().filter(|span| hex(&span.trace_id) == TRACE).collect();
        let named = |name: &str| {
            let found = of_trace.iter().find(|span| span.name == name);
            *found.unwrap_or_else(|| {
                panic!("no span `{name}`: {:?}", of_trace.iter().map(|span| &span.name).collect::<Vec<_>>())
            })
        };
        let (request, prepare, execute, select) =
            (named("POST /graphql"), named("graphql prepare"), named("graphql execute"), named("SELECT"));
        assert_eq!(hex(&request.parent_span_id), PARENT);
        assert_eq!((&prepare.parent_span_id, &execute.parent_span_id), (&request.span_id, &request.span_id));
        assert_eq!(select.parent_span_id, execute.span_id);
        assert!(select.start_time_unix_nano >= request.start_time_unix_nano);
        assert!(
            attribute(request, "graphql.operation.name").is_some() && attribute(select, "db.collection.name").is_some()
        );
        let told = format!("{spans:?}");
        for told_of in ["SELECT \\\"", "regions {", "127.0.0.1"] {
            assert!(!told.contains(told_of), "{told_of}");
        }
    });
}

#[test]
fn a_webhook_that_is_delivered_leaves_a_span() {
    with_empty(async |service| {
        let (mut collector, mut receiver) = (Collector::start().await, Receiver::start().await);
        let folder = DataFolder::new();
        let mut program = folder.lmi();
        program.env("DATABASE_URL", &service.url).env("LMI_LOG", "off");
        program.env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()).env("OTEL_BSP_SCHEDULE_DELAY", "50");
        let mut serving = Serving::run(program);
        let address = serving.address();
        staff(&service).await;
        let token = sign_in(address, "ada@example.org");
        receiver.will([Answers::Status(200)]);
        crate::network::endpoint(address, &token, receiver.address());
        crate::webhook_survival::add(address, &token, "Alder 0").expect("an organization");
        receiver.next().await;
        collector.until(|spans| spans.iter().any(|span| span.name == "webhook deliver")).await;
    });
}

#[test]
fn a_collector_that_is_away_holds_nobody_up() {
    with_empty(async |service| {
        let folder = DataFolder::new();
        let mut program = folder.lmi();
        // Nothing listens on the port of those who discard.
        program.env("DATABASE_URL", &service.url).env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
        program.env("OTEL_BSP_SCHEDULE_DELAY", "50");
        let mut serving = Serving::run(program);
        let address = serving.address();
        ask(address, "{ regions { number } }").expect("an answer");
        serving.logs("traces are not taken by the collector");
        ask(address, "{ regions { number } }").expect("an answer");
        serving.signal("-TERM");
        assert_eq!(serving.ended().0, Some(0));
    });
}
