//! Which account a token of an identity provider opens, and what the account may do then.

use chrono::TimeDelta;
use lmi::auth::provider::Providers;
use lmi::auth::{Grant, Role, Scope};
use lmi::clock::Clock;
use serde_json::{Value, json};
use tests::{Answer, IdentityProvider, Service, contents, texts, with_empty};

pub(crate) const EMAIL: &str = "imogen.sample@district.example";
const NOW: &str = "2026-06-01T12:00:00+00:00";
pub(crate) const DOMAIN: &[&str] = &["district.example"];
pub(crate) const WHO: &str = "{ viewer { account { email identities { issuer } } roles { role } } }";
const LINK: &str = "mutation ($token: String!) { linkIdentity(input: {token: $token}) {
    identity { id issuer linkedAt } userErrors { field code message } } }";
const UNLINK: &str =
    "mutation ($id: ID!) { unlinkIdentity(id: $id) { identity { issuer } userErrors { code message } } }";

/// The service that accepts a provider.
pub(crate) fn accepting(service: &Service, provider: &IdentityProvider, domains: &[&str]) -> Service {
    let audience = std::slice::from_ref(&provider.audience);
    let providers = Providers::new(&[provider.issuer(domains)], audience).expect("providers");
    service.set_up(|setup| setup.providers = providers)
}

pub(crate) fn provider() -> IdentityProvider {
    IdentityProvider::start(Service::clock().now(), "ES256")
}

fn later(service: &Service, time: TimeDelta) -> Service {
    service.at(Clock::Fixed(Service::clock().now() + time))
}

/// Everybody gets the same answer whose credential is not good.
pub(crate) fn assert_refused(answer: &Answer) {
    let body = json!({ "errors": [{ "message": "This credential is not good here. Leave it out to ask as the public.",
                                    "extensions": { "code": "UNAUTHENTICATED" } }] });
    assert_eq!((answer.status.as_u16(), answer.json()), (401, body));
    assert_eq!(answer.headers["www-authenticate"], "Bearer error=\"invalid_token\"");
}

pub(crate) async fn who(service: &Service, token: &str) -> Answer {
    service.bearing(token).ask(WHO).await
}

/// What is refused of a mutation: the fields and the codes.
fn faults(answer: &Answer, mutation: &str) -> Vec<String> {
    answer.lines(&format!("/{mutation}/userErrors"), &["/field/0", "/code"])
}

#[test]
fn whoever_signs_in_at_the_provider_is_who_they_are_here() {
    with_empty(async |service| {
        let mut provider = provider();
        let service = accepting(&service, &provider, DOMAIN);
        service.make_account("Imogen.Sample@district.example", &[Grant::new(Role::Staff, Scope::Everything)]).await;
        let tokens = provider.sign_in("imogen-1", EMAIL);
        for token in [&tokens.identity, &tokens.access] {
            let expected = json!({ "account": { "email": "Imogen.Sample@district.example",
                                                "identities": [{ "issuer": provider.url }] },
                                   "roles": [{ "role": "STAFF" }] });
            assert_eq!(who(&service, token).await.at("/viewer"), expected);
        }
        let came = service.administrator().await.ask("{ accounts { nodes { email lastSignInAt } } }").await;
        let came = came.lines("/accounts/nodes", &["/email", "/lastSignInAt"]);
        assert!(came.contains(&format!("Imogen.Sample@district.example | {NOW}")), "{came:?}");
        let create = "mutation { createOrganization(input: {name: \"A test union\", kind: LOCAL_UNION}) { userErrors { code } } }";
        assert_eq!(service.bearing(&tokens.access).ask(create).await.at("/createOrganization/userErrors"), json!([]));
    });
}

#[test]
fn a_provider_that_was_killed_signs_nobody_out() {
    with_empty(async |service| {
        let mut provider = provider();
        let service = accepting(&service, &provider, DOMAIN);
        service.make_account(EMAIL, &[]).await;
        let token = provider.sign_in("imogen-1", EMAIL).identity;
        assert_eq!(who(&service, &token).await.at("/viewer/account/email"), EMAIL);
        provider.kill();
        let hour = later(&service, TimeDelta::hours(1));
        assert_eq!(who(&hour, &token).await.at("/viewer/account/email"), EMAIL);
        assert_eq!(who(&hour, &token).await.at("/viewer/account/email"), EMAIL);
        assert_refused(&who(&later(&service, TimeDelta::days(10)), &token).await);
    });
}

#[test]
fn new_keys_of_the_provider_open_the_same_account() {
    with_empty(async |service| {
        let mut provider = provider();
        let service = accepting(&service, &provider, DOMAIN);
        service.make_account(EMAIL, &[]).await;
        let old = provider.sign_in("imogen-1", EMAIL).identity;
        assert_eq!(who(&service, &old).await.at("/viewer/account/email"), EMAIL);
        provider.roll("RS256");
        let new = provider.sign_in("imogen-1", EMAIL).identity;
        let minute = later(&service, TimeDelta::minutes(1));
        assert_eq!(who(&minute, &new).await.at("/viewer/account/email"), EMAIL);
        assert_eq!(provider.asked(), (2, 2));
        assert_refused(&who(&minute, &old).await);
    });
}

