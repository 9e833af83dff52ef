//! What can be had from published results by whoever adds and subtracts them, and knows how it was decided what to hide.

use crate::attacker::Attacker;
use entity::survey_item::Kind;
use lmi::survey::{Count, FEW, ItemTable, Question, finish, hide, next_frame};
use proptest::prelude::*;
use sea_orm::prelude::Uuid;
use std::collections::{BTreeMap, BTreeSet};

/// Calls back with every table of so many cells that has this total.
fn tables(cells: usize, total: u32, begun: &mut Vec<u32>, found: &mut impl FnMut(&[u32])) {
    if cells == 1 {
        begun.push(total);
        found(begun);
        begun.pop();
        return;
    }
    for count in 0..=total {
        begun.push(count);
        tables(cells - 1, total - count, begun, found);
        begun.pop();
    }
}

/// What is shown of a table: its cells, absent where they are hidden.
fn shown(cells: &[u32]) -> Vec<Option<u32>> {
    let (sides, may) = (vec![0; cells.len()], vec![true; cells.len()]);
    hide(cells, &sides, &may).into_iter().zip(cells).map(|(hidden, count)| (!hidden).then_some(*count)).collect()
}

#[test]
fn knowing_how_cells_are_hidden_tells_none_of_them() {
    for (cells, totals) in [(2, 10..=60), (3, 10..=60), (4, 10..=44)] {
        for total in totals {
            // Every table that looks the same, by what each hidden cell can be.
            let mut alike: BTreeMap<Vec<Option<u32>>, Vec<BTreeSet<u32>>> = BTreeMap::new();
            tables(cells, total, &mut Vec::new(), &mut |table| {
                let possible = alike.entry(shown(table)).or_insert_with(|| vec![BTreeSet::new(); cells]);
                for (possible, count) in possible.iter_mut().zip(table) {
                    possible.insert(*count);
                }
            });
            for (shown, possible) in alike {
                for (cell, possible) in shown.iter().zip(possible) {
                    // Small or not: where it can be small, it can be anything that is.
                    let fits = match cell {
                        Some(count) => *count >= FEW,
                        None => {
                            possible.iter().all(|count| *count >= FEW)
                                || (0..FEW).all(|count| possible.contains(&count))
                        }
                    };
                    assert!(fits, "{total}: {shown:?} tells that a cell is one of {possible:?}");
                }
            }
        }
    }
}

/// Numbers that come out the same for the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(bound).expect("a bound")).expect("a number below it")
    }
}

/// What one person chose of each question; of one that was left out, nothing.
type Chosen = Vec<Option<Vec<i32>>>;

fn question(number: usize, chance: &mut Chance) -> Question {
    let kind = [Kind::SingleChoice, Kind::SingleChoice, Kind::MultipleChoice, Kind::Likert][chance.below(4)];
    let options = if kind == Kind::Likert { 0 } else { 2 + chance.below(2) };
    Question {
        item: Uuid::from_u128(u128::try_from(number).expect("a number") + 1),
        prompt: format!("Question {number}?"),
        kind,
        options: (0..options).map(|option| format!("Option {option}")).collect(),
        bounds: None,
        required: chance.below(2) == 0,
    }
}

/// Somebody's answer. Options are liked unevenly, so that some cells are small.
fn choice(question: &Question, tastes: usize, chance: &mut Chance) -> Option<Vec<i32>> {
    if !question.required && chance.below(tastes + 2) == 0 {
        return None;
    }
    let options = if question.kind == Kind::Likert { 5 } else { question.options.len() };
    let place = |place: usize| i32::try_from(place + 1).expect("a place");
    if question.kind == Kind::MultipleChoice {
        return Some((0..options).filter(|option| chance.below(option + tastes) == 0).map(place).collect());
    }
    let liked = (0..options).find(|_| chance.below(tastes) != 0);
    Some(vec![place(liked.unwrap_or(options - 1))])
}

/// The answers of some, counted.
fn count(questions: &[Question], responses: &[Chosen]) -> Count {
    let chosen: Vec<_> = responses
        .iter()
        .flat_map(|response| questions.iter().zip(response))
        .filter_map(|(question, chosen)| Some((question.item, chosen.clone()?)))
        .collect();
    Count::of(questions, u32::try_from(responses.len()).expect("a number"), &chosen, &[])
}

