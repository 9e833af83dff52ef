//! What the two documents say of the two convenings, and nothing that they do not say.

use serde_json::{Value, json};
use tests::with_record;

const SYMPOSIUM: &str = "2015-symposium";
const SUMMIT: &str = "2016-ee-summit";

fn of(slug: &str, selection: &str) -> String {
    format!("{{ convening(by: {{slug: \"{slug}\"}}) {{ {selection} }} }}")
}

#[test]
fn there_are_two_convenings_and_the_initiative_hosted_one_of_them() {
    with_record(async |service| {
        let document = "{ convenings(orderBy: {field: STARTS_ON}) {
            totalCount nodes { slug title kind status startsOn endsOn hostedByInitiative organizer { slug } website } } }";
        let answer = service.ask(document).await;
        assert_eq!(answer.at("/convenings/totalCount"), 2);
        let fields = [
            "slug",
            "title",
            "kind",
            "status",
            "startsOn",
            "endsOn",
            "hostedByInitiative",
            "organizer/slug",
            "website",
        ];
        let fields = fields.map(|field| format!("/{field}"));
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        assert_eq!(
            answer.lines("/convenings/nodes", &fields),
            [
                "2015-symposium | Labor-Management Symposium | SYMPOSIUM | COMPLETED | 2015-05-08 | 2015-05-09 | true | \
                 ca-lmi | http://www.cdefoundation.org/lmi/symp",
                "2016-ee-summit | California Educator Excellence Summit | SUMMIT | COMPLETED | 2016-01-20 | 2016-01-20 \
                 | false | – | –",
            ]
        );
    });
}

#[test]
fn seven_organizations_co_sponsored_the_symposium_and_two_funded_its_core() {
    with_record(async |service| {
        let document = of(SYMPOSIUM, "sponsorships { role position organization { acronym name } }");
        let answer = service.ask(&document).await;
        assert_eq!(
            answer.lines(
                "/convening/sponsorships",
                &["/role", "/position", "/organization/acronym", "/organization/name"]
            ),
            [
                "CO_SPONSOR | 1 | ACSA | Association of California School Administrators",
                "CO_SPONSOR | 2 | CDE | California Department of Education",
                "CO_SPONSOR | 3 | CFT | California Federation of Teachers",
                "CO_SPONSOR | 4 | CSBA | California School Boards Association",
                "CO_SPONSOR | 5 | CSEA | California School Employees Association",
                "CO_SPONSOR | 6 | CTA | California Teachers Association",
                "CO_SPONSOR | 7 | CDEF | Californians Dedicated to Education Foundation",
                "CORE_FUNDER | 1 | – | Stuart Foundation",
                "CORE_FUNDER | 2 | – | S. D. Bechtel, Jr. Foundation",
            ]
        );
        let document = of(SYMPOSIUM, "sponsorships(role: CORE_FUNDER) { organization { slug } }");
        let funders = service.ask(&document).await.each("/convening/sponsorships", "/organization/slug");
        assert_eq!(funders, ["stuart-foundation", "sd-bechtel-jr-foundation"]);
        let document = of(SUMMIT, "sponsorships { id } delegations { totalCount } objectives strands { title }");
        let summit = json!({ "sponsorships": [], "delegations": { "totalCount": 0 }, "objectives": [], "strands": [] });
        assert_eq!(service.ask(&document).await.at("/convening"), summit, "the note names none at the summit");
    });
}

#[test]
fn objectives_and_strands_stand_word_for_word() {
    with_record(async |service| {
        let answer = service.ask(&of(SYMPOSIUM, "objectives strands { position title }")).await;
        assert_eq!(
            answer.at("/convening"),
            json!({
                "objectives": [
                    "Facilitate networking among district teams to foster inter-district learning;",
                    "Highlight specific best practices, tools, and strategies used by district partners to build collaboration;",
                    "Support collaborative learning and planning for district teams; and",
                    "Provide a showcase for collaborative efforts.",
                ],
                "strands": [
                    { "position": 1, "title": "Learning from Statewide Partners" },
                    { "position": 2, "title": "Sharing Research and Experience in Labor-Management Collaboration" },
                    { "position": 3, "title": "Building and Strengthening Collaborative Teams" },
                ],
            })
        );
    });
}

#[test]
fn six_breakouts_ran_in_two_rounds_and_a_team_went_to_four() {
    with_record(async |service| {
        let document = of(
            SYMPOSIUM,
            "blocks { title rounds sessionsPerParticipant sessionsPerTeam sessions { slug durationMinutes } }",
        );
        let answer = service.ask(&document).await;
        let breakouts: Vec<Value> =
            (1..=6).map(|n| json!({ "slug": format!("breakout-{n}"), "durationMinutes": 60 })).collect();
        assert_eq!(
            answer.at("/convening/blocks"),
            json!([
                {
                    "title": "Breakout Presentations",
                    "rounds": 2, "sessionsPerParticipant": 2, "sessionsPerTeam": 4,
                    "sessions": breakouts,
                },
                {
                    "title": "Unstructured time with fellow team members",
                    "rounds": null, "sessionsPerParticipant": null, "sessionsPerTeam": null,
                    "sessions": [],
                },
            ])
        );
    });
}

