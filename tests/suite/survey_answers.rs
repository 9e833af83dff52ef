//! How surveys are answered: once by each link, whatever fails on the way, and so that nothing tells who answered what.

use crate::surveying::{Asked, cast, create_open, how_they_come, open_ballot, public, step};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use lmi::auth::{Grant, Role, Scope};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::fixtures::Fixture;
use tests::{Answer, Service, contents, texts, with_empty, with_fixture};

const LINKS: &str = "mutation ($id: ID!) { createSurveyLinks(id: $id) { links { teamId name url }
    userErrors { field code } } }";
const TEAM_LINK: &str = "mutation ($survey: ID!, $team: ID!) { createTeamSurveyLink(surveyId: $survey, teamId: $team) {
    link { name url } userErrors { field code } } }";

/// The survey of the participants, or the teams, of a gathering.
async fn at_gathering(service: &Service, fixture: &Fixture, audience: &str) -> Asked {
    let mut input = public("Ways", &how_they_come());
    input["audience"] = json!(audience);
    input["conveningId"] = json!(fixture.find("Convening", "completed").id);
    create_open(service, &input).await
}

/// The tokens of new links.
async fn tokens(service: &Service, asked: &Asked) -> Vec<String> {
    let answer = service.as_role(Role::Staff).ask_with(LINKS, &json!({ "id": asked.id })).await;
    answer.each("/createSurveyLinks/links", "/url").iter().map(token).collect()
}

fn token(url: &Value) -> String {
    let (page, token) = url.as_str().and_then(|url| url.split_once('#')).expect("a link");
    assert_eq!(page, "https://lmi.example.org/survey");
    token.to_owned()
}

async fn by_token(service: &Service, token: &str) -> Answer {
    open_ballot(service, &json!({ "token": token })).await
}

fn refusals(answer: &Answer, mutation: &str) -> Vec<String> {
    answer.lines(&format!("/{mutation}/userErrors"), &["/field", "/code"])
}

#[test]
fn a_link_opens_its_one_ballot_again_until_that_is_cast() {
    with_fixture(async |service, fixture| {
        let asked = at_gathering(&service, &fixture, "PARTICIPANTS").await;
        let tokens = tokens(&service, &asked).await;
        assert!(tokens.len() > 1, "those who took part: {tokens:?}");
        // The answer to the first request was lost on its way: the next brings the same.
        let first = by_token(&service, &tokens[0]).await.at("/openBallot/ballot");
        let again = by_token(&service, &tokens[0]).await.at("/openBallot/ballot");
        assert_eq!(first, again);
        assert_ne!(first, by_token(&service, &tokens[1]).await.at("/openBallot/ballot"));
        let answers = json!([{ "itemId": asked.items[0], "choices": [1] }]);
        assert_eq!(cast(&service, &first, &answers).await.at("/castBallot/cast"), true);
        assert_eq!(refusals(&by_token(&service, &tokens[0]).await, "openBallot"), ["[\"token\"] | INVALID"]);
        assert_eq!(refusals(&cast(&service, &first, &answers).await, "castBallot"), ["[\"ballot\"] | INVALID"]);
        for wrong in ["", "x", first.as_str().expect("a ballot")] {
            assert_eq!(refusals(&by_token(&service, wrong).await, "openBallot"), ["[\"token\"] | INVALID"]);
        }
        assert_eq!(contents(&service.db).await["response"].len() - fixture_responses(), 1);
    });
}

/// The responses that the fixture has.
fn fixture_responses() -> usize {
    2 * tests::fixtures::GATHERINGS.len()
}

