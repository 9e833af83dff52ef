//! An agenda as linked data, in the words of schema.org, for search engines and for pages that show it.

use super::text::label;
use super::{Agenda, Item, Speaker};
use crate::account::PublicUrl;
use serde_json::{Map, Value, json};

/// The agenda in JSON-LD. It may stand in a page's script element: nothing in it ends one.
pub(crate) fn linked(agenda: &Agenda, url: &PublicUrl) -> String {
    let address = url.agenda(&agenda.slug);
    let mut whole = object(json!({
        "@context": "https://schema.org",
        "@type": "EducationEvent",
        "@id": address,
        "url": address,
        "name": agenda.title,
        "description": agenda.description,
        "startDate": agenda.starts_on,
        "endDate": agenda.ends_on,
        "eventStatus": status(agenda),
        "sameAs": agenda.website,
        "eventSchedule": {
            "@type": "Schedule",
            "startDate": agenda.starts_on,
            "endDate": agenda.ends_on,
            "scheduleTimezone": agenda.time_zone.name(),
        },
    }));
    if agenda.kind == "WEBINAR" {
        add(&mut whole, "eventAttendanceMode", json!("https://schema.org/OnlineEventAttendanceMode"));
    }
    let organizer = agenda.organizer.as_ref();
    let organizer = organizer.map(|body| organization(&body.name, body.website.as_deref()));
    add(&mut whole, "organizer", organizer.unwrap_or_default());
    add(&mut whole, "location", venue(agenda).unwrap_or_default());
    let parts = agenda.items().iter().map(|item| part(agenda, item, &address)).collect();
    whole.insert("subEvent".to_owned(), Value::Array(parts));
    harmless(&Value::Object(whole))
}

/// A session at one of its times.
fn part(agenda: &Agenda, item: &Item<'_>, address: &str) -> Value {
    let session = item.session;
    let id = item.slot.map_or(&session.id, |slot| &slot.id);
    let time = |moment| agenda.local(moment).to_rfc3339();
    let day = item.day.map(|day| day.to_string());
    let start = item.start().map(time).or_else(|| day.clone());
    let end = item.end().map(time).or(day);
    let mut part = object(json!({
        "@type": "EducationEvent",
        "@id": format!("{address}#{id}"),
        "url": format!("{address}#{}", session.slug),
        "identifier": id,
        "name": session.title,
        "description": session.r#abstract,
        "startDate": start,
        "endDate": end,
        "eventStatus": status(agenda),
        "superEvent": { "@id": address },
        "audience": item.audience().map(|audience| json!({ "@type": "Audience", "audienceType": audience })),
        "keywords": terms(item),
        "performer": session.speakers.iter().map(performer).collect::<Vec<_>>(),
    }));
    let minutes = session.duration_minutes.filter(|_| item.start().is_none());
    add(&mut part, "duration", json!(minutes.map(|minutes| format!("PT{minutes}M"))));
    let room = item.room().map(|room| place(Some(room), venue(agenda), "containedInPlace"));
    add(&mut part, "location", room.or_else(|| venue(agenda)).unwrap_or_default());
    Value::Object(part)
}

/// What kind of session it is, and what it is grouped by.
fn terms(item: &Item<'_>) -> Vec<Value> {
    let term = |set: &str, name: String| json!({ "@type": "DefinedTerm", "inDefinedTermSet": set, "name": name });
    let strand = item.session.strand.as_ref().map(|strand| term("strand", strand.title.clone()));
    let round = item.round().map(|round| term("round", format!("Round {round}")));
    [term("format", label(&item.session.format))].into_iter().chain(strand).chain(round).collect()
}

/// Who speaks: a person, perhaps on behalf of a body, or a body. In which part is said of them in words.
fn performer(speaker: &Speaker) -> Value {
    let mut performer = if speaker.is_person() {
        object(json!({
            "@type": "Person",
            "name": speaker.name_as_shown,
            "jobTitle": speaker.title_as_shown,
            "affiliation": speaker.behalf().map(|name| organization(name, None)),
        }))
    } else {
        object(organization(&speaker.name_as_shown, None))
    };
    add(&mut performer, "description", json!(label(&speaker.role)));
    Value::Object(performer)
}

fn organization(name: &str, url: Option<&str>) -> Value {
    Value::Object(object(json!({ "@type": "Organization", "name": name, "url": url })))
}

/// Where the convening takes place; none where that is not known.
fn venue(agenda: &Agenda) -> Option<Value> {
    let venue = agenda.venue.as_ref()?;
    let address = object(json!({
        "@type": "PostalAddress",
        "streetAddress": venue.address,
        "addressLocality": venue.city,
    }));
    let name = venue.name.as_deref().or(venue.city.as_deref()).or(venue.address.as_deref())?;
    let address = (address.len() > 1).then_some(Value::Object(address));
    Some(place(Some(name), address, "address"))
}

fn place(name: Option<&str>, of: Option<Value>, relation: &str) -> Value {
    let mut place = object(json!({ "@type": "Place", "name": name }));
    add(&mut place, relation, of.unwrap_or_default());
    Value::Object(place)
}

fn status(agenda: &Agenda) -> &'static str {
    if agenda.is_cancelled() { "https://schema.org/EventCancelled" } else { "https://schema.org/EventScheduled" }
}

/// What is there of an object: what is not known is left out.
fn object(value: Value) -> Map<String, Value> {
    let Value::Object(all) = value else { return Map::new() };
    all.into_iter().filter(|(_, value)| is_there(value)).collect()
}

fn add(object: &mut Map<String, Value>, name: &str, value: Value) {
    if is_there(&value) {
        object.insert(name.to_owned(), value);
    }
}

fn is_there(value: &Value) -> bool {
    !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty())
}

/// JSON that means the same and holds nothing that a page could take for markup, or a script for the end of a line.
fn harmless(value: &Value) -> String {
    let mut text = value.to_string();
    for (letter, escaped) in
        [('<', "\\u003c"), ('>', "\\u003e"), ('&', "\\u0026"), ('\u{2028}', "\\u2028"), ('\u{2029}', "\\u2029")]
    {
        text = text.replace(letter, escaped);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_script_element() {
        let text = harmless(&json!({ "name": "</script><!-- & \u{2028}" }));
        assert!(!text.contains(['<', '>', '&', '\u{2028}']), "{text}");
        let read: Result<Value, _> = serde_json::from_str(&text);
        assert_eq!(read.ok(), Some(json!({ "name": "</script><!-- & \u{2028}" })), "it means the same");
    }
}
