//! Any selection that the schema allows is answered, and as its fields would be one by one.

use lmi::auth::Role;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use tests::{Service, with_record};

const INTROSPECTION: &str = "{ __schema { types { name kind possibleTypes { name } \
     fields { name args { name type { kind } defaultValue } type { ...T ofType { ...T ofType { ...T ofType { ...T } } } } } } } } \
     fragment T on __Type { kind name }";

/// Root fields, each with the arguments that it needs.
const ROOTS: [(&str, &str); 10] = [
    ("convening", "(by: {slug: \"2015-symposium\"})"),
    ("convenings", ""),
    ("district", "(by: {slug: \"abc-unified\"})"),
    ("districts", "(last: 2)"),
    ("organizations", "(first: 3)"),
    ("people", "(first: 2, orderBy: {field: NAME, direction: DESC})"),
    ("regions", ""),
    ("offerings", ""),
    ("teams", "(first: 2)"),
    ("search", "(query: \"california\", first: 3)"),
];

/// What of the schema is needed to write selections.
struct Schema(HashMap<String, Type>);

struct Type {
    fields: Vec<Field>,
    possible: Vec<String>,
}

struct Field {
    name: String,
    arguments: Vec<String>,
    /// The type beneath lists and promises.
    of: String,
}

/// A part of a selection.
#[derive(Clone, Debug)]
enum Part {
    Field { text: String, within: Vec<Part> },
    On { name: String, within: Vec<Part> },
}

impl Schema {
    async fn of(service: &Service) -> Self {
        let types = service.ask(INTROSPECTION).await.at("/__schema/types");
        let text = |value: &Value| value.as_str().expect("a name").to_owned();
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let field = |field: &Value| {
            let mut of = &field["type"];
            while of["ofType"].is_object() {
                of = &of["ofType"];
            }
            let required =
                |argument: &Value| argument["type"]["kind"] == "NON_NULL" && argument["defaultValue"].is_null();
            let arguments = list(&field["args"]);
            let usable = !arguments.iter().any(required);
            let arguments = arguments.iter().map(|argument| text(&argument["name"])).collect();
            usable.then(|| Field { name: text(&field["name"]), arguments, of: text(&of["name"]) })
        };
        let known = types.as_array().expect("types").iter().map(|of| {
            let fields = list(&of["fields"]).iter().filter_map(field).collect();
            let possible = list(&of["possibleTypes"]).iter().map(|possible| text(&possible["name"])).collect();
            (text(&of["name"]), Type { fields, possible })
        });
        Self(known.collect())
    }

    fn is_leaf(&self, of: &str) -> bool {
        self.0.get(of).is_none_or(|of| of.fields.is_empty() && of.possible.is_empty())
    }

    /// A selection on a type, by the choices given; no deeper than `depth`.
    fn select(&self, on: &str, depth: usize, choices: &mut impl Iterator<Item = u16>) -> Vec<Part> {
        let of = &self.0[on];
        let mut choose = |among: usize| usize::from(choices.next().unwrap_or_default()) % among.max(1);
        let count = 1 + choose(4);
        let picks: Vec<[usize; 3]> = (0..count).map(|_| [choose(64), choose(6), choose(4)]).collect();
        let mut parts = vec![Part::Field { text: "__typename".to_owned(), within: Vec::new() }];
        for [pick, form, rows] in picks {
            if !of.possible.is_empty() && (form > 1 || of.fields.is_empty()) {
                let name = of.possible[pick % of.possible.len()].clone();
                parts.push(Part::On { within: self.select(&name, depth, choices), name });
                continue;
            }
            let field = &of.fields[pick % of.fields.len()];
            if !self.is_leaf(&field.of) && depth == 0 {
                continue;
            }
            let within = if self.is_leaf(&field.of) { Vec::new() } else { self.select(&field.of, depth - 1, choices) };
            // A page of two rows at most. One name in the answer always stands for one field with the same arguments.
            let (prefix, arguments) = match (field.arguments.iter().any(|argument| argument == "first"), rows) {
                (true, 0) => (format!("last{}_", pick % 3), format!("(last: {})", pick % 3)),
                (true, _) => (format!("first{}_", rows - 1), format!("(first: {})", rows - 1)),
                (false, _) if form < 2 => ("my_".to_owned(), String::new()),
                (false, _) => (String::new(), String::new()),
            };
            let key = format!("{prefix}{}", field.name);
            let text = if prefix.is_empty() { key.clone() } else { format!("{key}: {}{arguments}", field.name) };
            let part = Part::Field { text, within };
            parts.push(if form == 5 { Part::On { name: on.to_owned(), within: vec![part] } } else { part });
        }
        parts
    }
}

