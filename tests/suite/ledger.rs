//! Which districts took part in which convenings: first, last and how often, against histories that are made by chance
//! and counted by hand.

use crate::expectations::viewers;
use entity::team::Status;
use lmi::auth::Role;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use tests::fixtures::{DISTRICTS, GATHERINGS, Part, status_of};
use tests::{Answer, Service, with_empty, with_fixture, with_record};

const LEDGER: &str = "query ($filter: ParticipationFilter, $first: Int, $after: String, $last: Int, $before: String) {
    districtParticipation(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      nodes { district { slug } convenings years firstConvening { slug } lastConvening { slug } } } }";
const FIELDS: [&str; 5] = ["/district/slug", "/convenings", "/firstConvening/slug", "/lastConvening/slug", "/years"];

fn lines(answer: &Answer) -> Vec<String> {
    answer.lines("/districtParticipation/nodes", &FIELDS)
}

/// The whole ledger, by pages of a size, from the start or from the end.
async fn ledger(service: &Service, filter: &Value, (size, from_end): (usize, bool)) -> Vec<String> {
    let (mut rows, mut place) = (Vec::new(), Value::Null);
    let (count, beyond, end, more) = if from_end {
        ("last", "before", "startCursor", "hasPreviousPage")
    } else {
        ("first", "after", "endCursor", "hasNextPage")
    };
    loop {
        let mut variables = json!({ "filter": filter });
        (variables[count], variables[beyond]) = (json!(size), place);
        let answer = service.ask_with(LEDGER, &variables).await;
        let page = lines(&answer);
        if from_end {
            rows.splice(0..0, page);
        } else {
            rows.extend(page);
        }
        let info = answer.at("/districtParticipation/pageInfo");
        place = info[end].clone();
        if info[more] == false {
            assert_eq!(answer.at("/districtParticipation/totalCount"), rows.len(), "counted and listed");
            return rows;
        }
    }
}

#[test]
fn the_record_has_forty_seven_districts_at_one_symposium() {
    with_record(async |service| {
        let rows = ledger(&service, &Value::Null, (20, false)).await;
        assert_eq!(rows.len(), 47);
        assert!(rows.iter().all(|row| row.ends_with(" | 1 | 2015-symposium | 2015-symposium | [2015]")), "{rows:?}");
        assert!(rows[0].starts_with("abc-unified"), "{}", rows[0]);
        let none = json!({ "asOf": "2015-05-08" });
        assert_eq!(ledger(&service, &none, (20, false)).await, [""; 0], "the record states it on the next day");
        let counted = service.ask("{ participation(groupBy: [YEAR]) { year teams districts } }").await;
        assert_eq!(counted.lines("/participation", &["/year", "/teams", "/districts"]), ["2015 | 47 | 47"]);
        let mine = json!({ "county": ["Los Angeles"] });
        let by_county = service.ask("{ participation(groupBy: [COUNTY]) { county { name } districts } }").await;
        let by_county = by_county.lines("/participation", &["/county/name", "/districts"]);
        let counted = format!("Los Angeles | {}", ledger(&service, &mine, (100, false)).await.len());
        assert!(by_county.contains(&counted), "{counted}: {by_county:?}");
    });
}

/// A convening of a made-up history.
#[derive(Clone, Debug)]
struct Gathering {
    /// The day on which it began, counted from January 1, 2015.
    day: u32,
    /// Whether decisions on its teams are published.
    published: bool,
    /// By district: whether it attended, and how many days after the convening that was stated.
    teams: Vec<Option<(bool, u32)>>,
}

const COUNTIES: [(&str, &str, i32); 4] =
    [("01", "Alameda", 4), ("19", "Los Angeles", 11), ("37", "San Diego", 9), ("34", "Sacramento", 3)];
const KINDS: [&str; 3] = ["unified", "elementary", "high"];
const HOW_MANY: usize = 14;

fn histories() -> impl Strategy<Value = Vec<Gathering>> {
    let team = prop_oneof![Just(None), (any::<bool>(), 0_u32..400).prop_map(Some)];
    // Few days, so that some begin on the same.
    let gathering = (0_u32..12, prop::bool::weighted(0.8), prop::collection::vec(team, HOW_MANY))
        .prop_map(|(month, published, teams)| Gathering { day: month * 91, published, teams });
    prop::collection::vec(gathering, 1..9)
}

