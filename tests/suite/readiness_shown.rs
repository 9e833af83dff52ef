//! A team's readiness over GraphQL: to staff with what is missing and wrong, to the public not at all.

use chrono::NaiveDate;
use entity::ids::{AffiliationId, DistrictId, PersonId, TeamMemberId};
use entity::seat::Seat;
use entity::{affiliation, district, person, team, team_member};
use lmi::auth::Role;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use tests::{Service, with_empty};

/// Made-up teams at a convening that began on June 10, and one at a convening without a rule.
const RECORD: &str = r#"
[[district]]
slug = "made-up"
name = "Made-Up Unified"
cds_code = "01999010000000"
kind = "unified"

[[district]]
slug = "other"
name = "Other Made-Up Unified"
cds_code = "01999020000000"
kind = "unified"

[[composition_rule]]
version = 1
seats = [
  { seat = "teachers_union_president", minimum = 1, maximum = 1, label = "Teachers Union President" },
  { seat = "superintendent", minimum = 1, maximum = 1, label = "Superintendent" },
  { seat = "school_board_member", minimum = 2, maximum = 3, label = "School Board Member" },
]

[[convening]]
slug = "with-a-rule"
title = "With a Rule"
kind = "institute"
status = "completed"
starts_on = "2024-06-10"
ends_on = "2024-06-12"
hosted_by_initiative = true
composition_rule = 1
team = [
  { district = "made-up", status = "attended", attended_on = "2024-06-12" },
  { district = "other", status = "attended", attended_on = "2024-06-12" },
]

[[convening]]
slug = "without-a-rule"
title = "Without a Rule"
kind = "institute"
status = "completed"
starts_on = "2024-06-10"
ends_on = "2024-06-12"
hosted_by_initiative = true
team = [{ district = "made-up", status = "attended", attended_on = "2024-06-12" }]
"#;

struct Fixture {
    service: Service,
    district: DistrictId,
    team: team::Model,
}

impl Fixture {
    async fn new(service: &Service) -> Self {
        service.load(RECORD).await;
        let district = district::Entity::find().filter(district::Column::Slug.eq("made-up")).one(&service.db).await;
        let district = district.expect("an answer").expect("the district").id;
        let team = team::Entity::find().filter(team::Column::DistrictId.eq(district)).all(&service.db).await;
        let team = team.expect("an answer").into_iter().next().expect("the team at the convening with a rule");
        Self { service: service.clone(), district, team }
    }

    /// Puts somebody into the team, affiliated with the district until these days.
    async fn seat(&self, seat: Seat, affiliated_until: &[Option<&str>]) {
        let now = Service::clock().now();
        let person = PersonId::new();
        let row = person::ActiveModel {
            id: Set(person),
            slug: Set(format!("made-up-member-{}", person.0)),
            name: Set("Made-Up Member".to_owned()),
            honorific: Set(None),
            biography: Set(None),
            is_public: Set(false),
            entered_by: Set(None),
            sources: Set(entity::source::Sources::default()),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
        };
        row.insert(&self.service.db).await.expect("a person");
        for (at, ends_on) in affiliated_until.iter().enumerate() {
            let row = affiliation::ActiveModel {
                id: Set(AffiliationId::new()),
                person_id: Set(person),
                organization_id: Set(None),
                district_id: Set(Some(self.district)),
                title: Set(Some(format!("Made-Up Title {at}"))),
                starts_on: Set(None),
                ends_on: Set(ends_on.map(|day| day.parse::<NaiveDate>().expect("a day"))),
                stated_on: Set(None),
                sources: Set(entity::source::Sources::default()),
                version: Set(1),
                created_at: Set(now),
                updated_at: Set(now),
            };
            row.insert(&self.service.db).await.expect("an affiliation");
        }
        let row = team_member::ActiveModel {
            id: Set(TeamMemberId::new()),
            team_id: Set(self.team.id),
            convening_id: Set(self.team.convening_id),
            person_id: Set(person),
            seat: Set(seat),
            is_lead: Set(false),
            checked_in_at: Set(None),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
        };
        row.insert(&self.service.db).await.expect("a member");
    }

    /// What a viewer is told of the teams at the convening with a rule, in the order of the districts' names.
    async fn shown(service: &Service) -> Value {
        let document = "{ convening(by: {slug: \"with-a-rule\"}) { teams { nodes {
            memberCount readiness { isReady missingSeats problems } } } } }";
        service.ask(document).await.at("/convening/teams/nodes")
    }
}

fn lacking_everybody() -> Value {
    json!({
        "memberCount": null,
        "readiness": {
            "isReady": false,
            "missingSeats": [
                "TEACHERS_UNION_PRESIDENT", "SUPERINTENDENT", "SCHOOL_BOARD_MEMBER", "SCHOOL_BOARD_MEMBER",
            ],
            "problems": [],
        },
    })
}

