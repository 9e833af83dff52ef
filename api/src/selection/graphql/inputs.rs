//! What a selection is told.

use super::outcome::TeamDecision;
use crate::district::DistrictKind;
use crate::error::{Error, Result, Violation, ViolationCode};
use crate::graphql::{GlobalId, NodeType};
use crate::selection::method::{Group, Method, Quota};
use crate::selection::service::{Decided, NewSelection};
use async_graphql::{ID, InputObject, OneofObject};
use entity::ids::TeamId;

/// How to select.
#[derive(Debug, InputObject)]
pub(super) struct SelectTeamsInput {
    /// Of which convening. Its applications are closed.
    convening_id: ID,
    /// What the lottery is drawn from: one line of at most 200 letters. Take something that nobody could choose and
    /// everybody can look up, such as the numbers of a public lottery on a day that was announced before.
    seed: String,
    /// How many places there are; the convening's capacity where absent.
    capacity: Option<i32>,
    /// The quotas, the more important first, at most 40.
    quotas: Option<Vec<SelectionQuotaInput>>,
    /// How many teams go onto the waiting list at most; all that are left where absent.
    waitlist_size: Option<i32>,
    /// Whether teams that are selected already keep their places, and count.
    #[graphql(default)]
    keep_selected: bool,
    /// Whether nothing is to be written: a preview.
    #[graphql(default)]
    dry_run: bool,
}

/// How many teams of a group are to be selected.
#[derive(Debug, InputObject)]
pub(super) struct SelectionQuotaInput {
    /// Of which districts. No district may be in two groups of one sort.
    group: SelectionGroupInput,
    /// At least so many. Where not all minimums can be met, the first ones are.
    minimum: Option<i32>,
    /// At most so many. No maximum is ever exceeded.
    maximum: Option<i32>,
    /// As near to so many as possible, once minimums are met and without leaving a place empty.
    target: Option<i32>,
}

/// A group of districts. One of which it is not known belongs to none.
#[derive(Debug, OneofObject)]
pub(super) enum SelectionGroupInput {
    /// Those of the region of this number.
    Region(i32),
    /// Those of this kind.
    Kind(DistrictKind),
    /// Those with so many students.
    Students(StudentsInput),
    /// True for those that have taken part in no convening, false for the others.
    FirstTime(bool),
}

/// How many students districts have.
#[derive(Debug, InputObject)]
pub(super) struct StudentsInput {
    /// At least so many.
    from: Option<i32>,
    /// Fewer than so many.
    below: Option<i32>,
}

/// What is decided on a team.
#[derive(Debug, InputObject)]
pub(super) struct TeamDecisionInput {
    /// Which team.
    team_id: ID,
    /// The version of the decision as you have read it; another is refused with `STALE_VERSION`.
    decision_version: i32,
    /// What is decided.
    status: TeamDecision,
    /// Why, for those who decide.
    reason: String,
}

impl TryFrom<TeamDecisionInput> for Decided {
    type Error = Error;

    fn try_from(input: TeamDecisionInput) -> Result<Self> {
        Ok(Self {
            team: team(&input.team_id)?,
            decision_version: input.decision_version,
            status: input.status.into(),
            reason: input.reason,
        })
    }
}

pub(super) fn team(id: &ID) -> Result<TeamId> {
    GlobalId::key_of(id, NodeType::Team)
}

impl TryFrom<SelectTeamsInput> for NewSelection {
    type Error = Error;

    fn try_from(input: SelectTeamsInput) -> Result<Self> {
        // A capacity of 0 would be taken for none.
        let capacity = input.capacity.map(|capacity| count("capacity", capacity)).transpose()?;
        if capacity == Some(0) {
            return Err(not_a_count("capacity"));
        }
        let quotas = input.quotas.unwrap_or_default().into_iter().enumerate();
        let quota = |(place, quota): (usize, SelectionQuotaInput)| quota.read(&format!("quotas.{place}"));
        let method = Method {
            seed: input.seed,
            capacity: capacity.unwrap_or(0),
            waitlist: input.waitlist_size.map(|size| count("waitlistSize", size)).transpose()?,
            quotas: quotas.map(quota).collect::<Result<_>>()?,
        };
        Ok(Self {
            convening: GlobalId::key_of(&input.convening_id, NodeType::Convening)?,
            method,
            keeps_selected: input.keep_selected,
            is_dry_run: input.dry_run,
        })
    }
}

impl SelectionQuotaInput {
    fn read(self, field: &str) -> Result<Quota> {
        let read =
            |name: &str, given: Option<i32>| given.map(|given| count(&format!("{field}.{name}"), given)).transpose();
        let group = match self.group {
            SelectionGroupInput::Region(number) => Group::Region(number),
            SelectionGroupInput::Kind(kind) => Group::Kind(kind.into()),
            SelectionGroupInput::Students(StudentsInput { from, below }) => Group::Size { from, below },
            SelectionGroupInput::FirstTime(first) => Group::FirstTime(first),
        };
        Ok(Quota {
            group,
            minimum: read("minimum", self.minimum)?.unwrap_or(0),
            maximum: read("maximum", self.maximum)?,
            target: read("target", self.target)?,
        })
    }
}

fn count(field: &str, given: i32) -> Result<usize> {
    usize::try_from(given).map_err(|_| not_a_count(field))
}

fn not_a_count(field: &str) -> Error {
    Error::Invalid(vec![Violation::new(field, ViolationCode::Invalid, "Give a number of teams.")])
}
