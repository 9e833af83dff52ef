//! What the two documents say of people: who they were, where and when, and at which sessions they spoke.

use serde_json::{Value, json};
use tests::{Answer, with_record};

const AFFILIATION: [&str; 5] = ["/organization/slug", "/title", "/statedOn", "/startsOn", "/endsOn"];

/// A line for each affiliation of each person, in the order of the answer.
fn affiliations(answer: &Answer) -> Vec<String> {
    let people = answer.at("/people/nodes");
    let people = people.as_array().expect("a list").iter();
    let lines = people.flat_map(|person| {
        let held = person["affiliations"]["nodes"].as_array().expect("a list").iter();
        held.map(|held| format!("{} | {}", person["slug"].as_str().unwrap_or("–"), tests::line(held, &AFFILIATION)))
            .collect::<Vec<_>>()
    });
    lines.collect()
}

#[test]
fn twelve_people_are_named() {
    with_record(async |service| {
        let answer = service.ask("{ people { totalCount nodes { slug honorific name } } }").await;
        assert_eq!(answer.at("/people/totalCount"), 12);
        assert_eq!(
            answer.lines("/people/nodes", &["/slug", "/honorific", "/name"]),
            [
                "eric-heins | – | Eric Heins",
                "glen-price | – | Glen Price",
                "jai-sookprasert | – | Jai Sookprasert",
                "jesus-holguin | – | Jesus Holguin",
                "joshua-pechthalt | – | Joshua Pechthalt",
                "julia-koppich | – | Julia Koppich",
                "ken-futernick | – | Ken Futernick",
                "saul-rubinstein | Professor | Saul Rubinstein",
                "shannan-brown | – | Shannan Brown",
                "shelly-masur | – | Shelly Masur",
                "tom-torlakson | – | Tom Torlakson",
                "wes-smith | – | Wes Smith",
            ]
        );
    });
}

#[test]
fn affiliations_have_the_day_of_the_document_that_states_them() {
    with_record(async |service| {
        let document = "{ people { nodes { slug affiliations { nodes {
            organization { slug } district { slug } title statedOn startsOn endsOn } } } } }";
        let answer = service.ask(document).await;
        assert_eq!(
            affiliations(&answer),
            [
                "eric-heins | cta | – | 2015-05-08 | – | –",
                "eric-heins | cta | President | 2016-01-20 | – | –",
                "glen-price | cde | Chief Deputy | 2016-01-20 | – | –",
                "jai-sookprasert | csea | – | 2015-05-08 | – | –",
                "jesus-holguin | csba | – | 2015-05-08 | – | –",
                "joshua-pechthalt | cft | – | 2015-05-08 | – | –",
                "shannan-brown | san-juan-teachers-association | President | 2016-01-20 | – | –",
                "shannan-brown | ca-lmi-working-group | member | 2016-01-20 | – | –",
                "shelly-masur | cdef | CEO | 2015-05-08 | – | –",
                "shelly-masur | cdef | CEO | 2016-01-20 | – | –",
                "tom-torlakson | office-of-the-state-superintendent | Superintendent of Public Instruction (SPI) | 2015-05-08 | – | –",
                "wes-smith | acsa | – | 2015-05-08 | – | –",
                "wes-smith | acsa | Executive Director | 2016-01-20 | – | –",
            ],
            "Julia Koppich, Ken Futernick and Saul Rubinstein have none: no document names one"
        );
    });
}

#[test]
fn titles_hold_from_the_day_that_states_them_until_a_later_statement() {
    let days: [(&str, &[&str]); 5] = [
        ("2015-05-07", &[]),
        (
            "2015-05-08",
            &[
                "eric-heins | cta | – | 2015-05-08 | – | –",
                "shelly-masur | cdef | CEO | 2015-05-08 | – | –",
                "wes-smith | acsa | – | 2015-05-08 | – | –",
            ],
        ),
        (
            "2016-01-19",
            &[
                "eric-heins | cta | – | 2015-05-08 | – | –",
                "shelly-masur | cdef | CEO | 2015-05-08 | – | –",
                "wes-smith | acsa | – | 2015-05-08 | – | –",
            ],
        ),
        (
            "2016-01-20",
            &[
                "eric-heins | cta | President | 2016-01-20 | – | –",
                "shelly-masur | cdef | CEO | 2016-01-20 | – | –",
                "wes-smith | acsa | Executive Director | 2016-01-20 | – | –",
            ],
        ),
        (
            "2026-06-01",
            &[
                "eric-heins | cta | President | 2016-01-20 | – | –",
                "shelly-masur | cdef | CEO | 2016-01-20 | – | –",
                "wes-smith | acsa | Executive Director | 2016-01-20 | – | –",
            ],
        ),
    ];
    with_record(async |service| {
        let document = "query Titles($day: Date!) { people { nodes { slug affiliations(asOf: $day) { nodes {
            organization { slug } title statedOn startsOn endsOn } } } } }";
        for (day, expected) in days {
            let answer = service.ask_with(document, &json!({ "day": day })).await;
            let mut held = affiliations(&answer);
            held.retain(|line| ["eric-heins", "shelly-masur", "wes-smith"].iter().any(|slug| line.starts_with(slug)));
            assert_eq!(held, expected, "{day}");
        }
    });
}

