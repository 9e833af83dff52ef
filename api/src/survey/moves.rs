//! How a survey moves from state to state. Pure: who may move it, and what else a move needs, is asked elsewhere.

use crate::error::{Error, Result, Violation, ViolationCode};
use entity::survey::Status;
use sea_orm::ActiveEnum as _;

/// A move of a survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    /// Answers are taken from now on, and the items stay as they are.
    Open,
    /// No more are taken.
    Close,
    /// Everybody may see the results.
    Publish,
}

impl Move {
    /// All of them, in the order of a survey's life.
    pub(crate) const ALL: [Self; 3] = [Self::Open, Self::Close, Self::Publish];

    /// The move as one word, for programs.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Close => "close",
            Self::Publish => "publish_results",
        }
    }

    /// From which state it leads, and to which.
    pub(crate) fn way(self) -> (Status, Status) {
        match self {
            Self::Open => (Status::Draft, Status::Open),
            Self::Close => (Status::Open, Status::Closed),
            Self::Publish => (Status::Closed, Status::Published),
        }
    }
}

/// The state that a move leads to from here, or why it cannot be made.
pub(crate) fn moved(from: Status, step: Move) -> Result<Status> {
    let (source, target) = step.way();
    if from == source { Ok(target) } else { Err(illegal(from, "This cannot be done as the survey stands now.")) }
}

/// Lets pass what can be done only with a survey in this state.
pub(crate) fn only_in(expected: Status, status: Status, message: &str) -> Result<()> {
    if status == expected { Ok(()) } else { Err(illegal(status, message)) }
}

/// The refusal of what a survey's state does not allow; it names the state that can be reached.
fn illegal(status: Status, message: &str) -> Error {
    let word = |status: Status| status.to_value().to_uppercase();
    let legal = Move::ALL.into_iter().map(Move::way).filter(|(from, _)| *from == status);
    let allowed: Vec<String> = legal.map(|(_, to)| word(to)).collect();
    let onwards = match allowed.first() {
        Some(to) => format!("It is {}, and can become {to}.", word(status)),
        None => format!("It is {} and stays so.", word(status)),
    };
    let violation = Violation::new("id", ViolationCode::IllegalTransition, format!("{message} {onwards}"));
    Error::Invalid(vec![Violation { allowed: Some(allowed), ..violation }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::Iterable as _;

    #[test]
    fn each_state_knows_its_move_and_no_others() {
        // Written by hand from the domain.
        let expected = [
            (Status::Draft, Some((Move::Open, Status::Open))),
            (Status::Open, Some((Move::Close, Status::Closed))),
            (Status::Closed, Some((Move::Publish, Status::Published))),
            (Status::Published, None),
        ];
        assert_eq!(expected.len(), Status::iter().count());
        for (from, legal) in expected {
            for step in Move::ALL {
                let wanted = legal.filter(|(known, _)| *known == step).map(|(_, to)| to);
                let made = moved(from, step);
                assert_eq!(made.as_ref().ok().copied(), wanted, "{from:?} {step:?}");
                let Err(error) = made else { continue };
                let Error::Invalid(violations) = error else { panic!("{error}") };
                let allowed: Vec<String> = legal.iter().map(|(_, to)| to.to_value().to_uppercase()).collect();
                assert_eq!(violations[0].allowed.as_ref(), Some(&allowed), "{from:?} {step:?}");
            }
        }
    }
}
