//! A selection is read as one tree, and answers what its parts would answer one by one.

use crate::fixtures_many::Many;
use lmi::auth::Role;
use serde_json::{Value, json};
use tests::{Service, with_empty, with_record};

/// The answer to what is selected of the symposium of 2015.
async fn symposium(service: &Service, selection: &str) -> Value {
    service.ask(&of_symposium(selection)).await.at("/convening")
}

fn of_symposium(selection: &str) -> String {
    format!("{{ convening(by: {{slug: \"2015-symposium\"}}) {{ {selection} }} }}")
}

/// A session of the symposium with both sorts of speakers.
const PANEL: &str = "session(slug: \"charting-the-california-way\")";

#[test]
fn one_field_under_several_names_has_the_arguments_of_each() {
    with_record(async |service| {
        let speakers = async |arguments: &str| {
            let speakers = symposium(&service, &format!("{PANEL} {{ speakers{arguments} {{ nameAsShown }} }}")).await;
            speakers["session"]["speakers"].clone()
        };
        let (moderators, panelists) = (speakers("(role: MODERATOR)").await, speakers("(role: PANELIST)").await);
        assert_eq!((moderators.as_array().map(Vec::len), panelists.as_array().map(Vec::len)), (Some(2), Some(5)));
        let both = "a: speakers(role: MODERATOR) { nameAsShown } b: speakers(role: PANELIST) { nameAsShown } speakers { nameAsShown }";
        let both = symposium(&service, &format!("{PANEL} {{ {both} }}")).await;
        assert_eq!(both["session"], json!({ "a": moderators, "b": panelists, "speakers": speakers("").await }));
    });
}

#[test]
fn rows_asked_for_twice_have_what_each_asks_for() {
    with_record(async |service| {
        let sessions =
            async |rows: &str| symposium(&service, &format!("sessions {{ {rows} }}")).await["sessions"].clone();
        let moderators = "x: speakers(role: MODERATOR) { nameAsShown }";
        let panelists = "x: speakers(role: PANELIST) { nameAsShown role }";
        let plain = sessions(&format!("nodes {{ {moderators} }}")).await["nodes"].clone();
        let in_edges = sessions(&format!("edges {{ node {{ {panelists} }} }}")).await["edges"].clone();
        let expected = json!({ "nodes": plain, "edges": in_edges });
        assert_eq!(sessions(&format!("nodes {{ {moderators} }} edges {{ node {{ {panelists} }} }}")).await, expected);
        let (again, other) = ("again: nodes { x: title }", "other: nodes { x: slots { audience } }");
        let three = sessions(&format!("nodes {{ {moderators} }} {again} {other}")).await;
        assert_eq!(three["nodes"], plain);
        assert_eq!(three["again"], sessions(again).await["again"]);
        assert_eq!(three["other"], sessions(other).await["other"]);
    });
}

#[test]
fn one_field_selected_twice_is_answered_once_with_both_selections() {
    with_record(async |service| {
        let once = "sessions(first: 3) { totalCount nodes { title strand { title position } speakers { role person { name slug } } } }";
        let twice = "sessions(first: 3) { nodes { title strand { title } } } \
                     ... { sessions(first: 3) { totalCount nodes { speakers { role } } } } \
                     ...More sessions(first: 3) { nodes { strand { position } speakers { person { slug } } } }";
        let more = "fragment More on Convening { sessions(first: 3) { nodes { speakers { person { name } } } } }";
        let (answer, statements) = service.counted(&(of_symposium(twice) + more), &Value::Null).await;
        assert_eq!(answer.at("/convening"), symposium(&service, once).await);
        let (_, expected) = service.counted(&of_symposium(once), &Value::Null).await;
        assert_eq!(statements, expected);
    });
}

