//! Granting roles: nobody grants more than they hold, and an administrator always remains.

use chrono::TimeDelta;
use entity::ids::{ConveningId, DistrictId, OrganizationId};
use lmi::auth::{Grant, Role, Scope};
use serde_json::{Value, json};
use tests::fixtures::{Fixture, global_id};
use tests::{Answer, Service, texts, with_empty, with_fixture};

const ADA: &str = "ada@example.org";
const GRANT: &str = "mutation ($input: GrantRoleInput!) { grantRole(input: $input) {
    roleGrant { id role account { email } organization { slug } district { slug } convening { slug } region { number } expiresAt }
    userErrors { field code } } }";
const REVOKE: &str = "mutation ($id: ID!) { revokeRole(id: $id, reason: \"No longer there.\") {
    roleGrant { role } userErrors { field code } } }";
pub(crate) const INVITE: &str = "mutation ($input: InviteAccountInput!) { inviteAccount(input: $input) {
    link expiresAt userErrors { field code } } }";
const DISABLE: &str =
    "mutation ($id: ID!, $version: Int!) { disableAccount(id: $id, version: $version, reason: \"Left.\") {
    account { disabledAt version } userErrors { field code } } }";
const ENABLE: &str = "mutation ($id: ID!, $version: Int!) { enableAccount(id: $id, version: $version) {
    account { disabledAt version } userErrors { field code } } }";

fn everywhere(role: Role) -> Grant {
    Grant::new(role, Scope::Everything)
}

fn faults(answer: &Answer, mutation: &str) -> Vec<String> {
    answer.lines(&format!("/{mutation}/userErrors"), &["/field", "/code"])
}

async fn grant(service: &Service, input: &Value) -> Answer {
    service.ask_with(GRANT, &json!({ "input": input })).await
}

async fn revoke(service: &Service, id: &Value) -> Answer {
    service.ask_with(REVOKE, &json!({ "id": id })).await
}

#[test]
fn an_administrator_grants_each_role_in_its_scope_and_revokes_it() {
    with_fixture(async |service, fixture| {
        let admin = service.administrator().await;
        let account = global_id("Account", service.make_account(ADA, &[]).await.0);
        let id = |typename: &str, name: &str| fixture.find(typename, name).id.clone();
        let region = global_id("Region", fixture.regions[0].0);
        for (role, field, value, told) in [
            ("PARTNER", "organizationId", id("Organization", "north"), "/organization/slug"),
            ("TEAM_LEAD", "districtId", id("District", "alder"), "/district/slug"),
            ("ORGANIZER", "conveningId", id("Convening", "draft"), "/convening/slug"),
            ("ORGANIZER", "organizationId", id("Organization", "north"), "/organization/slug"),
            ("ORGANIZER", "regionId", region, "/region/number"),
            ("EVALUATOR", "reason", String::new(), "/role"),
            ("STAFF", "reason", String::new(), "/role"),
            ("AUDITOR", "reason", String::new(), "/role"),
            ("ADMIN", "reason", String::new(), "/role"),
        ] {
            let mut input = json!({ "accountId": account, "role": role });
            if !value.is_empty() {
                input[field] = json!(value);
            }
            let answer = grant(&admin, &input).await;
            let made = answer.at("/grantRole/roleGrant");
            assert!(made.pointer(told).is_some_and(|told| !told.is_null()), "{}", answer.text);
            assert_eq!((&made["role"], &made["account"]["email"]), (&json!(role), &json!(ADA)));
            assert_eq!(faults(&grant(&admin, &input).await, "grantRole"), ["[\"role\"] | TAKEN"]);
            assert_eq!(revoke(&admin, &made["id"]).await.at("/revokeRole/roleGrant/role"), role);
            assert_eq!(faults(&revoke(&admin, &made["id"]).await, "revokeRole"), Vec::<String>::new());
            let by_address = json!({ "email": ADA.to_uppercase(), "role": role, field: value });
            if !value.is_empty() {
                assert_eq!(grant(&admin, &by_address).await.at("/grantRole/roleGrant/role"), role, "anew");
            }
        }
    });
}

