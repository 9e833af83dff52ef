//! What stands in a cell is text to every spreadsheet, whatever it is, and comes back as it was.

use crate::spreadsheet_export::{export, rows};
use crate::spreadsheet_import::{counts, import, sheet};
use crate::walk::nodes;
use lmi::auth::Role;
use proptest::collection::vec;
use proptest::prelude::{BoxedStrategy, Strategy as _, any, prop_oneof};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tests::{Service, with_empty, with_fixture};

/// Letters that mean something somewhere between a cell and what it holds.
const SIGNS: &str = "['\"=+@\\-\t\r\n |>\\\\;,\u{feff}\u{a0}\u{ff1d}a]{1,8}";
const SELECTION: &str = "... on Organization { name description alternateNames sources { document section url } }";

/// Texts that an organization can have, whether or not they make sense.
fn texts() -> BoxedStrategy<String> {
    let texts =
        prop_oneof![any::<String>(), SIGNS.prop_map(|text: String| text), "[a-z ]{1,12}".prop_map(|text: String| text)];
    let fits = |text: &String| !text.trim().is_empty() && !text.contains('\0') && text.chars().count() <= 300;
    texts.prop_filter("a text that may stand there", fits).boxed()
}

fn organizations() -> BoxedStrategy<Value> {
    let sources = vec((texts(), proptest::option::of(texts()), any::<bool>()), 0..3);
    let sources = sources.prop_map(|sources| {
        let url = |given: bool| given.then_some("https://example.org/?a=1|2>3");
        let source =
            |(document, section, given)| json!({ "document": document, "section": section, "url": url(given) });
        Value::from(sources.into_iter().map(source).collect::<Vec<Value>>())
    });
    let organization = (texts(), texts(), vec(texts(), 0..4), sources);
    organization
        .prop_map(|(name, description, names, sources)| {
            json!({ "name": name, "kind": "OTHER", "description": description, "alternateNames": names, "sources": sources })
        })
        .boxed()
}

#[test]
fn whatever_stands_in_a_cell_comes_back() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let mut runner = TestRunner::new_with_rng(
            Config { cases: 12, failure_persistence: None, ..Config::default() },
            TestRng::deterministic_rng(RngAlgorithm::ChaCha),
        );
        let handle = tokio::runtime::Handle::current();
        let came_back = runner.run(&vec(organizations(), 8), |organizations| {
            tokio::task::block_in_place(|| handle.block_on(assert_come_back(&staff, organizations)));
            Ok(())
        });
        assert!(came_back.is_ok(), "{}", came_back.expect_err("a case that did not hold"));
    });
}

/// Enters organizations, and enters them again from their export.
async fn assert_come_back(staff: &Service, organizations: Vec<Value>) {
    let create = "mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) {
        organization { id } userErrors { field message } } }";
    let mut ids = Vec::new();
    for mut input in organizations {
        input["slug"] = json!(slug());
        let answer = staff.ask_with(create, &json!({ "input": input })).await;
        let id = answer.at("/createOrganization/organization/id");
        ids.push(id.as_str().unwrap_or_else(|| panic!("{input}: {}", answer.text)).to_owned());
    }
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let exported = export(staff, "organizations.csv").await.text;
    let all = rows(&exported);
    for cell in all.iter().flat_map(|row| row.values()) {
        assert!(is_text(cell), "{cell:?}");
    }
    assert_eq!(counts(&import(staff, "ORGANIZATIONS", &exported).await), [0, 0, all.len() as u64]);
    let copy = |id: &&str| {
        let mut row = all.iter().find(|row| row["id"] == *id).expect("a row").clone();
        row.insert("slug".to_owned(), slug());
        row
    };
    let copies: Vec<_> = ids.iter().map(copy).collect();
    let again = sheet(&["slug", "name", "kind", "description", "alternateNames", "sources"], &copies);
    let answer = import(staff, "ORGANIZATIONS", &again).await;
    assert_eq!(counts(&answer), [ids.len() as u64, 0, 0], "{}", answer.text);
    let copies = answer.each("/importSpreadsheet/rows", "/id");
    let copies: Vec<&str> = copies.iter().map(|id| id.as_str().expect("an id")).collect();
    assert_eq!(nodes(staff, &copies, SELECTION).await, nodes(staff, &ids, SELECTION).await);
}

/// A slug that nobody has. A name of signs alone has no letters for one.
fn slug() -> String {
    format!("alder-{}", entity::ids::OrganizationId::new().0)
}

/// Whether a spreadsheet takes a cell for text, by the rule as people give it: nothing that begins a formula comes first,
/// behind blanks or quotation marks or not.
fn is_text(cell: &str) -> bool {
    let start = cell.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '"');
    !start.starts_with(['=', '+', '-', '@', '\u{ff1d}']) && !cell.starts_with(['\t', '\r'])
}

#[test]
fn formulas_are_text() {
    with_empty(async |service| {
        let staff = service.as_role(Role::Staff);
        let csv = "name,kind,description\n'=1+1,OTHER,'tis plain\n=HYPERLINK(0),OTHER,\"\"\" =1\"\n''-2,OTHER,a-b=c\n";
        assert_eq!(counts(&import(&staff, "ORGANIZATIONS", csv).await), [3, 0, 0]);
        let names = "{ organizations { nodes { name description } } }";
        let listed = staff.ask(names).await.lines("/organizations/nodes", &["/name", "/description"]);
        assert_eq!(listed, ["'-2 | a-b=c", "=1+1 | 'tis plain", "=HYPERLINK(0) | \" =1"]);
        let exported: Vec<_> = rows(&export(&staff, "organizations.csv").await.text)
            .into_iter()
            .map(|row| format!("{} | {}", row["name"], row["description"]))
            .collect();
        assert_eq!(exported, ["''-2 | a-b=c", "'=1+1 | 'tis plain", "'=HYPERLINK(0) | '\" =1"]);
    });
}

#[test]
fn a_place_in_the_west_is_a_number() {
    with_fixture(async |service, _| {
        let west = "UPDATE district SET latitude = 33.5, longitude = -118.25 WHERE slug = 'alder'";
        service.db.execute_unprepared(west).await.expect("a district");
        let row = &rows(&export(&service, "districts.csv").await.text)[0];
        assert_eq!([&row["latitude"], &row["longitude"]], ["33.5", "-118.25"]);
    });
}
