//! A copy that is made of the feed and of nothing else: it ends as the service answers.

use crate::changes::{self, NEVER_TOLD};
use crate::documents::{Types, name_of};
use crate::walk::nodes;
use lmi::auth::{Grant, Role, Scope};
use sea_orm::prelude::Uuid;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::fixtures::{Fixture, TAGS, global_id};
use tests::{Service, texts, with_fixture};

/// Fields that are no part of what a feed tells of: reports on the state of work, moments of use, and what changes with the
/// hour; and lists of what is no object of its own but is computed from others.
const NOT_TOLD: [&str; 13] = [
    "can",
    "history",
    "agendaChangedSinceRelease",
    "agendaChanges",
    "agendaWarnings",
    "changesSince",
    "checkIns",
    "results",
    "selections",
    "selectionMethod",
    "selectionOutcomes",
    "lastUsedAt",
    "lastSignInAt",
];

/// The table of a type; none where nothing is told of it.
fn table_of(typename: &str) -> Option<String> {
    match typename {
        untold if NEVER_TOLD.contains(&untold) => None,
        "LinkedIdentity" => Some("identity".to_owned()),
        other => {
            let mut table = String::new();
            for (i, letter) in other.chars().enumerate() {
                if letter.is_uppercase() && i > 0 {
                    table.push('_');
                }
                table.extend(letter.to_lowercase());
            }
            Some(table)
        }
    }
}

impl Types {
    /// What a type shows of itself: its own fields, the parts that have no id, and the ids of what it refers to.
    pub(crate) fn own(&self, typename: &str) -> String {
        let fields = self.0[typename]["fields"].as_array().into_iter().flatten();
        let own = fields.filter_map(|field| self.own_field(field));
        own.collect::<Vec<_>>().join(" ")
    }

    fn own_field(&self, field: &Value) -> Option<String> {
        let name = field["name"].as_str()?;
        let typename = name_of(&field["type"]);
        if NOT_TOLD.contains(&name) || typename.ends_with("Connection") {
            return None;
        }
        if ["SCALAR", "ENUM"].contains(&self.0[&typename]["kind"].as_str()?) {
            return Some(name.to_owned());
        }
        let is_list = field["type"].to_string().contains("\"LIST\"");
        match (self.fields(&typename).iter().any(|field| field == "id"), is_list) {
            (true, true) => None,
            (true, false) => field["args"].as_array()?.is_empty().then(|| format!("{name} {{ id }}")),
            (false, _) => Some(format!("{name} {{ {} }}", self.own(&typename))),
        }
    }
}

/// Every object that a viewer sees, by its id, with what it shows of itself.
pub(crate) async fn answered(service: &Service, types: &Types) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for (typename, _) in TAGS {
        let Some(table) = table_of(typename) else { continue };
        let keys = texts(&service.db, &format!("SELECT id::text AS text FROM {table}")).await;
        let released = format!("SELECT id::text AS text FROM released_{table}");
        let has_twin = ["session", "slot", "room", "speaker"].contains(&table.as_str());
        let twins = if has_twin { texts(&service.db, &released).await } else { Vec::new() };
        let ids: Vec<String> =
            keys.iter().chain(&twins).map(|key| global_id(typename, key.parse().expect("a key"))).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let selection = format!("... on {typename} {{ {} }}", types.own(typename));
        for (id, node) in ids.iter().zip(nodes(service, &ids, &selection).await) {
            if !node.is_null() {
                all.insert((*id).to_owned(), node);
            }
        }
    }
    all
}

/// A copy that knows nothing but the feed.
pub(crate) struct Mirror {
    pub(crate) service: Service,
    cursor: Value,
    holds: BTreeMap<String, Value>,
}

impl Mirror {
    /// A copy of everything that there is.
    pub(crate) async fn of(service: &Service, types: &Types) -> Self {
        let (changes, cursor) = changes::beginning(service).await;
        let mut mirror = Self { service: service.clone(), cursor, holds: BTreeMap::new() };
        mirror.take(types, &changes).await;
        mirror
    }

