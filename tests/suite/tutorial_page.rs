//! The tutorial as a program reads it: its steps, each a document with whom it is sent by, for what, and what is kept of
//! the answer. How a step is written stands at the beginning of the page itself.

use regex::{Captures, Regex};
use serde_json::Value;

/// One step of the page.
#[derive(Debug, Default)]
pub(crate) struct Step {
    /// Its headline.
    pub(crate) title: String,
    /// Whose token is sent along.
    pub(crate) token: Option<Path>,
    /// What it is repeated for.
    pub(crate) loops: Vec<Loop>,
    /// The document.
    pub(crate) document: String,
    /// Its variables.
    pub(crate) variables: Value,
    /// What is kept: where it stands in the answer, behind which letter, and as what.
    pub(crate) kept: Vec<Kept>,
    /// What the answer holds.
    pub(crate) holds: Option<Value>,
}

/// Something that a step is repeated for.
#[derive(Debug)]
pub(crate) enum Loop {
    /// The items of a list that was kept.
    Items { name: String, list: Path, some: Option<Part>, only: Option<(String, Value)> },
    /// The lines of a table on the page.
    Lines(Vec<Value>),
}

/// A part of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) last: bool,
    pub(crate) count: usize,
}

/// What is kept of an answer.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) from: String,
    pub(crate) behind: Option<String>,
    pub(crate) to: Path,
}

/// A name, and a field of what it names. A field in square brackets is the one of whose name another name tells: with
/// `]` at its end.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    pub(crate) name: String,
    pub(crate) field: Option<String>,
}

impl Path {
    pub(crate) fn parse(text: &str) -> Self {
        let split = text.split_once(['.', '[']);
        let (name, field) = split.map_or((text, None), |(name, field)| (name, Some(field)));
        Self { name: name.to_owned(), field: field.map(str::to_owned) }
    }
}

/// The steps of a page: every section in which a document stands. A section with more than one is more than one step.
pub(crate) fn steps(page: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    for section in page.split("\n### ").skip(1) {
        let title = section.lines().next().unwrap_or_default().to_owned();
        let parts: Vec<&str> = section.split("```graphql\n").collect();
        // What introduces a document stands before it, and what follows from it behind it.
        let mut before = parts[0];
        for part in &parts[1..] {
            let (document, behind) = part.split_once("\n```").expect("the end of a document");
            let (after, next) = behind.split_once("\n\n---\n").unwrap_or((behind, ""));
            steps.push(step(&title, before, document, after));
            before = next;
        }
    }
    steps
}

fn step(title: &str, before: &str, document: &str, after: &str) -> Step {
    let token = found(before, r"With the token ⟨([\w.]+)⟩").map(|found| Path::parse(&found[1]));
    let blocks: Vec<Value> =
        all(after, r"(?s)```json\n(.*?)\n```").iter().map(|found| json(title, &found[1])).collect();
    let holds = after.contains("The answer holds:");
    let given = blocks.len() - usize::from(holds);
    assert!(given <= 1, "{title}: one block of variables, and one behind \"The answer holds:\"");
    let kept = all(after, r"Keep `([\w.]+)`(?: behind `(.)`)? as ⟨([\w.\[\]]+)⟩");
    let kept = kept.iter().map(|found| Kept {
        from: found[1].to_owned(),
        behind: found.get(2).map(|letter| letter.as_str().to_owned()),
        to: Path::parse(&found[3]),
    });
    Step {
        title: title.to_owned(),
        token,
        loops: loops(before),
        document: document.to_owned(),
        kept: kept.collect(),
        holds: holds.then(|| blocks[given].clone()),
        variables: blocks.first().filter(|_| given == 1).cloned().unwrap_or_default(),
    }
}

/// What a step is repeated for, in the order in which it is told.
fn loops(before: &str) -> Vec<Loop> {
    let told = r"each (line of the table|⟨(\w+)⟩ of (?:the (first|last) (\d+) of )?⟨([\w.]+)⟩(?: whose `(\w+)` is `([^`]+)`)?)";
    let each = |found: &Captures<'_>| match found.get(2) {
        None => Loop::Lines(table(before)),
        Some(name) => Loop::Items {
            name: name.as_str().to_owned(),
            some: found
                .get(3)
                .map(|which| Part { last: which.as_str() == "last", count: found[4].parse().expect("a number") }),
            list: Path::parse(&found[5]),
            only: found.get(6).map(|field| (field.as_str().to_owned(), found[7].into())),
        },
    };
    let sentence = before.split_whitespace().collect::<Vec<_>>().join(" ");
    all(&sentence, told).iter().map(each).collect()
}

/// The lines of a table, each an object by the names of the columns. A cell is a number where it reads as one, and null
/// where there is nothing in it.
fn table(text: &str) -> Vec<Value> {
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let mut lines = text.lines().filter(|line| line.starts_with('|'));
    let header = cells(lines.next().expect("a table"));
    let object = |line: &str| {
        let values = cells(line).into_iter().map(|cell| match cell.as_str() {
            "" => Value::Null,
            text => text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from),
        });
        Value::Object(header.iter().cloned().zip(values).collect())
    };
    lines.skip(1).map(object).collect()
}

fn all<'a>(text: &'a str, pattern: &str) -> Vec<Captures<'a>> {
    Regex::new(pattern).expect("a pattern").captures_iter(text).collect()
}

fn found<'a>(text: &'a str, pattern: &str) -> Option<Captures<'a>> {
    all(text, pattern).into_iter().next()
}

fn json(title: &str, text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{title}: {error} in {text}"))
}
