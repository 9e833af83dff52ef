//! Whether a team's members fill the seats that the composition rule asks for.

use entity::ids::PersonId;
use entity::seat::Seat;

/// How many members must and may hold a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// Which seat.
    pub seat: Seat,
    /// How many must hold it.
    pub minimum: usize,
    /// How many may hold it.
    pub maximum: usize,
}

/// A member as the rule sees one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// Where.
    pub seat: Seat,
    /// Whether the affiliations that count for the seat had all ended by the day of the convening: with the district for a
    /// superintendent or board member, any for the others.
    pub affiliation_ended: bool,
}

/// What a team has and lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readiness {
    /// Seats that too few hold, as often as somebody is missing, in the rule's order.
    pub missing: Vec<Seat>,
    /// Seats that too many hold, in the rule's order.
    pub doubled: Vec<Seat>,
    /// Seats held by somebody whose affiliations ended, in the members' order.
    pub ended: Vec<Seat>,
}

impl Readiness {
    /// Nothing is missing and nothing is wrong.
    pub fn is_ready(&self) -> bool {
        self.missing.is_empty() && self.doubled.is_empty() && self.ended.is_empty()
    }

    /// What is wrong beside what is missing, in words.
    pub fn problems(&self) -> Vec<String> {
        let doubled = self.doubled.iter().map(|&seat| format!("More members than the rule allows: {}.", words(seat)));
        let ended =
            self.ended.iter().map(|&seat| format!("Held by somebody whose affiliation has ended: {}.", words(seat)));
        doubled.chain(ended).collect()
    }
}

/// Holds a team against a rule. Seats that the rule does not name are free. Whoever is affiliated no more holds a seat in
/// name only: it is missing as well, unless others fill it.
pub fn assess(rule: &[Requirement], members: &[Member]) -> Readiness {
    let mut readiness = Readiness::default();
    for requirement in rule {
        let holders = members.iter().filter(|member| member.seat == requirement.seat);
        let present = holders.clone().filter(|member| !member.affiliation_ended).count();
        let absent = requirement.minimum.saturating_sub(present);
        readiness.missing.extend(std::iter::repeat_n(requirement.seat, absent));
        if holders.count() > requirement.maximum {
            readiness.doubled.push(requirement.seat);
        }
    }
    readiness.ended = members.iter().filter(|member| member.affiliation_ended).map(|member| member.seat).collect();
    readiness
}

fn words(seat: Seat) -> &'static str {
    match seat {
        Seat::Superintendent => "superintendent",
        Seat::SchoolBoardMember => "school board member",
        Seat::TeachersUnionPresident => "teachers union president",
        Seat::ClassifiedUnionPresident => "classified employees union president",
        Seat::Other => "other",
    }
}
