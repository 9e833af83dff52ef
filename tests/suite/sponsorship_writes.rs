//! Who stands behind a convening, and who was represented at it: added, changed, put in order and taken away.

use crate::expectations::viewers;
use lmi::auth::{Grant, Role, Scope};
use serde_json::{Value, json};
use tests::fixtures::GATHERINGS;
use tests::{Answer, Service, contents, with_fixture};

const ADD: &str = "mutation ($input: AddSponsorshipInput!) { addSponsorship(input: $input) {
    sponsorship { id role position version can } userErrors { field code } } }";
const UPDATE: &str = "mutation ($id: ID!, $version: Int!, $input: UpdateSponsorshipInput!) {
    updateSponsorship(id: $id, version: $version, input: $input) {
      sponsorship { role position version sources { document } } userErrors { field code } } }";
const REMOVE: &str = "mutation ($id: ID!, $version: Int!) { removeSponsorship(id: $id, version: $version) {
    sponsorship { organization { slug } } userErrors { field code } } }";
const REORDER: &str = "mutation ($id: ID!, $ids: [ID!]!) { reorderSponsorships(conveningId: $id, role: CO_SPONSOR, ids: $ids) {
    convening { sponsorships(role: CO_SPONSOR) { position version organization { slug } } } userErrors { field code } } }";
const ADD_DELEGATION: &str = "mutation ($input: AddDelegationInput!) { addDelegation(input: $input) {
    delegation { id organization { slug } } userErrors { field code } } }";
const REMOVE_DELEGATION: &str = "mutation ($id: ID!, $version: Int!) { removeDelegation(id: $id, version: $version) {
    delegation { organization { slug } } userErrors { field code } } }";

fn refusals(answer: &Answer, mutation: &str) -> Vec<String> {
    answer.lines(&format!("/{mutation}/userErrors"), &["/field", "/code"])
}

/// The code of a refusal before the input was looked at, or the faults in it.
fn codes_or_faults(answer: &Answer, mutation: &str) -> Vec<String> {
    if answer.codes().is_empty() { refusals(answer, mutation) } else { answer.codes() }
}

async fn add(service: &Service, input: Value) -> Answer {
    service.ask_with(ADD, &json!({ "input": input })).await
}

const NONE: [&str; 0] = [];

#[test]
fn sponsors_come_last_change_their_role_and_go() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let (convening, id) =
            (&fixture.find("Convening", "draft").id, |name: &str| fixture.find("Organization", name).id.clone());
        let sponsor = |organization: &str, role: &str| json!({ "conveningId": convening, "organizationId": id(organization), "role": role });
        let south = add(&staff, sponsor("south", "CO_SPONSOR")).await.at("/addSponsorship/sponsorship");
        assert_eq!((&south["position"], &south["can"]), (&json!(2), &json!(["update", "delete"])));
        let before = contents(&service.db).await;
        let again = add(&staff, sponsor("south", "CO_SPONSOR")).await;
        assert_eq!(refusals(&again, "addSponsorship"), ["[\"organizationId\"] | TAKEN"]);
        let mut taken = sponsor("chorus", "CO_SPONSOR");
        taken["position"] = json!(1);
        assert_eq!(refusals(&add(&staff, taken.clone()).await, "addSponsorship"), ["[\"position\"] | TAKEN"]);
        (taken["position"], taken["organizationId"]) =
            (json!(0), json!(tests::fixtures::global_id("Organization", fixture.key("Convening", "draft"))));
        let wrong = ["[\"organizationId\"] | NOT_FOUND", "[\"position\"] | INVALID"];
        assert_eq!(refusals(&add(&staff, taken).await, "addSponsorship"), wrong);
        let change = async |version: i32, input: Value| {
            staff.ask_with(UPDATE, &json!({ "id": south["id"], "version": version, "input": input })).await
        };
        assert_eq!(
            refusals(&change(1, json!({ "position": 1 })).await, "updateSponsorship"),
            ["[\"position\"] | TAKEN"]
        );
        assert_eq!(refusals(&change(1, json!({ "role": null })).await, "updateSponsorship"), ["[\"role\"] | REQUIRED"]);
        assert_eq!(
            refusals(&change(7, json!({ "role": "HOST" })).await, "updateSponsorship"),
            ["[\"version\"] | STALE_VERSION"]
        );
        assert!(contents(&service.db).await == before, "nothing was written");
        let changed = change(1, json!({ "role": "HOST", "sources": [{ "document": "Programme" }] })).await;
        let expected = json!({ "role": "HOST", "position": 1, "version": 2, "sources": [{ "document": "Programme" }] });
        assert_eq!(changed.at("/updateSponsorship/sponsorship"), expected, "first in its new role");
        add(&staff, sponsor("south", "CO_SPONSOR")).await;
        let back = change(2, json!({ "role": "CO_SPONSOR" })).await;
        assert_eq!(refusals(&back, "updateSponsorship"), ["[\"role\"] | TAKEN"]);
        let gone = staff.ask_with(REMOVE, &json!({ "id": south["id"], "version": 2 })).await;
        assert_eq!(gone.at("/removeSponsorship/sponsorship/organization/slug"), "south");
    });
}

