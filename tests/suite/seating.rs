//! A gathering with a block of sessions in rounds, and the teams that come: for tests about seats and about who is there.

use chrono::{DateTime, NaiveDate, Utc};
use entity::convening::Status;
use entity::ids::{
    ConveningId, DistrictId, OrganizationId, PersonId, RoomId, SessionBlockId, SessionId, SlotId, SpeakerId, TeamId,
    TeamMemberId,
};
use entity::seat::Seat;
use entity::source::Sources;
use entity::{
    convening, district, organization, person, room, session, session_block, slot, speaker, team, team_member,
};
use lmi::auth::{Grant, Role, Scope};
use sea_orm::{ActiveModelTrait, ConnectionTrait as _, EntityTrait, IntoActiveModel, sea_query::Expr};
use serde_json::{Value, json};
use tests::fixtures::global_id;
use tests::{Answer, Service};

/// The seats of a team's members, in their order.
pub(crate) const SEATS: [Seat; 4] =
    [Seat::Superintendent, Seat::SchoolBoardMember, Seat::TeachersUnionPresident, Seat::ClassifiedUnionPresident];

/// How large it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) teams: usize,
    pub(crate) members: usize,
    pub(crate) sessions: usize,
    pub(crate) rounds: i32,
    /// Seats in each room.
    pub(crate) seats: i32,
}

/// The gathering, by keys.
pub(crate) struct Gathered {
    pub(crate) service: Service,
    pub(crate) staff: Service,
    pub(crate) convening: ConveningId,
    pub(crate) organizer: OrganizationId,
    pub(crate) districts: Vec<DistrictId>,
    pub(crate) teams: Vec<TeamId>,
    /// By team.
    pub(crate) members: Vec<Vec<TeamMemberId>>,
    /// By team.
    pub(crate) people: Vec<Vec<PersonId>>,
    pub(crate) sessions: Vec<SessionId>,
    /// By session and round.
    pub(crate) slots: Vec<Vec<SlotId>>,
}

fn now() -> DateTime<Utc> {
    Service::clock().now()
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 1).expect("a day")
}

async fn put<E>(service: &Service, rows: Vec<E::Model>)
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
    E::insert_many(rows).exec_without_returning(&service.db).await.expect("rows");
}

impl Gathered {
    /// Teams that are confirmed, at a convening whose agenda is published.
    pub(crate) async fn of(service: &Service, size: Size) -> Self {
        let convening = ConveningId::new();
        let organizer = OrganizationId::new();
        let mut gathered = Self {
            staff: service.as_role(Role::Staff),
            service: service.clone(),
            convening,
            organizer,
            districts: Vec::new(),
            teams: Vec::new(),
            members: Vec::new(),
            people: Vec::new(),
            sessions: Vec::new(),
            slots: Vec::new(),
        };
        gathered.put_convening().await;
        gathered.put_agenda(size).await;
        gathered.put_teams(size).await;
        gathered
    }

    async fn put_convening(&self) {
        put::<organization::Entity>(
            &self.service,
            vec![organization::Model {
                id: self.organizer,
                slug: "own-hands".to_owned(),
                name: "Own Hands".to_owned(),
                acronym: None,
                alternate_names: Vec::new(),
                kind: organization::Kind::NonprofitFoundation,
                parent_id: None,
                website: None,
                description: None,
                sources: Sources::default(),
                version: 1,
                created_at: now(),
                updated_at: now(),
            }],
        )
        .await;
        put::<convening::Entity>(
            &self.service,
            vec![convening::Model {
                id: self.convening,
                slug: "gathered".to_owned(),
                title: "Gathered".to_owned(),
                kind: convening::Kind::Symposium,
                status: Status::AgendaPublished,
                announced: true,
                agenda_published: true,
                decisions_published: true,
                description: None,
                starts_on: day(),
                ends_on: day().succ_opt().expect("a day"),
                time_zone: "America/Los_Angeles".to_owned(),
                venue_name: None,
                venue_city: None,
                venue_address: None,
                venue_county_id: None,
                website: None,
                hosted_by_initiative: true,
                organizer_id: Some(self.organizer),
                region_id: None,
                applications_open_at: None,
                applications_close_at: None,
                roster_freezes_at: None,
                composition_rule_id: None,
                offering_id: None,
                team_capacity: None,
                capacity_reasons: Vec::new(),
                statements_value: None,
                statements_qualifier: None,
                objectives: Vec::new(),
                sources: Sources::default(),
                version: 1,
                created_at: now(),
                updated_at: now(),
            }],
        )
        .await;
    }

