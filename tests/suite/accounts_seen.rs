//! Who may see accounts, and what of them; and that no secret is in any answer, history or log.

use crate::expectations::{Contacts, viewers};
use crate::sign_in::WHO;
use chrono::TimeDelta;
use lmi::auth::{Grant, Role, Scope};
use serde_json::{Value, json};
use tests::fixtures::global_id;
use tests::{PASSWORD, Service, Tokens, contents, with_empty, with_fixture};

const ACCOUNTS: &str = "{ accounts { totalCount nodes { id email displayName roles { role } } } }";

#[test]
fn accounts_are_listed_for_those_alone_who_may_see_all() {
    with_fixture(async |service, fixture| {
        for viewer in viewers(&fixture) {
            let answer = viewer.service(&service).ask(ACCOUNTS).await;
            match viewer.account_address() {
                None => {
                    assert_eq!(answer.codes(), ["FORBIDDEN"], "{}", viewer.name);
                    assert_eq!(answer.json()["data"], json!({ "accounts": null }));
                }
                Some(shown) => {
                    let whole = ["helper-of-access@example.org", "keeper-of-access@example.org"];
                    let emails = if shown == Contacts::Masked { ["h***@***", "k***@***"] } else { whole };
                    assert_eq!(answer.each("/accounts/nodes", "/email"), emails, "{}", viewer.name);
                    assert_eq!(answer.at("/accounts/totalCount"), 2);
                    assert_eq!(answer.each("/accounts/nodes", "/roles/0/role"), ["ORGANIZER", "ADMIN"]);
                }
            }
        }
        let answer = service.ask(ACCOUNTS).await;
        assert_eq!(
            (answer.codes(), answer.json()["data"].clone()),
            (vec!["UNAUTHENTICATED".to_owned()], json!({ "accounts": null }))
        );
    });
}

#[test]
fn everybody_sees_the_own_account_and_nobody_elses() {
    with_empty(async |service| {
        let staff = Grant::new(Role::Staff, Scope::Everything);
        let (ada, ben) =
            (service.signed_in("ada@example.org", &[staff]).await, service.signed_in("ben@example.org", &[]).await);
        let id = async |service: &Service| service.ask("{ viewer { account { id } } }").await.at("/viewer/account/id");
        let (of_ada, of_ben) = (id(&ada).await, id(&ben).await);
        let node =
            "query ($id: ID!) { node(id: $id) { ... on Account { email can roles { role account { email } } } } }";
        let own = json!({ "email": "ada@example.org", "can": [],
            "roles": [{ "role": "STAFF", "account": { "email": "ada@example.org" } }] });
        assert_eq!(ada.ask_with(node, &json!({ "id": of_ada })).await.at("/node"), own);
        for (service, id) in [(&ada, &of_ben), (&ben, &of_ada), (&service, &of_ada)] {
            assert_eq!(service.ask_with(node, &json!({ "id": id })).await.at("/node"), Value::Null);
        }
        let admin = service.administrator().await;
        let seen = admin.ask_with(node, &json!({ "id": of_ada })).await.at("/node");
        assert_eq!((&seen["email"], &seen["can"]), (&json!("ada@example.org"), &json!(["update"])));
    });
}

#[test]
fn a_viewer_is_told_what_there_is_to_do() {
    with_empty(async |service| {
        let words = async |service: Service| {
            let words = service.ask("{ viewer { permissions } }").await.at("/viewer/permissions");
            words
                .as_array()
                .expect("words")
                .iter()
                .map(|word| word.as_str().expect("a word").to_owned())
                .collect::<Vec<_>>()
        };
        let public = words(service.clone()).await;
        assert!(public.iter().all(|word| word.ends_with(":read")), "{public:?}");
        let staff = words(service.as_role(Role::Staff)).await;
        assert!(staff.contains(&"convening:update".to_owned()) && !staff.contains(&"account:update".to_owned()));
        let admin = words(service.as_role(Role::Admin)).await;
        assert!(staff.iter().all(|word| admin.contains(word)) && admin.contains(&"person:erase".to_owned()));
        let reads = words(service.as_viewer(lmi::auth::Viewer::command_line().read_only())).await;
        assert!(reads.iter().all(|word| word.ends_with(":read")), "{reads:?}");
    });
}

