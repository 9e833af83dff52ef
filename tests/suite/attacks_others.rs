//! Attacks on others by way of the service: a name that it is asked for by, caches between, and texts in letters.

use crate::http::JSON;
use crate::mail_server::MailServer;
use axum::body::Body;
use axum::http::{Request, header};
use lmi::auth::Role;
use serde_json::json;
use tests::{PUBLIC_URL, Service, with_empty, with_fixture};

/// Asked for by a name that is another's.
async fn asked_as(service: &Service, host: &str, document: &str) -> String {
    let body = json!({ "query": document }).to_string();
    let request = Request::post("/graphql").header(header::HOST, host).header(header::CONTENT_TYPE, JSON);
    let request = request.header("x-forwarded-host", host).header("forwarded", format!("host=\"{host}\""));
    service.send(request.body(Body::from(body)).expect("a request")).await.text
}

#[test]
fn links_lead_to_where_the_service_is_reached_whatever_name_it_is_asked_by() {
    with_empty(async |service| {
        let (server, mailer) = MailServer::start().await;
        let service = service.set_up(|setup| setup.mailer = mailer);
        service.make_account("ada@example.org", &[]).await;
        let request =
            "mutation { requestPasswordReset(input: {email: \"ada@example.org\"}) { userErrors { message } } }";
        let answer = asked_as(&service, "attacker.example", request).await;
        assert!(!answer.contains("attacker"), "{answer}");
        let (_, letter) = server.letter().await;
        assert!(letter.contains(&format!("{PUBLIC_URL}/password-reset#")) && !letter.contains("attacker"), "{letter}");
    });
}

#[test]
fn the_first_page_shows_a_name_only_to_whoever_asked_by_it() {
    with_empty(async |service| {
        for (host, shown) in
            [("lmi.example.org:8080", "http://lmi.example.org:8080"), ("a\"><script>", "http://127.0.0.1")]
        {
            let request = Request::get("/").header(header::HOST, host).body(Body::empty()).expect("a request");
            let page = service.send(request).await;
            assert_eq!(page.headers[header::CACHE_CONTROL], "private, no-cache");
            assert!(page.text.contains(shown) && !page.text.contains("<script>"), "{}", page.text);
        }
    });
}

#[test]
fn what_somebody_is_answered_is_kept_by_nobody_on_any_path() {
    with_fixture(async |service, _| {
        let staff = service.as_role(Role::Staff);
        for path in
            ["/export/people.csv", "/export/organizations.csv", "/invitation", "/password-reset", "/survey", "/nothing"]
        {
            for service in [&service, &staff] {
                let answer = service.get(path, "*/*").await;
                assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store", "{path}");
            }
        }
        // A path that ends like a file's is no file's: whoever keeps files keeps nothing of anybody's.
        for path in ["/graphql/style.css?query={viewer{permissions}}", "/export/people.csv/a.js", "/graphql;a.css"] {
            let answer = staff.get(path, "*/*").await;
            assert_eq!(answer.status, 404, "{path}");
        }
    });
}
