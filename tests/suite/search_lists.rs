//! Lists that are narrowed by what somebody typed.

use serde_json::{Value, json};
use tests::{Answer, Service, with_record};

const ORGANIZATIONS: &str = "organizations(filter: {search: $typed}, first: 100)";
const DISTRICTS: &str = "districts(filter: {search: $typed}, first: 100)";
const PEOPLE: &str = "people(filter: {search: $typed}, first: 100)";
const CONVENINGS: &str = "convenings(filter: {search: $typed}, first: 100)";
const SESSIONS: &str = "sessions(filter: {search: $typed}, first: 100)";

/// The names in a list narrowed to what was typed.
async fn narrowed(service: &Service, list: &str, typed: &str) -> Vec<String> {
    let answer = ask(service, list, Some(typed)).await;
    let path = if list == SESSIONS { "/convening/list" } else { "/list" };
    let names = answer.lines(&format!("{path}/nodes"), &["/name"]);
    assert_eq!(answer.at(&format!("{path}/totalCount")), names.len(), "the count is narrowed too");
    names
}

async fn ask(service: &Service, list: &str, typed: Option<&str>) -> Answer {
    let name = if list == SESSIONS || list == CONVENINGS { "name: title" } else { "name" };
    let list = format!("list: {list} {{ totalCount nodes {{ {name} }} }}");
    let document = if list.contains(SESSIONS) {
        format!("query Narrowed($typed: String) {{ convening(by: {{slug: \"2015-symposium\"}}) {{ {list} }} }}")
    } else {
        format!("query Narrowed($typed: String) {{ {list} }}")
    };
    service.ask_with(&document, &json!({ "typed": typed })).await
}

#[test]
fn each_list_can_be_narrowed_and_keeps_its_order() {
    let expected: [(&str, &str, &[&str]); 14] = [
        (ORGANIZATIONS, "union", &["CA LMI organizing committees", "Massachusetts Education Partnership"]),
        (ORGANIZATIONS, "foundation stuart", &["S. D. Bechtel, Jr. Foundation", "Stuart Foundation"]),
        (ORGANIZATIONS, "ACSA", &["Association of California School Administrators", "CA LMI organizing committees"]),
        (
            DISTRICTS,
            "santa",
            &[
                "Santa Ana Unified School District",
                "Santa Clara Unified School District",
                "Santa Monica Malibu Unified School District",
            ],
        ),
        (DISTRICTS, "sjusd", &["San Juan Unified School District"]),
        (DISTRICTS, "San Jaun Unified School District", &["San Juan Unified School District"]),
        (DISTRICTS, "Fremont Unified School District", &["Fremont Unified School District"]),
        (DISTRICTS, "long beech unified", &["Long Beach Unified School District"]),
        (PEOPLE, "j", &["Jai Sookprasert", "Jesus Holguin", "Joshua Pechthalt", "Julia Koppich"]),
        (PEOPLE, "Holgiun", &["Jesus Holguin"]),
        (CONVENINGS, "symposium", &["Labor-Management Symposium"]),
        (CONVENINGS, "excellence", &["California Educator Excellence Summit"]),
        (
            SESSIONS,
            "rubinstein",
            &[
                "Dinner presentation: summary of Professor Saul Rubinstein's work",
                "Labor-Management Collaboration: Impact on Student Achievement",
            ],
        ),
        (SESSIONS, "team time", &["What IS Possible", "Team Time", "Team Time", "Closing session"]),
    ];
    with_record(async |service| {
        for (list, typed, names) in expected {
            assert_eq!(narrowed(&service, list, typed).await, names, "{typed} in {list}");
        }
    });
}

#[test]
fn blank_text_narrows_nothing_down_and_signs_leave_nothing() {
    with_record(async |service| {
        for (list, all) in [(ORGANIZATIONS, 30), (DISTRICTS, 47), (PEOPLE, 12), (CONVENINGS, 2), (SESSIONS, 15)] {
            for blank in ["", "  ", "\n"] {
                assert_eq!(narrowed(&service, list, blank).await.len(), all, "{blank:?} in {list}");
            }
            for sign in ["%", "_", "😀", ":*", "!", "&", "'", "\"", "\\", "zzzzqqq", &"é".repeat(5_000)] {
                assert_eq!(narrowed(&service, list, sign).await, Vec::<String>::new(), "{list}");
            }
            assert_eq!(ask(&service, list, None).await.json()["errors"], Value::Null, "null is as good as nothing");
        }
    });
}