#[test]
fn fragments_apply_to_the_types_that_they_name() {
    with_record(async |service| {
        let hits = "search(query: \"Torlakson\", first: 5)";
        let plain = format!(
            "{{ {hits} {{ nodes {{ __typename ... on Node {{ id }} ... on Person {{ name affiliations {{ nodes {{ title }} }} }} ... on Session {{ title }} }} }} }}"
        );
        let nested = format!(
            "{{ {hits} {{ nodes {{ ...Hit }} }} }} \
             fragment Hit on SearchResult {{ __typename ... on Node {{ id ...Somebody ... on Session {{ title }} ... on Team {{ status }} }} }} \
             fragment Somebody on Person {{ name ...Titles ... on Node {{ id }} }} \
             fragment Titles on Person {{ affiliations {{ nodes {{ title }} }} }}"
        );
        let expected = service.ask(&plain).await.data();
        assert_eq!(expected["search"]["nodes"][0]["__typename"], "Person");
        assert_eq!(service.ask(&nested).await.data(), expected);
        let id = &expected["search"]["nodes"][0]["id"];
        let node = format!(
            "{{ node(id: {id}) {{ id __typename ... on Person {{ name }} ... on SearchResult {{ ... on Person {{ slug }} ... on District {{ slug }} }} ... on Convening {{ title }} }} }}"
        );
        let person =
            service.ask(&format!("{{ node(id: {id}) {{ id __typename ... on Person {{ name slug }} }} }}")).await;
        assert_eq!(person.at("/node/__typename"), "Person");
        assert_eq!(service.ask(&node).await.at("/node/name"), person.at("/node/name"));
    });
}

#[test]
fn variables_and_their_defaults_decide_everywhere() {
    with_record(async |service| {
        let document = "query Q($slug: String! = \"2015-symposium\", $first: Int = 2, $role: SpeakerRole = MODERATOR, \
                        $with: Boolean! = true, $without: Boolean = false, $format: [SessionFormat!] = [PANEL]) { \
                        convening(by: {slug: $slug}) { title @include(if: $with) status @skip(if: $with) \
                        sessions(first: $first, filter: {format: $format}) { nodes { title ... @skip(if: $without) { \
                        speakers(role: $role) { nameAsShown } } ...Date @include(if: $without) } } } } \
                        fragment Date on Session { date }";
        let literal = |slug: &str, outside: &str, first: i32, format: &str, inside: &str| {
            format!(
                "{{ convening(by: {{slug: \"{slug}\"}}) {{ {outside} sessions(first: {first}, filter: {{format: {format}}}) {{ nodes {{ title {inside} }} }} }} }}"
            )
        };
        let moderators = "speakers(role: MODERATOR) { nameAsShown }";
        let cases = [
            (Value::Null, literal("2015-symposium", "title", 2, "[PANEL]", moderators)),
            (
                json!({ "first": 1, "role": null }),
                literal("2015-symposium", "title", 1, "[PANEL]", "speakers { nameAsShown }"),
            ),
            (
                json!({ "slug": "2016-ee-summit", "with": false }),
                literal("2016-ee-summit", "status", 2, "[PANEL]", moderators),
            ),
            (
                json!({ "without": true, "format": "BREAKOUT" }),
                literal("2015-symposium", "title", 2, "[BREAKOUT]", "date"),
            ),
            (
                json!({ "without": true, "with": true, "format": null }),
                literal("2015-symposium", "title", 2, "null", "date"),
            ),
        ];
        for (variables, literal) in cases {
            let answer = service.ask_with(document, &variables).await.data();
            assert_eq!(answer, service.ask(&literal).await.data(), "{variables}");
        }
        let absent = "query Q($way: OrderDirection, $search: String, $of: ID) { people(orderBy: {field: NAME, direction: $way}, filter: {search: $search, organization: $of}, first: 3) { nodes { slug } } }";
        let expected = service.ask("{ people(first: 3) { nodes { slug } } }").await.data();
        assert_eq!(service.ask(absent).await.data(), expected, "what is not given has its default");
    });
}

#[test]
fn every_object_tells_its_type() {
    with_record(async |service| {
        let selection = "__typename organizer { __typename } statementsOfInterest { __typename } venue { __typename } \
                         compositionRule { __typename seats { __typename } } blocks { __typename sessions { __typename } } \
                         sessions(first: 1) { __typename pageInfo { __typename } edges { __typename node { __typename \
                         sources { __typename } speakers { __typename person { __typename } } } } } \
                         teams(first: 1) { __typename nodes { __typename district { __typename county { __typename region { __typename } } } } }";
        let symposium = symposium(&service, selection).await;
        let mut types = Vec::new();
        collect_types(&symposium, &mut types);
        types.sort_unstable();
        types.dedup();
        let expected = [
            "CompositionRule",
            "Convening",
            "County",
            "District",
            "Organization",
            "PageInfo",
            "Person",
            "Quantity",
            "Region",
            "RequiredSeat",
            "Session",
            "SessionBlock",
            "SessionConnection",
            "SessionEdge",
            "Source",
            "Speaker",
            "Team",
            "TeamConnection",
        ];
        assert_eq!(types, expected);
        assert_eq!(service.ask("{ __typename }").await.data(), json!({ "__typename": "Query" }));
    });
}

