//! Counts answers.

use super::table::{Cell, ItemTable, Word};
use super::{numbers, words};
use entity::survey_item::Kind;
use std::collections::HashMap;
use uuid::Uuid;

/// What can be answered on a scale of agreement.
const AGREEMENT: [&str; 5] = ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"];
/// Where on that scale agreement begins.
pub(super) const AGREES: usize = 3;

/// A question, as far as counting goes.
#[derive(Clone, Debug)]
pub struct Question {
    /// The item's key.
    pub item: Uuid,
    /// What is asked.
    pub prompt: String,
    /// What sort of answer it takes.
    pub kind: Kind,
    /// What can be chosen.
    pub options: Vec<String>,
    /// Between which numbers the answer is.
    pub bounds: Option<(i32, i32)>,
    /// Whether everybody answered it who answered anything.
    pub required: bool,
}

impl Question {
    /// The answers that can be given, where they can be listed.
    fn labels(&self) -> Vec<String> {
        match self.kind {
            Kind::Likert => AGREEMENT.map(str::to_owned).to_vec(),
            _ => self.options.clone(),
        }
    }
}

/// The answers to one question, counted.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    pub(super) question: Question,
    pub(super) answered: u32,
    pub(super) cells: Vec<u32>,
    pub(super) numbers: Vec<i32>,
    pub(super) words: Vec<(String, u32)>,
}

/// The answers of some of those who answered, counted.
#[derive(Clone, Debug)]
pub struct Count {
    /// How many answered anything.
    pub responses: u32,
    pub(super) items: Vec<Tally>,
}

/// A table that every one of those who answered stands in exactly once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Partition {
    /// How many stand in each cell.
    pub(super) cells: Vec<u32>,
    /// Cells of one side make one figure that is shown, too.
    pub(super) sides: Vec<u8>,
}

impl Count {
    /// Counts the answers of so many: the places or numbers that were chosen, and what was written, each with its item.
    pub fn of(questions: &[Question], responses: u32, chosen: &[(Uuid, Vec<i32>)], written: &[(Uuid, String)]) -> Self {
        let mut by_item: HashMap<Uuid, Vec<&[i32]>> = HashMap::new();
        for (item, values) in chosen {
            by_item.entry(*item).or_default().push(values);
        }
        let mut texts: HashMap<Uuid, Vec<&str>> = HashMap::new();
        for (item, text) in written {
            texts.entry(*item).or_default().push(text);
        }
        let tally = |question: &Question| {
            let chosen = by_item.remove(&question.item).unwrap_or_default();
            let written = texts.remove(&question.item).unwrap_or_default();
            Tally::of(question, &chosen, &written)
        };
        Self { responses, items: questions.iter().map(tally).collect() }
    }

    /// Both together.
    pub(super) fn and(&self, other: &Self) -> Self {
        let items = self.items.iter().zip(&other.items).map(|(one, other)| one.and(other));
        Self { responses: self.responses + other.responses, items: items.collect() }
    }
}

impl Tally {
    fn of(question: &Question, chosen: &[&[i32]], written: &[&str]) -> Self {
        let places = question.labels().len();
        let mut cells = vec![0; places];
        for place in chosen.iter().copied().flatten().filter_map(|place| usize::try_from(*place).ok()) {
            if let Some(cell) = place.checked_sub(1).and_then(|place| cells.get_mut(place)) {
                *cell += 1;
            }
        }
        let is_number = question.kind == Kind::Number;
        let mut numbers: Vec<i32> =
            if is_number { chosen.iter().copied().flatten().copied().collect() } else { Vec::new() };
        numbers.sort_unstable();
        let answered = size(chosen.len() + written.len());
        Self { question: question.clone(), answered, cells, numbers, words: words::count(written) }
    }

    /// The choices of both together; numbers and words are counted only once all of them are there.
    fn and(&self, other: &Self) -> Self {
        let cells = self.cells.iter().zip(&other.cells).map(|(one, other)| one + other);
        Self { answered: self.answered + other.answered, cells: cells.collect(), ..self.clone() }
    }

    /// The tables that are shown of it. Who answered nothing stands in the last cell, where that is possible.
    pub(super) fn partitions(&self, responses: u32) -> Vec<Partition> {
        let skipped = responses.saturating_sub(self.answered);
        let optional = |mut cells: Vec<u32>, mut sides: Vec<u8>| {
            if !self.question.required {
                cells.push(skipped);
                sides.push(0);
            }
            vec![Partition { cells, sides }]
        };
        match self.question.kind {
            Kind::Likert => {
                optional(self.cells.clone(), (0..self.cells.len()).map(|place| u8::from(place >= AGREES)).collect())
            }
            Kind::SingleChoice => optional(self.cells.clone(), vec![0; self.cells.len()]),
            // Nothing need be chosen of several, so that what was chosen tells nothing of the rest.
            Kind::MultipleChoice => {
                let split = |&chosen: &u32| Partition {
                    cells: vec![chosen, responses.saturating_sub(chosen)],
                    sides: vec![0; 2],
                };
                self.cells.iter().map(split).collect()
            }
            Kind::Number | Kind::OpenText | Kind::Headline => optional(vec![self.answered], vec![0]),
        }
    }

    /// Whether what comes in is shown while the survey is open; of numbers and words, only what is final is.
    pub(super) fn is_live(&self) -> bool {
        matches!(self.question.kind, Kind::Likert | Kind::SingleChoice | Kind::MultipleChoice)
    }

    /// Its table with these cells and this number of answers; nothing else is shown yet.
    pub(super) fn table(&self, cells: &[Option<u32>], answered: Option<u32>) -> ItemTable {
        let labels = self.question.labels().into_iter().zip(cells);
        ItemTable {
            item: self.question.item,
            prompt: self.question.prompt.clone(),
            kind: self.question.kind,
            answered,
            cells: labels.map(|(label, count)| Cell { label, count: *count }).collect(),
            agree: None,
            mean: None,
            median: None,
            words: Vec::new(),
        }
    }

    /// All of it, of so many who answered anything.
    pub(super) fn whole(&self, responses: u32) -> ItemTable {
        let answered = if self.question.kind == Kind::MultipleChoice { responses } else { self.answered };
        let cells: Vec<_> = self.cells.iter().copied().map(Some).collect();
        let agree = self.cells.iter().skip(AGREES).sum();
        let words = self.words.iter().map(|(word, count)| Word { word: word.clone(), count: Some(*count) });
        ItemTable {
            agree: share(agree, self.answered).filter(|_| self.question.kind == Kind::Likert),
            mean: numbers::mean(&self.numbers),
            median: numbers::median(&self.numbers),
            words: words.collect(),
            ..self.table(&cells, Some(answered))
        }
    }

    /// The share that agrees, where the cells that are shown tell it.
    pub(super) fn agreement(&self, partition: &Partition, hidden: &[bool]) -> Option<f64> {
        if self.question.kind != Kind::Likert || hidden.get(self.cells.len()) == Some(&true) {
            return None;
        }
        let on_side = |side: u8| hidden.iter().zip(&partition.sides).any(|(hidden, of)| *hidden && *of == side);
        if on_side(0) && on_side(1) {
            return None;
        }
        share(self.cells.iter().skip(AGREES).sum(), self.answered)
    }
}

/// Percent of a whole, to one decimal.
fn share(part: u32, of: u32) -> Option<f64> {
    (of > 0).then(|| (f64::from(part) * 1000.0 / f64::from(of)).round() / 10.0)
}

fn size(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}
