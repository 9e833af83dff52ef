//! The tutorial is done as it is written, step by step, as a rehearsal of a whole convening.

use crate::state_file::{FILE, imported};
use crate::tutorial_page::{Kept, Loop, Part, Path, Step, steps};
use lmi::auth::{Grant, Role, Scope};
use serde_json::{Map, Value, json};
use std::time::Instant;
use tests::{PASSWORD, Service, with_record};

const PAGE: &str = include_str!("../../docs/tutorial.md");

/// What was kept so far.
pub(crate) struct Rehearsal {
    service: Service,
    kept: Value,
}

/// The names that are in force within a step: for what it is repeated just now.
#[derive(Clone, Default)]
struct Now {
    /// Items of lists that were kept: under which name, and where each is kept.
    items: Vec<(String, String)>,
    /// The cells of a line.
    line: Map<String, Value>,
}

impl Rehearsal {
    /// Does every step of a page as it is written, with whatever the page takes for known.
    pub(crate) async fn of(service: Service, page: &str) {
        let mut rehearsal = Self { service, kept: json!({ "password": PASSWORD }) };
        let steps = steps(page);
        assert!(steps.len() > 10, "the page was read: {}", steps.len());
        for step in &steps {
            let begun = Instant::now();
            rehearsal.take(step).await;
            println!("{:>6} ms  {}", begun.elapsed().as_millis(), step.title);
        }
    }

    /// Where what a name stands for is kept.
    fn place(now: &Now, name: &str) -> String {
        let item = now.items.iter().find(|(item, _)| item == name);
        item.map_or_else(|| format!("/{name}"), |(_, place)| place.clone())
    }

    /// The field that a path names, or the one whose name it tells where to find.
    fn field(&self, now: &Now, path: &Path) -> Option<String> {
        let field = path.field.as_deref()?;
        let Some(name) = field.strip_suffix(']') else { return Some(field.to_owned()) };
        self.value(now, &Path::parse(name)).as_str().map(str::to_owned)
    }

    /// What a placeholder stands for.
    fn value(&self, now: &Now, path: &Path) -> Value {
        if let Some(link) = path.field.as_ref().and_then(|field| field.strip_suffix('#')) {
            let link = self.value(now, &Path { name: path.name.clone(), field: Some(link.to_owned()) });
            let token = link.as_str().and_then(|link| link.split_once('#'));
            return token.unwrap_or_else(|| panic!("no link: {link}")).1.into();
        }
        let kept = || self.kept.pointer(&Self::place(now, &path.name));
        let mut value = now.line.get(&path.name).or_else(kept);
        for field in self.field(now, path).iter().flat_map(|field| field.split('.')) {
            // What is part of nothing is nothing.
            value = value.filter(|value| !value.is_null()).map_or(Some(&Value::Null), |value| value.get(field));
        }
        value.unwrap_or_else(|| panic!("nothing was kept as {path:?}")).clone()
    }

    /// The same with what its placeholders stand for.
    fn filled(&self, now: &Now, value: &Value) -> Value {
        match value {
            Value::String(text) => self.filled_text(now, text),
            Value::Array(items) => items.iter().map(|item| self.filled(now, item)).collect(),
            Value::Object(fields) => {
                Value::Object(fields.iter().map(|(name, value)| (name.clone(), self.filled(now, value))).collect())
            }
            other => other.clone(),
        }
    }