#[test]
fn what_is_not_good_is_refused_alike_and_leaves_nothing_behind() {
    with_empty(async |service| {
        let (mut provider, mut stranger) = (provider(), provider());
        let service = accepting(&service, &provider, DOMAIN);
        service.make_account(EMAIL, &[]).await;
        service.make_account("elsewhere@example.org", &[]).await;
        let before = contents(&service.db).await;
        let s = Service::clock().now().timestamp();
        let claims = |differing: Value| {
            let mut claims = json!({ "iss": provider.url, "aud": provider.audience, "sub": "imogen-1", "iat": s,
                                     "exp": s + 600, "email": EMAIL, "email_verified": true });
            claims.as_object_mut().expect("claims").extend(differing.as_object().expect("claims").clone());
            claims
        };
        let (good, nothing) = (claims(json!({})), json!({}));
        let aimed = [
            claims(json!({ "aud": "another-service" })),
            claims(json!({ "exp": s - 60 })),
            claims(json!({ "nbf": s + 60 })),
            claims(json!({ "email_verified": false })),
            claims(json!({ "email_verified": "true" })),
            claims(json!({ "email": "elsewhere@example.org" })),
            claims(json!({ "email": "nobody@district.example" })),
            claims(json!({ "email": "\u{0130}mogen.sample@district.example" })),
        ];
        let mut tokens: Vec<_> = aimed.iter().map(|claims| provider.sign(&nothing, claims, "itself")).collect();
        tokens.push(provider.sign(&nothing, &good, "stranger"));
        tokens.push(provider.sign(&json!({ "alg": "none" }), &good, "nobody"));
        tokens.push(provider.sign(&json!({ "alg": "HS256" }), &good, "publicKey"));
        tokens.push(provider.sign(&json!({ "kid": "made-up" }), &good, "itself"));
        tokens.push(stranger.sign(&nothing, &good, "itself"));
        tokens.push(stranger.sign_in("imogen-1", EMAIL).identity);
        for token in &tokens {
            assert_refused(&who(&service, token).await);
        }
        assert!(contents(&service.db).await == before, "nothing was linked");
        let good = provider.sign(&nothing, &good, "itself");
        assert_eq!(who(&service, &good).await.at("/viewer/account/email"), EMAIL);
    });
}

