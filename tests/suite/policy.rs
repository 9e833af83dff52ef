//! Whoever may see a row finds it on every path, and whoever may not finds it on none: neither by its id nor in a list,
//! a count, a page, behind a filter, by a search, in a figure or from another row.

use crate::expectations::{Viewer, viewers};
use crate::walk::{Ids, assert_counts, assert_rows, ids_in, ids_of, nodes, whole_list};
use entity::team::Status;
use sea_orm::ActiveEnum as _;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::fixtures::{DISTRICTS, Fixture, GATHERINGS, Part, Row, STATUSES, status_of};
use tests::{Service, with_fixture};

/// Runs a check for each viewer.
fn for_each_viewer(check: &impl AsyncFn(&Service, &Viewer, &Fixture)) {
    with_fixture(async |service, fixture| {
        for viewer in viewers(&fixture) {
            check(&viewer.service(&service), &viewer, &fixture).await;
        }
    });
}

#[test]
fn a_row_is_found_by_its_id_by_exactly_those_who_may_see_it() {
    for_each_viewer(&async |service, viewer, fixture| {
        let ids: Vec<&str> = fixture.rows.iter().map(|row| row.id.as_str()).collect();
        let found = ids_in(&Value::Array(nodes(service, &ids, "__typename id").await));
        assert_rows(fixture, &found, &ids_of(fixture, |row| viewer.sees(&row.parts)), viewer.name);
    });
}

