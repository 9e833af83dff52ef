//! Signing in, staying signed in and signing out, and what ends it.

use chrono::TimeDelta;
use entity::account;
use lmi::auth::{Grant, Role, Scope};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait as _, EntityTrait as _};
use serde_json::{Value, json};
use tests::{Answer, PASSWORD, Service, Tokens, texts, with_empty};

const ADA: &str = "ada@example.org";
pub(crate) const WHO: &str = "{ viewer { account { email displayName lastSignInAt roles { role } } roles { role } } }";
const REFRESH: &str = "mutation ($token: String!) { refreshToken(input: {refreshToken: $token}) {
    accessToken refreshToken expiresAt viewer { account { email } } userErrors { field code } } }";
const SIGN_OUT: &str =
    "mutation ($token: String!) { signOut(input: {refreshToken: $token}) { userErrors { field code } } }";
pub(crate) const CHANGE: &str = "mutation ($current: String!, $new: String!) {
    changePassword(input: {currentPassword: $current, newPassword: $new}) { userErrors { field code } } }";

async fn refresh(service: &Service, token: &str) -> Answer {
    service.ask_with(REFRESH, &json!({ "token": token })).await
}

/// Whether a credential is good.
async fn is_good(service: &Service, credential: &str) -> bool {
    let answer = service.bearing(credential).ask("{ __typename }").await;
    assert!([200, 401].contains(&answer.status.as_u16()), "{}", answer.text);
    answer.status == 200
}

#[test]
fn somebody_signs_in_and_is_known() {
    with_empty(async |service| {
        let staff = Grant::new(Role::Staff, Scope::Everything);
        service.make_account(ADA, &[staff]).await;
        let answer = service.try_sign_in("Ada@Example.org", PASSWORD).await;
        assert_eq!(answer.at("/signIn/userErrors"), json!([]));
        assert_eq!(answer.at("/signIn/expiresAt"), "2026-06-01T12:15:00+00:00");
        assert_eq!(answer.at("/signIn/viewer/account/email"), ADA);
        let Tokens { access, .. } = Tokens::of(&answer, "signIn");
        let me = service.bearing(&access).ask(WHO).await;
        let expected = json!({ "account": { "email": ADA, "displayName": "Nobody ada",
            "lastSignInAt": "2026-06-01T12:00:00+00:00", "roles": [{ "role": "STAFF" }] },
            "roles": [{ "role": "STAFF" }] });
        assert_eq!(me.at("/viewer"), expected);
        assert_eq!(me.headers["cache-control"], "no-store");
        assert_eq!(service.ask(WHO).await.at("/viewer"), json!({ "account": null, "roles": [] }));
    });
}

#[test]
fn an_unknown_address_a_wrong_password_and_a_disabled_account_are_answered_alike() {
    with_empty(async |service| {
        service.make_account(ADA, &[]).await;
        let disabled = service.make_account("ben@example.org", &[]).await;
        let pending = service.make_account("cleo@example.org", &[]).await;
        let now = Some(Service::clock().now());
        let row = account::ActiveModel { id: Set(disabled), disabled_at: Set(now), ..Default::default() };
        row.update(&service.db).await.expect("a disabled account");
        let without = format!("UPDATE account SET password_hash = NULL WHERE id = '{}'", pending.0);
        service.db.execute_unprepared(&without).await.expect("an account without a password");
        let wrong = service.try_sign_in(ADA, "wrong horse battery staple").await;
        let expected = json!({ "accessToken": null, "refreshToken": null, "expiresAt": null, "viewer": null,
            "userErrors": [{ "field": ["password"], "code": "INVALID", "message": "The address or the password is wrong." }] });
        assert_eq!(wrong.at("/signIn"), expected);
        for (email, password) in [
            (ADA, ""),
            (ADA, " correct horse battery staple"),
            ("nobody@example.org", PASSWORD),
            ("ben@example.org", PASSWORD),
            ("cleo@example.org", PASSWORD),
            ("' OR true --", PASSWORD),
            ("", ""),
        ] {
            let answer = service.try_sign_in(email, password).await;
            assert_eq!((answer.status, &answer.text), (wrong.status, &wrong.text), "{email:?} {password:?}");
        }
        assert_eq!(texts(&service.db, "SELECT id::text AS text FROM token_family").await, Vec::<String>::new());
    });
}

