//! Spreadsheets in: all rows or none, matched by their ids, and nothing that was not meant.

use crate::program::run_on;
use crate::spreadsheet_export::{export, rows};
use crate::writes::refusals;
use lmi::auth::{Grant, Identity, Role, Scope, Viewer};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::{Answer, Service, contents, with_empty, with_fixture, with_record};

const IMPORT: &str = "mutation ($input: ImportSpreadsheetInput!, $reason: String) {
    importSpreadsheet(input: $input, reason: $reason) { created updated unchanged
      rows { line effect id name changes { field before after } } userErrors { field code message } } }";

/// What can be imported, with its name in addresses.
const KINDS: [(&str, &str); 4] =
    [("ORGANIZATIONS", "organizations"), ("PEOPLE", "people"), ("SESSIONS", "sessions"), ("SPEAKERS", "speakers")];

pub(crate) async fn import(service: &Service, what: &str, csv: &str) -> Answer {
    import_with(service, json!({ "what": what, "csv": csv })).await
}

async fn try_out(service: &Service, what: &str, csv: &str) -> Answer {
    import_with(service, json!({ "what": what, "csv": csv, "dryRun": true })).await
}

pub(crate) async fn import_with(service: &Service, input: Value) -> Answer {
    service.ask_with(IMPORT, &json!({ "input": input, "reason": "From the spreadsheet." })).await
}

pub(crate) fn counts(answer: &Answer) -> [u64; 3] {
    ["created", "updated", "unchanged"]
        .map(|count| answer.at(&format!("/importSpreadsheet/{count}")).as_u64().expect("a number"))
}

pub(crate) fn problems(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.at("/importSpreadsheet/rows"), json!([]), "what is refused tells of no effect");
    refusals(answer, "importSpreadsheet")
}

pub(crate) fn messages(answer: &Answer) -> Vec<String> {
    answer.lines("/importSpreadsheet/userErrors", &["/message"])
}

/// A spreadsheet of these columns of rows.
pub(crate) fn sheet(columns: &[&str], rows: &[BTreeMap<String, String>]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns).expect("a header");
    for row in rows {
        writer.write_record(columns.iter().map(|column| &row[*column])).expect("a row");
    }
    String::from_utf8(writer.into_inner().expect("bytes")).expect("a text")
}

async fn assert_comes_back(service: &Service) {
    let staff = service.as_role(Role::Staff);
    for (kind, name) in KINDS {
        let exported = export(&staff, &format!("{name}.csv")).await.text;
        let before = contents(&service.db).await;
        let answer = import(&staff, kind, &exported).await;
        let rows = rows(&exported).len();
        assert!(rows > 0, "there are {name}");
        assert_eq!(answer.at("/importSpreadsheet/userErrors"), json!([]), "{name}");
        assert_eq!(counts(&answer), [0, 0, rows as u64], "{name}");
        assert!(contents(&service.db).await == before, "{name}: no version, no history, nothing");
        let printed = run_on(service, &["export", name]).done();
        let file = tempfile::NamedTempFile::new().expect("a file");
        // As a spreadsheet saves it elsewhere.
        std::fs::write(file.path(), format!("\u{feff}{printed}")).expect("a file that can be written");
        let path = file.path().to_str().expect("a path in UTF-8");
        let told = run_on(service, &["import", name, path]).done();
        let expected = format!("Rows       {rows}\nCreated    0\nUpdated    0\nUnchanged  {rows}\n");
        assert_eq!(told, expected);
        assert!(contents(&service.db).await == before, "{name}: no version, no history, nothing");
    }
}

#[test]
fn an_export_of_the_record_comes_back_without_a_change() {
    with_record(async |service| assert_comes_back(&service).await);
}

#[test]
fn an_export_of_the_fixture_comes_back_without_a_change() {
    with_fixture(async |service, _| assert_comes_back(&service).await);
}

