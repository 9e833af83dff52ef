//! Organizers of two regions and one of an organization, each signed in: everybody runs convenings of the own scope and
//! sees the shared directory, and nothing of what the others prepare.

use crate::documents::{ROOT_FIELDS, Types, variables};
use crate::spreadsheet_export::{EXPORTS, export};
use crate::writes::refusals;
use entity::ids::ConveningId;
use lmi::auth::{Grant, Role, Scope};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tests::fixtures::{Fixture, Part, TAGS, global_id};
use tests::{Answer, Service, contents, texts, with_fixture};

const CREATE: &str = "mutation ($input: CreateConveningInput!) { createConvening(input: $input) {
    convening { id slug version can } userErrors { field code message } } }";
const UPDATE: &str = "mutation ($id: ID!, $version: Int!, $input: UpdateConveningInput!) {
    updateConvening(id: $id, version: $version, input: $input) {
      convening { version region { number } organizer { slug } } userErrors { field code } } }";

/// Those who organize.
struct Organizers {
    /// Convenings of region 1.
    coast: Service,
    /// Convenings of region 2.
    valley: Service,
    /// Convenings of the organization North.
    guild: Service,
}

impl Organizers {
    async fn sign_in(service: &Service, fixture: &Fixture) -> Self {
        let signed_in =
            async |email: &str, scope| service.signed_in(email, &[Grant::new(Role::Organizer, scope)]).await;
        Self {
            coast: signed_in("coast@example.org", Scope::Region(fixture.regions[0])).await,
            valley: signed_in("valley@example.org", Scope::Region(fixture.regions[1])).await,
            guild: signed_in("guild@example.org", Scope::Organization(fixture.key("Organization", "north"))).await,
        }
    }
}

fn region(fixture: &Fixture, number: usize) -> String {
    global_id("Region", fixture.regions[number - 1].0)
}

fn input(more: &Value) -> Value {
    let mut input = json!({ "title": "Cove Day", "kind": "REGIONAL_CONVENING", "startsOn": "2027-03-01",
        "endsOn": "2027-03-01", "hostedByInitiative": false });
    for (name, value) in more.as_object().into_iter().flatten() {
        input[name] = value.clone();
    }
    json!({ "input": input })
}

async fn create(service: &Service, more: Value) -> Answer {
    service.ask_with(CREATE, &input(&more)).await
}

async fn created(service: &Service, more: Value) -> Value {
    let answer = create(service, more).await;
    assert_eq!(refusals(&answer, "createConvening"), [""; 0], "{}", answer.text);
    answer.at("/createConvening/convening")
}

async fn update(service: &Service, id: &Value, version: i64, input: Value) -> Answer {
    service.ask_with(UPDATE, &json!({ "id": id, "version": version, "input": input })).await
}

/// Moves a convening on: what stands in the way.
async fn moved(service: &Service, mutation: &str, id: &Value) -> Vec<String> {
    let version = "query ($id: ID!) { convening(by: {id: $id}) { version } }";
    let version = service.ask_with(version, &json!({ "id": id })).await.at("/convening");
    let version = version["version"].as_i64().unwrap_or(1);
    let reason = if mutation == "cancelConvening" { ", reason: \"The hall burnt down.\"" } else { "" };
    let document = format!(
        "mutation ($id: ID!, $version: Int!) {{ {mutation}(id: $id, version: $version{reason}) {{
           convening {{ status }} userErrors {{ field code }} }} }}"
    );
    let answer = service.ask_with(&document, &json!({ "id": id, "version": version })).await;
    if answer.codes().is_empty() { refusals(&answer, mutation) } else { answer.codes() }
}