#[test]
fn what_is_wrong_with_a_grant_is_told_at_once() {
    with_fixture(async |service, fixture| {
        let admin = service.administrator().await;
        let account = global_id("Account", service.make_account(ADA, &[]).await.0);
        let never = |typename: &str| global_id(typename, sea_orm::prelude::Uuid::from_u128(u128::MAX));
        let north = &fixture.find("Organization", "north").id;
        for (input, expected) in [
            (json!({ "role": "STAFF" }), vec!["[\"accountId\"] | REQUIRED"]),
            (json!({ "role": "STAFF", "accountId": account, "email": ADA }), vec!["[\"email\"] | INVALID"]),
            (json!({ "role": "STAFF", "email": "nobody@example.org" }), vec!["[\"email\"] | NOT_FOUND"]),
            (json!({ "role": "STAFF", "accountId": never("Account") }), vec!["[\"accountId\"] | NOT_FOUND"]),
            (
                json!({ "role": "STAFF", "accountId": account, "organizationId": north }),
                vec!["[\"organizationId\"] | INVALID"],
            ),
            (json!({ "role": "TEAM_LEAD", "accountId": account }), vec!["[\"districtId\"] | REQUIRED"]),
            (
                json!({ "role": "PARTNER", "accountId": account, "organizationId": never("Organization"),
                    "expiresAt": "2026-06-01T12:00:00Z" }),
                vec!["[\"expiresAt\"] | INVALID", "[\"organizationId\"] | NOT_FOUND"],
            ),
        ] {
            assert_eq!(faults(&grant(&admin, &input).await, "grantRole"), expected, "{input}");
        }
        let wrong_type = json!({ "role": "STAFF", "accountId": north });
        assert_eq!(grant(&admin, &wrong_type).await.codes(), ["BAD_USER_INPUT"]);
        assert_eq!(texts(&service.db, &held(ADA)).await, Vec::<String>::new());
    });
}

/// The roles that an account holds.
fn held(email: &str) -> String {
    format!(
        "SELECT role AS text FROM role_grant JOIN account ON account.id = account_id \
         WHERE email = '{email}' AND revoked_at IS NULL ORDER BY 1"
    )
}

/// Grants to make, each with its role and scope.
fn wishes(fixture: &Fixture) -> Vec<(&'static str, Value)> {
    let id = |typename: &str, name: &str| fixture.find(typename, name).id.clone();
    let region = |number: usize| global_id("Region", fixture.regions[number - 1].0);
    vec![
        ("organizer of draft", json!({ "role": "ORGANIZER", "conveningId": id("Convening", "draft") })),
        ("organizer of applying", json!({ "role": "ORGANIZER", "conveningId": id("Convening", "applying") })),
        ("organizer of announced", json!({ "role": "ORGANIZER", "conveningId": id("Convening", "announced") })),
        ("organizer of closed", json!({ "role": "ORGANIZER", "conveningId": id("Convening", "closed") })),
        ("organizer of north", json!({ "role": "ORGANIZER", "organizationId": id("Organization", "north") })),
        ("organizer of south", json!({ "role": "ORGANIZER", "organizationId": id("Organization", "south") })),
        ("organizer of region 1", json!({ "role": "ORGANIZER", "regionId": region(1) })),
        ("organizer of region 2", json!({ "role": "ORGANIZER", "regionId": region(2) })),
        ("team lead of alder", json!({ "role": "TEAM_LEAD", "districtId": id("District", "alder") })),
        ("team lead of birch", json!({ "role": "TEAM_LEAD", "districtId": id("District", "birch") })),
        ("partner of north", json!({ "role": "PARTNER", "organizationId": id("Organization", "north") })),
        ("evaluator", json!({ "role": "EVALUATOR" })),
        ("staff", json!({ "role": "STAFF" })),
        ("auditor", json!({ "role": "AUDITOR" })),
        ("admin", json!({ "role": "ADMIN" })),
    ]
}

