//! Invitations and forgotten passwords: links that are good once, for those whom they are meant for.

use crate::grants::INVITE;
use crate::mail_server::MailServer;
use chrono::TimeDelta;
use lmi::auth::{Grant, Role, Scope};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tests::fixtures::global_id;
use tests::{Answer, PASSWORD, PUBLIC_URL, Service, Tokens, contents, texts, with_empty, with_fixture};

const ADA: &str = "ada@example.org";
const NEW: &str = "another battery of horses";
const ACCEPT: &str = "mutation ($token: String!, $password: String!, $name: String) {
    acceptInvitation(input: {token: $token, password: $password, displayName: $name}) {
      accessToken refreshToken viewer { account { email displayName lastSignInAt } roles { role } } userErrors { field code } } }";
const RESET: &str = "mutation ($token: String!, $password: String!) {
    resetPassword(input: {token: $token, newPassword: $password}) { userErrors { field code } } }";
pub(crate) const REQUEST: &str =
    "mutation ($email: String!) { requestPasswordReset(input: {email: $email}) { userErrors { code } } }";
pub(crate) const LINK: &str =
    "mutation ($id: ID!) { createPasswordResetLink(accountId: $id) { link expiresAt userErrors { code } } }";

pub(crate) async fn invite(service: &Service, email: &str, role: &str) -> Answer {
    let input = json!({ "email": email, "displayName": "Ada Example", "role": role });
    service.ask_with(INVITE, &json!({ "input": input })).await
}

/// The token of a link of this kind.
pub(crate) fn token(link: &Value, kind: &str) -> String {
    let link = link.as_str().unwrap_or_else(|| panic!("no link: {link}"));
    let token = link.strip_prefix(&format!("{PUBLIC_URL}/{kind}#")).unwrap_or_else(|| panic!("not for this: {link}"));
    assert_eq!(token.len(), 43, "{link}");
    token.to_owned()
}

pub(crate) async fn accept(service: &Service, token: &str, password: &str) -> Answer {
    service.ask_with(ACCEPT, &json!({ "token": token, "password": password, "name": null })).await
}

pub(crate) async fn reset(service: &Service, token: &str, password: &str) -> Vec<String> {
    let answer = service.ask_with(RESET, &json!({ "token": token, "password": password })).await;
    answer.lines("/resetPassword/userErrors", &["/field", "/code"])
}

const OVER: [&str; 1] = ["[\"token\"] | INVALID"];

pub(crate) fn refusals(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.at("/acceptInvitation/accessToken"), Value::Null);
    answer.lines("/acceptInvitation/userErrors", &["/field", "/code"])
}

#[test]
fn somebody_is_invited_accepts_and_is_signed_in() {
    with_empty(async |service| {
        let admin = service.administrator().await;
        let invited = invite(&admin, ADA, "STAFF").await;
        assert_eq!(invited.at("/inviteAccount/expiresAt"), "2026-06-08T12:00:00+00:00");
        let token = token(&invited.at("/inviteAccount/link"), "invitation");
        assert_eq!(
            service.try_sign_in(ADA, "").await.at("/signIn/accessToken"),
            Value::Null,
            "there is no password yet"
        );
        assert_eq!(refusals(&accept(&service, &token, "too short").await), ["[\"password\"] | INVALID"]);
        assert_eq!(refusals(&accept(&service, &token, ADA).await), ["[\"password\"] | INVALID"]);
        let named = json!({ "token": token, "password": NEW, "name": "Ada E." });
        let answer = service.ask_with(ACCEPT, &named).await;
        let account = json!({ "email": ADA, "displayName": "Ada E.", "lastSignInAt": "2026-06-01T12:00:00+00:00" });
        assert_eq!(
            answer.at("/acceptInvitation/viewer"),
            json!({ "account": account, "roles": [{ "role": "STAFF" }] })
        );
        let tokens = Tokens::of(&answer, "acceptInvitation");
        assert_eq!(service.bearing(&tokens.access).ask("{ __typename }").await.status, 200);
        assert_eq!(refusals(&accept(&service, &token, NEW).await), OVER, "once");
        assert!(service.try_sign_in(ADA, NEW).await.at("/signIn/accessToken").is_string());
    });
}