#[test]
fn each_runs_a_convening_of_the_own_scope_and_nobody_elses() {
    with_fixture(async |service, fixture| {
        let Organizers { coast, valley, guild } = Organizers::sign_in(&service, &fixture).await;
        let north = &fixture.find("Organization", "north").id;
        let of_guild = json!({ "organizerId": north });
        for (own, others, scope) in [
            (&coast, [&valley, &guild], json!({ "regionId": region(&fixture, 1) })),
            (&valley, [&coast, &guild], json!({ "regionId": region(&fixture, 2) })),
            (&guild, [&coast, &valley], of_guild),
        ] {
            let made = created(own, scope).await;
            let id = &made["id"];
            assert_eq!(made["can"], json!(["update", "delete", "announce", "cancel"]));
            let session = json!({ "input": { "conveningId": id, "title": "Welcome", "format": "BREAKOUT" } });
            let add = "mutation ($input: CreateSessionInput!) { createSession(input: $input) {
                session { id } userErrors { field code } } }";
            assert_eq!(refusals(&own.ask_with(add, &session).await, "createSession"), [""; 0]);
            for other in others {
                let refused = other.ask_with(add, &session).await;
                assert_eq!(refusals(&refused, "createSession"), ["[\"conveningId\"] | NOT_FOUND"]);
                assert_eq!(moved(other, "announceConvening", id).await, ["NOT_FOUND"]);
                assert_eq!(update(other, id, 1, json!({ "title": "Mine" })).await.codes(), ["NOT_FOUND"]);
            }
            assert_eq!(moved(own, "announceConvening", id).await, [""; 0]);
            for step in ["publishAgenda", "startConvening", "completeConvening"] {
                for other in others {
                    assert_eq!(moved(other, step, id).await, ["FORBIDDEN"], "{step}");
                    assert_eq!(moved(other, "cancelConvening", id).await, ["FORBIDDEN"]);
                    let read = "query ($id: ID!) { convening(by: {id: $id}) { title can history { totalCount } } }";
                    let seen = other.ask_with(read, &json!({ "id": id })).await.at("/convening");
                    assert_eq!(seen, json!({ "title": "Cove Day", "can": [], "history": null }));
                }
                assert_eq!(moved(own, step, id).await, [""; 0], "{step}");
            }
        }
    });
}

#[test]
fn nobody_creates_a_convening_outside_of_the_own_scope() {
    with_fixture(async |service, fixture| {
        let Organizers { coast, valley, guild } = Organizers::sign_in(&service, &fixture).await;
        let [first, second] = [1, 2].map(|number| region(&fixture, number));
        let [north, south] = ["north", "south"].map(|name| fixture.find("Organization", name).id.clone());
        let before = contents(&service.db).await;
        for (organizer, outside) in [
            (&coast, json!({})),
            (&coast, json!({ "regionId": second })),
            (&coast, json!({ "organizerId": north })),
            (&valley, json!({ "regionId": first, "organizerId": south })),
            (&guild, json!({})),
            (&guild, json!({ "organizerId": south })),
            (&guild, json!({ "regionId": first })),
            // Whether another has the slug is not told to whoever may not use it.
            (&guild, json!({ "organizerId": south, "slug": "draft" })),
        ] {
            assert_eq!(create(organizer, outside.clone()).await.codes(), ["FORBIDDEN"], "{outside}");
        }
        let after = contents(&service.db).await;
        assert!(after == before, "nothing was written");
    });
}