#[test]
fn nobody_grants_another_role_or_a_wider_scope_than_they_hold() {
    with_fixture(async |service, fixture| {
        let north: OrganizationId = fixture.key("Organization", "north");
        let alder: DistrictId = fixture.key("District", "alder");
        let draft: ConveningId = fixture.key("Convening", "draft");
        let organizer = |scope| Grant::new(Role::Organizer, scope);
        let team_lead = Grant::new(Role::TeamLead, Scope::District(alder));
        // Draft is of north and region 1, applying of north and region 2, announced of south and region 1.
        let of_north = vec!["organizer of draft", "organizer of applying", "organizer of north"];
        let of_region = vec!["organizer of draft", "organizer of announced", "organizer of region 1"];
        for (name, grants, may) in [
            ("draft", vec![organizer(Scope::Convening(draft))], vec!["organizer of draft"]),
            ("north", vec![organizer(Scope::Organization(north))], of_north),
            ("region", vec![organizer(Scope::Region(fixture.regions[0]))], of_region),
            ("lead", vec![team_lead], vec!["team lead of alder"]),
            (
                "both",
                vec![team_lead, organizer(Scope::Convening(draft))],
                vec!["organizer of draft", "team lead of alder"],
            ),
            ("partner", vec![Grant::new(Role::Partner, Scope::Organization(north))], vec![]),
            ("evaluator", vec![everywhere(Role::Evaluator)], vec![]),
            ("staff", vec![everywhere(Role::Staff)], vec![]),
            ("auditor", vec![everywhere(Role::Auditor)], vec![]),
            ("admin", vec![everywhere(Role::Admin)], wishes(&fixture).into_iter().map(|(wish, _)| wish).collect()),
        ] {
            let granter = service.signed_in(&format!("{name}@example.org"), &grants).await;
            for (wish, mut input) in wishes(&fixture) {
                input["email"] = json!(format!("{}-by-{name}@example.org", wish.replace(' ', "-")));
                input["displayName"] = json!("Nobody Invited");
                let answer = granter.ask_with(INVITE, &json!({ "input": input })).await;
                if may.contains(&wish) {
                    assert_eq!(faults(&answer, "inviteAccount"), Vec::<String>::new(), "{name}: {wish}");
                } else if name == "both" || !may.is_empty() {
                    // A convening that the granter does not see is not there.
                    let hidden = answer.codes().is_empty()
                        && faults(&answer, "inviteAccount") == ["[\"conveningId\"] | NOT_FOUND"];
                    assert!(hidden || answer.codes() == ["FORBIDDEN"], "{name}: {wish}: {}", answer.text);
                } else {
                    assert_eq!(answer.codes(), ["FORBIDDEN"], "{name}: {wish}");
                }
            }
            let made =
                texts(&service.db, &format!("SELECT email AS text FROM account WHERE email LIKE '%-by-{name}@%'"))
                    .await;
            assert_eq!(made.len(), may.len(), "{name}: who was refused left nobody behind");
        }
        let input = json!({ "input": { "email": ADA, "displayName": "Ada", "role": "STAFF" } });
        assert_eq!(service.ask_with(INVITE, &input).await.codes(), ["UNAUTHENTICATED"]);
    });
}

