//! Checks that the inputs of every concept share. All faults of an input are gathered before it is refused.

use crate::error::{Error, Result, Violation, ViolationCode, constraint};
use entity::source::Sources;
use sea_orm::DbErr;

/// Letters in a name or title at most.
pub(crate) const MAX_TITLE: usize = 300;
/// Letters in a longer text at most.
const MAX_TEXT: usize = 20_000;
/// Items in a list at most.
const MAX_ITEMS: usize = 250;
/// Letters in a slug at most.
pub(crate) const MAX_SLUG: usize = 120;

/// What an address must be.
pub(crate) const ADDRESS: &str =
    "An address starts with http:// or https:// and names a host, without a user or blanks.";

/// Whether a text is the address of a page, and what it looks like: those who read addresses pass over blanks and breaks, and a user
/// in one looks like a host.
pub(crate) fn is_address(text: &str) -> bool {
    let is_plain = !text.chars().any(|letter| letter.is_control() || letter.is_whitespace());
    let leads_there = |url: url::Url| {
        let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
        is_web && url.username().is_empty() && url.password().is_none()
    };
    is_plain && url::Url::parse(text).is_ok_and(leads_there)
}

/// The faults found so far.
#[derive(Debug, Default)]
pub(crate) struct Violations(Vec<Violation>);

impl Violations {
    /// Notes a fault unless `holds`.
    pub(crate) fn check(&mut self, holds: bool, field: &str, message: &str) {
        if !holds {
            self.0.push(Violation::new(field, ViolationCode::Invalid, message));
        }
    }

    /// A name or title: there, and not longer than fits on a badge or a page.
    pub(crate) fn title(&mut self, field: &str, value: &str) {
        if value.trim().is_empty() {
            self.0.push(Violation::new(field, ViolationCode::Required, "Write something here."));
        }
        self.check(value.chars().count() <= MAX_TITLE, field, "Use at most 300 letters.");
    }

    /// A list of anything.
    pub(crate) fn items<T>(&mut self, field: &str, items: &[T]) {
        self.check(items.len() <= MAX_ITEMS, field, "Give at most 250 of them.");
    }

    /// A list of names.
    pub(crate) fn titles(&mut self, field: &str, values: &[String]) {
        self.items(field, values);
        for value in values {
            self.title(field, value);
        }
    }

    /// A longer text, where one is given.
    pub(crate) fn text(&mut self, field: &str, value: Option<&str>) {
        let fits = |text: &str| !text.trim().is_empty() && text.chars().count() <= MAX_TEXT;
        self.check(value.is_none_or(fits), field, "Write 1 to 20,000 letters, or leave it out.");
    }

    /// A list of longer texts.
    pub(crate) fn texts(&mut self, field: &str, values: &[String]) {
        self.items(field, values);
        for value in values {
            self.text(field, Some(value));
        }
    }

    /// A number of something, where one is given.
    pub(crate) fn count(&mut self, field: &str, value: Option<i32>) {
        self.check(value.is_none_or(|count| count > 0), field, "Give a number from 1.");
    }

    /// Where facts come from.
    pub(crate) fn sources(&mut self, field: &str, sources: &Sources) {
        self.items(field, &sources.0);
        for source in &sources.0 {
            self.title(field, &source.document);
            self.url(field, source.url.as_deref());
        }
    }

    /// A slug: lower-case letters and digits, joined by single hyphens.
    pub(crate) fn slug(&mut self, field: &str, value: &str) {
        let words = || value.split('-');
        let plain = |word: &str| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        let formed = words().all(|word| !word.is_empty() && plain(word)) && value.len() <= MAX_SLUG;
        self.check(formed, field, "Use lower-case letters, digits and single hyphens, at most 120.");
    }

    /// An address, where one is given.
    pub(crate) fn url(&mut self, field: &str, value: Option<&str>) {
        self.check(value.is_none_or(is_address), field, ADDRESS);
    }

    /// Notes a fault of a given kind.
    pub(crate) fn add(&mut self, field: &str, code: ViolationCode, message: impl Into<String>) {
        self.0.push(Violation::new(field, code, message));
    }

    /// Refuses the input if anything was found.
    pub(crate) fn finish(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}

/// What a violated constraint means to the person who wrote the input.
pub(crate) type Meaning = (&'static str, &'static str, ViolationCode, &'static str);

/// The error of a save: a constraint that a person can do something about becomes a violation of its field.
pub(crate) fn refused(error: DbErr, meanings: &[Meaning]) -> Error {
    let broken = constraint(&error);
    match meanings.iter().find(|(name, ..)| broken.as_deref() == Some(name)) {
        Some((_, field, code, message)) => Error::Invalid(vec![Violation::new(field, *code, *message)]),
        None => error.into(),
    }
}

/// The slug of a title: its letters without accents, in lower case, at most as long as a slug may be.
pub(crate) fn slug_of(title: &str) -> String {
    let slug = slug::slugify(title);
    let cut: String = slug.chars().take(MAX_SLUG).collect();
    cut.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(slug: &str) -> bool {
        let mut violations = Violations::default();
        violations.slug("slug", slug);
        violations.finish().is_ok()
    }

    #[test]
    fn slugs_are_plain_words_joined_by_hyphens() {
        for slug in ["a", "2015-symposium", "s-d-bechtel"] {
            assert!(accepts(slug), "{slug}");
        }
        for slug in ["", "-a", "a-", "a--b", "A", "a b", "é", &"a".repeat(121)] {
            assert!(!accepts(slug), "{slug}");
        }
    }

    #[test]
    fn a_title_makes_a_slug() {
        assert_eq!(slug_of("Peña & Sons: 2nd Round"), "pena-sons-2nd-round");
        assert!(accepts(&slug_of(&"ab ".repeat(100))));
    }
}
