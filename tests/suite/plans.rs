//! What the database does for the main operations: of a large table nothing but the rows that are asked for is looked at, and
//! no more than a page is put in order; of a search for several words, what is found. What is asked is what the service sends,
//! behind the wall that whoever asks is behind, planned as PostgreSQL plans it once it knows the statement; what is counted is rows,
//! and no time.
//!
//! On one state many tables are small enough that PostgreSQL reads them whole, rightly. Whether plans hold where they are a
//! hundred times as large is asked of what `lmi generate --scale 100 --data-dir FOLDER` has made:
//! `STATE=FOLDER cargo test -p tests -- --ignored plans`.

use lmi::auth::{Actor, Grant, Role, Scope, Viewer};
use lmi::clock::Clock;
use lmi::database::{Purpose, connect};
use lmi::generate::{Size, generate};
use sea_orm::FromQueryResult as _;
use serde_json::{Value, json};
use std::path::PathBuf;
use tests::{Service, Step, run_on_state, steps, texts, with_empty};

/// Tables with more rows are not read whole.
const SMALL: f64 = 2_000.0;
/// So many rows of tables one statement looks at, at most: a page of them, what belongs to each, and what the policy asks.
const LOOKED_AT: f64 = 3_000.0;
/// So many more for each row of what is put in order whole: it, and what the policy asks of it.
const LOOKED_AT_OF_WHOLE: f64 = 8.0;
/// So many rows are put in order at a time, at most: the longest page, and one more than that.
const SORTED: f64 = 250.0;
/// So many districts a state has, and so many teams a convening has at most that is one of a state.
const DISTRICTS: f64 = 1_020.0;

#[test]
fn what_is_looked_at_is_what_is_asked_for() {
    hold_on(Size::times(1, false));
}

#[test]
fn the_same_holds_where_a_few_are_far_larger_than_most() {
    hold_on(Size::times(1, true));
}

fn hold_on(size: Size) {
    with_empty(async |service| {
        let db = connect(&service.url, Purpose::Command).await.expect("a connection");
        let viewer = Viewer::command_line();
        let made = generate(&db, Actor::new(&viewer, Clock::System), size, |_| ()).await;
        made.expect("a state");
        db.close().await.expect("an end");
        hold(&service).await;
    });
}

#[test]
#[ignore = "takes a folder with what `lmi generate` has made, as STATE"]
fn the_same_holds_in_a_large_state() {
    let folder = std::env::var_os("STATE").expect("STATE is the folder given to `lmi generate --data-dir`");
    run_on_state(&PathBuf::from(folder), async |service| hold(&service).await);
}

/// Somebody who asks, and a convening, a district and the like that they ask about.
struct Asking {
    who: &'static str,
    service: Service,
}

async fn hold(service: &Service) {
    let large = large_tables(service).await;
    let rows = Rows::find(service).await;
    let (mut faults, mut statements) = (Vec::new(), 0);
    for asking in rows.asking(service) {
        for Operation { name, document, variables, whole } in operations(&rows) {
            let (answer, sent) = asking.service.sent(&document, &variables).await;
            let refused = answer.codes();
            assert!(refused.iter().all(|code| code == "FORBIDDEN" || code == "UNAUTHENTICATED"), "{name}: {answer:?}");
            for statement in sent {
                let steps = steps(asking.service.read_by_viewer(), &statement).await;
                statements += usize::from(!steps.is_empty());
                let wrong = faults_of(&steps, &large, whole.max(rows.whole(&name, asking.who)));
                faults.extend(
                    wrong.into_iter().map(|fault| format!("{name}, as {}: {fault}\n  {}", asking.who, statement.sql)),
                );
            }
        }
    }
    assert!(statements > 150, "statements that were looked at: {statements}");
    assert!(faults.is_empty(), "{} of {statements}:\n{}", faults.len(), faults.join("\n"));
}

