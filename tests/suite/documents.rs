//! Documents that ask for everything: written for every root field, and generated from the schema for every type.

use crate::walk::nodes;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::Service;
use tests::fixtures::{Fixture, Row};

/// A document for a root field, with the draft's rows in its variables: what it must not say to nearly everybody.
#[rustfmt::skip]
pub(crate) const ROOT_FIELDS: [(&str, &str); 32] = [
    ("node", "query($convening: ID!) { node(id: $convening) { id ... on Convening { title venue { name county { name } } } } }"),
    ("nodes", "query($convening: ID!, $session: ID!, $team: ID!, $person: ID!) { nodes(ids: [$convening, $session, $team, $person]) { __typename id } }"),
    ("organization", "{ organization(by: {slug: \"north\"}) { name sponsorships { nodes { convening { title } } } affiliations { nodes { title person { name } } } } }"),
    ("organizations", "{ organizations(orderBy: {field: NAME}) { edges { cursor } nodes { name sponsorships { totalCount edges { cursor } } affiliations { totalCount edges { cursor } } } } }"),
    ("district", "{ district(by: {slug: \"alder\"}) { name teams { edges { cursor } nodes { status convening { title } members { nodes { person { name } } } } } resources { title } } }"),
    ("districts", "query($convening: ID!) { districts(filter: {attended: $convening}) { totalCount nodes { name } } }"),
    ("counties", "{ counties { name districts { nodes { name teams { totalCount nodes { status } } } } } }"),
    ("regions", "{ regions { number name } }"),
    ("person", "query($person: ID!) { person(by: {id: $person}) { name biography contact { email phone } } }"),
    ("people", "{ people(first: 100, orderBy: {field: NAME}) { totalCount edges { cursor } nodes { slug name biography contact { email phone } } } }"),
    ("convening", "query($convening: ID!) { convening(by: {id: $convening}) { title strands { title } blocks { title } } }"),
    ("convenings", "{ convenings(orderBy: {field: STARTS_ON}) { totalCount edges { cursor } nodes { slug title strands { title } blocks { title } sessions { nodes { title } } } } }"),
    ("session", "query($session: ID!) { session(id: $session) { title abstract relatedSessions { title } } }"),
    ("team", "query($team: ID!) { team(id: $team) { status memberCount members { nodes { person { name } } } } }"),
    ("survey", "query($survey: ID!) { survey(id: $survey) { title items { prompt writtenAnswers { nodes { text } } } results { items { prompt } fullItems { prompt } } responses { nodes { answers { chosen } } } } }"),
    ("surveys", "{ surveys(first: 100) { totalCount edges { cursor } nodes { title introduction convening { title } items { prompt writtenAnswers { nodes { text } } } results { items { prompt } fullItems { prompt } } } } }"),
    ("teams", "{ teams(first: 100) { totalCount edges { cursor } nodes { status convening { title } district { name } sources { document } } } }"),
    ("offerings", "{ offerings { name interestCount interests { totalCount edges { cursor } nodes { note district { name } } } convenings { title } } }"),
    ("offeringDemand", "{ offeringDemand(groupBy: [COUNTY, REGION]) { offering { name } county { name } region { name } districts } }"),
    ("search", "{ search(query: \"draft\", first: 100) { totalCount edges { cursor } nodes { __typename ... on Person { name } ... on Convening { title } ... on Session { title } } } }"),
    ("viewer", "{ viewer { account { email roles { role } } apiKey { name } roles { role convening { title } } permissions } }"),
    ("accounts", "{ accounts { totalCount edges { cursor } nodes { email displayName roles { role account { email } convening { title } organization { name } } history { nodes { changes { field before after } } } } } }"),
    ("apiKeys", "{ apiKeys { totalCount edges { cursor } nodes { name prefix organization { name } history { nodes { changes { field before after } } } } } }"),
    ("changes", "{ changes(from: BEGINNING, first: 100) { totalCount pageInfo { endCursor } edges { cursor } nodes { id cursor typename nodeId node { id ... on Convening { title } ... on Person { name } ... on Team { status } ... on TeamNote { text } } } } }"),
    ("webhookEndpoint", "query($webhook: ID!) { webhookEndpoint(id: $webhook) { url description owner deliveries { nodes { eventType nodeId } } } }"),
    ("webhookEndpoints", "{ webhookEndpoints { totalCount edges { cursor } nodes { url description owner deliveries { totalCount edges { cursor } nodes { eventType nodeId } } history { nodes { changes { field before after } } } } } }"),
    ("applications", "query($selected: ID!) { applications(conveningId: $selected, groupBy: [COUNTY, REGION, DISTRICT_KIND, FIRST_TIME, STATUS]) { county { name } region { name } districtKind firstTime status teams } }"),
    ("compositionRules", "{ compositionRules { version seats { seat minimum maximum label } } }"),
    ("districtParticipation", "{ districtParticipation { totalCount nodes { district { name participations { nodes { attendedOn convening { title } } } } firstConvening { title } lastConvening { title } convenings years } } }"),
    ("seatChanges", "{ seatChanges { totalCount nodes { person { name } from { seat team { district { name } } } to { seat person { name } } anotherSeat anotherDistrict } } }"),
    ("seatPlan", "query($convening: ID!) { seatPlan(input: {conveningId: $convening, block: 1}) { isComplete unmet { message } teams { team { id } } assignments { member { person { name } } slot { session { title } } } } }"),
    ("participation", "{ participation(groupBy: [CONVENING, COUNTY, REGION, DISTRICT_KIND, YEAR]) { convening { title } county { name } region { name } year teams districts } }"),
];

