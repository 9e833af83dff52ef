//! A record file as it is written. Unknown keys are refused, so that a misspelt one is not silently lost.

use chrono::NaiveDate;
use entity::quantity::Qualifier;
use entity::seat::Seat;
use entity::{convening, district, metric, offering, organization, resource, session, speaker, sponsorship, team};
use serde::Deserialize;

/// The whole file. The order of entries is the order of what they describe.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    pub(super) format: u32,
    #[serde(default, rename = "document")]
    pub(super) documents: Vec<Document>,
    #[serde(default, rename = "organization")]
    pub(super) organizations: Vec<Organization>,
    #[serde(default, rename = "district")]
    pub(super) districts: Vec<District>,
    #[serde(default, rename = "person")]
    pub(super) people: Vec<Person>,
    #[serde(default, rename = "partnership")]
    pub(super) partnerships: Vec<Partnership>,
    #[serde(default, rename = "composition_rule")]
    pub(super) rules: Vec<Rule>,
    #[serde(default, rename = "offering")]
    pub(super) offerings: Vec<Offering>,
    #[serde(default, rename = "convening")]
    pub(super) convenings: Vec<Convening>,
    #[serde(default, rename = "resource")]
    pub(super) resources: Vec<Resource>,
}

/// A document that sources refer to by its key.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub(super) key: String,
    pub(super) title: String,
    pub(super) url: Option<String>,
}

