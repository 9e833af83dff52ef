//! Every request has a name, and leaves a line in the log that tells nothing about people.

use crate::mail_server::{FROM, MailServer};
use crate::program::{DataFolder, Serving, ask, ask_bearing};
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use lmi::auth::{Grant, Role, Scope};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use std::collections::HashSet;
use tests::{Answer, PASSWORD, Service, with_empty};

const REQUEST_ID: &str = "x-request-id";
/// Refuses whatever is written to a table.
const REFUSE: &str = "ALTER TABLE organization ADD CONSTRAINT refuses_it CHECK (false) NOT VALID";
const CREATE: &str = "mutation Founding { createOrganization(input: {name: \"Quixotic Alder\", kind: OTHER}) {
    organization { id } userErrors { field code message } } }";

fn id(headers: &HeaderMap) -> &str {
    headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).expect("a name")
}

async fn named(service: &Service, name: &str) -> Answer {
    let request = Request::get("/health/live").header(REQUEST_ID, name).body(Body::empty());
    service.send(request.expect("a request")).await
}

#[test]
fn every_answer_tells_the_name_of_its_request() {
    with_empty(async |service| {
        let mut names = HashSet::new();
        for path in
            ["/", "/nowhere", "/health/live", "/schema.graphql", "/graphql?query={__typename}", "/graphql?query={"]
        {
            let answer = service.get(path, "*/*").await;
            assert_eq!(id(&answer.headers).len(), 32, "{path}");
            assert!(names.insert(id(&answer.headers).to_owned()), "{path}: it is another's");
        }
    });
}

#[test]
fn only_a_proxy_that_is_trusted_names_requests() {
    with_empty(async |service| {
        let proxied = service.set_up(|setup| setup.trusted_proxies = vec!["192.0.2.0/24".parse().expect("a network")]);
        let (proxy, other) = ("192.0.2.9".parse().expect("an address"), "198.51.100.7".parse().expect("an address"));
        assert_eq!(id(&named(&proxied.from_address(proxy), "trace-17").await.headers), "trace-17");
        for (from, name) in
            [(other, "trace-17"), (proxy, "trace 17"), (proxy, ""), (proxy, &"a".repeat(65)), (proxy, "a=\"b\"")]
        {
            assert_eq!(id(&named(&proxied.from_address(from), name).await.headers).len(), 32, "{name}");
        }
        assert_eq!(id(&named(&service.from_address(proxy), "trace-17").await.headers).len(), 32, "none is trusted");
    });
}

#[test]
fn whoever_meets_a_fault_of_ours_is_told_the_name_that_the_log_has_it_under() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        staff.ask("{ __typename }").await.data();
        service.db.execute_unprepared(REFUSE).await.expect("a fault");
        let answer = staff.ask(CREATE).await;
        assert_eq!(answer.codes(), ["INTERNAL_SERVER_ERROR"]);
        assert_eq!(answer.json()["errors"][0]["extensions"]["requestId"], id(&answer.headers));
        let refused = service.ask("{ nothing }").await;
        assert_eq!(refused.json()["errors"][0]["extensions"].get("requestId"), None, "it is no fault of ours");
    });
}

/// The lines of a log that was written as JSON.
fn lines(log: &str) -> Vec<Value> {
    let line = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("a line is not JSON: {line}"));
    log.lines().map(line).collect()
}