fn date(day: u32) -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2015, 1, 1).expect("a day") + chrono::Days::new(day.into())
}

/// Puts a history into tables that are empty but for counties. Keys and slugs of convenings are in the order of the list.
async fn put(service: &Service, history: &[Gathering]) {
    let key = |kind: u32, number: usize| format!("00000000-0000-7000-8{kind:03}-{number:012}");
    let mut sql = "DELETE FROM team; DELETE FROM convening; DELETE FROM district;".to_owned();
    for number in 0..HOW_MANY {
        let (code, ..) = COUNTIES[number % COUNTIES.len()];
        let _ = write!(
            sql,
            "INSERT INTO district (id, slug, name, cds_code, kind, status, county_id)
             SELECT '{}', 'district-{number:02}', 'District {number:02}', '{code}{number:05}0000000', '{}', 'active', id
             FROM county WHERE cds_county_code = '{code}';",
            key(1, number),
            KINDS[number % KINDS.len()]
        );
    }
    for (number, gathering) in history.iter().enumerate() {
        let (convening, begins) = (key(2, number), date(gathering.day));
        let _ = write!(
            sql,
            "INSERT INTO convening (id, slug, title, kind, status, announced, agenda_published, decisions_published,
               starts_on, ends_on) VALUES ('{convening}', 'convening-{number}', 'Convening', 'meeting', 'completed', true,
               true, {}, '{begins}', '{begins}');",
            gathering.published
        );
        for (district, team) in gathering.teams.iter().enumerate() {
            let Some((attended, later)) = team else { continue };
            let (status, day) = if *attended {
                ("attended", format!("'{}'", date(gathering.day + later)))
            } else {
                ("no_show", "NULL".to_owned())
            };
            let _ = write!(
                sql,
                "INSERT INTO team (id, district_id, convening_id, status, attended_on)
                 VALUES (gen_random_uuid(), '{}', '{convening}', '{status}', {day});",
                key(1, district)
            );
        }
    }
    service.db.execute_unprepared(&sql).await.expect("a history");
}

/// What a filter asks for.
#[derive(Clone, Debug, Default)]
struct Asked {
    from: Option<u32>,
    to: Option<u32>,
    as_of: Option<u32>,
    county: Option<usize>,
    region: Option<usize>,
    kind: Option<usize>,
}

impl Asked {
    fn filter(&self) -> Value {
        let mut filter = json!({});
        for (name, day) in [("from", self.from), ("to", self.to), ("asOf", self.as_of)] {
            if let Some(day) = day {
                filter[name] = json!(date(day).to_string());
            }
        }
        if let Some(county) = self.county {
            filter["county"] = json!([COUNTIES[county].1]);
        }
        if let Some(region) = self.region {
            filter["region"] = json!([COUNTIES[region].2]);
        }
        if let Some(kind) = self.kind {
            filter["kind"] = json!([KINDS[kind].to_uppercase()]);
        }
        filter
    }

    /// Whether a district that attended counts.
    fn counts(&self, gathering: &Gathering, district: usize, later: u32) -> bool {
        let place = district % COUNTIES.len();
        self.from.is_none_or(|day| gathering.day >= day)
            && self.to.is_none_or(|day| gathering.day <= day)
            && self.as_of.is_none_or(|day| gathering.day + later <= day)
            && self.county.is_none_or(|county| county == place)
            && self.region.is_none_or(|region| COUNTIES[region].2 == COUNTIES[place].2)
            && self.kind.is_none_or(|kind| kind == district % KINDS.len())
    }
}

fn asked() -> impl Strategy<Value = Asked> {
    let day = || prop::option::weighted(0.4, 0_u32..1200);
    let among = |count: usize| prop::option::weighted(0.25, 0..count);
    (day(), day(), day(), among(4), among(4), among(3)).prop_map(|(from, to, as_of, county, region, kind)| Asked {
        from,
        to,
        as_of,
        county,
        region,
        kind,
    })
}

