//! The page on selecting says what is so: its example is drawn as it is written.

use entity::district::Kind;
use lmi::selection::{Candidate, Decision, Group, METHOD, Method, Quota, draw, select};
use sea_orm::ActiveEnum as _;

const PAGE: &str = include_str!("../../docs/selection.md");

/// The cells of the lines of the example.
fn lines() -> Vec<Vec<&'static str>> {
    let example = PAGE.split("## An example").nth(1).expect("an example");
    let lines = example.lines().filter(|line| line.starts_with("| ") && !line.contains("---")).skip(1);
    lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

#[test]
fn the_example_is_drawn_as_the_page_tells_it() {
    let seed = PAGE.split("The seed is\n`").nth(1).and_then(|rest| rest.split('`').next()).expect("a seed");
    let lines = lines();
    assert_eq!(lines.len(), 8);
    let candidate = |line: &Vec<&str>| Candidate {
        code: line[2].to_owned(),
        region: None,
        kind: Kind::try_from_value(&line[3].to_owned()).ok(),
        enrollment: None,
        first_time: line[4] == "yes",
        kept: false,
    };
    // As they might have come in.
    let candidates: Vec<Candidate> = lines.iter().rev().map(candidate).collect();
    let quota = |group, minimum, maximum| Quota { group, minimum, maximum, target: None };
    let quotas = vec![quota(Group::FirstTime(true), 3, None), quota(Group::Kind(Kind::High), 0, Some(1))];
    let drawn = select(&Method { seed: seed.to_owned(), capacity: 4, waitlist: None, quotas }, &candidates);
    let drawn = drawn.expect("a selection");
    assert!(drawn.shortfalls.is_empty());
    for (outcome, line) in drawn.outcomes.iter().zip(&lines) {
        let decision = match outcome.decision {
            Decision::Selected => "selected".to_owned(),
            Decision::Waitlisted(place) => format!("waits, {place}"),
            Decision::NotSelected => "not selected".to_owned(),
        };
        let told = [
            outcome.place.to_string(),
            outcome.draw[..8].to_owned(),
            candidates[outcome.candidate].code.clone(),
            line[3].to_owned(),
            line[4].to_owned(),
            decision,
            outcome.reason.code().to_value(),
        ];
        assert_eq!(told.each_ref().map(String::as_str), line[..]);
    }
}

#[test]
fn the_page_names_the_method_and_draws_a_lot_as_it_is_drawn() {
    assert!(PAGE.contains(&format!("The method's name is `{METHOD}`.")));
    let command = PAGE.lines().find(|line| line.starts_with("printf '")).expect("a command");
    let text = command.trim_start_matches("printf '").split('\'').next().expect("what is summed up");
    let (seed, code) = text.split_once("\\n").expect("a seed and a code");
    assert_eq!(draw(seed, code)[..8], *lines()[0][1]);
}