/// What was published, with the answers that each publication was the first to count.
struct Published {
    questions: Vec<Question>,
    batches: Vec<Vec<Chosen>>,
    results: Vec<Vec<ItemTable>>,
}

/// A survey from its first answer to its final result, with whatever is shown in between.
fn run(seed: u64) -> Published {
    let mut chance = Chance(seed);
    let questions: Vec<_> = (0..=chance.below(2)).map(|number| question(number, &mut chance)).collect();
    let (tastes, size) = (2 + chance.below(4), chance.below(260));
    let (mut waiting, mut batches, mut results): (Vec<Chosen>, Vec<Vec<Chosen>>, Vec<Vec<ItemTable>>) =
        Default::default();
    for _ in 0..size {
        waiting.push(questions.iter().map(|question| choice(question, tastes, &mut chance)).collect());
        if waiting.len() % 10 == 0 {
            let (new, held) = waiting.split_at(waiting.len() / 2);
            let before = count(&questions, &batches.concat());
            let last = results.last().map(Vec::as_slice);
            if let Some(frame) = next_frame(&before, &count(&questions, new), &count(&questions, held), last) {
                results.push(frame);
                let held = held.to_vec();
                waiting.truncate(waiting.len() / 2);
                batches.push(std::mem::replace(&mut waiting, held));
            }
        }
    }
    batches.push(waiting);
    results.push(finish(&count(&questions, &batches.concat()), results.last().map(Vec::as_slice)));
    Published { questions, batches, results }
}

/// The cells in which those who answered stand, for each table of a question: of several options, each is a table.
fn cells_of(question: &Question, table: usize, response: &Chosen, place: usize) -> usize {
    let chosen = response[place].as_ref();
    if question.kind == Kind::MultipleChoice {
        let option = i32::try_from(table + 1).expect("a place");
        return usize::from(!chosen.is_some_and(|chosen| chosen.contains(&option)));
    }
    let options = if question.kind == Kind::Likert { 5 } else { question.options.len() };
    chosen.map_or(options, |chosen| usize::try_from(chosen[0]).expect("a place") - 1)
}

/// The cells of a table of a question, each with the result that first counts it, and how many stand there.
struct Truth<'a> {
    question: &'a Question,
    place: usize,
    table: usize,
    width: usize,
    cells: Vec<Vec<u32>>,
}

impl<'a> Truth<'a> {
    fn of(published: &'a Published, place: usize, table: usize) -> Self {
        let question = &published.questions[place];
        let width = match question.kind {
            Kind::MultipleChoice => 2,
            Kind::Likert => 5 + usize::from(!question.required),
            _ => question.options.len() + usize::from(!question.required),
        };
        let count = |responses: &Vec<Chosen>| {
            let mut cells = vec![0; width];
            for response in responses {
                cells[cells_of(question, table, response, place)] += 1;
            }
            cells
        };
        Self { question, place, table, width, cells: published.batches.iter().map(count).collect() }
    }

    /// What a result tells of the table: groups of cells whose sum is shown.
    fn told(&self, result: &[ItemTable]) -> Vec<Vec<usize>> {
        let shown = &result[self.place];
        // How many there are in all is always shown.
        let mut told = vec![(0..self.width).collect()];
        if self.question.kind == Kind::MultipleChoice {
            told.extend(shown.cells[self.table].count.map(|_| vec![0]));
            return told;
        }
        told.extend((0..).zip(&shown.cells).filter(|(_, cell)| cell.count.is_some()).map(|(cell, _)| vec![cell]));
        told.extend(shown.answered.map(|_| (0..shown.cells.len()).collect()));
        told.extend(shown.agree.map(|_| vec![3, 4]));
        told
    }

