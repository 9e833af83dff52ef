//! Composition rules: what a team must be made of, a version after another.

use crate::writes::refusals;
use lmi::auth::Role;
use serde_json::json;
use tests::{contents, with_empty, with_record};

const CREATE: &str = "mutation ($input: CreateCompositionRuleInput!) { createCompositionRule(input: $input) {
    compositionRule { version seats { seat minimum maximum label } } userErrors { field code } } }";

#[test]
fn the_rule_of_2015_is_there_and_another_follows_it() {
    with_record(async |service| {
        let seats = service.ask("{ compositionRules { version seats { seat minimum maximum } } }").await;
        let one = |seat| json!({ "seat": seat, "minimum": 1, "maximum": 1 });
        let four = ["SUPERINTENDENT", "SCHOOL_BOARD_MEMBER", "TEACHERS_UNION_PRESIDENT", "CLASSIFIED_UNION_PRESIDENT"];
        assert_eq!(seats.at("/compositionRules"), json!([{ "version": 1, "seats": four.map(one) }]));
        let input = json!({ "seats": [{ "seat": "SUPERINTENDENT", "label": "Superintendent" },
            { "seat": "OTHER", "minimum": 0, "maximum": 3, "label": "Principals" }] });
        let made = service.as_role(Role::Staff).ask_with(CREATE, &json!({ "input": input })).await;
        let expected = json!({ "version": 2, "seats": [
            { "seat": "SUPERINTENDENT", "minimum": 1, "maximum": 1, "label": "Superintendent" },
            { "seat": "OTHER", "minimum": 0, "maximum": 3, "label": "Principals" }] });
        assert_eq!(made.at("/createCompositionRule/compositionRule"), expected);
        let still = service.ask("{ convening(by: {slug: \"2015-symposium\"}) { compositionRule { version } } }").await;
        assert_eq!(still.at("/convening/compositionRule/version"), 1);
    });
}

#[test]
fn everything_that_is_wrong_with_a_rule_is_told_at_once_and_nothing_is_written() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let before = contents(&service.db).await;
        let input = json!({ "seats": [{ "seat": "OTHER", "label": " " },
            { "seat": "OTHER", "minimum": 3, "maximum": 2, "label": "Three" }] });
        let answer = staff.ask_with(CREATE, &json!({ "input": input })).await;
        let expected = [
            "[\"seats\",\"0\",\"label\"] | REQUIRED",
            "[\"seats\",\"1\",\"maximum\"] | INVALID",
            "[\"seats\",\"1\",\"seat\"] | INVALID",
        ];
        assert_eq!(refusals(&answer, "createCompositionRule"), expected);
        let none = staff.ask_with(CREATE, &json!({ "input": { "seats": [] } })).await;
        assert_eq!(refusals(&none, "createCompositionRule"), ["[\"seats\"] | INVALID"]);
        let sound = json!({ "input": { "seats": [{ "seat": "OTHER", "label": "Anybody" }] } });
        for role in [Role::Partner, Role::TeamLead, Role::Organizer, Role::Evaluator, Role::Auditor] {
            assert_eq!(service.as_role(role).ask_with(CREATE, &sound).await.codes(), ["FORBIDDEN"], "{role:?}");
        }
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}