#[test]
fn an_organization_knows_who_was_there_on_a_day() {
    with_record(async |service| {
        let document = "query Held($day: Date) { organization(by: {acronym: \"ACSA\"}) { affiliations(asOf: $day) {
            totalCount nodes { person { slug } title } } } }";
        for (day, expected) in [
            (json!("2015-05-07"), &[][..]),
            (json!("2015-12-31"), &["wes-smith | –"][..]),
            (json!("2016-12-31"), &["wes-smith | Executive Director"][..]),
            (Value::Null, &["wes-smith | –", "wes-smith | Executive Director"][..]),
        ] {
            let answer = service.ask_with(document, &json!({ "day": day })).await;
            let held = answer.lines("/organization/affiliations/nodes", &["/person/slug", "/title"]);
            assert_eq!(held, expected, "{day}");
            assert_eq!(answer.at("/organization/affiliations/totalCount"), expected.len(), "{day}");
        }
    });
}

#[test]
fn an_agenda_shows_the_title_of_its_day() {
    with_record(async |service| {
        let document = "{ people { nodes { slug appearances { nodes {
            session { slug convening { slug } } role nameAsShown titleAsShown } } } } }";
        let answer = service.ask(document).await;
        let people = answer.at("/people/nodes");
        let mut shown = Vec::new();
        for person in people.as_array().expect("a list") {
            for speaker in person["appearances"]["nodes"].as_array().expect("a list") {
                let fields = ["/nameAsShown", "/session/slug", "/role", "/titleAsShown"];
                shown.push(tests::line(speaker, &fields));
            }
        }
        assert_eq!(
            shown,
            [
                "Eric Heins | charting-the-california-way | PANELIST | –",
                "Eric Heins | summit-panel | PANELIST | President",
                "Glen Price | summit-panel | PANELIST | Chief Deputy",
                "Jai Sookprasert | charting-the-california-way | PANELIST | –",
                "Jesus Holguin | charting-the-california-way | PANELIST | –",
                "Joshua Pechthalt | charting-the-california-way | PANELIST | –",
                "Julia Koppich | breakout-1 | PRESENTER | –",
                "Ken Futernick | breakout-2 | PRESENTER | –",
                "Ken Futernick | summit-panel | PANELIST | Researcher",
                "Saul Rubinstein | dinner-rubinstein | PRESENTER | –",
                "Saul Rubinstein | breakout-6 | PRESENTER | –",
                "Shannan Brown | summit-panel | PANELIST | President",
                "Shelly Masur | welcome | SPEAKER | CEO",
                "Shelly Masur | charting-the-california-way | MODERATOR | CEO",
                "Shelly Masur | summit-panel | PANELIST | CEO",
                "Tom Torlakson | welcome | SPEAKER | Superintendent of Public Instruction (SPI)",
                "Tom Torlakson | charting-the-california-way | MODERATOR | Superintendent of Public Instruction (SPI)",
                "Wes Smith | charting-the-california-way | PANELIST | –",
                "Wes Smith | summit-panel | PANELIST | Executive Director",
            ]
        );
    });
}

#[test]
fn four_people_spoke_at_both_convenings() {
    with_record(async |service| {
        let document = "{ people { nodes { name appearances { nodes { session { convening { slug } } } } } } }";
        let answer = service.ask(document).await;
        let people = answer.at("/people/nodes");
        let people = people.as_array().expect("a list").iter();
        let both = people.filter(|person| {
            let nodes = person["appearances"]["nodes"].as_array().expect("a list");
            let at = |slug: &str| nodes.iter().any(|speaker| speaker["session"]["convening"]["slug"] == slug);
            at("2015-symposium") && at("2016-ee-summit")
        });
        let both: Vec<&Value> = both.map(|person| &person["name"]).collect();
        assert_eq!(both, ["Eric Heins", "Ken Futernick", "Shelly Masur", "Wes Smith"]);
    });
}

#[test]
fn glen_price_and_glen_price_group_have_nothing_to_do_with_each_other() {
    with_record(async |service| {
        let document = "{ person(by: {slug: \"glen-price\"}) { name affiliations { nodes { organization { slug } } } }
            organization(by: {slug: \"glen-price-group\"}) { name description affiliations { totalCount } } }";
        assert_eq!(
            service.ask(document).await.data(),
            json!({
                "person": {
                    "name": "Glen Price",
                    "affiliations": { "nodes": [{ "organization": { "slug": "cde" } }] },
                },
                "organization": {
                    "name": "Glen Price Group", "description": null, "affiliations": { "totalCount": 0 },
                },
            })
        );
    });
}

#[test]
fn nothing_is_guessed_of_a_school_or_a_university() {
    with_record(async |service| {
        let document = "{
            encina: organization(by: {slug: \"encina-high-school\"}) { kind parent { slug } affiliations { totalCount } }
            rutgers: organization(by: {slug: \"rutgers-smlr\"}) { description parent { slug } affiliations { totalCount } }
            rubinstein: person(by: {slug: \"saul-rubinstein\"}) { honorific biography contact { email } affiliations { totalCount } } }";
        let data = service.ask(document).await.data();
        assert_eq!(data["encina"], json!({ "kind": "SCHOOL", "parent": null, "affiliations": { "totalCount": 0 } }));
        assert_eq!(
            data["rutgers"],
            json!({ "description": null, "parent": null, "affiliations": { "totalCount": 0 } })
        );
        assert_eq!(data["rubinstein"]["affiliations"]["totalCount"], 0);
        assert_eq!(data["rubinstein"]["contact"], Value::Null);
        let biography = data["rubinstein"]["biography"].as_str().expect("a biography");
        assert!(!biography.contains("Rutgers") && !biography.contains("University"), "{biography}");
    });
}
