//! Who may do what. No other file decides permissions.

use super::reach::Reach;
use crate::auth::Role;
use std::fmt::Write as _;

/// What a rule speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Organizations, districts, counties, regions, partnerships and offerings.
    Directory,
    /// What a district is in the state's directory: its name, codes, kind, status and county.
    Registration,
    /// People and their affiliations.
    Person,
    /// How to reach a person.
    Contact,
    /// That a person can be reached, with all but a hint of the address hidden.
    MaskedContact,
    /// Convenings with their sponsors, delegations, strands and metrics.
    Convening,
    /// Sessions with their blocks, slots, rooms and speakers, as they were last released, and each release; the levels and
    /// focus questions of team time.
    Agenda,
    /// The agenda as it is worked on: what is wrong with it, and what changed since a release.
    WorkingAgenda,
    /// Pages, documents and recordings.
    Resource,
    /// That a district's team takes part in a convening.
    Team,
    /// What a team wrote when it applied.
    Statement,
    /// What was decided on a team, before decisions are published, with the reasons, the waiting list and the offers.
    Decision,
    /// How the teams of a convening were selected: the method with its seed, and for each team what came of it.
    Selection,
    /// Who sits in a team.
    Roster,
    /// In which sessions the members of a team have seats.
    Seating,
    /// Who was seen to be there.
    CheckIn,
    /// How a team uses its time together: the level of experience that it gives itself, and its headline.
    TeamTime,
    /// What a team wrote down for itself alone.
    TeamNote,
    /// Which offerings a district would like to take part in.
    Interest,
    /// What a district's team must be made of.
    CompositionRule,
    /// Polls, evaluations and headline collections with their items.
    Survey,
    /// What was answered, one by one and with no trace of who answered.
    Response,
    /// What was answered, counted; small cells are hidden from whoever may not see this.
    FullResult,
    /// Headlines and open text before they are public.
    Moderation,
    /// Who can sign in.
    Account,
    /// By which address; without it, all but a hint of the address is hidden.
    AccountAddress,
    /// By which identity, at an organization's own provider, somebody signs in.
    Identity,
    /// What an account may do, and where.
    Grant,
    /// The credentials of machines.
    Key,
    /// Where programs are told of changes, and what was sent there.
    Webhook,
    /// Who changed a row, when, and what it held before.
    History,
    /// That a row came, changed or went, of the rows that one sees.
    Change,
}

impl Kind {
    /// The kind as one word, for programs: `convening`, `masked_contact`.
    pub fn word(self) -> String {
        words_of(&format!("{self:?}"), '_')
    }

    /// What the kind takes in, for a page that people read.
    fn meaning(self) -> &'static str {
        match self {
            Self::Directory => "organizations, districts, counties, regions, partnerships and offerings",
            Self::Registration => {
                "what a district is in the state's directory: its name, codes, kind, status and county"
            }
            Self::Person => "people and their affiliations",
            Self::Contact => "how to reach a person",
            Self::MaskedContact => "that a person can be reached, with all but a hint of the address hidden",
            Self::Convening => "convenings with their sponsors, delegations, strands and metrics",
            Self::Agenda => {
                "sessions with their blocks, slots, rooms and speakers, and the levels and focus questions of team time; \
                 published sessions are those of the last release, and whoever sees more sees them as they are worked on"
            }
            Self::WorkingAgenda => "what is wrong with an agenda, and what changed in it since a release",
            Self::Resource => "pages, documents and recordings",
            Self::Team => "that a district's team takes part in a convening",
            Self::Statement => "what a team wrote when it applied",
            Self::Decision => {
                "what was decided on a team, before decisions are published, with the reasons, the waiting list and the \
                 offers"
            }
            Self::Selection => {
                "how the teams of a convening were selected: the method with its seed and, for each team, what came of it"
            }
            Self::Roster => "who sits in a team",
            Self::Seating => "in which sessions the members of a team have seats",
            Self::CheckIn => "who was seen to be there",
            Self::TeamTime => {
                "how a team uses its time together: the level of experience that it gives itself, and its headline"
            }
            Self::TeamNote => "what a team wrote down for itself alone",
            Self::Interest => "which offerings a district would like to take part in",
            Self::CompositionRule => "what a district's team must be made of",
            Self::Survey => "polls, evaluations and headline collections with their items",
            Self::Response => "what was answered, one by one and with no trace of who answered",
            Self::FullResult => "what was answered, counted, small cells included",
            Self::Moderation => "headlines and open text before they are public",
            Self::Account => "who can sign in; without the address, all but a hint of it is hidden",
            Self::AccountAddress => "by which address somebody signs in",
            Self::Identity => "by which identity, at an organization's own provider, somebody signs in",
            Self::Grant => "what an account may do, and where",
            Self::Key => "the credentials of machines",
            Self::Webhook => "where programs are told of changes, and what was sent there",
            Self::History => "who changed a row, when, and what it held before",
            Self::Change => {
                "the feed of changes: that a row came, changed or went; published to each are the changes of the rows that \
                 they see"
            }
        }
    }
}

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// See it.
    Read,
    /// Add one.
    Create,
    /// Change it.
    Update,
    /// Take it away.
    Delete,
    /// Make one of two that are the same.
    Merge,
    /// Take a person's name and private data out of every row and all history.
    Erase,
}

