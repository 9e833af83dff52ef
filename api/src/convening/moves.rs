//! How a convening moves from state to state. Pure: who may move it, and what else a move needs, is asked elsewhere.

use crate::error::{Error, Result, Violation, ViolationCode};
use entity::convening::{Model, Status};
use sea_orm::ActiveEnum as _;

/// A move of a convening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    /// Everybody may know of it.
    Announce,
    /// Back to the draft, which only those see who run it.
    Retract,
    /// Statements of interest are taken from now on.
    OpenApplications,
    /// No more are taken.
    CloseApplications,
    /// Each team may know what was decided on it.
    PublishDecisions,
    /// Everybody may see the agenda.
    PublishAgenda,
    /// It begins.
    Start,
    /// It is over.
    Complete,
    /// It does not take place.
    Cancel,
}

/// Which convenings a move is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum For {
    /// All.
    All,
    /// Those that take applications.
    Applying,
    /// Those that take none.
    NotApplying,
}

/// Every legal move: from which state, which move, for which convenings. Publishing decisions leads from closed
/// applications to `TeamsSelected`; a convening that has come further without it stays where it is.
const LEGAL: [(Status, Move, For); 19] = [
    (Status::Draft, Move::Announce, For::All),
    (Status::Announced, Move::Retract, For::All),
    (Status::Announced, Move::OpenApplications, For::Applying),
    (Status::ApplicationsOpen, Move::CloseApplications, For::All),
    (Status::ApplicationsClosed, Move::PublishDecisions, For::All),
    (Status::TeamsSelected, Move::PublishDecisions, For::All),
    (Status::AgendaPublished, Move::PublishDecisions, For::All),
    (Status::InProgress, Move::PublishDecisions, For::All),
    (Status::Announced, Move::PublishAgenda, For::NotApplying),
    (Status::TeamsSelected, Move::PublishAgenda, For::All),
    (Status::AgendaPublished, Move::Start, For::All),
    (Status::InProgress, Move::Complete, For::All),
    (Status::Draft, Move::Cancel, For::All),
    (Status::Announced, Move::Cancel, For::All),
    (Status::ApplicationsOpen, Move::Cancel, For::All),
    (Status::ApplicationsClosed, Move::Cancel, For::All),
    (Status::TeamsSelected, Move::Cancel, For::All),
    (Status::AgendaPublished, Move::Cancel, For::All),
    (Status::InProgress, Move::Cancel, For::All),
];

impl Move {
    /// All of them, in the order of a convening's life.
    pub(super) const ALL: [Self; 9] = [
        Self::Announce,
        Self::Retract,
        Self::OpenApplications,
        Self::CloseApplications,
        Self::PublishDecisions,
        Self::PublishAgenda,
        Self::Start,
        Self::Complete,
        Self::Cancel,
    ];

    /// The move as one word, for programs.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Announce => "announce",
            Self::Retract => "retract",
            Self::OpenApplications => "open_applications",
            Self::CloseApplications => "close_applications",
            Self::PublishDecisions => "publish_decisions",
            Self::PublishAgenda => "publish_agenda",
            Self::Start => "start",
            Self::Complete => "complete",
            Self::Cancel => "cancel",
        }
    }

    /// The state that it leads to.
    fn target(self, from: Status) -> Status {
        match self {
            Self::PublishDecisions if from != Status::ApplicationsClosed => from,
            Self::PublishDecisions => Status::TeamsSelected,
            Self::Announce => Status::Announced,
            Self::Retract => Status::Draft,
            Self::OpenApplications => Status::ApplicationsOpen,
            Self::CloseApplications => Status::ApplicationsClosed,
            Self::PublishAgenda => Status::AgendaPublished,
            Self::Start => Status::InProgress,
            Self::Complete => Status::Completed,
            Self::Cancel => Status::Cancelled,
        }
    }

    /// The states from which it can be made, for convenings that take applications or for the others.
    pub(super) fn sources(self, applying: bool) -> impl Iterator<Item = Status> {
        let fits = move |which| which == For::All || (which == For::Applying) == applying;
        LEGAL.into_iter().filter(move |&(_, step, which)| step == self && fits(which)).map(|(from, ..)| from)
    }
}

/// Whether districts apply to it: it has a time from or until which they do.
pub(super) fn takes_applications(row: &Model) -> bool {
    row.applications_open_at.is_some() || row.applications_close_at.is_some()
}

/// The convening after a move, or why it cannot be made.
pub(super) fn moved(row: &Model, step: Move) -> Result<Model> {
    let applying = takes_applications(row);
    let again = step == Move::PublishDecisions && row.decisions_published;
    if again || !step.sources(applying).any(|from| from == row.status) {
        return Err(illegal(row, "This cannot be done as the convening stands now."));
    }
    let mut row = Model { status: step.target(row.status), ..row.clone() };
    match step {
        Move::PublishDecisions => row.decisions_published = true,
        Move::Retract => (row.announced, row.agenda_published, row.decisions_published) = made_public(Status::Draft),
        // What was made public stays so, and what was not stays hidden.
        Move::Cancel => {}
        // Decisions are published by an act of their own and by no move: beginning must not give away what was not said.
        _ => {
            let (announced, agenda, _) = made_public(row.status);
            row.announced |= announced;
            row.agenda_published |= agenda;
        }
    }
    Ok(row)
}