/// The lists that lead from a type to another: its type, the selection, and which rows stand there.
type ListEdge = (&'static str, &'static str, &'static str, fn(&Row) -> bool);

const ALL: fn(&Row) -> bool = |_| true;
const AT_DISTRICT: fn(&Row) -> bool = |row| row.name.starts_with("roster-of") && !row.name.ends_with("-union");
const BY_PERSON: fn(&Row) -> bool = |row| !row.name.ends_with("-body");

#[rustfmt::skip]
const LIST_EDGES: [ListEdge; 30] = [
    ("Organization", "affiliations(first: 100) { totalCount nodes { id } }",  "Affiliation", |row| !AT_DISTRICT(row)),
    ("Organization", "sponsorships(first: 100) { totalCount nodes { id } }",  "Sponsorship", ALL),
    ("Organization", "resources { id }",                                      "Resource",    |row| row.name == "Portrait of an organization"),
    ("Organization", "merges(first: 100) { totalCount nodes { id } }",        "Merge",       |row| row.name.starts_with("body")),
    ("District",     "affiliations(first: 100) { totalCount nodes { id } }",  "Affiliation", AT_DISTRICT),
    ("District",     "teams(first: 100) { totalCount nodes { id } }",         "Team",        ALL),
    ("District",     "partnerships { id }",                                   "Partnership", ALL),
    ("District",     "resources { id }",                                      "Resource",    |row| row.name.starts_with("Portrait") && row.name != "Portrait of an organization"),
    ("Person",       "affiliations(first: 100) { totalCount nodes { id } }",  "Affiliation", ALL),
    ("Person",       "appearances(first: 100) { totalCount nodes { id } }",   "Speaker",     BY_PERSON),
    ("Person",       "merges(first: 100) { totalCount nodes { id } }",        "Merge",       |row| !row.name.starts_with("body")),
    ("Survey",       "items { id }",                                          "SurveyItem",  ALL),
    ("Survey",       "results { id }",                                        "PublishedResult", ALL),
    ("SurveyItem",   "writtenAnswers(first: 100) { totalCount nodes { id } }", "WrittenAnswer", ALL),
    ("Convening",    "sponsorships { id }",                                   "Sponsorship", ALL),
    ("Convening",    "delegations(first: 100) { totalCount nodes { id } }",   "Delegation",  ALL),
    ("Convening",    "sessions(first: 100) { totalCount nodes { id } }",      "Session",     ALL),
    ("Convening",    "blocks { sessions { id } }",                            "Session",     ALL),
    ("Convening",    "teams(first: 100) { totalCount nodes { id } }",         "Team",        ALL),
    ("Convening",    "metrics { id }",                                        "Metric",      ALL),
    ("Convening",    "resources { id }",                                      "Resource",    |row| row.name.starts_with("Page facts")),
    ("Session",      "speakers { id }",                                       "Speaker",     ALL),
    ("Session",      "slots { id }",                                          "Slot",        ALL),
    ("Session",      "relatedSessions { id }",                                "Session",     ALL),
    ("Convening",    "experienceLevels { id }",                               "ExperienceLevel", ALL),
    ("ExperienceLevel", "questions { id }",                                   "FocusQuestion", ALL),
    ("Offering",     "interests(first: 100) { totalCount nodes { id } }",     "Interest",    ALL),
    ("District",     "interests { id }",                                      "Interest",    ALL),
    ("Team",         "notes(first: 100) { totalCount nodes { id } }",         "TeamNote",    ALL),
    ("Team",         "members(first: 100) { totalCount nodes { id } }",       "TeamMember",  ALL),
];

#[test]
fn every_edge_leads_to_the_same_rows() {
    for_each_viewer(&async |service, viewer, fixture| {
        for (parent, edge, child, stands_there) in LIST_EDGES {
            let parents: Vec<&str> =
                fixture.rows.iter().filter(|row| row.typename == parent).map(|row| row.id.as_str()).collect();
            // Without the parents' own ids, which must not be taken for those at the edge.
            let found = nodes(service, &parents, &format!("... on {parent} {{ {edge} }}")).await;
            let found = Value::Array(found);
            let message = format!("{}: {parent} {{ {edge} }}", viewer.name);
            assert_counts(&found, &message);
            let expected = ids_of(fixture, |row| row.typename == child && stands_there(row) && viewer.sees(&row.parts));
            assert_rows(fixture, &ids_in(&found), &expected, &message);
        }
        let sessions: Vec<&str> =
            fixture.rows.iter().filter(|row| row.typename == "Session").map(|row| row.id.as_str()).collect();
        let found = Value::Array(nodes(service, &sessions, "... on Session { resources { id } }").await);
        let expected = ids_of(fixture, |row| {
            row.typename == "Resource" && matches!(row.parts[0], Part::Agenda(_)) && viewer.sees(&row.parts)
        });
        assert_rows(fixture, &ids_in(&found), &expected, &format!("{}: Session {{ resources }}", viewer.name));
    });
}

#[test]
fn the_union_of_an_organization_lists_members_of_visible_teams_only() {
    for_each_viewer(&async |service, viewer, fixture| {
        let locals = &fixture.find("Organization", "locals").id;
        let (mut found, mut after) = (Ids::new(), Value::Null);
        loop {
            let document = "query($id: ID!, $after: String) { organization(by: {id: $id}) { \
                            affiliations(first: 25, after: $after) { totalCount nodes { id } \
                            pageInfo { hasNextPage endCursor } } } }";
            let answer = service.ask_with(document, &json!({ "id": locals, "after": after })).await;
            found.extend(ids_in(&answer.at("/organization/affiliations")));
            if answer.at("/organization/affiliations/pageInfo/hasNextPage") == false {
                assert_eq!(answer.at("/organization/affiliations/totalCount"), found.len(), "{}", viewer.name);
                break;
            }
            after = answer.at("/organization/affiliations/pageInfo/endCursor");
        }
        let of_locals =
            |row: &Row| matches!(row.parts[0], Part::Roster(_, district) if DISTRICTS[..6].contains(&district));
        let expected = ids_of(fixture, |row| row.name.ends_with("-union") && of_locals(row) && viewer.sees(&row.parts));
        assert_rows(fixture, &found, &expected, viewer.name);
    });
}

#[test]
fn every_root_list_shows_the_same_rows_in_every_order() {
    for_each_viewer(&async |service, viewer, fixture| {
        let orders = |fields: &[&str]| -> Vec<String> {
            let field = |field: &&str| {
                ["ASC", "DESC"].map(|direction| format!("orderBy: {{field: {field}, direction: {direction}}},"))
            };
            std::iter::once(String::new()).chain(fields.iter().flat_map(field)).collect()
        };
        for (list, typename, fields) in [
            ("organizations", "Organization", &["NAME", "CREATED_AT", "UPDATED_AT"][..]),
            ("districts", "District", &["NAME", "COUNTY", "ENROLLMENT", "UPDATED_AT"]),
            ("people", "Person", &["NAME", "UPDATED_AT"]),
            ("convenings", "Convening", &["STARTS_ON", "TITLE", "UPDATED_AT"]),
            ("teams", "Team", &[]),
        ] {
            let expected = ids_of(fixture, |row| row.typename == typename && viewer.sees(&row.parts));
            for order in orders(fields) {
                let found = whole_list(service, &format!("{list}({order}"), "id").await;
                assert_rows(fixture, &found, &expected, &format!("{}: {list}({order})", viewer.name));
            }
        }
    });
}

#[test]
fn filters_find_what_is_seen_and_as_it_is_seen() {
    for_each_viewer(&async |service, viewer, fixture| {
        let seen = |typename: &'static str, wanted: &dyn Fn(&Row) -> bool| {
            ids_of(fixture, |row| row.typename == typename && wanted(row) && viewer.sees(&row.parts))
        };
        let id = |typename: &str, name: &str| fixture.find(typename, name).id.clone();
        let check = async |call: String, expected: Ids| {
            let found = whole_list(service, &format!("{call},"), "id").await;
            assert_rows(fixture, &found, &expected, &format!("{}: {call})", viewer.name));
        };
        for status in GATHERINGS.map(|gathering| gathering.status) {
            let in_status = |row: &Row| GATHERINGS.iter().any(|each| each.name == row.name && each.status == status);
            let call = format!("convenings(filter: {{status: [{}]}}", status.to_value().to_uppercase());
            check(call, seen("Convening", &in_status)).await;
        }
        check("convenings(filter: {search: \"facts\"}".to_owned(), seen("Convening", &ALL)).await;
        check("convenings(filter: {search: \"draft\"}".to_owned(), seen("Convening", &|row| row.name == "draft")).await;
        check("people(filter: {search: \"roster\"}".to_owned(), seen("Person", &AT_DISTRICT)).await;
        let of_alder = |row: &Row| row.name.starts_with("roster-of") && row.name.ends_with("-alder");
        check(format!("people(filter: {{district: \"{}\"}}", id("District", "alder")), seen("Person", &of_alder)).await;
        let locals = format!("people(filter: {{organization: \"{}\"}}", id("Organization", "locals"));
        let of_locals =
            |row: &Row| matches!(row.parts[..], [Part::Roster(_, district)] if DISTRICTS[..6].contains(&district));
        check(locals, seen("Person", &of_locals)).await;
        let of_north = |row: &Row| ["clerk-north", "steward"].contains(&row.name.as_str());
        let north = format!("people(filter: {{organization: \"{}\"}}", id("Organization", "north"));
        check(north, seen("Person", &of_north)).await;
        for status in STATUSES {
            let call = format!("teams(filter: {{status: [{}]}}", status.to_value().to_uppercase());
            let in_status = |row: &Row| matches!(row.parts[0], Part::Team(gathering, district, _) if viewer.status(gathering, district) == status);
            check(call, seen("Team", &in_status)).await;
        }
        for gathering in GATHERINGS {
            let at = |row: &Row| matches!(row.parts[0], Part::Team(name, ..) if name == gathering.name);
            let convening = id("Convening", gathering.name);
            check(format!("teams(filter: {{convening: \"{convening}\"}}"), seen("Team", &at)).await;
            let attended = attended(viewer, gathering.name);
            let came = ids_of(fixture, |row| row.typename == "District" && attended.contains(&row.name.as_str()));
            check(format!("districts(filter: {{attended: \"{convening}\"}}"), came).await;
        }
    });
}

