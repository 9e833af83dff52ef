//! Two agendas for tests to change, and the mutations that change them.

use lmi::auth::Role;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::{Answer, Service, line};

/// A fair and a forum on the same two days, on the second of which clocks go forward, and a meeting on a day on which they
/// go back.
const RECORD: &str = r#"
[[organization]]
slug = "alder-teachers"
name = "Alder Teachers"
kind = "local_union"
[[organization]]
slug = "birch-teachers"
name = "Birch Teachers"
kind = "local_union"
[[district]]
slug = "alder-unified"
name = "Alder Unified"
cds_code = "01999990000000"
kind = "unified"
[[person]]
slug = "ada-example"
name = "Ada Example"
[[person.affiliation]]
organization = "birch-teachers"
title = "Treasurer"
[[person.affiliation]]
organization = "alder-teachers"
title = "President"
[[person]]
slug = "ben-sample"
name = "Ben Sample"
[[convening]]
slug = "fair"
title = "Fair"
kind = "institute"
status = "agenda_published"
starts_on = "2027-03-13"
ends_on = "2027-03-14"
hosted_by_initiative = true
strands = ["Beginning", "Going on"]
[[convening.block]]
key = "breakouts"
title = "Breakouts"
rounds = 2
[[convening.session]]
slug = "opening"
title = "Opening"
format = "plenary"
[[convening.session]]
slug = "workshop"
title = "Workshop"
format = "breakout"
[[convening]]
slug = "forum"
title = "Forum"
kind = "institute"
status = "draft"
starts_on = "2027-03-13"
ends_on = "2027-03-14"
hosted_by_initiative = true
[[convening.session]]
slug = "talk"
title = "Talk"
format = "plenary"
[[convening]]
slug = "meeting"
title = "Meeting"
kind = "meeting"
status = "draft"
starts_on = "2027-11-07"
ends_on = "2027-11-07"
hosted_by_initiative = true
[[convening.session]]
slug = "review"
title = "Review"
format = "plenary"
"#;

/// The mutations of agendas: the name of each, its variables, and what its payload holds.
#[rustfmt::skip]
const ACTS: [(&str, &str, &str); 14] = [
    ("createSession", "$input: CreateSessionInput!", "session { ...S }"),
    ("updateSession", "$id: ID!, $version: Int!, $input: UpdateSessionInput!, $reason: String", "session { ...S }"),
    ("deleteSession", "$id: ID!, $version: Int!", "session { ...S }"),
    ("relateSessions", "$id: ID!, $relatedId: ID!", "session { ...S }"),
    ("unrelateSessions", "$id: ID!, $relatedId: ID!", "session { ...S }"),
    ("createRoom", "$input: CreateRoomInput!", "room { id name capacity version }"),
    ("updateRoom", "$id: ID!, $version: Int!, $input: UpdateRoomInput!", "room { id name capacity version }"),
    ("deleteRoom", "$id: ID!, $version: Int!", "room { name }"),
    ("scheduleSession", "$input: ScheduleSessionInput!", "slot { ...T }"),
    ("rescheduleSlot", "$id: ID!, $version: Int!, $input: RescheduleSlotInput!, $reason: String", "slot { ...T }"),
    ("unscheduleSlot", "$id: ID!, $version: Int!", "slot { ...T }"),
    ("addSpeaker", "$input: AddSpeakerInput!", "speaker { ...P }"),
    ("updateSpeaker", "$id: ID!, $version: Int!, $input: UpdateSpeakerInput!", "speaker { ...P }"),
    ("removeSpeaker", "$id: ID!, $version: Int!", "speaker { ...P }"),
];
const REORDER: (&str, &str, &str) = (
    "reorderSpeakers",
    "$sessionId: ID!, $version: Int!, $role: SpeakerRole!, $speakerIds: [ID!]!",
    "session { version speakers { role position nameAsShown } }",
);
const FRAGMENTS: [(&str, &str); 3] = [
    (
        "...S",
        "fragment S on Session { id slug number title format abstract durationMinutes date questions speakersComplete
           strand { title } relatedSessions { slug } sources { document } version can }",
    ),
    ("...T", "fragment T on Slot { id round audience startsAt endsAt capacity room { name } version }"),
    (
        "...P",
        "fragment P on Speaker { id role position nameAsShown titleAsShown asTeam person { slug } organization { slug }
           district { slug } sources { document } version }",
    ),
];