    async fn put_agenda(&mut self, size: Size) {
        let block = SessionBlockId::new();
        let block_row = session_block::Model {
            id: block,
            convening_id: self.convening,
            position: 1,
            title: "Breakouts".to_owned(),
            rounds: Some(size.rounds),
            sessions_per_participant: Some(size.rounds),
            sessions_per_team: None,
        };
        put::<session_block::Entity>(&self.service, vec![block_row]).await;
        let (mut rooms, mut sessions, mut slots) = (Vec::new(), Vec::new(), Vec::new());
        for number in (1..).take(size.sessions) {
            let (room, session) = (RoomId::new(), SessionId::new());
            rooms.push(room::Model {
                id: room,
                convening_id: self.convening,
                name: format!("Room {number}"),
                capacity: Some(size.seats),
                version: 1,
                created_at: now(),
                updated_at: now(),
            });
            sessions.push(session_of(self.convening, session, number, Some(block)));
            let rounds: Vec<SlotId> = (1..=size.rounds).map(|_| SlotId::new()).collect();
            for (&id, round) in rounds.iter().zip(1..) {
                slots.push(slot_of((self.convening, session), id, Some(round), Some(room)));
            }
            self.sessions.push(session);
            self.slots.push(rounds);
        }
        put::<room::Entity>(&self.service, rooms).await;
        put::<session::Entity>(&self.service, sessions).await;
        put::<slot::Entity>(&self.service, slots).await;
        self.release().await;
    }

    async fn release(&self) {
        let sql = format!("SELECT release_agenda(gen_random_uuid(), '{}', NULL, now())", self.convening.0);
        self.service.db.execute_unprepared(&sql).await.expect("a release");
    }

    async fn put_teams(&mut self, size: Size) {
        let (mut districts, mut people, mut teams, mut members) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for number in 0..size.teams {
            let (district, team) = (DistrictId::new(), TeamId::new());
            districts.push(district_of(district, number));
            teams.push(team_of(team, district, self.convening));
            let (mut ids, mut who) = (Vec::new(), Vec::new());
            for place in 0..size.members {
                let (person, member) = (PersonId::new(), TeamMemberId::new());
                people.push(person_of(person, &format!("nobody-{number}-{place}")));
                members.push(member_of(member, (team, self.convening), person, SEATS[place % SEATS.len()]));
                ids.push(member);
                who.push(person);
            }
            self.districts.push(district);
            self.teams.push(team);
            self.members.push(ids);
            self.people.push(who);
        }
        put::<district::Entity>(&self.service, districts).await;
        put::<person::Entity>(&self.service, people).await;
        put::<team::Entity>(&self.service, teams).await;
        put::<team_member::Entity>(&self.service, members).await;
    }

    /// Somebody who leads the team of a district.
    pub(crate) fn lead(&self, team: usize) -> Service {
        self.service.as_grants(vec![Grant::new(Role::TeamLead, Scope::District(self.districts[team]))])
    }

    /// Somebody who organizes it.
    pub(crate) fn organizing(&self) -> Service {
        self.service.as_grants(vec![Grant::new(Role::Organizer, Scope::Convening(self.convening))])
    }

    /// Somebody who organizes something else.
    pub(crate) fn organizing_elsewhere(&self) -> Service {
        self.service.as_grants(vec![Grant::new(Role::Organizer, Scope::Convening(ConveningId::new()))])
    }

    /// The convening comes into another state.
    pub(crate) async fn becomes(&self, status: Status) {
        let change = convening::Entity::update_many().col_expr(convening::Column::Status, Expr::value(status));
        change.exec(&self.service.db).await.expect("a change");
    }

    /// A team comes into another state.
    pub(crate) async fn team_becomes(&self, team: usize, status: team::Status) {
        use sea_orm::{ColumnTrait as _, QueryFilter as _};
        let change = team::Entity::update_many().col_expr(team::Column::Status, Expr::value(status));
        change.filter(team::Column::Id.eq(self.teams[team])).exec(&self.service.db).await.expect("a change");
    }

    /// A session that is in no block, in one slot.
    pub(crate) async fn another_slot(
        &self,
        round: Option<i32>,
        audience: Option<Seat>,
        capacity: Option<i32>,
    ) -> SlotId {
        let (session, id) = (SessionId::new(), SlotId::new());
        put::<session::Entity>(&self.service, vec![session_of(self.convening, session, 90, None)]).await;
        let row = slot_of((self.convening, session), id, round, None);
        put::<slot::Entity>(&self.service, vec![slot::Model { audience, capacity, ..row }]).await;
        self.release().await;
        id
    }

    /// Somebody presents in a session: a person, or a district as a team.
    pub(crate) async fn presents(&self, session: usize, person: Option<PersonId>, team_of: Option<DistrictId>) {
        let row = speaker::Model {
            id: SpeakerId::new(),
            session_id: self.sessions[session],
            role: speaker::Role::Presenter,
            position: 1,
            person_id: person,
            organization_id: None,
            district_id: team_of,
            as_team: team_of.is_some(),
            name_as_shown: "Somebody".to_owned(),
            title_as_shown: None,
            sources: Sources::default(),
            version: 1,
            created_at: now(),
            updated_at: now(),
        };
        put::<speaker::Entity>(&self.service, vec![row]).await;
    }

