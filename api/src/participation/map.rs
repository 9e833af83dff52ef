//! The districts that took part as points on a map: `GeoJSON`, as RFC 7946 has it.

use serde::Deserialize;
use serde_json::{Value, json};

/// A district that took part.
#[derive(Debug, Deserialize)]
pub(crate) struct Participant {
    convenings: i64,
    years: Vec<i32>,
    district: District,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct District {
    id: String,
    slug: String,
    name: String,
    cds_code: Option<String>,
    kind: Option<String>,
    county: Option<County>,
    location: Option<Location>,
}

#[derive(Debug, Deserialize)]
struct County {
    name: String,
}

#[derive(Debug, Deserialize)]
struct Location {
    latitude: f64,
    longitude: f64,
}

/// The districts as a collection of features.
pub(crate) fn map(participants: &[Participant]) -> Value {
    json!({ "type": "FeatureCollection", "features": participants.iter().map(feature).collect::<Vec<_>>() })
}

/// A district as a feature: a point, or no place where none is known, so that no map counts fewer than took part.
fn feature(participant: &Participant) -> Value {
    let Participant { convenings, years, district } = participant;
    let point = |at: &Location| json!({ "type": "Point", "coordinates": [at.longitude, at.latitude] });
    json!({
        "type": "Feature",
        "id": district.id,
        "geometry": district.location.as_ref().map(point),
        "properties": {
            "id": district.id,
            "slug": district.slug,
            "name": district.name,
            "cdsCode": district.cds_code,
            "kind": district.kind,
            "county": district.county.as_ref().map(|county| &county.name),
            "convenings": convenings,
            "years": years,
        },
    })
}