#[test]
fn nobody_moves_a_convening_out_of_the_own_scope_or_into_it() {
    with_fixture(async |service, fixture| {
        let Organizers { coast, valley, guild } = Organizers::sign_in(&service, &fixture).await;
        let [first, second] = [1, 2].map(|number| region(&fixture, number));
        let [north, south] = ["north", "south"].map(|name| fixture.find("Organization", name).id.clone());
        let of_coast = created(&coast, json!({ "regionId": first })).await["id"].clone();
        let of_guild = created(&guild, json!({ "organizerId": north })).await["id"].clone();
        let of_both = created(&guild, json!({ "organizerId": north, "regionId": first })).await["id"].clone();
        let before = contents(&service.db).await;
        for (organizer, id, change, code) in [
            (&coast, &of_coast, json!({ "regionId": null }), "FORBIDDEN"),
            (&coast, &of_coast, json!({ "regionId": second }), "FORBIDDEN"),
            (&coast, &of_coast, json!({ "regionId": second, "organizerId": south }), "FORBIDDEN"),
            (&guild, &of_guild, json!({ "organizerId": null }), "FORBIDDEN"),
            (&guild, &of_guild, json!({ "organizerId": south }), "FORBIDDEN"),
            // Of two who have it, either can keep it and not give away the part of the other's that it stands on.
            (&coast, &of_both, json!({ "regionId": second }), "FORBIDDEN"),
            (&guild, &of_both, json!({ "organizerId": null }), "FORBIDDEN"),
            // And what is another's does not become one's own.
            (&valley, &of_coast, json!({ "regionId": second }), "NOT_FOUND"),
            (&guild, &of_coast, json!({ "organizerId": north }), "NOT_FOUND"),
        ] {
            assert_eq!(update(organizer, id, 1, change.clone()).await.codes(), [code], "{change}");
        }
        let announced = json!(fixture.find("Convening", "announced").id);
        let change = json!({ "regionId": second });
        assert_eq!(update(&valley, &announced, 1, change).await.codes(), ["FORBIDDEN"]);
        assert!(contents(&service.db).await == before, "nothing was written");
        let lent = update(&coast, &of_coast, 1, json!({ "organizerId": south })).await;
        let lent = lent.at("/updateConvening/convening");
        assert_eq!(lent, json!({ "version": 2, "region": { "number": 1 }, "organizer": { "slug": "south" } }));
    });
}

/// Puts a convening of Coast's there with all that one can have. What is said of it has the word `cove`; what only those
/// who run it may know, the word `lagoon`.
async fn prepare(service: &Service, coast: &Service, fixture: &Fixture) -> Value {
    let convening = created(
        coast,
        json!({ "regionId": region(fixture, 1), "title": "Cove Day", "description": "All of the cove.",
            "applicationsOpenAt": "2026-05-01T00:00:00Z", "applicationsCloseAt": "2026-12-01T00:00:00Z" }),
    )
    .await;
    let id = &convening["id"];
    let prepare =
        "mutation ($session: CreateSessionInput!, $room: CreateRoomInput!, $level: CreateExperienceLevelInput!,
          $person: CreatePersonInput!) {
        createSession(input: $session) { session { id } userErrors { code } }
        createRoom(input: $room) { room { id } userErrors { code } }
        createExperienceLevel(input: $level) { experienceLevel { id } userErrors { code } }
        createPerson(input: $person) { person { id } userErrors { code } } }";
    let made = coast
        .ask_with(
            prepare,
            &json!({
                "session": { "conveningId": id, "title": "Lagoon tales", "format": "BREAKOUT", "slug": "lagoon-tales" },
                "room": { "conveningId": id, "name": "Lagoon hall" },
                "level": { "conveningId": id, "title": "Lagoon beginners" },
                "person": { "name": "Lagoon Sample", "contact": { "email": "lagoon-voice@example.org" } },
            }),
        )
        .await;
    let speaker = json!({ "input": { "sessionId": made.at("/createSession/session/id"), "role": "SPEAKER",
        "personId": made.at("/createPerson/person/id") } });
    let add =
        "mutation ($input: AddSpeakerInput!) { addSpeaker(input: $input) { speaker { id } userErrors { code } } }";
    assert_eq!(refusals(&coast.ask_with(add, &speaker).await, "addSpeaker"), [""; 0]);
    // Teams in every state, with their statements, members, levels and headlines.
    let teams = "INSERT INTO person (id, slug, name) SELECT gen_random_uuid(), 'lagoon-' || slug, 'Lagoon of ' || name FROM district;
        INSERT INTO person_contact (person_id, email) SELECT id, slug || '@example.org' FROM person WHERE slug LIKE 'lagoon-%'
          ON CONFLICT DO NOTHING;
        INSERT INTO team (id, district_id, convening_id, status, statement, submitted_at)
          SELECT gen_random_uuid(), d.id, c.id,
            (ARRAY['draft', 'submitted', 'selected', 'waitlisted', 'confirmed'])[1 + row_number() OVER (ORDER BY d.slug) % 5],
            'Lagoon of ' || d.name, CASE WHEN row_number() OVER (ORDER BY d.slug) % 5 > 0 THEN timestamptz '2026-05-02' END
          FROM district d, convening c WHERE c.slug = 'cove-day';
        INSERT INTO team_member (id, team_id, convening_id, person_id, seat)
          SELECT gen_random_uuid(), t.id, c.id, p.id, 'superintendent'
          FROM team t JOIN convening c ON c.id = t.convening_id AND c.slug = 'cove-day' JOIN district d ON d.id = t.district_id
            JOIN person p ON p.slug = 'lagoon-' || d.slug;
        INSERT INTO team_time (team_id, convening_id, headline)
          SELECT t.id, c.id, 'Lagoon of ' || t.id FROM team t JOIN convening c ON c.id = t.convening_id AND c.slug = 'cove-day'";
    service.db.execute_unprepared(teams).await.expect("teams");
    id.clone()
}