    /// Tells an attacker what these results tell, and tries all that follows.
    fn attack(&self, published: &Published, results: &[usize]) {
        let mut begins = 0;
        let mut truth = Vec::new();
        for result in results {
            let mut cells = vec![0; self.width];
            for batch in &self.cells[begins..=*result] {
                cells.iter_mut().zip(batch).for_each(|(sum, count)| *sum += count);
            }
            truth.extend(cells);
            begins = result + 1;
        }
        let mut attacker = Attacker::new(truth.len());
        for (period, result) in results.iter().enumerate() {
            for group in self.told(&published.results[*result]) {
                let all = (0..=period).flat_map(|period| group.iter().map(move |cell| period * self.width + cell));
                attacker.learn(&all.collect::<Vec<_>>());
            }
        }
        attacker.assert_learns_of_none_below(FEW, &truth, &format!("{:?}", self.question));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn no_sum_or_difference_of_anything_published_is_a_small_count(seed in any::<u64>()) {
        let published = run(seed);
        let all = published.batches.concat().len();
        if all < 10 {
            let nothing = published.results.iter().flatten().all(|table| {
                table.answered.is_none() && table.cells.iter().all(|cell| cell.count.is_none())
            });
            prop_assert!(nothing, "{:?}", published.results);
        } else {
            for (place, question) in published.questions.iter().enumerate() {
                let tables = if question.kind == Kind::MultipleChoice { question.options.len() } else { 1 };
                for table in 0..tables {
                    let truth = Truth::of(&published, place, table);
                    let results = published.results.len();
                    for later in 0..results {
                        for earlier in 0..=later {
                            let pair = if earlier == later { vec![later] } else { vec![earlier, later] };
                            truth.attack(&published, &pair);
                        }
                    }
                    if results * truth.width <= 12 {
                        truth.attack(&published, &(0..results).collect::<Vec<_>>());
                    }
                }
            }
        }
    }
}

#[test]
fn results_are_shown_while_more_come_in_and_the_final_one_is_whole() {
    // What the attack above is tried on has something to attack.
    let runs: Vec<_> = (0..500).map(run).collect();
    let frames = runs.iter().filter(|published| published.results.len() > 2).count();
    assert!(frames > 50, "{frames} of 500 surveys were shown more than once while they were open");
    for published in runs {
        let (all, last) = (published.batches.concat(), published.results.last().expect("a result"));
        if all.len() >= 10 {
            let alone = finish(&count(&published.questions, &all), None);
            let hidden = |tables: &[ItemTable]| {
                tables.iter().flat_map(|table| &table.cells).filter(|cell| cell.count.is_none()).count()
            };
            let (alone, last) = (hidden(&alone), hidden(last));
            assert!(last <= alone + 1, "{last} cells are hidden for what was shown before, else {alone}");
        }
    }
}

/// What is shown of numbers from `lowest` to `highest`.
fn of_numbers(numbers: &[i32], bounds: (i32, i32)) -> ItemTable {
    let item = Uuid::from_u128(1);
    let question = Question {
        item,
        prompt: "How many?".to_owned(),
        kind: Kind::Number,
        options: Vec::new(),
        bounds: Some(bounds),
        required: true,
    };
    let chosen: Vec<_> = numbers.iter().map(|number| (item, vec![*number])).collect();
    let responses = u32::try_from(numbers.len()).expect("a number");
    finish(&Count::of(&[question], responses, &chosen, &[]), None).remove(0)
}

#[test]
fn a_mean_and_a_median_do_not_tell_that_few_gave_a_number() {
    let mut told = 0;
    for (highest, totals) in [(1, 10..=40), (2, 18..=34), (3, 20..=26)] {
        for total in totals {
            let cells = usize::try_from(highest + 1).expect("a number");
            let mut alike: BTreeMap<(i64, Option<i32>), Vec<u32>> = BTreeMap::new();
            let mut published = Vec::new();
            tables(cells, total, &mut Vec::new(), &mut |table| {
                let each = (0..).zip(table).flat_map(|(number, count)| (0..*count).map(move |_| number));
                let numbers: Vec<i32> = each.collect();
                let sum = numbers.iter().copied().map(i64::from).sum();
                let median = numbers[(numbers.len() - 1) / 2];
                for known in [None, Some(median)] {
                    let most = alike.entry((sum, known)).or_insert_with(|| vec![0; cells]);
                    for (most, count) in most.iter_mut().zip(table) {
                        *most = (*most).max(*count);
                    }
                }
                let shown = of_numbers(&numbers, (0, highest));
                if shown.mean.is_some() {
                    published.push((sum, shown.median));
                }
            });
            told += published.len();
            for known in published {
                let most = &alike[&known];
                assert!(most.iter().all(|most| *most >= FEW), "{total} numbers with {known:?}: at most {most:?}");
            }
        }
    }
    assert!(told > 1000, "means are shown: {told}");
    let years: Vec<i32> = (0..40).collect();
    let shown = of_numbers(&years, (0, 45));
    assert_eq!((shown.mean, shown.median), (Some(19.5), Some(19)));
}