#[test]
fn sponsors_of_a_role_are_put_in_order_all_at_once() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let convening = &fixture.find("Convening", "draft").id;
        let mut ids = vec![json!(fixture.find("Sponsorship", "draft").id)];
        for name in ["south", "chorus"] {
            let organization = &fixture.find("Organization", name).id;
            let input = json!({ "conveningId": convening, "organizationId": organization, "role": "CO_SPONSOR" });
            ids.push(add(&staff, input).await.at("/addSponsorship/sponsorship/id"));
        }
        let [north, south, chorus] = [&ids[0], &ids[1], &ids[2]];
        let reorder = async |ids: Value| staff.ask_with(REORDER, &json!({ "id": convening, "ids": ids })).await;
        let before = contents(&service.db).await;
        let elsewhere = json!(fixture.find("Sponsorship", "announced").id);
        for wrong in [
            json!([north, south]),
            json!([north, south, south]),
            json!([north, south, chorus, elsewhere]),
            json!([north, south, elsewhere]),
            json!([]),
        ] {
            assert_eq!(refusals(&reorder(wrong).await, "reorderSponsorships"), ["[\"ids\"] | INVALID"]);
        }
        assert!(contents(&service.db).await == before, "nothing was written");
        let sponsors = reorder(json!([chorus, north, south])).await;
        let lines = |answer: &Answer| {
            answer
                .lines("/reorderSponsorships/convening/sponsorships", &["/position", "/organization/slug", "/version"])
        };
        assert_eq!(lines(&sponsors), ["1 | chorus | 2", "2 | north | 2", "3 | south | 2"]);
        let sponsors = reorder(json!([north, chorus, south])).await;
        assert_eq!(lines(&sponsors), ["1 | north | 3", "2 | chorus | 3", "3 | south | 2"], "who stays stays as it was");
        assert_eq!(reorder(json!([north])).await.codes(), NONE);
        let wrong =
            service.as_role(Role::Staff).ask_with(REORDER, &json!({ "id": convening, "ids": [convening] })).await;
        assert_eq!(wrong.codes(), ["BAD_USER_INPUT"]);
    });
}

#[test]
fn many_who_add_sponsors_at_once_each_find_a_place() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let convening = fixture.find("Convening", "draft").id.clone();
        let add = |name: &str| {
            let (staff, organization) = (staff.clone(), fixture.find("Organization", name).id.clone());
            let input = json!({ "conveningId": convening, "organizationId": organization, "role": "FUNDER" });
            tokio::spawn(async move { add(&staff, input).await.at("/addSponsorship/sponsorship/position") })
        };
        let added: Vec<_> = ["north", "south", "chorus", "locals", "unions"].map(add).into_iter().collect();
        let mut places = Vec::new();
        for place in added {
            places.push(place.await.expect("an answer").as_i64());
        }
        places.sort_unstable();
        assert_eq!(places, (1..=5).map(Some).collect::<Vec<_>>());
    });
}