#[test]
fn a_refresh_token_is_good_once_and_a_second_use_ends_the_sign_in() {
    with_empty(async |service| {
        service.make_account(ADA, &[]).await;
        let first = service.sign_in(ADA).await;
        let other = service.sign_in(ADA).await;
        let answer = refresh(&service, &first.refresh).await;
        assert_eq!(answer.at("/refreshToken/viewer/account/email"), ADA);
        let second = Tokens::of(&answer, "refreshToken");
        assert!(second.refresh != first.refresh && second.access != first.access);
        for token in [&first.access, &second.access] {
            assert!(is_good(&service, token).await, "both access tokens are of one sign-in");
        }
        let again = refresh(&service, &first.refresh).await;
        let expected = json!({ "accessToken": null, "refreshToken": null, "expiresAt": null, "viewer": null,
            "userErrors": [{ "field": ["refreshToken"], "code": "INVALID" }] });
        assert_eq!(again.at("/refreshToken"), expected);
        for token in [&first.access, &second.access] {
            assert!(!is_good(&service, token).await, "the sign-in ended, with tokens that would still be good");
        }
        assert_eq!(refresh(&service, &second.refresh).await.at("/refreshToken"), expected);
        assert!(is_good(&service, &other.access).await, "another sign-in goes on");
        assert_eq!(refresh(&service, "no token").await.at("/refreshToken"), expected);
    });
}

#[test]
fn of_two_who_use_a_refresh_token_at_once_one_wins_and_the_sign_in_ends() {
    with_empty(async |service| {
        service.make_account(ADA, &[]).await;
        let tokens = service.sign_in(ADA).await;
        let uses: Vec<_> = (0..8)
            .map(|_| {
                let (service, token) = (service.clone(), tokens.refresh.clone());
                tokio::spawn(async move { refresh(&service, &token).await })
            })
            .collect();
        let mut won = Vec::new();
        for used in uses {
            let answer = used.await.expect("an answer");
            won.extend(answer.at("/refreshToken/refreshToken").as_str().map(str::to_owned));
        }
        assert!(won.len() <= 1, "{} won", won.len());
        assert!(!is_good(&service, &tokens.access).await);
        for token in won {
            assert_eq!(refresh(&service, &token).await.at("/refreshToken/refreshToken"), Value::Null);
        }
        let reasons = texts(&service.db, "SELECT reason AS text FROM token_family").await;
        assert_eq!(reasons, ["reused"]);
    });
}

#[test]
fn a_refresh_token_waits_for_thirty_days() {
    with_empty(async |service| {
        service.make_account(ADA, &[]).await;
        let tokens = service.sign_in(ADA).await;
        let in_time = service.later(TimeDelta::days(30) - TimeDelta::seconds(1));
        let second = Tokens::of(&refresh(&in_time, &tokens.refresh).await, "refreshToken");
        assert!(is_good(&in_time, &second.access).await);
        let too_late = in_time.later(TimeDelta::days(30));
        assert_eq!(refresh(&too_late, &second.refresh).await.at("/refreshToken/accessToken"), Value::Null);
    });
}

#[test]
fn a_sign_in_goes_on_for_ninety_days_and_no_longer() {
    with_empty(async |service| {
        service.make_account(ADA, &[]).await;
        let mut tokens = service.sign_in(ADA).await;
        for weeks in [4, 8, 12] {
            let later = service.later(TimeDelta::weeks(weeks));
            tokens = Tokens::of(&refresh(&later, &tokens.refresh).await, "refreshToken");
        }
        let too_late = service.later(TimeDelta::days(90));
        assert_eq!(refresh(&too_late, &tokens.refresh).await.at("/refreshToken/accessToken"), Value::Null);
    });
}