#[test]
fn what_fails_between_the_steps_loses_nothing_and_answers_nothing_twice() {
    with_fixture(async |service, fixture| {
        let asked = at_gathering(&service, &fixture, "PARTICIPANTS").await;
        let tokens = tokens(&service, &asked).await;
        let fail = async |table: &str| {
            let sql = format!(
                "CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS \
                 $$BEGIN RAISE 'the machine stops'; END$$; CREATE TRIGGER {table}_stops AFTER INSERT ON {table} \
                 EXECUTE FUNCTION fail()"
            );
            service.db.execute_unprepared(&sql).await.expect("a fault");
        };
        let mend = async |table: &str| {
            service.db.execute_unprepared(&format!("DROP TRIGGER {table}_stops ON {table}")).await.expect("mended");
        };
        // Marked as used, and no ballot handed out: neither is done.
        let before = contents(&service.db).await;
        fail("ballot").await;
        assert_eq!(by_token(&service, &tokens[0]).await.codes(), ["INTERNAL_SERVER_ERROR"]);
        mend("ballot").await;
        assert!(contents(&service.db).await == before);
        let ballot = by_token(&service, &tokens[0]).await.at("/openBallot/ballot");
        // The ballot is consumed, and what was answered is not kept: neither is done.
        let before = contents(&service.db).await;
        let answers = json!([{ "itemId": asked.items[0], "choices": [1] }]);
        for table in ["response", "answer"] {
            fail(table).await;
            assert_eq!(cast(&service, &ballot, &answers).await.codes(), ["INTERNAL_SERVER_ERROR"], "{table}");
            mend(table).await;
            assert!(contents(&service.db).await == before, "{table}");
        }
        assert_eq!(by_token(&service, &tokens[0]).await.at("/openBallot/ballot"), ballot, "the same one");
        assert_eq!(cast(&service, &ballot, &answers).await.at("/castBallot/cast"), true);
    });
}

#[test]
fn fifty_at_once_answer_once() {
    with_fixture(async |service, fixture| {
        let asked = at_gathering(&service, &fixture, "PARTICIPANTS").await;
        let token = tokens(&service, &asked).await.remove(0);
        let item = asked.items[0].clone();
        let sent = (0..50).map(|number| {
            let (service, token, item) = (service.clone(), token.clone(), item.clone());
            tokio::spawn(async move {
                let opened = by_token(&service, &token).await;
                let ballot = opened.at("/openBallot/ballot");
                if ballot.is_null() {
                    return false;
                }
                let answers = json!([{ "itemId": item, "choices": [1 + number % 3] }]);
                cast(&service, &ballot, &answers).await.at("/castBallot/cast") == true
            })
        });
        let mut counted = 0;
        for sent in sent.collect::<Vec<_>>() {
            counted += usize::from(sent.await.expect("an answer"));
        }
        assert_eq!(counted, 1);
        assert_eq!(contents(&service.db).await["response"].len() - fixture_responses(), 1);
    });
}

#[test]
fn a_team_answers_by_whoever_leads_it_and_once() {
    with_fixture(async |service, fixture| {
        let asked = at_gathering(&service, &fixture, "ONE_PER_TEAM").await;
        let team = fixture.rows.iter().find(|row| {
            row.typename == "Team"
                && row.name.starts_with("completed-")
                && row
                    .parts
                    .iter()
                    .any(|part| matches!(part, tests::fixtures::Part::Team(_, _, entity::team::Status::Attended)))
        });
        let team = team.expect("a team that attended");
        let district = team.name.trim_start_matches("completed-");
        let leads = |district: &str| {
            let scope = Scope::District(fixture.key("District", district));
            service.as_grants(vec![Grant::new(Role::TeamLead, scope)])
        };
        let of_team = json!({ "survey": asked.id, "team": team.id });
        let other = if district == "alder" { "birch" } else { "alder" };
        let refused = leads(other).ask_with(TEAM_LINK, &of_team).await;
        assert_eq!(refused.codes().len(), 1, "{}", refused.text);
        let link = leads(district).ask_with(TEAM_LINK, &of_team).await.at("/createTeamSurveyLink/link/url");
        let newer = leads(district).ask_with(TEAM_LINK, &of_team).await.at("/createTeamSurveyLink/link/url");
        assert_eq!(refusals(&by_token(&service, &token(&link)).await, "openBallot"), ["[\"token\"] | INVALID"]);
        let ballot = by_token(&service, &token(&newer)).await.at("/openBallot/ballot");
        let answers = json!([{ "itemId": asked.items[0], "choices": [1] }]);
        assert_eq!(cast(&service, &ballot, &answers).await.at("/castBallot/cast"), true);
        let again = leads(district).ask_with(TEAM_LINK, &of_team).await;
        assert_eq!(refusals(&again, "createTeamSurveyLink"), ["[\"teamId\"] | INVALID"]);
        let links = service.as_role(Role::Staff).ask_with(LINKS, &json!({ "id": asked.id })).await;
        let teams = links.each("/createSurveyLinks/links", "/teamId");
        assert!(!teams.is_empty() && !teams.contains(&json!(team.id)), "who has answered gets no other link");
    });
}