/// The convening once decisions on its teams are published, or why that cannot be.
pub(crate) fn with_published_decisions(row: &Model) -> Result<Model> {
    moved(row, Move::PublishDecisions)
}

/// What has been made public of a convening that reached a state: itself, its agenda, its decisions. One that was
/// cancelled is taken to have been cancelled before its agenda was published, unless somebody says otherwise.
pub(super) fn made_public(status: Status) -> (bool, bool, bool) {
    match status {
        Status::Draft => (false, false, false),
        Status::Announced
        | Status::ApplicationsOpen
        | Status::ApplicationsClosed
        | Status::TeamsSelected
        | Status::Cancelled => (true, false, false),
        Status::AgendaPublished => (true, true, false),
        Status::InProgress | Status::Completed => (true, true, true),
    }
}

/// The refusal of what a convening's state does not allow; it names the states that can be reached.
pub(crate) fn illegal(row: &Model, message: &str) -> Error {
    let applying = takes_applications(row);
    let legal = Move::ALL.into_iter().filter(|step| step.sources(applying).any(|from| from == row.status));
    let others = legal.map(|step| step.target(row.status)).filter(|status| *status != row.status);
    let allowed: Vec<String> = others.map(|status| status.to_value().to_uppercase()).collect();
    let status = row.status.to_value().to_uppercase();
    let onwards = if allowed.is_empty() {
        format!("It is {status} and stays so.")
    } else {
        format!("It is {status}, and can become {}.", allowed.join(", "))
    };
    let violation = Violation::new("id", ViolationCode::IllegalTransition, format!("{message} {onwards}"));
    Error::Invalid(vec![Violation { allowed: Some(allowed), ..violation }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::Iterable as _;

    /// A state, whether applications are taken, and the moves that it knows with the states that they lead to.
    type Line = (Status, bool, &'static [(Move, Status)]);

    /// Written by hand from the domain.
    #[rustfmt::skip]
    const EXPECTED: [Line; 18] = {
        use Move::{
            Announce, Cancel, CloseApplications, Complete, OpenApplications, PublishAgenda, PublishDecisions, Retract,
            Start,
        };
        use Status::{
            AgendaPublished, Announced, ApplicationsClosed, ApplicationsOpen, Cancelled, Completed, Draft, InProgress,
            TeamsSelected,
        };
        [
            (Draft,              true,  &[(Announce, Announced), (Cancel, Cancelled)]),
            (Draft,              false, &[(Announce, Announced), (Cancel, Cancelled)]),
            (Announced,          true,  &[(Retract, Draft), (OpenApplications, ApplicationsOpen), (Cancel, Cancelled)]),
            (Announced,          false, &[(Retract, Draft), (PublishAgenda, AgendaPublished), (Cancel, Cancelled)]),
            (ApplicationsOpen,   true,  &[(CloseApplications, ApplicationsClosed), (Cancel, Cancelled)]),
            (ApplicationsOpen,   false, &[(CloseApplications, ApplicationsClosed), (Cancel, Cancelled)]),
            (ApplicationsClosed, true,  &[(PublishDecisions, TeamsSelected), (Cancel, Cancelled)]),
            (ApplicationsClosed, false, &[(PublishDecisions, TeamsSelected), (Cancel, Cancelled)]),
            (TeamsSelected,      true,  &[(PublishDecisions, TeamsSelected), (PublishAgenda, AgendaPublished), (Cancel, Cancelled)]),
            (TeamsSelected,      false, &[(PublishDecisions, TeamsSelected), (PublishAgenda, AgendaPublished), (Cancel, Cancelled)]),
            (AgendaPublished,    true,  &[(PublishDecisions, AgendaPublished), (Start, InProgress), (Cancel, Cancelled)]),
            (AgendaPublished,    false, &[(PublishDecisions, AgendaPublished), (Start, InProgress), (Cancel, Cancelled)]),
            (InProgress,         true,  &[(PublishDecisions, InProgress), (Complete, Completed), (Cancel, Cancelled)]),
            (InProgress,         false, &[(PublishDecisions, InProgress), (Complete, Completed), (Cancel, Cancelled)]),
            (Completed,          true,  &[]),
            (Completed,          false, &[]),
            (Cancelled,          true,  &[]),
            (Cancelled,          false, &[]),
        ]
    };

    #[test]
    fn each_state_knows_its_moves_and_no_others() {
        assert_eq!(EXPECTED.len(), 2 * Status::iter().count(), "every state stands in the table twice");
        for (from, applying, legal) in EXPECTED {
            for step in Move::ALL {
                let known = legal.iter().any(|(each, _)| *each == step);
                let found = step.sources(applying).filter(|status| *status == from).count();
                assert_eq!(found, usize::from(known), "{from:?} {applying} {step:?}");
            }
            for (step, target) in legal {
                assert_eq!(step.target(from), *target, "{step:?}");
            }
        }
    }

    #[test]
    fn words_are_told_apart() {
        let words: std::collections::BTreeSet<_> = Move::ALL.into_iter().map(Move::word).collect();
        assert_eq!(words.len(), Move::ALL.len());
    }
}