/// The ledger counted from the history itself.
fn by_hand(history: &[Gathering], asked: &Asked, knows_all: bool) -> Vec<String> {
    let mut rows: BTreeMap<usize, Vec<(u32, usize)>> = BTreeMap::new();
    for (number, gathering) in history.iter().enumerate().filter(|(_, each)| each.published || knows_all) {
        for (district, team) in gathering.teams.iter().enumerate() {
            if let Some((true, later)) = team
                && asked.counts(gathering, district, *later)
            {
                rows.entry(district).or_default().push((gathering.day, number));
            }
        }
    }
    let row = |(district, mut attended): (usize, Vec<(u32, usize)>)| {
        attended.sort_unstable();
        let years: BTreeSet<String> = attended.iter().map(|(day, _)| date(*day).format("%Y").to_string()).collect();
        let years: Vec<String> = years.into_iter().collect();
        format!(
            "district-{district:02} | {} | convening-{} | convening-{} | [{}]",
            attended.len(),
            attended[0].1,
            attended[attended.len() - 1].1,
            years.join(",")
        )
    };
    rows.into_iter().map(row).collect()
}

#[test]
fn any_history_is_counted_as_by_hand() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let handle = tokio::runtime::Handle::current();
        let config = Config { cases: 40, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let ways = (1_usize..20, any::<bool>());
        let held = runner.run(&(histories(), asked(), ways), |(history, asked, way)| {
            let (seen, known, counted) = tokio::task::block_in_place(|| {
                handle.block_on(async {
                    put(&service, &history).await;
                    let filter = asked.filter();
                    let counted = "query ($filter: ParticipationFilter) { participation(filter: $filter, groupBy: []) { teams districts } }";
                    let counted = service.ask_with(counted, &json!({ "filter": filter })).await;
                    let known = ledger(&staff, &filter, way).await;
                    (ledger(&service, &filter, way).await, known, counted.at("/participation/0"))
                })
            });
            let expected = by_hand(&history, &asked, false);
            prop_assert_eq!(&counted["districts"], &json!(expected.len()), "{:?}", asked);
            prop_assert_eq!(&seen, &expected, "to the public: {:?}", asked);
            prop_assert_eq!(&known, &by_hand(&history, &asked, true), "to staff: {:?}", asked);
            Ok(())
        });
        assert!(held.is_ok(), "{}", held.expect_err("a history that was not counted"));
    });
}

#[test]
fn over_a_hundred_districts_in_nine_months_is_a_query() {
    with_record(async |service| {
        let rows = "INSERT INTO convening (id, slug, title, kind, status, announced, agenda_published, decisions_published,
              starts_on, ends_on) SELECT gen_random_uuid(), 'regional-' || n, 'Regional', 'regional_convening', 'completed',
              true, true, true, date '2015-05-08' + n * 60, date '2015-05-08' + n * 60 FROM generate_series(1, 5) AS n;
            INSERT INTO district (id, slug, name, status) SELECT gen_random_uuid(), 'made-up-' || n, 'Made Up ' || n,
              'unresolved' FROM generate_series(1, 80) AS n;
            INSERT INTO team (id, district_id, convening_id, status, attended_on)
              SELECT gen_random_uuid(), d.id, c.id, 'attended', c.ends_on
              FROM generate_series(1, 80) AS n JOIN district d ON d.slug = 'made-up-' || n
                JOIN convening c ON c.slug = 'regional-' || (n - 1) / 16 + 1";
        service.db.execute_unprepared(rows).await.expect("five regional convenings of sixteen districts");
        let within = json!({ "from": "2015-05-08", "to": "2016-02-07" });
        let counted = service.ask_with(LEDGER, &json!({ "filter": within, "first": 0 })).await;
        assert_eq!(counted.at("/districtParticipation/totalCount"), 47 + 4 * 16);
        let as_of = json!({ "from": "2015-05-08", "to": "2016-02-07", "asOf": "2015-09-05" });
        let counted = service.ask_with(LEDGER, &json!({ "filter": as_of, "first": 0 })).await;
        assert_eq!(counted.at("/districtParticipation/totalCount"), 47 + 2 * 16, "as it was known then");
    });
}

#[test]
fn the_number_of_statements_follows_from_the_document() {
    with_record(async |service| {
        for (document, expected) in [
            ("{ districtParticipation { nodes { convenings years } } }", 1),
            ("{ districtParticipation { totalCount nodes { convenings } } }", 2),
            (
                "{ districtParticipation { totalCount nodes { district { name } firstConvening { title } lastConvening { title } } } }",
                5,
            ),
            (
                "{ districtParticipation { nodes { district { county { name } participations { nodes { convening { title } attendedOn memberCount } } } } } }",
                3,
            ),
        ] {
            let (answer, counted) = service.counted(document, &Value::Null).await;
            answer.data();
            assert_eq!(counted, expected, "{document}");
        }
    });
}