#[test]
fn an_invitation_waits_for_seven_days_and_is_used_once_however_many_try_at_once() {
    with_empty(async |service| {
        let admin = service.administrator().await;
        let link = async |email| token(&invite(&admin, email, "STAFF").await.at("/inviteAccount/link"), "invitation");
        let (one, other) = (link(ADA).await, link("ben@example.org").await);
        let week = TimeDelta::days(7);
        assert_eq!(refusals(&accept(&service.later(week), &one, NEW).await), OVER);
        assert_eq!(reset(&service, &one, NEW).await, OVER, "it is for nothing else");
        let in_time = service.later(week - TimeDelta::seconds(1));
        let tries: Vec<_> = (0..8)
            .map(|_| {
                let (service, token) = (in_time.clone(), other.clone());
                tokio::spawn(async move { accept(&service, &token, NEW).await.at("/acceptInvitation/accessToken") })
            })
            .collect();
        let mut accepted = 0;
        for each in tries {
            accepted += usize::from(each.await.expect("an answer").is_string());
        }
        assert_eq!(accepted, 1);
    });
}

#[test]
fn an_address_that_has_an_account_is_answered_like_one_that_has_none() {
    with_empty(async |service| {
        let admin = service.administrator().await;
        service.make_account(ADA, &[]).await;
        let shape = |answer: &Answer| {
            let mut answer = answer.at("/inviteAccount");
            token(&answer["link"], "invitation");
            answer["link"] = json!("a link");
            answer
        };
        let unknown = shape(&invite(&admin, "ben@example.org", "STAFF").await);
        for email in [ADA, "ADA@example.org", ADA] {
            let known = invite(&admin, email, "STAFF").await;
            assert_eq!(shape(&known), unknown, "{email}");
            let link = token(&known.at("/inviteAccount/link"), "invitation");
            assert_eq!(
                refusals(&accept(&service, &link, NEW).await),
                OVER,
                "nobody takes over an account by inviting it"
            );
        }
        let me = service.bearing(&service.sign_in(ADA).await.access);
        assert_eq!(me.ask("{ viewer { roles { role } } }").await.each("/viewer/roles", "/role"), ["STAFF"], "once");
    });
}

#[test]
fn no_link_opens_more_than_its_bearer_could_grant() {
    with_fixture(async |service, fixture| {
        let admin = service.administrator().await;
        let draft = Scope::Convening(fixture.key("Convening", "draft"));
        let organizer = service.signed_in("organizer@example.org", &[Grant::new(Role::Organizer, draft)]).await;
        let by_organizer = async |email: &str| {
            let draft = &fixture.find("Convening", "draft").id;
            let input = json!({ "email": email, "displayName": "Nobody", "role": "ORGANIZER", "conveningId": draft });
            let invited = organizer.ask_with(INVITE, &json!({ "input": input })).await;
            token(&invited.at("/inviteAccount/link"), "invitation")
        };
        // Somebody else grants the account more before it is opened.
        let first = by_organizer(ADA).await;
        let staff = json!({ "input": { "email": ADA, "role": "STAFF" } });
        let grant = "mutation ($input: GrantRoleInput!) { grantRole(input: $input) { roleGrant { role } } }";
        assert_eq!(admin.ask_with(grant, &staff).await.at("/grantRole/roleGrant/role"), "STAFF");
        let second = by_organizer(ADA).await;
        for link in [&first, &second] {
            assert_eq!(refusals(&accept(&service, link, NEW).await), OVER);
        }
        // An administrator, who could grant all of it, gets a link that opens it.
        let third = token(&invite(&admin, ADA, "STAFF").await.at("/inviteAccount/link"), "invitation");
        let opened = accept(&service, &third, NEW).await;
        assert_eq!(opened.each("/acceptInvitation/viewer/roles", "/role"), ["ORGANIZER", "STAFF"]);

        // Its owner came in by an identity provider before.
        let link = by_organizer("ben@example.org").await;
        let linked = "INSERT INTO identity (id, account_id, issuer, subject) \
                      SELECT gen_random_uuid(), id, 'https://id.example.org', 'ben' FROM account WHERE email = 'ben@example.org'";
        service.db.execute_unprepared(linked).await.expect("an identity");
        assert_eq!(refusals(&accept(&service, &link, NEW).await), OVER);
    });
}

