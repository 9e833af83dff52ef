//! What somebody wrote is public once somebody approved it; single answers are for evaluators, without times.

use crate::surveying::{Asked, answer, create_open, public, step};
use lmi::auth::{Grant, Role, Scope};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::{Answer, Service, contents, texts, with_empty, with_fixture};

const MODERATE: &str = "mutation ($id: ID!, $to: ModerationStatus!) { moderateAnswer(id: $id, moderation: $to) {
    answer { text moderation } userErrors { field code } } }";
const WRITTEN: &str = "query ($id: ID!) { survey(id: $id) { items { writtenAnswers(first: 100) {
    totalCount nodes { id text moderation } } } results { items { words { word } } } } }";

/// Headlines of twelve teams.
async fn headlines(service: &Service) -> Asked {
    let asked =
        create_open(service, &public("News", &json!([{ "kind": "HEADLINE", "prompt": "What do you take home?" }])))
            .await;
    for number in 0..12 {
        let text = format!("Headline {}", char::from(b'a' + number));
        answer(service, &asked, &json!([{ "itemId": asked.items[0], "text": text }])).await;
    }
    asked
}

async fn written(service: &Service, asked: &Asked) -> Value {
    let answer = service.ask_with(WRITTEN, &json!({ "id": asked.id })).await;
    answer.at("/survey/items/0/writtenAnswers")
}

async fn moderate(service: &Service, id: &Value, to: &str) -> Answer {
    service.ask_with(MODERATE, &json!({ "id": id, "to": to })).await
}

#[test]
fn what_was_approved_everybody_reads_and_nothing_else() {
    with_empty(async |service| {
        let asked = headlines(&service).await;
        let staff = service.as_role(Role::Staff);
        assert_eq!(written(&staff, &asked).await["totalCount"], 0, "nobody reads along while answers come in");
        assert_eq!(step(&service, "closeSurvey", &asked).await, [""; 0]);
        let nodes = written(&staff, &asked).await["nodes"].as_array().expect("texts").clone();
        assert_eq!(nodes.len(), 12, "{nodes:?}");
        assert_eq!(written(&service, &asked).await, json!({ "totalCount": 0, "nodes": [] }));
        let (approved, rejected) = (&nodes[0], &nodes[1]);
        let moderated = moderate(&staff, &approved["id"], "APPROVED").await;
        assert_eq!(moderated.at("/moderateAnswer/answer/moderation"), "APPROVED", "{}", moderated.text);
        moderate(&staff, &rejected["id"], "REJECTED").await;
        assert_eq!(step(&service, "publishResults", &asked).await, [""; 0]);
        for service in [service.clone(), service.as_role(Role::TeamLead), service.as_role(Role::Auditor)] {
            let told = service.ask_with(WRITTEN, &json!({ "id": asked.id })).await;
            assert_eq!(told.at("/survey/items/0/writtenAnswers/totalCount"), 1);
            assert!(told.text.contains(approved["text"].as_str().expect("a text")), "{}", told.text);
            for other in &nodes[1..] {
                assert!(!told.text.contains(other["text"].as_str().expect("a text")), "{}", told.text);
            }
            let of = json!({ "id": rejected["id"] });
            let found = service.ask_with("query ($id: ID!) { node(id: $id) { id } }", &of).await;
            assert_eq!(found.at("/node"), Value::Null);
        }
        // It is taken back as easily.
        moderate(&staff, &approved["id"], "PENDING").await;
        assert_eq!(written(&service, &asked).await["totalCount"], 0);
    });
}

#[test]
fn what_fewer_than_ten_wrote_or_answered_nobody_ever_reads() {
    const ALONE: &str = "query ($id: ID!) { survey(id: $id) { responses { totalCount }
        results { responses fullItems { cells { count } } } items { writtenAnswers { totalCount } } } }";
    with_empty(async |service| {
        let asked = json!([{ "kind": "LIKERT", "prompt": "Was it good?" }, { "kind": "OPEN_TEXT", "prompt": "Why?" }]);
        let asked = create_open(&service, &public("News", &asked)).await;
        for _ in 0..9 {
            let given =
                json!([{ "itemId": asked.items[0], "rating": 1 }, { "itemId": asked.items[1], "text": "A secret" }]);
            answer(&service, &asked, &given).await;
        }
        assert_eq!(step(&service, "closeSurvey", &asked).await, [""; 0]);
        for role in [Role::Staff, Role::Evaluator, Role::Auditor, Role::Admin] {
            let told = service.as_role(role).ask_with(ALONE, &json!({ "id": asked.id })).await;
            assert!(!told.text.contains("\"count\":9") && !told.text.contains("secret"), "{role:?}: {}", told.text);
            assert_eq!(told.at("/survey/items/1/writtenAnswers/totalCount"), 0, "{role:?}");
            assert_eq!(told.at("/survey/results/0/responses"), Value::Null, "{role:?}");
            if role == Role::Evaluator {
                assert_eq!(told.at("/survey/responses/totalCount"), 0);
                assert_eq!(told.at("/survey/results/0/fullItems"), json!([]));
            }
        }
    });
}