#[test]
fn nothing_in_the_database_leads_from_an_answer_to_a_person() {
    with_fixture(async |service, fixture| {
        let mut input = public(
            "Ways",
            &json!([
                { "kind": "SINGLE_CHOICE", "prompt": "How?", "options": ["Bus", "Bicycle"] },
                { "kind": "OPEN_TEXT", "prompt": "Why?" }
            ]),
        );
        input["audience"] = json!("PARTICIPANTS");
        input["conveningId"] = json!(fixture.find("Convening", "completed").id);
        let asked = create_open(&service, &input).await;
        let changes = contents(&service.db).await["change"].len();
        let tokens = tokens(&service, &asked).await;
        let mut shown = Vec::new();
        for token in &tokens {
            let ballot = by_token(&service, token).await.at("/openBallot/ballot");
            let answers =
                json!([{ "itemId": asked.items[0], "choices": [2] }, { "itemId": asked.items[1], "text": "Quixotic" }]);
            assert_eq!(cast(&service, &ballot, &answers).await.at("/castBallot/cast"), true);
            shown.push(ballot.as_str().expect("a ballot").to_owned());
        }
        let all = contents(&service.db).await;
        assert_eq!(all["change"].len(), changes, "no change row is written of answering");
        assert!(all["idempotent_answer"].is_empty());
        for (table, rows) in &all {
            let tells = rows.iter().any(|row| row.contains("Quixotic"));
            assert_eq!(tells, table == "written_answer", "{table}");
            let secret = |row: &String| tokens.iter().chain(&shown).any(|secret| row.contains(secret));
            assert!(!rows.iter().any(secret), "{table} keeps hashes of secrets");
        }
        // No column of what was answered holds a time, a person, or what an answer and a marker share.
        let columns = "SELECT table_name || '.' || column_name || ' ' || data_type AS text FROM information_schema.columns \
                       WHERE table_schema = 'public' AND table_name IN ('response', 'answer', 'written_answer', 'ballot', 'submission_marker') ORDER BY 1";
        assert_eq!(
            texts(&service.db, columns).await,
            [
                "answer.chosen ARRAY",
                "answer.id uuid",
                "answer.item_id uuid",
                "answer.response_id uuid",
                "ballot.hash bytea",
                "ballot.survey_id uuid",
                "response.counted boolean",
                "response.id uuid",
                "response.survey_id uuid",
                "submission_marker.holder bytea",
                "submission_marker.survey_id uuid",
                "submission_marker.token_hash bytea",
                "submission_marker.used boolean",
                "written_answer.counted boolean",
                "written_answer.id uuid",
                "written_answer.item_id uuid",
                "written_answer.moderation text",
                "written_answer.text text",
            ]
        );
        let versions = "SELECT substr(id::text, 15, 1) AS text FROM (SELECT id FROM response WHERE NOT counted UNION ALL \
                        SELECT id FROM written_answer WHERE text = 'Quixotic') AS keys";
        assert!(texts(&service.db, versions).await.iter().all(|version| version == "4"), "keys are random");
        assert_eq!(step(&service, "closeSurvey", &asked).await, [""; 0]);
        // All of it was written anew in one transaction.
        let written = "SELECT DISTINCT transaction::text AS text FROM (
            SELECT xmin AS transaction FROM submission_marker UNION ALL
            SELECT response.xmin FROM response JOIN survey ON survey.id = survey_id WHERE title = 'Ways' UNION ALL
            SELECT xmin FROM written_answer WHERE text = 'Quixotic') AS rows";
        assert_eq!(texts(&service.db, written).await.len(), 1);
        assert!(contents(&service.db).await["ballot"].is_empty());
    });
}

