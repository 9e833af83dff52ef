//! Whoever leads a team learns nothing of a decision before decisions are published: not from a field, a count, a filter,
//! a version, a time, a refusal or what is missing.

use crate::selection_stage::Stage;
use crate::writes::refusals;
use lmi::auth::{Grant, Role, Scope};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tests::{Answer, Service, with_empty, with_fixture};

const STATUSES: [&str; 12] = [
    "DRAFT",
    "SUBMITTED",
    "SELECTED",
    "WAITLISTED",
    "NOT_SELECTED",
    "OFFERED",
    "CONFIRMED",
    "DECLINED",
    "EXPIRED",
    "WITHDRAWN",
    "ATTENDED",
    "NO_SHOW",
];

const TEAM: &str = "fragment All on Team { id status version updatedAt createdAt can decisionVersion decisionReason
    waitlistPosition answerDueAt memberCount statement submittedAt firstTime
    selectionOutcomes { decision reason selection { seed } }
    history(first: 100) { totalCount nodes { action part reason changes { field before after } } } }";

/// Everything that somebody sees of a team and its convening, and is told who tries to move it.
async fn seen(stage: &Stage, viewer: &Service, number: u128) -> String {
    let document = format!(
        "query ($team: ID!, $convening: ID!) {{ team(id: $team) {{ ...All district {{ teams {{ nodes {{ ...All }} }} }}
           convening {{ id status version updatedAt can decisionsPublished selections {{ number }} selectionMethod {{ seed }}
             history {{ totalCount }} teams(first: 100) {{ totalCount edges {{ cursor }} nodes {{ ...All }} }} }} }}
           node(id: $team) {{ ... on Team {{ ...All }} }} {} }} {TEAM}",
        STATUSES
            .map(|status| format!("{status}: teams(filter: {{status: [{status}], convening: $convening}}) {{ totalCount }}"))
            .join(" ")
    );
    let variables = json!({ "team": stage.team(number), "convening": stage.convening });
    let mut told = viewer.ask_with(&document, &variables).await.text;
    told += &viewer.get("/export/teams.csv", "text/csv").await.text;
    for mutation in ["confirmTeam", "declineTeam", "submitTeam"] {
        let answer = stage.say(viewer, mutation, number).await;
        let is_refused = !answer.codes().is_empty() || !refusals(&answer, mutation).is_empty();
        assert!(is_refused, "{mutation} is not for now");
        told += &answer.text;
    }
    for version in [0, 1, 2] {
        let decide = "mutation ($id: ID!, $version: Int!) {
            decideTeam(id: $id, decisionVersion: $version, status: SELECTED, reason: \"Mine.\") { userErrors { code } } }";
        told += &viewer.ask_with(decide, &json!({ "id": stage.team(number), "version": version })).await.text;
    }
    told
}

#[test]
fn a_lead_sees_the_same_before_and_after_everything_that_is_decided() {
    with_empty(async |service| {
        let stage = Stage::of(&service, 7, 3).await;
        let mut before = Vec::new();
        for number in 1..=7 {
            before.push(seen(&stage, &stage.lead(number), number).await);
        }
        let public = seen(&stage, &service, 1).await;
        let select =
            async |more: Value| assert_eq!(refusals(&stage.select(more).await, "selectTeams"), Vec::<String>::new());
        let unchanged = async |after: &str| {
            for number in 1..=7 {
                let now = seen(&stage, &stage.lead(number), number).await;
                assert!(now == before[usize::try_from(number).unwrap_or(0) - 1], "after {after}: {now}");
            }
            assert!(seen(&stage, &service, 1).await == public, "after {after}, to everybody");
        };
        select(json!({ "waitlistSize": 2 })).await;
        unchanged("lots were drawn").await;
        let waiting: Vec<Value> =
            stage.standing("waitlisted").await.iter().rev().map(|&number| stage.team(number)).collect();
        let reorder = "mutation ($id: ID!, $teams: [ID!]!) { reorderWaitlist(conveningId: $id, teamIds: $teams) { userErrors { code } } }";
        stage.staff.ask_with(reorder, &json!({ "id": stage.convening, "teams": waiting })).await.data();
        unchanged("the waiting list was ordered").await;
        let selected = stage.standing("selected").await;
        assert_eq!(decide(&stage, selected[0], 1, "NOT_SELECTED").await, Vec::<String>::new());
        unchanged("one was decided on by hand").await;
        select(json!({ "keepSelected": true, "seed": "another" })).await;
        unchanged("lots were drawn again").await;
        stage.publish(1).await.data();
        let confirmed = stage.say(&stage.lead(selected[1]), "confirmTeam", selected[1]).await;
        assert_eq!(confirmed.at("/confirmTeam/team/status"), "CONFIRMED", "now it is told");
    });
}