fn faults_of(steps: &[Step], large: &[String], whole: f64) -> Vec<String> {
    let mut faults = Vec::new();
    for step in steps {
        let table = step.table.as_deref().unwrap_or_default();
        if step.what == "Seq Scan" && large.iter().any(|name| name == table) {
            faults.push(format!("{table} is read whole: {} rows", step.looked_at));
        }
        if step.what.ends_with("Sort") && step.came_in > SORTED.max(whole) {
            faults.push(format!("{} rows are put in order", step.came_in));
        }
    }
    let looked_at: f64 = steps.iter().map(|step| step.looked_at).sum();
    if looked_at > LOOKED_AT + whole * LOOKED_AT_OF_WHOLE {
        let most = steps.iter().max_by(|a, b| a.looked_at.total_cmp(&b.looked_at));
        faults.push(format!("{looked_at} rows are looked at, most of them by {most:?}"));
    }
    faults
}

async fn large_tables(service: &Service) -> Vec<String> {
    let sql = format!("SELECT relname::text AS text FROM pg_class WHERE relkind = 'r' AND reltuples > {SMALL}");
    texts(&service.db, &sql).await
}

/// Rows that are asked about: of convenings the one with the largest agenda, which is far larger than most.
struct Rows {
    convening: Value,
    district: Value,
    person: Value,
    organization: Value,
    team: Value,
    slugs: [String; 3],
    typed: [Typed; 3],
    /// The beginning of a district's name.
    place: Typed,
    scopes: [sea_orm::prelude::Uuid; 3],
    /// How many teams and how many sessions the convening has.
    teams: f64,
    sessions: f64,
    /// How many districts the county has.
    of_county: f64,
}

/// What somebody types who looks for people.
struct Typed {
    what: &'static str,
    text: String,
    /// How many people there are of that name.
    found: f64,
}

impl Typed {
    async fn find(service: &Service, what: &'static str, text: &str) -> Self {
        let found = count(service, &format!("person WHERE search_vector @@ prefix_query('{text}')")).await;
        Self { what, text: text.to_owned(), found }
    }
}

/// How many rows there are.
async fn count(service: &Service, of: &str) -> f64 {
    texts(&service.db, &format!("SELECT count(*)::text AS text FROM {of}")).await[0].parse().expect("a number")
}

#[derive(sea_orm::FromQueryResult)]
struct Key {
    key: sea_orm::prelude::Uuid,
}

