//! The log tells neither what was answered nor by which link or ballot.

use crate::program::{DataFolder, Serving, ask};
use crate::surveying::{create_open, public};
use sea_orm::ConnectionTrait as _;
use serde_json::json;
use tests::{texts, with_empty};

/// What somebody writes.
const TEXT: &str = "Quixotic afternoons";

#[test]
fn the_log_holds_no_answer_no_link_and_no_ballot_even_where_something_fails() {
    with_empty(async |service| {
        let items = json!([{ "kind": "OPEN_TEXT", "prompt": "Why?" }]);
        let asked = create_open(&service, &public("Ways", &items)).await;
        let folder = DataFolder::new();
        let mut program = folder.lmi();
        program.env("DATABASE_URL", &service.url).env("LMI_LOG", "warn,lmi=trace");
        let mut serving = Serving::run(program);
        let address = serving.address();
        let sent = |document: String| ask(address, &document).expect("an answer");
        let open = || {
            let opened = sent(format!("mutation {{ openBallot(input: {{surveyId: {}}}) {{ ballot }} }}", asked.id));
            opened
                .pointer("/data/openBallot/ballot")
                .and_then(|ballot| ballot.as_str())
                .unwrap_or_else(|| panic!("a ballot: {opened}"))
                .to_owned()
        };
        let cast = |ballot: &str| {
            sent(format!(
                "mutation {{ castBallot(input: {{ballot: \"{ballot}\", answers: [{{itemId: {}, text: \"{TEXT}\"}}]}}) \
                 {{ cast userErrors {{ message }} }} }}",
                asked.items[0]
            ))
        };
        let ballots = [open(), open()];
        assert_eq!(cast(&ballots[0]).pointer("/data/castBallot/cast"), Some(&json!(true)));
        assert_eq!(cast(&ballots[0]).pointer("/data/castBallot/cast"), Some(&json!(false)));
        let token = "a-link-that-nobody-made";
        sent(format!("mutation {{ openBallot(input: {{token: \"{token}\"}}) {{ userErrors {{ message }} }} }}"));
        // The database refuses what somebody wrote, and says of which row.
        let refuse = "ALTER TABLE written_answer ADD CONSTRAINT refuses_it CHECK (false) NOT VALID";
        service.db.execute_unprepared(refuse).await.expect("a fault");
        let failed = cast(&ballots[1]);
        assert_eq!(failed.pointer("/errors/0/extensions/code"), Some(&json!("INTERNAL_SERVER_ERROR")), "{failed}");
        assert!(!failed.to_string().contains(TEXT), "{failed}");
        let log = serving.log();
        assert!(log.contains("refuses_it"), "the fault is logged: {log}");
        let hashes = texts(&service.db, "SELECT encode(hash, 'hex') AS text FROM ballot").await;
        assert_eq!(hashes.len(), 1);
        let secrets = ballots.iter().chain(&hashes).map(String::as_str);
        for told in secrets.chain([TEXT, "Quixotic", token]) {
            assert!(!log.contains(told), "the log tells `{told}`: {log}");
        }
    });
}
