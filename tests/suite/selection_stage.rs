//! A symposium for which more districts apply than there is room for.

use entity::ids::DistrictId;
use lmi::auth::{Grant, Role, Scope};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::fixtures::global_id;
use tests::{Answer, Service, texts};

/// The lottery of the tests.
pub(crate) const SEED: &str = "2026-05-01: 07 15 22 41 63";

/// A convening whose applications are closed, and the teams that applied.
pub(crate) struct Stage {
    pub(crate) service: Service,
    pub(crate) staff: Service,
    pub(crate) convening: Value,
    /// The ids of teams, by the slugs of their districts.
    pub(crate) teams: BTreeMap<String, Value>,
}

/// Districts of all regions, kinds and sizes, of which every third attended before, each with a team at the symposium that
/// has a member with a seat in a session; somebody leads each district.
const ROWS: &str = "
INSERT INTO convening (id, slug, title, kind, status, announced, agenda_published, decisions_published, starts_on, ends_on,
  team_capacity, applications_open_at, applications_close_at)
VALUES (uuidv(1, 1), 'earlier', 'An earlier symposium', 'symposium', 'completed', true, true, true, '2025-05-08', '2025-05-09',
    NULL, NULL, NULL),
  (uuidv(1, 2), 'symposium', 'The symposium', 'symposium', 'applications_closed', true, false, false, '2026-10-08', '2026-10-09',
    CAPACITY, '2026-04-01Z', '2026-05-01Z');
INSERT INTO session (id, convening_id, slug, title, format) VALUES (uuidv(2, 1), uuidv(1, 2), 'talk', 'A talk', 'breakout');
INSERT INTO slot (id, session_id, convening_id) VALUES (uuidv(3, 1), uuidv(2, 1), uuidv(1, 2));
INSERT INTO district (id, slug, name, cds_code, kind, status, county_id, enrollment)
SELECT uuidv(4, n), 'district-' || n, 'District ' || n, lpad((1000000 + n * 37)::text, 7, '0') || '0000000',
  (ARRAY['unified', 'elementary', 'high', 'county_office'])[1 + n % 4], 'active',
  (SELECT id FROM county ORDER BY cds_county_code OFFSET (n * 7) % 58 LIMIT 1), 300 * n
FROM generate_series(1, COUNT) AS n;
INSERT INTO team (id, district_id, convening_id, status, attended_on)
SELECT uuidv(5, n), uuidv(4, n), uuidv(1, 1), 'attended', '2025-05-08' FROM generate_series(1, COUNT) AS n WHERE n % 3 = 0;
INSERT INTO team (id, district_id, convening_id, status, statement, submitted_at)
SELECT uuidv(6, n), uuidv(4, n), uuidv(1, 2), 'submitted', 'We would like to come.', '2026-04-15Z' FROM generate_series(1, COUNT) AS n;
INSERT INTO person (id, slug, name) SELECT uuidv(7, n), 'nobody-' || n, 'Nobody ' || n FROM generate_series(1, COUNT) AS n;
INSERT INTO team_member (id, team_id, convening_id, person_id, seat)
SELECT uuidv(8, n), uuidv(6, n), uuidv(1, 2), uuidv(7, n), 'superintendent' FROM generate_series(1, COUNT) AS n;
INSERT INTO seat_assignment (id, member_id, convening_id, slot_id, session_id)
SELECT uuidv(9, n), uuidv(8, n), uuidv(1, 2), uuidv(3, 1), uuidv(2, 1) FROM generate_series(1, COUNT) AS n;
DROP FUNCTION uuidv(integer, integer);";

const KEYS: &str = "CREATE FUNCTION uuidv(sort integer, n integer) RETURNS uuid LANGUAGE sql AS $$
  SELECT ('00000000-0000-7000-800' || sort || '-' || lpad(n::text, 12, '0'))::uuid $$;";

/// The key of the one of a sort that has this number.
fn key(sort: u128, number: u128) -> sea_orm::prelude::Uuid {
    let digits: String = number.to_string();
    let hex = u128::from_str_radix(&digits, 16).expect("digits");
    sea_orm::prelude::Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0000 | (sort << 48) | hex)
}

