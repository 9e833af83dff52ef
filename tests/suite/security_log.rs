//! The log of the real program tells who signed in, who was refused and who was given what, by keys of rows and nothing else.

use crate::program::{DataFolder, Serving, ask, ask_bearing};
use lmi::auth::{Grant, Role, Scope};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tests::{PASSWORD, texts, with_empty};

const ADMIN: &str = "quentin@example.org";
const STAFF: &str = "wilhelmina@example.org";
const NEW: &str = "quixotic lanterns over alders";

fn sign_in(address: SocketAddr, email: &str, password: &str) -> Value {
    let given = format!("email: \"{email}\", password: \"{password}\"");
    let document =
        format!("mutation {{ signIn(input: {{{given}}}) {{ accessToken refreshToken userErrors {{ code }} }} }}");
    ask(address, &document).expect("an answer")
}

fn text(answer: &Value, pointer: &str) -> String {
    answer.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{pointer} of {answer}")).to_owned()
}

/// What the log has of an event, in the order in which it came.
fn of<'a>(told: &'a [Value], event: &str) -> Vec<&'a Value> {
    told.iter().filter(|line| line["event"] == event).collect()
}

#[test]
fn whoever_looks_after_safety_is_told_what_happened_and_to_whom() {
    with_empty(async |service| {
        let admin = service.make_account(ADMIN, &[Grant::new(Role::Admin, Scope::Everything)]).await;
        let staff = service.make_account(STAFF, &[Grant::new(Role::Staff, Scope::Everything)]).await;
        let folder = DataFolder::new();
        let mut program = folder.lmi();
        program.env("DATABASE_URL", &service.url).env("LMI_LOG_FORMAT", "json");
        let mut serving = Serving::run(program);
        let address = serving.address();
        let asked = |token: &str, document: &str| {
            let answer = ask_bearing(address, token, document).expect("an answer");
            assert_eq!(answer.pointer("/errors"), None, "{answer}");
            answer
        };

        sign_in(address, STAFF, "not the one that it is");
        sign_in(address, "nobody@example.org", "not the one that it is");
        let signed_in = sign_in(address, ADMIN, PASSWORD);
        let (token, refresh) =
            (text(&signed_in, "/data/signIn/accessToken"), text(&signed_in, "/data/signIn/refreshToken"));
        let staffs = text(&sign_in(address, STAFF, PASSWORD), "/data/signIn/accessToken");

        // What may not be done is refused, and what is refused for other reasons has not happened.
        let refused = ask_bearing(address, &staffs, "mutation { createApiKey(input: {name: \"Alder\"}) { key } }");
        assert_eq!(text(&refused.expect("an answer"), "/errors/0/extensions/code"), "FORBIDDEN");
        ask_bearing(address, "lmi_forged_key_of_nobody", "{ __typename }").expect("an answer");
        let twice =
            format!("mutation {{ grantRole(input: {{email: \"{STAFF}\", role: STAFF}}) {{ userErrors {{ code }} }} }}");
        assert_eq!(text(&asked(&token, &twice), "/data/grantRole/userErrors/0/code"), "TAKEN");

        let granted = asked(
            &token,
            &format!(
                "mutation {{ grantRole(input: {{email: \"{STAFF}\", role: AUDITOR}}) {{ roleGrant {{ id }} userErrors {{ code }} }} }}"
            ),
        );
        let grant = text(&granted, "/data/grantRole/roleGrant/id");
        asked(&token, &format!("mutation {{ revokeRole(id: \"{grant}\") {{ userErrors {{ code }} }} }}"));
        let made = asked(
            &token,
            "mutation { createApiKey(input: {name: \"Alder\"}) { apiKey { id } key userErrors { message } } }",
        );
        let key = text(&made, "/data/createApiKey/apiKey/id");
        let secret = text(&made, "/data/createApiKey/key");
        asked(&token, &format!("mutation {{ revokeApiKey(id: \"{key}\") {{ userErrors {{ code }} }} }}"));
        let change = format!("currentPassword: \"{PASSWORD}\", newPassword: \"{NEW}\"");
        asked(&staffs, &format!("mutation {{ changePassword(input: {{{change}}}) {{ userErrors {{ code }} }} }}"));

        let again = format!("mutation {{ refreshToken(input: {{refreshToken: \"{refresh}\"}}) {{ accessToken }} }}");
        let fresh = text(&ask(address, &again).expect("an answer"), "/data/refreshToken/accessToken");
        ask(address, &again).expect("an answer");
        let log = serving.log();

        let told: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let told: Vec<Value> = told.into_iter().filter(|line: &Value| line["target"] == "lmi::security").collect();
        assert!(told.iter().all(|line| line["request"].as_str().is_some_and(|id| id.len() == 32)), "{told:#?}");
        let (admin, staff) = (json!(admin.0.to_string()), json!(staff.0.to_string()));
        let accounts = |event| of(&told, event).iter().map(|line| line["account"].clone()).collect::<Vec<_>>();
        assert_eq!(accounts("sign_in"), [admin.clone(), staff.clone()]);
        assert_eq!(accounts("sign_in_refused"), [staff.clone(), Value::Null]);
        assert_eq!(accounts("password_changed"), std::slice::from_ref(&staff));
        let copied = of(&told, "refresh_token_reused");
        assert_eq!((copied.len(), &copied[0]["level"], &copied[0]["account"]), (1, &json!("WARN"), &admin));
        let refused = of(&told, "refused");
        assert_eq!((refused.len(), &refused[0]["by"], &refused[0]["viewer"]), (1, &staff, &json!("account")));
        assert_eq!(of(&told, "credential_refused").len(), 1);
        for (event, about) in [
            ("grant_made", "role_grant"),
            ("grant_revoked", "role_grant"),
            ("key_made", "api_key"),
            ("key_revoked", "api_key"),
        ] {
            let rows =
                texts(&service.db, &format!("SELECT id::text AS text FROM {about} ORDER BY id DESC LIMIT 1")).await;
            let told = of(&told, event);
            assert_eq!((told.len(), &told[0]["by"], &told[0]["about"]), (1, &admin, &json!(rows[0])), "{event}");
        }
        assert_eq!(of(&told, "grant_made")[0]["what"], "AUDITOR");
        for secret in
            [ADMIN, STAFF, "nobody@", PASSWORD, NEW, "not the one", &token, &fresh, &refresh, &secret, "lmi_forged"]
        {
            assert!(!log.contains(secret), "the log tells `{secret}`: {log}");
        }
    });
}