impl Action {
    /// The act as one word, for programs: `update`.
    pub fn word(self) -> String {
        words_of(&format!("{self:?}"), '_')
    }
}

/// The words of a name in camel case, in lower case.
fn words_of(name: &str, separator: char) -> String {
    let mut words = String::new();
    for (i, letter) in name.chars().enumerate() {
        if i > 0 && letter.is_uppercase() {
            words.push(separator);
        }
        words.extend(letter.to_lowercase());
    }
    words
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
const MADE: &[Reach] = &[Reach::Entered];
const DIS_MADE: &[Reach] = &[Reach::OwnDistrict, Reach::Entered];
const CON_MADE: &[Reach] = &[Reach::OwnConvening, Reach::Entered];
const SELF: &[Reach] = &[Reach::OwnAccount];
const OWN: &[Reach] = &[Reach::OwnCredential];

use Action::{Create, Delete, Erase, Merge, Read, Update};
use Kind::{
    Account, AccountAddress, Agenda, Change, CheckIn, CompositionRule, Contact, Convening, Decision, Directory,
    FullResult, Grant, History, Identity, Interest, Key, MaskedContact, Moderation, Person, Registration, Resource,
    Response, Roster, Seating, Selection, Statement, Survey, Team, TeamNote, TeamTime, Webhook, WorkingAgenda,
};

const fn rule(kind: Kind, action: Action, public: &'static [Reach], roles: [&'static [Reach]; 7]) -> Rule {
    Rule { kind, action, public, roles }
}

