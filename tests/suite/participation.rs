//! How many teams and districts took part, by every dimension and all of them together, against the list of teams.

use lmi::auth::Role;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tests::{Service, with_record};

const DIMENSIONS: [&str; 5] = ["CONVENING", "COUNTY", "REGION", "DISTRICT_KIND", "YEAR"];

/// Made-up districts at made-up convenings, two of which began on one day. Only teams that attended count, and those of
/// the last convening only for those who may see them: its decisions are not published.
const MORE: &str = r#"
[[district]]
slug = "alpha"
name = "Alpha Made-Up Unified"
cds_code = "01999010000000"
kind = "unified"

[[district]]
slug = "beta"
name = "Beta Made-Up Elementary"
cds_code = "01999020000000"
kind = "elementary"

[[district]]
slug = "gamma"
name = "Gamma Made-Up High"
cds_code = "19999030000000"
kind = "high"

[[district]]
slug = "delta"
name = "Delta Made-Up County Office"
cds_code = "58999040000000"
kind = "county_office"

[[district]]
slug = "nobody-knows"
name = "Nobody Knows Where Unified"
unresolved = true

[[convening]]
slug = "b-same-day"
title = "Second of the Day"
kind = "regional_convening"
status = "completed"
starts_on = "2016-12-31"
ends_on = "2017-01-01"
hosted_by_initiative = true
team = [
  { district = "alpha", status = "attended", attended_on = "2017-01-01" },
  { district = "beta", status = "no_show" },
  { district = "nobody-knows", status = "attended", attended_on = "2017-01-01" },
]

[[convening]]
slug = "a-same-day"
title = "First of the Day"
kind = "regional_convening"
status = "completed"
starts_on = "2016-12-31"
ends_on = "2016-12-31"
hosted_by_initiative = true
team = [
  { district = "alpha", status = "attended", attended_on = "2016-12-31" },
  { district = "beta", status = "attended", attended_on = "2016-12-31" },
  { district = "gamma", status = "withdrawn" },
]

[[convening]]
slug = "later"
title = "Later"
kind = "institute"
status = "completed"
starts_on = "2017-02-01"
ends_on = "2017-02-01"
hosted_by_initiative = true
team = [
  { district = "alpha", status = "attended", attended_on = "2017-02-01" },
  { district = "gamma", status = "attended", attended_on = "2017-02-01" },
  { district = "delta", status = "attended", attended_on = "2017-02-01" },
]

[[convening]]
slug = "undecided"
title = "Undecided"
kind = "institute"
status = "applications_closed"
starts_on = "2017-03-01"
ends_on = "2017-03-01"
hosted_by_initiative = true
team = [
  { district = "beta", status = "attended", attended_on = "2017-03-01" },
  { district = "delta", status = "confirmed" },
]
"#;

/// Every set of dimensions, the empty one first.
fn combinations() -> Vec<Vec<&'static str>> {
    let chosen = |set: usize| DIMENSIONS.into_iter().enumerate().filter(move |(i, _)| set & (1 << i) != 0);
    (0..1 << DIMENSIONS.len()).map(|set| chosen(set).map(|(_, dimension)| dimension).collect()).collect()
}

/// A line for each group: convening, county, region, kind, year, teams and districts.
pub(crate) async fn counted(service: &Service, filter: &Value, group_by: &[&str]) -> Vec<String> {
    let document = "query Counted($filter: ParticipationFilter, $groupBy: [ParticipationDimension!]!) {
        participation(filter: $filter, groupBy: $groupBy) {
            convening { slug } county { name } region { number } districtKind year teams districts } }";
    let answer = service.ask_with(document, &json!({ "filter": filter, "groupBy": group_by })).await;
    let fields =
        ["/convening/slug", "/county/name", "/region/number", "/districtKind", "/year", "/teams", "/districts"];
    answer.lines("/participation", &fields)
}

/// Every team that the viewer sees and that attended, with what can be counted by.
async fn teams(service: &Service) -> Vec<Value> {
    let document = "query Teams($after: String) { teams(filter: {status: [ATTENDED]}, first: 100, after: $after) {
        nodes { district { slug kind county { name region { number } } } convening { slug startsOn } }
        pageInfo { hasNextPage endCursor } } }";
    let (mut teams, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = service.ask_with(document, &json!({ "after": after })).await;
        teams.extend(page.at("/teams/nodes").as_array().expect("a list").clone());
        after = page.at("/teams/pageInfo/endCursor");
        if page.at("/teams/pageInfo/hasNextPage") == false {
            return teams;
        }
    }
}

/// Whether a filter lets a team through.
type Holds = Box<dyn Fn(&Value) -> bool>;

/// A group's place in the order and its value, in each dimension.
type Group = Vec<(String, String)>;