async fn decide(stage: &Stage, number: u128, version: i32, status: &str) -> Vec<String> {
    let document = format!(
        "mutation ($id: ID!, $version: Int!) {{ decideTeam(id: $id, decisionVersion: $version, status: {status}, reason: \"By hand.\") {{
           team {{ status decisionVersion }} userErrors {{ field code }} }} }}"
    );
    let answer = stage.staff.ask_with(&document, &json!({ "id": stage.team(number), "version": version })).await;
    refusals(&answer, "decideTeam")
}

#[test]
fn whoever_steps_back_is_answered_alike_whatever_was_decided() {
    with_empty(async |service| {
        let stage = Stage::of(&service, 6, 2).await;
        stage.select(json!({ "waitlistSize": 2 })).await.data();
        let mut answers = Vec::new();
        for status in ["selected", "waitlisted", "not_selected"] {
            let number = stage.standing(status).await[0];
            answers.push(stage.say(&stage.lead(number), "withdrawTeam", number).await.text);
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        // Whoever decides is told how it stands: a team that was not selected has nothing to step back from.
        let other = stage.standing("not_selected").await[0];
        let told = stage.say(&stage.staff, "withdrawTeam", other).await;
        assert_eq!(told.at("/withdrawTeam/userErrors/0/allowed"), json!(["SELECTED", "WAITLISTED"]));
    });
}

#[test]
fn once_decisions_are_published_each_lead_knows_the_own_and_no_other() {
    with_empty(async |service| {
        let stage = Stage::of(&service, 6, 2).await;
        stage.select(json!({})).await.data();
        let waiting = stage.standing("waitlisted").await;
        assert_eq!(decide(&stage, waiting[3], 1, "NOT_SELECTED").await, Vec::<String>::new());
        stage.publish(1).await.data();
        let document = format!(
            "query ($team: ID!, $other: ID!) {{ team(id: $team) {{ ...All }} other: team(id: $other) {{ id }} }} {TEAM}"
        );
        let ask = async |viewer: &Service, number: u128, other: u128| -> Answer {
            let variables = json!({ "team": stage.team(number), "other": stage.team(other) });
            viewer.ask_with(&document, &variables).await
        };
        let own = ask(&stage.lead(waiting[1]), waiting[1], waiting[0]).await;
        let team = own.at("/team");
        assert_eq!((&team["status"], &team["waitlistPosition"]), (&json!("WAITLISTED"), &json!(2)));
        assert_eq!((&team["decisionVersion"], &team["decisionReason"]), (&Value::Null, &Value::Null));
        assert_eq!(own.at("/other"), Value::Null);
        assert!(
            team["selectionOutcomes"][0]["reason"]
                .as_str()
                .is_some_and(|reason| reason.starts_with("No place was left"))
        );
        // Its history begins with what was told, and never says what was decided before, nor why.
        assert_eq!(team["history"]["totalCount"], 1, "{team}");
        assert!(!own.text.contains("By hand.") && !own.text.contains("decisionVersion\\\":"), "{}", own.text);
        let selected = stage.standing("selected").await;
        let due = ask(&stage.lead(selected[0]), selected[0], selected[1]).await;
        assert_eq!(due.at("/team/answerDueAt"), "2026-06-08T12:00:00+00:00");
        assert_eq!(due.at("/team/can"), json!(["update", "delete", "confirm", "decline", "withdraw"]));
        let staff = ask(&stage.staff, waiting[3], waiting[0]).await.at("/team");
        assert_eq!((&staff["decisionVersion"], &staff["decisionReason"]), (&json!(2), &json!("By hand.")));
        // The method is everybody's from now on, the outcomes are not.
        let method = "query ($id: ID!) { convening(by: {id: $id}) { selectionMethod { seed shortfalls { why } outcomes { totalCount } } selections { number } } }";
        let public = service.ask_with(method, &json!({ "id": stage.convening })).await;
        let expected =
            json!({ "seed": crate::selection_stage::SEED, "shortfalls": null, "outcomes": { "totalCount": 0 } });
        assert_eq!(public.at("/convening/selectionMethod"), expected);
        assert_eq!(public.at("/convening/selections"), Value::Null);
        let lead = stage.lead(waiting[1]).ask_with(method, &json!({ "id": stage.convening })).await;
        assert_eq!(lead.at("/convening/selectionMethod/outcomes/totalCount"), 1, "the own");
    });
}

/// Every state, each with no time to answer by, one that is over and one that is to come, where there can be such.
const IN_EVERY_STATE: &str = "
UPDATE team SET status = word, submitted_at = CASE WHEN word <> 'draft' THEN submitted_at END,
  attended_on = CASE WHEN word = 'attended' THEN '2026-10-08'::date END,
  answer_due_at = CASE WHEN word IN ('selected', 'offered') THEN (ARRAY[NULL, '2020-01-01Z', '2100-01-01Z']::timestamptz[])[1 + number % 3] END
FROM (SELECT id, number, words[1 + number / 3] AS word FROM (
  SELECT team.id, row_number() OVER (ORDER BY team.id)::integer - 1 AS number, ARRAY['draft', 'submitted', 'selected', 'waitlisted',
    'not_selected', 'offered', 'confirmed', 'declined', 'expired', 'withdrawn', 'attended', 'no_show'] AS words
  FROM team JOIN convening ON convening.id = convening_id WHERE convening.slug = 'symposium') AS numbered) AS stands
WHERE stands.id = team.id";

#[test]
fn a_filter_finds_what_is_shown_to_whoever_asks() {
    with_empty(async |service| {
        let stage = Stage::of(&service, 36, 10).await;
        service.db.execute_unprepared(IN_EVERY_STATE).await.expect("teams in every state");
        let leads: Vec<Grant> =
            (1..=36).map(|number| Grant::new(Role::TeamLead, Scope::District(Stage::district(number)))).collect();
        let asking = [stage.staff.clone(), service.clone(), stage.organizer(), service.as_grants(leads)];
        for publish in ["false", "true"] {
            let sql = format!("UPDATE convening SET decisions_published = {publish} WHERE slug = 'symposium'");
            service.db.execute_unprepared(&sql).await.expect("decisions that are told or not");
            for (who, viewer) in asking.iter().enumerate() {
                let all = found(viewer, &stage, None).await;
                for first in STATUSES {
                    for second in STATUSES {
                        let expected: Vec<&Value> =
                            all.iter().filter(|team| team["status"] == first || team["status"] == second).collect();
                        let found = found(viewer, &stage, Some([first, second])).await;
                        assert!(found.iter().eq(expected), "{first} and {second}, as {who}, published: {publish}");
                    }
                }
            }
        }
    });
}

/// The teams of the symposium, all or those of two states, with where they stand.
async fn found(viewer: &Service, stage: &Stage, statuses: Option<[&str; 2]>) -> Vec<Value> {
    let document = "query ($id: ID!, $status: [TeamStatus!]) {
        teams(first: 100, filter: {convening: $id, status: $status}) { nodes { id status } } }";
    let answer = viewer.ask_with(document, &json!({ "id": stage.convening, "status": statuses })).await;
    answer.at("/teams/nodes").as_array().cloned().expect("teams")
}

