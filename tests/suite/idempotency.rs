//! Mutations under an `Idempotency-Key`: done once, however often they are sent.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use entity::ids::AccountId;
use lmi::auth::{Grant, Identity, Role, Scope, Viewer};
use lmi::clock::Clock;
use sea_orm::ConnectionTrait as _;
use sea_orm::prelude::Uuid;
use serde_json::{Value, json};
use tests::{Answer, Service, contents, texts, with_empty};

const CREATE: &str = "mutation ($name: String!) { createOrganization(input: {name: $name, kind: OTHER}) {
    organization { slug version } userErrors { field code } } }";

async fn send(service: &Service, key: &str, body: &Value) -> Answer {
    let request = Request::post("/graphql").header("content-type", "application/json").header("idempotency-key", key);
    service.send(request.body(Body::from(body.to_string())).expect("a request")).await
}

async fn create(service: &Service, key: &str, name: &str) -> Answer {
    send(service, key, &json!({ "query": CREATE, "variables": { "name": name } })).await
}

async fn organizations(service: &Service) -> usize {
    contents(&service.db).await["organization"].len()
}

#[test]
fn a_repetition_gets_the_first_answer_and_does_nothing() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let first = create(&staff, "k-1", "Alder Foundation").await;
        assert_eq!(first.at("/createOrganization/organization/slug"), "alder-foundation");
        assert!(first.headers.get("idempotent-replayed").is_none());
        let change = "UPDATE organization SET name = 'Renamed', version = 2";
        service.db.execute_unprepared(change).await.expect("a change by others");
        let again = create(&staff, "k-1", "Alder Foundation").await;
        assert_eq!(again.text, first.text, "the first answer, not how things stand now");
        assert_eq!(again.headers["idempotent-replayed"], "true");
        assert_eq!(organizations(&service).await, 1);
        create(&staff, "k-2", "Alder Foundation").await;
        assert_eq!(organizations(&service).await, 2, "another key is another act");
    });
}

#[test]
fn fifty_at_once_have_one_effect_and_one_answer() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let sent: Vec<_> = (0..50)
            .map(|_| {
                let staff = staff.clone();
                tokio::spawn(async move { create(&staff, "k", "Alder Foundation").await.text })
            })
            .collect();
        let mut answers = Vec::new();
        for answer in sent {
            answers.push(answer.await.expect("an answer"));
        }
        assert!(answers[0].contains("alder-foundation"), "{}", answers[0]);
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!(organizations(&service).await, 1);
    });
}

#[test]
fn another_request_under_the_same_key_is_refused() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        create(&staff, "k", "Alder Foundation").await;
        let other = create(&staff, "k", "Birch Foundation").await;
        assert_eq!(
            (other.status, other.codes()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec!["IDEMPOTENCY_KEY_REUSED".to_owned()])
        );
        assert_eq!(organizations(&service).await, 1);
    });
}

#[test]
fn keys_are_each_viewers_own() {
    with_empty(async |service| {
        let grants = || vec![Grant::new(Role::Staff, Scope::Everything)];
        let account = |number| Viewer::new(Identity::Account(AccountId(Uuid::from_u128(number))), grants());
        for number in [1, 2] {
            let answer = create(&service.as_viewer(account(number)), "k", "Alder Foundation").await;
            assert!(answer.headers.get("idempotent-replayed").is_none(), "{number}");
        }
        assert_eq!(organizations(&service).await, 2);
    });
}

#[test]
fn whoever_may_do_less_by_now_is_not_told_again() {
    with_empty(async |service| {
        let account = |grants| Viewer::new(Identity::Account(AccountId(Uuid::from_u128(1))), grants);
        let staff = vec![Grant::new(Role::Staff, Scope::Everything)];
        create(&service.as_viewer(account(staff)), "k", "Alder Foundation").await;
        let again = create(&service.as_viewer(account(Vec::new())), "k", "Alder Foundation").await;
        assert_eq!(again.codes(), ["IDEMPOTENCY_KEY_REUSED"]);
        assert!(!again.text.contains("alder"), "{}", again.text);
        assert_eq!(organizations(&service).await, 1);
    });
}

#[test]
fn a_refusal_is_repeated_too() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let first = create(&staff, "k", " ").await;
        assert_eq!(first.lines("/createOrganization/userErrors", &["/code"]), ["INVALID", "REQUIRED"]);
        assert_eq!(create(&staff, "k", " ").await.text, first.text);
        let forbidden = create(&service, "k", "Alder Foundation").await;
        assert_eq!(forbidden.codes(), ["UNAUTHENTICATED"]);
        assert_eq!(create(&service, "k", "Alder Foundation").await.text, forbidden.text);
        assert_eq!(organizations(&service).await, 0);
    });
}

