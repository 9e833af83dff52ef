//! What somebody may not know is in no answer: no name, title or address, no decision before it is published.

use crate::documents::Types;
use crate::expectations::{Contacts, Viewer, viewers};
use crate::walk::nodes;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use entity::ids::TeamId;
use entity::{seat_assignment, team_member};
use lmi::auth::{Grant, Role, Scope};
use sea_orm::{ActiveEnum as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::fixtures::{DISTRICTS, Fixture, GATHERINGS, Gathering, Part, Row, TAGS};
use tests::{Service, with_fixture};

/// What must not be in any answer to a viewer.
fn hidden_words(viewer: &Viewer, fixture: &Fixture) -> Vec<String> {
    let mut words = Vec::new();
    for Gathering { name: gathering, agenda: released, .. } in GATHERINGS {
        for (part, word, is_there) in [
            (Part::Facts(gathering), "facts-of", true),
            (Part::Agenda(gathering), "agenda-of", true),
            (Part::Unreleased(gathering), "unreleased-of", released),
            (Part::EarlierRelease(gathering), "earlier-release-of", released),
            (Part::Surveying(gathering), "drafted-survey-of", true),
            (Part::Moderated(gathering), "pending-text-of", true),
            (Part::Moderated(gathering), "rejected-text-of", true),
        ] {
            if is_there && !viewer.sees(&[part]) {
                words.push(format!("{word}-{gathering}"));
            }
        }
        if !viewer.evaluates() {
            words.push(format!("full-survey-of-{gathering}"));
        }
        for district in DISTRICTS {
            if !viewer.sees_roster(gathering, district) {
                words.push(format!("roster-of-{gathering}-{district}"));
            }
            if !viewer.decides(gathering) {
                words.push(format!("decision-on-{gathering}-{district}"));
            }
        }
    }
    for gathering in ["selected", "decided"] {
        if !viewer.sees_lottery(gathering) {
            words.push(format!("lots-of-{gathering}"));
        }
        let lots = DISTRICTS.iter().filter(|district| !viewer.sees_lot(gathering, district));
        words.extend(lots.map(|district| format!("lot-of-{gathering}-{district}")));
    }
    let hidden = |row: &&Row| !viewer.sees(&row.parts);
    let people = fixture.rows.iter().filter(|row| row.typename == "Person").filter(hidden);
    words.extend(people.map(|row| row.name.clone()));
    let teams = fixture.rows.iter().filter(|row| row.typename == "Team").filter(hidden);
    words.extend(teams.map(|row| format!("team-of-{}", row.name)));
    let told = fixture.rows.iter().filter(|row| ["TeamNote", "Interest"].contains(&row.typename)).filter(hidden);
    words.extend(told.map(|row| match row.typename {
        "Interest" => format!("interest-of-{}", row.name),
        _ => row.name.clone(),
    }));
    for contact in &fixture.contacts {
        if !matches!(viewer.contact(contact), Some(Contacts::Own | Contacts::All)) {
            words.extend([contact.email.clone(), contact.phone.clone()]);
        }
    }
    for row in fixture.rows.iter().filter(|row| row.typename == "Account") {
        if !viewer.sees(&row.parts) {
            words.push(format!("called {}", row.name));
        }
        if viewer.account_address() != Some(Contacts::All) {
            words.push(format!("{}-of-access", row.name));
        }
    }
    let credentials =
        fixture.rows.iter().filter(|row| ["ApiKey", "LinkedIdentity", "WebhookEndpoint"].contains(&row.typename));
    words.extend(credentials.filter(hidden).map(|row| row.name.clone()));
    words
}

/// Fails where an answer tells a viewer what is hidden, in plain text or within an id or a cursor.
pub(crate) fn assert_hides(viewer: &Viewer, fixture: &Fixture, answer: &str, document: &str) {
    // Each text once is enough.
    let texts: BTreeSet<&str> = answer.split('"').collect();
    let opaque = texts.iter().filter_map(|text| BASE64_URL_SAFE_NO_PAD.decode(text).ok());
    let opened: Vec<String> = opaque.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect();
    // Sort keys are folded: what is hidden must not be there in lower case either.
    let texts =
        texts.into_iter().chain(opened.iter().map(String::as_str)).collect::<Vec<_>>().join("\n").to_lowercase();
    for word in hidden_words(viewer, fixture) {
        assert!(!texts.contains(&word.to_lowercase()), "{} is told `{word}` by {document}", viewer.name);
    }
}

/// Rows enough to stand for all: of the teams, those of two districts.
fn examples(row: &Row) -> bool {
    row.parts.iter().any(|part| match part {
        Part::Team(_, district, _) | Part::Roster(_, district) => DISTRICTS[..2].contains(district),
        _ => true,
    })
}

#[test]
fn everything_that_can_be_selected_hides_what_is_hidden() {
    with_fixture(async |service, fixture| {
        let types = Types::of(&service).await;
        // Whoever sees everything can be told nothing that is hidden.
        for viewer in viewers(&fixture).into_iter().filter(|viewer| !hidden_words(viewer, &fixture).is_empty()) {
            let (service, mut told) = (viewer.service(&service), String::new());
            for (typename, _) in TAGS {
                let rows: Vec<&Row> =
                    fixture.rows.iter().filter(|row| row.typename == typename).filter(|row| examples(row)).collect();
                let found = types.ask(&service, typename, &rows).await;
                let seen = rows.iter().filter(|row| viewer.sees(&row.parts)).count();
                assert_eq!(found.iter().filter(|node| !node.is_null()).count(), seen, "{}: {typename}", viewer.name);
                told += &json!(found).to_string();
            }
            assert_hides(&viewer, &fixture, &told, "a document that selects everything");
        }
    });
}

#[test]
fn the_words_that_are_looked_for_are_there_for_those_who_may_see_them() {
    with_fixture(async |service, fixture| {
        let types = Types::of(&service).await;
        let all = viewers(&fixture);
        let keeper = all.iter().find(|viewer| viewer.name == "an administrator").expect("an administrator");
        let mut told = String::new();
        for (typename, _) in TAGS {
            let rows: Vec<&Row> = fixture.rows.iter().filter(|row| row.typename == typename).collect();
            told += &json!(types.ask(&keeper.service(&service), typename, &rows).await).to_string();
        }
        // What teams keep for themselves, only they are told.
        let notes: Vec<&Row> = fixture.rows.iter().filter(|row| row.typename == "TeamNote").collect();
        for district in &DISTRICTS[..2] {
            let leads = Grant::new(Role::TeamLead, Scope::District(fixture.key("District", district)));
            let lead = service.as_grants(vec![leads]);
            told += &json!(types.ask(&lead, "TeamNote", &notes).await).to_string();
        }
        // What was answered, evaluators are told.
        let evaluator = service.as_role(Role::Evaluator);
        let results: Vec<&Row> = fixture.rows.iter().filter(|row| row.typename == "PublishedResult").collect();
        told += &json!(types.ask(&evaluator, "PublishedResult", &results).await).to_string();
        let public = all.iter().find(|viewer| viewer.name == "the public").expect("the public");
        let unannounced = |word: &str| {
            GATHERINGS.iter().any(|each| !each.announced && word.contains(&format!("notes-of-{}-", each.name)))
        };
        for word in hidden_words(public, &fixture).into_iter().filter(|word| !unannounced(word)) {
            assert!(told.contains(&word), "`{word}` is nowhere: looking for it proves nothing");
        }
    });
}

#[test]
fn contact_data_is_shown_in_full_masked_or_not_at_all() {
    with_fixture(async |service, fixture| {
        let ids: Vec<&str> =
            fixture.contacts.iter().map(|each| fixture.find("Person", &each.person).id.as_str()).collect();
        for viewer in viewers(&fixture) {
            let people = nodes(&viewer.service(&service), &ids, "... on Person { contact { email phone } }").await;
            for (contact, person) in fixture.contacts.iter().zip(people) {
                let expected = match viewer.contact(contact) {
                    None => Value::Null,
                    Some(Contacts::Masked) => json!({
                        "email": format!("{}***@***", &contact.email[..1]),
                        "phone": format!("***{}", &contact.phone[contact.phone.len() - 2..]),
                    }),
                    Some(_) => json!({ "email": contact.email, "phone": contact.phone }),
                };
                assert_eq!(person["contact"], expected, "{}: {}", viewer.name, contact.person);
            }
        }
    });
}

/// The teams of the fixture.
fn teams(fixture: &Fixture) -> impl Iterator<Item = (&Row, &'static str, &'static str)> {
    fixture.rows.iter().filter_map(|row| match row.parts[0] {
        Part::Team(gathering, district, _) => Some((row, gathering, district)),
        _ => None,
    })
}

#[test]
fn a_decision_and_a_roster_are_shown_to_those_who_may_know_them() {
    with_fixture(async |service, fixture| {
        let ids: Vec<&str> = teams(&fixture).map(|(row, ..)| row.id.as_str()).collect();
        let selection = "... on Team { status memberCount members { totalCount } readiness { isReady } }";
        for viewer in viewers(&fixture) {
            let found = nodes(&viewer.service(&service), &ids, selection).await;
            for ((row, gathering, district), team) in teams(&fixture).zip(found) {
                let members = members_of(gathering, district);
                let roster = viewer.sees_roster(gathering, district);
                let expected = json!({
                    "status": viewer.status(gathering, district).to_value().to_uppercase(),
                    "memberCount": members,
                    "members": roster.then(|| json!({ "totalCount": members })),
                    "readiness": roster.then(|| json!({ "isReady": true })),
                });
                let expected = if viewer.sees(&row.parts) { expected } else { Value::Null };
                assert_eq!(team, expected, "{}: {}", viewer.name, row.name);
            }
        }
    });
}

/// How many sit in a team of the fixture: one, and somebody else in two of them.
fn members_of(gathering: &str, district: &str) -> usize {
    if [("draft", "birch"), ("announced", "cedar")].contains(&(gathering, district)) { 2 } else { 1 }
}

#[test]
fn a_roster_that_is_empty_is_not_one_that_is_hidden() {
    with_fixture(async |service, fixture| {
        let row = fixture.find("Team", "programme-alder");
        forget_members(&service, row.key.into()).await;
        for viewer in viewers(&fixture) {
            let document = "query($id: ID!) { team(id: $id) { memberCount members { totalCount nodes { id } } } }";
            let answer = viewer.service(&service).ask_with(document, &json!({ "id": row.id })).await;
            let empty = json!({ "totalCount": 0, "nodes": [] });
            let members = viewer.sees_roster("programme", "alder").then_some(empty);
            assert_eq!(answer.at("/team"), json!({ "memberCount": null, "members": members }), "{}", viewer.name);
        }
    });
}

async fn forget_members(service: &Service, team: TeamId) {
    let members = team_member::Entity::find().filter(team_member::Column::TeamId.eq(team)).all(&service.db).await;
    for member in members.expect("members") {
        let assignments =
            seat_assignment::Entity::delete_many().filter(seat_assignment::Column::MemberId.eq(member.id));
        assignments.exec(&service.db).await.expect("seats given back");
        team_member::Entity::delete_by_id(member.id).exec(&service.db).await.expect("a member gone");
    }
}

#[test]
fn seats_are_counted_for_the_teams_whose_seats_are_seen() {
    with_fixture(async |service, fixture| {
        let slots: Vec<&Row> = fixture.rows.iter().filter(|row| row.typename == "Slot").collect();
        let ids: Vec<&str> = slots.iter().map(|row| row.id.as_str()).collect();
        for viewer in viewers(&fixture) {
            let found = nodes(&viewer.service(&service), &ids, "... on Slot { seatsTaken }").await;
            for (slot, found) in slots.iter().zip(found) {
                let seen = teams(&fixture).filter(|(_, gathering, district)| {
                    *gathering == slot.name && viewer.sees_roster(gathering, district)
                });
                let seats: usize = seen.map(|(_, gathering, district)| members_of(gathering, district)).sum();
                let expected = if viewer.sees(&slot.parts) { json!({ "seatsTaken": seats }) } else { Value::Null };
                assert_eq!(found, expected, "{}: {}", viewer.name, slot.name);
            }
        }
    });
}
