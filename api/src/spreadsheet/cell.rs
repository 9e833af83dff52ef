//! What stands in a cell, so that it is text to every spreadsheet and comes back as it was.

/// What a spreadsheet would take for the beginning of a formula, also in the wide letters of East Asian keyboards.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
/// What makes a spreadsheet take the text behind it for a cell of its own.
const BREAKS: [char; 3] = ['\t', '\r', '\n'];

/// Between two items of a list.
const BAR: char = '|';
/// Between two parts of an item.
const ARROW: char = '>';
const ESCAPE: char = '\\';

/// A text as it stands in a cell: with an apostrophe before it where a spreadsheet could take it for a formula.
pub(crate) fn guard(text: &str) -> String {
    if needs_guard(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text of a cell, without the apostrophe that [`guard`] put there. Any other apostrophe is part of the text.
pub(crate) fn unguard(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| needs_guard(text)).unwrap_or(cell)
}

/// Whether a text begins like a formula, behind blanks and quotation marks or not. An apostrophe before it does not
/// change the answer: that is what makes the one that [`guard`] adds known by [`unguard`].
fn needs_guard(text: &str) -> bool {
    let rest = text.trim_start_matches(|letter: char| letter.is_whitespace() || ['"', '\''].contains(&letter));
    let lead = &text[..text.len() - rest.len()];
    lead.contains(BREAKS) || rest.starts_with(FORMULA)
}

/// A list in a cell: `one | two`.
pub(crate) fn join<T: AsRef<str>>(items: &[T]) -> String {
    joined(items, BAR)
}

/// The items of a list in a cell; none where it is empty.
pub(crate) fn split(cell: &str) -> Vec<String> {
    parts(cell, BAR)
}

/// What belongs together in a cell: `Symposium overview > Panel`.
pub(super) fn join_parts<T: AsRef<str>>(items: &[T]) -> String {
    joined(items, ARROW)
}

/// The parts of what belongs together in a cell.
pub(super) fn split_parts(cell: &str) -> Vec<String> {
    parts(cell, ARROW)
}

fn joined<T: AsRef<str>>(items: &[T], separator: char) -> String {
    match items {
        // Nothing but one item without a letter is told from nothing at all by an escape that escapes nothing.
        [item] if item.as_ref().is_empty() => ESCAPE.to_string(),
        items => {
            let escaped: Vec<_> = items.iter().map(|item| escaped(item.as_ref(), separator)).collect();
            escaped.join(&format!(" {separator} "))
        }
    }
}

/// An item with an escape before what would otherwise be read as something else: separators, escapes, and blanks at
/// either end.
fn escaped(item: &str, separator: char) -> String {
    let inner = item.trim();
    let start = item.len() - item.trim_start().len();
    let end = if inner.is_empty() { item.len() } else { start + inner.len() };
    let mut escaped = String::with_capacity(item.len());
    for (at, letter) in item.char_indices() {
        let at_end = inner.is_empty() || at < start || at >= end;
        if letter == separator || letter == ESCAPE || (letter.is_whitespace() && at_end) {
            escaped.push(ESCAPE);
        }
        escaped.push(letter);
    }
    escaped
}

fn parts(cell: &str, separator: char) -> Vec<String> {
    if cell.trim().is_empty() {
        return Vec::new();
    }
    let (mut parts, mut part) = (Vec::new(), Part::default());
    let mut letters = cell.chars();
    while let Some(letter) = letters.next() {
        if letter == separator {
            parts.push(std::mem::take(&mut part).finish());
        } else if letter == ESCAPE {
            letters.next().into_iter().for_each(|escaped| part.keep(escaped));
        } else {
            part.add(letter);
        }
    }
    parts.push(part.finish());
    parts
}

/// One part while it is read. Blanks at its ends are not of it, unless they were escaped.
#[derive(Default)]
struct Part {
    text: String,
    /// How much of the text is sure to be of the part.
    kept: usize,
}

impl Part {
    fn add(&mut self, letter: char) {
        if !letter.is_whitespace() {
            self.keep(letter);
        } else if self.kept > 0 {
            self.text.push(letter);
        }
    }

    fn keep(&mut self, letter: char) {
        self.text.push(letter);
        self.kept = self.text.len();
    }

    fn finish(mut self) -> String {
        self.text.truncate(self.kept);
        self.text
    }
}