#[test]
fn all_mutations_of_a_request_are_done_together() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let two = "mutation { one: createOrganization(input: {name: \"One\", kind: OTHER}) { organization { slug } }
            two: createOrganization(input: {name: \" \", kind: OTHER}) { userErrors { code } }
            three: createOrganization(input: {name: \"Three\", kind: OTHER}) { organization { slug } } }";
        let first = send(&staff, "k", &json!({ "query": two })).await;
        assert_eq!(first.at("/one/organization/slug"), "one");
        assert_eq!(first.at("/three/organization/slug"), "three");
        assert_eq!(organizations(&service).await, 2, "what is refused takes nothing else with it");
        assert_eq!(send(&staff, "k", &json!({ "query": two })).await.text, first.text);
        assert_eq!(organizations(&service).await, 2);
    });
}

#[test]
fn what_fails_on_our_side_is_undone_and_can_be_sent_again() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let fails = "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF NEW.name = 'Two' THEN RAISE EXCEPTION 'a fault of ours'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER fails BEFORE INSERT ON organization FOR EACH ROW EXECUTE FUNCTION fail()";
        service.db.execute_unprepared(fails).await.expect("a fault");
        let two = "mutation { one: createOrganization(input: {name: \"One\", kind: OTHER}) { organization { slug } }
            two: createOrganization(input: {name: \"Two\", kind: OTHER}) { organization { slug } } }";
        let failed = send(&staff, "k", &json!({ "query": two })).await;
        assert_eq!(failed.codes(), ["INTERNAL_SERVER_ERROR"]);
        assert_eq!(failed.json()["data"], Value::Null, "nothing is said to be done that is not");
        assert_eq!(organizations(&service).await, 0);
        service.db.execute_unprepared("DROP TRIGGER fails ON organization").await.expect("the fault mended");
        assert_eq!(send(&staff, "k", &json!({ "query": two })).await.at("/two/organization/slug"), "two");
        assert_eq!(organizations(&service).await, 2);
    });
}

#[test]
fn a_key_is_free_again_after_a_day() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        create(&staff, "k", "Alder Foundation").await;
        let hours = |hours| staff.at(Clock::Fixed(Service::clock().now() + chrono::TimeDelta::hours(hours)));
        assert!(create(&hours(24), "k", "Alder Foundation").await.headers.contains_key("idempotent-replayed"));
        assert!(!create(&hours(25), "k", "Birch Foundation").await.headers.contains_key("idempotent-replayed"));
        assert_eq!(organizations(&service).await, 2);
    });
}

#[test]
fn nothing_that_was_sent_or_answered_can_be_read_from_the_database() {
    with_empty(async |service| {
        create(&service.as_role(Role::Staff), "a-key-that-is-looked-for", "Alder Foundation").await;
        let kept =
            texts(&service.db, "SELECT encode(id || fingerprint || answer, 'escape') AS text FROM idempotent_answer")
                .await;
        assert_eq!(kept.len(), 1);
        for secret in ["a-key-that-is-looked-for", "Alder", "alder-foundation", "createOrganization"] {
            assert!(!kept[0].contains(secret), "{secret}");
        }
    });
}

#[test]
fn a_key_that_is_none_is_refused() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        for key in ["", "two words", &"k".repeat(256)] {
            let answer = create(&staff, key, "Alder Foundation").await;
            assert_eq!(
                (answer.status, answer.codes()),
                (StatusCode::BAD_REQUEST, vec!["BAD_USER_INPUT".to_owned()]),
                "{key:?}"
            );
        }
        assert_eq!(organizations(&service).await, 0);
    });
}

#[test]
fn a_query_takes_no_notice_of_a_key() {
    with_empty(async |service| {
        let answer = send(&service, "k", &json!({ "query": "{ regions { number } }" })).await;
        assert_eq!(answer.each("/regions", "/number").len(), 11);
        assert_eq!(contents(&service.db).await["idempotent_answer"], Vec::<String>::new());
    });
}

#[test]
fn signing_in_under_keys_leaves_connections_for_itself() {
    with_empty(async |service| {
        let sign_in = "mutation { signIn(input: {email: \"ada@example.org\", password: \"not the one\"}) { userErrors { code } } }";
        let sent: Vec<_> = (0..6)
            .flat_map(|key| [key; 6])
            .map(|key| {
                let service = service.clone();
                tokio::spawn(
                    async move { send(&service, &format!("k-{key}"), &json!({ "query": sign_in })).await.codes() },
                )
            })
            .collect();
        for answer in sent {
            assert_eq!(answer.await.expect("an answer"), Vec::<String>::new());
        }
    });
}

/// What a request under a key is known again by. While the service is upgraded, it is another version that looks for it: were this to
/// change, whoever sends again what the version before has done would be told that the key was given to another request.
const KNOWN_BY: &str = "74568dc88c94dfdfd366041021438dd694b261759bb4678cd8b69ce07e95c2a0 \
    4ccedc5c39244d33b2a3bc2fbdc767e90f953fc735260fff8e121ff925c964b0";

#[test]
fn another_version_knows_a_request_again() {
    with_empty(async |service| {
        create(&service.as_role(Role::Staff), "k-1", "Alder Foundation").await;
        let known = "SELECT encode(id, 'hex') || ' ' || encode(fingerprint, 'hex') AS text FROM idempotent_answer";
        assert_eq!(texts(&service.db, known).await, [KNOWN_BY]);
    });
}
