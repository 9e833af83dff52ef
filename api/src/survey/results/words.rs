//! Which words were used, and by how many.

use super::hide::FEW;
use super::table::Word;
use std::collections::{BTreeMap, BTreeSet};

/// Words of a cloud at most.
const SHOWN: usize = 100;
/// Letters of a word at least.
const LETTERS: usize = 3;

/// Words that say nothing by themselves.
const STOP: [&str; 96] = [
    "about", "after", "again", "all", "also", "and", "any", "are", "because", "been", "before", "being", "both", "but",
    "can", "could", "did", "does", "doing", "don't", "down", "during", "each", "few", "for", "from", "further", "had",
    "has", "have", "having", "her", "here", "hers", "him", "his", "how", "i'm", "into", "it's", "its", "just", "may",
    "more", "most", "much", "not", "now", "off", "once", "one", "only", "other", "our", "ours", "out", "over", "own",
    "same", "she", "should", "some", "such", "than", "that", "the", "their", "theirs", "them", "then", "there",
    "these", "they", "this", "those", "through", "too", "under", "until", "very", "was", "were", "what", "when",
    "where", "which", "while", "who", "whom", "why", "will", "with", "would", "you", "your", "yours",
];

/// How many of these texts have each word, the most frequent first. A text counts once for a word.
pub(super) fn count(texts: &[&str]) -> Vec<(String, u32)> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for text in texts {
        for word in words_of(text) {
            *counts.entry(word).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

fn words_of(text: &str) -> BTreeSet<String> {
    let text = text.to_lowercase().replace('\u{2019}', "'");
    let parts = text.split(|letter: char| !letter.is_alphanumeric() && letter != '\'');
    let words = parts.map(|word| word.trim_matches('\''));
    let says =
        |word: &&str| word.chars().count() >= LETTERS && word.chars().any(char::is_alphabetic) && !STOP.contains(word);
    words.filter(says).map(str::to_owned).collect()
}

/// The words that may be shown: those of ten and more. Of a word that nearly all used, it is not said how many did: that
/// would tell how few did not. Such come first.
pub(super) fn shown(counts: &[(String, u32)], answered: u32) -> Vec<Word> {
    let frequent = counts.iter().filter(|(_, count)| *count >= FEW);
    let word = |(word, count): &(String, u32)| {
        let others = answered.saturating_sub(*count);
        Word { word: word.clone(), count: (others >= FEW).then_some(*count) }
    };
    let mut words: Vec<Word> = frequent.map(word).collect();
    // Within those without a count the order must not tell it either: that of the letters.
    words.sort_by(|one, other| match (one.count, other.count) {
        (None, None) => one.word.cmp(&other.word),
        (one, other) => one.is_some().cmp(&other.is_some()),
    });
    words.truncate(SHOWN);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_counts_once_for_a_word_and_not_at_all_for_small_ones() {
        let counts = count(&["Trust, trust and TRUST!", "We don\u{2019}t trust the 2015 plan.", "It is what it is."]);
        assert_eq!(counts, [("trust".to_owned(), 2), ("plan".to_owned(), 1)]);
    }

    #[test]
    fn what_few_used_and_what_few_did_not_use_is_not_told() {
        let counts = [("all", 50), ("nearly", 41), ("many", 40), ("ten", 10), ("few", 9)];
        let counts = counts.map(|(word, count)| (word.to_owned(), count));
        let shown: Vec<_> = shown(&counts, 50).into_iter().map(|word| (word.word, word.count)).collect();
        let expected = [("all", None), ("nearly", None), ("many", Some(40)), ("ten", Some(10))];
        assert_eq!(shown, expected.map(|(word, count)| (word.to_owned(), count)));
    }
}
