//! What a selection says, in words.

use super::method::{Decision, Group, Method, Outcome, Quota, Reason};
use entity::district::Kind;

impl Group {
    /// The districts of the group, in words.
    pub(super) fn words(self) -> String {
        match self {
            Self::Region(number) => format!("districts of region {number}"),
            Self::Kind(kind) => match kind {
                Kind::Unified => "unified districts",
                Kind::Elementary => "elementary districts",
                Kind::High => "high school districts",
                Kind::CountyOffice => "county offices of education",
                Kind::Other => "districts of other kinds",
            }
            .to_owned(),
            Self::Size { from: Some(from), below: Some(below) } => {
                format!("districts with at least {from} and fewer than {below} students")
            }
            Self::Size { from: Some(from), below: None } => format!("districts with at least {from} students"),
            Self::Size { from: None, below: Some(below) } => format!("districts with fewer than {below} students"),
            Self::Size { from: None, below: None } => "districts whose number of students is known".to_owned(),
            Self::FirstTime(true) => "districts that come for the first time".to_owned(),
            Self::FirstTime(false) => "districts that have taken part before".to_owned(),
        }
    }
}

/// Why a candidate is where it is, in words that the district can be told.
pub(super) fn reason(method: &Method, outcome: &Outcome, candidates: usize) -> String {
    let drawn = format!("place {} of {candidates} in the lottery", outcome.place);
    let quotas = |places: &[usize]| named(&method.quotas, places);
    let why = match &outcome.reason {
        Reason::Kept => format!("It had its place before the selection, and kept it; {drawn}."),
        Reason::Drawn => format!("Drawn by lot: {drawn}."),
        Reason::Quota(of) => format!("Taken to fill the quota of {}; {drawn}.", quotas(of)),
        Reason::OverMaximum(of) => format!("The maximum of {} was reached; {drawn}.", quotas(of)),
        Reason::Reserved(of) if of.is_empty() => {
            format!("The places that were left were for others, so that as many as possible are filled; {drawn}.")
        }
        Reason::Reserved(of) => format!("The places that were left were for the quota of {}; {drawn}.", quotas(of)),
        Reason::NoPlace => format!("No place was left: {drawn}."),
    };
    match outcome.decision {
        Decision::Waitlisted(place) => format!("{why} Waiting list: place {place}."),
        Decision::Selected | Decision::NotSelected => why,
    }
}

/// Why a quota could not be met.
pub(super) fn shortfall(quota: &Quota, wanted: usize, selected: usize, applied: usize) -> String {
    let what = quota.group.words();
    let asked = format!("Asked for were {wanted} of the {what}; {selected} were selected");
    if applied < wanted {
        format!("{asked}, because only {applied} applied.")
    } else {
        format!("{asked}, because the capacity, the maximums and the quotas before it leave no other way.")
    }
}

fn named(quotas: &[Quota], places: &[usize]) -> String {
    let words: Vec<String> =
        places.iter().filter_map(|&place| quotas.get(place)).map(|quota| quota.group.words()).collect();
    words.join(" and ")
}
