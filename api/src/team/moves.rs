//! How a team moves from state to state. Pure: who may move it, and what else a move needs, is asked elsewhere.

use crate::error::{Error, Result, Violation, ViolationCode};
use entity::team::Status;
use sea_orm::{ActiveEnum as _, Iterable as _};

/// When a move can be made, as far as decisions are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    /// Whenever.
    Always,
    /// Until decisions are published.
    Before,
    /// Once decisions are published.
    After,
}

/// Every legal move: from which state, to which, and when.
#[rustfmt::skip]
const LEGAL: [(Status, Status, When); 25] = {
    use Status::{
        Attended, Confirmed, Declined, Draft, Expired, NoShow, NotSelected, Offered, Selected, Submitted, Waitlisted,
        Withdrawn,
    };
    use When::{After, Always, Before};
    [
        (Draft,       Submitted,   Always),
        (Draft,       Withdrawn,   Always),
        (Submitted,   Selected,    Always),
        (Submitted,   Waitlisted,  Always),
        (Submitted,   NotSelected, Always),
        (Submitted,   Withdrawn,   Always),
        (Selected,    Waitlisted,  Before),
        (Selected,    NotSelected, Before),
        (Selected,    Confirmed,   After),
        (Selected,    Declined,    After),
        (Selected,    Expired,     After),
        (Selected,    Withdrawn,   Always),
        (Waitlisted,  Selected,    Before),
        (Waitlisted,  NotSelected, Before),
        (Waitlisted,  Offered,     After),
        (Waitlisted,  Withdrawn,   Always),
        (NotSelected, Selected,    Before),
        (NotSelected, Waitlisted,  Before),
        (Offered,     Confirmed,   Always),
        (Offered,     Declined,    Always),
        (Offered,     Expired,     Always),
        (Offered,     Withdrawn,   Always),
        (Confirmed,   Attended,    Always),
        (Confirmed,   NoShow,      Always),
        (Confirmed,   Withdrawn,   Always),
    ]
};

/// The states that hold one of a convening's places.
pub(crate) const HOLDS_A_PLACE: [Status; 4] = [Status::Selected, Status::Offered, Status::Confirmed, Status::Attended];

/// The states of a team that is decided on until decisions are published.
pub(crate) const DECIDABLE: [Status; 4] =
    [Status::Submitted, Status::Selected, Status::Waitlisted, Status::NotSelected];

/// The states that a team can be in without anything having been decided on it.
pub(crate) const UNDECIDED: [Status; 3] = [Status::Draft, Status::Submitted, Status::Withdrawn];

/// The states that can be reached from one; `published` tells whether decisions are.
pub(crate) fn onwards(from: Status, published: bool) -> impl Iterator<Item = Status> {
    let now = move |when| when == When::Always || (when == When::After) == published;
    Status::iter()
        .filter(move |to| LEGAL.iter().any(|&(source, target, when)| source == from && target == *to && now(when)))
}

/// Where a team stands, as somebody sees it who may not know of decisions before they are published.
pub(crate) fn shown(status: Status, published: bool) -> Status {
    if published || UNDECIDED.contains(&status) { status } else { Status::Submitted }
}

/// Lets pass a legal move; another is refused in the words of `mover`.
pub(crate) fn check(from: Status, to: Status, published: bool, mover: Mover) -> Result<()> {
    let known = mover.knows(from, published);
    if mover.makes(to) && onwards(known, published).any(|status| status == to) {
        Ok(())
    } else {
        Err(illegal(from, published, mover))
    }
}

/// Who asks for a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mover {
    /// Somebody who decides: all states and moves are told.
    Decides,
    /// Somebody for the team itself: told of no decision before it is published, and of the moves that are the team's own.
    Team,
}

impl Mover {
    fn knows(self, status: Status, published: bool) -> Status {
        match self {
            Self::Decides => status,
            Self::Team => shown(status, published),
        }
    }

    fn makes(self, to: Status) -> bool {
        self == Self::Decides
            || [Status::Submitted, Status::Withdrawn, Status::Confirmed, Status::Declined].contains(&to)
    }
}

/// The refusal of what a team's state does not allow; it names the states that can be reached.
pub(crate) fn illegal(from: Status, published: bool, mover: Mover) -> Error {
    let from = mover.knows(from, published);
    let allowed: Vec<String> =
        onwards(from, published).filter(|&to| mover.makes(to)).map(|to| to.to_value().to_uppercase()).collect();
    let status = from.to_value().to_uppercase();
    let message = if allowed.is_empty() {
        format!("This cannot be done as the team stands now. It is {status} and stays so.")
    } else {
        format!("This cannot be done as the team stands now. It is {status}, and can become {}.", allowed.join(", "))
    };
    let violation = Violation::new("id", ViolationCode::IllegalTransition, message);
    Error::Invalid(vec![Violation { allowed: Some(allowed), ..violation }])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written by hand from the domain: what can be reached before decisions are published, and after.
    #[rustfmt::skip]
    const EXPECTED: [(Status, &[Status], &[Status]); 12] = {
        use Status::*;
        [
            (Draft,       &[Submitted, Withdrawn],                          &[Submitted, Withdrawn]),
            (Submitted,   &[Selected, Waitlisted, NotSelected, Withdrawn],  &[Selected, Waitlisted, NotSelected, Withdrawn]),
            (Selected,    &[Waitlisted, NotSelected, Withdrawn],            &[Confirmed, Declined, Expired, Withdrawn]),
            (Waitlisted,  &[Selected, NotSelected, Withdrawn],              &[Offered, Withdrawn]),
            (NotSelected, &[Selected, Waitlisted],                          &[]),
            (Offered,     &[Confirmed, Declined, Expired, Withdrawn],       &[Confirmed, Declined, Expired, Withdrawn]),
            (Confirmed,   &[Withdrawn, Attended, NoShow],                   &[Withdrawn, Attended, NoShow]),
            (Declined,    &[],                                              &[]),
            (Expired,     &[],                                              &[]),
            (Withdrawn,   &[],                                              &[]),
            (Attended,    &[],                                              &[]),
            (NoShow,      &[],                                              &[]),
        ]
    };

    #[test]
    fn each_state_knows_its_moves_and_no_others() {
        assert_eq!(EXPECTED.len(), Status::iter().count());
        for (from, before, after) in EXPECTED {
            for (published, legal) in [(false, before), (true, after)] {
                for to in Status::iter() {
                    let done = check(from, to, published, Mover::Decides);
                    assert_eq!(done.is_ok(), legal.contains(&to), "{from:?} to {to:?}, published: {published}");
                    if let Err(error) = done {
                        let Error::Invalid(violations) = error else { panic!("{error}") };
                        let words: std::collections::BTreeSet<String> =
                            legal.iter().map(|status| status.to_value().to_uppercase()).collect();
                        let told = violations[0].allowed.clone().unwrap_or_default().into_iter().collect();
                        assert_eq!(words, told, "{from:?} to {to:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_team_is_told_nothing_of_a_decision_before_it_is_published() {
        for decided in Status::iter().filter(|status| !UNDECIDED.contains(status)) {
            for to in Status::iter() {
                let (hidden, submitted) = [decided, Status::Submitted]
                    .map(|from| format!("{:?}", check(from, to, false, Mover::Team)))
                    .into();
                assert_eq!(hidden, submitted, "{decided:?} to {to:?}");
            }
        }
    }
}