#[test]
fn only_those_who_run_a_survey_moderate_what_was_written() {
    with_fixture(async |service, fixture| {
        let of = |name: &str| json!(fixture.find("WrittenAnswer", name).id);
        let pending = of("pending-text-of-completed");
        let before = contents(&service.db).await;
        let elsewhere = Grant::new(Role::Organizer, Scope::Convening(fixture.key("Convening", "draft")));
        let lead = Grant::new(Role::TeamLead, Scope::District(fixture.key("District", "alder")));
        for (refused, code) in [
            (service.clone(), "NOT_FOUND"),
            (service.as_grants(vec![elsewhere]), "NOT_FOUND"),
            (service.as_grants(vec![lead]), "NOT_FOUND"),
            (service.as_role(Role::Evaluator), "FORBIDDEN"),
            (service.as_role(Role::Auditor), "NOT_FOUND"),
        ] {
            let answer = moderate(&refused, &pending, "APPROVED").await;
            assert!(answer.codes() == [code], "{code}: {}", answer.text);
        }
        // Whoever reads what was approved takes it back no more than that.
        let approved = of("approved-text-of-completed");
        assert_eq!(moderate(&service, &approved, "REJECTED").await.codes(), ["UNAUTHENTICATED"]);
        assert!(contents(&service.db).await == before);
        let own = Grant::new(Role::Organizer, Scope::Convening(fixture.key("Convening", "completed")));
        let done = moderate(&service.as_grants(vec![own]), &pending, "APPROVED").await;
        assert_eq!(done.at("/moderateAnswer/answer/moderation"), "APPROVED", "{}", done.text);
    });
}

#[test]
fn texts_come_in_an_order_that_tells_nothing() {
    with_empty(async |service| {
        let asked = headlines(&service).await;
        assert_eq!(step(&service, "closeSurvey", &asked).await, [""; 0]);
        // By their keys, all of whose bits are drawn by chance.
        let keys = "SELECT id::text AS text FROM written_answer ORDER BY id";
        let keys = texts(&service.db, keys).await;
        assert!(keys.iter().all(|key| key.as_bytes()[14] == b'4'), "{keys:?}");
        let by_key = "SELECT text FROM written_answer ORDER BY id";
        let by_key = texts(&service.db, by_key).await;
        let told = written(&service.as_role(Role::Staff), &asked).await;
        let told: Vec<Value> = told["nodes"].as_array().expect("texts").iter().map(|one| one["text"].clone()).collect();
        assert_eq!((told.len(), told), (12, by_key.into_iter().map(Value::from).collect()));
    });
}

#[test]
fn evaluators_see_single_answers_without_times_and_nobody_else_does() {
    with_empty(async |service| {
        let items = json!([{ "kind": "SINGLE_CHOICE", "prompt": "Which?", "options": ["A", "B"] }]);
        let asked = create_open(&service, &public("Ways", &items)).await;
        for place in [1, 2].repeat(6) {
            answer(&service, &asked, &json!([{ "itemId": asked.items[0], "choices": [place] }])).await;
        }
        let document =
            "query ($id: ID!) { survey(id: $id) { responses(first: 100) { totalCount nodes { answers { chosen
            item { prompt } } } } } }";
        let of = json!({ "id": asked.id });
        assert_eq!(step(&service, "closeSurvey", &asked).await, [""; 0]);
        let evaluator = service.as_role(Role::Evaluator);
        let seen = evaluator.ask_with(document, &of).await.at("/survey/responses");
        assert_eq!(seen["totalCount"], 12);
        assert_eq!(seen["nodes"][0]["answers"][0]["item"]["prompt"], "Which?");
        for role in [Role::Partner, Role::TeamLead, Role::Organizer, Role::Staff, Role::Auditor, Role::Admin] {
            let seen = service.as_role(role).ask_with(document, &of).await.at("/survey/responses");
            assert_eq!(seen, Value::Null, "{role:?}");
        }
        // Neither the schema nor the table knows when or who.
        for (typename, expected) in [
            ("Response", vec!["answers"]),
            ("Answer", vec!["chosen", "item"]),
            ("WrittenAnswer", vec!["id", "item", "moderation", "text"]),
        ] {
            let fields = format!("{{ __type(name: \"{typename}\") {{ fields {{ name }} }} }}");
            let fields = service.ask(&fields).await.each("/__type/fields", "/name");
            let fields: BTreeSet<&str> = fields.iter().filter_map(Value::as_str).collect();
            assert_eq!(fields, expected.into_iter().collect(), "{typename}");
        }
    });
}
