//! What the tests of merges share.

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::fixtures::global_id;
use tests::{Answer, Service, contents, texts};

/// The key of a row that a test brings along.
pub(crate) fn key(number: u32) -> String {
    format!("00000000-0000-7000-9000-{number:012}")
}

/// Runs statements; `#7` stands for the key of that number.
pub(crate) async fn sql(service: &Service, text: &str) {
    let mut parts = text.split('#');
    let mut statement = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at(digits);
        let key = key(number.parse().expect("a number"));
        statement.extend(["'", key.as_str(), "'", rest]);
    }
    service.db.execute_unprepared(&statement).await.expect("statements of a test");
}

/// The id and the version of a row as it stands.
pub(crate) async fn read(service: &Service, typename: &str, slug: &str) -> (String, i64) {
    let table = typename.to_lowercase();
    let row =
        texts(&service.db, &format!("SELECT id || ' ' || version AS text FROM {table} WHERE slug = '{slug}'")).await;
    let (id, version) = row.first().and_then(|row| row.split_once(' ')).expect("a row of this slug");
    (global_id(typename, id.parse().expect("a key")), version.parse().expect("a version"))
}

/// The input that says that two rows, as they stand, are one.
pub(crate) async fn two(service: &Service, typename: &str, keep: &str, gone: &str) -> Value {
    let (keep, keep_version) = read(service, typename, keep).await;
    let (gone, gone_version) = read(service, typename, gone).await;
    json!({ "keepId": keep, "keepVersion": keep_version, "goneId": gone, "goneVersion": gone_version,
        "reason": "Entered twice." })
}

/// The mutation that merges rows of a type.
pub(crate) fn mutation(typename: &str) -> &'static str {
    match typename {
        "Organization" => "mergeOrganizations",
        "District" => "mergeDistricts",
        _ => "mergePeople",
    }
}

/// The answer to a merge of two rows with this input.
pub(crate) async fn ask_to_merge(service: &Service, typename: &str, input: &Value) -> Answer {
    let (mutation, field) = (mutation(typename), typename.to_lowercase());
    let document = format!(
        "mutation ($input: MergeInput!) {{ {mutation}(input: $input) {{ {field} {{ id slug name version merges {{ \
         nodes {{ id goneId goneName goneSlug reason undoneAt }} }} }} userErrors {{ field code message }} }} }}"
    );
    service.ask_with(&document, &json!({ "input": input })).await
}

/// Merges two rows: the one that stays, as the payload has it.
pub(crate) async fn merge(service: &Service, typename: &str, keep: &str, gone: &str) -> Value {
    let input = two(service, typename, keep, gone).await;
    let answer = ask_to_merge(service, typename, &input).await;
    let payload = answer.at(&format!("/{}", mutation(typename)));
    assert_eq!(payload["userErrors"], json!([]), "{typename} {gone} into {keep}");
    payload[typename.to_lowercase()].clone()
}

/// Undoes a merge: what stands in the way.
pub(crate) async fn undo(service: &Service, id: &Value) -> Vec<String> {
    let document = "mutation ($id: ID!) { undoMerge(id: $id, reason: \"They are two.\") \
                    { merge { undoneAt } userErrors { field code } } }";
    let answer = service.ask_with(document, &json!({ "id": id })).await;
    answer.lines("/undoMerge/userErrors", &["/field", "/code"])
}

/// Why a merge was refused.
pub(crate) fn refusals(answer: &Answer, typename: &str) -> Vec<String> {
    answer.lines(&format!("/{}/userErrors", mutation(typename)), &["/field", "/code"])
}

/// Everything that a database holds, but for history, merges and how often rows were changed.
pub(crate) async fn facts(service: &Service) -> BTreeMap<String, Vec<String>> {
    let mut contents = contents(&service.db).await;
    contents.retain(|table, _| !["change", "merge"].contains(&table.as_str()));
    for rows in contents.values_mut() {
        for row in rows.iter_mut() {
            let mut facts: Value = serde_json::from_str(row).expect("a row as JSON");
            if let Some(facts) = facts.as_object_mut() {
                facts.retain(|column, _| !["version", "updated_at"].contains(&column.as_str()));
            }
            *row = facts.to_string();
        }
        rows.sort();
    }
    contents
}

/// An organization (1), a district (3) and a person (5) to which every table refers that can, and what each is merged
/// into in the tests: its type, its number, its slug, and that of the other.
pub(crate) const EACH: [(&str, u32, &str, &str); 3] = [
    ("Organization", 1, "example-union", "south"),
    ("District", 3, "example-valley", "larch"),
    ("Person", 5, "ada-example", "marked"),
];

