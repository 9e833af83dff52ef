//! What differs between two states of an agenda: by itself, for any two.

use lmi::agenda::{Part, differences};
use proptest::collection::btree_map;
use proptest::prelude::*;
use proptest::test_runner::Config;
use sea_orm::prelude::Uuid;
use serde_json::{Map, Value, json};

/// Any agenda: of each sort some rows out of a few, which tell one thing or another.
fn agendas() -> impl Strategy<Value = Value> {
    let title = prop_oneof![Just("Opening"), Just("Workshop"), Just("Closing")];
    let row = (title, 0_u128..4, proptest::option::of(1..4)).prop_map(|(title, session, number)| {
        json!({ "title": title, "name": title, "name_as_shown": title, "number": number,
            "session_id": Uuid::from_u128(session).to_string() })
    });
    let rows = btree_map(0_u128..4, row, 0..4);
    let rows = rows.prop_map(|rows| {
        let rows = rows.into_iter().map(|(key, row)| (Uuid::from_u128(key).to_string(), row));
        Value::Object(rows.collect())
    });
    proptest::collection::vec(rows, Part::ALL.len()).prop_map(|parts| {
        let parts = Part::ALL.into_iter().zip(parts).map(|(part, rows)| (part.name().to_owned(), rows));
        Value::Object(parts.collect())
    })
}

/// An agenda after what differs was done to it.
fn applied(mut agenda: Value, before: &Value, after: &Value) -> Value {
    for difference in differences(before, after) {
        let rows = agenda[difference.part.name()].as_object_mut().expect("rows");
        let key = difference.key.to_string();
        assert_eq!(rows.get(&key), difference.before.as_ref(), "what it was before is told");
        match difference.after {
            Some(row) => rows.insert(key, row),
            None => rows.remove(&key),
        };
    }
    agenda
}

proptest! {
    #![proptest_config(Config { cases: 2000, ..Config::default() })]

    #[test]
    fn what_differs_leads_from_the_one_to_the_other((before, after) in (agendas(), agendas())) {
        prop_assert_eq!(applied(before.clone(), &before, &after), after.clone());
        prop_assert_eq!(applied(after.clone(), &after, &before), before.clone());
        prop_assert_eq!(differences(&before, &before), vec![]);
        prop_assert_eq!(differences(&before, &after).is_empty(), before == after);
    }
}

#[test]
fn what_was_taken_off_is_called_as_it_was_and_what_stays_as_it_is() {
    let key = |number| Uuid::from_u128(number).to_string();
    let of = |part: &str, rows: Value| Value::Object(Map::from_iter([(part.to_owned(), rows)]));
    let mut before = of("session", json!({ key(1): { "title": "Old" }, key(2): { "title": "Gone" } }));
    before["slot"] = json!({ key(3): { "session_id": key(2), "round": 1 } });
    let mut after = of("session", json!({ key(1): { "title": "New" } }));
    after["speaker"] = json!({ key(4): { "session_id": key(1), "name_as_shown": "Ada Example" } });
    let told: Vec<String> = differences(&before, &after)
        .into_iter()
        .map(|one| {
            let change = (one.before.is_some(), one.after.is_some());
            format!("{:?} {} in {:?} {change:?}", one.part, one.title, one.session)
        })
        .collect();
    assert_eq!(
        told,
        [
            "Session Gone in None (true, false)",
            "Session New in None (true, true)",
            "Slot Gone in Some(\"Gone\") (true, false)",
            "Speaker Ada Example in Some(\"New\") (false, true)",
        ]
    );
    assert_eq!(differences(&json!({}), &after).len(), 2, "since nothing, everything is new");
}