#[test]
fn cursors_are_of_their_own_list_and_pages_have_bounds() {
    with_record(async |service| {
        let cursor = service.ask("{ districts(first: 1) { edges { cursor } } }").await.at("/districts/edges/0/cursor");
        for variables in [
            json!({ "after": cursor }),
            json!({ "after": "nonsense" }),
            json!({ "first": 101 }),
            json!({ "first": 1, "last": 1 }),
            json!({ "filter": { "region": [12] } }),
            json!({ "filter": { "county": ["Nowhere"] } }),
        ] {
            assert_eq!(service.ask_with(LEDGER, &variables).await.codes(), ["BAD_USER_INPUT"], "{variables}");
        }
    });
}

#[test]
fn nobody_counts_a_team_that_they_do_not_see_to_have_attended() {
    with_fixture(async |service, fixture| {
        let paths = "query ($id: ID!) { district(by: {id: $id}) { participations(first: 50) { totalCount nodes {
            attendedOn convening { slug } } } teams(first: 50) { nodes { attendedOn status convening { slug } } } } }";
        for viewer in viewers(&fixture) {
            let service = viewer.service(&service);
            let mut expected = Vec::new();
            for district in DISTRICTS {
                let came = |at: &&'static str| {
                    viewer.sees(&[Part::Team(at, district, status_of(district, at))])
                        && viewer.status(at, district) == Status::Attended
                };
                let attended: BTreeSet<&'static str> = GATHERINGS.iter().map(|each| each.name).filter(came).collect();
                let id = json!({ "id": fixture.find("District", district).id });
                let answer = service.ask_with(paths, &id).await;
                let path = answer.lines("/district/participations/nodes", &["/convening/slug", "/attendedOn"]);
                let path: BTreeSet<String> = path.into_iter().collect();
                let by_hand: BTreeSet<String> = attended.iter().map(|at| format!("{at} | 2026-05-08")).collect();
                assert_eq!(path, by_hand, "{}: {district}", viewer.name);
                assert_eq!(answer.at("/district/participations/totalCount"), attended.len(), "{}", viewer.name);
                for team in answer.at("/district/teams/nodes").as_array().expect("teams") {
                    let told = !team["attendedOn"].is_null();
                    assert_eq!(told, team["status"] == "ATTENDED", "{}: {team}", viewer.name);
                }
                if !attended.is_empty() {
                    expected.push(format!("{district} | {}", attended.len()));
                }
            }
            let rows = service.ask_with(LEDGER, &json!({ "first": 100 })).await;
            let rows = rows.lines("/districtParticipation/nodes", &FIELDS[..2]);
            assert_eq!(rows, expected, "{}", viewer.name);
        }
    });
}

#[test]
fn a_districts_path_leads_through_the_years() {
    with_record(async |service| {
        let rows = "INSERT INTO convening (id, slug, title, kind, status, announced, agenda_published, decisions_published,
              starts_on, ends_on) SELECT gen_random_uuid(), 'path-' || year, 'Path', 'institute', 'completed', true, true,
              true, make_date(year, 6, 1), make_date(year, 6, 2) FROM unnest(ARRAY[2019, 2017, 2018]) AS year;
            INSERT INTO team (id, district_id, convening_id, status, attended_on)
              SELECT gen_random_uuid(), d.id, c.id, 'attended', c.ends_on + 30
              FROM district d, convening c WHERE d.slug = 'abc-unified-school-district' AND c.slug LIKE 'path-%'";
        service.db.execute_unprepared(rows).await.expect("three more convenings");
        let path = "query ($asOf: Date) { district(by: {slug: \"abc-unified-school-district\"}) { participations(asOf: $asOf) {
            totalCount nodes { convening { slug } attendedOn memberCount } } } }";
        let answer = service.ask_with(path, &json!({ "asOf": "2018-07-02" })).await;
        let fields = ["/convening/slug", "/attendedOn", "/memberCount"];
        let expected = ["2015-symposium | 2015-05-09 | –", "path-2017 | 2017-07-02 | –", "path-2018 | 2018-07-02 | –"];
        assert_eq!(answer.lines("/district/participations/nodes", &fields), expected);
        assert_eq!(service.ask_with(path, &Value::Null).await.at("/district/participations/totalCount"), 4);
    });
}
