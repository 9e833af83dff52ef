//! Search finds what the viewer may see, in names with accents and texts as well, and nothing else.

use lmi::auth::Role;
use serde_json::{Value, json};
use tests::{Service, with_empty};

/// Made up. The second convening is still a draft; the third has no agenda yet.
const RECORD: &str = r#"
[[organization]]
slug = "zorro-academie"
name = "Zorroña Académie"
kind = "other"
description = "Founded over a crème brûlée."

[[organization]]
slug = "dull"
name = "Dull & Dull (50% off)"
kind = "other"

[[person]]
slug = "zorrona-shown"
name = "Zorroña Shown"

[[person]]
slug = "zorrona-draft"
name = "Zorroña Draft"

[[person]]
slug = "zorrona-nowhere"
name = "Zorroña Nowhere"

[[convening]]
slug = "shown"
title = "Zorroña Day"
kind = "meeting"
status = "completed"
starts_on = "2020-01-01"
ends_on = "2020-01-01"
hosted_by_initiative = true

[[convening.session]]
slug = "shown"
title = "Zorroña Shown Session"
format = "plenary"

[[convening.session.speaker]]
role = "speaker"
person = "zorrona-shown"

[[convening]]
slug = "draft"
title = "Zorroña Draft Day"
kind = "meeting"
status = "draft"
starts_on = "2030-01-01"
ends_on = "2030-01-01"
hosted_by_initiative = true

[[convening.session]]
slug = "draft"
title = "Zorroña Draft Session"
format = "plenary"

[[convening.session.speaker]]
role = "speaker"
person = "zorrona-draft"

[[convening]]
slug = "announced"
title = "Zorroña Announced Day"
kind = "meeting"
status = "announced"
starts_on = "2030-02-01"
ends_on = "2030-02-01"
hosted_by_initiative = true

[[convening.session]]
slug = "announced"
title = "Zorroña Hidden Session"
format = "plenary"
"#;

async fn found(service: &Service, typed: &str) -> Vec<String> {
    let document = "query Search($typed: String!) { search(query: $typed) { totalCount nodes {
        ... on Person { name } ... on Organization { name } ... on Convening { name: title } ... on Session { name: title } } } }";
    let answer = service.ask_with(document, &json!({ "typed": typed })).await;
    let mut names = answer.lines("/search/nodes", &["/name"]);
    assert_eq!(answer.at("/search/totalCount"), names.len(), "the count gives nothing away");
    names.sort();
    names
}

#[test]
fn what_a_viewer_may_not_see_is_neither_found_nor_counted() {
    with_empty(async |service| {
        service.load(RECORD).await;
        let public =
            ["Zorroña Académie", "Zorroña Announced Day", "Zorroña Day", "Zorroña Shown", "Zorroña Shown Session"];
        let hidden = [
            "Zorroña Draft",
            "Zorroña Draft Day",
            "Zorroña Draft Session",
            "Zorroña Hidden Session",
            "Zorroña Nowhere",
        ];
        let mut all = [public, hidden].concat();
        all.sort_unstable();
        for typed in ["zorrona", "Zorroña", "zorr", "zorona"] {
            assert_eq!(found(&service, typed).await, public, "{typed}");
            assert_eq!(found(&service.as_role(Role::Evaluator), typed).await, public, "{typed}");
            assert_eq!(found(&service.as_role(Role::Staff), typed).await, all, "{typed}");
        }
        for typed in ["Zorroña Draft Day", "Zorroña Hidden Session", "Zorroña Nowhere"] {
            assert_eq!(found(&service, typed).await, Vec::<String>::new(), "{typed}");
        }
    });
}

#[test]
fn accents_do_not_count_in_names_and_texts_and_signs_in_names_are_found() {
    with_empty(async |service| {
        service.load(RECORD).await;
        for typed in ["academie", "ACADÉMIE", "zorrona academie", "creme brulee", "crème brûlée", "Crème Brulée"]
        {
            assert_eq!(found(&service, typed).await, ["Zorroña Académie"], "{typed}");
        }
        for typed in ["Dull & Dull (50% off)", "dull dull 50 off", "50% off", "50"] {
            assert_eq!(found(&service, typed).await, ["Dull & Dull (50% off)"], "{typed}");
        }
    });
}

#[test]
fn hits_of_equal_rank_keep_their_order_from_page_to_page() {
    with_empty(async |service| {
        let namesakes: Vec<String> = (0..30)
            .map(|n| format!("[[organization]]\nslug = \"namesake-{n}\"\nname = \"Namesake\"\nkind = \"other\"\n"))
            .collect();
        service.load(&namesakes.concat()).await;
        let document = "query Page($after: String) { search(query: \"namesake\", first: 7, after: $after) {
            nodes { ... on Organization { slug } } pageInfo { hasNextPage endCursor } } }";
        let (mut slugs, mut after) = (Vec::new(), Value::Null);
        for rows in [7, 7, 7, 7, 2] {
            let page = service.ask_with(document, &json!({ "after": after })).await;
            let found = page.each("/search/nodes", "/slug");
            assert_eq!(found.len(), rows);
            slugs.extend(found);
            after = page.at("/search/pageInfo/endCursor");
            assert_eq!(page.at("/search/pageInfo/hasNextPage"), slugs.len() < 30);
        }
        let expected: Vec<Value> = (0..30).map(|n| json!(format!("namesake-{n}"))).collect();
        assert_eq!(slugs, expected, "namesakes come in the order in which they were entered");
    });
}
