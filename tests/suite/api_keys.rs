//! API keys: made, shown once, rotated, revoked, and seen by whom they concern.

use chrono::TimeDelta;
use entity::ids::OrganizationId;
use lmi::auth::{Grant, Role, Scope};
use serde_json::{Value, json};
use tests::{Answer, Service, contents, texts, with_fixture};

const CREATE: &str = "mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
    apiKey { id name prefix role readOnly organization { slug } expiresAt lastUsedAt revokedAt can } key userErrors { field code } } }";
const ROTATE: &str = "mutation ($id: ID!, $hours: Int!) { rotateApiKey(id: $id, overlapHours: $hours) {
    apiKey { prefix previousSecretUntil } key userErrors { field code } } }";
const REVOKE: &str = "mutation ($id: ID!) { revokeApiKey(id: $id) { apiKey { revokedAt } userErrors { field code } } }";
const LIST: &str = "{ apiKeys { totalCount nodes { name } } }";
const UPDATE: &str = "mutation ($id: ID!) { updateOrganization(id: $id, version: 1, input: {description: \"Ours.\"}) {
    organization { version } userErrors { code } } }";

async fn create(service: &Service, input: Value) -> Answer {
    service.ask_with(CREATE, &json!({ "input": input })).await
}

fn key_of(answer: &Answer, mutation: &str) -> String {
    answer.at(&format!("/{mutation}/key")).as_str().unwrap_or_else(|| panic!("no key: {}", answer.text)).to_owned()
}

async fn is_good(service: &Service, key: &str) -> bool {
    service.bearing(key).ask("{ __typename }").await.status == 200
}

#[test]
fn a_partners_key_does_what_the_partner_may_and_a_dashboards_reads() {
    with_fixture(async |service, fixture| {
        let admin = service.administrator().await;
        let north = &fixture.find("Organization", "north").id;
        let partner = json!({ "name": "North's site", "role": "PARTNER", "organizationId": north });
        let made = create(&admin, partner.clone()).await;
        let key = key_of(&made, "createApiKey");
        let prefix = made.at("/createApiKey/apiKey/prefix");
        assert_eq!(key.split('_').take(2).collect::<Vec<_>>(), ["lmi", prefix.as_str().expect("a prefix")]);
        assert_eq!(made.at("/createApiKey/apiKey/organization/slug"), "north");
        assert_eq!(made.at("/createApiKey/apiKey/readOnly"), false);
        let site = service.bearing(&key);
        let me = "{ viewer { account { id } apiKey { name lastUsedAt } roles { role } permissions } }";
        let me = site.ask(me).await.at("/viewer");
        assert_eq!(
            (&me["account"], &me["roles"], &me["apiKey"]["name"]),
            (&json!(null), &json!([]), &json!("North's site"))
        );
        assert!(me["permissions"].as_array().expect("words").contains(&json!("directory:update")), "{me}");
        let update = site.ask_with(UPDATE, &json!({ "id": north })).await;
        assert_eq!(update.at("/updateOrganization/organization/version"), 2);
        let south = &fixture.find("Organization", "south").id;
        assert_eq!(site.ask_with(UPDATE, &json!({ "id": south })).await.codes(), ["FORBIDDEN"]);

        let mut reads = partner;
        reads["readOnly"] = json!(true);
        let reads = service.bearing(&key_of(&create(&admin, reads).await, "createApiKey"));
        assert_eq!(reads.ask_with(UPDATE, &json!({ "id": north })).await.codes(), ["FORBIDDEN"]);
        assert_eq!(
            reads.ask("{ people(filter: {search: \"clerk\"}) { nodes { slug } } }").await.at("/people/nodes/0/slug"),
            "clerk-north"
        );

        let made = create(&admin, json!({ "name": "Dashboard" })).await;
        assert_eq!(made.at("/createApiKey/apiKey/readOnly"), true);
        let dashboard = service.bearing(&key_of(&made, "createApiKey"));
        assert_eq!(dashboard.ask(LIST).await.codes(), ["FORBIDDEN"]);
        let public = service.ask("{ viewer { permissions } }").await;
        assert_eq!(dashboard.ask("{ viewer { permissions } }").await.text, public.text);
    });
}

#[test]
fn a_rotated_key_goes_on_for_as_long_as_was_said() {
    with_fixture(async |service, fixture| {
        let admin = service.administrator().await;
        let north = &fixture.find("Organization", "north").id;
        let made = create(&admin, json!({ "name": "Site", "role": "PARTNER", "organizationId": north })).await;
        let (first, id) = (key_of(&made, "createApiKey"), made.at("/createApiKey/apiKey/id"));
        let rotate =
            async |service: &Service, hours: i32| service.ask_with(ROTATE, &json!({ "id": id, "hours": hours })).await;
        for hours in [-1, 169] {
            let refused = rotate(&admin, hours).await.lines("/rotateApiKey/userErrors", &["/field", "/code"]);
            assert_eq!(refused, ["[\"overlapHours\"] | INVALID"]);
        }
        // The partner's own site does it, with the very key.
        let rotated = rotate(&service.bearing(&first), 24).await;
        let second = key_of(&rotated, "rotateApiKey");
        assert_eq!(rotated.at("/rotateApiKey/apiKey/prefix"), made.at("/createApiKey/apiKey/prefix"));
        assert_eq!(rotated.at("/rotateApiKey/apiKey/previousSecretUntil"), "2026-06-02T12:00:00+00:00");
        assert!(is_good(&service, &first).await && is_good(&service, &second).await);
        let next_day = service.later(TimeDelta::hours(24));
        assert!(!is_good(&next_day, &first).await && is_good(&next_day, &second).await);
        let third = key_of(&rotate(&admin, 0).await, "rotateApiKey");
        for (key, good) in [(&first, false), (&second, false), (&third, true)] {
            assert_eq!(is_good(&service, key).await, good);
        }
        let revoked = admin.ask_with(REVOKE, &json!({ "id": id })).await;
        assert_eq!(revoked.at("/revokeApiKey/apiKey/revokedAt"), "2026-06-01T12:00:00+00:00");
        assert!(!is_good(&service, &third).await);
        assert_eq!(service.bearing(&third).ask("{ __typename }").await.status, 401);
        let refused = rotate(&admin, 0).await.lines("/rotateApiKey/userErrors", &["/field", "/code"]);
        assert_eq!(refused, ["[\"id\"] | CONFLICT"]);
    });
}

