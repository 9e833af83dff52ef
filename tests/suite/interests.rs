//! Which offerings districts would like to take part in, who may know, and how an offering becomes a convening.

use crate::expectations::viewers;
use crate::team_time::lead;
use crate::writes::refusals;
use entity::ids::OfferingId;
use lmi::auth::{Grant, Role, Scope};
use serde_json::{Value, json};
use tests::fixtures::{Fixture, Part, global_id};
use tests::{Answer, Service, contents, texts, with_fixture, with_record};

const EXPRESS: &str = "mutation ($input: ExpressInterestInput!) { expressInterest(input: $input) {
    interest { id version can note offering { name interestCount } district { slug } } userErrors { field code message } } }";
const UPDATE: &str = "mutation ($id: ID!, $version: Int!, $input: UpdateInterestInput!) {
    updateInterest(id: $id, version: $version, input: $input) { interest { note version } userErrors { field code } } }";
const WITHDRAW: &str = "mutation ($id: ID!, $version: Int!) { withdrawInterest(id: $id, version: $version) {
    interest { note } userErrors { field code } } }";
const DEMAND: &str = "query ($groupBy: [OfferingDemandDimension!]!, $offering: ID) {
    offeringDemand(groupBy: $groupBy, offering: $offering) { offering { name } county { name } region { number } districts } }";
const CONVENE: &str =
    "mutation ($input: CreateConveningFromOfferingInput!) { createConveningFromOffering(input: $input) {
    convening { slug kind status offering { name status convenings { slug } } } userErrors { field code message } } }";

async fn express(service: &Service, fixture: &Fixture, district: &str, note: Option<&str>) -> Answer {
    let offering = &fixture.find("Offering", "offering").id;
    let district = &fixture.find("District", district).id;
    let input = json!({ "offeringId": offering, "districtId": district, "note": note });
    service.ask_with(EXPRESS, &json!({ "input": input })).await
}

async fn retire(service: &Service, fixture: &Fixture) {
    let retire = "mutation ($id: ID!) { retireOffering(id: $id, version: 1) { userErrors { code } } }";
    service
        .as_role(Role::Staff)
        .ask_with(retire, &json!({ "id": fixture.find("Offering", "offering").id }))
        .await
        .data();
}

#[test]
fn a_district_says_once_what_it_would_like_and_can_take_it_back() {
    with_fixture(async |service, fixture| {
        let lead = lead(&service, &fixture, "cedar");
        let made = express(&lead, &fixture, "cedar", Some("In spring.")).await.at("/expressInterest/interest");
        assert_eq!((&made["note"], &made["can"]), (&json!("In spring."), &json!(["update", "delete"])));
        assert_eq!(made["offering"], json!({ "name": "Offering", "interestCount": 1 }), "the own district alone");
        let twice = express(&lead, &fixture, "cedar", None).await;
        assert_eq!(refusals(&twice, "expressInterest"), ["[\"offeringId\"] | TAKEN"]);
        let change = json!({ "id": made["id"], "version": 1, "input": { "note": null } });
        let changed = lead.ask_with(UPDATE, &change).await.at("/updateInterest/interest");
        assert_eq!(changed, json!({ "note": null, "version": 2 }));
        let stale = lead.ask_with(WITHDRAW, &json!({ "id": made["id"], "version": 1 })).await;
        assert_eq!(refusals(&stale, "withdrawInterest"), ["[\"version\"] | STALE_VERSION"]);
        lead.ask_with(WITHDRAW, &json!({ "id": made["id"], "version": 2 })).await.data();
        let again = express(&lead, &fixture, "cedar", None).await;
        assert_eq!(refusals(&again, "expressInterest"), Vec::<String>::new());
    });
}

