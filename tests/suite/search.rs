//! Search over people, organizations, districts, convenings and sessions.

use serde_json::{Value, json};
use tests::{Answer, Service, with_record};

const FOUND: &str = "fragment Found on SearchResult {
    __typename ... on Node { id } ... on Person { name } ... on Organization { name } ... on District { name }
    ... on Convening { name: title } ... on Session { name: title } }";

async fn search(service: &Service, typed: &str) -> Answer {
    let document =
        "query Search($typed: String!) { search(query: $typed, first: 100) { totalCount nodes { ...Found } } }";
    service.ask_with(&format!("{document} {FOUND}"), &json!({ "typed": typed })).await
}

/// What is found, best first.
async fn found(service: &Service, typed: &str) -> Vec<String> {
    search(service, typed).await.lines("/search/nodes", &["/__typename", "/name"])
}

async fn best(service: &Service, typed: &str) -> String {
    found(service, typed).await.first().cloned().unwrap_or_else(|| "nothing".to_owned())
}

#[test]
fn a_name_an_acronym_or_another_spelling_leads_to_what_it_names() {
    with_record(async |service| {
        for (typed, first) in [
            ("CDE", "Organization | California Department of Education"),
            ("CDEF", "Organization | Californians Dedicated to Education Foundation"),
            ("cta", "Organization | California Teachers Association"),
            ("CA LMI", "Organization | CA Labor-Management Initiative"),
            ("LMI", "Organization | CA Labor-Management Initiative"),
            ("LMI working group", "Organization | CA LMI Working Group"),
            ("UNITE LA", "Organization | UNITE-LA"),
            ("S.D. Bechtel, Jr. Foundation", "Organization | S. D. Bechtel, Jr. Foundation"),
            ("SJUSD", "District | San Juan Unified School District"),
            ("San Juan", "District | San Juan Unified School District"),
            ("Corona Norco USD", "District | Corona-Norco Unified School District"),
            ("corona-norco", "District | Corona-Norco Unified School District"),
            ("St Helena", "District | St. Helena Unified School District"),
            ("Glen Price", "Person | Glen Price"),
            ("Glen Price Group", "Organization | Glen Price Group"),
            ("koppich julia", "Person | Julia Koppich"),
            ("what is possible", "Session | What IS Possible"),
            ("symposium", "Convening | Labor-Management Symposium"),
            ("MEP", "Organization | Massachusetts Education Partnership"),
        ] {
            assert_eq!(best(&service, typed).await, first, "{typed}");
        }
    });
}

#[test]
fn beginnings_of_words_are_enough() {
    with_record(async |service| {
        for (typed, first) in [
            ("pecht", "Person | Joshua Pechthalt"),
            ("jo pech", "Person | Joshua Pechthalt"),
            ("massachu", "Organization | Massachusetts Education Partnership"),
            ("west contra", "District | West Contra Costa Unified School District"),
            ("eight crit", "Session | Eight Critical Features of Effective Collaboration"),
        ] {
            assert_eq!(best(&service, typed).await, first, "{typed}");
        }
    });
}

#[test]
fn case_and_accents_do_not_count() {
    with_record(async |service| {
        let plain = found(&service, "jesus holguin").await;
        assert_eq!(plain, ["Person | Jesus Holguin", "Session | Charting the California Way"]);
        for typed in ["JESUS HOLGUIN", "Jesús Holguín", "jésus  HÖLGUIN", "  Holguin,  Jesus "] {
            assert_eq!(found(&service, typed).await, plain, "{typed}");
        }
    });
}

#[test]
fn typos_are_forgiven() {
    with_record(async |service| {
        for (typed, first) in [
            ("Pechtalt", "Person | Joshua Pechthalt"),
            ("Holgiun", "Person | Jesus Holguin"),
            ("Rubenstein", "Person | Saul Rubinstein"),
            ("Sookprasret", "Person | Jai Sookprasert"),
            ("long beech unified", "District | Long Beach Unified School District"),
            ("San Jaun Unified School District", "District | San Juan Unified School District"),
            ("Californa Teachers Asociation", "Organization | California Teachers Association"),
            ("Fremont USD", "District | Fremont Unified School District"),
            ("Massachusets", "Organization | Massachusetts Education Partnership"),
        ] {
            assert_eq!(best(&service, typed).await, first, "{typed}");
        }
    });
}

#[test]
fn the_very_name_comes_first_and_brings_no_noise() {
    with_record(async |service| {
        let everything = "{ organizations(first: 100) { nodes { name } } districts(first: 100) { nodes { name } } people { nodes { name } } }";
        let answer = service.ask(everything).await;
        for (kind, list) in [("Organization", "organizations"), ("District", "districts"), ("Person", "people")] {
            for name in answer.each(&format!("/{list}/nodes"), "/name") {
                let name = name.as_str().expect("a name");
                let hits = found(&service, name).await;
                assert_eq!(hits.first(), Some(&format!("{kind} | {name}")), "{name}");
                if kind == "District" {
                    // Nearly all share "Unified School District": what they share is not what was looked for.
                    let others = hits.iter().skip(1).filter(|hit| hit.starts_with("District"));
                    assert_eq!(others.collect::<Vec<_>>(), Vec::<&String>::new(), "{name}");
                }
            }
        }
        assert_eq!(
            found(&service, "San Juan Unified School District").await,
            [
                "District | San Juan Unified School District",
                "Organization | San Juan Teachers Association",
                "Session | What IS Possible",
            ],
            "the other two say so in their texts"
        );
    });
}

