//! What the state's directory says later: names change, districts close and open again.

use crate::merging::{merge, sql};
use crate::state_file::{FILE, Table, import, imported};
use entity::district::{self, Status};
use lmi::auth::{Actor, Grant, Identity, Role, Scope, Viewer};
use lmi::clock::Clock;
use lmi::district::import::{self, Change, Options};
use lmi::error::Error;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;
use tests::{Service, contents, with_empty, with_record};

async fn district(service: &Service, code: &str) -> district::Model {
    let row = district::Entity::find().filter(district::Column::CdsCode.eq(format!("{code}0000000")));
    row.one(&service.db).await.expect("an answer").expect("a district of that code")
}

async fn closed(service: &Service) -> usize {
    let rows = district::Entity::find().filter(district::Column::Status.eq(Status::Closed));
    rows.all(&service.db).await.expect("districts").len()
}

#[test]
fn a_new_name_keeps_the_old_one_findable() {
    with_empty(async |service| {
        imported(&service, FILE).await;
        let before = district(&service, "0161275").await;
        let renamed = Table::published().with("0161275", "District", "Harbor Bay Unified").text("\n");
        let report = imported(&service, &renamed).await;
        let change = "01612750000000 Harbor Bay Unified: \
                      name Piedmont City Unified → Harbor Bay Unified, alternate names – → Piedmont City Unified";
        assert_eq!(report.changes, [Change::Updated(change.to_owned())]);
        let after = district(&service, "0161275").await;
        assert_eq!((&after.slug, after.version), (&before.slug, before.version + 1));
        assert_eq!((after.name.as_str(), &after.alternate_names[..]), ("Harbor Bay Unified", &[before.name][..]));
        for typed in ["Piedmont", "Harbor Bay"] {
            let found = "query($typed: String!) { districts(filter: {search: $typed}) { nodes { name } } }";
            let found = service.ask_with(found, &json!({ "typed": typed })).await;
            assert_eq!(found.at("/districts/nodes"), json!([{ "name": "Harbor Bay Unified" }]), "{typed}");
        }

        imported(&service, FILE).await;
        let again = district(&service, "0161275").await;
        assert_eq!(again.name, "Piedmont City Unified");
        assert_eq!(again.alternate_names, ["Harbor Bay Unified"], "its own name is no other name");
    });
}

#[test]
fn the_records_name_outlasts_every_new_one() {
    with_record(async |service| {
        imported(&service, FILE).await;
        let renamed = Table::published().with("1964212", "District", "ABC Cerritos Unified").text("\n");
        imported(&service, renamed).await;
        let row = district(&service, "1964212").await;
        assert_eq!(row.name, "ABC Unified School District");
        assert_eq!(row.alternate_names, ["ABC USD", "ABC Unified", "ABC Cerritos Unified"]);
    });
}

#[test]
fn what_the_file_leaves_out_closes_and_opens_again() {
    with_record(async |service| {
        imported(&service, FILE).await;
        let report = imported(&service, Table::published().without_last(49).text("\n")).await;
        assert_eq!((report.count(Change::Closed), report.changes.len(), closed(&service).await), (49, 49, 49));
        let before = contents(&service.db).await;
        let report = imported(&service, Table::published().without_last(49).text("\n")).await;
        assert_eq!((report.changes.len(), contents(&service.db).await == before), (0, true));
        let report = imported(&service, FILE).await;
        assert_eq!((report.count(Change::Updated), report.changes.len(), closed(&service).await), (49, 49, 0));
        insta::assert_snapshot!(report.changes[0]);
    });
}