impl Rows {
    async fn find(service: &Service) -> Self {
        let staff = service.as_role(Role::Staff);
        let largest =
            "(SELECT convening_id FROM released_session GROUP BY convening_id ORDER BY count(*) DESC LIMIT 1)";
        let slug = format!("SELECT slug AS text FROM convening WHERE id = {largest}");
        let slug = texts(&service.db, &slug).await.remove(0);
        let count = async |of: &str| count(service, of).await;
        let agenda = "query ($slug: String!) { convening(by: {slug: $slug}) { id slug \
                      teams(first: 1) { nodes { id district { id } } } \
                      sessions(first: 1) { nodes { speakers { person { id slug name } } } } } \
                      organizations(first: 1) { nodes { id slug } } districts(first: 1) { nodes { name } } }";
        let found = staff.ask_with(agenda, &json!({ "slug": slug })).await;
        let at = |path: &str| found.at(path);
        let text = |path: &str| at(path).as_str().expect("a text").to_owned();
        let speaker = "/convening/sessions/nodes/0/speakers/0/person";
        let key = async |sql: &str| {
            let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, sql);
            Key::find_by_statement(statement).one(&service.db).await.expect("an answer").expect("a row").key
        };
        let name = text(&format!("{speaker}/name")).to_lowercase();
        let beginning: String = name.rsplit(' ').next().unwrap_or_default().chars().take(5).collect();
        let place: String = text("/districts/nodes/0/name").to_lowercase().chars().take(3).collect();
        Self {
            convening: at("/convening/id"),
            district: at("/convening/teams/nodes/0/district/id"),
            person: at(&format!("{speaker}/id")),
            organization: at("/organizations/nodes/0/id"),
            team: at("/convening/teams/nodes/0/id"),
            slugs: [text("/convening/slug"), text(&format!("{speaker}/slug")), text("/organizations/nodes/0/slug")],
            typed: [
                Typed::find(service, "a name", &name).await,
                Typed::find(service, "nobody's name", "qzxwvk").await,
                Typed::find(service, "the beginning of a name", &beginning).await,
            ],
            place: Typed { what: "the beginning of a name", text: place, found: 0.0 },
            scopes: [
                key("SELECT id AS key FROM organization ORDER BY id OFFSET 5 LIMIT 1").await,
                key("SELECT id AS key FROM convening WHERE agenda_published ORDER BY id OFFSET 5 LIMIT 1").await,
                key("SELECT id AS key FROM district ORDER BY id OFFSET 5 LIMIT 1").await,
            ],
            teams: count(&format!("team WHERE convening_id = {largest}")).await,
            sessions: count(&format!("released_session WHERE convening_id = {largest}")).await,
            of_county: count("district JOIN county ON county.id = county_id WHERE county.name = 'Los Angeles'").await,
        }
    }

    /// How many rows are put in order whole all the same, of one among few that are far larger than most.
    fn whole(&self, operation: &str, who: &str) -> f64 {
        let rows = match operation {
            // Their order leads through districts, or all of them are counted.
            "a convening's teams" | "teams by county" => self.teams,
            // An organizer's rows are in two tables: each is in order, and both together are not.
            "a convening's sessions" if who == "an organizer" => self.sessions,
            // Most counties have fewer than a page, for which putting them in order is cheapest.
            _ if operation.starts_with("districts") && operation.contains("Los Angeles") => self.of_county,
            _ => 0.0,
        };
        rows.min(DISTRICTS)
    }

    /// Everybody who may ask.
    fn asking(&self, service: &Service) -> Vec<Asking> {
        let [organization, convening, district] = self.scopes;
        let granted = |role, scope| service.as_grants(vec![Grant::new(role, scope)]);
        vec![
            Asking { who: "nobody", service: service.clone() },
            Asking { who: "a partner", service: granted(Role::Partner, Scope::Organization(organization.into())) },
            Asking { who: "an organizer", service: granted(Role::Organizer, Scope::Convening(convening.into())) },
            Asking { who: "a team lead", service: granted(Role::TeamLead, Scope::District(district.into())) },
            Asking { who: "staff", service: service.as_role(Role::Staff) },
        ]
    }
}

/// What is asked, and with what.
struct Operation {
    name: String,
    document: String,
    variables: Value,
    /// How many rows are put in order of which a page is asked, where that is all of them.
    whole: f64,
}