/// The districts whose team at a gathering is seen, and seen to have attended.
fn attended(viewer: &Viewer, gathering: &'static str) -> Vec<&'static str> {
    let attended = |district: &&'static str| {
        viewer.sees(&[Part::Team(gathering, district, status_of(district, gathering))])
            && viewer.status(gathering, district) == Status::Attended
    };
    DISTRICTS.into_iter().filter(attended).collect()
}

#[test]
fn participation_counts_teams_that_are_seen_to_have_attended() {
    for_each_viewer(&async |service, viewer, _| {
        let expected: BTreeMap<&str, usize> = GATHERINGS
            .iter()
            .map(|gathering| (gathering.name, attended(viewer, gathering.name).len()))
            .filter(|(_, teams)| *teams > 0)
            .collect();
        let answer =
            service.ask("{ participation(groupBy: [CONVENING]) { convening { slug } teams districts } }").await;
        let counted = answer.each("/participation", "/convening/slug").into_iter();
        let counted: Vec<(Value, Value)> = counted.zip(answer.each("/participation", "/teams")).collect();
        assert_eq!(counted.len(), expected.len(), "{}: {}", viewer.name, answer.text);
        for (gathering, teams) in counted {
            let expected = gathering.as_str().and_then(|gathering| expected.get(gathering));
            assert_eq!(Some(teams), expected.map(|teams| json!(teams)), "{}: {gathering}", viewer.name);
        }
        let answer = service.ask("{ participation(groupBy: []) { teams } }").await;
        assert_eq!(answer.at("/participation/0/teams"), expected.values().sum::<usize>(), "{}", viewer.name);
    });
}

#[test]
fn a_search_hits_and_counts_only_what_is_seen() {
    let id = "... on Person { id } ... on Organization { id } ... on District { id } ... on Convening { id } \
              ... on Session { id }";
    for_each_viewer(&async |service, viewer, fixture| {
        type Hit = (&'static str, fn(&Row) -> bool);
        let hits: [Hit; 6] = [
            ("facts", |row| row.typename == "Convening"),
            ("agenda", |row| ["Person", "Session"].contains(&row.typename) && row.name.starts_with("agenda-of")),
            ("roster", |row| row.typename == "Person" && row.name.starts_with("roster-of")),
            ("steward", |row| row.typename == "Person" && row.name == "steward"),
            ("clerk", |row| row.typename == "Person" && row.name.starts_with("clerk")),
            ("chair", |row| row.typename == "Person" && row.name == "chair"),
        ];
        for (typed, hit) in hits {
            let found = whole_list(service, &format!("search(query: \"{typed}\","), id).await;
            let expected = ids_of(fixture, |row| hit(row) && viewer.sees(&row.parts));
            assert_rows(fixture, &found, &expected, &format!("{}: search {typed}", viewer.name));
        }
    });
}