/// Documents that ask for convenings and what belongs to them on every path, beside the root fields with their own.
const PATHS: [&str; 11] = [
    "query ($id: ID!) { node(id: $id) { ... on Convening { title history { nodes { changes { after } } } } } }",
    "{ convening(by: {slug: \"cove-day\"}) { title sessions { nodes { title speakers { person { name contact { email } } } } }
       experienceLevels { title } teams { totalCount nodes { statement headline members { nodes { person { name contact { email } } } } } } } }",
    "{ convenings(first: 100, filter: {search: \"cove\"}) { totalCount edges { cursor } nodes { title description } } }",
    "{ convenings(first: 100, filter: {startsOnOrAfter: \"2027-03-01\"}) { totalCount edges { cursor } nodes { title } } }",
    "{ search(query: \"cove\", first: 100) { totalCount nodes { __typename ... on Convening { title } } } }",
    "{ search(query: \"lagoon\", first: 100) { totalCount nodes { __typename ... on Person { name } ... on Session { title } } } }",
    "{ people(first: 100, filter: {search: \"lagoon\"}) { totalCount edges { cursor } nodes { name contact { email } affiliations { totalCount } } } }",
    "query ($id: ID!) { teams(first: 100, filter: {convening: $id}) { totalCount edges { cursor } nodes { status statement headline memberCount
       members { nodes { person { name contact { email } } } } } } }",
    "{ districts(first: 100) { nodes { teams(first: 100) { totalCount nodes { convening { title } statement headline
       members { nodes { person { name } } } } } } } }",
    "query ($id: ID!) { applications(conveningId: $id, groupBy: [STATUS]) { status teams } }",
    "{ offerings { convenings { title } } }",
];

/// Everything that somebody is told on all of these paths, and in every spreadsheet.
async fn told(service: &Service, fixture: &Fixture, id: &Value) -> String {
    let mut told = String::new();
    for path in PATHS {
        // What was asked for is no answer.
        told += &service.ask_with(path, &json!({ "id": id })).await.text;
    }
    for (_, document) in ROOT_FIELDS {
        told += &service.ask_with(document, &variables(fixture)).await.text;
    }
    for (what, ..) in EXPORTS {
        told += &export(service, &format!("{what}.csv")).await.text;
        told += &export(service, &format!("{what}.csv?convening=cove-day")).await.text;
    }
    told.to_lowercase()
}

