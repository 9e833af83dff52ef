//! Who may see what of the fixture, written by hand from the table "Who may do what": the other tests hold every answer
//! against this and never against the policy's own code.

use entity::team::Status;
use lmi::auth::{Grant, Role, Scope};
use tests::Service;
use tests::fixtures::{Contact, Fixture, GATHERINGS, Part, status_of};

/// Somebody who asks, and what that one may see.
pub(crate) struct Viewer {
    /// Who, for messages.
    pub(crate) name: &'static str,
    /// The roles held.
    pub(crate) grants: Vec<Grant>,
    /// What may be seen of each gathering, by its place among them:
    /// `c` the convening and what is said of it; `a` its agenda; `p` the teams that take part; `o` the own district's
    /// team with its roster and how to reach its members; `t` all teams with decisions and rosters; `x` how to reach all
    /// who speak there or sit in its teams.
    sees: [&'static str; GATHERINGS.len()],
    /// The organizations whose people may be seen, and reached, whoever they are.
    people_of: &'static [&'static str],
    /// Whether nobody is hidden.
    everybody: bool,
    /// How contact data is shown.
    contacts: Contacts,
    /// Whether accounts, grants and keys are shown, all of them.
    access: bool,
}

/// Which contact data is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contacts {
    /// That of the viewer's own people.
    Own,
    /// All.
    All,
    /// That there is some, with what it is hidden.
    Masked,
}

/// The district that the team lead of the tests leads.
pub(crate) const LED: &str = "alder";

#[rustfmt::skip]
const PUBLIC: [&str; 11] =
    //  draft   announced applying closed  selected decided programme running completed dropped cancelled
    [   "",     "c",      "c",     "c",    "c",     "cp",   "cap",    "ca",   "cap",    "",     "ca"   ];
#[rustfmt::skip]
const TEAM_LEAD: [&str; 11] =
    [   "",     "co",     "co",    "co",   "co",    "cpo",  "capo",   "cao",  "capo",   "",     "cao"  ];
#[rustfmt::skip]
const OF_DRAFT: [&str; 11] =
    [   "catx", "c",      "c",     "c",    "c",     "cp",   "cap",    "ca",   "cap",    "",     "ca"   ];
#[rustfmt::skip]
const OF_SELECTED: [&str; 11] =
    [   "",     "c",      "c",     "c",    "catx",  "cp",   "cap",    "ca",   "cap",    "",     "ca"   ];
#[rustfmt::skip]
const OF_NORTH: [&str; 11] =
    [   "catx", "c",      "catx",  "c",    "catx",  "cp",   "catx",   "ca",   "catx",   "",     "catx" ];
#[rustfmt::skip]
const OF_REGION_1: [&str; 11] =
    [   "catx", "catx",   "c",     "c",    "catx",  "catx", "cap",    "ca",   "catx",   "",     "ca"   ];
#[rustfmt::skip]
const OF_REGION_2: [&str; 11] =
    [   "",     "c",      "catx",  "catx", "c",     "cp",   "catx",   "catx", "cap",    "catx", "catx" ];
#[rustfmt::skip]
const LEAD_WITH_DROPPED: [&str; 11] =
    [   "",     "co",     "co",    "co",   "co",    "cpo",  "capo",   "cao",  "capo",   "catx", "cao"  ];
#[rustfmt::skip]
const ALL: [&str; 11] =
    [   "catx", "catx",   "catx",  "catx", "catx",  "catx", "catx",   "catx", "catx",   "catx", "catx" ];