/// Everything that somebody may say about accounts to the service, in the order in which it can be said; each answer.
async fn a_life_of_an_account(service: &Service) -> Vec<(String, String)> {
    let admin = service.administrator().await;
    let mut answers = Vec::new();
    let mut ask = async |service: &Service, document: &str, variables: Value| {
        let answer = service.ask_with(document, &variables).await;
        assert_eq!(answer.status, 200, "{document}: {}", answer.text);
        answers.push((document.to_owned(), answer.text.clone()));
        answer
    };
    let id = json!({ "id": global_id("Account", service.make_account("ada@example.org", &[]).await.0) });
    let tokens = service.sign_in("ada@example.org").await;
    let made =
        ask(&admin, "mutation { createApiKey(input: {name: \"Dashboard\"}) { apiKey { id prefix } key } }", json!({}))
            .await;
    let key = made.at("/createApiKey/apiKey/id");
    let list = "{ apiKeys { nodes { name prefix previousSecretUntil history { nodes { changes { field before after } } } } } }";
    ask(&admin, "mutation ($id: ID!) { rotateApiKey(id: $id) { key } }", json!({ "id": key })).await;
    ask(&admin, list, json!({})).await;
    let link = "mutation ($id: ID!) { createPasswordResetLink(accountId: $id) { link } }";
    ask(&admin, link, id.clone()).await;
    let me = service.bearing(&tokens.access);
    let change = "mutation ($current: String!) { changePassword(input: {currentPassword: $current, newPassword: \"another battery of horses\"}) { userErrors { message } } }";
    ask(&me, change, json!({ "current": "wrong horse battery staple" })).await;
    ask(&me, change, json!({ "current": PASSWORD })).await;
    let everything = "query ($id: ID!) { node(id: $id) { ... on Account { email displayName roles { role } history { nodes { by part reason changes { field before after } } } } } }";
    ask(&admin, everything, id).await;
    ask(&me, WHO, json!({})).await;
    answers
}

#[test]
fn no_secret_and_no_hash_leaves_the_service_or_stays_in_its_history() {
    with_empty(async |service| {
        let answers = a_life_of_an_account(&service).await;
        let kept = contents(&service.db).await;
        let hashes: Vec<String> = ["account", "api_key", "refresh_token", "one_time_token"]
            .iter()
            .flat_map(|table| &kept[*table])
            .flat_map(|row| {
                let row: Value = serde_json::from_str(row).expect("a row");
                let hash = |column: &str| row[column].as_str().map(str::to_owned);
                ["password_hash", "secret_hash", "previous_hash", "hash"]
                    .iter()
                    .filter_map(|column| hash(column))
                    .collect::<Vec<_>>()
            })
            .collect();
        assert!(hashes.len() >= 6, "hashes are found: {hashes:?}");
        let history = kept["change"].join("\n");
        for hash in &hashes {
            // As PostgreSQL writes bytes, and as they would be written elsewhere.
            let plain = hash.trim_start_matches("\\x");
            for (document, answer) in &answers {
                assert!(!answer.contains(plain), "{document} tells a hash");
            }
            assert!(!history.contains(plain), "history tells a hash");
        }
        assert!(!history.contains("@example.org"), "history tells an address");
        let database = kept.values().flatten().map(String::as_str).collect::<Vec<_>>().join("\n");
        let mut secrets: Vec<&str> = vec![PASSWORD, "another battery of horses"];
        for (_, answer) in &answers {
            secrets.extend(answer.split(['"', '#']).filter(|text| text.starts_with("lmi_") || text.len() == 43));
        }
        assert!(secrets.len() >= 5, "secrets are found: {secrets:?}");
        for secret in secrets {
            // The secret of a key stands behind its prefix, and may hold underscores of its own.
            let secret = secret.strip_prefix("lmi_").and_then(|key| key.split_once('_')).map_or(secret, |(_, own)| own);
            assert!(secret.len() >= 20, "a secret is whole");
            assert!(!database.contains(secret), "a secret is kept");
        }
    });
}

#[test]
fn what_is_over_is_put_away() {
    with_empty(async |service| {
        service.make_account("ada@example.org", &[]).await;
        let first = service.sign_in("ada@example.org").await;
        service.try_sign_in("nobody@example.org", "wrong").await;
        let admin = service.administrator().await;
        let invite = "mutation { inviteAccount(input: {email: \"ben@example.org\", displayName: \"Ben\", role: STAFF}) { link } }";
        admin.ask(invite).await.at("/inviteAccount/link");
        let count = async || {
            let kept = contents(&service.db).await;
            ["token_family", "refresh_token", "one_time_token", "sign_in_failure"].map(|table| kept[table].len())
        };
        assert_eq!(count().await, [2, 2, 1, 1]);
        for (days, expected) in [(0, [2, 2, 1, 1]), (1, [2, 2, 1, 0]), (7, [2, 2, 0, 0])] {
            lmi::http::put_away(&service.later(TimeDelta::days(days)).app()).await.expect("put away");
            assert_eq!(count().await, expected, "after {days} days");
        }
        // A sign-in that goes on stays, with the tokens by which a second use of one would be noticed.
        let refresh =
            "mutation ($token: String!) { refreshToken(input: {refreshToken: $token}) { accessToken refreshToken } }";
        let in_time = service.later(TimeDelta::days(29));
        let second = Tokens::of(&in_time.ask_with(refresh, &json!({ "token": first.refresh })).await, "refreshToken");
        lmi::http::put_away(&service.later(TimeDelta::days(30)).app()).await.expect("put away");
        assert_eq!(count().await, [1, 2, 0, 0]);
        let later = service.later(TimeDelta::days(58));
        assert!(
            later
                .ask_with(refresh, &json!({ "token": second.refresh }))
                .await
                .at("/refreshToken/accessToken")
                .is_string()
        );
        lmi::http::put_away(&service.later(TimeDelta::days(88)).app()).await.expect("put away");
        assert_eq!(count().await, [0, 0, 0, 0]);
    });
}