#[test]
fn signing_out_ends_a_sign_in_at_once() {
    with_empty(async |service| {
        service.make_account(ADA, &[]).await;
        let (one, other) = (service.sign_in(ADA).await, service.sign_in(ADA).await);
        for token in [one.refresh.as_str(), one.refresh.as_str(), "no token"] {
            let answer = service.ask_with(SIGN_OUT, &json!({ "token": token })).await;
            assert_eq!(answer.at("/signOut/userErrors"), json!([]), "what is no token is told the same");
        }
        assert!(!is_good(&service, &one.access).await);
        assert_eq!(refresh(&service, &one.refresh).await.at("/refreshToken/accessToken"), Value::Null);
        assert!(is_good(&service, &other.access).await);
    });
}

#[test]
fn a_changed_password_ends_the_other_sign_ins() {
    with_empty(async |service| {
        service.make_account(ADA, &[]).await;
        let (own, other) = (service.sign_in(ADA).await, service.sign_in(ADA).await);
        let new = "another battery of horses";
        let change = async |service: &Service, current: &str, new: &str| {
            service.ask_with(CHANGE, &json!({ "current": current, "new": new })).await
        };
        let me = service.bearing(&own.access);
        let refused = |field: &str| json!([{ "field": [field], "code": "INVALID" }]);
        for (current, new, field) in
            [("wrong", new, "currentPassword"), (PASSWORD, "too short", "newPassword"), (PASSWORD, ADA, "newPassword")]
        {
            let answer = change(&me, current, new).await;
            assert_eq!(answer.at("/changePassword/userErrors"), refused(field));
        }
        assert_eq!(change(&service, PASSWORD, new).await.codes(), ["UNAUTHENTICATED"]);
        assert!(is_good(&service, &other.access).await);
        assert_eq!(change(&me, PASSWORD, new).await.at("/changePassword/userErrors"), json!([]));
        assert!(is_good(&service, &own.access).await && !is_good(&service, &other.access).await);
        assert_eq!(refresh(&service, &other.refresh).await.at("/refreshToken/accessToken"), Value::Null);
        assert_eq!(service.try_sign_in(ADA, PASSWORD).await.at("/signIn/accessToken"), Value::Null);
        assert!(service.try_sign_in(ADA, new).await.at("/signIn/accessToken").is_string());
    });
}

#[test]
fn a_grant_that_ran_out_or_was_revoked_stops_at_once() {
    with_empty(async |service| {
        let until = Service::clock().now() + TimeDelta::minutes(5);
        let everywhere = |role| Grant::new(role, Scope::Everything);
        let account = service.make_account(ADA, &[]).await;
        service.make_grant(account, everywhere(Role::Staff), Some(until)).await;
        service.make_grant(account, everywhere(Role::Evaluator), None).await;
        let access = service.sign_in(ADA).await.access;
        let roles = async |service: &Service| service.bearing(&access).ask(WHO).await.each("/viewer/roles", "/role");
        assert_eq!(roles(&service).await, ["STAFF", "EVALUATOR"]);
        let later = service.later(TimeDelta::minutes(5));
        assert_eq!(roles(&later).await, ["EVALUATOR"]);
        let account = later.bearing(&access).ask(WHO).await;
        assert_eq!(account.each("/viewer/account/roles", "/role"), ["EVALUATOR"]);
        let revoke = "UPDATE role_grant SET revoked_at = now() WHERE role = 'evaluator'";
        service.db.execute_unprepared(revoke).await.expect("a revoked grant");
        assert_eq!(roles(&later).await, Vec::<Value>::new());
    });
}

#[test]
fn a_request_with_a_credential_asks_the_database_once_more_than_one_without() {
    with_empty(async |service| {
        service.make_account(ADA, &[]).await;
        let access = service.sign_in(ADA).await.access;
        let document = "{ regions { number } }";
        let (_, without) = service.counted(document, &Value::Null).await;
        let (_, with) = service.bearing(&access).counted(document, &Value::Null).await;
        assert_eq!(with, without + 1);
        let accounts = account::Entity::find().all(&service.db).await.expect("accounts");
        assert_eq!(accounts.len(), 1);
    });
}