#[test]
fn nobody_grants_for_longer_than_they_hold() {
    with_fixture(async |service, fixture| {
        let draft: ConveningId = fixture.key("Convening", "draft");
        let until = Service::clock().now() + TimeDelta::days(30);
        let holding = async |email: &str, grant| {
            let account = service.make_account(email, &[]).await;
            service.make_grant(account, grant, Some(until)).await;
            service.bearing(&service.sign_in(email).await.access)
        };
        let organizer = Grant::new(Role::Organizer, Scope::Convening(draft));
        let organizer = holding("organizer@example.org", organizer).await;
        let admin = holding("keeper@example.org", everywhere(Role::Admin)).await;
        let draft = &fixture.find("Convening", "draft").id;
        let day = |days| json!((Service::clock().now() + TimeDelta::days(days)).to_rfc3339());
        for (days, is_granted) in [(json!(null), false), (day(31), false), (day(30), true), (day(1), true)] {
            for (name, granter) in [("organizer", &organizer), ("admin", &admin)] {
                let email = format!("{name}-{}@example.org", days.as_str().map_or("ever", |day| &day[..10]));
                let input = json!({ "email": email, "displayName": "Nobody", "role": "ORGANIZER", "conveningId": draft, "expiresAt": days });
                let answer = granter.ask_with(INVITE, &json!({ "input": input })).await;
                assert_eq!(answer.codes().is_empty(), is_granted, "{email}: {}", answer.text);
            }
        }
    });
}

#[test]
fn an_organizer_takes_back_what_organizers_of_the_own_hold_and_nothing_else() {
    with_fixture(async |service, fixture| {
        let (draft, announced): (ConveningId, ConveningId) =
            (fixture.key("Convening", "draft"), fixture.key("Convening", "announced"));
        let organizer = |convening| Grant::new(Role::Organizer, Scope::Convening(convening));
        let me = service.signed_in("organizer@example.org", &[organizer(draft)]).await;
        let other = service.make_account(ADA, &[]).await;
        let id = async |grant| json!(global_id("RoleGrant", service.make_grant(other, grant, None).await.0));
        let (own, elsewhere, staff) =
            (id(organizer(draft)).await, id(organizer(announced)).await, id(everywhere(Role::Staff)).await);
        for hidden in [&elsewhere, &staff] {
            assert_eq!(revoke(&me, hidden).await.codes(), ["NOT_FOUND"]);
        }
        let seen = "query ($id: ID!) { node(id: $id) { ... on RoleGrant { role account { email } can } } }";
        let seen = me.ask_with(seen, &json!({ "id": own })).await.at("/node");
        assert_eq!(
            seen,
            json!({ "role": "ORGANIZER", "account": null, "can": ["delete"] }),
            "whose it is stays hidden"
        );
        assert_eq!(revoke(&me, &own).await.at("/revokeRole/roleGrant/role"), "ORGANIZER");
        assert_eq!(texts(&service.db, &held(ADA)).await, ["organizer", "staff"]);
        let mine = me.ask("{ viewer { roles { id } } }").await.at("/viewer/roles/0/id");
        assert_eq!(revoke(&me, &mine).await.at("/revokeRole/roleGrant/role"), "ORGANIZER", "one's own can be given up");
        assert_eq!(me.ask("{ viewer { roles { id } } }").await.at("/viewer/roles"), json!([]));
    });
}

#[test]
fn the_last_administrator_in_force_stays_one() {
    with_empty(async |service| {
        let admin = service.administrator().await;
        let me = admin.ask("{ viewer { account { id version } roles { id } } }").await.at("/viewer");
        let disable = json!({ "id": me["account"]["id"], "version": 1 });
        let role = me["roles"][0]["id"].clone();
        // These are administrators by name alone: expired, disabled, revoked, or never there yet.
        let now = Service::clock().now();
        let expired = service.make_account("expired@example.org", &[]).await;
        service.make_grant(expired, everywhere(Role::Admin), Some(now)).await;
        for (email, change) in [
            ("disabled@example.org", "UPDATE account SET disabled_at = now() WHERE email = 'disabled@example.org'"),
            ("pending@example.org", "UPDATE account SET password_hash = NULL WHERE email = 'pending@example.org'"),
            (
                "revoked@example.org",
                "UPDATE role_grant SET revoked_at = now() FROM account WHERE account.id = account_id AND email = 'revoked@example.org'",
            ),
        ] {
            service.make_account(email, &[everywhere(Role::Admin)]).await;
            sea_orm::ConnectionTrait::execute_unprepared(&service.db, change).await.expect("a change");
        }
        for _ in 0..2 {
            assert_eq!(faults(&admin.ask_with(DISABLE, &disable).await, "disableAccount"), ["[\"id\"] | CONFLICT"]);
            assert_eq!(faults(&revoke(&admin, &role).await, "revokeRole"), ["[\"id\"] | CONFLICT"]);
        }
        service.make_account(ADA, &[everywhere(Role::Admin)]).await;
        assert_eq!(revoke(&admin, &role).await.at("/revokeRole/roleGrant/role"), "ADMIN");
        assert_eq!(admin.ask_with(DISABLE, &disable).await.codes(), ["FORBIDDEN"]);
    });
}