/// Everybody who asks in the tests.
pub(crate) fn viewers(fixture: &Fixture) -> Vec<Viewer> {
    use Scope::Everything;
    let (north, alder) = (Scope::Organization(fixture.key("Organization", "north")), own_district(fixture));
    let draft = Scope::Convening(fixture.key("Convening", "draft"));
    let selected = Scope::Convening(fixture.key("Convening", "selected"));
    let dropped = Scope::Convening(fixture.key("Convening", "dropped"));
    let [region, other_region] = fixture.regions.map(Scope::Region);
    let grants = |grants: &[(Role, Scope)]| grants.iter().map(|&(role, scope)| Grant::new(role, scope)).collect();
    let viewer = |name, held: &[(Role, Scope)], sees| Viewer {
        name,
        grants: grants(held),
        sees,
        people_of: &[],
        everybody: false,
        contacts: Contacts::Own,
        access: false,
    };
    let all = |name, role, contacts| Viewer { everybody: true, contacts, ..viewer(name, &[(role, Everything)], ALL) };
    vec![
        viewer("the public", &[], PUBLIC),
        Viewer { people_of: &["north"], ..viewer("a partner", &[(Role::Partner, north)], PUBLIC) },
        viewer("a team lead", &[(Role::TeamLead, alder)], TEAM_LEAD),
        viewer("the organizer of the draft", &[(Role::Organizer, draft)], OF_DRAFT),
        viewer("the organizer of the selected", &[(Role::Organizer, selected)], OF_SELECTED),
        viewer("an organizer at an organization", &[(Role::Organizer, north)], OF_NORTH),
        viewer("an organizer of a region", &[(Role::Organizer, region)], OF_REGION_1),
        viewer("an organizer of another region", &[(Role::Organizer, other_region)], OF_REGION_2),
        viewer("an evaluator", &[(Role::Evaluator, Everything)], PUBLIC),
        all("staff", Role::Staff, Contacts::All),
        Viewer { access: true, ..all("an auditor", Role::Auditor, Contacts::Masked) },
        Viewer { access: true, ..all("an administrator", Role::Admin, Contacts::All) },
        // Two roles add up.
        viewer("a team lead who organizes", &[(Role::TeamLead, alder), (Role::Organizer, dropped)], LEAD_WITH_DROPPED),
        // A role of the whole dataset, granted for less, is not a role of the whole dataset; one of a scope, granted
        // for everything or for a scope of another sort, owns nothing.
        viewer("staff of a district", &[(Role::Staff, alder)], PUBLIC),
        viewer("an auditor of a convening", &[(Role::Auditor, draft)], PUBLIC),
        viewer("a team lead of everything", &[(Role::TeamLead, Everything)], PUBLIC),
        viewer("a team lead of an organization", &[(Role::TeamLead, north)], PUBLIC),
        viewer("a partner that is a district", &[(Role::Partner, alder)], PUBLIC),
        viewer("an organizer of everything", &[(Role::Organizer, Everything)], PUBLIC),
    ]
}

fn own_district(fixture: &Fixture) -> Scope {
    Scope::District(fixture.key("District", LED))
}

impl Viewer {
    /// The service as this viewer meets it.
    pub(crate) fn service(&self, service: &Service) -> Service {
        service.as_grants(self.grants.clone())
    }

    /// Whether a row that is part of these may be seen.
    pub(crate) fn sees(&self, parts: &[Part]) -> bool {
        parts.iter().any(|&part| match part {
            Part::Open => true,
            Part::Facts(gathering) => self.of(gathering, 'c'),
            Part::Agenda(gathering) | Part::Spoke(gathering) => self.of(gathering, 'a'),
            // Whoever works on an agenda sees that, and nobody else does.
            Part::Unreleased(gathering) | Part::EarlierRelease(gathering) => self.works_on(gathering),
            Part::Dropped(gathering) => self.of(gathering, 'a') && !self.works_on(gathering),
            Part::Team(gathering, district, status) => {
                self.sees_roster(gathering, district) || (self.of(gathering, 'p') && takes_part(status))
            }
            Part::Roster(gathering, district) => self.sees_roster(gathering, district),
            Part::Affiliated(organization) => self.everybody || self.people_of.contains(&organization),
            Part::Access => self.access,
            // Whoever organizes it sees who else does; the staff sees all of it but that.
            Part::Granted(gathering) => self.access || (self.of(gathering, 'x') && !self.everybody),
            // Nobody reads what a team wrote for itself but whoever leads it.
            Part::Notes(gathering, district) => district == LED && self.of(gathering, 'o'),
            Part::Surveying(gathering) => self.of(gathering, 't') || self.evaluates(),
            Part::Approved(gathering) => announced(gathering),
            Part::Moderated(gathering) => self.changes(gathering) || self.evaluates(),
            Part::Interest(district) => self.everybody || (district == LED && self.leads()),
            Part::KeyOf(organization) => self.access || self.people_of.contains(&organization),
        })
    }