#[test]
fn what_is_wrong_is_told_and_nothing_is_written() {
    with_fixture(async |service, fixture| {
        let lead = lead(&service, &fixture, "cedar");
        let before = contents(&service.db).await;
        assert_eq!(express(&lead, &fixture, "dogwood", None).await.codes(), ["FORBIDDEN"]);
        assert_eq!(express(&service, &fixture, "cedar", None).await.codes(), ["UNAUTHENTICATED"]);
        for role in [Role::Partner, Role::Organizer, Role::Evaluator, Role::Auditor] {
            assert_eq!(
                express(&service.as_role(role), &fixture, "cedar", None).await.codes(),
                ["FORBIDDEN"],
                "{role:?}"
            );
        }
        let long = "x".repeat(2001);
        let input = json!({ "offeringId": global_id("Offering", OfferingId::new().0),
            "districtId": fixture.find("District", "cedar").id, "note": long });
        let answer = lead.ask_with(EXPRESS, &json!({ "input": input })).await;
        assert_eq!(refusals(&answer, "expressInterest"), ["[\"offeringId\"] | NOT_FOUND", "[\"note\"] | INVALID"]);
        let of_birch = json!({ "id": fixture.find("Interest", "birch").id, "version": 1 });
        assert_eq!(lead.ask_with(WITHDRAW, &of_birch).await.codes(), ["NOT_FOUND"]);
        let auditor = service.as_role(Role::Auditor);
        assert_eq!(auditor.ask_with(WITHDRAW, &of_birch).await.codes(), ["FORBIDDEN"]);
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn once_it_is_retired_what_was_wanted_stays_as_it_was() {
    with_fixture(async |service, fixture| {
        retire(&service, &fixture).await;
        let before = contents(&service.db).await;
        let lead = lead(&service, &fixture, "alder");
        let refused = express(&service.as_role(Role::Staff), &fixture, "cedar", None).await;
        assert_eq!(refusals(&refused, "expressInterest"), ["[\"offeringId\"] | CONFLICT"]);
        let id = &fixture.find("Interest", "alder").id;
        let refused = lead.ask_with(WITHDRAW, &json!({ "id": id, "version": 1 })).await;
        assert_eq!(refusals(&refused, "withdrawInterest"), ["[\"id\"] | CONFLICT"]);
        let refused = lead.ask_with(UPDATE, &json!({ "id": id, "version": 1, "input": { "note": "Now." } })).await;
        assert_eq!(refusals(&refused, "updateInterest"), ["[\"id\"] | CONFLICT"]);
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn of_many_who_say_so_at_once_for_one_district_one_does() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let input = json!({ "input": { "offeringId": fixture.find("Offering", "offering").id,
            "districtId": fixture.find("District", "cedar").id } });
        let asked: Vec<_> = (0..20)
            .map(|_| {
                let (staff, input) = (staff.clone(), input.clone());
                tokio::spawn(async move { staff.ask_with(EXPRESS, &input).await })
            })
            .collect();
        let mut noted = 0;
        for answer in asked {
            match refusals(&answer.await.expect("an answer"), "expressInterest").as_slice() {
                [] => noted += 1,
                refused => assert_eq!(refused, ["[\"offeringId\"] | TAKEN"]),
            }
        }
        assert_eq!(noted, 1);
    });
}

#[test]
fn who_may_not_know_of_interest_is_not_told_a_count_either() {
    with_fixture(async |service, fixture| {
        let document = "query ($offering: ID!) { offerings { interestCount interests { totalCount nodes { note } } }
            node(id: $offering) { ... on Offering { interestCount } } }";
        let district = "query ($id: ID!) { district(by: {id: $id}) { interests { note } } }";
        for viewer in viewers(&fixture) {
            let service = viewer.service(&service);
            let (alder, birch) = (viewer.sees(&[Part::Interest("alder")]), viewer.sees(&[Part::Interest("birch")]));
            let seen = u8::from(alder) + u8::from(birch);
            let leads = viewer.grants.iter().any(|grant| grant.role == Role::TeamLead);
            let count = if seen > 0 || leads { json!(seen) } else { Value::Null };
            let answer =
                service.ask_with(document, &json!({ "offering": fixture.find("Offering", "offering").id })).await;
            assert_eq!(answer.at("/offerings/0/interestCount"), count, "{}", viewer.name);
            assert_eq!(answer.at("/node/interestCount"), count, "{}", viewer.name);
            assert_eq!(answer.at("/offerings/0/interests/totalCount"), seen, "{}", viewer.name);
            for (name, sees) in [("alder", alder), ("birch", birch)] {
                let answer = service.ask_with(district, &json!({ "id": fixture.find("District", name).id })).await;
                let told = sees.then(|| json!([{ "note": format!("Wanted by interest-of-{name}") }]));
                assert_eq!(answer.at("/district/interests"), json!(told), "{}: {name}", viewer.name);
            }
            let demand = service.ask_with(DEMAND, &json!({ "groupBy": [] })).await;
            if alder && birch {
                assert_eq!(demand.lines("/offeringDemand", &["/offering/name", "/districts"]), ["Offering | 2"]);
            } else {
                let codes = demand.codes();
                assert!([["FORBIDDEN"], ["UNAUTHENTICATED"]].iter().any(|code| codes == code), "{}", viewer.name);
            }
        }
    });
}

/// Demand as an SQL statement of its own counts it.
async fn counted(service: &Service, columns: &str, order: &str) -> Vec<String> {
    let sql = format!(
        "SELECT concat_ws(' | ', o.name, {columns}, count(DISTINCT d.id)) AS text
         FROM interest i JOIN offering o ON o.id = i.offering_id JOIN district d ON d.id = i.district_id
           LEFT JOIN county k ON k.id = d.county_id LEFT JOIN region r ON r.id = k.region_id
         GROUP BY o.id, k.name, k.sort_name, r.number ORDER BY o.position, {order}"
    );
    texts(&service.db, &sql).await
}

#[test]
fn demand_is_counted_by_county_and_region() {
    with_record(async |service| {
        use sea_orm::ConnectionTrait as _;
        let wanted = "INSERT INTO interest (id, offering_id, district_id)
            SELECT gen_random_uuid(), o.id, d.id FROM offering o, district d
            WHERE (ascii(right(d.slug, 9)) + o.position * length(d.name)) % 3 > 0";
        service.db.execute_unprepared(wanted).await.expect("interest");
        let staff = service.as_role(Role::Staff);
        let fields = ["/offering/name", "/county/name", "/region/number", "/districts"];
        let both = staff.ask_with(DEMAND, &json!({ "groupBy": ["REGION", "COUNTY", "REGION"] })).await;
        let expected =
            counted(&service, "coalesce(k.name, '–'), coalesce(r.number::text, '–')", "k.sort_name, r.number").await;
        assert!(expected.len() > 40, "{}", expected.len());
        assert_eq!(both.lines("/offeringDemand", &fields), expected);
        let regions = staff.ask_with(DEMAND, &json!({ "groupBy": ["REGION"] })).await;
        let sum = |answer: &Answer| -> i64 {
            answer.each("/offeringDemand", "/districts").iter().filter_map(Value::as_i64).sum()
        };
        let all = staff.ask_with(DEMAND, &json!({ "groupBy": [] })).await;
        assert_eq!((sum(&regions), sum(&both)), (sum(&all), sum(&all)));
        let counts = staff.ask("{ offerings { id interestCount } }").await;
        assert_eq!(counts.each("/offerings", "/interestCount"), all.each("/offeringDemand", "/districts"));
        let one = counts.at("/offerings/2/id");
        let one = staff.ask_with(DEMAND, &json!({ "groupBy": [], "offering": one })).await;
        assert_eq!(one.each("/offeringDemand", "/districts"), [counts.at("/offerings/2/interestCount")]);
        let (answer, statements) = staff.counted(DEMAND, &json!({ "groupBy": ["COUNTY", "REGION"] })).await;
        answer.data();
        assert_eq!(statements, 4, "one counts, one for each type reads");
        assert_eq!(
            staff.ask_with(DEMAND, &json!({ "groupBy": [], "offering": "nonsense" })).await.codes(),
            ["BAD_USER_INPUT"]
        );
    });
}

fn convening(fixture: &Fixture, more: &Value) -> Value {
    let mut input = json!({ "title": "Coast Exchange", "kind": "INTER_DISTRICT_EXCHANGE", "startsOn": "2027-03-01",
        "endsOn": "2027-03-02" });
    for (name, value) in more.as_object().into_iter().flatten() {
        input[name] = value.clone();
    }
    json!({ "input": { "offeringId": fixture.find("Offering", "offering").id, "convening": input } })
}

#[test]
fn an_offering_becomes_drafts_and_stands() {
    with_fixture(async |service, fixture| {
        let staff = service.as_role(Role::Staff);
        let made = staff.ask_with(CONVENE, &convening(&fixture, &json!({}))).await;
        let expected = json!({ "slug": "coast-exchange", "kind": "INTER_DISTRICT_EXCHANGE", "status": "DRAFT",
            "offering": { "name": "Offering", "status": "PROPOSED", "convenings": [{ "slug": "coast-exchange" }] } });
        assert_eq!(made.at("/createConveningFromOffering/convening"), expected);
        staff.ask_with(CONVENE, &convening(&fixture, &json!({}))).await.data();
        let public = service.ask("{ offerings { convenings { slug } } }").await;
        assert_eq!(public.at("/offerings/0/convenings"), json!([]), "drafts are hidden");
        let wrong = json!({ "title": "x".repeat(301), "endsOn": "2027-02-01" });
        let refused = staff.ask_with(CONVENE, &convening(&fixture, &wrong)).await;
        let expected = ["[\"convening\",\"title\"] | INVALID", "[\"convening\",\"endsOn\"] | INVALID"];
        assert_eq!(refusals(&refused, "createConveningFromOffering"), expected);
        // What became a convening is not taken away.
        let gone = "mutation ($id: ID!) { deleteOffering(id: $id, version: 1) { userErrors { field code } } }";
        let gone = staff.ask_with(gone, &json!({ "id": fixture.find("Offering", "offering").id })).await;
        assert_eq!(refusals(&gone, "deleteOffering"), ["[\"id\"] | IN_USE"]);
        retire(&service, &fixture).await;
        let refused = staff.ask_with(CONVENE, &convening(&fixture, &json!({}))).await;
        assert_eq!(refusals(&refused, "createConveningFromOffering"), ["[\"offeringId\"] | CONFLICT"]);
    });
}

#[test]
fn an_organizer_makes_them_in_the_own_scope_alone() {
    with_fixture(async |service, fixture| {
        let region = |number: usize| global_id("Region", fixture.regions[number - 1].0);
        let organizer = service.as_grants(vec![Grant::new(Role::Organizer, Scope::Region(fixture.regions[0]))]);
        let before = contents(&service.db).await;
        for more in [json!({}), json!({ "regionId": region(2) })] {
            assert_eq!(organizer.ask_with(CONVENE, &convening(&fixture, &more)).await.codes(), ["FORBIDDEN"]);
        }
        assert_eq!(
            lead(&service, &fixture, "alder").ask_with(CONVENE, &convening(&fixture, &json!({}))).await.codes(),
            ["FORBIDDEN"]
        );
        assert_eq!(service.ask_with(CONVENE, &convening(&fixture, &json!({}))).await.codes(), ["UNAUTHENTICATED"]);
        assert!(contents(&service.db).await == before, "nothing was written");
        let made = organizer.ask_with(CONVENE, &convening(&fixture, &json!({ "regionId": region(1) }))).await;
        assert_eq!(refusals(&made, "createConveningFromOffering"), Vec::<String>::new());
    });
}
