//! Spreadsheets out: everybody gets the rows that they may see, with what they may see of them, and nothing else.

use crate::expectations::{Contacts, Viewer, viewers};
use crate::leaks::assert_hides;
use crate::program::{lmi, run_on};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use lmi::auth::{Grant, Role, Scope};
use sea_orm::ActiveEnum as _;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tests::fixtures::{Fixture, GATHERINGS, Part};
use tests::{Answer, Service, with_empty, with_fixture, with_record};

/// Every export, with the type of its rows and whether they belong to a convening.
pub(crate) const EXPORTS: [(&str, &str, bool); 19] = [
    ("organizations", "Organization", false),
    ("districts", "District", false),
    ("people", "Person", false),
    ("affiliations", "Affiliation", false),
    ("partnerships", "Partnership", false),
    ("convenings", "Convening", false),
    ("sessions", "Session", true),
    ("slots", "Slot", true),
    ("rooms", "Room", true),
    ("speakers", "Speaker", true),
    ("sponsorships", "Sponsorship", true),
    ("delegations", "Delegation", true),
    ("resources", "Resource", true),
    ("metrics", "Metric", true),
    ("offerings", "Offering", false),
    ("interests", "Interest", false),
    ("teams", "Team", true),
    ("team-members", "TeamMember", true),
    ("seats", "SeatAssignment", true),
];

/// Those that are nobody's who has no role.
const PRIVATE: [&str; 3] = ["team-members", "interests", "seats"];

/// The answer to an export.
pub(crate) async fn export(service: &Service, what: &str) -> Answer {
    service.get(&format!("/export/{what}"), "text/csv").await
}

/// The rows of a spreadsheet, by the names of their columns.
pub(crate) fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.expect("as many cells as the header has")).collect()
}

fn ids(text: &str) -> BTreeSet<String> {
    rows(text).into_iter().map(|mut row| row.remove("id").expect("an id")).collect()
}

fn seen(viewer: &Viewer, fixture: &Fixture, typename: &str) -> BTreeSet<String> {
    let rows = fixture.rows.iter().filter(|row| row.typename == typename && viewer.sees(&row.parts));
    rows.map(|row| row.id.clone()).collect()
}

#[test]
fn everybody_gets_the_rows_that_they_may_see() {
    with_fixture(async |service, fixture| {
        for viewer in viewers(&fixture) {
            for (what, typename, _) in EXPORTS {
                let answer = export(&viewer.service(&service), &format!("{what}.csv")).await;
                let expected = seen(&viewer, &fixture, typename);
                if answer.status == StatusCode::OK {
                    assert_eq!(ids(&answer.text), expected, "{}: {what}", viewer.name);
                    assert_eq!(rows(&answer.text).len(), expected.len(), "{}: {what}", viewer.name);
                } else {
                    assert!(expected.is_empty() && PRIVATE.contains(&what), "{}: {what}", viewer.name);
                    let refusal = (StatusCode::FORBIDDEN, vec!["FORBIDDEN".to_owned()]);
                    assert_eq!((answer.status, answer.codes()), refusal, "{}", viewer.name);
                }
                // Ids stand between commas; they are to be opened too.
                let cells = answer.text.replace([',', '\r', '\n'], "\"");
                assert_hides(&viewer, &fixture, &cells, what);
            }
        }
    });
}

#[test]
fn an_export_of_a_convening_has_its_rows() {
    with_fixture(async |service, fixture| {
        for viewer in viewers(&fixture) {
            let service = viewer.service(&service);
            for (what, typename, _) in
                EXPORTS.into_iter().filter(|(what, _, of_one)| *of_one && !PRIVATE.contains(what))
            {
                let whole = rows(&export(&service, &format!("{what}.csv")).await.text);
                for gathering in GATHERINGS.map(|gathering| gathering.name) {
                    let answer = export(&service, &format!("{what}.csv?convening={gathering}")).await;
                    if !viewer.sees(&[Part::Facts(gathering)]) {
                        assert_eq!(
                            (answer.status, answer.codes()),
                            (StatusCode::NOT_FOUND, vec!["NOT_FOUND".to_owned()])
                        );
                        continue;
                    }
                    let column = if typename == "Resource" { "convenings" } else { "convening" };
                    let of_it = whole.iter().filter(|row| row[column].split(" | ").any(|slug| slug == gathering));
                    let expected: Vec<_> = of_it.cloned().collect();
                    assert_eq!(rows(&answer.text), expected, "{}: {what} of {gathering}", viewer.name);
                }
            }
        }
    });
}

