//! The words of a selection: what the method is told, and what it says. What is named here is kept with every selection
//! and read back; it only ever grows.

use entity::district::Kind;
use entity::selection_outcome::ReasonCode;
use serde::{Deserialize, Serialize};

/// The name of the method. Another way of selecting gets another name.
pub const METHOD: &str = "lottery-1";

/// A group of districts that a quota is for. Of two groups of one sort, no district is in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Those of a region, by its number.
    Region(i32),
    /// Those of a kind.
    Kind(Kind),
    /// Those with at least so many students, and fewer than so many.
    Size {
        /// At least.
        from: Option<i32>,
        /// Fewer than.
        below: Option<i32>,
    },
    /// Those that never took part in a convening, or those that did.
    FirstTime(bool),
}

/// How many teams of a group are to be selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// Of which districts.
    pub group: Group,
    /// At least so many, as far as that is possible.
    #[serde(default)]
    pub minimum: usize,
    /// At most so many.
    pub maximum: Option<usize>,
    /// As near to so many as possible, and no place stays empty for it.
    pub target: Option<usize>,
}

/// What a selection follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// What the lottery is drawn from.
    pub seed: String,
    /// How many places there are.
    pub capacity: usize,
    /// How many teams go onto the waiting list at most; all that are left where nothing is said.
    pub waitlist: Option<usize>,
    /// The quotas, the more important first.
    pub quotas: Vec<Quota>,
}

/// A team that applies, as the method sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The district's code, which no other candidate has.
    pub code: String,
    /// The number of its region, where that is known.
    pub region: Option<i32>,
    /// Its kind, where that is known.
    pub kind: Option<Kind>,
    /// How many students it has, where that is known.
    pub enrollment: Option<i32>,
    /// Whether it never took part in a convening.
    pub first_time: bool,
    /// Whether it has its place already, and keeps it.
    pub kept: bool,
}

impl Group {
    /// Whether a candidate is of the group. One of whom it is not known is of none.
    pub fn has(self, candidate: &Candidate) -> bool {
        match self {
            Self::Region(number) => candidate.region == Some(number),
            Self::Kind(kind) => candidate.kind == Some(kind),
            Self::Size { from, below } => candidate.enrollment.is_some_and(|students| {
                from.is_none_or(|from| students >= from) && below.is_none_or(|below| students < below)
            }),
            Self::FirstTime(first) => candidate.first_time == first,
        }
    }

    /// Of which sort the group is.
    pub(super) fn sort(self) -> usize {
        match self {
            Self::Region(_) => 0,
            Self::Kind(_) => 1,
            Self::Size { .. } => 2,
            Self::FirstTime(_) => 3,
        }
    }

    /// Whether a district may be in both of two groups of one sort.
    pub(super) fn overlaps(self, other: Self) -> bool {
        match (self, other) {
            (Self::Size { from, below }, Self::Size { from: other_from, below: other_below }) => {
                let ends_before = |below: Option<i32>, from: Option<i32>| below.zip(from).is_some_and(|(b, f)| b <= f);
                !ends_before(below, other_from) && !ends_before(other_below, from)
            }
            _ => self == other,
        }
    }
}

/// What was selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// What came of it for each candidate, in the order of the lottery.
    pub outcomes: Vec<Outcome>,
    /// The quotas that could not be met.
    pub shortfalls: Vec<Shortfall>,
}

/// What came of it for one candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Which of the candidates, by its place among them.
    pub candidate: usize,
    /// What was drawn for it: 64 hexadecimal digits.
    pub draw: String,
    /// Its place in the lottery, from 1.
    pub place: usize,
    /// What was decided.
    pub decision: Decision,
    /// Why.
    pub reason: Reason,
}

/// What was decided on a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It has a place.
    Selected,
    /// It waits, at this place from 1.
    Waitlisted(usize),
    /// It has no place, and does not wait for one.
    NotSelected,
}

/// Why it was decided so. Quotas are named by their places among the method's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It had its place before.
    Kept,
    /// By lot.
    Drawn,
    /// To fill these quotas: the lot alone would not have brought it in.
    Quota(Vec<usize>),
    /// These quotas were full.
    OverMaximum(Vec<usize>),
    /// The places that were left were needed to fill these quotas.
    Reserved(Vec<usize>),
    /// No place was left.
    NoPlace,
}

impl Reason {
    /// The reason for programs.
    pub fn code(&self) -> ReasonCode {
        match self {
            Self::Kept => ReasonCode::Kept,
            Self::Drawn => ReasonCode::Drawn,
            Self::Quota(_) => ReasonCode::Quota,
            Self::OverMaximum(_) => ReasonCode::OverMaximum,
            Self::Reserved(_) => ReasonCode::Reserved,
            Self::NoPlace => ReasonCode::NoPlace,
        }
    }
}

/// A quota that could not be met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortfall {
    /// Which, by its place among the method's.
    pub quota: usize,
    /// How many were asked for.
    pub wanted: usize,
    /// How many were selected.
    pub selected: usize,
    /// Why, in words.
    pub why: String,
}

/// Why nothing can be selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// More teams keep their places than there are.
    KeptOverCapacity,
    /// More teams of this quota's group keep their places than may have one.
    KeptOverMaximum(usize),
    /// The quotas hang on one another in more ways than can be looked through.
    Entangled,
}
