//! Guessing is slowed down, of an account and from a network, and nobody learns by it which accounts there are.

use axum::http::header;
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::net::IpAddr;
use tests::{Answer, PASSWORD, Service, texts, with_empty};

const ADA: &str = "ada@example.org";
const NOBODY: &str = "nobody@example.org";
const WRONG: &str = "wrong horse battery staple";

fn is_refused(answer: &Answer, seconds: &str) {
    assert_eq!((answer.status.as_u16(), answer.codes()), (429, vec!["RATE_LIMITED".to_owned()]), "{}", answer.text);
    assert_eq!(answer.headers[header::RETRY_AFTER], seconds);
}

async fn fail(service: &Service, email: &str, times: usize) {
    for _ in 0..times {
        let answer = service.try_sign_in(email, WRONG).await;
        assert_eq!(answer.at("/signIn/userErrors/0/code"), "INVALID");
    }
}

#[test]
fn ten_failures_bring_a_wait_that_doubles_whether_or_not_there_is_an_account() {
    with_empty(async |service| {
        service.make_account(ADA, &[]).await;
        for email in [ADA, NOBODY] {
            fail(&service, email, 10).await;
            is_refused(&service.try_sign_in(email, WRONG).await, "30");
            is_refused(&service.try_sign_in(&email.to_uppercase(), PASSWORD).await, "30");
            let mut service = service.clone();
            for wait in [30, 60, 120, 240, 480, 900, 900] {
                service = service.later(TimeDelta::seconds(wait) - TimeDelta::microseconds(1));
                is_refused(&service.try_sign_in(email, WRONG).await, "1");
                service = service.later(TimeDelta::microseconds(1));
                fail(&service, email, 1).await;
            }
            is_refused(&service.try_sign_in(email, PASSWORD).await, "900");
        }
    });
}

#[test]
fn a_success_clears_what_failed_before() {
    with_empty(async |service| {
        service.make_account(ADA, &[]).await;
        fail(&service, ADA, 9).await;
        service.sign_in(ADA).await;
        fail(&service, ADA, 10).await;
        is_refused(&service.try_sign_in(ADA, PASSWORD).await, "30");
        let later = service.later(TimeDelta::seconds(30));
        later.sign_in(ADA).await;
        fail(&later, ADA, 10).await;
        is_refused(&later.try_sign_in(ADA, PASSWORD).await, "30");
        let next_day = later.later(TimeDelta::days(1));
        fail(&next_day, ADA, 9).await;
        assert!(next_day.try_sign_in(ADA, PASSWORD).await.at("/signIn/accessToken").is_string());
    });
}

#[test]
fn many_guesses_at_once_are_no_more_than_ten() {
    with_empty(async |service| {
        service.make_account(ADA, &[]).await;
        let guesses: Vec<_> = (0..40)
            .map(|_| {
                let service = service.clone();
                tokio::spawn(async move { service.try_sign_in(ADA, WRONG).await.status.as_u16() })
            })
            .collect();
        let mut statuses = Vec::new();
        for guess in guesses {
            statuses.push(guess.await.expect("an answer"));
        }
        let tried = statuses.iter().filter(|status| **status == 200).count();
        assert_eq!((tried, statuses.len()), (10, 40), "{statuses:?}");
    });
}

#[test]
fn a_network_that_guesses_waits_whatever_the_account() {
    with_empty(async |service| {
        service.make_account(ADA, &[]).await;
        let address = |text: &str| text.parse::<IpAddr>().expect("an address");
        let guesser = service.from_address(address("2001:db8::1"));
        for number in 0..10 {
            fail(&guesser, &format!("nobody-{number}@example.org"), 1).await;
        }
        let neighbour = service.from_address(address("2001:db8::ffff"));
        is_refused(&neighbour.try_sign_in(ADA, PASSWORD).await, "30");
        service.from_address(address("2001:db8:1::1")).sign_in(ADA).await;
        let later = neighbour.later(TimeDelta::seconds(30));
        later.sign_in(ADA).await;
        // A success is none of the failures, and takes none of the others' back.
        fail(&later, NOBODY, 1).await;
        is_refused(&later.try_sign_in(ADA, PASSWORD).await, "60");
        let much_later = later.later(TimeDelta::minutes(15));
        fail(&much_later, NOBODY, 9).await;
        much_later.sign_in(ADA).await;
    });
}

#[test]
fn behind_a_trusted_proxy_the_client_is_counted_and_not_the_proxy() {
    with_empty(async |service| {
        let proxy: IpAddr = "192.0.2.1".parse().expect("an address");
        let service = service.set_up(|setup| setup.trusted_proxies = vec![proxy.into()]).from_address(proxy);
        let attempt = async |client: &str, number: usize| {
            let query = "mutation ($email: String!) { signIn(input: {email: $email, password: \"wrong\"}) { viewer { permissions } } }";
            let body = json!({ "query": query, "variables": { "email": format!("nobody-{number}@example.org") } });
            let request = axum::http::Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
            let request = request.header("x-forwarded-for", client);
            service.send(request.body(body.to_string().into()).expect("a request")).await
        };
        for number in 0..10 {
            assert_eq!(attempt("203.0.113.9, 198.51.100.7", number).await.status, 200);
        }
        is_refused(&attempt("198.51.100.7", 10).await, "30");
        assert_eq!(attempt("198.51.100.8", 11).await.status, 200);
    });
}

#[test]
fn other_ways_to_try_passwords_are_slowed_down_too() {
    with_empty(async |service| {
        service.make_account(ADA, &[]).await;
        let me = service.bearing(&service.sign_in(ADA).await.access);
        let change = "mutation { changePassword(input: {currentPassword: \"wrong\", newPassword: \"another battery of horses\"}) {
            userErrors { code } } }";
        for _ in 0..10 {
            assert_eq!(me.ask(change).await.at("/changePassword/userErrors/0/code"), "INVALID");
        }
        is_refused(&me.ask(change).await, "30");
        is_refused(&service.try_sign_in(ADA, PASSWORD).await, "30");
        let request =
            "mutation ($email: String!) { requestPasswordReset(input: {email: $email}) { userErrors { code } } }";
        for email in [ADA, NOBODY] {
            for _ in 0..10 {
                let answer = service.ask_with(request, &json!({ "email": email })).await;
                assert_eq!(answer.at("/requestPasswordReset/userErrors"), json!([]));
            }
            is_refused(&service.ask_with(request, &json!({ "email": email })).await, "30");
        }
    });
}

#[test]
fn nothing_in_the_database_names_who_failed() {
    with_empty(async |service| {
        let service = service.from_address("192.0.2.77".parse().expect("an address"));
        fail(&service, NOBODY, 1).await;
        let rows = texts(&service.db, "SELECT to_jsonb(f)::text AS text FROM sign_in_failure AS f").await;
        assert_eq!(rows.len(), 2);
        for row in rows {
            let row: Value = serde_json::from_str(&row).expect("a row");
            assert_eq!(row["key"].as_str().map(str::len), Some(2 + 64), "a hash: {row}");
            assert!(!row.to_string().contains("192") || row["key"].to_string().contains("192"), "{row}");
        }
    });
}