#[test]
fn whoever_opened_an_account_by_a_link_handed_over_is_out_before_somebody_else_grants_it_more() {
    with_fixture(async |service, fixture| {
        let admin = service.administrator().await;
        let draft = Scope::Convening(fixture.key("Convening", "draft"));
        let organizer = service.signed_in("organizer@example.org", &[Grant::new(Role::Organizer, draft)]).await;
        let draft = &fixture.find("Convening", "draft").id;
        let input = json!({ "email": ADA, "displayName": "Nobody", "role": "ORGANIZER", "conveningId": draft });
        let invited = organizer.ask_with(INVITE, &json!({ "input": input })).await;
        // The organizer keeps the link, and opens the account in its owner's stead.
        let link = token(&invited.at("/inviteAccount/link"), "invitation");
        let opened = accept(&service, &link, NEW).await.at("/acceptInvitation/accessToken");
        let within = service.bearing(opened.as_str().expect("a token"));
        let whose = "{ viewer { account { id email } } }";
        let account = within.ask(whose).await.at("/viewer/account/id");

        let grant = "mutation ($input: GrantRoleInput!) { grantRole(input: $input) { roleGrant { role } } }";
        let staff = json!({ "input": { "email": ADA, "role": "STAFF" } });
        assert_eq!(admin.ask_with(grant, &staff).await.at("/grantRole/roleGrant/role"), "STAFF");
        assert_eq!(within.ask(whose).await.status.as_u16(), 401, "the sign-in is over");
        assert_eq!(service.try_sign_in(ADA, NEW).await.at("/signIn/accessToken"), Value::Null, "so is the password");

        // The owner gets a link from the administrator, and stays, whoever grants what.
        let made = admin.ask_with(LINK, &json!({ "id": account })).await;
        let link = token(&made.at("/createPasswordResetLink/link"), "password-reset");
        assert_eq!(reset(&service, &link, "the owner's own password").await, Vec::<String>::new());
        let auditor = json!({ "input": { "email": ADA, "role": "AUDITOR" } });
        assert_eq!(admin.ask_with(grant, &auditor).await.at("/grantRole/roleGrant/role"), "AUDITOR");
        let signed_in = service.try_sign_in(ADA, "the owner's own password").await;
        assert_ne!(signed_in.at("/signIn/accessToken"), Value::Null);
    });
}