#[test]
fn a_team_stands_where_the_viewer_may_know_it_to_stand() {
    with_fixture(async |service, fixture| {
        for viewer in viewers(&fixture) {
            for row in rows(&export(&viewer.service(&service), "teams.csv").await.text) {
                let team = fixture.rows.iter().find(|team| team.id == row["id"]).expect("a team");
                let Part::Team(gathering, district, _) = team.parts[0] else { panic!("a team") };
                let expected = viewer.status(gathering, district).to_value().to_uppercase();
                assert_eq!(row["status"], expected, "{}: {}", viewer.name, team.name);
            }
        }
    });
}

#[test]
fn how_to_reach_somebody_is_there_in_full_masked_or_not_at_all() {
    with_fixture(async |service, fixture| {
        for viewer in viewers(&fixture) {
            for row in rows(&export(&viewer.service(&service), "people.csv").await.text) {
                let contact = fixture.contacts.iter().find(|contact| contact.person == row["slug"]).expect("a contact");
                let expected = match viewer.contact(contact) {
                    None => (String::new(), String::new()),
                    Some(Contacts::Masked) => (
                        format!("{}***@***", &contact.email[..1]),
                        format!("***{}", &contact.phone[contact.phone.len() - 2..]),
                    ),
                    Some(_) => (contact.email.clone(), contact.phone.clone()),
                };
                assert_eq!((row["email"].clone(), row["phone"].clone()), expected, "{}: {}", viewer.name, row["slug"]);
            }
        }
    });
}

#[test]
fn an_export_is_a_file_to_keep() {
    with_fixture(async |service, _| {
        let header = |answer: &Answer, name: &str| {
            answer.headers.get(name).map(|value| value.to_str().expect("text").to_owned())
        };
        let public = export(&service, "sessions.csv?convening=completed").await;
        assert_eq!(header(&public, "content-type").as_deref(), Some("text/csv; charset=utf-8"));
        let disposition = "attachment; filename=\"sessions-completed.csv\"";
        assert_eq!(header(&public, "content-disposition").as_deref(), Some(disposition));
        let (first, _) = public.text.split_once("\r\n").expect("a header and lines after it");
        assert!(first.starts_with("id,version,conveningId,convening,slug,number,title,"), "{first}");
        let whole = export(&service, "organizations.csv").await;
        let disposition = "attachment; filename=\"organizations.csv\"";
        assert_eq!(header(&whole, "content-disposition").as_deref(), Some(disposition));
        let unknown = export(&service.bearing("somebody"), "organizations.csv").await;
        let answered = (unknown.status, header(&unknown, "cache-control"));
        assert_eq!(
            answered,
            (StatusCode::UNAUTHORIZED, Some("no-store".to_owned())),
            "a bad credential is not the public"
        );
        let auditor = service.signed_in("auditor@example.org", &[Grant::new(Role::Auditor, Scope::Everything)]).await;
        let kept = export(&auditor, "team-members.csv").await;
        assert_eq!((kept.status, header(&kept, "cache-control").as_deref()), (StatusCode::OK, Some("no-store")));
    });
}

#[test]
fn an_export_comes_whole_to_whoever_takes_it_compressed() {
    with_record(async |service| {
        let plain = export(&service, "organizations.csv").await.text.len();
        for encoding in ["gzip", "br", "zstd"] {
            let request = Request::get("/export/organizations.csv").header(header::ACCEPT_ENCODING, encoding);
            let request = request.body(Body::empty()).expect("a request");
            // A body that broke off would be none.
            let (headers, body) = service.send_raw(request).await;
            assert_eq!(headers[header::CONTENT_ENCODING], encoding);
            assert!(!body.is_empty() && body.len() < plain, "{encoding}: {} of {plain} bytes", body.len());
        }
    });
}

#[test]
fn every_plain_field_has_its_column() {
    with_empty(async |service| {
        let document =
            "query ($name: String!) { __type(name: $name) { fields { name type { kind name ofType { kind name
            ofType { kind name ofType { kind name } } } } } } }";
        for (what, typename, _) in EXPORTS {
            let exported = export(&service.as_role(Role::Admin), &format!("{what}.csv")).await.text;
            let header: Vec<&str> = exported.trim_end().split(',').collect();
            let answer = service.ask_with(document, &json!({ "name": typename })).await;
            for field in answer.at("/__type/fields").as_array().expect("fields") {
                let name = field["name"].as_str().expect("a name");
                let is_plain = ["SCALAR", "ENUM"].contains(&innermost(&field["type"]));
                // What may be done with a row is of whoever asks, and no fact.
                if is_plain && name != "can" {
                    assert!(header.contains(&name), "{what} has no column for {typename}.{name}");
                }
            }
        }
    });
}

/// The kind of a type within lists and promises.
fn innermost(of: &Value) -> &str {
    if of["ofType"].is_object() { innermost(&of["ofType"]) } else { of["kind"].as_str().unwrap_or_default() }
}