/// The main operations.
fn operations(rows: &Rows) -> Vec<Operation> {
    let mut operations = Vec::new();
    let mut add = |name: &str, document: &str, variables: Value| {
        operations.push(Operation { name: name.to_owned(), document: document.to_owned(), variables, whole: 0.0 });
    };
    let by = |field: &str, inner: &str| format!("query ($id: ID!) {{ {field}(by: {{id: $id}}) {{ {inner} }} }}");
    let page = "pageInfo { hasNextPage }";
    let convening = json!({ "id": rows.convening });
    add("a convening", &by("convening", "id title startsOn endsOn"), convening.clone());
    let agenda = "sessions(first: 20) { nodes { title speakers { role person { name } organization { name } } } }";
    add("a convening's sessions", &by("convening", agenda), convening.clone());
    let teams =
        "teams(first: 50) { nodes { district { name } members(first: 10) { nodes { seat person { name } } } } }";
    add("a convening's teams", &by("convening", teams), convening.clone());
    let history = "history(first: 20) { nodes { recordedAt changes { field } } }";
    add("a convening's history", &by("convening", history), convening.clone());
    add("how many sessions a convening has", &by("convening", "sessions { totalCount }"), convening.clone());
    add(
        "a convening's delegations",
        &by("convening", "delegations(first: 20) { nodes { organization { name } } }"),
        convening.clone(),
    );
    let counties =
        "query ($id: ID!) { participation(filter: {convening: $id}, groupBy: [COUNTY]) { county { name } teams } }";
    add("teams by county", counties, convening);
    let [of_convening, of_person, of_organization] = &rows.slugs;
    for (field, slug) in [("convening", of_convening), ("person", of_person), ("organization", of_organization)] {
        let document = format!("query ($slug: String!) {{ {field}(by: {{slug: $slug}}) {{ id }} }}");
        add(&format!("a {field} by its slug"), &document, json!({ "slug": slug }));
    }
    let person = json!({ "id": rows.person });
    add(
        "a person's appearances",
        &by("person", "appearances(first: 20) { nodes { session { title } } }"),
        person.clone(),
    );
    add("a person's affiliations", &by("person", "affiliations(first: 20) { nodes { title } }"), person);
    add("a district's teams", &by("district", "teams(first: 20) { nodes { status } }"), json!({ "id": rows.district }));
    let sponsorships =
        "sponsorships(first: 20) { nodes { role } } affiliations(first: 20) { nodes { person { name } } }";
    add("an organization's parts", &by("organization", sponsorships), json!({ "id": rows.organization }));
    add(
        "a team",
        "query ($id: ID!) { team(id: $id) { members(first: 10) { nodes { person { name } } } } }",
        json!({ "id": rows.team }),
    );
    let ids = json!({ "ids": [rows.convening, rows.person, rows.district, rows.organization, rows.team] });
    add("several by their ids", "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids);

    let orders: [(&str, &[&str]); 5] = [
        ("convenings", &["STARTS_ON", "TITLE", "UPDATED_AT"]),
        ("districts", &["COUNTY", "ENROLLMENT", "NAME", "UPDATED_AT"]),
        ("organizations", &["CREATED_AT", "NAME", "UPDATED_AT"]),
        ("people", &["NAME", "UPDATED_AT"]),
        ("teams", &[]),
    ];
    for (field, keys) in orders {
        let ordered = keys.iter().flat_map(|key| {
            ["ASC", "DESC"].map(|direction| format!(", orderBy: {{field: {key}, direction: {direction}}}"))
        });
        let ordered: Vec<String> = if keys.is_empty() { vec![String::new()] } else { ordered.collect() };
        for order in ordered {
            for ends in ["first: 20", "last: 20"] {
                add(
                    &format!("{field}, {ends}{order}"),
                    &format!("{{ {field}({ends}{order}) {{ nodes {{ id }} {page} }} }}"),
                    Value::Null,
                );
            }
        }
    }
    for (field, filter) in [
        ("teams", r#"county: ["Los Angeles"]"#),
        ("teams", "status: [ATTENDED]"),
        ("districts", r#"county: ["Los Angeles"]"#),
        ("districts", r#"county: ["Los Angeles"], kind: [HIGH]"#),
        ("convenings", "status: [COMPLETED]"),
    ] {
        for ends in ["first: 20", "last: 20"] {
            add(
                &format!("{field}, {ends}, {filter}"),
                &format!("{{ {field}({ends}, filter: {{{filter}}}) {{ nodes {{ id status }} {page} }} }}"),
                Value::Null,
            );
        }
    }
    operations.extend(searches(rows));
    operations
}

/// What is looked for by what was typed.
fn searches(rows: &Rows) -> Vec<Operation> {
    let mut operations = Vec::new();
    let people = "query ($typed: String!) { people(filter: {search: $typed}, first: 20) { nodes { id name } } }";
    let districts = "query ($typed: String!) { districts(filter: {search: $typed}, first: 20) { nodes { id name } } }";
    let everything = "query ($typed: String!) { search(query: $typed, first: 20) { nodes { __typename } } }";
    let mut search = |field: &str, document: &str, Typed { what, text, .. }: &Typed, found: f64| {
        let (name, variables) = (format!("{field} by {what}"), json!({ "typed": text }));
        operations.push(Operation { name, document: document.to_owned(), variables, whole: found });
    };
    // One word finds people and districts in the order of their names; of what several find, all is put in order.
    let [name, nobody, beginning] = &rows.typed;
    search("people", people, name, name.found);
    search("people", people, nobody, 0.0);
    search("people", people, beginning, 0.0);
    search("districts", districts, &rows.place, 0.0);
    search("districts", districts, nobody, 0.0);
    // Of everything, all that is found is ranked: what begins so, too, that is no name.
    for typed in [name, nobody] {
        search("everything", everything, typed, typed.found);
    }
    operations
}
