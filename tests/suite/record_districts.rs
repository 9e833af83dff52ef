//! What the two documents say of districts, their teams and their partnerships.

use serde_json::{Value, json};
use tests::with_record;

/// The district teams of May 2015, as the participants table reads down its columns.
const TEAMS: [&str; 47] = [
    "ABC Unified School District",
    "Alhambra Unified School District",
    "Alisal Union School District",
    "Antelope Valley Unified School District",
    "Beaumont Unified School District",
    "Berkeley Unified School District",
    "Bishop Unified School District",
    "Calexico Unified School District",
    "Capistrano Unified School District",
    "Corona-Norco Unified School District",
    "Cupertino Union School District",
    "Dinuba Unified School District",
    "Elk Grove Unified School District",
    "Fremont Unified School District",
    "Fullerton Elementary School District",
    "Goleta Union School District",
    "Gonzales Unified School District",
    "Hueneme Elementary School District",
    "Keppel Union School District",
    "Lake Elsinore Unified School District",
    "Long Beach Unified School District",
    "Los Olivos School District",
    "Martinez Unified School District",
    "Moreno Valley Unified School District",
    "Morgan Hill Unified School District",
    "Napa Valley Unified School District",
    "Nevada Joint Union High School District",
    "Nuview Union School District",
    "Ocean View School District",
    "Pajaro Valley Unified School District",
    "Pasadena Unified School District",
    "Pomona Unified School District",
    "Riverside Unified School District",
    "Robla Elementary School District",
    "Saddleback Valley Unified School District",
    "San Juan Unified School District",
    "San Rafael City Schools",
    "Santa Ana Unified School District",
    "Santa Clara Unified School District",
    "Santa Monica Malibu Unified School District",
    "St. Helena Unified School District",
    "Taft City School District",
    "Ukiah Unified School District",
    "Val Verde Unified School District",
    "Visalia Unified School District",
    "Vista Unified School District",
    "West Contra Costa Unified School District",
];

/// The districts of which no document says which of the state's districts they are.
const UNRESOLVED: [&str; 3] =
    ["Antelope Valley Unified School District", "Ocean View School District", "San Rafael City Schools"];

#[test]
fn forty_seven_teams_attended_and_their_rosters_are_unknown() {
    with_record(async |service| {
        let document = "{ convening(by: {slug: \"2015-symposium\"}) { teams(first: 100) { totalCount nodes {
            district { name } status members { totalCount } memberCount readiness { isReady } } } } }";
        let answer = service.ask(document).await;
        assert_eq!(answer.at("/convening/teams/totalCount"), 47);
        assert_eq!(
            answer.lines(
                "/convening/teams/nodes",
                &["/district/name", "/status", "/members", "/memberCount", "/readiness"]
            ),
            TEAMS.map(|name| format!("{name} | ATTENDED | – | – | –"))
        );
        let summit = service.ask("{ convening(by: {slug: \"2016-ee-summit\"}) { teams { totalCount } } }").await;
        assert_eq!(summit.at("/convening/teams/totalCount"), 0, "no document names districts at the summit");
    });
}

#[test]
fn the_record_names_the_districts_of_the_teams_and_no_others() {
    with_record(async |service| {
        let answer = service.ask("{ districts(first: 100) { totalCount nodes { name } } }").await;
        assert_eq!(answer.at("/districts/totalCount"), 47);
        assert_eq!(answer.each("/districts/nodes", "/name"), TEAMS);
        let symposium = service.ask("{ convening(by: {slug: \"2015-symposium\"}) { id } }").await.at("/convening/id");
        let attended = "query Attended($id: ID!) { districts(filter: {attended: $id}, first: 100) { nodes { name } } }";
        let answer = service.ask_with(attended, &json!({ "id": symposium })).await;
        assert_eq!(answer.each("/districts/nodes", "/name"), TEAMS);
    });
}

#[test]
fn spellings_of_the_documents_lead_to_the_districts_that_they_mean() {
    with_record(async |service| {
        let answer = service.ask("{ districts(first: 100) { nodes { name alternateNames } } }").await;
        let nodes = answer.at("/districts/nodes");
        let with_spellings: Vec<&Value> =
            nodes.as_array().expect("a list").iter().filter(|node| node["alternateNames"] != json!([])).collect();
        assert_eq!(
            json!(with_spellings),
            json!([
                { "name": "ABC Unified School District", "alternateNames": ["ABC USD"] },
                { "name": "Corona-Norco Unified School District", "alternateNames": ["Corona-Norco USD", "Corona Norco USD"] },
                { "name": "Moreno Valley Unified School District", "alternateNames": ["Moreno Valley USD"] },
                { "name": "Pomona Unified School District", "alternateNames": ["Pomona USD"] },
                { "name": "San Juan Unified School District", "alternateNames": ["San Juan USD", "SJUSD", "San Juan Unified"] },
            ])
        );
    });
}