    fn filled_text(&self, now: &Now, text: &str) -> Value {
        if let Some(path) =
            text.strip_prefix('⟨').and_then(|text| text.strip_suffix('⟩')).filter(|path| !path.contains('⟨'))
        {
            return self.value(now, &Path::parse(path));
        }
        let mut parts = text.split('⟨');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (path, rest) = part.split_once('⟩').expect("the end of a placeholder");
            let value = self.value(now, &Path::parse(path));
            filled += value.as_str().map_or_else(|| value.to_string(), str::to_owned).as_str();
            filled += rest;
        }
        filled.into()
    }

    /// Everything that a step is repeated for.
    fn turns(&self, step: &Step) -> Vec<Now> {
        let mut turns = vec![Now::default()];
        for each in &step.loops {
            turns = match each {
                Loop::Lines(lines) => across(&turns, lines, |now, line| {
                    now.line.extend(line.as_object().cloned().unwrap_or_default());
                }),
                Loop::Items { name, list, some, only } => turns
                    .iter()
                    .flat_map(|now| {
                        let places = self.places(now, list, (some, only));
                        assert!(!places.is_empty() || list.field.is_some(), "{}: none of {list:?}", step.title);
                        across(std::slice::from_ref(now), &places, |now, place| {
                            now.items.push((name.clone(), place.clone()));
                        })
                    })
                    .collect(),
            };
        }
        turns
    }

    /// Where the items of a list are kept, those that are asked for.
    fn places(&self, now: &Now, list: &Path, (some, only): (&Option<Part>, &Option<(String, Value)>)) -> Vec<String> {
        let field = list.field.as_ref().map_or_else(String::new, |field| format!("/{}", field.replace('.', "/")));
        let place = Self::place(now, &list.name) + &field;
        let items = self.kept.pointer(&place).and_then(Value::as_array).unwrap_or_else(|| panic!("no list {list:?}"));
        let only = only.as_ref().map(|(field, value)| (field, self.filled(now, value)));
        let fits = |item: &Value| {
            only.as_ref().is_none_or(|(field, value)| match &item[field.as_str()] {
                Value::Null => value == "null",
                found => found == value,
            })
        };
        let mut places: Vec<String> =
            (0..items.len()).filter(|&i| fits(&items[i])).map(|i| format!("{place}/{i}")).collect();
        if let Some(part) = some {
            assert!(places.len() >= part.count, "{} of {list:?}, of which there are {}", part.count, places.len());
            let from = if part.last { places.len() - part.count } else { 0 };
            places = places[from..from + part.count].to_vec();
        }
        places
    }

    async fn take(&mut self, step: &Step) {
        for now in self.turns(step) {
            let variables = self.filled(&now, &step.variables);
            let service = match &step.token {
                Some(token) => self.service.bearing(self.value(&now, token).as_str().expect("a token")),
                None => self.service.clone(),
            };
            let answer = service.ask_with(&step.document, &variables).await;
            let told = format!("{}: {variables}: {}", step.title, answer.text);
            match &step.holds {
                Some(expected) => assert_holds(&self.filled(&now, expected), &answer.json()["data"], &told),
                None => assert!(answer.json().get("errors").is_none(), "{told}"),
            }
            let silent = step.holds.as_ref().is_none_or(|holds| !holds.to_string().contains("userErrors"));
            assert!(!silent || !answer.text.contains("\"code\":"), "{told}");
            for kept in &step.kept {
                self.keep(&now, kept, &answer.json()["data"], &told);
            }
        }
    }

    fn keep(&mut self, now: &Now, kept: &Kept, data: &Value, told: &str) {
        let pointer = format!("/{}", kept.from.replace('.', "/"));
        let value = data.pointer(&pointer).unwrap_or_else(|| panic!("nothing at {pointer}: {told}")).clone();
        let item = now.items.iter().find(|(name, _)| *name == kept.to.name);
        match (item, self.field(now, &kept.to)) {
            (Some((_, place)), Some(field)) => self.kept.pointer_mut(place).expect("an item")[field] = value,
            (_, None) if now.items.is_empty() && now.line.is_empty() => self.kept[&kept.to.name] = value,
            // What is kept by a step that is repeated becomes a list.
            (_, None) => match self.kept.get_mut(&kept.to.name) {
                Some(Value::Array(items)) => items.push(value),
                None => self.kept[&kept.to.name] = json!([value]),
                _ => panic!("{} is no list: {told}", kept.to.name),
            },
            (None, Some(_)) => panic!("{} is no item: {told}", kept.to.name),
        }
    }
}

/// Each turn with each of some items.
fn across<T>(turns: &[Now], items: &[T], with: impl Fn(&mut Now, &T)) -> Vec<Now> {
    let each = |now: &Now| {
        items
            .iter()
            .map(|item| {
                let mut now = now.clone();
                with(&mut now, item);
                now
            })
            .collect::<Vec<_>>()
    };
    turns.iter().flat_map(each).collect()
}

/// Fails unless everything that is expected is in the answer. A list has as many items as are expected, unless that ends
/// with an ellipsis.
fn assert_holds(expected: &Value, answer: &Value, told: &str) {
    match (expected, answer) {
        (Value::Object(expected), Value::Object(answer)) => {
            for (name, value) in expected {
                assert_holds(value, answer.get(name).unwrap_or_else(|| panic!("no {name} in {told}")), told);
            }
        }
        (Value::Array(expected), Value::Array(answer)) => {
            let expected = match expected.as_slice() {
                [first @ .., Value::String(more)] if more == "…" => first,
                all => {
                    assert_eq!(all.len(), answer.len(), "{told}");
                    all
                }
            };
            assert!(expected.len() <= answer.len(), "{told}");
            for (expected, answer) in expected.iter().zip(answer) {
                assert_holds(expected, answer, told);
            }
        }
        _ => assert_eq!(expected, answer, "{told}"),
    }
}

#[test]
fn every_step_of_the_tutorial_works_as_it_is_written() {
    with_record(async |service| {
        // What the page does at the command line.
        imported(&service, FILE).await;
        service.make_account("you@example.org", &[Grant::new(Role::Admin, Scope::Everything)]).await;
        Rehearsal::of(service, PAGE).await;
    });
}