    /// Gives a seat.
    pub(crate) async fn assign(&self, service: &Service, member: TeamMemberId, slot: SlotId) -> Answer {
        let document = "mutation ($input: AssignSeatInput!) { assignSeat(input: $input) {
            seat { id member { id } slot { id } } userErrors { field code message allowed } } }";
        let input = json!({ "memberId": id("TeamMember", member), "slotId": id("Slot", slot) });
        service.ask_with(document, &json!({ "input": input })).await
    }

    /// Plans the first block.
    pub(crate) async fn plan(&self, service: &Service, standing: &str) -> Answer {
        let document = "mutation ($input: PlanSeatsInput!) { planSeats(input: $input) { plan { ...P }
            userErrors { field code message allowed } } }";
        self.with_plan(service, document, standing).await
    }

    /// What planning the first block would do.
    pub(crate) async fn preview(&self, service: &Service, standing: &str) -> Answer {
        self.with_plan(service, "query ($input: PlanSeatsInput!) { seatPlan(input: $input) { ...P } }", standing).await
    }

    async fn with_plan(&self, service: &Service, document: &str, standing: &str) -> Answer {
        let fragment = "fragment P on SeatPlan { isComplete isImpossible seats { wanted reached atMost }
            pairs { wanted reached atMost } coverage { wanted reached atMost }
            unmet { reason round message team { id } members { id } } teams { team { id } covered wanted }
            assignments { member { id } slot { id } } }";
        let input = json!({ "conveningId": id("Convening", self.convening), "block": 1, "standing": standing });
        service.ask_with(&format!("{document} {fragment}"), &json!({ "input": input })).await
    }
}

/// The global id of a key.
pub(crate) fn id(typename: &str, key: impl Into<sea_orm::prelude::Uuid>) -> Value {
    json!(global_id(typename, key.into()))
}

/// What stood in the way of a mutation, a line for each: the field and the code.
pub(crate) fn refusals(answer: &Answer, name: &str) -> Vec<String> {
    answer.lines(&format!("/{name}/userErrors"), &["/field/0", "/code"])
}

fn session_of(convening: ConveningId, id: SessionId, number: i32, block: Option<SessionBlockId>) -> session::Model {
    session::Model {
        id,
        convening_id: convening,
        slug: format!("session-{number}-{}", id.0),
        number: Some(number),
        title: format!("Session {number}"),
        format: session::Format::Breakout,
        strand_id: None,
        block_id: block,
        r#abstract: None,
        duration_minutes: None,
        date: None,
        questions: Vec::new(),
        speakers_complete: true,
        sources: Sources::default(),
        version: 1,
        created_at: now(),
        updated_at: now(),
    }
}

fn slot_of(
    (convening, session): (ConveningId, SessionId),
    id: SlotId,
    round: Option<i32>,
    room: Option<RoomId>,
) -> slot::Model {
    slot::Model {
        id,
        session_id: session,
        convening_id: convening,
        round,
        audience: None,
        room_id: room,
        starts_at: None,
        ends_at: None,
        capacity: None,
        version: 1,
        created_at: now(),
        updated_at: now(),
    }
}

fn district_of(id: DistrictId, number: usize) -> district::Model {
    district::Model {
        id,
        slug: format!("nowhere-{number}"),
        name: format!("Nowhere {number:03}"),
        named_by_record: false,
        alternate_names: Vec::new(),
        cds_code: None,
        nces_id: None,
        kind: None,
        status: district::Status::Unresolved,
        county_id: None,
        city: None,
        website: None,
        enrollment: None,
        latitude: None,
        longitude: None,
        directory_updated_on: None,
        sources: Sources::default(),
        version: 1,
        created_at: now(),
        updated_at: now(),
    }
}

fn person_of(id: PersonId, slug: &str) -> person::Model {
    person::Model {
        id,
        slug: slug.to_owned(),
        name: format!("Person {slug}"),
        honorific: None,
        biography: None,
        is_public: false,
        entered_by: None,
        sources: Sources::default(),
        version: 1,
        created_at: now(),
        updated_at: now(),
    }
}

fn team_of(id: TeamId, district: DistrictId, convening: ConveningId) -> team::Model {
    team::Model {
        id,
        district_id: district,
        convening_id: convening,
        status: team::Status::Confirmed,
        attended_on: None,
        statement: None,
        submitted_at: None,
        decision_version: 0,
        decision_reason: None,
        waitlist_position: None,
        answer_due_at: None,
        sources: Sources::default(),
        version: 1,
        created_at: now(),
        updated_at: now(),
    }
}

fn member_of(
    id: TeamMemberId,
    (team, convening): (TeamId, ConveningId),
    person: PersonId,
    seat: Seat,
) -> team_member::Model {
    team_member::Model {
        id,
        team_id: team,
        convening_id: convening,
        person_id: person,
        seat,
        is_lead: false,
        checked_in_at: None,
        version: 1,
        created_at: now(),
        updated_at: now(),
    }
}