/// Every row of the convening by its global id, as somebody finds it.
async fn found(service: &Service, db: &Service) -> usize {
    let parts = [
        (
            "Session",
            "SELECT s.id::text AS text FROM session s JOIN convening c ON c.id = convening_id WHERE c.slug = 'cove-day'",
        ),
        ("Room", "SELECT r.id::text AS text FROM room r WHERE r.name = 'Lagoon hall'"),
        ("ExperienceLevel", "SELECT id::text AS text FROM experience_level WHERE title = 'Lagoon beginners'"),
        ("Speaker", "SELECT id::text AS text FROM speaker WHERE name_as_shown = 'Lagoon Sample'"),
        ("Person", "SELECT id::text AS text FROM person WHERE name LIKE 'Lagoon%'"),
        (
            "Team",
            "SELECT t.id::text AS text FROM team t JOIN convening c ON c.id = t.convening_id WHERE c.slug = 'cove-day'",
        ),
        (
            "TeamMember",
            "SELECT m.id::text AS text FROM team_member m JOIN convening c ON c.id = m.convening_id WHERE c.slug = 'cove-day'",
        ),
    ];
    let mut found = 0;
    for (typename, sql) in parts {
        let keys = texts(&db.db, sql).await;
        assert!(!keys.is_empty(), "{typename}");
        let ids: Vec<String> = keys.iter().map(|key| global_id(typename, key.parse().expect("a key"))).collect();
        let nodes = service.ask_with("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", &json!({ "ids": ids })).await;
        found += nodes.at("/nodes").as_array().expect("nodes").iter().filter(|node| !node.is_null()).count();
    }
    found
}

#[test]
fn nothing_of_anothers_draft_is_told_on_any_path() {
    with_fixture(async |service, fixture| {
        let Organizers { coast, valley, guild } = Organizers::sign_in(&service, &fixture).await;
        let nothing = json!(global_id("Convening", ConveningId::new().0));
        let before = [told(&valley, &fixture, &nothing).await, told(&guild, &fixture, &nothing).await];
        let id = prepare(&service, &coast, &fixture).await;
        let own = told(&coast, &fixture, &id).await;
        for word in
            ["cove day", "lagoon tales", "lagoon hall", "lagoon beginners", "lagoon-voice@", "lagoon of district"]
        {
            assert!(own.contains(word), "`{word}` is nowhere: looking for it proves nothing");
        }
        assert_eq!(found(&coast, &service).await, 4 + 1 + 12 + 12 + 12);
        for (other, before) in [&valley, &guild].into_iter().zip(before) {
            let told = told(other, &fixture, &id).await;
            assert!(!told.contains("cove day") && !told.contains("lagoon"), "{told}");
            assert_eq!(found(other, &service).await, 0);
            assert!(told == before, "not a letter, nor a count, differs from when there was no such convening");
        }
    });
}

#[test]
fn of_anothers_announced_convening_the_public_facts_are_told_and_no_more() {
    with_fixture(async |service, fixture| {
        let Organizers { coast, valley, guild } = Organizers::sign_in(&service, &fixture).await;
        let id = prepare(&service, &coast, &fixture).await;
        assert_eq!(moved(&coast, "announceConvening", &id).await, [""; 0]);
        assert_eq!(moved(&coast, "openApplications", &id).await, [""; 0]);
        let public = told(&service, &fixture, &id).await;
        for other in [&valley, &guild] {
            let told = told(other, &fixture, &id).await;
            assert!(told.contains("cove day") && public.contains("cove day"));
            assert!(!told.contains("lagoon"), "{told}");
            assert_eq!(found(other, &service).await, 0);
            let applications = "query ($id: ID!) { applications(conveningId: $id, groupBy: []) { teams } }";
            assert_eq!(other.ask_with(applications, &json!({ "id": id })).await.codes(), ["FORBIDDEN"]);
        }
        let own = told(&coast, &fixture, &id).await;
        assert!(own.contains("lagoon of district"), "{own}");
    });
}

