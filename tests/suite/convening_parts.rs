//! The strands and blocks of convenings.

use crate::expectations::viewers;
use lmi::auth::Role;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tests::fixtures::GATHERINGS;
use tests::{Answer, Service, contents, texts, with_fixture};

const STRANDS: &str = "mutation ($id: ID!, $version: Int!, $strands: [String!]) {
    updateConvening(id: $id, version: $version, input: {strands: $strands}) {
      convening { version strands { title } sessions { nodes { strand { position title } } } } userErrors { field code } } }";
const ADD: &str = "mutation ($input: AddSessionBlockInput!) { addSessionBlock(input: $input) {
    convening { version blocks { position title rounds sessions { number } } } userErrors { field code } } }";
const UPDATE: &str = "mutation ($id: ID!, $version: Int!, $position: Int!, $input: UpdateSessionBlockInput!) {
    updateSessionBlock(conveningId: $id, version: $version, position: $position, input: $input) {
      convening { version blocks { position title rounds sessions { number } } } userErrors { field code } } }";
const REMOVE: &str = "mutation ($id: ID!, $version: Int!, $position: Int!) {
    removeSessionBlock(conveningId: $id, version: $version, position: $position) {
      convening { version blocks { position title } } userErrors { field code } } }";

fn refusals(answer: &Answer, mutation: &str) -> Vec<String> {
    answer.lines(&format!("/{mutation}/userErrors"), &["/field", "/code"])
}

const NONE: [&str; 0] = [];

#[test]
fn sessions_stay_with_the_strand_of_their_position() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let id = &fixture.find("Convening", "draft").id;
        let set = async |version: i32, strands: Value| {
            staff.ask_with(STRANDS, &json!({ "id": id, "version": version, "strands": strands })).await
        };
        let named = set(1, json!(["Trust", "Teaching"])).await.at("/updateConvening/convening");
        assert_eq!(named["version"], 2, "whoever read it before has not seen its strands");
        assert_eq!(named["strands"], json!([{ "title": "Trust" }, { "title": "Teaching" }]));
        assert_eq!(named["sessions"]["nodes"][0]["strand"], json!({ "position": 1, "title": "Trust" }));
        assert_eq!(
            set(2, json!(["Trust", "Teaching"])).await.at("/updateConvening/convening/version"),
            2,
            "nothing differs"
        );
        let before = contents(&service.db).await;
        assert_eq!(refusals(&set(2, json!([])).await, "updateConvening"), ["[\"strands\"] | IN_USE"]);
        assert_eq!(refusals(&set(2, Value::Null).await, "updateConvening"), ["[\"strands\"] | IN_USE"]);
        assert_eq!(refusals(&set(1, json!(["Late"])).await, "updateConvening"), ["[\"version\"] | STALE_VERSION"]);
        assert!(contents(&service.db).await == before, "nothing was written");
        assert_eq!(
            set(2, json!(["Trust"])).await.at("/updateConvening/convening/strands"),
            json!([{ "title": "Trust" }])
        );
        let history = "query ($id: ID!) { convening(by: {id: $id}) { history { nodes { part action } } } }";
        let parts = staff.ask_with(history, &json!({ "id": id })).await;
        let parts = parts.lines("/convening/history/nodes", &["/part", "/action"]);
        assert!(parts.contains(&"strand | DELETED".to_owned()), "{parts:?}");
    });
}

#[test]
fn a_strand_of_the_released_agenda_goes_once_the_next_is_released() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let convening = fixture.find("Convening", "programme");
        let emptied = "UPDATE session SET strand_id = NULL FROM convening WHERE convening.id = convening_id AND convening.slug = 'programme'";
        service.db.execute_unprepared(emptied).await.expect("sessions of no strand");
        let set = async |version: i32| {
            let document = STRANDS.replace("{ field code }", "{ field code message }");
            staff.ask_with(&document, &json!({ "id": convening.id, "version": version, "strands": [] })).await
        };
        let before = contents(&service.db).await;
        let refused = set(1).await;
        assert_eq!(refusals(&refused, "updateConvening"), ["[\"strands\"] | IN_USE"]);
        let message = refused.at("/updateConvening/userErrors/0/message");
        assert!(message.as_str().is_some_and(|message| message.contains("Release the agenda first")), "{message}");
        assert!(contents(&service.db).await == before, "nothing was written");
        let release = "mutation ($id: ID!) { releaseAgenda(conveningId: $id, version: 1) { userErrors { code } } }";
        let released = staff.ask_with(release, &json!({ "id": convening.id })).await;
        assert_eq!(released.at("/releaseAgenda/userErrors"), json!([]), "{}", released.text);
        assert_eq!(set(2).await.at("/updateConvening/convening/strands"), json!([]));
    });
}

