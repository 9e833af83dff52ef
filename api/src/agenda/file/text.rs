//! Texts as files take them.

/// A code as people write it: `MEAL_PRESENTATION` is "Meal presentation".
pub(super) fn label(code: &str) -> String {
    let words = code.replace('_', " ").to_lowercase();
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A text whose lines end in one way, and without what no text has: what else would end a line in some reader's eyes, or
/// control its terminal.
pub(super) fn plain(text: &str) -> String {
    const BREAKS: [char; 5] = ['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}'];
    let text = text.replace("\r\n", "\n").replace(BREAKS, "\n").replace('\u{2029}', "\n");
    text.chars().filter(|letter| !letter.is_control() || ['\n', '\t'].contains(letter)).collect()
}

/// The same in one line.
pub(super) fn line(text: &str) -> String {
    plain(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Those that are there, with something between each two.
pub(super) fn joined<'a>(parts: impl IntoIterator<Item = Option<&'a str>>, between: &str) -> String {
    let there = parts.into_iter().flatten().filter(|part| !part.trim().is_empty());
    there.collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_words() {
        assert_eq!(label("MEAL_PRESENTATION"), "Meal presentation");
        assert_eq!(label("PANEL"), "Panel");
        assert_eq!(label(""), "");
    }

    #[test]
    fn whatever_ends_a_line_ends_it_in_one_way() {
        assert_eq!(plain("a\r\nb\rc\u{2028}d\u{85}e\tf\0\u{1b}[31m"), "a\nb\nc\nd\ne\tf[31m");
        assert_eq!(line(" a\r\n\r\n b \u{b}c "), "a b c");
        assert_eq!(joined([Some("Hall"), None, Some(" "), Some("Alder")], ", "), "Hall, Alder");
    }
}
