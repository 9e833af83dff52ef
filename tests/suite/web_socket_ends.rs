//! How sockets and what is open over them end: by what was lost, by not being read, and with the service.

use crate::live_service::{Heard, Instance, RESULTS, Socket};
use crate::surveying::{Asked, create_open, how_they_come, public};
use chrono::TimeDelta;
use entity::{account, role_grant};
use lmi::auth::{Grant, Role, Scope};
use lmi::http::Live;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set};
use serde_json::{Value, json};
use std::time::Duration;
use tests::{Service, with_empty};

/// A survey, and a socket of somebody who waits for its results.
async fn waiting(service: &Service, instance: &Instance, token: &str) -> (Asked, Socket) {
    let asked = create_open(service, &public("Ways", &how_they_come())).await;
    let mut socket = Socket::introduced(instance, Some(token)).await;
    socket.ask("results", RESULTS, &json!({ "id": asked.id })).await;
    while instance.app.open().1 == 0 {
        tokio::task::yield_now().await;
    }
    (asked, socket)
}

#[test]
fn a_socket_ends_with_the_token_that_opened_it() {
    with_empty(async |service| {
        service.make_account("one@example.org", &[]).await;
        // A token is good for a quarter of an hour, and clocks may differ by five seconds: one is left.
        let token = service.later(-TimeDelta::seconds(15 * 60 + 4)).sign_in("one@example.org").await.access;
        let instance = Instance::of(&service).await;
        let (_, mut socket) = waiting(&service, &instance, &token).await;
        assert_eq!(socket.hear().await.code(), 4403);
        instance.app.quiet().await;
    });
}

#[test]
fn a_socket_ends_when_its_account_is_shut_out() {
    with_empty(async |service| {
        let id = service.make_account("one@example.org", &[]).await;
        let token = service.sign_in("one@example.org").await.access;
        let instance = Instance::of(&service).await;
        let (_, mut socket) = waiting(&service, &instance, &token).await;
        let mut public = Socket::introduced(&instance, None).await;
        let disabled = Set(Some(Service::clock().now()));
        let disabled = account::ActiveModel { id: Set(id), disabled_at: disabled, ..Default::default() };
        disabled.update(&service.db).await.expect("an account that is shut out");
        assert_eq!(socket.hear().await.code(), 4403);
        assert!(public.answer("{ regions { number } }").await["data"].is_object(), "others go on");
    });
}

#[test]
fn signing_out_ends_the_sockets_of_that_sign_in() {
    with_empty(async |service| {
        service.make_account("one@example.org", &[]).await;
        let (one, other) = (service.sign_in("one@example.org").await, service.sign_in("one@example.org").await);
        let instance = Instance::of(&service).await;
        let mut socket = Socket::introduced(&instance, Some(&one.access)).await;
        let mut stays = Socket::introduced(&instance, Some(&other.access)).await;
        let sign_out = "mutation ($token: String!) { signOut(input: {refreshToken: $token}) { userErrors { code } } }";
        service.ask_with(sign_out, &json!({ "token": one.refresh })).await.data();
        assert_eq!(socket.hear().await.code(), 4403);
        assert!(stays.answer("{ viewer { account { email } } }").await["data"]["viewer"]["account"].is_object());
    });
}

#[test]
fn a_grant_that_is_revoked_ends_what_is_open_and_the_socket_goes_on_with_less() {
    with_empty(async |service| {
        let id = service.make_account("one@example.org", &[]).await;
        let grant = service.make_grant(id, Grant::new(Role::Staff, Scope::Everything), None).await;
        let token = service.sign_in("one@example.org").await.access;
        let instance = Instance::of(&service).await;
        let (asked, mut socket) = waiting(&service, &instance, &token).await;
        let may = "{ viewer { permissions } }";
        let is_staff = |answer: &Value| answer.to_string().contains("survey:update");
        assert!(is_staff(&socket.answer(may).await));
        let revoked = Set(Some(Service::clock().now()));
        let revoked = role_grant::ActiveModel { id: Set(grant), revoked_at: revoked, ..Default::default() };
        revoked.update(&service.db).await.expect("a grant that is revoked");
        let ended = socket.hear().await.said();
        assert_eq!((&ended["type"], &ended["id"]), (&json!("error"), &json!("results")));
        assert_eq!(ended["payload"][0]["extensions"]["code"], "FORBIDDEN");
        assert!(!is_staff(&socket.answer(may).await));
        socket.ask("results", RESULTS, &json!({ "id": asked.id })).await;
        // More than before ends nothing.
        service.make_grant(id, Grant::new(Role::Evaluator, Scope::Everything), None).await;
        assert!(socket.answer(may).await.to_string().contains("full_result:read"));
    });
}

#[test]
fn whoever_does_not_read_is_sent_away_and_the_others_are_served() {
    with_empty(async |service| {
        let brief = Live { patience: Duration::from_millis(300), ..Live::default() };
        let instance = Instance::of(&service.set_up(|setup| setup.live = brief)).await;
        let mut silent = Socket::introduced(&instance, None).await;
        let all = "{ __schema { types { name description fields { name description args { name description } }
            enumValues { name description } inputFields { name description } } } }";
        for number in 0..40 {
            silent.ask(&format!("{number}"), all, &Value::Null).await;
        }
        // None of it is read, until the service gives up.
        instance.app.quiet().await;
        let mut other = Socket::introduced(&instance, None).await;
        assert!(other.answer("{ regions { number } }").await["data"].is_object());
        let mut last = silent.hear().await;
        while let Heard::Said(_) = last {
            last = silent.hear().await;
        }
        assert!([1013, 1006].contains(&last.code()));
    });
}

#[test]
fn a_service_that_ends_says_so_to_whoever_is_connected() {
    with_empty(async |service| {
        service.make_account("one@example.org", &[]).await;
        let token = service.sign_in("one@example.org").await.access;
        let instance = Instance::of(&service).await;
        let (_, mut socket) = waiting(&service, &instance, &token).await;
        let mut silent = Socket::open(&instance).await;
        instance.app.end();
        assert_eq!((socket.hear().await.code(), silent.hear().await.code()), (1001, 1001));
        let mut late = Socket::open(&instance).await;
        assert_eq!(late.hear().await.code(), 1001);
    });
}
