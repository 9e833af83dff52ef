//! Who may do what. No other file decides permissions.

use super::reach::Reach;
use crate::auth::Role;
use std::fmt::Write as _;

/// What a rule speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Organizations, districts, counties, regions, partnerships and offerings.
    Directory,
    /// People and their affiliations.
    Person,
    /// How to reach a person.
    Contact,
    /// That a person can be reached, with all but a hint of the address hidden.
    MaskedContact,
    /// Convenings with their sponsors, delegations, strands and metrics.
    Convening,
    /// Sessions with their blocks, slots, rooms and speakers.
    Agenda,
    /// Pages, documents and recordings.
    Resource,
    /// That a district's team takes part in a convening.
    Team,
    /// What was decided on a team, before decisions are published.
    Decision,
    /// Who sits in a team, and where.
    Roster,
}

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// See it.
    Read,
    /// Add one.
    Create,
}

/// Who may do one thing with one kind of rows. Every role may also do what the public may.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// With what.
    pub kind: Kind,
    /// What.
    pub action: Action,
    /// Everybody.
    pub public: &'static [Reach],
    /// By role, in the order of [`ROLES`].
    roles: [&'static [Reach]; 7],
}

/// The columns of the table after the public's.
const ROLES: [Role; 7] =
    [Role::Partner, Role::TeamLead, Role::Organizer, Role::Evaluator, Role::Staff, Role::Auditor, Role::Admin];

impl Rule {
    /// What a role may do beyond what the public may.
    pub fn of(&self, role: Role) -> &'static [Reach] {
        ROLES.iter().position(|&column| column == role).map_or(NO, |column| self.roles[column])
    }
}

const NO: &[Reach] = &[];
const ALL: &[Reach] = &[Reach::Any];
const PUB: &[Reach] = &[Reach::Published];
const ORG: &[Reach] = &[Reach::OwnOrganization];
const DIS: &[Reach] = &[Reach::OwnDistrict];
const CON: &[Reach] = &[Reach::OwnConvening];

use Action::{Create, Read};
use Kind::{Agenda, Contact, Convening, Decision, Directory, MaskedContact, Person, Resource, Roster, Team};

const fn rule(kind: Kind, action: Action, public: &'static [Reach], roles: [&'static [Reach]; 7]) -> Rule {
    Rule { kind, action, public, roles }
}

/// The whole policy. What no line grants, nobody may.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    //   what           act     public  partner team-lead organizer evaluator staff auditor admin
    rule(Directory,     Read,   ALL,  [ NO,     NO,       NO,       NO,       NO,   NO,     NO  ]),
    rule(Directory,     Create, NO,   [ NO,     NO,       NO,       NO,       ALL,  NO,     ALL ]),
    rule(Person,        Read,   PUB,  [ ORG,    DIS,      CON,      NO,       ALL,  ALL,    ALL ]),
    rule(Person,        Create, NO,   [ NO,     NO,       NO,       NO,       ALL,  NO,     ALL ]),
    rule(Contact,       Read,   NO,   [ ORG,    DIS,      CON,      NO,       ALL,  NO,     ALL ]),
    rule(MaskedContact, Read,   NO,   [ ORG,    DIS,      CON,      NO,       ALL,  ALL,    ALL ]),
    rule(Convening,     Read,   PUB,  [ NO,     NO,       CON,      NO,       ALL,  ALL,    ALL ]),
    rule(Convening,     Create, NO,   [ NO,     NO,       NO,       NO,       ALL,  NO,     ALL ]),
    rule(Agenda,        Read,   PUB,  [ NO,     NO,       CON,      NO,       ALL,  ALL,    ALL ]),
    rule(Agenda,        Create, NO,   [ NO,     NO,       NO,       NO,       ALL,  NO,     ALL ]),
    rule(Resource,      Read,   PUB,  [ NO,     NO,       CON,      NO,       ALL,  ALL,    ALL ]),
    rule(Resource,      Create, NO,   [ NO,     NO,       NO,       NO,       ALL,  NO,     ALL ]),
    rule(Team,          Read,   PUB,  [ NO,     DIS,      CON,      NO,       ALL,  ALL,    ALL ]),
    rule(Team,          Create, NO,   [ NO,     NO,       NO,       NO,       ALL,  NO,     ALL ]),
    rule(Decision,      Read,   NO,   [ NO,     NO,       CON,      NO,       ALL,  ALL,    ALL ]),
    rule(Roster,        Read,   NO,   [ NO,     DIS,      CON,      NO,       ALL,  ALL,    ALL ]),
    rule(Roster,        Create, NO,   [ NO,     NO,       NO,       NO,       ALL,  NO,     ALL ]),
];

/// The rule for an action, if there is one.
pub(crate) fn find(kind: Kind, action: Action) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.kind == kind && rule.action == action)
}

/// The table as a page that needs no programmer to read it.
pub fn to_markdown() -> String {
    let mut page = String::from(
        "# Who may do what\n\n\
         Printed from the policy (`api/src/policy/table.rs`) and compared in a test; do not edit by hand.\n\n\
         Every column adds to what the public may. *own organization*, *own district* and *own convening* are those \
         that the role was granted for; a convening is also own by its organizer or its region. A role of the whole \
         dataset counts only where it was granted for all of it. *published* is what is shown to everybody: an \
         announced convening, an agenda that was published, a team that took part once decisions were published, a \
         person who spoke or is marked public, a resource about any of these or about the directory only.\n\n\
         A team of an own district is seen once its convening is announced, and as submitted until decisions are \
         published; after that, as it stands. What is not granted is not told from what is not there, in counts, \
         filters, orders and searches too.\n\n\
         | what | act | public | partner | team lead | organizer | evaluator | staff | auditor | admin |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
    );
    for rule in RULES {
        let columns = std::iter::once(rule.public).chain(rule.roles).map(words).collect::<Vec<_>>().join(" | ");
        // Writing to a string cannot fail.
        let _ = writeln!(page, "| {:?} | {} | {columns} |", rule.kind, format!("{:?}", rule.action).to_lowercase());
    }
    page
}

fn words(reaches: &'static [Reach]) -> String {
    let word = |reach: &Reach| match reach {
        Reach::Any => "all",
        Reach::Published => "published",
        Reach::OwnOrganization => "own organization",
        Reach::OwnDistrict => "own district",
        Reach::OwnConvening => "own convening",
    };
    if reaches.is_empty() { "–".to_owned() } else { reaches.iter().map(word).collect::<Vec<_>>().join(", ") }
}