#[test]
fn nobody_decides_selects_or_publishes_who_does_not_run_the_convening() {
    with_fixture(async |service, fixture| {
        let (convening, team) = (&fixture.find("Convening", "closed").id, &fixture.find("Team", "closed-alder").id);
        let own = |scope| service.as_grants(vec![Grant::new(Role::Organizer, scope)]);
        let asking = [
            (
                "a lead",
                service.as_grants(vec![Grant::new(Role::TeamLead, Scope::District(fixture.key("District", "alder")))]),
            ),
            ("another organizer", own(Scope::Convening(fixture.key("Convening", "decided")))),
            ("a partner", service.as_role(Role::Partner)),
            ("an auditor", service.as_role(Role::Auditor)),
            ("an evaluator", service.as_role(Role::Evaluator)),
        ];
        let documents = [
            "mutation ($c: ID!) { selectTeams(input: {conveningId: $c, seed: \"s\", capacity: 3}) { userErrors { code } } }",
            "mutation ($c: ID!) { selectTeams(input: {conveningId: $c, seed: \"s\", capacity: 3, dryRun: true}) { userErrors { code } } }",
            "mutation ($c: ID!) { publishDecisions(id: $c, version: 1, answerDueAt: \"2027-01-01T00:00:00Z\") { userErrors { code } } }",
            "mutation ($c: ID!) { reorderWaitlist(conveningId: $c, teamIds: []) { userErrors { code } } }",
            "mutation ($c: ID!) { offerFreePlaces(conveningId: $c) { userErrors { code } } }",
            "mutation ($c: ID!, $t: ID!) { decideTeams(input: {conveningId: $c, decisions: [{teamId: $t, decisionVersion: 0, status: SELECTED, reason: \"x\"}]}) { userErrors { code } } }",
            "mutation ($t: ID!) { decideTeam(id: $t, decisionVersion: 0, status: SELECTED, reason: \"x\") { userErrors { code } } }",
        ];
        let before = tests::contents(&service.db).await;
        for document in documents {
            let variables = json!({ "c": convening, "t": team });
            for (name, asking) in &asking {
                let codes = asking.ask_with(document, &variables).await.codes();
                let hidden = document.contains("decideTeam(") && *name == "another organizer";
                assert_eq!(codes, [if hidden { "NOT_FOUND" } else { "FORBIDDEN" }], "{name}: {document}");
            }
            assert_eq!(service.ask_with(document, &variables).await.codes(), ["UNAUTHENTICATED"], "{document}");
        }
        assert!(tests::contents(&service.db).await == before, "nothing was written");
        let organizer = own(Scope::Convening(fixture.key("Convening", "closed")));
        let tried = organizer.ask_with(documents[1], &json!({ "c": convening })).await;
        assert_eq!(refusals(&tried, "selectTeams"), Vec::<String>::new(), "whoever runs it does");
    });
}