    /// Reads what has changed since it did the last time.
    pub(crate) async fn follow(&mut self, types: &Types) -> Vec<Value> {
        let (changes, cursor) = changes::since(&self.service, &self.cursor).await;
        self.cursor = cursor;
        self.take(types, &changes).await;
        changes
    }

    /// Changes the copy as it is told.
    pub(crate) async fn take(&mut self, types: &Types, changes: &[Value]) {
        let mut last: BTreeMap<&str, BTreeMap<&str, bool>> = BTreeMap::new();
        for change in changes {
            let text = |field: &str| change[field].as_str().expect("a text");
            last.entry(text("typename")).or_default().insert(text("nodeId"), text("action") == "DELETED");
        }
        for (typename, last) in last {
            let selection = format!("... on {typename} {{ {} }}", types.own(typename));
            let (gone, there): (Vec<_>, Vec<_>) = last.into_iter().partition(|(_, is_gone)| *is_gone);
            for (id, _) in gone {
                self.holds.remove(id);
            }
            let ids: Vec<&str> = there.into_iter().map(|(id, _)| id).collect();
            for (id, node) in ids.iter().zip(nodes(&self.service, &ids, &selection).await) {
                // What went meanwhile is told to have gone later.
                if !node.is_null() {
                    self.holds.insert((*id).to_owned(), node);
                }
            }
        }
    }

    /// The copy is what the service answers.
    pub(crate) async fn assert_is_whole(&self, types: &Types, whose: &str) {
        let answered = answered(&self.service, types).await;
        for (id, node) in &answered {
            assert_eq!(self.holds.get(id), Some(node), "{whose}: {id}");
        }
        let more: Vec<_> = self.holds.iter().filter(|(id, _)| !answered.contains_key(*id)).collect();
        assert!(more.is_empty(), "{whose}: {more:?}");
    }
}