#[test]
fn a_log_for_programs_has_a_line_for_each_request_and_tells_nothing_about_people() {
    with_empty(async |service| {
        let (mail, _) = MailServer::start().await;
        service.make_account("quentin@example.org", &[Grant::new(Role::Admin, Scope::Everything)]).await;
        let folder = DataFolder::new();
        let mut program = folder.lmi();
        program.env("DATABASE_URL", &service.url).env("LMI_LOG", "warn,lmi=trace").env("LMI_LOG_FORMAT", "json");
        program.env("LMI_SMTP_URL", mail.url()).env("LMI_MAIL_FROM", FROM);
        let mut serving = Serving::run(program);
        let address = serving.address();
        let sign_in = |password: &str| {
            let document = format!(
                "mutation SigningIn {{ signIn(input: {{email: \"quentin@example.org\", password: \"{password}\"}}) {{
                   accessToken refreshToken userErrors {{ code }} }} }}"
            );
            ask(address, &document).expect("an answer")
        };
        sign_in("a wrong password of mine");
        let tokens = sign_in(PASSWORD);
        let token =
            |field: &str| tokens.pointer(&format!("/data/signIn/{field}")).and_then(Value::as_str).map(str::to_owned);
        let (access, refresh) = (token("accessToken").expect("a token"), token("refreshToken").expect("a token"));
        let invite = "mutation Inviting { inviteAccount(input: {email: \"wilhelmina@example.org\",
            displayName: \"Wilhelmina Madeup\", role: STAFF}) { link userErrors { field code message } } }";
        let invited = ask_bearing(address, &access, invite).expect("an answer");
        assert_eq!(invited.pointer("/data/inviteAccount/userErrors"), Some(&json!([])), "{invited}");
        let (_, letter) = mail.letter().await;
        let (_, link) = letter.split_once('#').expect("a link");
        let link = link.split_whitespace().next().expect("what it opens").to_owned();
        ask(
            address,
            "mutation { requestPasswordReset(input: {email: \"quentin@example.org\"}) { userErrors { code } } }",
        )
        .expect("an answer");
        ask(address, "{ people(filter: {search: \"Wilhelmina\"}) { nodes { name } } }").expect("an answer");
        ask(address, "{ regions { number } }").expect("an answer");
        ask_bearing(address, &access, "{ viewer { account { email } } }").expect("an answer");
        ask_bearing(address, "lmi_forged_key_of_nobody", "{ __typename }").expect("an answer");
        service.db.execute_unprepared(REFUSE).await.expect("a fault");
        let failed = ask_bearing(address, &access, CREATE).expect("an answer");
        let failed =
            failed.pointer("/errors/0/extensions/requestId").and_then(Value::as_str).expect("a name").to_owned();
        let log = serving.log();

        let told = lines(&log);
        let answered: Vec<&Value> = told.iter().filter(|line| line["target"] == "lmi::request").collect();
        let of = |operation: &str| {
            answered
                .iter()
                .filter(|line| line["operation"] == operation)
                .map(|line| line["level"].clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            (of("SigningIn"), of("Inviting"), of("Founding")),
            (vec![json!("INFO"); 2], vec![json!("INFO")], vec![json!("WARN")])
        );
        let founding = answered.iter().find(|line| line["operation"] == "Founding").expect("a line");
        assert_eq!(founding["request"], json!(failed));
        for (field, value) in [
            ("method", json!("POST")),
            ("path", json!("/graphql")),
            ("status", json!(200)),
            ("kind", json!("mutation")),
            ("viewer", json!("account")),
            ("code", json!("INTERNAL_SERVER_ERROR")),
        ] {
            assert_eq!(founding[field], value, "{field}");
        }
        assert_eq!(founding["document"].as_str().map(str::len), Some(64));
        let cause = told.iter().find(|line| line.to_string().contains("refuses_it")).expect("the cause is logged");
        assert_eq!(cause["request"], json!(failed), "under the name of the request");
        assert!(answered.iter().any(|line| line["viewer"] == "public" && line["level"] == "DEBUG"));
        let secrets = [access, refresh, link];
        let about_people = ["quentin", "wilhelmina", "Wilhelmina", "Madeup", "example.org", "Quixotic"];
        let others = [
            "wrong password of mine",
            PASSWORD,
            "lmi_forged",
            "127.0.0.1:",
            "SELECT",
            "INSERT INTO",
            "postgres://",
            "argon2",
        ];
        for told in secrets.iter().map(String::as_str).chain(about_people).chain(others) {
            assert!(!log.contains(told), "the log tells `{told}`: {log}");
        }
    });
}