#[test]
fn delegations_come_and_go() {
    with_fixture(async |service, fixture| {
        let north = Scope::Organization(fixture.key("Organization", "north"));
        let organizer = service.as_grants(vec![Grant::new(Role::Organizer, north)]);
        let input = json!({ "conveningId": fixture.find("Convening", "draft").id, "organizationId": fixture.find("Organization", "chorus").id });
        let added =
            organizer.ask_with(ADD_DELEGATION, &json!({ "input": input })).await.at("/addDelegation/delegation");
        assert_eq!(added["organization"]["slug"], "chorus");
        let again = organizer.ask_with(ADD_DELEGATION, &json!({ "input": input })).await;
        assert_eq!(refusals(&again, "addDelegation"), ["[\"organizationId\"] | TAKEN"]);
        let gone = organizer.ask_with(REMOVE_DELEGATION, &json!({ "id": added["id"], "version": 1 })).await;
        assert_eq!(gone.at("/removeDelegation/delegation/organization/slug"), "chorus");
    });
}

#[test]
fn only_those_whose_convening_it_is_can_change_who_stands_behind_it() {
    with_fixture(async |service, fixture| {
        let before = contents(&service.db).await;
        let organization = &fixture.find("Organization", "north").id;
        for viewer in viewers(&fixture) {
            let asked = viewer.service(&service);
            for gathering in GATHERINGS.map(|gathering| gathering.name) {
                let row = fixture.find("Convening", gathering);
                let (own, seen) = (viewer.changes(gathering), viewer.sees(&row.parts));
                let message = format!("{}: {gathering}", viewer.name);
                let check = |answer: &Answer, mutation: &str, fault: &str, hidden_in_input: Option<&str>| {
                    let expected = match (own, seen, hidden_in_input) {
                        (true, ..) => fault,
                        // Whoever may add nothing anywhere is told so at once.
                        (false, false, Some(hidden)) if answer.codes().is_empty() => hidden,
                        (false, true, _) | (false, false, Some(_)) => "FORBIDDEN",
                        (false, false, None) => "NOT_FOUND",
                    };
                    assert_eq!(codes_or_faults(answer, mutation), [expected], "{message}");
                };
                let hidden = Some("[\"conveningId\"] | NOT_FOUND");
                let input = json!({ "conveningId": row.id, "organizationId": organization, "role": "CO_SPONSOR" });
                let taken = "[\"organizationId\"] | TAKEN";
                check(&add(&asked, input).await, "addSponsorship", taken, hidden);
                let guest = &fixture.find("Organization", "locals").id;
                let input = json!({ "input": { "conveningId": row.id, "organizationId": guest } });
                check(&asked.ask_with(ADD_DELEGATION, &input).await, "addDelegation", taken, hidden);
                let stale = "[\"version\"] | STALE_VERSION";
                let sponsorship = &fixture.find("Sponsorship", gathering).id;
                let change = json!({ "id": sponsorship, "version": 0, "input": { "role": "HOST" } });
                check(&asked.ask_with(UPDATE, &change).await, "updateSponsorship", stale, None);
                check(&asked.ask_with(REMOVE, &change).await, "removeSponsorship", stale, None);
                let delegation = json!({ "id": fixture.find("Delegation", gathering).id, "version": 0 });
                check(&asked.ask_with(REMOVE_DELEGATION, &delegation).await, "removeDelegation", stale, None);
                let order = asked.ask_with(REORDER, &json!({ "id": row.id, "ids": [] })).await;
                check(&order, "reorderSponsorships", "[\"ids\"] | INVALID", None);
            }
        }
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}