#[test]
fn the_shared_directory_is_everybodys() {
    with_fixture(async |service, fixture| {
        let Organizers { coast, valley, guild } = Organizers::sign_in(&service, &fixture).await;
        let directory = "{ organizations(first: 100) { totalCount nodes { name } } districts(first: 100) { totalCount nodes { name } }
            counties { name } regions { number } offerings { name } }";
        let public = service.ask(directory).await.data();
        for organizer in [&coast, &valley, &guild] {
            assert_eq!(organizer.ask(directory).await.data(), public);
        }
        let change = "mutation ($id: ID!) { updateOrganization(id: $id, version: 1, input: {description: \"Mine.\"}) {
            userErrors { code } } }";
        let north = json!({ "id": fixture.find("Organization", "north").id });
        assert_eq!(guild.ask_with(change, &north).await.codes(), ["FORBIDDEN"], "to read, not to write");
    });
}

/// Rows of a gathering that is announced, by their types; of types that it has none of, any row.
fn announced(fixture: &Fixture) -> BTreeMap<&'static str, String> {
    let of_it = |part: &Part| {
        matches!(
            part,
            Part::Facts("announced")
                | Part::Agenda("announced")
                | Part::Team("announced", "birch", _)
                | Part::Roster("announced", "birch")
                | Part::Notes("announced", "birch")
                | Part::Surveying("announced")
                | Part::Moderated("announced")
        )
    };
    let mut ids = BTreeMap::new();
    for (typename, _) in TAGS {
        let rows = || fixture.rows.iter().filter(|row| row.typename == typename);
        let row = rows().find(|row| row.parts.iter().any(of_it)).or_else(|| rows().next());
        ids.insert(typename, row.map_or_else(String::new, |row| row.id.clone()));
    }
    // Neither of the two organizes for either of these.
    ids.insert("Region", region(fixture, 1));
    ids.insert("Organization", fixture.find("Organization", "south").id.clone());
    ids
}

/// Tables of what an organizer may make that is of no convening, with what the feed notes of whoever reads it.
const OWN: [&str; 7] =
    ["person", "person_beginning", "change", "webhook_endpoint", "webhook_progress", "audience", "audience_row"];

#[test]
fn no_mutation_changes_anything_of_anothers_announced_convening() {
    with_fixture(async |service, fixture| {
        let Organizers { valley, guild, .. } = Organizers::sign_in(&service, &fixture).await;
        let types = Types::of(&service).await;
        // Attempts to sign in are counted, whoever makes them.
        let before = |mut tables: BTreeMap<String, Vec<String>>| {
            tables.remove("sign_in_failure");
            tables
        };
        let mut done = BTreeSet::new();
        for organizer in [&valley, &guild] {
            for mutation in types.fields("Mutation") {
                let document = types.mutation(&mutation, &announced(&fixture));
                let stood = before(contents(&service.db).await);
                let answer = organizer.ask_with(&document.text, &document.variables).await;
                assert_ne!(answer.codes(), ["INTERNAL_SERVER_ERROR"], "{mutation}: {}", answer.text);
                assert_ne!(answer.codes(), ["GRAPHQL_VALIDATION_FAILED"], "{}: {}", document.text, answer.text);
                let stands = before(contents(&service.db).await);
                if stands != stood {
                    let tables: Vec<_> =
                        stands.iter().filter(|(table, rows)| stood[*table] != **rows).map(|(table, _)| table).collect();
                    assert!(tables.iter().all(|table| OWN.contains(&table.as_str())), "{mutation}: {tables:?}");
                    done.insert(mutation);
                }
            }
        }
        let done: Vec<String> = done.into_iter().collect();
        // Whom an organizer may enter, for speakers of the own convenings; and where an own program is told of changes.
        assert_eq!(done, ["createPerson", "createWebhookEndpoint"]);
    });
}