/// The answer to a mutation.
pub(crate) async fn act(service: &Service, name: &str, variables: &Value) -> Answer {
    let (_, declared, selection) =
        ACTS.iter().chain([&REORDER]).find(|(each, ..)| *each == name).expect("a mutation of agendas");
    let given = declared.split(", ").filter_map(|each| each.split_once(':'));
    let given: Vec<String> = given.map(|(variable, _)| format!("{}: {variable}", &variable[1..])).collect();
    let fragment = FRAGMENTS.iter().find(|(spread, _)| selection.contains(spread)).map_or("", |(_, text)| text);
    let document = format!(
        "mutation ({declared}) {{ {name}({}) {{ {selection} userErrors {{ field code message }} }} }} {fragment}",
        given.join(", ")
    );
    service.ask_with(&document, variables).await
}

/// What a mutation leaves behind that nothing stood in the way of.
pub(crate) async fn done(service: &Service, name: &str, variables: &Value) -> Value {
    let answer = act(service, name, variables).await;
    assert_eq!(refusals(&answer, name), Vec::<String>::new(), "{name} with {variables}");
    let (_, _, selection) = ACTS.iter().chain([&REORDER]).find(|(each, ..)| *each == name).expect("a mutation");
    let field = selection.split(' ').next().unwrap_or_default();
    answer.at(&format!("/{name}/{field}"))
}

/// What stood in the way of a mutation: the path of each field with the kind of fault.
pub(crate) fn refusals(answer: &Answer, name: &str) -> Vec<String> {
    let errors = answer.at(&format!("/{name}/userErrors"));
    let errors = errors.as_array().expect("a list").iter();
    errors.map(|error| line(error, &["/field", "/code"]).replace(['[', ']', '"'], "").replace(',', ".")).collect()
}

/// Those agendas, as staff change them.
pub(crate) struct Agendas {
    pub(crate) staff: Service,
    ids: BTreeMap<String, Value>,
}

impl Agendas {
    pub(crate) async fn of(service: &Service) -> Self {
        service.load(RECORD).await;
        let staff = service.as_role(Role::Staff);
        let document = "{ people { nodes { id slug } } organizations { nodes { id slug } }
            districts { nodes { id slug } } convenings { nodes { id slug sessions { nodes { id slug } } } } }";
        let data = staff.ask(document).await.data();
        let mut ids = BTreeMap::new();
        for list in ["people", "organizations", "districts", "convenings"] {
            for row in nodes(&data[list]) {
                let slug = row["slug"].as_str().unwrap_or_default();
                for session in nodes(&row["sessions"]) {
                    let path = format!("{slug}/{}", session["slug"].as_str().unwrap_or_default());
                    ids.insert(path, session["id"].clone());
                }
                ids.insert(slug.to_owned(), row["id"].clone());
            }
        }
        Self { staff, ids }
    }

    /// The id of what has a slug; of a session, behind that of its convening.
    pub(crate) fn id(&self, slug: &str) -> Value {
        self.ids.get(slug).unwrap_or_else(|| panic!("nothing called {slug}")).clone()
    }

    /// The same, with an id for what a test has added.
    pub(crate) fn with(mut self, slug: &str, id: Value) -> Self {
        self.ids.insert(slug.to_owned(), id);
        self
    }

    /// A slot of a session from one time until another, written as in `2027-03-13T09:00:00-08:00`.
    pub(crate) async fn schedule(&self, session: &str, from: &str, until: &str) -> Value {
        let input = json!({ "sessionId": self.id(session), "startsAt": from, "endsAt": until });
        done(&self.staff, "scheduleSession", &json!({ "input": input })).await
    }

    /// A panelist of a session.
    pub(crate) async fn panelist(&self, session: &str, person: &str) -> Value {
        let input = json!({ "sessionId": self.id(session), "role": "PANELIST", "personId": self.id(person) });
        done(&self.staff, "addSpeaker", &json!({ "input": input })).await
    }

    /// A room of a convening.
    pub(crate) async fn room(&self, convening: &str, name: &str, capacity: Option<i32>) -> Value {
        let input = json!({ "conveningId": self.id(convening), "name": name, "capacity": capacity });
        done(&self.staff, "createRoom", &json!({ "input": input })).await
    }
}

fn nodes(list: &Value) -> Vec<Value> {
    list["nodes"].as_array().cloned().unwrap_or_default()
}

/// The arguments of a change.
pub(crate) fn change(row: &Value, input: &Value) -> Value {
    json!({ "id": row["id"], "version": row["version"], "input": input })
}