#[test]
fn two_administrators_who_shut_each_other_out_at_once_do_not_both_succeed() {
    with_empty(async |service| {
        let one = service.signed_in("one@example.org", &[everywhere(Role::Admin)]).await;
        let two = service.signed_in("two@example.org", &[everywhere(Role::Admin)]).await;
        let id = async |service: &Service| service.ask("{ viewer { account { id } } }").await.at("/viewer/account/id");
        let (of_one, of_two) =
            (json!({ "id": id(&one).await, "version": 1 }), json!({ "id": id(&two).await, "version": 1 }));
        let (by_one, by_two) = tokio::join!(one.ask_with(DISABLE, &of_two), two.ask_with(DISABLE, &of_one));
        let done = |answer: &Answer| answer.json()["data"]["disableAccount"]["account"].is_object();
        assert!(done(&by_one) != done(&by_two), "{} {}", by_one.text, by_two.text);
        let left = texts(&service.db, "SELECT email AS text FROM account WHERE disabled_at IS NULL").await;
        assert_eq!(left.len(), 1);
    });
}

#[test]
fn a_disabled_account_is_shut_out_at_once_and_let_in_again() {
    with_empty(async |service| {
        let admin = service.administrator().await;
        let account = global_id("Account", service.make_account(ADA, &[everywhere(Role::Staff)]).await.0);
        let tokens = service.sign_in(ADA).await;
        let them = service.bearing(&tokens.access);
        assert_eq!(them.ask_with(DISABLE, &json!({ "id": account, "version": 1 })).await.codes(), ["FORBIDDEN"]);
        let stale = admin.ask_with(DISABLE, &json!({ "id": account, "version": 7 })).await;
        assert_eq!(faults(&stale, "disableAccount"), ["[\"version\"] | STALE_VERSION"]);
        let done = admin.ask_with(DISABLE, &json!({ "id": account, "version": 1 })).await;
        let expected = json!({ "disabledAt": "2026-06-01T12:00:00+00:00", "version": 2 });
        assert_eq!(done.at("/disableAccount/account"), expected);
        assert_eq!(them.ask("{ __typename }").await.status, 401);
        let history =
            "query ($id: ID!) { node(id: $id) { ... on Account { history { nodes { action reason by } } } } }";
        let history = admin.ask_with(history, &json!({ "id": account })).await;
        let last = json!({ "action": "UPDATED", "reason": "Left.", "by": "Nobody keeper" });
        assert_eq!(history.at("/node/history/nodes/0"), last);
        let done = admin.ask_with(ENABLE, &json!({ "id": account, "version": 2 })).await;
        assert_eq!(done.at("/enableAccount/account"), json!({ "disabledAt": null, "version": 3 }));
        assert_eq!(them.ask("{ __typename }").await.status, 401, "that sign-in has ended");
        let again = service.bearing(&service.sign_in(ADA).await.access);
        assert_eq!(again.ask("{ viewer { roles { role } } }").await.at("/viewer/roles/0/role"), "STAFF");
    });
}
