//! The state's directory is taken over: what the record named stays, what the state says is added, and the same file
//! again changes nothing.

use crate::state_file::{FILE, Table, import, imported};
use entity::district::{self, Kind, Status};
use entity::{county, district_candidate};
use lmi::district::import::{Change, Options, Report};
use sea_orm::{EntityTrait as _, QueryOrder as _};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use tests::{Service, contents, with_empty, with_record};

/// Every district, by its code or, where it has none, by its slug.
async fn districts(service: &Service) -> BTreeMap<String, district::Model> {
    let rows = district::Entity::find().all(&service.db).await.expect("districts");
    rows.into_iter().map(|row| (row.cds_code.clone().unwrap_or_else(|| row.slug.clone()), row)).collect()
}

/// How many were created, resolved, updated, closed and left as they were.
fn counts(report: &Report) -> [usize; 5] {
    let [created, resolved, updated, closed] =
        [Change::Created, Change::Resolved, Change::Updated, Change::Closed].map(|sort| report.count(sort));
    [created, resolved, updated, closed, report.unchanged]
}

fn dry_run() -> Options {
    Options { dry_run: true, ..Options::default() }
}

#[test]
fn the_directory_joins_the_record() {
    with_record(async |service| {
        let report = imported(&service, FILE).await;
        assert_eq!((report.rows, report.skipped), (1070, 76));
        assert_eq!(counts(&report), [950, 44, 0, 0, 0]);
        insta::assert_snapshot!(report);

        let rows = districts(&service).await;
        let coded: Vec<_> = rows.values().filter(|row| row.cds_code.is_some()).collect();
        assert_eq!((rows.len(), coded.len()), (997, 994));
        let of_kind = |kind| coded.iter().filter(|row| row.kind == Some(kind)).count();
        assert_eq!([Kind::Unified, Kind::Elementary, Kind::High, Kind::CountyOffice].map(of_kind), [345, 515, 76, 58]);
        let los_angeles = "{ districts(filter: {county: [\"Los Angeles\"]}) { totalCount } }";
        // 48 unified, 26 elementary and 5 high school districts, and the county's office.
        assert_eq!(service.ask(los_angeles).await.at("/districts/totalCount"), 80);
    });
}

#[test]
fn the_same_file_again_changes_nothing() {
    with_record(async |service| {
        imported(&service, FILE).await;
        let before = contents(&service.db).await;
        let report = imported(&service, FILE).await;
        assert_eq!(counts(&report), [0, 0, 0, 0, 994]);
        assert_eq!(report.changes, []);
        assert_eq!(contents(&service.db).await, before);
        insta::assert_snapshot!(report);
    });
}

#[test]
fn every_row_is_in_its_county_with_what_the_state_says_of_it() {
    with_empty(async |service| {
        assert_eq!(counts(&imported(&service, FILE).await), [994, 0, 0, 0, 0]);
        let counties = county::Entity::find().all(&service.db).await.expect("counties");
        let name = |id| counties.iter().find(|county| Some(county.id) == id).map(|county| county.name.as_str());
        let (rows, table) = (districts(&service).await, Table::published());
        for line in table.districts() {
            let cell = |column| table.cell(line, column);
            let row = &rows[&format!("{}0000000", cell("CD Code"))];
            assert_eq!(name(row.county_id), Some(cell("County")), "{line:?}");
            assert_eq!((row.name.as_str(), row.city.as_deref()), (cell("District"), Some(cell("City"))));
            let place = row.latitude.zip(row.longitude).map(|(latitude, longitude)| [latitude, longitude]);
            let number = |column| cell(column).parse::<f64>().expect("degrees");
            assert_eq!(place, Some([number("Latitude"), number("Longitude")]));
            let day = row.directory_updated_on.map(|day| day.format("%m/%d/%Y").to_string());
            assert_eq!((row.status, day.as_deref()), (Status::Active, Some(cell("LastUpDate"))));
        }
        let with_districts: BTreeSet<_> = rows.values().map(|row| row.county_id).collect();
        assert_eq!((rows.len(), with_districts.len()), (994, 58));
    });
}

