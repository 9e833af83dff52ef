//! Every mutation is sent by everybody, about rows that the sender may not know of: it must answer as if they were not
//! there, and change nothing. The documents are made from the schema, so that no mutation is forgotten.

use crate::documents::{Types, name_of};
use crate::expectations::viewers;
use crate::leaks::assert_hides;
use sea_orm::prelude::Uuid;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::fixtures::{Fixture, Part, TAGS, global_id};
use tests::{contents, with_fixture};

/// Rows that stand for their types; of the others, one of the draft does, or any.
const TARGETS: [(&str, &str); 13] = [
    ("Organization", "south"),
    ("District", "larch"),
    ("Person", "roster-of-draft-larch"),
    ("Convening", "draft"),
    ("Session", "agenda-of-draft-1"),
    ("Team", "draft-larch"),
    ("Account", "keeper"),
    ("RoleGrant", "keeper-runs"),
    ("ApiKey", "key-of-dashboard"),
    ("TeamNote", "notes-of-announced-birch"),
    ("Interest", "birch"),
    ("Survey", "drafted-survey-of-draft"),
    ("WrittenAnswer", "pending-text-of-draft"),
];

/// The ids that stand for each type: of rows that must stay hidden where there are such, and ids of nothing.
fn ids(fixture: &Fixture) -> (BTreeMap<&'static str, String>, BTreeMap<&'static str, String>) {
    let hidden = |typename: &str, part: &Part| match part {
        Part::Facts("draft") | Part::Agenda("draft") | Part::Surveying("draft") => true,
        Part::Team("draft", district, _) | Part::Roster("draft", district) => {
            typename != "Team" || *district == "larch"
        }
        _ => false,
    };
    let (mut of_rows, mut of_nothing) = (BTreeMap::new(), BTreeMap::new());
    for (typename, _) in TAGS {
        let name = TARGETS.iter().find(|(target, _)| *target == typename).map_or("", |(_, name)| *name);
        let mut rows = fixture.rows.iter().filter(|row| row.typename == typename);
        let named = |row: &&tests::fixtures::Row| {
            if name.is_empty() { row.parts.iter().all(|part| hidden(typename, part)) } else { row.name == name }
        };
        let open = fixture.rows.iter().find(|row| row.typename == typename);
        let nothing = global_id(typename, Uuid::from_u128(0x000b_ad1d));
        // What everybody may see cannot be hidden: it stays as it is in both.
        let (in_rows, in_nothing) = match rows.find(named).or(open) {
            Some(row) if row.parts.contains(&Part::Open) => (row.id.clone(), row.id.clone()),
            Some(row) => (row.id.clone(), nothing),
            None => (nothing.clone(), nothing),
        };
        of_rows.insert(typename, in_rows);
        of_nothing.insert(typename, in_nothing);
    }
    (of_rows, of_nothing)
}

#[test]
fn what_somebody_may_not_know_of_answers_like_what_is_not_there() {
    with_fixture(async |service, fixture| {
        let types = Types::of(&service).await;
        let (of_rows, of_nothing) = ids(&fixture);
        let mutations = types.fields("Mutation");
        let blind = viewers(&fixture).into_iter().filter(|viewer| !viewer.sees(&[Part::Facts("draft")]));
        let mut compared = 0;
        for viewer in blind {
            let asked = viewer.service(&service);
            let before = contents(&service.db).await;
            for mutation in &mutations {
                let about = types.mutation(mutation, &of_rows);
                let about_nothing = types.mutation(mutation, &of_nothing);
                if about.variables == about_nothing.variables {
                    continue;
                }
                let hidden = asked.ask_with(&about.text, &about.variables).await;
                let missing = asked.ask_with(&about_nothing.text, &about_nothing.variables).await;
                assert_eq!(hidden.text, missing.text, "{}: {mutation}: {}", viewer.name, about.variables);
                assert_eq!(hidden.status, missing.status);
                assert_ne!(hidden.codes(), ["INTERNAL_SERVER_ERROR"], "{mutation}");
                assert_ne!(hidden.codes(), ["GRAPHQL_VALIDATION_FAILED"], "{}: {}", about.text, hidden.text);
                assert_hides(&viewer, &fixture, &hidden.text, mutation);
                compared += 1;
            }
            let after = contents(&service.db).await;
            for (table, rows) in &before {
                assert!(*rows == after[table], "{} changed {table}", viewer.name);
            }
        }
        assert!(compared > 0, "nothing was compared");
    });
}