#[test]
fn an_account_is_shut_out_however_long_its_token_is_good() {
    with_empty(async |service| {
        let mut provider = provider();
        let service = accepting(&service, &provider, DOMAIN);
        service.make_account(EMAIL, &[]).await;
        let admin = service.administrator().await;
        let token = provider.sign_in("imogen-1", EMAIL).identity;
        let id = service.bearing(&token).ask("{ viewer { account { id version } } }").await.at("/viewer/account");
        let disable = "mutation ($id: ID!, $version: Int!) {
            disableAccount(id: $id, version: $version, reason: \"a test\") { userErrors { message } } }";
        assert_eq!(admin.ask_with(disable, &id).await.at("/disableAccount/userErrors"), json!([]));
        assert_refused(&who(&service, &token).await);
        // Nor does another identity of the same address open it.
        assert_refused(&who(&service, &provider.sign_in("imogen-2", EMAIL).identity).await);
        assert_eq!(texts(&service.db, "SELECT subject AS text FROM identity").await, ["imogen-1"]);
    });
}

#[test]
fn an_address_that_was_given_to_a_successor_opens_nothing() {
    with_empty(async |service| {
        let mut provider = provider();
        let service = accepting(&service, &provider, DOMAIN);
        service.make_account(EMAIL, &[]).await;
        let first = provider.sign_in("imogen-1", EMAIL).identity;
        assert_eq!(who(&service, &first).await.at("/viewer/account/email"), EMAIL);
        assert_refused(&who(&service, &provider.sign_in("imogen-2", EMAIL).identity).await);
        assert_eq!(who(&service, &first).await.at("/viewer/account/email"), EMAIL);
    });
}

#[test]
fn a_hundred_first_requests_at_once_link_once() {
    with_empty(async |service| {
        let mut provider = provider();
        let service = accepting(&service, &provider, DOMAIN);
        service.make_account(EMAIL, &[]).await;
        let token = provider.sign_in("imogen-1", EMAIL).identity;
        let ask = |_| {
            let service = service.bearing(&token);
            tokio::spawn(async move { service.ask(WHO).await })
        };
        let asking: Vec<_> = (0..100).map(ask).collect();
        for answer in asking {
            assert_eq!(answer.await.expect("an answer").at("/viewer/account/email"), EMAIL);
        }
        assert_eq!(provider.asked(), (1, 1));
        let linked = "SELECT concat_ws(' ', origin, reason, (origin_id = subject_id)::text) AS text FROM change
                      WHERE table_name = 'identity'";
        assert_eq!(texts(&service.db, linked).await, ["account linked at its first use true"]);
        let kept = contents(&service.db).await["change"].join("\n");
        assert!(!kept.contains("imogen-1"), "who somebody is elsewhere is not in the history");
    });
}

#[test]
fn somebody_who_signed_in_links_what_they_can_prove() {
    with_empty(async |service| {
        let (mut provider, other) = (provider(), "rosalind.sample@district.example");
        let service = accepting(&service, &provider, &[]);
        let imogen = service.signed_in(EMAIL, &[]).await;
        let rosalind = service.signed_in(other, &[]).await;
        let token = json!({ "token": provider.sign_in("imogen-1", EMAIL).identity });
        let bearer = token["token"].as_str().expect("a token");
        assert_refused(&who(&service, bearer).await);

        assert_eq!(service.ask_with(LINK, &token).await.codes(), ["UNAUTHENTICATED"]);
        let key = service.as_viewer(lmi::auth::Viewer::command_line());
        assert_eq!(key.ask_with(LINK, &token).await.codes(), ["FORBIDDEN"], "who is no account has none to link");
        let linked = imogen.ask_with(LINK, &token).await;
        assert_eq!(
            (linked.at("/linkIdentity/identity/issuer"), faults(&linked, "linkIdentity")),
            (json!(provider.url), vec![])
        );
        assert_eq!(who(&service, bearer).await.at("/viewer/account/email"), EMAIL);
        assert_eq!(
            imogen.ask_with(LINK, &token).await.at("/linkIdentity/userErrors"),
            json!([]),
            "once more is no fault"
        );

        assert_eq!(faults(&rosalind.ask_with(LINK, &token).await, "linkIdentity"), ["token | TAKEN"]);
        let second = json!({ "token": provider.sign_in("imogen-2", EMAIL).identity });
        assert_eq!(faults(&imogen.ask_with(LINK, &second).await, "linkIdentity"), ["token | CONFLICT"]);
        for bad in ["", "a token", &bearer[1..]] {
            let refused = imogen.ask_with(LINK, &json!({ "token": bad })).await;
            assert_eq!(faults(&refused, "linkIdentity"), ["token | INVALID"]);
        }
        assert_eq!(texts(&service.db, "SELECT subject AS text FROM identity").await, ["imogen-1"]);
    });
}

#[test]
fn what_was_unlinked_opens_nothing_until_it_is_linked_by_hand() {
    with_empty(async |service| {
        let mut provider = provider();
        let service = accepting(&service, &provider, DOMAIN);
        let imogen = service.signed_in(EMAIL, &[]).await;
        let rosalind = service.signed_in("rosalind.sample@district.example", &[]).await;
        let token = provider.sign_in("imogen-1", EMAIL).identity;
        assert_eq!(who(&service, &token).await.at("/viewer/account/email"), EMAIL);
        let id = imogen.ask("{ viewer { account { identities { id } } } }").await.at("/viewer/account/identities/0");

        assert_eq!(service.ask_with(UNLINK, &id).await.codes(), ["NOT_FOUND"]);
        assert_eq!(rosalind.ask_with(UNLINK, &id).await.codes(), ["NOT_FOUND"], "another's is not there");
        assert_eq!(service.as_role(Role::Auditor).ask_with(UNLINK, &id).await.codes(), ["FORBIDDEN"]);
        assert_eq!(who(&service, &token).await.status, 200);

        assert_eq!(imogen.ask_with(UNLINK, &id).await.at("/unlinkIdentity/identity/issuer"), json!(provider.url));
        assert_refused(&who(&service, &token).await);
        assert_refused(&who(&service, &provider.sign_in("imogen-2", EMAIL).identity).await);
        assert_eq!(imogen.ask(WHO).await.at("/viewer/account/identities"), json!([]));
        assert_eq!(imogen.ask_with(UNLINK, &id).await.codes(), ["NOT_FOUND"]);

        let token = json!({ "token": token });
        assert_eq!(imogen.ask_with(LINK, &token).await.at("/linkIdentity/userErrors"), json!([]));
        assert_eq!(who(&service, token["token"].as_str().expect("a token")).await.at("/viewer/account/email"), EMAIL);
    });
}

#[test]
fn the_only_administrator_is_not_unlinked() {
    with_empty(async |service| {
        let mut provider = provider();
        let service = accepting(&service, &provider, DOMAIN);
        let account = service.make_account(EMAIL, &[Grant::new(Role::Admin, Scope::Everything)]).await;
        let without = format!("UPDATE account SET password_hash = NULL WHERE id = '{}'", account.0);
        sea_orm::ConnectionTrait::execute_unprepared(&service.db, &without).await.expect("an account without password");
        let imogen = service.bearing(&provider.sign_in("imogen-1", EMAIL).identity);
        let id = imogen.ask("{ viewer { account { identities { id } } } }").await.at("/viewer/account/identities/0");
        let refused = imogen.ask_with(UNLINK, &id).await;
        assert_eq!(refused.each("/unlinkIdentity/userErrors", "/code"), ["CONFLICT"]);
        assert_eq!(imogen.ask(WHO).await.at("/viewer/account/email"), EMAIL);
    });
}