fn write(parts: &[Part]) -> String {
    let one = |part: &Part| match part {
        Part::Field { text, within, .. } if within.is_empty() => format!("{text} "),
        Part::Field { text, within, .. } => format!("{text} {{ {}}} ", write(within)),
        Part::On { name, within } => format!("... on {name} {{ {}}} ", write(within)),
    };
    parts.iter().map(one).collect::<Vec<_>>().concat()
}

/// Every way from the root of a selection to one of its leaves, as a selection of its own.
fn ways(parts: &[Part]) -> Vec<Part> {
    let down = |part: &Part| -> Vec<Part> {
        let (Part::Field { within, .. } | Part::On { within, .. }) = part;
        if within.is_empty() {
            return vec![part.clone()];
        }
        let narrowed = |way: Part| match part.clone() {
            Part::Field { text, .. } => Part::Field { text, within: vec![way] },
            Part::On { name, .. } => Part::On { name, within: vec![way] },
        };
        ways(within).into_iter().map(narrowed).collect()
    };
    parts.iter().flat_map(down).collect()
}

/// Adds one answer to another, as if both had been one.
fn merge(into: &mut Value, other: Value) {
    match (into, other) {
        (Value::Object(into), Value::Object(other)) => {
            for (key, value) in other {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (Value::Array(into), Value::Array(other)) if into.len() == other.len() => {
            into.iter_mut().zip(other).for_each(|(into, other)| merge(into, other));
        }
        (into, other) => {
            assert!(into.is_null() || *into == other, "{into} and {other} at one place");
            *into = other;
        }
    }
}

/// A selection of one root field and its answer, and the answers of its ways put together.
async fn both(service: &Service, root: &Part) -> (Value, Value) {
    let whole = service.ask(&format!("{{ {}}}", write(std::slice::from_ref(root)))).await.data();
    let mut together = Value::Object(Map::new());
    for way in ways(std::slice::from_ref(root)) {
        merge(&mut together, service.ask(&format!("{{ {}}}", write(&[way]))).await.data());
    }
    (whole, together)
}

#[test]
fn a_selection_answers_what_each_of_its_fields_answers_alone() {
    with_record(async |service| {
        let service = service.as_role(Role::Staff);
        let schema = Schema::of(&service).await;
        let root_types: HashMap<&str, &str> = schema.0["Query"]
            .fields
            .iter()
            .map(|field| (field.name.as_str(), field.of.as_str()))
            .chain([("convening", "Convening"), ("district", "District"), ("search", "SearchResultConnection")])
            .collect();
        let config = Config { cases: 64, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let handle = tokio::runtime::Handle::current();
        let choices = proptest::collection::vec(any::<u16>(), 8..80);
        let held = runner.run(&(0..ROOTS.len(), choices), |(root, choices)| {
            let (field, arguments) = ROOTS[root];
            let within = schema.select(root_types[field], 5, &mut choices.into_iter());
            let root = Part::Field { text: format!("{field}{arguments}"), within };
            let (whole, together) = tokio::task::block_in_place(|| handle.block_on(both(&service, &root)));
            proptest::prop_assert_eq!(whole, together, "{}", write(&[root]));
            Ok(())
        });
        assert!(held.is_ok(), "{}", held.expect_err("a case that did not hold"));
    });
}

#[test]
fn answers_put_together_are_as_one() {
    let mut answer = json!({ "a": [{ "b": 1 }, null], "c": null });
    merge(&mut answer, json!({ "a": [{ "d": [] }, null], "c": "x" }));
    assert_eq!(answer, json!({ "a": [{ "b": 1, "d": [] }, null], "c": "x" }));
}