/// Puts them beside the fixture.
pub(crate) async fn known_everywhere(service: &Service) {
    let rows = "
        INSERT INTO organization (id, slug, name, acronym, kind, website, alternate_names, sources) VALUES
          (#1, 'example-union', 'Example Union', 'EXU', 'local_union', 'https://example.org', '{Union of Examples}',
          '[{\"document\": \"Letter\"}]');
        INSERT INTO organization (id, slug, name, kind, parent_id) VALUES (#2, 'a-part', 'A part', 'other', #1);
        INSERT INTO district (id, slug, name, named_by_record, status, city, latitude, longitude) VALUES
          (#3, 'example-valley', 'Example Valley', true, 'unresolved', 'Exampleton', 37, -122);
        INSERT INTO district_candidate (id, district_id, cds_code, name, county_id)
          SELECT #4, #3, '01000090000000', 'Example Valley Union', id FROM county WHERE name = 'Alameda';
        INSERT INTO person (id, slug, name, honorific) VALUES (#5, 'ada-example', 'Ada Example', 'Dr.');
        INSERT INTO person_contact (person_id, email) VALUES (#5, 'ada@example.org');
        INSERT INTO affiliation (id, person_id, organization_id, title) VALUES (#6, #5, #1, 'President');
        INSERT INTO affiliation (id, person_id, district_id, title) VALUES (#7, #5, #3, 'Trustee');
        INSERT INTO partnership (id, district_id, organization_id, since_year) VALUES (#8, #3, #1, 2010);
        INSERT INTO convening (id, slug, title, kind, status, announced, agenda_published, decisions_published, starts_on,
          ends_on, organizer_id)
          VALUES (#90, 'fair', 'Fair', 'institute', 'draft', false, false, false, '2027-03-01', '2027-03-02', #1);
        INSERT INTO sponsorship (id, convening_id, organization_id, role, position) VALUES (#9, #90, #1, 'host', 1);
        INSERT INTO delegation (id, convening_id, organization_id) VALUES (#10, #90, #1);
        INSERT INTO session (id, convening_id, slug, title, format) VALUES (#17, #90, 'panel', 'Panel', 'panel');
        INSERT INTO speaker (id, session_id, role, position, person_id, organization_id, district_id, name_as_shown)
          VALUES (#11, #17, 'panelist', 1, #5, #1, #3, 'Ada Example');
        SELECT release_agenda(#91, #90, NULL, now());
        INSERT INTO resource (id, title, kind, availability) VALUES (#12, 'Page', 'website', 'forthcoming');
        INSERT INTO resource_subject (id, resource_id, organization_id) VALUES (#13, #12, #1);
        INSERT INTO resource_subject (id, resource_id, district_id) VALUES (#14, #12, #3);
        INSERT INTO team (id, district_id, convening_id, status) VALUES (#15, #3, #90, 'draft');
        INSERT INTO team_member (id, team_id, convening_id, person_id, seat) VALUES (#16, #15, #90, #5, 'other');
        INSERT INTO interest (id, offering_id, district_id) SELECT #22, id, #3 FROM offering LIMIT 1;
        INSERT INTO account (id, email, display_name) VALUES (#18, 'ben@example.org', 'Ben Sample');
        INSERT INTO role_grant (id, account_id, role, organization_id) VALUES (#19, #18, 'partner', #1);
        INSERT INTO role_grant (id, account_id, role, district_id) VALUES (#20, #18, 'team_lead', #3);
        INSERT INTO api_key (id, name, prefix, secret_hash, role, organization_id, read_only)
          VALUES (#21, 'A site', 'aaaaaaaaaaaa', sha256('a'), 'partner', #1, false);";
    sql(service, rows).await;
}

/// How many rows refer to a row, by table and column, as the catalog knows them.
pub(crate) async fn references(service: &Service, typename: &str, key: &str) -> BTreeMap<String, usize> {
    let catalog = format!(
        "SELECT format('SELECT ''%s.%s'' || E''\\t'' || count(*) AS text FROM %s WHERE %I = ''{key}''', from_table, \
         from_column, from_table, from_column) AS text FROM references_to('{}')",
        typename.to_lowercase()
    );
    let mut references = BTreeMap::new();
    for statement in texts(&service.db, &catalog).await {
        let counted = texts(&service.db, &statement).await.remove(0);
        let (reference, count) = counted.split_once('\t').expect("a reference and a count");
        references.insert(reference.to_owned(), count.parse().expect("a number"));
    }
    references
}