#[test]
fn three_districts_stay_unresolved_with_their_candidates() {
    with_record(async |service| {
        let document = "{ districts(filter: {status: [UNRESOLVED]}) { nodes { name cdsCode ncesId kind county { name }
            candidates { cdsCode name county { name } } } } }";
        let unresolved = |name: &str, candidates: Value| {
            json!({
                "name": name, "cdsCode": null, "ncesId": null, "kind": null, "county": null, "candidates": candidates,
            })
        };
        let candidate = |code: &str, name: &str, county: &str| json!({ "cdsCode": code, "name": name, "county": { "name": county } });
        assert_eq!(
            service.ask(document).await.at("/districts/nodes"),
            json!([
                unresolved(
                    UNRESOLVED[0],
                    json!([candidate("19642460000000", "Antelope Valley Union High", "Los Angeles")])
                ),
                unresolved(
                    UNRESOLVED[1],
                    json!([
                        candidate("30666130000000", "Ocean View", "Orange"),
                        candidate("56725120000000", "Ocean View", "Ventura"),
                    ])
                ),
                unresolved(
                    UNRESOLVED[2],
                    json!([
                        candidate("21654580000000", "San Rafael City Elementary", "Marin"),
                        candidate("21654660000000", "San Rafael City High", "Marin"),
                    ])
                ),
            ])
        );
        let document =
            "{ districts(filter: {status: [ACTIVE]}, first: 100) { totalCount nodes { kind candidates { name } } } }";
        let answer = service.ask(document).await;
        assert_eq!(answer.at("/districts/totalCount"), 44);
        let count =
            |kind: &str| answer.each("/districts/nodes", "/kind").iter().filter(|found| **found == kind).count();
        assert_eq!([count("UNIFIED"), count("ELEMENTARY"), count("HIGH")], [33, 10, 1]);
        assert_eq!(answer.each("/districts/nodes", "/candidates"), vec![json!([]); 44]);
    });
}

#[test]
fn what_only_an_import_can_know_of_a_district_is_null() {
    with_record(async |service| {
        let document = "{ districts(first: 100) { nodes { ncesId city website enrollment location { latitude } } } }";
        let nothing = json!({ "ncesId": null, "city": null, "website": null, "enrollment": null, "location": null });
        assert_eq!(service.ask(document).await.at("/districts/nodes"), json!(vec![nothing; 47]));
    });
}

#[test]
fn two_districts_and_their_unions_are_partners() {
    with_record(async |service| {
        let document = "{ districts(first: 100) { nodes { slug partnerships { organization { slug } sinceYear codifiedIn description } } } }";
        let answer = service.ask(document).await;
        let nodes = answer.at("/districts/nodes");
        let partners: Vec<&Value> =
            nodes.as_array().expect("a list").iter().filter(|node| node["partnerships"] != json!([])).collect();
        let partnership = |at: usize| {
            let partner = &partners[at]["partnerships"];
            tests::line(&partner[0], &["/organization/slug", "/sinceYear", "/codifiedIn"])
        };
        assert_eq!(
            partners.iter().map(|node| &node["slug"]).collect::<Vec<_>>(),
            ["abc-unified-school-district", "san-juan-unified-school-district",]
        );
        assert_eq!(partnership(0), "abc-federation-of-teachers | 1993 | –");
        assert_eq!(partnership(1), "san-juan-teachers-association | – | 2004-2007 contract");
        for (at, facts) in [
            (0, ["national exemplar", "superintendent", "classified staff"]),
            (1, ["System of Professional Growth", "Peer Assistance and Review (PAR)", "Common Core State Standards"]),
        ] {
            let description = partners[at]["partnerships"][0]["description"].to_string();
            assert!(facts.iter().all(|fact| description.contains(fact)), "{description}");
        }
    });
}

#[test]
fn slugs_and_codes_lead_to_what_they_name() {
    with_record(async |service| {
        for (lookup, field, expected) in [
            ("convening(by: {slug: \"2015-symposium\"})", "title", "Labor-Management Symposium"),
            ("convening(by: {slug: \"2016-ee-summit\"})", "title", "California Educator Excellence Summit"),
            ("organization(by: {acronym: \"CDE\"})", "name", "California Department of Education"),
            ("organization(by: {acronym: \"cdef\"})", "name", "Californians Dedicated to Education Foundation"),
            ("organization(by: {acronym: \"ca lmi\"})", "name", "CA Labor-Management Initiative"),
            ("organization(by: {slug: \"unite-la\"})", "name", "UNITE-LA"),
            (
                "district(by: {slug: \"st-helena-unified-school-district\"})",
                "name",
                "St. Helena Unified School District",
            ),
            ("district(by: {cdsCode: \"34674470000000\"})", "name", "San Juan Unified School District"),
            ("person(by: {slug: \"jai-sookprasert\"})", "name", "Jai Sookprasert"),
        ] {
            let answer = service.ask(&format!("{{ found: {lookup} {{ {field} }} }}")).await;
            assert_eq!(answer.at("/found")[field], expected, "{lookup}");
        }
        for missing in [
            "convening(by: {slug: \"2014-symposium\"}) { id }",
            "organization(by: {acronym: \"LMI\"}) { id }",
            "organization(by: {slug: \"glen-price\"}) { id }",
            "district(by: {cdsCode: \"19642460000000\"}) { id }",
            "district(by: {slug: \"springfield-public-schools\"}) { id }",
            "person(by: {slug: \"glen-price-group\"}) { id }",
        ] {
            assert_eq!(service.ask(&format!("{{ found: {missing} }}")).await.at("/found"), Value::Null, "{missing}");
        }
    });
}
