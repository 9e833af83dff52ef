//! Clocks that are set forward or back, of an instance or of the database: nothing is done twice, told twice, or stuck.

use crate::changes;
use crate::receiver::Receiver;
use crate::webhooking::{add, created, deliver, endpoint, staff, told};
use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use lmi::auth::Role;
use sea_orm::ConnectionTrait as _;
use serde_json::json;
use tests::{Answer, Service, texts, with_empty};

const ADD: &str = "mutation { createOrganization(input: {name: \"Alder Foundation\", kind: OTHER}) {
    organization { id } userErrors { message } } }";
const NUMBER: &str = "SELECT count(*)::text AS text FROM organization";

/// By how many hours a clock is wrong.
const JUMPS: [i64; 4] = [1, -1, 20, -24 * 365];

fn jumped(service: &Service, hours: i64) -> Service {
    service.later(TimeDelta::hours(hours))
}

async fn add_once(service: &Service) -> Answer {
    let request = Request::post("/graphql").header("content-type", "application/json").header("idempotency-key", "k");
    service.send(request.body(Body::from(json!({ "query": ADD }).to_string())).expect("a request")).await
}

#[test]
fn what_was_done_under_a_key_is_not_done_again_by_an_instance_whose_clock_is_wrong() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let first = add_once(&staff).await;
        for hours in JUMPS {
            let again = add_once(&jumped(&staff, hours)).await;
            assert_eq!(again.text, first.text, "{hours} hours");
        }
        assert_eq!(texts(&service.db, NUMBER).await, ["1"]);
    });
}

#[test]
fn a_feed_goes_by_what_was_done_and_not_by_when() {
    with_empty(async |service| {
        let cursor = changes::end(&service).await;
        let mut ids = Vec::new();
        for (number, hours) in JUMPS.into_iter().enumerate() {
            ids.push(add(&jumped(&service, hours), &format!("Alder {number}")).await);
        }
        for hours in JUMPS {
            let (changes, _) = changes::since(&jumped(&service, hours), &cursor).await;
            let told: Vec<_> = changes.iter().map(|change| change["nodeId"].clone()).collect();
            assert_eq!(told, ids, "{hours} hours");
        }
    });
}

#[test]
fn webhooks_go_out_in_order_and_once_whatever_the_clock_says() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let owner = staff(&service).await;
        endpoint(&owner, &receiver.url()).await;
        let mut ids = Vec::new();
        for (number, hours) in JUMPS.into_iter().enumerate() {
            ids.push(add(&service, &format!("Alder {number}")).await);
            deliver(&jumped(&service, hours)).await;
        }
        deliver(&service).await;
        assert_eq!(told(&receiver.all()), created(&ids));
    });
}

#[test]
fn a_lease_of_a_database_whose_clock_was_set_back_holds_nothing_up() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let owner = staff(&service).await;
        endpoint(&owner, &receiver.url()).await;
        let ids = [add(&service, "Alder Foundation").await];
        // Somebody took it, and was killed, before the clock was set back by an hour.
        let leased = "UPDATE webhook_progress SET lease = gen_random_uuid(), leased_until = clock_timestamp() + interval '1 hour'";
        service.db.execute_unprepared(leased).await.expect("a lease");
        deliver(&service).await;
        assert_eq!(told(&receiver.all()), created(&ids));
        // One that may still be worked on stays whose it is.
        let leased = "UPDATE webhook_progress SET lease = gen_random_uuid(), leased_until = clock_timestamp() + interval '20 seconds'";
        service.db.execute_unprepared(leased).await.expect("a lease");
        add(&service, "Birch Foundation").await;
        deliver(&service).await;
        assert_eq!(told(&receiver.all()), []);
    });
}

#[test]
fn a_token_of_a_clock_that_was_ahead_is_good_once_it_has_come_so_far() {
    with_empty(async |service| {
        staff(&service).await;
        let ahead = jumped(&service, 1);
        let tokens = ahead.sign_in("ada@example.org").await;
        let whose = "{ viewer { account { email } } }";
        let asked = async |service: &Service| service.bearing(&tokens.access).ask(whose).await.status.as_u16();
        assert_eq!(asked(&ahead).await, 200);
        assert_eq!(asked(&service).await, 401, "it is of a time to come");
        // Whoever signs in anew is let in at once.
        let anew = service.sign_in("ada@example.org").await;
        assert_eq!(service.bearing(&anew.access).ask(whose).await.status, 200);
        assert_eq!(asked(&jumped(&service, 2)).await, 401, "it is over");
    });
}