#[test]
fn more_than_one_in_twenty_close_only_when_that_is_meant() {
    with_record(async |service| {
        imported(&service, FILE).await;
        let before = contents(&service.db).await;
        let file = Table::published().without_last(50).text("\n");
        let refused = import(&service, &file, Options::default()).await.expect_err("a refusal");
        insta::assert_snapshot!(refused);
        let told = import(&service, &file, Options { dry_run: true, ..Options::default() }).await;
        assert_eq!(told.expect_err("a refusal").to_string(), refused.to_string());
        assert!(contents(&service.db).await == before, "a refused file changes nothing");
        let allowed = Options { allow_closing: true, ..Options::default() };
        let report = import(&service, &file, allowed).await.expect("a file that is taken over");
        assert_eq!((report.count(Change::Closed), closed(&service).await), (50, 50));
    });
}

#[test]
fn districts_that_the_file_says_are_closed_count_as_closed() {
    with_empty(async |service| {
        imported(&service, FILE).await;
        let close = |count: usize| {
            let mut table = Table::published();
            let codes: Vec<_> =
                table.districts().take(count).map(|row| table.cell(row, "CD Code").to_owned()).collect();
            for (number, code) in codes.iter().enumerate() {
                table = table.with(code, "StatusType", if number % 2 == 0 { "Closed" } else { "Merged" });
            }
            table.text("\n")
        };
        let before = contents(&service.db).await;
        import(&service, close(50), Options::default()).await.expect_err("a refusal");
        assert!(contents(&service.db).await == before, "a refused file changes nothing");
        let report = imported(&service, close(2)).await;
        assert_eq!((report.count(Change::Closed), report.changes.len()), (2, 2));
        let status = [district(&service, "0110017").await.status, district(&service, "0161119").await.status];
        assert_eq!(status, [Status::Closed, Status::Merged]);
    });
}

#[test]
fn a_moved_office_is_an_update_in_words() {
    with_empty(async |service| {
        imported(&service, FILE).await;
        let moved = Table::published()
            .with("0161119", "City", "Oakland")
            .with("0161119", "Latitude", "37.8")
            .with("0161119", "DOC", "52")
            .with("0161119", "DOCType", "Elementary School District")
            .with("0161119", "StatusType", "Pending")
            .with("0161119", "LastUpDate", "05/01/2026");
        insta::assert_snapshot!(imported(&service, moved.text("\n")).await.changes[0]);
    });
}

#[test]
fn only_those_who_keep_the_directory_import_it() {
    with_empty(async |service| {
        let grant = |role| Viewer::new(Identity::Nobody, vec![Grant::new(role, Scope::Everything)]);
        for viewer in [Viewer::public(), grant(Role::Evaluator), grant(Role::Auditor)] {
            let actor = Actor::new(&viewer, Clock::System);
            let refused = import::run(&service.db, actor, FILE.as_bytes(), Options::default()).await;
            assert!(matches!(refused, Err(Error::Forbidden | Error::Unauthenticated)), "{refused:?}");
        }
        assert_eq!(contents(&service.db).await["district"], Vec::<String>::new());
    });
}

#[test]
fn what_a_person_found_a_district_to_be_stays_found() {
    with_record(async |service| {
        imported(&service, FILE).await;
        let staff = service.as_role(Role::Staff);
        merge(&staff, "District", "antelope-valley-union-high", "antelope-valley-unified-school-district").await;
        let report = imported(&service, FILE).await;
        assert_eq!(report.changes, [], "importing again changes nothing");
        let found = district(&service, "1964246").await;
        assert_eq!(found.name, "Antelope Valley Unified School District");
        assert!(found.alternate_names.contains(&"Antelope Valley Union High".to_owned()));
    });
}

#[test]
fn a_slug_that_leads_to_another_district_is_not_given_to_a_new_one() {
    with_empty(async |service| {
        let rows = "INSERT INTO district (id, slug, name, status) VALUES
            (#1, 'piedmont-city-unified', 'Piedmont', 'unresolved'), (#2, 'the-other', 'The other', 'unresolved')";
        sql(&service, rows).await;
        merge(&service.as_role(Role::Staff), "District", "the-other", "piedmont-city-unified").await;
        imported(&service, FILE).await;
        assert_eq!(district(&service, "0161275").await.slug, "piedmont-city-unified-alameda");
    });
}