/// The whole policy. What no line grants, nobody may.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    //   what           act     public  partner team-lead organizer evaluator staff auditor admin
    rule(Directory,     Read,   ALL,  [ NO,     NO,       NO,       NO,       NO,   NO,     NO  ]),
    rule(Directory,     Create, NO,   [ NO,     NO,       NO,       NO,       ALL,  NO,     ALL ]),
    rule(Directory,     Update, NO,   [ ORG,    DIS,      NO,       NO,       ALL,  NO,     ALL ]),
    rule(Directory,     Delete, NO,   [ NO,     NO,       NO,       NO,       ALL,  NO,     ALL ]),
    rule(Directory,     Merge,  NO,   [ NO,     NO,       NO,       NO,       ALL,  NO,     ALL ]),
    rule(Registration,  Update, NO,   [ NO,     NO,       NO,       NO,       ALL,  NO,     ALL ]),
    rule(Person,        Read,   PUB,  [ ORG,    DIS_MADE, CON_MADE, NO,       ALL,  ALL,    ALL ]),
    rule(Person,        Create, NO,   [ NO,     MADE,     MADE,     NO,       ALL,  NO,     ALL ]),
    rule(Person,        Update, NO,   [ NO,     MADE,     MADE,     NO,       ALL,  NO,     ALL ]),
    rule(Person,        Delete, NO,   [ NO,     MADE,     MADE,     NO,       ALL,  NO,     ALL ]),
    rule(Person,        Merge,  NO,   [ NO,     NO,       NO,       NO,       ALL,  NO,     ALL ]),
    rule(Person,        Erase,  NO,   [ NO,     NO,       NO,       NO,       NO,   NO,     ALL ]),
    rule(Contact,       Read,   NO,   [ ORG,    DIS_MADE, CON_MADE, NO,       ALL,  NO,     ALL ]),
    rule(Contact,       Update, NO,   [ NO,     MADE,     MADE,     NO,       ALL,  NO,     ALL ]),
    rule(MaskedContact, Read,   NO,   [ ORG,    DIS_MADE, CON_MADE, NO,       ALL,  ALL,    ALL ]),
    rule(Convening,     Read,   PUB,  [ NO,     NO,       CON,      NO,       ALL,  ALL,    ALL ]),
    rule(Convening,     Create, NO,   [ NO,     NO,       CON,      NO,       ALL,  NO,     ALL ]),
    rule(Convening,     Update, NO,   [ NO,     NO,       CON,      NO,       ALL,  NO,     ALL ]),
    rule(Convening,     Delete, NO,   [ NO,     NO,       CON,      NO,       ALL,  NO,     ALL ]),
    rule(Agenda,        Read,   PUB,  [ NO,     NO,       CON,      NO,       ALL,  ALL,    ALL ]),
    rule(WorkingAgenda, Read,   NO,   [ NO,     NO,       CON,      NO,       ALL,  ALL,    ALL ]),
    rule(Agenda,        Create, NO,   [ NO,     NO,       CON,      NO,       ALL,  NO,     ALL ]),
    rule(Agenda,        Update, NO,   [ NO,     NO,       CON,      NO,       ALL,  NO,     ALL ]),
    rule(Agenda,        Delete, NO,   [ NO,     NO,       CON,      NO,       ALL,  NO,     ALL ]),
    rule(Resource,      Read,   PUB,  [ NO,     NO,       CON,      NO,       ALL,  ALL,    ALL ]),
    rule(Resource,      Create, NO,   [ ORG,    DIS,      CON,      NO,       ALL,  NO,     ALL ]),
    rule(Resource,      Update, NO,   [ ORG,    DIS,      CON,      NO,       ALL,  NO,     ALL ]),
    rule(Resource,      Delete, NO,   [ ORG,    DIS,      CON,      NO,       ALL,  NO,     ALL ]),
    rule(Team,          Read,   PUB,  [ NO,     DIS,      CON,      NO,       ALL,  ALL,    ALL ]),
    rule(Team,          Create, NO,   [ NO,     DIS,      CON,      NO,       ALL,  NO,     ALL ]),
    rule(Team,          Update, NO,   [ NO,     DIS,      CON,      NO,       ALL,  NO,     ALL ]),
    rule(Team,          Delete, NO,   [ NO,     DIS,      CON,      NO,       ALL,  NO,     ALL ]),
    rule(Statement,     Read,   NO,   [ NO,     DIS,      CON,      NO,       ALL,  ALL,    ALL ]),
    rule(Decision,      Read,   NO,   [ NO,     NO,       CON,      NO,       ALL,  ALL,    ALL ]),
    rule(Decision,      Update, NO,   [ NO,     NO,       CON,      NO,       ALL,  NO,     ALL ]),
    rule(Selection,     Read,   PUB,  [ NO,     DIS,      CON,      NO,       ALL,  ALL,    ALL ]),
    rule(Selection,     Create, NO,   [ NO,     NO,       CON,      NO,       ALL,  NO,     ALL ]),
    rule(Roster,        Read,   NO,   [ NO,     DIS,      CON,      NO,       ALL,  ALL,    ALL ]),
    rule(Roster,        Create, NO,   [ NO,     DIS,      CON,      NO,       ALL,  NO,     ALL ]),
    rule(Roster,        Update, NO,   [ NO,     DIS,      CON,      NO,       ALL,  NO,     ALL ]),
    rule(Roster,        Delete, NO,   [ NO,     DIS,      CON,      NO,       ALL,  NO,     ALL ]),
    rule(Seating,       Read,   NO,   [ NO,     DIS,      CON,      NO,       ALL,  ALL,    ALL ]),
    rule(Seating,       Create, NO,   [ NO,     DIS,      CON,      NO,       ALL,  NO,     ALL ]),
    rule(Seating,       Delete, NO,   [ NO,     DIS,      CON,      NO,       ALL,  NO,     ALL ]),
    rule(CheckIn,       Read,   NO,   [ NO,     DIS,      CON,      NO,       ALL,  ALL,    ALL ]),
    rule(CheckIn,       Update, NO,   [ NO,     NO,       CON,      NO,       ALL,  NO,     ALL ]),
    rule(TeamTime,      Read,   NO,   [ NO,     DIS,      CON,      NO,       ALL,  ALL,    ALL ]),
    rule(TeamTime,      Update, NO,   [ NO,     DIS,      CON,      NO,       ALL,  NO,     ALL ]),
    rule(TeamNote,      Read,   NO,   [ NO,     DIS,      NO,       NO,       NO,   NO,     NO  ]),
    rule(TeamNote,      Create, NO,   [ NO,     DIS,      NO,       NO,       NO,   NO,     NO  ]),
    rule(TeamNote,      Update, NO,   [ NO,     DIS,      NO,       NO,       NO,   NO,     NO  ]),
    rule(TeamNote,      Delete, NO,   [ NO,     DIS,      NO,       NO,       NO,   NO,     NO  ]),
    rule(Interest,      Read,   NO,   [ NO,     DIS,      NO,       NO,       ALL,  ALL,    ALL ]),
    rule(Interest,      Create, NO,   [ NO,     DIS,      NO,       NO,       ALL,  NO,     ALL ]),
    rule(Interest,      Update, NO,   [ NO,     DIS,      NO,       NO,       ALL,  NO,     ALL ]),
    rule(Interest,      Delete, NO,   [ NO,     DIS,      NO,       NO,       ALL,  NO,     ALL ]),
    rule(CompositionRule, Read, ALL,  [ NO,     NO,       NO,       NO,       NO,   NO,     NO  ]),
    rule(CompositionRule, Create, NO,   [ NO,     NO,       NO,       NO,       ALL,  NO,     ALL ]),
    rule(Survey,        Read,   PUB,  [ NO,     DIS,      CON,      ALL,      ALL,  ALL,    ALL ]),
    rule(Survey,        Create, NO,   [ NO,     NO,       CON,      NO,       ALL,  NO,     ALL ]),
    rule(Survey,        Update, NO,   [ NO,     NO,       CON,      NO,       ALL,  NO,     ALL ]),
    rule(Survey,        Delete, NO,   [ NO,     NO,       CON,      NO,       ALL,  NO,     ALL ]),
    rule(Response,      Read,   NO,   [ NO,     NO,       NO,       ALL,      NO,   NO,     NO  ]),
    rule(FullResult,    Read,   NO,   [ NO,     NO,       NO,       ALL,      NO,   NO,     NO  ]),
    rule(Moderation,    Read,   PUB,  [ NO,     NO,       CON,      ALL,      ALL,  NO,     ALL ]),
    rule(Moderation,    Update, NO,   [ NO,     NO,       CON,      NO,       ALL,  NO,     ALL ]),
    rule(Account,       Read,   SELF, [ NO,     NO,       NO,       NO,       NO,   ALL,    ALL ]),
    rule(AccountAddress, Read,  SELF, [ NO,     NO,       NO,       NO,       NO,   NO,     ALL ]),
    rule(Account,       Create, NO,   [ NO,     NO,       NO,       NO,       NO,   NO,     ALL ]),
    rule(Account,       Update, NO,   [ NO,     NO,       NO,       NO,       NO,   NO,     ALL ]),
    rule(Identity,      Read,   SELF, [ NO,     NO,       NO,       NO,       NO,   ALL,    ALL ]),
    rule(Identity,      Create, SELF, [ NO,     NO,       NO,       NO,       NO,   NO,     ALL ]),
    rule(Identity,      Delete, SELF, [ NO,     NO,       NO,       NO,       NO,   NO,     ALL ]),
    rule(Grant,         Read,   SELF, [ NO,     NO,       CON,      NO,       NO,   ALL,    ALL ]),
    rule(Grant,         Create, NO,   [ NO,     DIS,      CON,      NO,       NO,   NO,     ALL ]),
    rule(Grant,         Delete, SELF, [ NO,     NO,       CON,      NO,       NO,   NO,     ALL ]),
    rule(Key,           Read,   NO,   [ ORG,    NO,       NO,       NO,       NO,   ALL,    ALL ]),
    rule(Key,           Create, NO,   [ NO,     NO,       NO,       NO,       NO,   NO,     ALL ]),
    rule(Key,           Update, NO,   [ ORG,    NO,       NO,       NO,       NO,   NO,     ALL ]),
    rule(Key,           Delete, NO,   [ NO,     NO,       NO,       NO,       NO,   NO,     ALL ]),
    rule(Webhook,       Read,   NO,   [ OWN,    OWN,      OWN,      OWN,      OWN,  ALL,    ALL ]),
    rule(Webhook,       Create, NO,   [ OWN,    OWN,      OWN,      OWN,      OWN,  NO,     OWN ]),
    rule(Webhook,       Update, NO,   [ OWN,    OWN,      OWN,      OWN,      OWN,  NO,     ALL ]),
    rule(Webhook,       Delete, NO,   [ OWN,    OWN,      OWN,      OWN,      OWN,  NO,     ALL ]),
    rule(History,       Read,   NO,   [ ORG,    DIS,      CON,      NO,       ALL,  ALL,    ALL ]),
    rule(Change,        Read,   PUB,  [ NO,     NO,       NO,       NO,       NO,   NO,     NO  ]),
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
         announced convening, the last release of its agenda once that was published, a team that took part once decisions \
         were published, a person who spoke or is marked public, a resource about any of these or about the directory only. *entered* \
         are the people whom the account itself has added; *itself* is the account that asks, with what it holds; *own* is \
         what the account or the key that asks has made. A grant \
         is of an own district or convening where it gives the very role that the viewer holds there, and it is made \
         for no longer than the viewer holds it.\n\n\
         Whoever changes a row must be allowed to change it both as it was and as it becomes, and may refer only to what \
         they see. A resource about several things is changed only by those who may change each of them. A key marked \
         read-only changes nothing, whatever it was granted.\n\n\
         A team of an own district is seen once its convening is announced, and as submitted until decisions are \
         published; after that, as it stands. What is not granted is not told from what is not there, in counts, \
         filters, orders and searches too.\n\n\
         | what | act | public | partner | team lead | organizer | evaluator | staff | auditor | admin |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
    );
    for rule in RULES {
        let columns = std::iter::once(rule.public).chain(rule.roles).map(words).collect::<Vec<_>>().join(" | ");
        // Writing to a string cannot fail.
        let (kind, action) = (words_of(&format!("{:?}", rule.kind), ' '), rule.action.word());
        let _ = writeln!(page, "| {kind} | {action} | {columns} |");
    }
    page.push_str("\n## What the words take in\n\n| word | what |\n|---|---|\n");
    let mut told = Vec::new();
    for kind in RULES.iter().map(|rule| rule.kind) {
        if !told.contains(&kind) {
            told.push(kind);
            let _ = writeln!(page, "| {} | {} |", words_of(&format!("{kind:?}"), ' '), kind.meaning());
        }
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
        Reach::Entered => "entered",
        Reach::OwnAccount => "itself",
        Reach::OwnCredential => "own",
    };
    if reaches.is_empty() { "–".to_owned() } else { reaches.iter().map(word).collect::<Vec<_>>().join(", ") }
}