#[test]
fn what_cannot_be_exported_is_refused_in_words() {
    with_fixture(async |service, _| {
        for (path, status, code) in [
            ("accounts.csv", StatusCode::NOT_FOUND, "NOT_FOUND"),
            ("organizations", StatusCode::NOT_FOUND, "NOT_FOUND"),
            ("organizations.xlsx", StatusCode::NOT_FOUND, "NOT_FOUND"),
            ("team-members.csv", StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"),
            ("sessions.csv?convening=nowhere", StatusCode::NOT_FOUND, "NOT_FOUND"),
            ("organizations.csv?convening=completed", StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
            ("sessions.csv?slug=completed", StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
            ("sessions.csv?convening=completed&convening=draft", StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
        ] {
            let answer = export(&service, path).await;
            assert_eq!((answer.status, answer.codes()), (status, vec![code.to_owned()]), "{path}");
        }
        let message = export(&service, "organizations.csv?convening=completed").await.messages();
        assert!(
            message.starts_with("There are no organizations of one convening") && message.contains("sessions"),
            "{message}"
        );
    });
}

#[test]
fn rows_come_in_the_order_that_they_have_everywhere() {
    with_record(async |service| {
        for (what, document, list, field, column) in [
            (
                "organizations",
                "{ organizations(first: 100) { nodes { slug } } }",
                "/organizations/nodes",
                "/slug",
                "slug",
            ),
            ("people", "{ people(first: 100) { nodes { slug } } }", "/people/nodes", "/slug", "slug"),
            ("convenings", "{ convenings(first: 100) { nodes { slug } } }", "/convenings/nodes", "/slug", "slug"),
            (
                "sessions.csv?convening=2015-symposium",
                "{ convening(by: {slug: \"2015-symposium\"}) { sessions(first: 100) { nodes { slug } } } }",
                "/convening/sessions/nodes",
                "/slug",
                "slug",
            ),
            (
                "sponsorships.csv?convening=2015-symposium",
                "{ convening(by: {slug: \"2015-symposium\"}) { sponsorships { organization { name } } } }",
                "/convening/sponsorships",
                "/organization/name",
                "organization",
            ),
        ] {
            let path = if what.contains('.') { what.to_owned() } else { format!("{what}.csv") };
            let exported: Vec<String> =
                rows(&export(&service, &path).await.text).iter().map(|row| row[column].clone()).collect();
            let listed: Vec<String> = service
                .ask(document)
                .await
                .each(list, field)
                .iter()
                .map(|slug| slug.as_str().expect("a text").to_owned())
                .collect();
            assert_eq!(exported, listed, "{what}");
        }
    });
}

#[test]
fn lists_and_sources_stand_in_one_cell() {
    with_record(async |service| {
        let rows = rows(&export(&service, "convenings.csv").await.text);
        let symposium = rows.iter().find(|row| row["slug"] == "2015-symposium").expect("the symposium");
        let asked = service
            .ask("{ convening(by: {slug: \"2015-symposium\"}) { objectives sources { document section } } }")
            .await;
        let objectives: Vec<_> = asked
            .at("/convening/objectives")
            .as_array()
            .expect("a list")
            .iter()
            .map(|text| text.as_str().expect("a text").to_owned())
            .collect();
        assert_eq!(symposium["objectives"].split(" | ").collect::<Vec<_>>(), objectives);
        let source = &asked.at("/convening/sources/0");
        let text = format!(
            "{} > {}",
            source["document"].as_str().expect("a title"),
            source["section"].as_str().expect("a section")
        );
        assert!(symposium["sources"].starts_with(&text), "{}", symposium["sources"]);
    });
}

#[test]
fn the_program_prints_what_an_administrator_gets() {
    with_fixture(async |service, _| {
        let admin = service.as_role(Role::Admin);
        for (what, _, _) in EXPORTS {
            let printed = run_on(&service, &["export", what]).done();
            assert!(printed == export(&admin, &format!("{what}.csv")).await.text, "{what}");
        }
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
        if let Ok(full) = full {
            let mut command = lmi();
            command.args(["export", "people"]).env("DATABASE_URL", &service.url).stdout(full);
            let output = command.output().expect("a program that can be run");
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(told.starts_with("lmi: not all of it could be written"), "{told}");
            assert_eq!(output.status.code(), Some(1), "a part is not taken for the whole");
        }
        let printed = run_on(&service, &["export", "rooms", "--convening", "draft"]).done();
        assert_eq!(rows(&printed).len(), 1);
        let refused = run_on(&service, &["export", "rooms", "--convening", "nowhere"]).refused(1);
        assert_eq!(refused, "lmi: There is no such convening, or not for you.");
        let refused = run_on(&service, &["export", "accounts"]);
        assert_eq!(refused.status, Some(2));
        assert!(refused.err.contains("team-members"), "the kinds are told: {}", refused.err);
    });
}
