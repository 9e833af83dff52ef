//! The groups that participation is counted in.

use crate::participation::counted;
use serde_json::{Value, json};
use tests::with_record;

#[test]
fn the_symposium_by_county_and_kind_has_groups_for_what_nobody_knows() {
    with_record(async |service| {
        let rows = counted(&service, &Value::Null, &["YEAR", "DISTRICT_KIND"]).await;
        assert_eq!(
            rows,
            [
                "– | – | – | ELEMENTARY | 2015 | 10 | 10",
                "– | – | – | HIGH | 2015 | 1 | 1",
                "– | – | – | UNIFIED | 2015 | 33 | 33",
                "– | – | – | – | 2015 | 3 | 3",
            ],
            "three districts are unresolved"
        );
        let counties = counted(&service, &Value::Null, &["COUNTY"]).await;
        assert_eq!(counties.first().map(String::as_str), Some("– | Alameda | – | – | – | 2 | 2"));
        assert_eq!(counties.last().map(String::as_str), Some("– | – | – | – | – | 3 | 3"));
    });
}

#[test]
fn a_dimension_named_twice_or_in_another_order_changes_nothing() {
    with_record(async |service| {
        let plain = counted(&service, &Value::Null, &["COUNTY", "YEAR"]).await;
        for group_by in [&["YEAR", "COUNTY"][..], &["COUNTY", "COUNTY", "YEAR"], &["YEAR", "COUNTY", "YEAR", "COUNTY"]]
        {
            assert_eq!(counted(&service, &Value::Null, group_by).await, plain, "{group_by:?}");
        }
        assert_eq!(counted(&service, &Value::Null, &[]).await, ["– | – | – | – | – | 47 | 47"]);
    });
}

#[test]
fn groups_can_be_selected_under_other_names_and_with_what_they_lead_to() {
    with_record(async |service| {
        let document = "{ rows: participation(groupBy: [CONVENING, REGION]) {
            gathering: convening { title } at: convening { startsOn } region { number counties { name } } county { name } n: teams } }";
        let answer = service.ask(document).await;
        let first = json!({
            "gathering": { "title": "Labor-Management Symposium" },
            "at": { "startsOn": "2015-05-08" },
            "region": { "number": 1, "counties": [
                { "name": "Del Norte" }, { "name": "Humboldt" }, { "name": "Lake" }, { "name": "Mendocino" }, { "name": "Sonoma" },
            ] },
            "county": null,
            "n": 1,
        });
        assert_eq!(answer.at("/rows/0"), first);
    });
}

#[test]
fn what_is_not_the_id_of_a_convening_is_refused() {
    with_record(async |service| {
        let district = service.ask("{ districts(first: 1) { nodes { id } } }").await.at("/districts/nodes/0/id");
        for id in [district, json!("nonsense"), json!("")] {
            let document = "query Counted($id: ID!) { participation(filter: {convening: $id}, groupBy: []) { teams } }";
            assert_eq!(service.ask_with(document, &json!({ "id": id })).await.codes(), ["BAD_USER_INPUT"], "{id}");
        }
        for wrong in ["filter: {from: \"2015-13-01\"}, groupBy: []", "groupBy: [DISTRICT]", "groupBy: null"] {
            let answer = service.ask(&format!("{{ participation({wrong}) {{ teams }} }}")).await;
            let codes = answer.codes();
            assert!(
                !codes.is_empty() && codes.iter().all(|code| code == "GRAPHQL_VALIDATION_FAILED"),
                "{wrong}: {codes:?}"
            );
        }
    });
}