#[test]
fn guessing_is_told_once_it_is_held_up_and_by_no_name() {
    with_empty(async |service| {
        let ada = service.make_account("ada@example.org", &[]).await;
        let folder = DataFolder::new();
        let mut program = folder.lmi();
        program.env("DATABASE_URL", &service.url).env("LMI_LOG_FORMAT", "json");
        let mut serving = Serving::run(program);
        let address = serving.address();
        for guess in 0..14 {
            sign_in(address, "ada@example.org", &format!("guess number {guess} of some"));
        }
        let log = serving.log();
        let told: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let held_up = of(&told, "guessing_held_up");
        let mut whose: Vec<_> = held_up.iter().map(|line| (line["what"].as_str(), line["level"].as_str())).collect();
        whose.sort_unstable();
        assert_eq!(whose, [(Some("account"), Some("WARN")), (Some("network"), Some("WARN"))]);
        let refused = of(&told, "sign_in_refused");
        assert_eq!(refused.len(), 10, "what is held up is not tried");
        assert!(refused.iter().all(|line| line["account"] == ada.0.to_string()));
        assert!(!log.contains("ada@") && !log.contains("guess number"), "{log}");
    });
}

#[test]
fn what_was_undone_with_its_transaction_is_not_told() {
    with_empty(async |service| {
        service.make_account(ADMIN, &[Grant::new(Role::Admin, Scope::Everything)]).await;
        let folder = DataFolder::new();
        let mut program = folder.lmi();
        program.env("DATABASE_URL", &service.url).env("LMI_LOG_FORMAT", "json");
        let mut serving = Serving::run(program);
        let address = serving.address();
        let token = text(&sign_in(address, ADMIN, PASSWORD), "/data/signIn/accessToken");
        let own = texts(&service.db, "SELECT id::text AS text FROM role_grant").await;
        assert_eq!(own.len(), 1);
        let held = ask_bearing(address, &token, "{ viewer { account { roles { id } } } }").expect("an answer");
        let grant = text(&held, "/data/viewer/account/roles/0/id");
        let revoke = format!("mutation {{ revokeRole(id: \"{grant}\") {{ userErrors {{ code }} }} }}");
        let kept = ask_bearing(address, &token, &revoke).expect("an answer");
        assert_eq!(text(&kept, "/data/revokeRole/userErrors/0/code"), "CONFLICT", "nobody else is left");
        let log = serving.log();
        assert!(!log.contains("grant_revoked"), "{log}");
    });
}
