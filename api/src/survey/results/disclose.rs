//! Results as everybody may see them.

use super::hide::{FEW, cover, hide, together};
use super::table::ItemTable;
use super::tally::{Count, Partition, Tally};
use super::{numbers, words};
use entity::survey_item::Kind;

/// All of what was answered.
pub fn whole(count: &Count) -> Vec<ItemTable> {
    count.items.iter().map(|tally| tally.whole(count.responses)).collect()
}

/// The final result. What was shown before of a part of the answers must not tell, with it, of the rest: only what was
/// hidden then is hidden now, and [`next_frame`] has seen to it that the rest is large enough.
pub fn finish(all: &Count, last: Option<&[ItemTable]>) -> Vec<ItemTable> {
    if all.responses < FEW {
        return all.items.iter().map(nothing).collect();
    }
    let table = |(place, tally): (usize, &Tally)| {
        let partitions = tally.partitions(all.responses);
        let may = hidden_before(tally, &partitions, last.and_then(|tables| tables.get(place)));
        let hide = |(partition, may): (&Partition, &Vec<bool>)| hide(&partition.cells, &partition.sides, may);
        let hidden: Vec<_> = partitions.iter().zip(&may).map(hide).collect();
        with_figures(tally, &partitions, &hidden, shown(tally, &partitions, &hidden))
    };
    all.items.iter().enumerate().map(table).collect()
}

/// What may be shown while more comes in: the answers in `before` and `new` counted together, where `last` has shown those in
/// `before`. The answers in `held` are not shown yet; they make sure that whatever is shown later differs by no small count.
/// Nothing, where anything would.
pub fn next_frame(before: &Count, new: &Count, held: &Count, last: Option<&[ItemTable]>) -> Option<Vec<ItemTable>> {
    if new.responses < FEW || held.responses < FEW {
        return None;
    }
    let total = before.and(new);
    let table = |(place, tally): (usize, &Tally)| {
        if !tally.is_live() {
            return Some(nothing(tally));
        }
        let partitions = tally.partitions(total.responses);
        let may = hidden_before(tally, &partitions, last.and_then(|tables| tables.get(place)));
        let news = new.items.get(place)?.partitions(new.responses);
        let helds = held.items.get(place)?.partitions(held.responses);
        let hidden: Vec<_> = (0..partitions.len())
            .map(|at| hide_in_frame([&partitions[at], &news[at], &helds[at]], &may[at]))
            .collect::<Option<_>>()?;
        Some(shown(tally, &partitions, &hidden))
    };
    total.items.iter().enumerate().map(table).collect()
}

/// The cells of a table that stay hidden in a frame; nothing where the frame must not be shown. `may` marks those that were
/// hidden in the frame before: the others are shown in each, and differ by what is new, or will differ by what is held back.
fn hide_in_frame([total, new, held]: [&Partition; 3], may: &[bool]) -> Option<Vec<bool>> {
    let enough = |cell: usize| new.cells[cell] >= FEW && held.cells[cell] >= FEW;
    let all_enough = (0..may.len()).filter(|&cell| !may[cell]).all(enough);
    let hidden_enough = |partition: &Partition| together(&partition.cells, may) >= FEW;
    if !all_enough || (may.contains(&true) && !(hidden_enough(new) && hidden_enough(held))) {
        return None;
    }
    let small = (0..may.len()).map(|cell| may[cell] && total.cells[cell].min(held.cells[cell]) < FEW).collect();
    Some(cover(small, &[&total.cells, &held.cells], &total.sides, may))
}

/// Which cells of its tables an item's last result has hidden; before there was any, all of them.
fn hidden_before(tally: &Tally, partitions: &[Partition], last: Option<&ItemTable>) -> Vec<Vec<bool>> {
    let Some(last) = last else {
        return partitions.iter().map(|partition| vec![true; partition.cells.len()]).collect();
    };
    let counts: Vec<bool> = last.cells.iter().map(|cell| cell.count.is_none()).collect();
    if tally.question.kind == Kind::MultipleChoice {
        return counts.into_iter().map(|hidden| vec![hidden; 2]).collect();
    }
    let whole = |partition: &Partition| {
        let mut hidden = counts.clone();
        hidden.resize(partition.cells.len(), last.answered.is_none());
        hidden
    };
    partitions.iter().map(whole).collect()
}

/// An item of which nothing is shown.
fn nothing(tally: &Tally) -> ItemTable {
    tally.table(&vec![None; tally.cells.len()], None)
}

/// An item's table without the cells that are hidden.
fn shown(tally: &Tally, partitions: &[Partition], hidden: &[Vec<bool>]) -> ItemTable {
    let of = |partition: &Partition, hidden: &[bool], cell: usize| {
        partition.cells.get(cell).copied().filter(|_| !hidden.get(cell).copied().unwrap_or(true))
    };
    let all = || partitions.iter().zip(hidden);
    if tally.question.kind == Kind::MultipleChoice {
        let cells: Vec<_> = all().map(|(partition, hidden)| of(partition, hidden, 0)).collect();
        return tally.table(&cells, partitions.first().map(|partition| partition.cells.iter().sum()));
    }
    let Some((partition, hidden)) = all().next() else { return nothing(tally) };
    let cells: Vec<_> = (0..tally.cells.len()).map(|cell| of(partition, hidden, cell)).collect();
    let skipped_is_hidden = !tally.question.required && hidden.last().copied().unwrap_or(true);
    tally.table(&cells, Some(tally.answered).filter(|_| !skipped_is_hidden))
}

/// The table with the figures that are shown only once it is final.
fn with_figures(tally: &Tally, partitions: &[Partition], hidden: &[Vec<bool>], table: ItemTable) -> ItemTable {
    match (tally.question.kind, table.answered) {
        (Kind::Likert, Some(_)) => {
            let agree = partitions.first().zip(hidden.first());
            ItemTable { agree: agree.and_then(|(partition, hidden)| tally.agreement(partition, hidden)), ..table }
        }
        (Kind::Number, Some(_)) => {
            let shown = tally.question.bounds.map(|bounds| numbers::shown(&tally.numbers, bounds));
            let (mean, median) = shown.unwrap_or_default();
            ItemTable { mean, median, ..table }
        }
        (Kind::OpenText | Kind::Headline, _) => {
            ItemTable { words: words::shown(&tally.words, tally.answered), ..table }
        }
        _ => table,
    }
}
