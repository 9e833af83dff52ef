//! Whether the service can answer, and why not.

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tests::{Answer, Service, with_bare, with_empty};

async fn ready(service: &Service) -> Answer {
    service.get("/health/ready", "*/*").await
}

/// A new instance, which has not looked yet.
fn anew(service: &Service) -> Service {
    service.set_up(|_| ())
}

async fn execute(service: &Service, sql: &str) {
    service.db.execute_unprepared(sql).await.expect("a statement of the administrator");
}

#[test]
fn a_service_that_is_well_says_so_of_each_part() {
    with_empty(async |service| {
        let service = service.keeping(0);
        let answer = loop {
            let answer = ready(&service).await;
            // Until somebody listens to the database.
            if answer.json()["status"] == "ok" {
                break answer;
            }
        };
        let checks =
            json!({ "database": "ok", "migrations": "ok", "signingKey": "ok", "notices": "ok", "replicas": [] });
        assert_eq!(answer.json(), json!({ "status": "ok", "checks": checks }));
        assert_eq!(answer.headers["cache-control"], "no-store");
    });
}

#[test]
fn an_instance_that_does_not_hear_of_changes_answers_and_says_so() {
    with_empty(async |service| {
        let answer = ready(&service).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["status"]), (200, &json!("degraded")));
        assert_eq!(answer.json()["reason"], "what is changed elsewhere is not heard of at present");
    });
}

#[test]
fn a_database_that_takes_no_writes_or_is_not_up_to_date_is_no_database_to_answer_from() {
    with_empty(async |service| {
        let name = service.url.rsplit('/').next().and_then(|name| name.split('?').next()).expect("a name").to_owned();
        execute(&service, "DELETE FROM seaql_migrations WHERE version = '0032_timeline'").await;
        let answer = ready(&anew(&service)).await;
        assert_eq!(answer.status, 503);
        assert_eq!(answer.json()["reason"], "the database is not up to date; run lmi migrate");
        execute(&service, "INSERT INTO seaql_migrations (version, applied_at) VALUES ('0032_timeline', 0)").await;
        assert_eq!(ready(&anew(&service)).await.status, 200);

        // From now on every connection is one that writes nothing.
        execute(&service, &format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).await;
        let others = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
        );
        execute(&service, &others).await;
        let answer = loop {
            // Those that were open break off one by one.
            let answer = ready(&anew(&service)).await;
            if answer.json()["checks"]["database"] == "the database takes no writes" {
                break answer;
            }
            let _ = service.db.execute_unprepared("SELECT pg_terminate_backend(pg_backend_pid())").await;
        };
        assert_eq!(answer.status, 503);
        assert!(!answer.text.contains("postgres") && !answer.text.contains(&name), "{}", answer.text);
    });
}

#[test]
fn an_empty_database_is_not_ready_and_the_process_lives() {
    with_bare(async |service| {
        let answer = ready(&service).await;
        assert_eq!(answer.status, 503, "{}", answer.text);
        assert_eq!(answer.json()["checks"]["database"], "ok");
        let live = service.counted_get("/health/live").await;
        assert_eq!((live.0.json(), live.1), (json!({ "status": "ok" }), 0), "the database is not asked");
    });
}

#[test]
fn however_many_ask_the_database_is_asked_once() {
    with_empty(async |service| {
        ready(&service).await;
        let before = service.statements();
        let asked = (0..50).map(|_| ready(&service));
        let answers = futures_util::future::join_all(asked).await;
        assert!(answers.iter().all(|answer| answer.status == 200));
        // What was found may have been a second old meanwhile, once or twice, on a machine that is slow.
        assert!(service.statements() - before <= 12, "{}", service.statements() - before);
    });
}

#[test]
fn an_instance_that_stops_sends_everybody_elsewhere() {
    with_empty(async |service| {
        let (app, router) = {
            let app = service.app();
            (app.clone(), lmi::http::router(app))
        };
        app.end();
        let request = axum::http::Request::get("/health/ready").body(axum::body::Body::empty()).expect("a request");
        let answer = tower::ServiceExt::oneshot(router, request).await.expect("an answer");
        assert_eq!(answer.status(), 503);
        let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
        let body: Value = serde_json::from_slice(&body).expect("an answer in JSON");
        assert_eq!(body, json!({ "status": "unavailable", "reason": "the service is stopping" }));
    });
}