/// The variables of those documents.
pub(crate) fn variables(fixture: &Fixture) -> Value {
    let id = |typename: &str, name: &str| fixture.find(typename, name).id.as_str();
    json!({
        "convening": id("Convening", "draft"),
        "survey": id("Survey", "drafted-survey-of-draft"),
        "session": id("Session", "agenda-of-draft-1"),
        "team": id("Team", "draft-alder"),
        "person": id("Person", "roster-of-draft-alder"),
        "webhook": id("WebhookEndpoint", "webhook-of-helper"),
        "selected": id("Convening", "selected"),
    })
}

/// The types of the schema by their names.
pub(crate) struct Types(pub(crate) BTreeMap<String, Value>);

impl Types {
    /// As the service describes them.
    pub(crate) async fn of(service: &Service) -> Self {
        let document = "{ __schema { types { name kind possibleTypes { name } enumValues { name } \
                        inputFields { name type { ...Whole } } \
                        fields { name args { name type { ...Whole } } type { ...Whole } } } } } \
                        fragment Whole on __Type { ...T ofType { ...T ofType { ...T ofType { ...T } } } } \
                        fragment T on __Type { name kind }";
        let types = service.ask(document).await.at("/__schema/types");
        let types = types.as_array().expect("types").iter();
        Self(types.map(|each| (each["name"].as_str().unwrap_or_default().to_owned(), each.clone())).collect())
    }

    /// The names of a type's fields.
    pub(crate) fn fields(&self, typename: &str) -> Vec<String> {
        let fields = self.0[typename]["fields"].as_array().into_iter().flatten();
        fields.filter_map(|field| field["name"].as_str()).map(str::to_owned).collect()
    }

    /// One field of a type.
    pub(crate) fn field_of(&self, typename: &str, name: &str) -> &Value {
        let mut fields = self.0[typename]["fields"].as_array().into_iter().flatten();
        fields.find(|field| field["name"] == name).unwrap_or_else(|| panic!("no field {typename}.{name}"))
    }

    /// Everything that can be selected of a type, and of what it leads to, so many steps far.
    pub(crate) fn everything(&self, typename: &str, steps: usize) -> String {
        let fields = self.0[typename]["fields"].as_array().cloned().unwrap_or_default();
        let selected = fields.iter().filter_map(|field| self.field(field, steps));
        let selection: Vec<String> = std::iter::once("__typename".to_owned()).chain(selected).collect();
        selection.join(" ")
    }

    /// What can be selected of one field.
    pub(crate) fn field(&self, field: &Value, steps: usize) -> Option<String> {
        let name = field["name"].as_str()?;
        let kind = named(&field["type"]);
        let (typename, leaf) = (kind["name"].as_str()?, ["SCALAR", "ENUM"].contains(&kind["kind"].as_str()?));
        if leaf {
            return Some(name.to_owned());
        }
        // A page's own parts are no further away than the page, nor are a source and a venue than their row.
        let here = ["nodes", "edges", "pageInfo", "sources", "venue"].contains(&name);
        let steps = if here { steps } else { steps.checked_sub(1)? };
        let beneath = if typename.ends_with("Edge") { "cursor".to_owned() } else { self.everything(typename, steps) };
        let accepts = |argument: &str| {
            field["args"].as_array().is_some_and(|args| args.iter().any(|each| each["name"] == argument))
        };
        let arguments = match () {
            () if accepts("slug") => "(slug: \"agenda-of-draft-1\")",
            () if accepts("first") => "(first: 30)",
            () => "",
        };
        Some(format!("{name}{arguments} {{ {beneath} }}"))
    }

    /// Everything about rows of one type, as far as a document may be long.
    pub(crate) async fn ask(&self, service: &Service, typename: &str, rows: &[&Row]) -> Vec<Value> {
        let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        let selection = |steps| format!("... on {typename} {{ {} }}", self.everything(typename, steps));
        let longest = [3, 2, 1].into_iter().map(selection).find(|selection| selection.split(' ').count() < 1_000);
        nodes(service, &ids, &longest.expect("a document that is not too long")).await
    }
}

/// The name of a type within lists and promises.
pub(crate) fn name_of(of: &Value) -> String {
    named(of)["name"].as_str().unwrap_or_default().to_owned()
}

/// The type within lists and promises.
fn named(of: &Value) -> &Value {
    if of["ofType"].is_object() { named(&of["ofType"]) } else { of }
}