/// What can be done with a row: its type, the mutation, and what it answers with beside `userErrors`.
#[rustfmt::skip]
pub(crate) const ACTS: [(&str, &str); 62] = [
    ("Organization",    "updateOrganization(id: $id, version: $version, input: {description: $text})"),
    ("Organization",    "deleteOrganization(id: $id, version: $version)"),
    ("District",        "updateDistrict(id: $id, version: $version, input: {city: $text})"),
    ("Partnership",     "updatePartnership(id: $id, version: $version, input: {description: $text})"),
    ("Partnership",     "deletePartnership(id: $id, version: $version)"),
    ("Person",          "updatePerson(id: $id, version: $version, input: {biography: $text})"),
    ("Person",          "updatePerson(id: $id, version: $version, input: {isPublic: true})"),
    ("Person",          "updatePerson(id: $id, version: $version, input: {isPublic: false})"),
    ("Person",          "deletePerson(id: $id, version: $version)"),
    ("Person",          "erasePerson(id: $id, version: $version, reason: \"They asked for it.\")"),
    ("Affiliation",     "updateAffiliation(id: $id, version: $version, input: {title: $text})"),
    ("Affiliation",     "endAffiliation(id: $id, version: $version, endsOn: \"2014-01-01\")"),
    ("Affiliation",     "deleteAffiliation(id: $id, version: $version)"),
    ("Convening",       "updateConvening(id: $id, version: $version, input: {description: $text})"),
    ("Convening",       "updateConvening(id: $id, version: $version, input: {strands: [$text, \"Trust\"]})"),
    ("Convening",       "announceConvening(id: $id, version: $version)"),
    ("Convening",       "retractConvening(id: $id, version: $version)"),
    ("Convening",       "openApplications(id: $id, version: $version)"),
    ("Convening",       "closeApplications(id: $id, version: $version)"),
    ("Convening",       "publishAgenda(id: $id, version: $version)"),
    ("Convening",       "startConvening(id: $id, version: $version)"),
    ("Convening",       "completeConvening(id: $id, version: $version)"),
    ("Convening",       "cancelConvening(id: $id, version: $version, reason: \"Rain.\")"),
    ("Convening",       "publishDecisions(id: $id, version: $version, answerDueAt: \"2026-06-20T12:00:00Z\")"),
    ("Convening",       "releaseAgenda(conveningId: $id, version: $version, note: $text)"),
    ("Session",         "updateSession(id: $id, version: $version, input: {abstract: $text})"),
    ("Session",         "deleteSession(id: $id, version: $version)"),
    ("Speaker",         "updateSpeaker(id: $id, version: $version, input: {titleAsShown: $text})"),
    ("Speaker",         "removeSpeaker(id: $id, version: $version)"),
    ("Slot",            "unscheduleSlot(id: $id, version: $version)"),
    ("Room",            "updateRoom(id: $id, version: $version, input: {capacity: 7})"),
    ("Room",            "deleteRoom(id: $id, version: $version)"),
    ("Resource",        "updateResource(id: $id, version: $version, input: {credit: $text})"),
    ("Resource",        "deleteResource(id: $id, version: $version)"),
    ("Metric",          "updateMetric(id: $id, version: $version, input: {unit: $text})"),
    ("Metric",          "deleteMetric(id: $id, version: $version)"),
    ("Sponsorship",     "removeSponsorship(id: $id, version: $version)"),
    ("Delegation",      "removeDelegation(id: $id, version: $version)"),
    ("Offering",        "updateOffering(id: $id, version: $version, input: {name: $text})"),
    ("Offering",        "retireOffering(id: $id, version: $version)"),
    ("Interest",        "updateInterest(id: $id, version: $version, input: {note: $text})"),
    ("Interest",        "withdrawInterest(id: $id, version: $version)"),
    ("Team",            "updateTeam(id: $id, version: $version, input: {statement: $text})"),
    ("Team",            "submitTeam(id: $id, version: $version)"),
    ("Team",            "confirmTeam(id: $id, version: $version)"),
    ("Team",            "declineTeam(id: $id, version: $version)"),
    ("Team",            "withdrawTeam(id: $id, version: $version)"),
    ("Team",            "setTeamHeadline(teamId: $id, version: $version, headline: $text)"),
    ("Team",            "rateTeamExperience(teamId: $id, version: $version, levelId: null)"),
    ("TeamMember",      "updateTeamMember(id: $id, version: $version, input: {seat: OTHER})"),
    ("TeamMember",      "removeTeamMember(id: $id, version: $version)"),
    ("TeamMember",      "checkInMember(id: $id)"),
    ("SeatAssignment",  "releaseSeat(id: $id)"),
    ("ExperienceLevel", "updateExperienceLevel(id: $id, version: $version, input: {title: $text})"),
    ("ExperienceLevel", "deleteExperienceLevel(id: $id, version: $version)"),
    ("FocusQuestion",   "deleteFocusQuestion(id: $id, version: $version)"),
    ("Survey",          "openSurvey(id: $id, version: $version)"),
    ("Survey",          "closeSurvey(id: $id, version: $version)"),
    ("Survey",          "publishResults(id: $id, version: $version)"),
    ("Survey",          "updateSurvey(id: $id, version: $version, input: {title: $text})"),
    ("RoleGrant",       "revokeRole(id: $id)"),
    ("ApiKey",          "revokeApiKey(id: $id)"),
];

