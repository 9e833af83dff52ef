//! The districts that took part as points on a map.

use crate::agenda_files::{SHARED, header};
use crate::expectations::viewers;
use crate::leaks::assert_hides;
use axum::body::Body;
use axum::http::{Request, StatusCode, header as names};
use lmi::auth::Role;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tests::fixtures::GATHERINGS;
use tests::{Service, with_fixture, with_record};

const PATH: &str = "/participation.geojson";

async fn features(service: &Service, parameters: &str) -> Vec<Value> {
    let answer = service.get(&format!("{PATH}{parameters}"), "*/*").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let map = answer.json();
    assert_eq!(map["type"], "FeatureCollection");
    map["features"].as_array().expect("features").clone()
}

fn names_of(features: &[Value]) -> Vec<&str> {
    features.iter().filter_map(|feature| feature["properties"]["name"].as_str()).collect()
}

#[test]
fn a_district_that_took_part_is_a_point_with_what_is_said_of_it() {
    with_record(async |service| {
        let place =
            "UPDATE district SET latitude = 33.77, longitude = -118.19 WHERE name = 'ABC Unified School District'";
        service.db.execute_unprepared(place).await.expect("a place");
        let features = features(&service, "?convening=2015-symposium").await;
        assert_eq!(features.len(), 47, "every district that the record counts");
        let abc = &features[0];
        let expected = json!({ "type": "Point", "coordinates": [-118.19, 33.77] });
        assert_eq!((&abc["type"], &abc["geometry"]), (&json!("Feature"), &expected), "longitude comes first");
        let properties = &abc["properties"];
        assert_eq!(abc["id"], properties["id"]);
        let expected = json!({ "id": properties["id"], "slug": "abc-unified-school-district", "kind": "UNIFIED",
            "name": "ABC Unified School District", "cdsCode": "19642120000000", "county": "Los Angeles",
            "convenings": 1, "years": [2015] });
        assert_eq!(properties, &expected);
        let placeless = features.iter().filter(|feature| feature["geometry"].is_null()).count();
        assert_eq!(placeless, 46, "a district whose place is not known is listed without one");
        assert!(features.iter().all(|feature| feature.get("geometry").is_some()), "as the format asks");
    });
}

#[test]
fn a_map_is_of_one_convening_or_of_a_period() {
    with_record(async |service| {
        assert_eq!(features(&service, "?from=2015-05-08&to=2015-05-08").await.len(), 47);
        assert_eq!(features(&service, "?from=2015-05-09").await.len(), 0);
        assert_eq!(features(&service, "?to=2015-05-07").await.len(), 0);
        assert_eq!(features(&service, "").await.len(), 47);
        for parameters in ["?form=2015-05-08", "?from=May", "?from=2015-02-30", "?from=2015-06-01&to=2015-05-01"] {
            let answer = service.get(&format!("{PATH}{parameters}"), "*/*").await;
            assert_eq!((answer.status, answer.codes()), (StatusCode::BAD_REQUEST, vec!["BAD_USER_INPUT".to_owned()]));
            assert!(answer.messages().contains("`from` and `to`"), "{}", answer.messages());
        }
        for slug in ["nowhere", "%00"] {
            let missing = service.get(&format!("{PATH}?convening={slug}"), "*/*").await;
            assert_eq!((missing.status, missing.codes()), (StatusCode::NOT_FOUND, vec!["NOT_FOUND".to_owned()]));
        }
    });
}

#[test]
fn a_map_tells_everybody_what_everybody_may_know() {
    with_fixture(async |service, fixture| {
        let all = viewers(&fixture);
        let public = all.iter().find(|viewer| viewer.name == "the public").expect("the public");
        for gathering in GATHERINGS {
            let path = format!("{PATH}?convening={}", gathering.name);
            let answer = service.get(&path, "*/*").await;
            let asked_by_staff = service.as_role(Role::Staff).get(&path, "*/*").await;
            assert_eq!(asked_by_staff.text, answer.text, "whoever asks");
            assert_eq!(answer.status == StatusCode::OK, gathering.announced, "{}", gathering.name);
            assert_hides(public, &fixture, &answer.text, gathering.name);
            let id = fixture.find("Convening", gathering.name).id.clone();
            let document = "query ($id: ID!) { districtParticipation(filter: {convening: $id}, first: 100) {
                nodes { district { name } } } }";
            if answer.status == StatusCode::OK {
                let counted = service.ask_with(document, &json!({ "id": id })).await;
                let counted = counted.each("/districtParticipation/nodes", "/district/name");
                let features = answer.json()["features"].as_array().expect("features").clone();
                assert_eq!(json!(names_of(&features)), json!(counted), "as it is counted elsewhere");
            }
        }
    });
}

#[test]
fn a_map_is_a_file_like_the_others() {
    with_record(async |service| {
        let answer = service.get(PATH, "*/*").await;
        let told = ["content-type", "access-control-allow-origin", "cache-control"].map(|name| header(&answer, name));
        assert_eq!(told, ["application/geo+json; charset=utf-8", "*", SHARED]);
        let request = Request::get(PATH).header(names::IF_NONE_MATCH, header(&answer, "etag"));
        let known = service.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!((known.status, known.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    });
}