fn collect_types(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_types(item, into)),
        Value::Object(fields) => {
            into.extend(fields.get("__typename").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| collect_types(field, into));
        }
        _ => {}
    }
}

#[test]
fn an_organization_is_the_same_by_whichever_edge_it_is_reached() {
    with_record(async |service| {
        let body = "{ id name acronym parent { id name } sponsorships(first: 2) { nodes { role } } }";
        let selection = format!(
            "organizer {body} sponsorships {{ organization {body} }} delegations(first: 100) {{ nodes {{ organization {body} }} }} \
             sessions(first: 100) {{ nodes {{ speakers {{ organization {body} person {{ affiliations {{ nodes {{ organization {body} }} }} }} }} }} }}"
        );
        let mut reached = Vec::new();
        collect_organizations(&symposium(&service, &selection).await, &mut reached);
        assert!(reached.len() > 40, "{}", reached.len());
        reached.sort_by_key(ToString::to_string);
        reached.dedup();
        for organization in reached {
            let alone = service.ask(&format!("{{ organization(by: {{id: {}}}) {body} }}", organization["id"])).await;
            assert_eq!(organization, alone.at("/organization"));
        }
    });
}

fn collect_organizations(value: &Value, into: &mut Vec<Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_organizations(item, into)),
        Value::Object(fields) => {
            for name in ["organization", "organizer"] {
                into.extend(fields.get(name).filter(|organization| organization.is_object()).cloned());
            }
            fields.values().for_each(|field| collect_organizations(field, into));
        }
        _ => {}
    }
}

#[test]
fn a_selection_may_come_back_to_where_it_began_as_deep_as_documents_go() {
    with_record(async |service| {
        let nested = |rounds: usize, last: &str| {
            let round = "title sessions(first: 2) { nodes { title convening { ";
            format!("{}{last}{}", round.repeat(rounds), "} } }".repeat(rounds))
        };
        let symposium_alone = symposium(&service, "title sessions(first: 2) { nodes { title } }").await;
        let mut level = symposium(&service, &nested(4, "title slug")).await;
        for _ in 0..4 {
            assert_eq!(level["title"], symposium_alone["title"]);
            let titles = |level: &Value| {
                level["sessions"]["nodes"]
                    .as_array()
                    .map(|rows| rows.iter().map(|row| row["title"].clone()).collect::<Vec<_>>())
            };
            assert_eq!(titles(&level), titles(&symposium_alone));
            assert_eq!(level["sessions"]["nodes"][0]["convening"], level["sessions"]["nodes"][1]["convening"]);
            level = level["sessions"]["nodes"][0]["convening"].take();
        }
        assert_eq!(level, json!({ "title": symposium_alone["title"], "slug": "2015-symposium" }));
        let deeper = service.ask(&of_symposium(&nested(4, "sessions { nodes { title } }"))).await;
        assert_eq!(deeper.codes(), ["QUERY_LIMIT"]);
    });
}

#[test]
fn where_nothing_hangs_on_a_row_its_field_is_null_with_all_beneath_it() {
    with_record(async |service| {
        let row =
            symposium(&service, "region { name counties { name } } venue { name county { name region { name } } }")
                .await;
        assert_eq!(row, json!({ "region": null, "venue": null }));
        let unresolved = "{ districts(filter: {status: UNRESOLVED}) { nodes { kind county { name region { name counties { name } } } } } }";
        let nothing = json!({ "kind": null, "county": null });
        assert_eq!(service.ask(unresolved).await.at("/districts/nodes"), json!([nothing, nothing, nothing]));
        let speakers = symposium(&service, "sessions(first: 100) { nodes { strand { title } speakers { person { name affiliations { nodes { title } } } organization { name } district { county { name } } } } }").await;
        let all = speakers["sessions"]["nodes"].as_array().expect("sessions").iter();
        let all: Vec<_> = all.flat_map(|session| session["speakers"].as_array().expect("speakers")).collect();
        let lacks = |field: &str| all.iter().filter(|speaker| speaker[field].is_null()).count();
        for field in ["person", "organization", "district"] {
            assert!(lacks(field) > 0 && lacks(field) < all.len(), "{field}");
        }
    });
}