#[test]
fn blocks_come_change_and_go_with_the_sessions_in_them() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let id = &fixture.find("Convening", "draft").id;
        let session = |number: i32| fixture.find("Session", &format!("agenda-of-draft-{number}")).id.clone();
        let input = json!({ "conveningId": id, "title": "Afternoon", "rounds": 2, "sessionIds": [session(2)] });
        let added = staff.ask_with(ADD, &json!({ "input": input })).await.at("/addSessionBlock/convening");
        assert_eq!(added["version"], 2);
        let morning =
            json!({ "position": 1, "title": "Block agenda-of-draft", "rounds": 1, "sessions": [{ "number": 1 }] });
        let afternoon = json!({ "position": 2, "title": "Afternoon", "rounds": 2, "sessions": [{ "number": 2 }] });
        assert_eq!(added["blocks"], json!([morning, afternoon]), "a session is in one block");
        let change = async |version: i32, position: i32, input: Value| {
            staff.ask_with(UPDATE, &json!({ "id": id, "version": version, "position": position, "input": input })).await
        };
        let changed = change(2, 2, json!({ "rounds": null })).await.at("/updateSessionBlock/convening/blocks/1");
        assert_eq!(
            changed,
            json!({ "position": 2, "title": "Afternoon", "rounds": null, "sessions": [{ "number": 2 }] })
        );
        assert_eq!(change(3, 2, json!({ "title": "Afternoon" })).await.at("/updateSessionBlock/convening/version"), 3);
        let before = contents(&service.db).await;
        let remove = async |version: i32, position: i32| {
            staff.ask_with(REMOVE, &json!({ "id": id, "version": version, "position": position })).await
        };
        assert_eq!(refusals(&remove(3, 1).await, "removeSessionBlock"), ["[\"position\"] | IN_USE"]);
        assert_eq!(refusals(&remove(3, 3).await, "removeSessionBlock"), ["[\"position\"] | NOT_FOUND"]);
        assert_eq!(refusals(&remove(2, 1).await, "removeSessionBlock"), ["[\"version\"] | STALE_VERSION"]);
        let other = fixture.find("Session", "agenda-of-selected-1").id.clone();
        let foreign = change(3, 2, json!({ "sessionIds": [other] })).await;
        assert_eq!(refusals(&foreign, "updateSessionBlock"), ["[\"sessionIds\"] | INVALID"]);
        let wrong = change(3, 2, json!({ "title": null, "rounds": 0 })).await;
        let expected = ["[\"title\"] | REQUIRED", "[\"rounds\"] | INVALID"];
        assert_eq!(refusals(&wrong, "updateSessionBlock"), expected);
        assert!(contents(&service.db).await == before, "nothing was written");
        assert_eq!(refusals(&change(3, 1, json!({ "sessionIds": [] })).await, "updateSessionBlock"), NONE);
        let left = remove(4, 1).await.at("/removeSessionBlock/convening");
        assert_eq!(left, json!({ "version": 5, "blocks": [{ "position": 1, "title": "Afternoon" }] }));
        let blocks = "SELECT concat_ws(' ', number, session.version, block_id IS NULL) AS text FROM session \
            JOIN convening ON convening.id = convening_id WHERE convening.slug = 'draft' ORDER BY number";
        assert_eq!(texts(&service.db, blocks).await, ["1 2 t", "2 2 f"], "their sessions stay");
    });
}

#[test]
fn only_those_whose_convening_it_is_can_change_its_blocks() {
    with_fixture(async |service, fixture| {
        service.db.execute_unprepared("UPDATE session SET block_id = NULL").await.expect("empty blocks");
        let before = contents(&service.db).await;
        for viewer in viewers(&fixture) {
            let asked: Service = viewer.service(&service);
            for gathering in GATHERINGS {
                let row = fixture.find("Convening", gathering.name);
                let own = viewer.changes(gathering.name);
                let hidden = if viewer.sees(&row.parts) { "FORBIDDEN" } else { "NOT_FOUND" };
                let place = json!({ "id": row.id, "version": 0, "position": 1, "input": { "title": "Taken over" } });
                for (mutation, document) in [("updateSessionBlock", UPDATE), ("removeSessionBlock", REMOVE)] {
                    let answer = asked.ask_with(document, &place).await;
                    if own {
                        assert_eq!(refusals(&answer, mutation), ["[\"version\"] | STALE_VERSION"], "{}", viewer.name);
                    } else {
                        assert_eq!(answer.codes(), [hidden], "{}: {}", viewer.name, gathering.name);
                    }
                }
                // An id within an input is a field that is wrong.
                let input = json!({ "conveningId": row.id, "title": "Block", "rounds": 0 });
                let answer = asked.ask_with(ADD, &json!({ "input": input })).await;
                match (own, hidden) {
                    (true, _) => assert_eq!(refusals(&answer, "addSessionBlock"), ["[\"rounds\"] | INVALID"]),
                    (false, "FORBIDDEN") => assert_eq!(answer.codes(), ["FORBIDDEN"], "{}", viewer.name),
                    _ => assert_eq!(refusals(&answer, "addSessionBlock")[0], "[\"conveningId\"] | NOT_FOUND"),
                }
            }
        }
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}
