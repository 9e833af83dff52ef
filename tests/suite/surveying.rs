//! What the tests of surveys share.

use lmi::auth::Role;
use serde_json::{Value, json};
use tests::{Answer, Service};

const CREATE: &str = "mutation ($input: CreateSurveyInput!) { createSurvey(input: $input) {
    survey { id version status items { id } } userErrors { field code message } } }";
const OPEN_BALLOT: &str = "mutation ($input: OpenBallotInput!) { openBallot(input: $input) {
    ballot survey { id title items { id kind } } userErrors { field code message } } }";
const CAST_BALLOT: &str = "mutation ($input: CastBallotInput!) { castBallot(input: $input) {
    cast userErrors { field code message } } }";
const RESULTS: &str = "query ($id: ID!) { survey(id: $id) { status results { id number status note responses
    items { prompt kind answered cells { label count } agreePercent mean median words { word count } }
    fullItems { answered cells { label count } agreePercent mean median words { word count } } } } }";

/// A survey that was made, with its items.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) id: Value,
    pub(crate) items: Vec<Value>,
}

/// A survey of no convening that anybody may answer.
pub(crate) fn public(title: &str, items: &Value) -> Value {
    json!({ "kind": "POLL", "title": title, "audience": "PUBLIC_LINK", "items": items })
}

/// Whether one comes by bus, by bicycle or on foot.
pub(crate) fn how_they_come() -> Value {
    json!([{ "kind": "SINGLE_CHOICE", "prompt": "How do you come?", "options": ["Bus", "Bicycle", "On foot"], "required": true }])
}

/// The answer to an attempt to add a survey.
pub(crate) async fn try_create(service: &Service, input: &Value) -> Answer {
    service.ask_with(CREATE, &json!({ "input": input })).await
}

/// Adds a survey.
pub(crate) async fn create(service: &Service, input: &Value) -> Asked {
    let made = try_create(&service.as_role(Role::Staff), input).await.at("/createSurvey/survey");
    let items = made["items"].as_array().expect("items").iter().map(|item| item["id"].clone()).collect();
    Asked { id: made["id"].clone(), items }
}

/// Adds a survey and opens it.
pub(crate) async fn create_open(service: &Service, input: &Value) -> Asked {
    let asked = create(service, input).await;
    assert_eq!(step(service, "openSurvey", &asked).await, [""; 0]);
    asked
}

/// Moves a survey by the staff: what stands in the way.
pub(crate) async fn step(service: &Service, mutation: &str, asked: &Asked) -> Vec<String> {
    let staff = service.as_role(Role::Staff);
    let version = staff.ask_with("query ($id: ID!) { survey(id: $id) { version } }", &json!({ "id": asked.id })).await;
    let document = format!(
        "mutation ($id: ID!, $version: Int!) {{ {mutation}(id: $id, version: $version) {{ survey {{ status }} \
         userErrors {{ field code allowed }} }} }}"
    );
    let variables = json!({ "id": asked.id, "version": version.at("/survey/version") });
    let answer = staff.ask_with(&document, &variables).await;
    answer.lines(&format!("/{mutation}/userErrors"), &["/field", "/code", "/allowed"])
}

/// The answer to opening a ballot.
pub(crate) async fn open_ballot(service: &Service, input: &Value) -> Answer {
    service.ask_with(OPEN_BALLOT, &json!({ "input": input })).await
}

/// The answer to casting a ballot.
pub(crate) async fn cast(service: &Service, ballot: &Value, answers: &Value) -> Answer {
    service.ask_with(CAST_BALLOT, &json!({ "input": { "ballot": ballot, "answers": answers } })).await
}

/// Answers a survey that anybody may answer, once.
pub(crate) async fn answer(service: &Service, asked: &Asked, answers: &Value) {
    let ballot = open_ballot(service, &json!({ "surveyId": asked.id })).await.at("/openBallot/ballot");
    let cast = cast(service, &ballot, answers).await;
    assert_eq!(cast.at("/castBallot/cast"), true, "{}", cast.text);
}

/// So many choose an option of the first item, by its place.
pub(crate) async fn choose(service: &Service, asked: &Asked, place: i32, many: usize) {
    for _ in 0..many {
        answer(service, asked, &json!([{ "itemId": asked.items[0], "choices": [place] }])).await;
    }
}

/// The results of a survey as somebody sees them, the latest first.
pub(crate) async fn results(service: &Service, asked: &Asked) -> Vec<Value> {
    let answer = service.ask_with(RESULTS, &json!({ "id": asked.id })).await;
    answer.at("/survey/results").as_array().expect("results").clone()
}

/// What is shown of the options of an item, with the number of answers first.
pub(crate) fn cells(result: &Value, item: usize) -> Vec<Value> {
    let item = &result["items"][item];
    let counts = item["cells"].as_array().expect("cells").iter().map(|cell| cell["count"].clone());
    std::iter::once(item["answered"].clone()).chain(counts).collect()
}