#[test]
fn a_key_ends_when_it_expires_and_its_use_is_noted_once_a_minute() {
    with_fixture(async |service, _| {
        let admin = service.administrator().await;
        let made = create(&admin, json!({ "name": "Dashboard", "expiresAt": "2026-06-01T13:00:00Z" })).await;
        let key = key_of(&made, "createApiKey");
        let used =
            "SELECT last_used_at::text AS text FROM api_key WHERE name = 'Dashboard' AND last_used_at IS NOT NULL";
        assert_eq!(texts(&service.db, used).await, Vec::<String>::new());
        let mut noted = Vec::new();
        for seconds in [0, 59, 60, 61, 119, 120] {
            let later = service.later(TimeDelta::seconds(seconds));
            assert!(is_good(&later, &key).await);
            noted.push(texts(&service.db, used).await[0][14..19].to_owned());
        }
        assert_eq!(noted, ["00:00", "00:00", "01:00", "01:00", "01:00", "02:00"]);
        let history = "SELECT count(*)::text AS text FROM change WHERE table_name = 'api_key' AND action = 'updated'";
        assert_eq!(texts(&service.db, history).await, ["0"], "that is no change of the key");
        assert!(is_good(&service.later(TimeDelta::seconds(3_599)), &key).await);
        assert!(!is_good(&service.later(TimeDelta::seconds(3_600)), &key).await);
    });
}

#[test]
fn what_is_wrong_with_a_key_is_told_at_once() {
    with_fixture(async |service, fixture| {
        let admin = service.administrator().await;
        let north = &fixture.find("Organization", "north").id;
        let before = contents(&service.db).await;
        for (input, expected) in [
            (
                json!({ "name": " ", "expiresAt": "2026-06-01T12:00:00Z" }),
                vec!["[\"name\"] | REQUIRED", "[\"expiresAt\"] | INVALID"],
            ),
            (json!({ "name": "Key", "role": "PARTNER" }), vec!["[\"organizationId\"] | REQUIRED"]),
            (json!({ "name": "Key", "role": "STAFF", "organizationId": north }), vec!["[\"role\"] | INVALID"]),
            (json!({ "name": "Key", "organizationId": north }), vec!["[\"organizationId\"] | INVALID"]),
            (json!({ "name": "Key", "readOnly": false }), vec!["[\"readOnly\"] | INVALID"]),
        ] {
            let refused = create(&admin, input).await.lines("/createApiKey/userErrors", &["/field", "/code"]);
            assert_eq!(refused, expected);
        }
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn keys_are_for_administrators_and_partners_rotate_their_own() {
    with_fixture(async |service, fixture| {
        let north: OrganizationId = fixture.key("Organization", "north");
        let partner = Grant::new(Role::Partner, Scope::Organization(north));
        let input = json!({ "name": "Key" });
        let (own, other) = (&fixture.find("ApiKey", "key-of-north").id, &fixture.find("ApiKey", "key-of-dashboard").id);
        let ask = async |service: &Service, id: &str| {
            let made = create(service, input.clone()).await.codes();
            let rotated = service.ask_with(ROTATE, &json!({ "id": id, "hours": 1 })).await.codes();
            [made, rotated, service.ask_with(REVOKE, &json!({ "id": id })).await.codes()].concat()
        };
        let partner = service.as_grants(vec![partner]);
        assert_eq!(ask(&partner, own).await, ["FORBIDDEN", "FORBIDDEN"], "all but rotating");
        assert_eq!(ask(&partner, other).await, ["FORBIDDEN", "NOT_FOUND", "NOT_FOUND"]);
        assert_eq!(partner.ask(LIST).await.each("/apiKeys/nodes", "/name"), ["key-of-north"]);
        for role in [Role::Evaluator, Role::Staff] {
            let service = service.as_role(role);
            assert_eq!(ask(&service, own).await, ["FORBIDDEN", "NOT_FOUND", "NOT_FOUND"], "{role:?}");
            assert_eq!(service.ask(LIST).await.codes(), ["FORBIDDEN"]);
        }
        assert_eq!(ask(&service.as_role(Role::Auditor), own).await, ["FORBIDDEN", "FORBIDDEN", "FORBIDDEN"]);
        assert_eq!(service.as_role(Role::Auditor).ask(LIST).await.at("/apiKeys/totalCount"), 2);
        assert_eq!(ask(&service, own).await, ["UNAUTHENTICATED", "NOT_FOUND", "NOT_FOUND"]);
        assert_eq!(service.ask(LIST).await.codes(), ["UNAUTHENTICATED"]);
        assert_eq!(service.ask(LIST).await.json()["data"], json!({ "apiKeys": null }));
    });
}
