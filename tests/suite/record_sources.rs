//! Where the facts of the record come from: each row names its documents.

use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::{Service, with_record};

const SUMMARY: &str = "CA LMI May 2015 Symposium: preliminary summary";
const NOTE: &str = "Note on the California Educator Excellence Summit, January 20, 2016";
const DIRECTORY: &str = "California Department of Education: Public Districts directory, April 2026";

async fn texts(service: &Service, sql: &str) -> Vec<String> {
    let rows = service.db.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await.expect("an answer");
    rows.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect()
}

#[test]
fn every_row_that_states_a_fact_has_a_source() {
    with_record(async |service| {
        let sql = "SELECT table_name::text FROM information_schema.columns
                   WHERE table_schema = 'public' AND column_name = 'sources' AND table_name NOT LIKE 'released_%'
                   ORDER BY table_name";
        let tables = texts(&service, sql).await;
        assert_eq!(
            tables,
            [
                "affiliation",
                "convening",
                "delegation",
                "district",
                "metric",
                "offering",
                "organization",
                "partnership",
                "person",
                "resource",
                "session",
                "speaker",
                "sponsorship",
                "team",
            ]
        );
        for table in tables {
            let rows = texts(&service, &format!("SELECT id::text FROM {table}")).await;
            assert!(!rows.is_empty(), "the record has rows in {table}");
            let bare = format!("SELECT id::text FROM {table} WHERE jsonb_array_length(sources) = 0");
            assert_eq!(texts(&service, &bare).await, Vec::<String>::new(), "rows without a source in {table}");
            let stray = format!(
                "SELECT source::text FROM {table}, jsonb_array_elements(sources) AS source
                 WHERE coalesce(source->>'document', '') NOT IN ('{SUMMARY}', '{NOTE}', '{DIRECTORY}')
                    OR (source->>'section' IS NULL AND source->>'document' <> '{DIRECTORY}')"
            );
            assert_eq!(texts(&service, &stray).await, Vec::<String>::new(), "sources of no document in {table}");
        }
    });
}

/// The sources in an answer, wherever they stand, and how many rows have them.
fn collect(value: &Value, sections: &mut BTreeSet<String>, rows: &mut usize) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, sections, rows)),
        Value::Object(fields) => {
            for (field, value) in fields {
                let sources = value.as_array().filter(|_| field == "sources");
                if let Some(sources) = sources {
                    assert!(!sources.is_empty(), "a row without a source: {fields:?}");
                    *rows += 1;
                    sections
                        .extend(sources.iter().map(|source| tests::line(source, &["/document", "/section", "/url"])));
                } else {
                    collect(value, sections, rows);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn sources_name_the_documents_and_sections_and_are_shown_with_each_fact() {
    let documents = [
        "{ organizations(first: 100) { nodes { sources { document section url } } }
           people { nodes { sources { document section url } affiliations { nodes { sources { document section url } } } } }
           offerings { sources { document section url } } }",
        "{ districts(first: 100) { nodes { sources { document section url }
           partnerships { sources { document section url } } teams { nodes { sources { document section url } } } } } }",
        "{ convenings { nodes { sources { document section url }
           sponsorships { sources { document section url } } metrics { sources { document section url } }
           delegations(first: 100) { nodes { sources { document section url } } }
           resources { sources { document section url } }
           sessions { nodes { sources { document section url } speakers { sources { document section url } } } } } } }",
    ];
    with_record(async |service| {
        let (mut sections, mut rows) = (BTreeSet::new(), 0);
        for document in documents {
            collect(&service.ask(document).await.data(), &mut sections, &mut rows);
        }
        // 30 organizations, 12 people with 13 affiliations, 6 offerings; 47 districts with 2 partnerships and 47 teams;
        // 2 convenings with 9 sponsorships, 5 metrics, 22 delegations, 6 resources, 16 sessions and 28 speakers.
        assert_eq!(rows, 30 + 12 + 13 + 6 + 47 + 2 + 47 + 2 + 9 + 5 + 22 + 6 + 16 + 28);
        let summary = [
            "1. Introduction",
            "1. Introduction, footnote 1",
            "1. Introduction, footnote 2",
            "2. Symposium Sessions",
            "2.1.a",
            "2.2.a",
            "2.2.b",
            "2.2.b.1",
            "2.2.b.2",
            "2.2.b.3",
            "2.2.b.4",
            "2.2.b.5",
            "2.2.b.6",
            "2.2.c",
            "2.2.d",
            "2.3.a",
            "3. Next Steps",
            "May 2015 Symposium Participants",
        ];
        let note = ["paragraph 1", "paragraph 2", "paragraph 3", "paragraph 4"];
        let expected: BTreeSet<String> = (summary.map(|section| format!("{SUMMARY} | {section} | –")).into_iter())
            .chain(note.map(|section| format!("{NOTE} | {section} | –")))
            .chain([format!("{DIRECTORY} | – | https://www.cde.ca.gov/schooldirectory/report?rid=dl2&tp=txt")])
            .collect();
        assert_eq!(sections, expected);
    });
}

#[test]
fn the_state_directory_is_a_source_of_districts_only_and_the_note_of_nothing_at_the_symposium() {
    with_record(async |service| {
        let document = "{ convening(by: {slug: \"2015-symposium\"}) { sources { document }
            sponsorships { sources { document } } delegations(first: 100) { nodes { sources { document } } }
            metrics { sources { document } } teams(first: 100) { nodes { sources { document } } }
            sessions { nodes { sources { document } speakers { sources { document } } } } } }";
        let (mut named, mut rows) = (BTreeSet::new(), 0);
        collect(&service.ask(document).await.data(), &mut named, &mut rows);
        assert_eq!(named, BTreeSet::from([format!("{SUMMARY} | – | –")]));
        let document = "{ districts(first: 100) { nodes { name sources { document } } } }";
        let answer = service.ask(document).await;
        for sources in answer.each("/districts/nodes", "/sources") {
            let sources = sources.as_array().expect("a list").clone();
            assert_eq!(sources.first(), Some(&json!({ "document": SUMMARY })));
            assert_eq!(sources.last(), Some(&json!({ "document": DIRECTORY })));
        }
    });
}