#[test]
fn rows_are_added_and_changed_as_told_beforehand() {
    with_record(async |service| {
        let staff = service.as_role(Role::Staff);
        let exported = rows(&export(&staff, "organizations.csv").await.text);
        let cta = exported.iter().find(|row| row["acronym"] == "CTA").expect("a union");
        let csv = format!(
            "name,id,website,kind,alternateNames,parentId\n\
             {name},{id},https://example.org/cta,STATE_UNION,,\n\
             \"Alder, Birch & Cedar\",,,local_union,Alder | A\\|B,{id}\n",
            name = cta["name"],
            id = cta["id"],
        );
        let before = contents(&service.db).await;
        let tried = try_out(&staff, "ORGANIZATIONS", &csv).await;
        assert_eq!(counts(&tried), [1, 1, 0], "{}", tried.text);
        assert!(contents(&service.db).await == before, "a dry run changes nothing");
        let done = import(&staff, "ORGANIZATIONS", &csv).await;
        let created = done.at("/importSpreadsheet/rows/1/id");
        assert_eq!(tried.at("/importSpreadsheet/rows/1/id"), Value::Null, "what was only tried has no id");
        let mut foretold = tried.at("/importSpreadsheet");
        foretold["rows"][1]["id"] = created.clone();
        assert_eq!(foretold, done.at("/importSpreadsheet"), "a dry run tells what will be");
        let website =
            json!({ "field": "website", "before": null_or(&cta["website"]), "after": "https://example.org/cta" });
        let changes = done.at("/importSpreadsheet/rows/0/changes");
        assert!(changes.as_array().expect("a list").contains(&website), "{changes}");
        let document = "query ($id: ID!) { node(id: $id) { ... on Organization { slug name kind alternateNames
            parent { acronym } history { nodes { reason action } } } } }";
        let organization = staff.ask_with(document, &json!({ "id": created })).await.at("/node");
        let expected = json!({ "slug": "alder-birch-and-cedar", "name": "Alder, Birch & Cedar", "kind": "LOCAL_UNION",
            "alternateNames": ["Alder", "A|B"], "parent": { "acronym": "CTA" },
            "history": { "nodes": [{ "reason": "From the spreadsheet.", "action": "CREATED" }] } });
        assert_eq!(with_slug(organization, "alder-birch-and-cedar"), expected);
    });
}

/// The row with another slug in it: how letters like `&` are written in slugs is not of interest here.
fn with_slug(mut row: Value, slug: &str) -> Value {
    row["slug"] = json!(slug);
    row
}

fn null_or(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(text) }
}

#[test]
fn columns_that_are_left_out_stay_and_empty_cells_empty() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let csv = "slug,name,kind,description,acronym\nalder,Alder,OTHER,Gives grants.,AL\n";
        let id = import(&staff, "ORGANIZATIONS", csv).await.at("/importSpreadsheet/rows/0/id");
        let id = id.as_str().expect("an id");
        let answer = import(&staff, "ORGANIZATIONS", &format!("acronym;ID\r\n;{id}\r\n;\r\n")).await;
        assert_eq!(counts(&answer), [0, 1, 0], "{}", answer.text);
        let row = &rows(&export(&staff, "organizations.csv").await.text)[0];
        let kept = [&row["name"], &row["acronym"], &row["description"], &row["version"]];
        assert_eq!(kept, ["Alder", "", "Gives grants.", "2"]);
    });
}