#[test]
fn words_of_abstracts_and_descriptions_find_them_behind_names() {
    with_record(async |service| {
        assert_eq!(
            found(&service, "peer assistance").await,
            [
                "Session | Focusing on Teacher Quality Through Peer Assistance and Review",
                "Session | What IS Possible",
                "Session | The Power of Labor-Management Collaboration in Transforming Districts, Schools, and Teaching",
            ]
        );
        // In other forms of the words as well.
        let redesign = ["Session | Site/School Level Collaboration", "Organization | Encina High School"];
        for typed in ["graduating struggle", "graduate struggles"] {
            assert_eq!(found(&service, typed).await, redesign, "{typed}");
        }
    });
}

#[test]
fn pages_hold_every_hit_exactly_once() {
    let document = format!(
        "query Page($typed: String!, $after: String) {{ search(query: $typed, first: 3, after: $after) {{
            totalCount edges {{ cursor node {{ ...Found }} }} nodes {{ ...Found }}
            pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} {FOUND}"
    );
    with_record(async |service| {
        for (typed, total) in [("unified", 38), ("LMI", 19), ("CDE", 7), ("SJUSD", 3), ("Pechtalt", 1)] {
            let whole = search(&service, typed).await;
            let expected = whole.at("/search/nodes").as_array().expect("a list").clone();
            assert_eq!(expected.len(), total, "{typed}");
            let (mut paged, mut after): (Vec<Value>, Value) = (Vec::new(), Value::Null);
            loop {
                let page = service.ask_with(&document, &json!({ "typed": typed, "after": after })).await;
                assert_eq!(page.at("/search/totalCount"), total, "{typed}");
                assert_eq!(page.each("/search/edges", "/node"), *page.at("/search/nodes").as_array().expect("a list"));
                let cursors = page.each("/search/edges", "/cursor");
                assert_eq!(page.at("/search/pageInfo/startCursor"), cursors[0]);
                assert_eq!(page.at("/search/pageInfo/endCursor"), cursors[cursors.len() - 1]);
                assert_eq!(page.at("/search/pageInfo/hasPreviousPage"), !paged.is_empty());
                paged.extend(page.each("/search/edges", "/node"));
                after = page.at("/search/pageInfo/endCursor");
                let more = page.at("/search/pageInfo/hasNextPage");
                assert_eq!(more, paged.len() < total, "{typed}");
                if more == false {
                    break;
                }
                assert_eq!(cursors.len(), 3, "only the last page may be short");
            }
            assert_eq!(paged, expected, "{typed}");
        }
    });
}

#[test]
fn a_cursor_is_good_for_its_own_search_only_and_pages_have_bounds() {
    with_record(async |service| {
        let other = service.ask("{ organizations(first: 1) { pageInfo { endCursor } } }").await;
        let ask = async |arguments: &str| {
            service
                .ask(&format!("{{ search(query: \"unified\", {arguments}) {{ totalCount nodes {{ __typename }} }} }}"))
                .await
        };
        let of_another_text = service.ask("{ search(query: \"board\", first: 1) { pageInfo { endCursor } } }").await;
        let foreign = format!("after: {}", other.at("/organizations/pageInfo/endCursor"));
        let elsewhere = format!("after: {}", of_another_text.at("/search/pageInfo/endCursor"));
        for refused in [&*foreign, &*elsewhere, "after: \"nonsense\"", "after: \"\"", "first: 101", "first: -1"] {
            let answer = ask(refused).await;
            assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{refused}");
            assert_eq!(answer.json()["data"]["search"], Value::Null, "{refused}");
        }
        let none = ask("first: 0").await;
        assert_eq!(none.at("/search"), json!({ "totalCount": 38, "nodes": [] }));
    });
}

#[test]
fn blank_text_and_signs_find_nothing_and_break_nothing() {
    let emoji = "😀".repeat(400);
    let (word, words) = ("a".repeat(400_000), "san juan ".repeat(40_000));
    let signs = [
        "", " ", "\t\n", "%", "_", "%%", "\"", "'", "''; --", ":*", "!", "&", "|", "<->", "(", ")", "()", "\\", "*",
        "-", "--", "{}", "[]", "?", "😀", "…", "“”", &emoji, &word,
    ];
    with_record(async |service| {
        for typed in signs {
            let answer = search(&service, typed).await;
            let start: String = typed.chars().take(20).collect();
            assert_eq!(answer.at("/search"), json!({ "totalCount": 0, "nodes": [] }), "{start:?}");
        }
        let expected = found(&service, "San Juan").await;
        for typed in [
            "San & Juan",
            "San:* Juan:*",
            "!San !Juan",
            "-San -Juan",
            "San -Juan",
            "\"San\" Juan",
            "\"San Juan",
            "San' Juan'",
            "San%Juan",
            "San_Juan",
            "San\\Juan",
            "(San <-> Juan)",
            "San 😀 Juan",
            "San … Juan",
            &words,
        ] {
            let start: String = typed.chars().take(20).collect();
            assert_eq!(found(&service, typed).await, expected, "{start:?}");
        }
    });
}

#[test]
fn a_text_with_nul_is_refused_and_not_our_fault() {
    with_record(async |service| {
        for document in [
            "query Q($typed: String!) { search(query: $typed) { totalCount } }",
            "query Q($typed: String!) { people(filter: {search: $typed}) { totalCount } }",
        ] {
            let answer = service.ask_with(document, &json!({ "typed": "San\u{0}Juan" })).await;
            assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{document}");
        }
    });
}