/// Does one of these things to a row; whether it could be done.
pub(crate) async fn act(admin: &Service, call: &str, id: &str, text: &str) -> bool {
    let node = nodes(admin, &[id], "... on Node { __typename }").await.pop().unwrap_or_default();
    let Some(typename) = node["__typename"].as_str() else { return false };
    let mut variables = json!({ "id": id });
    let mut declared = "$id: ID!".to_owned();
    if call.contains("$version") {
        let row = nodes(admin, &[id], &format!("... on {typename} {{ version }}")).await.pop().unwrap_or_default();
        variables["version"] = row["version"].clone();
        declared += ", $version: Int!";
    }
    if call.contains("$text") {
        variables["text"] = json!(text);
        declared += ", $text: String!";
    }
    let document = format!("mutation ({declared}) {{ done: {call} {{ userErrors {{ message }} }} }}");
    let answer = admin.ask_with(&document, &variables).await;
    assert!(!answer.codes().contains(&"GRAPHQL_VALIDATION_FAILED".to_owned()), "{document}: {}", answer.text);
    assert!(!answer.codes().contains(&"INTERNAL_SERVER_ERROR".to_owned()), "{document}: {}", answer.text);
    answer.codes().is_empty() && answer.at("/done/userErrors") == json!([])
}

/// Numbers that look like chance, the same for the same start.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("a number") % bound
    }
}

/// Whoever sees differently, each as an audience of their own.
pub(crate) fn audiences(service: &Service, fixture: &Fixture) -> Vec<(&'static str, Service)> {
    let north = Scope::Organization(fixture.key("Organization", "north"));
    let birch = Scope::District(fixture.key("District", "birch"));
    vec![
        ("the public", service.clone()),
        ("staff", service.as_role(Role::Staff)),
        ("an organizer", service.as_grants(vec![Grant::new(Role::Organizer, north)])),
        ("a team lead", service.as_grants(vec![Grant::new(Role::TeamLead, birch)])),
        ("a partner", service.as_grants(vec![Grant::new(Role::Partner, north)])),
    ]
}

/// A row of a type, of all that there are.
pub(crate) async fn any_row(service: &Service, typename: &str, chance: &mut Chance) -> Option<String> {
    let table = table_of(typename)?;
    let keys = texts(&service.db, &format!("SELECT id::text AS text FROM {table} ORDER BY id")).await;
    let keys: Vec<Uuid> = keys.iter().map(|key| key.parse().expect("a key")).collect();
    (!keys.is_empty()).then(|| global_id(typename, keys[chance.below(keys.len())]))
}

fn a_copy_follows_whatever_is_done(start: u64) {
    with_fixture(async |service, fixture| {
        let types = Types::of(&service).await;
        let admin = service.as_role(Role::Admin);
        let mut mirrors = Vec::new();
        for (whose, viewer) in audiences(&service, &fixture) {
            mirrors.push((whose, Mirror::of(&viewer, &types).await));
        }
        let (mut chance, mut done) = (Chance(start), 0);
        for step in 0..120 {
            let (typename, call) = ACTS[chance.below(ACTS.len())];
            let Some(id) = any_row(&service, typename, &mut chance).await else { continue };
            done += usize::from(act(&admin, call, &id, &format!("text {step}")).await);
            for (_, mirror) in &mut mirrors {
                if chance.below(6) == 0 {
                    mirror.follow(&types).await;
                }
            }
        }
        assert!(done > 20, "only {done} of the acts could be done");
        for (whose, mirror) in &mut mirrors {
            mirror.follow(&types).await;
            mirror.assert_is_whole(&types, whose).await;
        }
    });
}

#[test]
fn a_copy_ends_as_the_service_answers() {
    a_copy_follows_whatever_is_done(1);
}

#[test]
fn another_copy_ends_so_too() {
    a_copy_follows_whatever_is_done(20_261);
}

#[test]
fn no_act_touches_more_than_is_written_down() {
    with_fixture(async |service, fixture| {
        let admin = service.as_role(Role::Admin);
        let audiences = &audiences(&service, &fixture)[..4];
        for (_, viewer) in audiences {
            changes::end(viewer).await;
        }
        let mut chance = Chance(7);
        for (typename, call) in ACTS {
            let Some(id) = any_row(&service, typename, &mut chance).await else { continue };
            if act(&admin, call, &id, "another text").await {
                for (whose, viewer) in audiences {
                    let missed = viewer.missed_by_the_feed().await;
                    assert_eq!(missed, Vec::<String>::new(), "{whose}: {call}");
                }
            }
        }
    });
}