#[test]
fn an_argument_that_is_refused_is_reported_where_it_stands() {
    with_record(async |service| {
        let errors = |answer: &tests::Answer| {
            answer.json()["errors"]
                .as_array()
                .expect("errors")
                .iter()
                .map(|error| (error["path"].clone(), error["extensions"]["code"].clone()))
                .collect::<Vec<_>>()
        };
        let bad = Value::from("BAD_USER_INPUT");
        let answer =
            service.ask(&of_symposium("title few: teams(first: 101) { totalCount } many: teams { totalCount }")).await;
        assert_eq!(errors(&answer), [(json!(["convening", "few"]), bad.clone())]);
        let data = json!({ "title": "Labor-Management Symposium", "few": null, "many": { "totalCount": 47 } });
        assert_eq!(answer.json()["data"]["convening"], data);
        let answer = service.ask("{ convenings { nodes { slug teams(after: \"x\") { totalCount } } } }").await;
        let at = |row: usize| (json!(["convenings", "nodes", row, "teams"]), bad.clone());
        assert_eq!(errors(&answer), [at(0), at(1)]);
        let answer = service.ask(&of_symposium("title sessions(first: -1) { totalCount }")).await;
        assert_eq!(errors(&answer), [(json!(["convening", "sessions"]), bad)]);
        assert_eq!(answer.json()["data"], json!({ "convening": null }), "what must be there takes its parent along");
    });
}

#[test]
fn more_rows_take_no_more_statements() {
    const DOCUMENT: &str = "{ convenings(first: 100) { totalCount nodes { title sponsorships { organization { name } } \
         sessions(first: 5) { totalCount nodes { title convening { title } slots { round } relatedSessions { title } \
         speakers { person { name affiliations(first: 2) { nodes { title organization { name } } } } } } } \
         delegations(first: 5) { nodes { organization { name parent { name } resources { title } } } } \
         teams(first: 5) { nodes { status memberCount readiness { isReady } members(first: 3) { nodes { person { name } } } \
         district { name county { name region { name } } teams(first: 2) { nodes { convening { title } } } } } } } } }";
    let count = |convenings: usize| {
        let (mut statements, mut rows) = (0, 0);
        with_empty(async |service| {
            let many = Many::fill(&service.db, convenings).await;
            for (i, &convening) in many.convenings.iter().enumerate().skip(1) {
                many.session(&service.db, convening, i).await;
            }
            let (answer, counted) = service.as_role(Role::Staff).counted(DOCUMENT, &Value::Null).await;
            (statements, rows) = (counted, answer.each("/convenings/nodes", "/title").len());
        });
        assert_eq!(rows, convenings);
        statements
    };
    assert_eq!(count(1), count(50));
}

#[test]
fn more_single_objects_than_fit_in_one_statement_are_refused_and_no_fault_of_ours() {
    with_record(async |service| {
        let chain = format!("{}name{}", "parent { ".repeat(4), " }".repeat(4));
        let organizers = |count: usize| -> String {
            (0..count).map(|i| format!("o{i}: organizer {{ {chain} }} ")).collect::<Vec<_>>().concat()
        };
        let answer = service.ask(&of_symposium(&organizers(9))).await;
        assert_eq!(answer.codes(), Vec::<String>::new());
        let answer = service.ask(&of_symposium(&organizers(20))).await;
        assert!(!answer.codes().is_empty());
        assert!(answer.codes().iter().all(|code| code == "QUERY_LIMIT"), "{}", answer.text);
        assert_eq!(
            answer.json()["data"]["convening"]["o0"],
            symposium(&service, &format!("organizer {{ {chain} }}")).await["organizer"]
        );
    });
}