/// A place in a document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    pub(super) document: String,
    pub(super) section: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Organization {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) acronym: Option<String>,
    pub(super) kind: organization::Kind,
    pub(super) website: Option<String>,
    pub(super) description: Option<String>,
    pub(super) parent: Option<String>,
    #[serde(default)]
    pub(super) alternate_names: Vec<String>,
    #[serde(default)]
    pub(super) sources: Vec<Source>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct District {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) cds_code: Option<String>,
    pub(super) kind: Option<district::Kind>,
    #[serde(default)]
    pub(super) unresolved: bool,
    #[serde(default)]
    pub(super) candidates: Vec<Candidate>,
    #[serde(default)]
    pub(super) alternate_names: Vec<String>,
    #[serde(default)]
    pub(super) sources: Vec<Source>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Candidate {
    pub(super) cds_code: String,
    pub(super) name: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) honorific: Option<String>,
    pub(super) biography: Option<String>,
    #[serde(default)]
    pub(super) is_public: bool,
    #[serde(default, rename = "affiliation")]
    pub(super) affiliations: Vec<Affiliation>,
    #[serde(default)]
    pub(super) sources: Vec<Source>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Affiliation {
    pub(super) organization: Option<String>,
    pub(super) district: Option<String>,
    pub(super) title: Option<String>,
    pub(super) starts_on: Option<NaiveDate>,
    pub(super) ends_on: Option<NaiveDate>,
    pub(super) stated_on: Option<NaiveDate>,
    #[serde(default)]
    pub(super) sources: Vec<Source>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Partnership {
    pub(super) district: String,
    pub(super) organization: String,
    pub(super) since_year: Option<i32>,
    pub(super) codified_in: Option<String>,
    pub(super) description: Option<String>,
    #[serde(default)]
    pub(super) sources: Vec<Source>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub(super) version: i32,
    pub(super) seats: Vec<RuleSeat>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleSeat {
    pub(super) seat: Seat,
    pub(super) minimum: i32,
    pub(super) maximum: i32,
    pub(super) label: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Offering {
    pub(super) name: String,
    pub(super) kind: convening::Kind,
    pub(super) status: offering::Status,
    #[serde(default)]
    pub(super) high_interest: bool,
    #[serde(default)]
    pub(super) sources: Vec<Source>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Convening {
    pub(super) slug: String,
    pub(super) title: String,
    pub(super) kind: convening::Kind,
    pub(super) status: convening::Status,
    pub(super) description: Option<String>,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: NaiveDate,
    pub(super) time_zone: Option<String>,
    pub(super) venue: Option<Venue>,
    pub(super) website: Option<String>,
    pub(super) hosted_by_initiative: bool,
    pub(super) organizer: Option<String>,
    pub(super) composition_rule: Option<i32>,
    pub(super) team_capacity: Option<i32>,
    #[serde(default)]
    pub(super) capacity_reasons: Vec<String>,
    pub(super) statements_of_interest: Option<Quantity>,
    #[serde(default)]
    pub(super) objectives: Vec<String>,
    #[serde(default)]
    pub(super) strands: Vec<String>,
    #[serde(default, rename = "block")]
    pub(super) blocks: Vec<Block>,
    #[serde(default, rename = "sponsorship")]
    pub(super) sponsorships: Vec<Sponsorship>,
    #[serde(default, rename = "delegation")]
    pub(super) delegations: Vec<Delegation>,
    #[serde(default, rename = "session")]
    pub(super) sessions: Vec<Session>,
    #[serde(default, rename = "metric")]
    pub(super) metrics: Vec<Metric>,
    #[serde(default, rename = "team")]
    pub(super) teams: Vec<Team>,
    #[serde(default)]
    pub(super) sources: Vec<Source>,
}

/// Where a convening takes place, as far as a document says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Venue {
    pub(super) name: Option<String>,
    pub(super) city: Option<String>,
    pub(super) address: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Quantity {
    pub(super) value: i32,
    pub(super) qualifier: Qualifier,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Block {
    pub(super) key: String,
    pub(super) title: String,
    pub(super) rounds: Option<i32>,
    pub(super) sessions_per_participant: Option<i32>,
    pub(super) sessions_per_team: Option<i32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sponsorship {
    pub(super) organization: String,
    pub(super) role: sponsorship::Role,
    #[serde(default)]
    pub(super) sources: Vec<Source>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Delegation {
    pub(super) organization: String,
    #[serde(default)]
    pub(super) sources: Vec<Source>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Session {
    pub(super) slug: String,
    pub(super) number: Option<i32>,
    pub(super) title: String,
    pub(super) format: session::Format,
    pub(super) strand: Option<i32>,
    pub(super) block: Option<String>,
    pub(super) r#abstract: Option<String>,
    pub(super) duration_minutes: Option<i32>,
    pub(super) date: Option<NaiveDate>,
    #[serde(default)]
    pub(super) questions: Vec<String>,
    #[serde(default = "yes")]
    pub(super) speakers_complete: bool,
    #[serde(default)]
    pub(super) related: Vec<String>,
    #[serde(default, rename = "speaker")]
    pub(super) speakers: Vec<Speaker>,
    #[serde(default, rename = "slot")]
    pub(super) slots: Vec<Slot>,
    #[serde(default)]
    pub(super) sources: Vec<Source>,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Speaker {
    pub(super) role: speaker::Role,
    pub(super) person: Option<String>,
    pub(super) organization: Option<String>,
    pub(super) district: Option<String>,
    #[serde(default)]
    pub(super) as_team: bool,
    pub(super) title_as_shown: Option<String>,
    #[serde(default)]
    pub(super) sources: Vec<Source>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Slot {
    pub(super) round: Option<i32>,
    pub(super) audience: Option<Seat>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Metric {
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) value: i32,
    pub(super) qualifier: Qualifier,
    pub(super) status: metric::Status,
    pub(super) as_of: Option<NaiveDate>,
    #[serde(default)]
    pub(super) sources: Vec<Source>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Team {
    pub(super) district: String,
    pub(super) status: team::Status,
    pub(super) attended_on: Option<NaiveDate>,
    #[serde(default, rename = "member")]
    pub(super) members: Vec<Member>,
    #[serde(default)]
    pub(super) sources: Vec<Source>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Member {
    pub(super) person: String,
    pub(super) seat: Seat,
    #[serde(default)]
    pub(super) is_lead: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Resource {
    pub(super) title: String,
    pub(super) kind: resource::Kind,
    pub(super) url: Option<String>,
    pub(super) availability: resource::Availability,
    pub(super) credit: Option<String>,
    pub(super) about: Vec<About>,
    #[serde(default)]
    pub(super) sources: Vec<Source>,
}

/// What a resource is about; a session by its convening's slug and its own, as in `2015-symposium/breakout-1`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum About {
    Convening(String),
    Session(String),
    District(String),
    Organization(String),
}