#[test]
fn rows_are_put_into_another_order_when_a_survey_is_closed() {
    with_empty(async |service| {
        let asked = create_open(&service, &public("Ways", &how_they_come())).await;
        crate::surveying::choose(&service, &asked, 1, 40).await;
        let order = "SELECT id::text AS text FROM response ORDER BY ctid";
        let before = texts(&service.db, order).await;
        assert_eq!(step(&service, "closeSurvey", &asked).await, [""; 0]);
        let after = texts(&service.db, order).await;
        assert_ne!(before, after);
        assert_eq!(before.into_iter().collect::<BTreeSet<_>>(), after.into_iter().collect::<BTreeSet<_>>());
    });
}

#[test]
fn nothing_is_kept_of_who_answers_under_an_idempotency_key() {
    with_empty(async |service| {
        let asked = create_open(&service, &public("Ways", &how_they_come())).await;
        let before = contents(&service.db).await;
        for document in [
            format!("mutation {{ openBallot(input: {{surveyId: {}}}) {{ ballot }} }}", asked.id),
            "mutation { ...M } fragment M on Mutation { castBallot(input: {ballot: \"b\", answers: []}) { cast } }"
                .to_owned(),
        ] {
            let request =
                Request::post("/graphql").header("content-type", "application/json").header("idempotency-key", "k");
            let body = json!({ "query": document }).to_string();
            let refused = service.send(request.body(Body::from(body)).expect("a request")).await;
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.text);
            assert!(refused.messages().contains("without an idempotency key"), "{}", refused.text);
        }
        assert!(contents(&service.db).await == before);
    });
}

#[test]
fn answers_are_taken_while_a_survey_is_open_and_within_its_times() {
    with_empty(async |service| {
        let mut input = public("Ways", &how_they_come());
        input["opensAt"] = json!("2026-06-01T13:00:00Z");
        input["closesAt"] = json!("2026-06-01T14:00:00Z");
        let asked = create_open(&service, &input).await;
        let of = json!({ "surveyId": asked.id });
        let later = |minutes| service.later(chrono::TimeDelta::minutes(minutes));
        assert_eq!(refusals(&open_ballot(&later(59), &of).await, "openBallot"), ["[\"surveyId\"] | NOT_FOUND"]);
        let ballot = open_ballot(&later(60), &of).await.at("/openBallot/ballot");
        assert_eq!(refusals(&open_ballot(&later(120), &of).await, "openBallot"), ["[\"surveyId\"] | NOT_FOUND"]);
        let answers = json!([{ "itemId": asked.items[0], "choices": [1] }]);
        assert_eq!(refusals(&cast(&later(120), &ballot, &answers).await, "castBallot"), ["[\"ballot\"] | INVALID"]);
        assert_eq!(cast(&later(119), &ballot, &answers).await.at("/castBallot/cast"), true);
        let ballot = open_ballot(&later(61), &of).await.at("/openBallot/ballot");
        assert_eq!(step(&service, "closeSurvey", &asked).await, [""; 0]);
        assert_eq!(refusals(&cast(&later(62), &ballot, &answers).await, "castBallot"), ["[\"ballot\"] | INVALID"]);
    });
}

#[test]
fn no_link_leads_to_what_its_holder_cannot_be_shown() {
    with_fixture(async |service, fixture| {
        let announce = async |announced: bool| {
            let status = if announced { "completed" } else { "draft" };
            let sql = format!(
                "UPDATE convening SET status = '{status}', announced = {announced}, agenda_published = {announced}, \
                 decisions_published = {announced} WHERE slug = 'completed'"
            );
            service.db.execute_unprepared(&sql).await.expect("another state");
        };
        let asked = at_gathering(&service, &fixture, "PARTICIPANTS").await;
        let token = tokens(&service, &asked).await.remove(0);
        announce(false).await;
        let before = contents(&service.db).await;
        let refused = service.as_role(Role::Staff).ask_with(LINKS, &json!({ "id": asked.id })).await;
        assert_eq!(refusals(&refused, "createSurveyLinks"), ["[\"surveyId\"] | INVALID"]);
        assert_eq!(refusals(&by_token(&service, &token).await, "openBallot"), ["[\"token\"] | INVALID"]);
        assert!(contents(&service.db).await == before, "the link is as good as before");
        announce(true).await;
        let opened = by_token(&service, &token).await;
        assert_eq!(opened.at("/openBallot/survey/title"), "Ways");
    });
}
