//! A file with a fault is refused whole, with the line and the reason.

use crate::state_file::{FILE, Table, import, imported};
use lmi::district::import::Options;
use proptest::prelude::{Strategy as _, TestCaseError, prop_oneof};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::cell::RefCell;
use std::collections::BTreeSet;
use tests::{contents, with_empty, with_record};

/// A file with something wrong in it, and what is said of it.
fn faults() -> Vec<(Vec<u8>, &'static str)> {
    let table = Table::published;
    let changed = |column, value| table().with("0161119", column, value).text("\n");
    let twice = || {
        let mut table = table();
        table.rows.push(table.rows[3].clone());
        table
    };
    let garbled = |from: &str, to: &[u8]| {
        let at = FILE.find(from).expect("a place in the file");
        [&FILE.as_bytes()[..at], to, &FILE.as_bytes()[at + from.len()..]].concat()
    };
    let no_file = "line 1: no column `CD Code`; is this the public districts file?";
    vec![
        (Vec::new(), no_file),
        (b"\n\n".to_vec(), no_file),
        (b"cds_code,name,county\n01100170000000,Alameda,Alameda\n".to_vec(), no_file),
        (table().header.join("\t").into_bytes(), "line 1: the file ends without a district"),
        (
            table().without_column("StatusType").text("\n").into(),
            "line 1: no column `StatusType`; is this the public districts file?",
        ),
        (changed("CD Code", "161119").into(), "line 5: `161119` is not a code of 7 digits"),
        (changed("CD Code", "01611190000000").into(), "line 5: `01611190000000` is not a code of 7 digits"),
        (changed("CD Code", "No Data").into(), "line 5: `` is not a code of 7 digits"),
        (changed("CD Code", "0261119").into(), "line 5: the code 0261119 is not of Alameda County (01)"),
        (changed("County", "Alamdea").into(), "line 5: no county `Alamdea`"),
        (changed("County", "Alpine").into(), "line 5: the code 0161119 is not of Alpine County (02)"),
        (changed("District", "").into(), "line 5: `` is not a name"),
        (
            changed("District", &"x".repeat(301)).into(),
            "line 5: `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` is not a name",
        ),
        (changed("District", "???").into(), "line 5: `???` is not a name"),
        (changed("District", "Ala\u{0}meda").into(), "line 5: `Alameda` is not a name"),
        (changed("City", "Ala\u{0}meda").into(), "line 5: `Alameda` is not a city"),
        (changed("DOC", "5").into(), "line 5: `5` is not a DOC of 2 digits"),
        (changed("StatusType", "Actve").into(), "line 5: no status `Actve`"),
        (changed("LastUpDate", "2022-03-23").into(), "line 5: `2022-03-23` is not a date as in 03/08/2023"),
        (changed("LastUpDate", "02/30/2022").into(), "line 5: `02/30/2022` is not a date as in 03/08/2023"),
        (changed("LastUpDate", "3/23/2022").into(), "line 5: `3/23/2022` is not a date as in 03/08/2023"),
        (changed("Latitude", "north").into(), "line 5: `north`, `-122.27009` is no place on earth"),
        (changed("Latitude", "NaN").into(), "line 5: `NaN`, `-122.27009` is no place on earth"),
        (changed("Longitude", "-1222.7").into(), "line 5: `37.782147`, `-1222.7` is no place on earth"),
        (changed("Longitude", "No Data").into(), "line 5: `37.782147`, `` is no place on earth"),
        (twice().text("\n").into(), "line 1072: the same code as in line 5"),
        (garbled("Alameda Unified", b"Alameda \xff Unified"), "line 5: not a text in UTF-8"),
        (garbled("Alameda\tAlameda Unified", b"Alameda Alameda Unified"), "line 5: 16 columns instead of 17"),
        (
            garbled("Alameda Unified", b"Alameda\nUnified"),
            "line 5: 3 columns instead of 17\nline 6: 15 columns instead of 17",
        ),
    ]
}