#[test]
fn what_is_wrong_with_an_invitation_is_told_at_once() {
    with_empty(async |service| {
        let admin = service.administrator().await;
        let before = contents(&service.db).await;
        let input =
            json!({ "email": "ada", "displayName": " ", "role": "TEAM_LEAD", "expiresAt": "2026-01-01T00:00:00Z" });
        let answer = admin.ask_with(INVITE, &json!({ "input": input })).await;
        let expected = [
            "[\"email\"] | INVALID",
            "[\"displayName\"] | REQUIRED",
            "[\"districtId\"] | REQUIRED",
            "[\"expiresAt\"] | INVALID",
        ];
        assert_eq!(answer.lines("/inviteAccount/userErrors", &["/field", "/code"]), expected);
        assert_eq!(answer.at("/inviteAccount/link"), Value::Null);
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn a_forgotten_password_is_set_anew_by_a_link_that_is_good_once() {
    with_empty(async |service| {
        let admin = service.administrator().await;
        let account = json!({ "id": global_id("Account", service.make_account(ADA, &[]).await.0) });
        let tokens = service.sign_in(ADA).await;
        let link = async || admin.ask_with(LINK, &account).await.at("/createPasswordResetLink/link");
        let (first, second) = (token(&link().await, "password-reset"), token(&link().await, "password-reset"));
        assert_eq!(service.bearing(&tokens.access).ask_with(LINK, &account).await.codes(), ["FORBIDDEN"]);
        assert_eq!(service.ask_with(LINK, &account).await.codes(), ["NOT_FOUND"]);
        assert_eq!(reset(&service.later(TimeDelta::days(1)), &first, NEW).await, OVER);
        assert_eq!(reset(&service, &first, "too short").await, ["[\"newPassword\"] | INVALID"]);
        for _ in 0..10 {
            service.try_sign_in(ADA, "wrong").await;
        }
        assert_eq!(reset(&service, &first, NEW).await, Vec::<String>::new());
        assert_eq!(reset(&service, &first, NEW).await, OVER);
        assert_eq!(reset(&service, &second, NEW).await, OVER, "the other link is answered, too");
        assert_eq!(
            service.bearing(&tokens.access).ask("{ __typename }").await.status,
            401,
            "whoever was signed in is out"
        );
        assert!(service.try_sign_in(ADA, NEW).await.at("/signIn/accessToken").is_string(), "failures are forgotten");
        assert_eq!(service.try_sign_in(ADA, PASSWORD).await.at("/signIn/accessToken"), Value::Null);
    });
}

#[test]
fn without_a_mail_server_a_request_for_a_new_password_leaves_nothing_behind() {
    with_empty(async |service| {
        service.make_account(ADA, &[]).await;
        for email in [ADA, "nobody@example.org", ""] {
            let answer = service.ask_with(REQUEST, &json!({ "email": email })).await;
            assert_eq!(answer.text, "{\"data\":{\"requestPasswordReset\":{\"userErrors\":[]}}}", "{email}");
        }
        let tokens = "SELECT purpose AS text FROM one_time_token";
        assert_eq!(texts(&service.db, tokens).await, Vec::<String>::new());
    });
}

fn link_in(letter: &str, kind: &str) -> String {
    let at = letter.find(&format!("{PUBLIC_URL}/{kind}#")).unwrap_or_else(|| panic!("no link: {letter}"));
    letter[at..].split_whitespace().next().expect("a link").to_owned()
}

#[test]
fn with_a_mail_server_links_go_to_the_address_and_to_nobody_else() {
    with_empty(async |service| {
        let admin = service.administrator().await;
        let (server, mailer) = MailServer::start().await;
        let admin = admin.set_up(|setup| setup.mailer = mailer);
        let invited = invite(&admin, ADA, "STAFF").await;
        assert_eq!(invited.at("/inviteAccount/link"), Value::Null, "the inviter does not see it");
        let (to, first) = server.letter().await;
        assert_eq!(to, format!("<{ADA}>"));
        assert!(first.contains("<lmi@example.org>"), "{first}");
        // Still to be accepted: the address gets another link, and the one before is good for nothing.
        assert_eq!(invite(&admin, ADA, "AUDITOR").await.text, invited.text);
        let (_, second) = server.letter().await;
        let link = json!(link_in(&second, "invitation"));
        let accepted = accept(&service, &token(&link, "invitation"), NEW).await;
        assert_eq!(accepted.each("/acceptInvitation/viewer/roles", "/role"), ["STAFF", "AUDITOR"]);
        let link = json!(link_in(&first, "invitation"));
        assert_eq!(refusals(&accept(&service, &token(&link, "invitation"), NEW).await), OVER);
        // Somebody who has a password is told of the role, without a link that could set another.
        assert_eq!(invite(&admin, ADA, "EVALUATOR").await.text, invited.text);
        let (to, third) = server.letter().await;
        assert!(to == format!("<{ADA}>") && !third.contains('#') && third.contains("Sign in as always"), "{third}");

        let without = service.ask_with(REQUEST, &json!({ "email": ADA })).await;
        for email in ["nobody@example.org", ADA] {
            let requested = admin.ask_with(REQUEST, &json!({ "email": email })).await;
            assert_eq!((requested.status, requested.text), (without.status, without.text.clone()));
        }
        let (to, letter) = server.letter().await;
        assert_eq!(to, format!("<{ADA}>"), "nobody else got one before");
        let link = json!(link_in(&letter, "password-reset"));
        assert_eq!(reset(&service, &token(&link, "password-reset"), PASSWORD).await, Vec::<String>::new());
        service.sign_in(ADA).await;
    });
}

#[test]
fn a_role_of_an_invitation_is_held_once_and_for_the_longest_time() {
    with_empty(async |service| {
        let admin = service.administrator().await;
        let account = service.make_account(ADA, &[]).await;
        let evaluator = Grant::new(Role::Evaluator, Scope::Everything);
        let day = |days| Service::clock().now() + TimeDelta::days(days);
        service.make_grant(account, evaluator, Some(day(10))).await;
        let held = async || {
            let sql = "SELECT coalesce(expires_at::date::text, 'ever') AS text FROM role_grant JOIN account ON account.id = account_id \
                       WHERE email = 'ada@example.org' AND revoked_at IS NULL";
            texts(&service.db, sql).await
        };
        let mut input = json!({ "email": ADA, "displayName": "Ada", "role": "EVALUATOR" });
        for (until, expected) in [(Some(5), "2026-06-11"), (Some(20), "2026-06-21"), (None, "ever"), (Some(5), "ever")]
        {
            input["expiresAt"] = json!(until.map(|days| day(days).to_rfc3339()));
            admin.ask_with(INVITE, &json!({ "input": input })).await.at("/inviteAccount/link");
            assert_eq!(held().await, [expected], "{until:?}");
        }
    });
}