#[test]
fn names_of_the_record_stay_and_are_found_by_the_directorys_too() {
    with_record(async |service| {
        let before = districts(&service).await;
        imported(&service, FILE).await;
        let (after, table) = (districts(&service).await, Table::published());
        for (key, row) in &before {
            let now = &after[key];
            assert_eq!((&now.id, &now.slug, &now.name), (&row.id, &row.slug, &row.name));
            let entry = table.districts().find(|line| **key == format!("{}0000000", table.cell(line, "CD Code")));
            let Some(entry) = entry else { continue };
            let name = table.cell(entry, "District");
            let added = (name != row.name && !row.alternate_names.iter().any(|known| known == name)).then_some(name);
            let expected: Vec<_> = row.alternate_names.iter().map(String::as_str).chain(added).collect();
            assert_eq!(now.alternate_names, expected);
            assert_eq!((now.version, now.nces_id.as_ref()), (row.version + 1, None));
        }
        let saint = "{ search(query: \"Saint Helena Unified\", first: 1) { nodes { ... on District { name } } } }";
        assert_eq!(
            service.ask(saint).await.at("/search/nodes"),
            json!([{ "name": "St. Helena Unified School District" }])
        );
    });
}

#[test]
fn what_fits_no_district_or_two_waits_for_a_person() {
    with_record(async |service| {
        let candidates = async || {
            let rows = district_candidate::Entity::find().order_by_asc(district_candidate::Column::Id);
            rows.all(&service.db).await.expect("candidates")
        };
        let (before, candidates_before) = (districts(&service).await, candidates().await);
        imported(&service, FILE).await;
        let after = districts(&service).await;
        let open: Vec<_> = after.values().filter(|row| row.status == Status::Unresolved).collect();
        let names: Vec<_> = open.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(
            names,
            ["Antelope Valley Unified School District", "Ocean View School District", "San Rafael City Schools"]
        );
        for row in open {
            assert_eq!(Some(row), before.get(&row.slug));
        }
        assert_eq!(candidates().await, candidates_before);
    });
}

#[test]
fn districts_of_one_name_have_slugs_that_tell_them_apart() {
    let slugs = |rows: &BTreeMap<String, district::Model>| -> BTreeMap<String, String> {
        rows.iter().map(|(code, row)| (code.clone(), row.slug.clone())).collect()
    };
    let mut upwards = BTreeMap::new();
    with_empty(async |service| {
        imported(&service, FILE).await;
        let rows = districts(&service).await;
        upwards = slugs(&rows);
        let shared = rows.values().filter(|row| rows.values().filter(|other| other.name == row.name).count() > 1);
        let mut shared: Vec<_> = shared.map(|row| format!("{}  {}", row.name, row.slug)).collect();
        shared.sort();
        insta::assert_snapshot!(shared.join("\n"));
    });
    with_empty(async |service| {
        let mut downwards = Table::published();
        downwards.rows.reverse();
        imported(&service, downwards.text("\n")).await;
        assert_eq!(slugs(&districts(&service).await), upwards, "the order of the rows does not matter");
    });
}

#[test]
fn columns_come_in_any_order_and_contacts_are_never_kept() {
    with_empty(async |service| {
        let contact = |row: usize| format!("planted{row}@example.org");
        let phone = |row: usize| format!("planted-phone-{row}");
        let table = Table::published().with_column("AdmEmail", contact).with_column("Phone", phone).reversed();
        let file = format!("\u{feff}{}", table.text("\r\n"));
        assert_eq!(counts(&imported(&service, file).await), [994, 0, 0, 0, 0]);
        assert_eq!(counts(&imported(&service, FILE).await), [0, 0, 0, 0, 994], "it says what the other file says");
        for (table, rows) in contents(&service.db).await {
            let kept = rows.iter().find(|row| row.contains("planted"));
            assert_eq!(kept, None, "{table}");
        }
    });
}

#[test]
fn a_dry_run_tells_what_would_change_and_changes_nothing() {
    with_record(async |service| {
        let before = contents(&service.db).await;
        let told = import(&service, FILE, dry_run()).await.expect("a dry run");
        assert_eq!(contents(&service.db).await, before);
        let text = told.to_string();
        assert_eq!(text.lines().filter(|line| line.starts_with("created   ")).count(), 950);
        assert!(text.contains("resolved  19642120000000 ABC Unified School District\n"), "{text}");
        let done = imported(&service, FILE).await;
        assert_eq!(Report { is_dry_run: false, ..told }, done);
    });
}

#[test]
fn two_imports_at_once_take_turns() {
    with_record(async |service| {
        let (one, other) = tokio::join!(imported(&service, FILE), imported(&service, FILE));
        let mut both = [counts(&one), counts(&other)];
        both.sort_unstable();
        assert_eq!(both, [[0, 0, 0, 0, 994], [950, 44, 0, 0, 0]]);
        assert_eq!(districts(&service).await.len(), 997);
    });
}