#[test]
fn a_whole_team_is_ready_and_one_without_members_lacks_every_seat() {
    with_empty(async |service| {
        let fixture = Fixture::new(&service).await;
        for seat in
            [Seat::Superintendent, Seat::SchoolBoardMember, Seat::SchoolBoardMember, Seat::TeachersUnionPresident]
        {
            fixture.seat(seat, &[]).await;
        }
        fixture.seat(Seat::Other, &[]).await;
        let whole = json!({ "memberCount": 5, "readiness": { "isReady": true, "missingSeats": [], "problems": [] } });
        let staff = service.as_role(Role::Staff);
        assert_eq!(Fixture::shown(&staff).await, json!([whole, lacking_everybody()]));
        assert_eq!(Fixture::shown(&service.as_role(Role::Auditor)).await, json!([whole, lacking_everybody()]));
        let free = "{ convening(by: {slug: \"without-a-rule\"}) { teams { nodes { readiness { isReady missingSeats problems } } } } }";
        assert_eq!(
            staff.ask(free).await.at("/convening/teams/nodes"),
            json!([{ "readiness": { "isReady": true, "missingSeats": [], "problems": [] } }]),
            "where there is no rule, every team is ready"
        );
    });
}

#[test]
fn missing_doubled_and_former_members_are_told_apart() {
    with_empty(async |service| {
        let fixture = Fixture::new(&service).await;
        fixture.seat(Seat::Superintendent, &[None]).await;
        fixture.seat(Seat::Superintendent, &[None]).await;
        fixture.seat(Seat::SchoolBoardMember, &[Some("2024-06-09")]).await;
        fixture.seat(Seat::SchoolBoardMember, &[Some("2024-12-31")]).await;
        let problems = json!([
            "More members than the rule allows: superintendent.",
            "Held by somebody whose affiliation has ended: school board member.",
        ]);
        let team = json!({
            "memberCount": 4,
            "readiness": {
                "isReady": false,
                "missingSeats": ["TEACHERS_UNION_PRESIDENT", "SCHOOL_BOARD_MEMBER"],
                "problems": problems,
            },
        });
        assert_eq!(Fixture::shown(&service.as_role(Role::Staff)).await, json!([team, lacking_everybody()]));
    });
}

#[test]
fn an_affiliation_ends_a_membership_only_if_none_reaches_the_day_of_the_convening() {
    with_empty(async |service| {
        let fixture = Fixture::new(&service).await;
        // Nothing is known of the first; the others last until the first day, go on, or were followed by another.
        for until in [&[][..], &[Some("2024-06-10")], &[None], &[Some("2020-01-01"), None]] {
            fixture.seat(Seat::Other, until).await;
        }
        fixture.seat(Seat::Other, &[Some("2020-01-01"), Some("2024-06-09")]).await;
        let problems = &Fixture::shown(&service.as_role(Role::Staff)).await[0]["readiness"]["problems"];
        assert_eq!(problems, &json!(["Held by somebody whose affiliation has ended: other."]));
    });
}

#[test]
fn the_public_learns_nothing_of_rosters() {
    with_empty(async |service| {
        let fixture = Fixture::new(&service).await;
        fixture.seat(Seat::Superintendent, &[Some("2020-01-01")]).await;
        for viewer in [service.clone(), service.as_role(Role::Evaluator)] {
            let shown = Fixture::shown(&viewer).await;
            let readiness: Vec<&Value> =
                shown.as_array().expect("a list").iter().map(|team| &team["readiness"]).collect();
            assert_eq!(readiness, [&Value::Null, &Value::Null]);
            let people = viewer.ask("{ people { totalCount } search(query: \"Made-Up Member\") { totalCount } }").await;
            assert_eq!(people.data(), json!({ "people": { "totalCount": 0 }, "search": { "totalCount": 0 } }));
        }
    });
}

#[test]
fn a_superintendent_who_moved_on_holds_the_old_districts_seat_in_name_only() {
    with_empty(async |service| {
        service
            .load(
                r#"
                [[composition_rule]]
                version = 1
                seats = [{ seat = "superintendent", minimum = 1, maximum = 1, label = "Superintendent" }]
                [[district]]
                slug = "left"
                name = "Made-Up Left"
                unresolved = true
                [[district]]
                slug = "joined"
                name = "Made-Up Joined"
                unresolved = true
                [[person]]
                slug = "made-up-mover"
                name = "Made-Up Mover"
                affiliation = [{ district = "left", ends_on = "2024-01-31" }, { district = "joined", starts_on = "2024-02-01" }]
                [[convening]]
                slug = "summer"
                title = "Made-Up Summer"
                kind = "institute"
                status = "completed"
                starts_on = "2024-06-10"
                ends_on = "2024-06-12"
                hosted_by_initiative = true
                composition_rule = 1
                [[convening.team]]
                district = "left"
                status = "attended"
                attended_on = "2024-06-12"
                member = [{ person = "made-up-mover", seat = "superintendent" }]
                "#,
            )
            .await;
        let document = "{ teams { nodes { readiness { isReady missingSeats problems } } } }";
        let shown = service.as_role(Role::Staff).ask(document).await.at("/teams/nodes/0/readiness");
        let held_in_name = json!({
            "isReady": false,
            "missingSeats": ["SUPERINTENDENT"],
            "problems": ["Held by somebody whose affiliation has ended: superintendent."],
        });
        assert_eq!(shown, held_in_name);
    });
}