#[test]
fn each_team_was_to_have_one_person_in_each_of_four_seats() {
    with_record(async |service| {
        let answer =
            service.ask(&of(SYMPOSIUM, "compositionRule { version seats { seat minimum maximum label } }")).await;
        assert_eq!(answer.at("/convening/compositionRule/version"), 1);
        assert_eq!(
            answer.lines("/convening/compositionRule/seats", &["/seat", "/minimum", "/maximum", "/label"]),
            [
                "SUPERINTENDENT | 1 | 1 | District Superintendent",
                "SCHOOL_BOARD_MEMBER | 1 | 1 | School Board member",
                "TEACHERS_UNION_PRESIDENT | 1 | 1 | Teachers Union or Association President",
                "CLASSIFIED_UNION_PRESIDENT | 1 | 1 | Classified Employees Union or Association President",
            ]
        );
        let summit = service.ask(&of(SUMMIT, "compositionRule { version }")).await;
        assert_eq!(summit.at("/convening/compositionRule"), Value::Null);
    });
}

#[test]
fn figures_keep_the_precision_of_their_reports() {
    with_record(async |service| {
        let selection = "teamCapacity capacityReasons statementsOfInterest { value qualifier }
            metrics { name unit quantity { value qualifier } status asOf }";
        let answer = service.ask(&of(SYMPOSIUM, selection)).await;
        assert_eq!(answer.at("/convening/statementsOfInterest"), json!({ "value": 95, "qualifier": "MORE_THAN" }));
        assert_eq!(answer.at("/convening/teamCapacity"), 47);
        assert_eq!(
            answer.at("/convening/capacityReasons"),
            json!(["physical space constraints", "funding constraints"])
        );
        let fields = ["/name", "/unit", "/quantity/qualifier", "/quantity/value", "/status", "/asOf"];
        assert_eq!(
            answer.lines("/convening/metrics", &fields),
            [
                "Statements of interest | district teams | MORE_THAN | 95 | FINAL | –",
                "Teams attended | district teams | EXACT | 47 | FINAL | –",
                "Useful and informative: agreed or strongly agreed | percent of participants | EXACT | 95 | PRELIMINARY | –",
                "Would recommend future CA LMI events: agreed or strongly agreed | percent of participants | EXACT | 94 | \
                 PRELIMINARY | –",
            ]
        );
        let answer = service.ask(&of(SUMMIT, selection)).await;
        assert_eq!(
            answer.lines("/convening/metrics", &fields),
            [
                "School districts at one or more convenings in the last nine months | school districts | MORE_THAN | 100 | \
              FINAL | 2016-01-20"
            ]
        );
        assert_eq!(answer.at("/convening/statementsOfInterest"), Value::Null);
        assert_eq!(answer.at("/convening/teamCapacity"), Value::Null);
        assert_eq!(answer.at("/convening/capacityReasons"), json!([]));
    });
}

#[test]
fn what_no_document_states_is_null() {
    with_record(async |service| {
        let selection = "venue { name city address county { name } } region { number }
            applicationsOpenAt applicationsCloseAt rosterFreezesAt";
        for slug in [SYMPOSIUM, SUMMIT] {
            let answer = service.ask(&of(slug, selection)).await;
            let unknown = json!({
                "venue": null, "region": null,
                "applicationsOpenAt": null, "applicationsCloseAt": null, "rosterFreezesAt": null,
            });
            assert_eq!(answer.at("/convening"), unknown, "{slug}");
        }
    });
}

#[test]
fn what_has_no_field_of_its_own_stands_in_the_description() {
    with_record(async |service| {
        let symposium = service.ask(&of(SYMPOSIUM, "description")).await.at("/convening/description").to_string();
        for fact in [
            "first Labor-Management Symposium",
            "“This symposium far exceeded my expectations. I now am more committed than ever to developing strong \
             partnerships in my district to improve student achievement. Most importantly, I feel I have information to \
             share with my unit members on ways to begin the journey moving forward, not wallowing in the past.”",
            "more than 95 district teams",
            "95% agreed or strongly agreed",
            "94%",
            "unstructured time with their teams",
            "in twos",
            "live polls",
            "courtesy of ACSA",
            "a deeper and more extensive report",
        ] {
            assert!(symposium.contains(fact), "nothing of `{fact}` in {symposium}");
        }
        let summit = service.ask(&of(SUMMIT, "description")).await.at("/convening/description").to_string();
        for fact in ["more than 100 school districts", "nine months", "local education agencies", "administrators"] {
            assert!(summit.contains(fact), "nothing of `{fact}` in {summit}");
        }
        for (description, invented) in [(&symposium, "96"), (&symposium, "46"), (&summit, "101")] {
            assert!(!description.contains(invented), "{invented} is no figure of a document: {description}");
        }
    });
}