impl Stage {
    /// So many teams for so many places.
    pub(crate) async fn of(service: &Service, teams: u128, capacity: u32) -> Self {
        let rows = ROWS.replace("COUNT", &teams.to_string()).replace("CAPACITY", &capacity.to_string());
        service.db.execute_unprepared(&(KEYS.to_owned() + &rows)).await.expect("a symposium");
        let team = |number| (format!("district-{number}"), json!(global_id("Team", key(6, number))));
        Self {
            service: service.clone(),
            staff: service.as_role(Role::Staff),
            convening: json!(global_id("Convening", key(1, 2))),
            teams: (1..=teams).map(team).collect(),
        }
    }

    /// Whoever leads the team of the district of this number.
    pub(crate) fn lead(&self, number: u128) -> Service {
        self.service.as_grants(vec![Grant::new(Role::TeamLead, Scope::District(Self::district(number)))])
    }

    /// Whoever runs the symposium.
    pub(crate) fn organizer(&self) -> Service {
        self.service.as_grants(vec![Grant::new(Role::Organizer, Scope::Convening(key(1, 2).into()))])
    }

    /// The district of this number.
    pub(crate) fn district(number: u128) -> DistrictId {
        key(4, number).into()
    }

    /// The id of the team of the district of this number.
    pub(crate) fn team(&self, number: u128) -> Value {
        self.teams[&format!("district-{number}")].clone()
    }

    /// Selects, with more in the input.
    pub(crate) async fn select(&self, more: Value) -> Answer {
        let mut input = json!({ "conveningId": self.convening, "seed": SEED });
        for (name, value) in more.as_object().into_iter().flatten() {
            input[name] = value.clone();
        }
        self.staff.ask_with(SELECT, &json!({ "input": input })).await
    }

    /// Publishes what was decided; a selected team has a week to answer, one that is offered a place two days.
    pub(crate) async fn publish(&self, version: i32) -> Answer {
        let variables = json!({ "id": self.convening, "version": version, "due": "2026-06-08T12:00:00Z" });
        self.staff.ask_with(PUBLISH, &variables).await
    }

    /// Where teams stand, by the numbers of their districts.
    pub(crate) async fn standing(&self, status: &str) -> Vec<u128> {
        self.standing_at(&[status]).await
    }

    /// The same of several states, at one moment.
    async fn standing_at(&self, statuses: &[&str]) -> Vec<u128> {
        let statuses = statuses.join("', '");
        let sql = format!(
            "SELECT substr(district.slug, 10) AS text FROM team JOIN district ON district.id = district_id JOIN convening ON \
             convening.id = convening_id WHERE convening.slug = 'symposium' AND team.status IN ('{statuses}') \
             ORDER BY waitlist_position, team.id"
        );
        texts(&self.service.db, &sql).await.iter().map(|number| number.parse().expect("a number")).collect()
    }

    /// How many teams hold a place.
    pub(crate) async fn places_held(&self) -> usize {
        self.standing_at(&["selected", "offered", "confirmed", "attended"]).await.len()
    }

    /// What somebody says for the team of the district of this number, as the team stands.
    pub(crate) async fn say(&self, service: &Service, mutation: &str, number: u128) -> Answer {
        let document = format!(
            "mutation ($id: ID!, $version: Int!) {{ {mutation}(id: $id, version: $version) {{ team {{ status version }}
             userErrors {{ field code message allowed }} }} }}"
        );
        let version = self.version(number).await;
        service.ask_with(&document, &json!({ "id": self.team(number), "version": version })).await
    }

    /// The version of the team of the district of this number.
    pub(crate) async fn version(&self, number: u128) -> i32 {
        let sql = format!("SELECT version::text AS text FROM team WHERE id = '{}'", key(6, number));
        texts(&self.service.db, &sql).await[0].parse().expect("a version")
    }
}

pub(crate) const SELECT: &str = "mutation ($input: SelectTeamsInput!) { selectTeams(input: $input) {
    selection { number seed method capacity quotas { districts minimum maximum target } outcomes(first: 100) { totalCount } }
    plan { applied capacity selected waitlisted notSelected shortfalls { quota wanted selected why }
      outcomes { team { id district { slug } } decision waitlistPosition reasonCode reason lotteryPlace draw code region kind
        enrollment firstTime } }
    userErrors { field code message } } }";

pub(crate) const PUBLISH: &str = "mutation ($id: ID!, $version: Int!, $due: DateTime!) {
    publishDecisions(id: $id, version: $version, answerDueAt: $due, answerHours: 48) {
      convening { status version decisionsPublished } userErrors { field code message } } }";
