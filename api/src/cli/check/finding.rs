//! What was found, and how bad it is.

use std::fmt;

/// How bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// As it should be.
    Good,
    /// As it may be, and worth knowing.
    Note,
    /// To be mended.
    Wrong,
}

/// Something that was looked at.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    verdict: Verdict,
    /// The setting or the part that it is about.
    about: &'static str,
    says: String,
}

/// Everything that was looked at, in that order.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    pub(super) fn good(&mut self, about: &'static str, says: &str) {
        self.add(Verdict::Good, about, says);
    }

    pub(super) fn note(&mut self, about: &'static str, says: &str) {
        self.add(Verdict::Note, about, says);
    }

    pub(super) fn wrong(&mut self, about: &'static str, says: &str) {
        self.add(Verdict::Wrong, about, says);
    }

    /// Good with these words, or wrong with those of the error.
    pub(super) fn of<T>(&mut self, about: &'static str, result: &anyhow::Result<T>, good: &str) {
        match result {
            Ok(_) => self.good(about, good),
            Err(error) => self.wrong(about, &format!("{error:#}")),
        }
    }

    fn add(&mut self, verdict: Verdict, about: &'static str, says: &str) {
        // An error may begin with the setting that it is about.
        let says = says.strip_prefix(about).map_or(says, |rest| rest.split_once(": ").map_or(rest, |(_, says)| says));
        self.0.push(Finding { verdict, about, says: says.lines().collect::<Vec<_>>().join(" ") });
    }

    pub(super) fn all(&self) -> &[Finding] {
        &self.0
    }

    pub(super) fn count(&self, verdict: Verdict) -> usize {
        self.0.iter().filter(|finding| finding.verdict == verdict).count()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Good => "ok",
            Verdict::Note => "note",
            Verdict::Wrong => "WRONG",
        };
        write!(f, "{verdict:<5}  {}: {}", self.about, self.says)
    }
}
