//! Results as they come in, by a subscription over a real connection.

use crate::live_service::{Events, Instance};
use crate::surveying::{choose, create, create_open, how_they_come, public, step};
use entity::role_grant;
use lmi::auth::{Grant, Role, Scope};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait as _};
use serde_json::{Value, json};
use tests::{Service, with_empty, with_fixture};

/// The results of a survey as events, by an instance of their own, for whoever shows this.
async fn results(service: &Service, id: &Value, token: Option<&str>) -> Events {
    let query = "subscription ($id: ID!) { surveyResults(surveyId: $id) { number status responses } }";
    Events::of(&Instance::of(service).await, token, query, &json!({ "id": id })).await
/// A stream of events.
pub(crate) struct Events(BufReader<TcpStream>);

impl Events {
    /// Subscribes to the results of a survey, by the service on a port of its own.
    async fn of(service: &Service, id: &Value) -> Self {
        Self::shown(service, id, "").await
    }

    /// The same, with these headers.
    async fn shown(service: &Service, id: &Value, headers: &str) -> Self {
        let query = "subscription ($id: ID!) { surveyResults(surveyId: $id) { number status responses } }";
        Self::by(service, query, &json!({ "id": id }), headers).await
    }

    /// What a subscription brings, by the service on a port of its own, with these headers.
    pub(crate) async fn by(service: &Service, query: &str, variables: &Value, headers: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let app = router(service.app()).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self::from(address, query, variables, headers).await
    }

    /// The same, by whoever answers at an address.
    pub(crate) async fn from(address: SocketAddr, query: &str, variables: &Value, headers: &str) -> Self {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let mut connection = TcpStream::connect(address).await.expect("a connection");
        let request = format!(
            "POST /graphql HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\n\
             Content-Length: {}\r\n{headers}Connection: close\r\n\r\n{body}",
            body.len()
        );
        connection.write_all(request.as_bytes()).await.expect("a request");
        let mut events = Self(BufReader::new(connection));
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            events.0.read_line(&mut head).await.expect("a line");
        }
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        assert!(head.contains("content-type: text/event-stream") && head.contains("cache-control: no-store"), "{head}");
        events
    }

    /// The next event: its name and what it holds.
    pub(crate) async fn next(&mut self) -> (String, Value) {
        self.next_if_any().await.expect("a stream that goes on")
    }

    /// The same; none where the stream broke off.
    pub(crate) async fn next_if_any(&mut self) -> Option<(String, Value)> {
        let mut name = None;
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).await.unwrap_or_default() == 0 {
                return None;
            }
            if let Some(event) = line.strip_prefix("event: ") {
                name = Some(event.trim().to_owned());
            }
            if let (Some(name), Some(data)) = (&name, line.strip_prefix("data:")) {
                return Some((name.clone(), serde_json::from_str(data.trim()).unwrap_or(Value::Null)));
            }
        }
    }
}

#[test]
fn whoever_waits_is_sent_what_comes_in_and_then_the_final_result() {
    with_empty(async |service| {
        let asked = create_open(&service, &public("Ways", &how_they_come())).await;
        // Another instance than the one that takes the answers.
        let mut events = results(&service, &asked.id, None).await;
        for place in [1, 2, 3].into_iter().cycle().take(90) {
            choose(&service, &asked, place, 1).await;
        }
        let (name, first) = events.next().await;
        let result = &first["data"]["surveyResults"];
        assert_eq!((name.as_str(), &result["status"]), ("next", &json!("PRELIMINARY")), "{first}");
        assert_eq!(step(&service, "closeSurvey", &asked).await, [""; 0]);
        assert_eq!(step(&service, "publishResults", &asked).await, [""; 0]);
        let mut last = result.clone();
        loop {
            let (name, event) = events.next().await;
            if name == "complete" {
                break;
            }
            let result = &event["data"]["surveyResults"];
            assert!(result["number"].as_i64() > last["number"].as_i64(), "{event}");
            last = result.clone();
        }
        assert_eq!((&last["status"], &last["responses"]), (&json!("FINAL"), &json!(90)));
    });
}

#[test]
fn nobody_waits_for_what_they_may_not_see() {
    with_empty(async |service| {
        let asked = create(&service, &public("Ways", &how_they_come())).await;
        let mut events = results(&service, &asked.id, None).await;
        let (name, refusal) = events.next().await;
        assert_eq!(name, "next");
        assert_eq!(refusal["errors"][0]["extensions"]["code"], "NOT_FOUND", "{refusal}");
        assert_eq!(events.next().await, ("complete".to_owned(), Value::Null));
    });
}

#[test]
fn whoever_loses_a_grant_is_sent_no_more_of_what_it_showed() {
    with_fixture(async |service, fixture| {
        let mut input = public("Ways", &how_they_come());
        input["conveningId"] = json!(fixture.find("Convening", "draft").id);
        let asked = create_open(&service, &input).await;
        // One result is there already, so that each is known to listen once it has come.
        let result = "INSERT INTO published_result (id, survey_id, number, status, responses, tables, full_tables, \
                      created_at) SELECT gen_random_uuid(), id, 1, 'preliminary', NULL, '[]', '[]', now() FROM survey \
                      WHERE title = 'Ways'";
        service.db.execute_unprepared(result).await.expect("a result");
        let mut watching = Vec::new();
        for email in ["stays@example.org", "goes@example.org"] {
            let account = service.make_account(email, &[]).await;
            let grant = service.make_grant(account, Grant::new(Role::Staff, Scope::Everything), None).await;
            let token = service.sign_in(email).await.access;
            let mut events = results(&service, &asked.id, Some(&token)).await;
            let (_, first) = events.next().await;
            assert_eq!(first["data"]["surveyResults"]["number"], 1, "{first}");
            watching.push((events, grant));
        }
        let [(mut stays, _), (mut goes, grant)] = watching.try_into().unwrap_or_else(|_| panic!("two watch"));
        let revoked = Set(Some(Service::clock().now()));
        let revoked = role_grant::ActiveModel { id: Set(grant), revoked_at: revoked, ..Default::default() };
        revoked.update(&service.db).await.expect("a grant that is revoked");
        let (_, refusal) = goes.next().await;
        assert_eq!(refusal["errors"][0]["extensions"]["code"], "FORBIDDEN", "{refusal}");
        assert_eq!(goes.next().await, ("complete".to_owned(), Value::Null));
        assert_eq!(step(&service, "closeSurvey", &asked).await, [""; 0]);
        let (_, last) = stays.next().await;
        assert_eq!(last["data"]["surveyResults"]["status"], "FINAL", "{last}");
    });
}