#[test]
fn every_problem_of_every_row_is_told_and_nothing_is_written() {
    with_record(async |service| {
        let staff = service.as_role(Role::Staff);
        let exported = rows(&export(&staff, "organizations.csv").await.text);
        let (one, two) = (&exported[0], &exported[1]);
        let person = rows(&export(&staff, "people.csv").await.text)[0]["id"].clone();
        let nobody = tests::fixtures::global_id("Organization", sea_orm::prelude::Uuid::from_u128(7));
        let before = contents(&service.db).await;
        let csv = format!(
            "id,version,slug,name,kind,website,parent\n\
             ,,,Sound,OTHER,,\n\
             ,,{taken},,WRONG,nowhere,\n\
             {one},9,{one_slug},Renamed,OTHER,,\n\
             {two},,another-slug,Renamed,OTHER,,Somebody\n\
             {two},,{taken},Again,OTHER,,\n\
             {person},,,Alder,OTHER,,\n\
             {nobody},,,Alder,OTHER,,\n\
             not-an-id,x,,Alder,OTHER,,\n\
             ,,{taken},Alder,OTHER,,\n",
            taken = two["slug"],
            one = one["id"],
            one_slug = one["slug"],
            two = two["id"],
        );
        for answer in [try_out(&staff, "ORGANIZATIONS", &csv).await, import(&staff, "ORGANIZATIONS", &csv).await] {
            let expected = [
                "[\"csv\",\"line 3\",\"kind\"] | INVALID",
                "[\"csv\",\"line 3\",\"name\"] | REQUIRED",
                "[\"csv\",\"line 3\",\"website\"] | INVALID",
                "[\"csv\",\"line 4\",\"version\"] | STALE_VERSION",
                "[\"csv\",\"line 5\",\"slug\"] | INVALID",
                "[\"csv\",\"line 5\",\"parent\"] | INVALID",
                "[\"csv\",\"line 6\",\"id\"] | CONFLICT",
                "[\"csv\",\"line 7\",\"id\"] | INVALID",
                "[\"csv\",\"line 8\",\"id\"] | NOT_FOUND",
                "[\"csv\",\"line 9\",\"id\"] | INVALID",
                "[\"csv\",\"line 9\",\"version\"] | INVALID",
                "[\"csv\",\"line 10\",\"slug\"] | TAKEN",
            ];
            assert_eq!(problems(&answer), expected);
            let messages = messages(&answer);
            assert!(messages[0].starts_with("Write one of STATE_AGENCY, STATE_UNION, "), "{}", messages[0]);
            assert!(
                messages[11].ends_with("Give its id where this one is meant, or another slug."),
                "{}",
                messages[11]
            );
            assert!(contents(&service.db).await == before, "nothing was written");
        }
    });
}

#[test]
fn what_changed_since_the_export_is_not_overwritten() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        import(&staff, "ORGANIZATIONS", "name,kind\nAlder,OTHER\nBirch,OTHER\n").await;
        let exported = export(&staff, "organizations.csv").await.text;
        let changed = exported.replace("Birch", "Birch Foundation");
        assert_eq!(counts(&import(&staff, "ORGANIZATIONS", &changed).await), [0, 1, 1]);
        let answer = import(&staff, "ORGANIZATIONS", &exported).await;
        assert_eq!(problems(&answer), ["[\"csv\",\"line 3\",\"version\"] | STALE_VERSION"]);
        let columns = ["id", "name", "kind", "slug"];
        let as_meant = sheet(&columns, &rows(&exported));
        assert_eq!(
            counts(&import(&staff, "ORGANIZATIONS", &as_meant).await),
            [0, 1, 1],
            "without a version it is meant"
        );
    });
}

#[test]
fn a_header_that_is_not_understood_is_refused_by_name() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let answer = import(&staff, "ORGANIZATIONS", "name,knid,Name,id,\nAlder,x,y,,\n").await;
        let expected = ["[\"csv\",\"line 1\",\"knid\"] | NOT_FOUND", "[\"csv\",\"line 1\",\"Name\"] | CONFLICT"];
        assert_eq!(problems(&answer), expected);
        let message = &messages(&answer)[0];
        assert!(
            message.starts_with("There is no column `knid`. There are id, version, slug, name, acronym, kind,"),
            "{message}"
        );
        for (csv, problem) in [
            ("", "[\"csv\"] | REQUIRED"),
            (" \r\n,,\r\n", "[\"csv\"] | REQUIRED"),
            ("name,kind\nAlder\n", "[\"csv\",\"line 2\"] | INVALID"),
            ("name,kind\nAlder,OTHER,lost\n", "[\"csv\",\"line 2\"] | INVALID"),
            ("name,kind,\nAlder,OTHER,lost\n", "[\"csv\",\"line 2\"] | INVALID"),
        ] {
            assert_eq!(problems(&import(&staff, "ORGANIZATIONS", csv).await), [problem], "{csv:?}");
        }
        let header_only = import(&staff, "ORGANIZATIONS", "name,kind\n").await;
        assert_eq!((counts(&header_only), messages(&header_only)), ([0, 0, 0], vec![]));
    });
}