    /// Whether what is said of a gathering, or is on its agenda, may be changed.
    pub(crate) fn changes(&self, gathering: &str) -> bool {
        self.of(gathering, 't') && self.name != "an auditor"
    }

    /// Whether the agenda of a gathering is seen as it is worked on.
    pub(crate) fn works_on(&self, gathering: &str) -> bool {
        self.of(gathering, 't')
    }

    /// Whether every survey may be seen, with all that was answered.
    pub(crate) fn evaluates(&self) -> bool {
        self.name == "an evaluator"
    }

    /// Whether the roster of a team may be seen.
    pub(crate) fn sees_roster(&self, gathering: &str, district: &str) -> bool {
        self.of(gathering, 't') || (district == LED && self.of(gathering, 'o'))
    }

    /// Whether it may be known what was decided on the teams of a gathering, and why, whether or not that is published.
    pub(crate) fn decides(&self, gathering: &str) -> bool {
        self.of(gathering, 't')
    }

    /// Whether the seed of a gathering's lottery may be seen.
    pub(crate) fn sees_lottery(&self, gathering: &str) -> bool {
        self.of(gathering, 't') || published(gathering)
    }

    /// Whether it may be seen what came of a gathering's lottery for the team of a district.
    pub(crate) fn sees_lot(&self, gathering: &str, district: &str) -> bool {
        self.of(gathering, 't') || (published(gathering) && district == LED && self.of(gathering, 'o'))
    }

    /// Whether the viewer leads the team of a district.
    fn leads(&self) -> bool {
        self.sees.iter().any(|sees| sees.contains('o'))
    }

    /// What contact data of somebody is shown, if any is.
    pub(crate) fn contact(&self, contact: &Contact) -> Option<Contacts> {
        let own = contact.parts.iter().any(|&part| match part {
            Part::Agenda(gathering) | Part::Unreleased(gathering) => self.of(gathering, 'x'),
            Part::Roster(gathering, district) => {
                self.of(gathering, 'x') || (district == LED && self.of(gathering, 'o'))
            }
            Part::Affiliated(organization) => self.people_of.contains(&organization),
            _ => false,
        });
        match self.contacts {
            Contacts::Own => own.then_some(Contacts::Own),
            every => Some(every),
        }
    }

    /// How the address of an account is shown.
    pub(crate) fn account_address(&self) -> Option<Contacts> {
        self.access.then_some(self.contacts)
    }

    /// The state of a team as the viewer sees it, who sees the team.
    pub(crate) fn status(&self, gathering: &str, district: &str) -> Status {
        let status = status_of(district, gathering);
        let decided = !matches!(status, Status::Draft | Status::Submitted | Status::Withdrawn);
        let known = self.of(gathering, 't') || published(gathering);
        if decided && !known { Status::Submitted } else { status }
    }

    fn of(&self, gathering: &str, what: char) -> bool {
        let place = GATHERINGS.iter().position(|each| each.name == gathering);
        self.sees[place.expect("a gathering of the fixture")].contains(what)
    }
}

/// Whether a team in this state is one that takes or took part.
fn takes_part(status: Status) -> bool {
    matches!(status, Status::Confirmed | Status::Attended | Status::NoShow)
}

fn announced(gathering: &str) -> bool {
    GATHERINGS.iter().any(|each| each.name == gathering && each.announced)
}

fn published(gathering: &str) -> bool {
    GATHERINGS.iter().any(|each| each.name == gathering && each.decisions)
}