/// A document with its variables.
pub(crate) struct Document {
    pub(crate) text: String,
    pub(crate) variables: Value,
}

impl Types {
    /// A document for a mutation that fills in everything that must be given and every id, with the ids of these rows.
    pub(crate) fn mutation(&self, name: &str, ids: &BTreeMap<&'static str, String>) -> Document {
        let field = self.field_of("Mutation", name);
        let payload = name_of(&field["type"]);
        let subject = self.fields(&payload).into_iter().find(|field| field != "userErrors");
        let subject = subject.map(|field| name_of(&self.field_of(&payload, &field)["type"])).unwrap_or_default();
        let (mut declared, mut passed, mut variables) = (Vec::new(), Vec::new(), serde_json::Map::new());
        for argument in field["args"].as_array().into_iter().flatten() {
            let name = argument["name"].as_str().unwrap_or_default();
            let Some(value) = self.example(name, &argument["type"], &subject, ids, true) else { continue };
            declared.push(format!("${name}: {}", written(&argument["type"])));
            passed.push(format!("{name}: ${name}"));
            variables.insert(name.to_owned(), value);
        }
        let text = format!(
            "mutation ({}) {{ {name}({}) {{ {} }} }}",
            declared.join(", "),
            passed.join(", "),
            self.everything(&payload, 1)
        );
        let text = if declared.is_empty() { format!("mutation {{ {name} {{ __typename }} }}") } else { text };
        Document { text, variables: Value::Object(variables) }
    }

    /// A value of a type: nothing for what can be left out and is no id.
    fn example(
        &self,
        name: &str,
        of: &Value,
        subject: &str,
        ids: &BTreeMap<&'static str, String>,
        top: bool,
    ) -> Option<Value> {
        let required = of["kind"] == "NON_NULL";
        let inner = if required { &of["ofType"] } else { of };
        if inner["kind"] == "LIST" {
            let item = self.example(name.strip_suffix('s').unwrap_or(name), &inner["ofType"], subject, ids, top);
            return (required || name_of(inner) == "ID").then(|| json!(item.into_iter().collect::<Vec<_>>()));
        }
        let typename = inner["name"].as_str().unwrap_or_default();
        match inner["kind"].as_str() {
            _ if typename == "ID" => {
                Some(json!(ids.get(referred(name, subject).as_str()).cloned().unwrap_or_default()))
            }
            Some("INPUT_OBJECT") if required || top => Some(self.input(typename, subject, ids)),
            Some("ENUM") if required => Some(self.0[typename]["enumValues"][0]["name"].clone()),
            Some("SCALAR") if required => Some(match typename {
                "Int" => json!(1),
                "Float" => json!(1.0),
                "Boolean" => json!(false),
                "Date" => json!("2027-03-01"),
                "DateTime" => json!("2027-03-01T09:00:00Z"),
                "URL" => json!("https://alder.example"),
                _ => json!("an example"),
            }),
            _ => None,
        }
    }

    fn input(&self, typename: &str, subject: &str, ids: &BTreeMap<&'static str, String>) -> Value {
        let fields = self.0[typename]["inputFields"].as_array().into_iter().flatten();
        let given = fields.filter_map(|field| {
            let name = field["name"].as_str()?;
            Some((name.to_owned(), self.example(name, &field["type"], subject, ids, false)?))
        });
        Value::Object(given.collect())
    }
}

/// The type that an id of this name is of: `conveningId` of a convening, `id` of what the mutation is about.
fn referred(name: &str, subject: &str) -> String {
    let stem = name.strip_suffix("Id").unwrap_or(name);
    match stem {
        "id" | "keep" | "gone" => subject.to_owned(),
        "organizer" | "parent" => "Organization".to_owned(),
        "level" => "ExperienceLevel".to_owned(),
        "question" => "FocusQuestion".to_owned(),
        stem => stem[..1].to_uppercase() + &stem[1..],
    }
}

/// A type as documents write it.
fn written(of: &Value) -> String {
    match of["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", written(&of["ofType"])),
        Some("LIST") => format!("[{}]", written(&of["ofType"])),
        _ => of["name"].as_str().unwrap_or_default().to_owned(),
    }
}