#[test]
fn of_many_problems_a_hundred_are_told() {
    with_empty(async |service| {
        let csv = format!("name,kind\n{}", "Alder,WRONG\n".repeat(150));
        let answer = import(&service.as_role(Role::Staff), "ORGANIZATIONS", &csv).await;
        let told = problems(&answer);
        assert_eq!((told.len(), told[100].as_str()), (101, "[\"csv\"] | INVALID"));
        assert_eq!(messages(&answer)[100], "There are 50 more problems than are told here. Mend these first.");
        let long = format!("name,kind\n{}", "Alder,OTHER\n".repeat(5_001));
        let answer = import(&service.as_role(Role::Staff), "ORGANIZATIONS", &long).await;
        assert_eq!(messages(&answer), ["There are 5001 rows. Import at most 5,000 at once."]);
    });
}

#[test]
fn everybody_imports_what_is_theirs_and_nothing_else() {
    with_fixture(async |service, fixture| {
        let csv = "name,kind\nAlder,OTHER\n";
        assert_eq!(import(&service, "ORGANIZATIONS", csv).await.codes(), ["UNAUTHENTICATED"]);
        for role in [Role::Auditor, Role::Evaluator] {
            assert_eq!(import(&service.as_role(role), "ORGANIZATIONS", csv).await.codes(), ["FORBIDDEN"]);
        }
        let staff = [Grant::new(Role::Staff, Scope::Everything)];
        let reader = service.as_viewer(Viewer::new(Identity::Nobody, staff.to_vec()).read_only());
        assert_eq!(import(&reader, "ORGANIZATIONS", csv).await.codes(), ["FORBIDDEN"]);

        let scope = Scope::Organization(fixture.key("Organization", "north"));
        let partner = service.as_grants(vec![Grant::new(Role::Partner, scope)]);
        let [north, south] = ["north", "south"].map(|name| fixture.find("Organization", name).id.as_str());
        let both = format!("id,description\n{north},Ours.\n{south},Theirs.\n");
        let answer = import(&partner, "ORGANIZATIONS", &both).await;
        assert_eq!(problems(&answer), ["[\"csv\",\"line 3\"] | FORBIDDEN"]);
        let own = format!("id,description,name\n{north},Ours.,Organization north\n{south},,Organization south\n");
        assert_eq!(counts(&import(&partner, "ORGANIZATIONS", &own).await), [0, 1, 1], "what stays may be anybody's");
        assert_eq!(problems(&import(&partner, "ORGANIZATIONS", csv).await), ["[\"csv\",\"line 2\"] | FORBIDDEN"]);
        // Somebody hidden is not there.
        let hidden = &fixture.find("Person", "roster-of-draft-alder").id;
        let lead = Scope::District(fixture.key("District", "alder"));
        let lead = service.as_grants(vec![Grant::new(Role::TeamLead, lead)]);
        let missing = tests::fixtures::global_id("Person", sea_orm::prelude::Uuid::from_u128(0xdead));
        let answer = import(&lead, "PEOPLE", &format!("id,name\n{hidden},Alder\n{missing},Alder\n")).await;
        let expected = ["[\"csv\",\"line 2\",\"id\"] | NOT_FOUND", "[\"csv\",\"line 3\",\"id\"] | NOT_FOUND"];
        assert_eq!(problems(&answer), expected);
        let messages = messages(&answer);
        assert_eq!(messages[0], messages[1], "the hidden is not told from the missing");
    });
}