#[test]
fn every_fault_is_named_with_its_line_and_nothing_changes() {
    with_record(async |service| {
        let before = contents(&service.db).await;
        for (file, reason) in faults() {
            let refused = import(&service, file, Options::default()).await.expect_err(reason);
            assert_eq!(refused.to_string(), reason);
        }
        assert!(contents(&service.db).await == before, "a refused file changes nothing");
    });
}

#[test]
fn many_faults_are_told_at_once_and_the_rest_counted() {
    with_empty(async |service| {
        let mut table = Table::published();
        table.rows.iter_mut().for_each(|row| "Nowhere".clone_into(&mut row[1]));
        let refused = import(&service, table.text("\n"), Options::default()).await.expect_err("a refusal").to_string();
        let lines: Vec<_> = refused.lines().collect();
        assert_eq!((lines.len(), lines[0], lines[20]), (21, "line 2: no county `Nowhere`", "and 974 more"));
    });
}

#[test]
fn a_file_that_was_cut_off_is_refused_or_lacks_only_a_few_whole_rows() {
    with_record(async |service| {
        imported(&service, FILE).await;
        let total = Table::published().districts().count();
        let before = RefCell::new(contents(&service.db).await);
        let anywhere = 0..FILE.len();
        // Near the end, where few rows are missing, and exactly behind rows and before line ends.
        let late = FILE.len() - 15_000..FILE.len();
        let rows: Vec<_> = FILE.match_indices('\n').map(|(at, _)| at).collect();
        let behind = (rows.len() - 80..rows.len(), 0..2_usize).prop_map(move |(row, more)| rows[row] + more);
        let cases = Config { cases: 60, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(cases, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let outcome = runner.run(&prop_oneof![anywhere, late, behind], |cut| {
            let file = &FILE[..cut];
            let is_whole_row = file.ends_with('\n') || FILE[cut..].starts_with('\n');
            let kept: Vec<&str> = file
                .lines()
                .skip(1)
                .filter(|line| ["00", "52", "54", "56"].contains(&line.split('\t').nth(13).unwrap_or_default()))
                .collect();
            let counties: BTreeSet<&str> = kept.iter().filter_map(|line| line.get(..2)).collect();
            let missing = total - kept.len();
            let is_taken = is_whole_row && missing * 100 <= total * 5 && counties.len() == 58;
            let check = async {
                let taken = import(&service, file, Options::default()).await;
                if taken.is_ok() != is_taken {
                    return Err(TestCaseError::fail(format!("cut at {cut}, {missing} missing: {taken:?}")));
                }
                if taken.is_ok() {
                    imported(&service, FILE).await;
                    before.replace(contents(&service.db).await);
                    return Ok(());
                }
                let after = contents(&service.db).await;
                if *before.borrow() != after {
                    return Err(TestCaseError::fail(format!("cut at {cut}: refused, and yet something changed")));
                }
                Ok(())
            };
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(check))
        });
        assert!(outcome.is_ok(), "{outcome:?}");
    });
}

#[test]
fn a_file_that_was_cut_off_behind_a_row_is_told_by_the_counties_that_are_missing() {
    with_empty(async |service| {
        let rows: Vec<&str> = FILE.lines().collect();
        let file = rows[..1040].join("\n");
        let refused = import(&service, &file, Options::default()).await.expect_err("a refusal").to_string();
        assert!(refused.contains("(Yolo, Yuba); it ends at line 1040"), "{refused}");
        let digit = Table::published().with("1964733", "DOC", "99").text("\n");
        let refused = import(&service, &digit, Options::default()).await.expect_err("a refusal").to_string();
        assert_eq!(refused, "line 323: the DOC 99 is not that of a `Unified School District`");
        let letters = Table::published().with("1964725", "District", "L\u{fffd}ng Beach Unified").text("\n");
        let refused = import(&service, &letters, Options::default()).await.expect_err("a refusal").to_string();
        assert!(refused.ends_with("is not a name"), "{refused}");
    });
}
