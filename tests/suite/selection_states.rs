//! Every mutation that moves a team, from every state, before decisions are published and after.

use crate::writes::refusals;
use lmi::auth::Role;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tests::fixtures::{DISTRICTS, Fixture, status_of};
use tests::{Service, contents, with_fixture};

/// The mutations, each with the state that it leads to.
const MOVES: [(&str, &str); 6] = [
    ("confirmTeam(id: $id, version: 1)", "CONFIRMED"),
    ("declineTeam(id: $id, version: 1)", "DECLINED"),
    ("withdrawTeam(id: $id, version: 1)", "WITHDRAWN"),
    ("decideTeam(id: $id, decisionVersion: 0, status: SELECTED, reason: \"x\")", "SELECTED"),
    ("decideTeam(id: $id, decisionVersion: 0, status: WAITLISTED, reason: \"x\")", "WAITLISTED"),
    ("decideTeam(id: $id, decisionVersion: 0, status: NOT_SELECTED, reason: \"x\")", "NOT_SELECTED"),
];

/// By hand from the domain: what can be reached from each state, before decisions are published and after.
#[rustfmt::skip]
const LEGAL: [(&str, &[&str], &[&str]); 12] = [
    ("Draft",       &["SUBMITTED", "WITHDRAWN"],                               &["SUBMITTED", "WITHDRAWN"]),
    ("Submitted",   &["SELECTED", "WAITLISTED", "NOT_SELECTED", "WITHDRAWN"],  &["SELECTED", "WAITLISTED", "NOT_SELECTED", "WITHDRAWN"]),
    ("Selected",    &["WAITLISTED", "NOT_SELECTED", "WITHDRAWN"],              &["CONFIRMED", "DECLINED", "EXPIRED", "WITHDRAWN"]),
    ("Waitlisted",  &["SELECTED", "NOT_SELECTED", "WITHDRAWN"],                &["OFFERED", "WITHDRAWN"]),
    ("NotSelected", &["SELECTED", "WAITLISTED"],                               &[]),
    ("Offered",     &["CONFIRMED", "DECLINED", "EXPIRED", "WITHDRAWN"],        &["CONFIRMED", "DECLINED", "EXPIRED", "WITHDRAWN"]),
    ("Confirmed",   &["WITHDRAWN", "ATTENDED", "NO_SHOW"],                     &["WITHDRAWN", "ATTENDED", "NO_SHOW"]),
    ("Declined",    &[],                                                       &[]),
    ("Expired",     &[],                                                       &[]),
    ("Withdrawn",   &[],                                                       &[]),
    ("Attended",    &[],                                                       &[]),
    ("NoShow",      &[],                                                       &[]),
];

/// The gatherings whose teams are moved: each has one in every state.
const GATHERINGS: [(&str, bool); 2] = [("selected", false), ("decided", true)];

const KEEP: &str = "CREATE TABLE kept AS SELECT * FROM team";
const RESTORE: &str = "
UPDATE team SET (status, attended_on, version, updated_at, decision_version, decision_reason, waitlist_position, answer_due_at) =
  (SELECT status, attended_on, version, updated_at, decision_version, decision_reason, waitlist_position, answer_due_at FROM kept
   WHERE kept.id = team.id)";

fn sorted(states: &Value) -> Vec<String> {
    let states = states.as_array().into_iter().flatten();
    let mut states: Vec<String> = states.filter_map(|state| state.as_str().map(str::to_owned)).collect();
    states.sort_unstable();
    states
}

async fn try_all(service: &Service, fixture: &Fixture, gathering: &str, published: bool) -> (usize, usize) {
    let staff = service.as_role(Role::Staff);
    let (mut made, mut refused) = (0, 0);
    for district in DISTRICTS {
        let status = format!("{:?}", status_of(district, gathering));
        let (_, before, after) = LEGAL.iter().find(|(from, ..)| *from == status).expect("every state");
        let legal = if published { after } else { before };
        let id = json!({ "id": fixture.find("Team", &format!("{gathering}-{district}")).id });
        for (mutation, target) in MOVES {
            let name = mutation.split('(').next().unwrap_or_default();
            let document = format!(
                "mutation ($id: ID!) {{ {mutation} {{ team {{ status }} userErrors {{ field code allowed message }} }} }}"
            );
            let stood = contents(&service.db).await;
            let answer = staff.ask_with(&document, &id).await;
            if legal.contains(&target) {
                assert_eq!(refusals(&answer, name), Vec::<String>::new(), "{status} {mutation} {published}");
                assert_eq!(answer.at(&format!("/{name}/team/status")), target, "{status} {mutation} {published}");
                service.db.execute_unprepared(RESTORE).await.expect("as it was");
                made += 1;
            } else {
                let errors = answer.at(&format!("/{name}/userErrors"));
                assert_eq!(errors[0]["code"], "ILLEGAL_TRANSITION", "{status} {mutation} {published}: {errors}");
                let mut expected: Vec<String> = legal.iter().map(|&state| state.to_owned()).collect();
                expected.sort_unstable();
                assert_eq!(sorted(&errors[0]["allowed"]), expected, "{status} {mutation} {published}");
                assert_eq!(answer.at(&format!("/{name}/team")), Value::Null);
                assert!(contents(&service.db).await == stood, "a move that is refused writes nothing");
                refused += 1;
            }
        }
    }
    (made, refused)
}

#[test]
fn every_move_that_is_not_listed_is_refused_and_names_those_that_are() {
    with_fixture(async |service, fixture| {
        service.db.execute_unprepared(KEEP).await.expect("a copy");
        let (mut made, mut refused) = (0, 0);
        for (gathering, published) in GATHERINGS {
            let (some, others) = try_all(&service, &fixture, gathering, published).await;
            made += some;
            refused += others;
        }
        // Of the moves above, those that one of these mutations makes.
        assert_eq!((made, refused), (30, 2 * 12 * 6 - 30));
    });
}

#[test]
fn what_can_be_done_with_a_team_names_the_moves_that_it_can_make() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        for (gathering, published) in GATHERINGS {
            for district in DISTRICTS {
                let status = format!("{:?}", status_of(district, gathering));
                let (_, before, after) = LEGAL.iter().find(|(from, ..)| *from == status).expect("every state");
                let legal = if published { after } else { before };
                let id = json!({ "id": fixture.find("Team", &format!("{gathering}-{district}")).id });
                let can = staff.ask_with("query ($id: ID!) { team(id: $id) { can } }", &id).await.at("/team/can");
                let told = |word: &str| can.as_array().is_some_and(|can| can.contains(&json!(word)));
                for (word, target) in [("confirm", "CONFIRMED"), ("decline", "DECLINED"), ("withdraw", "WITHDRAWN")] {
                    assert_eq!(told(word), legal.contains(&target), "{gathering} {status} {word}: {can}");
                }
                let decides = legal.iter().any(|state| ["SELECTED", "WAITLISTED", "NOT_SELECTED"].contains(state));
                assert_eq!(told("decide"), decides, "{gathering} {status}: {can}");
            }
        }
    });
}