/// The group of a team: what is not known comes last.
fn group(team: &Value, group_by: &[&str]) -> Group {
    let known = |value: &Value| match value {
        Value::Null => ("~".to_owned(), "–".to_owned()),
        Value::Number(number) => (format!("{:0>3}", number.to_string()), number.to_string()),
        text => (text.as_str().expect("a text").to_lowercase(), text.as_str().expect("a text").to_owned()),
    };
    let value = |dimension: &str| match dimension {
        "CONVENING" => {
            let (day, slug) = (known(&team["convening"]["startsOn"]).1, known(&team["convening"]["slug"]).1);
            // Of two that began on one day, the one that was entered first.
            (format!("{day} {}", u8::from(slug != "b-same-day")), slug)
        }
        "COUNTY" => known(&team["district"]["county"]["name"]),
        "REGION" => known(&team["district"]["county"]["region"]["number"]),
        "DISTRICT_KIND" => known(&team["district"]["kind"]),
        _ => known(&json!(team["convening"]["startsOn"].as_str().expect("a date")[..4].to_owned())),
    };
    DIMENSIONS
        .iter()
        .map(|dimension| if group_by.contains(dimension) { value(dimension) } else { (String::new(), "–".to_owned()) })
        .collect()
}

/// What participation should say of these teams.
fn expected(teams: &[Value], group_by: &[&str]) -> Vec<String> {
    let mut groups: BTreeMap<Group, (usize, BTreeSet<String>)> = BTreeMap::new();
    for team in teams {
        let (count, districts) = groups.entry(group(team, group_by)).or_default();
        *count += 1;
        districts.insert(team["district"]["slug"].to_string());
    }
    if groups.is_empty() && group_by.is_empty() {
        groups.insert(group(&Value::Null, &[]), (0, BTreeSet::new()));
    }
    let row = |(group, (teams, districts)): (Group, (usize, BTreeSet<String>))| {
        let values: Vec<String> = group.into_iter().map(|(_, value)| value).collect();
        format!("{} | {teams} | {}", values.join(" | "), districts.len())
    };
    groups.into_iter().map(row).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn county(team: &Value) -> &str {
    text(&team["district"]["county"]["name"])
}

fn day(team: &Value) -> &str {
    text(&team["convening"]["startsOn"])
}

#[test]
fn every_combination_of_dimensions_agrees_with_the_list_of_teams() {
    with_record(async |service| {
        service.load(MORE).await;
        for (viewer, count) in [(service.clone(), 54), (service.as_role(Role::Staff), 55)] {
            let teams = teams(&viewer).await;
            assert_eq!(teams.len(), count);
            for group_by in combinations() {
                let rows = counted(&viewer, &Value::Null, &group_by).await;
                assert_eq!(rows, expected(&teams, &group_by), "{group_by:?}");
            }
        }
    });
}

#[test]
fn filters_narrow_the_teams_that_count() {
    with_record(async |service| {
        service.load(MORE).await;
        let id = service.ask("{ convening(by: {slug: \"later\"}) { id } }").await.at("/convening/id");
        let all = teams(&service).await;
        let filters: [(Value, Holds); 11] = [
            (json!({}), Box::new(|_| true)),
            (json!({ "convening": id }), Box::new(|team| team["convening"]["slug"] == "later")),
            (json!({ "from": "2016-12-31" }), Box::new(|team| day(team) >= "2016-12-31")),
            (json!({ "from": "2017-01-01" }), Box::new(|team| day(team) >= "2017-01-01")),
            (json!({ "to": "2016-12-31" }), Box::new(|team| day(team) <= "2016-12-31")),
            (json!({ "from": "2015-05-09", "to": "2016-12-30" }), Box::new(|_| false)),
            (
                json!({ "county": ["los angeles", "Alameda "] }),
                Box::new(|team| ["Los Angeles", "Alameda"].contains(&county(team))),
            ),
            (json!({ "county": ["Alpine County"] }), Box::new(|_| false)),
            (json!({ "county": [] }), Box::new(|_| false)),
            (
                json!({ "kind": ["HIGH", "COUNTY_OFFICE"] }),
                Box::new(|team| ["HIGH", "COUNTY_OFFICE"].contains(&text(&team["district"]["kind"]))),
            ),
            (
                json!({ "county": ["Alameda"], "kind": ["UNIFIED"], "to": "2016-12-31" }),
                Box::new(|team| {
                    county(team) == "Alameda" && team["district"]["kind"] == "UNIFIED" && day(team) <= "2016-12-31"
                }),
            ),
        ];
        for (filter, holds) in filters {
            let teams: Vec<Value> = all.iter().filter(|team| holds(team)).cloned().collect();
            for group_by in combinations() {
                let rows = counted(&service, &filter, &group_by).await;
                assert_eq!(rows, expected(&teams, &group_by), "{filter} by {group_by:?}");
            }
        }
    });
}

#[test]
fn as_of_a_day_counts_what_the_record_said_by_its_end() {
    with_record(async |service| {
        service.load(MORE).await;
        let mut counts = Vec::new();
        for day in ["2015-05-08", "2015-05-09", "2016-12-30", "2016-12-31", "2017-01-01", "2017-02-01", "2026-06-01"] {
            counts.extend(counted(&service, &json!({ "asOf": day }), &[]).await);
        }
        let row = |teams: i32, districts: i32| format!("– | – | – | – | – | {teams} | {districts}");
        assert_eq!(
            counts,
            [row(0, 0), row(47, 47), row(47, 47), row(49, 49), row(51, 50), row(54, 52), row(54, 52)],
            "the last convening's decisions are hidden from the public for ever"
        );
    });
}