#[test]
fn how_to_reach_people_comes_in_with_them_and_nothing_masked_does() {
    with_fixture(async |service, _| {
        let staff = service.as_role(Role::Staff);
        let masked = export(&service.as_role(Role::Auditor), "people.csv").await.text;
        let answer = import(&staff, "PEOPLE", &masked).await;
        let told = problems(&answer);
        assert!(told.iter().any(|problem| problem.contains("\"email\"] | INVALID")), "{told:?}");
        let exported = export(&staff, "people.csv").await.text;
        let changed = exported.replacen("marked@example.org", "nobody@example.org", 1);
        let answer = import(&staff, "PEOPLE", &changed).await;
        assert_eq!(counts(&answer)[1], 1, "{}", answer.text);
        let somebody = rows(&exported).into_iter().find(|row| row["slug"] == "marked").expect("somebody");
        let file = tempfile::NamedTempFile::new().expect("a file");
        let csv = format!("id,email\n{},somebody@example.org\n", somebody["id"]);
        std::fs::write(file.path(), csv).expect("a file that can be written");
        let told = run_on(&service, &["import", "people", file.path().to_str().expect("a path")]).done();
        assert!(told.contains("\n  email changes\n") && !told.contains('@'), "{told}");
        let new = "name,email\nNobody Marked,not an address\nNobody marked,somebody@example.org\n";
        let answer = import(&staff, "PEOPLE", new).await;
        let expected = [
            "[\"csv\",\"line 2\",\"name\"] | TAKEN",
            "[\"csv\",\"line 2\",\"email\"] | INVALID",
            "[\"csv\",\"line 3\",\"name\"] | TAKEN",
        ];
        assert_eq!(problems(&answer), expected);
        assert!(!answer.text.contains("not an address"), "no message repeats an address");
        let namesake = "name,email,isNamesake\nNobody Marked,somebody@example.org,TRUE\n";
        assert_eq!(counts(&import(&staff, "PEOPLE", namesake).await), [1, 0, 0]);
    });
}

#[test]
fn the_program_tells_what_it_does() {
    with_empty(async |service| {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("organizations.csv");
        let path = file.to_str().expect("a path in UTF-8");
        std::fs::write(&file, "name,kind\nAlder,OTHER\nBirch,WRONG\n").expect("a file");
        let refused = run_on(&service, &["import", "organizations", path]).refused(1);
        let start = format!(
            "lmi: {path} was refused whole; nothing was changed: The input was refused: csv.line 3.kind: Write"
        );
        assert!(refused.starts_with(&start), "{refused}");
        std::fs::write(&file, "name,kind\nAlder,OTHER\nBirch,OTHER\n").expect("a file");
        let before = contents(&service.db).await;
        let told =
            "line 2  created  Alder\nline 3  created  Birch\nRows       2\nCreated    2\nUpdated    0\nUnchanged  0\n";
        let tried = run_on(&service, &["import", "organizations", path, "--dry-run"]).done();
        assert_eq!(tried, format!("{told}This was a dry run: nothing was changed.\n"));
        assert!(contents(&service.db).await == before, "a dry run changes nothing");
        assert_eq!(run_on(&service, &["import", "organizations", path]).done(), told);
        std::fs::write(&file, b"name,kind\nPe\xf1a,OTHER\n").expect("a file");
        let refused = run_on(&service, &["import", "organizations", path]).refused(1);
        assert_eq!(refused, format!("lmi: {path} is not in UTF-8; save it as “CSV UTF-8”"));
        let origins = "{ organizations { nodes { history { nodes { origin } } } } }";
        let answer = service.as_role(Role::Staff).ask(origins).await;
        assert_eq!(answer.at("/organizations/nodes/0/history/nodes/0/origin"), "COMMAND_LINE");
    });
}
