//! A cursor continues the list that it comes from, and nothing else is taken for one.

use crate::fixtures_lists::{List, lists};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tests::with_empty;

#[test]
fn a_cursor_is_good_for_its_own_list_and_order_only() {
    with_empty(async |service| {
        let (service, lists) = lists(&service).await;
        let mut cursors = Vec::new();
        for list in &lists {
            cursors.push(list.page(&service, "first: 1").await.cursors.remove(0));
        }
        for (list, own) in lists.iter().zip(&cursors) {
            for (other, cursor) in lists.iter().zip(&cursors) {
                let alike = kind(list) == kind(other);
                let answer = service.ask(&list.document(&format!("first: 1, after: \"{cursor}\""))).await;
                if alike {
                    assert_eq!(answer.codes(), Vec::<String>::new(), "{cursor} in {}", list.document);
                } else {
                    assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{cursor} in {}", list.document);
                    assert!(answer.messages().contains("another list or another order"), "{}", answer.messages());
                }
            }
            assert_eq!(
                service.ask(&list.document(&format!("last: 1, before: \"{own}\""))).await.codes(),
                Vec::<String>::new()
            );
        }
    });
}

#[test]
fn what_is_no_cursor_is_refused_wherever_it_is_given() {
    with_empty(async |service| {
        let (service, lists) = lists(&service).await;
        let made = |json: &str| BASE64_URL_SAFE_NO_PAD.encode(json);
        let key = "00000000-0000-0000-0000-000000000000";
        for list in &lists {
            let cursor = list.page(&service, "first: 1").await.cursors.remove(0);
            let json = BASE64_URL_SAFE_NO_PAD.decode(&cursor).expect("base64");
            let json: Value = serde_json::from_slice(&json).expect("JSON");
            let position = |keys: Value| made(&json!({ "o": json["o"], "k": keys }).to_string());
            let keys = json["k"].as_array().expect("keys").len();
            let with_first = |first: Value| {
                let mut keys = json["k"].clone();
                keys[0] = first;
                position(keys)
            };
            let mut bad = vec![
                String::new(),
                "A".to_owned(),
                "?".to_owned(),
                cursor[..cursor.len() / 2].to_owned(),
                format!("{cursor}A"),
                format!("{cursor}{cursor}"),
                cursor.to_lowercase(),
                made("null"),
                made("[]"),
                made("{}"),
                made(&"[".repeat(10_000)),
                BASE64_URL_SAFE_NO_PAD.encode([0xff; 30]),
                BASE64_URL_SAFE_NO_PAD.encode([b"{\"o\":\"".as_slice(), &[0xff, 0xfe], b"\",\"k\":[]}"].concat()),
                "A".repeat(100_000),
                position(json!([])),
                position(json!(vec![key; keys + 1])),
                position(json!(vec![Value::Null; keys])),
                with_first(json!({})),
                with_first(json!(1.5)),
                with_first(json!(true)),
            ];
            let is_number = json["k"][0].is_number();
            let is_date = json["k"][0].as_str().is_some_and(|text| text.len() == 10 && text.as_bytes()[4] == b'-');
            if is_number {
                bad.extend([json!(i64::MAX), json!(i64::MIN), json!("1")].map(with_first));
            } else if is_date {
                bad.extend(
                    ["2015-02-30", "-200000-01-01", "+200000-01-01", "x", ""].map(|date| with_first(json!(date))),
                );
            } else {
                bad.push(with_first(json!("a\0b")));
            }
            for cursor in bad {
                for place in ["first: 1, after", "last: 1, before"] {
                    let answer = service.ask(&list.document(&format!("{place}: \"{cursor}\""))).await;
                    assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{place} {:.200} in {}", cursor, list.document);
                }
            }
        }
    });
}

/// Lists of the same rows in the same order: under another parent they are the same list.
fn kind(list: &List) -> &str {
    match list.at {
        "/teams" | "/convening/teams" => "teams",
        at if at.ends_with("/affiliations") => "affiliations",
        _ => &list.document,
    }
}
