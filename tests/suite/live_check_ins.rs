//! Check-ins as they happen, for whoever watches the door.

use crate::live_service::{Instance, Socket};
use crate::seating::{Gathered, Size, id};
use chrono::TimeDelta;
use entity::convening::{self, Status};
use entity::ids::{ConveningId, OrganizationId};
use entity::role_grant;
use lmi::auth::{Grant, Role, Scope};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use tests::{Service, texts, with_empty};

const STAFF: Grant = Grant::new(Role::Staff, Scope::Everything);

const SMALL: Size = Size { teams: 3, members: 4, sessions: 1, rounds: 1, seats: 40 };
const WATCH: &str =
    "subscription ($id: ID!) { checkIns(conveningId: $id) { id checkedInAt person { name } team { status } } }";

/// A socket of somebody with this grant who watches the door.
async fn watching(gathered: &Gathered, instance: &Instance, email: &str, grant: Grant) -> Socket {
    let service = &gathered.staff;
    service.make_account(email, &[grant]).await;
    let token = service.sign_in(email).await.access;
    let mut socket = Socket::introduced(instance, Some(&token)).await;
    let before = instance.app.open().1;
    socket.ask("door", WATCH, &json!({ "id": id("Convening", gathered.convening) })).await;
    while instance.app.open().1 == before {
        tokio::task::yield_now().await;
    }
    socket
}

async fn check_in(service: &Service, document: &str, key: &Value) {
    let document = format!("mutation ($id: ID!) {{ {document}(id: $id) {{ userErrors {{ code }} }} }}");
    let answer = service.ask_with(&document, &json!({ "id": key })).await;
    assert!(answer.text.contains("\"userErrors\":[]"), "{}", answer.text);
}

/// Each of these has begun to watch: somebody is checked in, and that taken back, until all have heard of it.
async fn have_begun(gathered: &Gathered, sockets: &mut [&mut Socket]) {
    let probe = id("TeamMember", gathered.members[0][0]);
    for socket in sockets {
        let again = async {
            loop {
                check_in(&gathered.staff, "checkInMember", &probe).await;
                check_in(&gathered.staff, "undoCheckIn", &probe).await;
            }
        };
        tokio::select! {
            heard = socket.hear() => assert_eq!(heard.said()["type"], "next"),
            () = again => {}
        }
    }
    check_in(&gathered.staff, "undoCheckIn", &probe).await;
}

/// The next of whom a watcher hears, besides the one by whom it was found to have begun.
async fn next(gathered: &Gathered, socket: &mut Socket) -> Value {
    let probe = id("TeamMember", gathered.members[0][0]);
    loop {
        let message = socket.hear().await.said();
        let member = &message["payload"]["data"]["checkIns"];
        if member["id"] != probe {
            assert_eq!(message["type"], "next", "{message}");
            return member.clone();
        }
    }
}

fn organizing(gathered: &Gathered) -> Grant {
    Grant::new(Role::Organizer, Scope::Convening(gathered.convening))
}

#[test]
fn everybody_at_the_door_hears_of_each_who_comes_once_and_in_order_whichever_instance_they_ask() {
    with_empty(async |service| {
        let gathered = Gathered::of(&service, SMALL).await;
        gathered.becomes(Status::InProgress).await;
        let (here, there) = (Instance::of(&service).await, Instance::of(&service).await);
        let mut staff = watching(&gathered, &here, "staff@example.org", STAFF).await;
        let mut organizer = watching(&gathered, &there, "organizer@example.org", organizing(&gathered)).await;
        have_begun(&gathered, &mut [&mut staff, &mut organizer]).await;
        let (team, alone) = (id("Team", gathered.teams[1]), id("TeamMember", gathered.members[2][0]));
        let later = gathered.staff.later(TimeDelta::minutes(1));
        check_in(&gathered.staff, "checkInTeam", &team).await;
        check_in(&later, "checkInMember", &alone).await;
        // What changes nothing is no event, nor is what is taken back; who comes again is one.
        check_in(&later, "checkInMember", &alone).await;
        check_in(&later, "undoCheckIn", &alone).await;
        check_in(&later.later(TimeDelta::minutes(1)), "checkInTeam", &id("Team", gathered.teams[2])).await;
        let mut expected: Vec<Value> = gathered.members[1].iter().map(|member| id("TeamMember", *member)).collect();
        expected.push(alone.clone());
        for watcher in [&mut staff, &mut organizer] {
            let mut came = Vec::new();
            // The one who was taken back may have been looked at before or after that.
            while came.len() < expected.len() + 4 && came.last() != Some(&id("TeamMember", gathered.members[2][3])) {
                let member = next(&gathered, watcher).await;
                assert!(member["checkedInAt"].is_string() && member["person"]["name"].is_string(), "{member}");
                came.push(member["id"].clone());
            }
            assert_eq!(came[..4], expected[..4], "a team in the order of its members");
            let rest: Vec<Value> = gathered.members[2].iter().map(|member| id("TeamMember", *member)).collect();
            assert!(came.ends_with(&rest), "{came:?}");
            assert!(came.len() == 8 || came[4] == alone, "{came:?}");
        }
    });
}

#[test]
fn nobody_else_watches() {
    with_empty(async |service| {
        let gathered = Gathered::of(&service, SMALL).await;
        let instance = Instance::of(&service).await;
        let convening = id("Convening", gathered.convening);
        let region = texts(&service.db, "SELECT id::text AS text FROM region LIMIT 1").await.remove(0);
        let region: Uuid = region.parse().expect("a key");
        let elsewhere = Grant::new(Role::Organizer, Scope::Region(region.into()));
        let everywhere = |role| Grant::new(role, Scope::Everything);
        let cases = [
            (Some(elsewhere), &convening, "FORBIDDEN"),
            (Some(Grant::new(Role::TeamLead, Scope::District(gathered.districts[0]))), &convening, "FORBIDDEN"),
            (Some(Grant::new(Role::Partner, Scope::Organization(gathered.organizer))), &convening, "FORBIDDEN"),
            (Some(everywhere(Role::Evaluator)), &convening, "FORBIDDEN"),
            (Some(everywhere(Role::Auditor)), &convening, "FORBIDDEN"),
            (None, &convening, "UNAUTHENTICATED"),
            (Some(STAFF), &id("Convening", ConveningId::new()), "NOT_FOUND"),
            (Some(STAFF), &id("Team", gathered.teams[0]), "BAD_USER_INPUT"),
        ];
        for (number, (grant, key, code)) in cases.into_iter().enumerate() {
            let mut token = None;
            if let Some(grant) = grant {
                let email = format!("nobody{number}@example.org");
                service.make_account(&email, &[grant]).await;
                token = Some(service.sign_in(&email).await.access);
            }
            let mut socket = Socket::introduced(&instance, token.as_deref()).await;
            socket.ask("door", WATCH, &json!({ "id": key })).await;
            let refused = socket.hear().await.said();
            assert_eq!(refused["type"], "error", "{refused}");
            assert_eq!(refused["payload"][0]["extensions"]["code"], code, "{grant:?}");
        }
    });
}

#[test]
fn whoever_may_not_watch_any_more_hears_of_nobody_else() {
    with_empty(async |service| {
        let gathered = Gathered::of(&service, SMALL).await;
        gathered.becomes(Status::InProgress).await;
        let instance = Instance::of(&service).await;
        let of_organizer = Grant::new(Role::Organizer, Scope::Organization(gathered.organizer));
        let mut revoked = watching(&gathered, &instance, "revoked@example.org", organizing(&gathered)).await;
        let mut passed_on = watching(&gathered, &instance, "passed-on@example.org", of_organizer).await;
        have_begun(&gathered, &mut [&mut revoked, &mut passed_on]).await;
        // The grant of the one is taken back, and ends at once what it carried.
        let now = Expr::value(Service::clock().now());
        let of_one = role_grant::Entity::update_many().col_expr(role_grant::Column::RevokedAt, now);
        let of_one = of_one.filter(role_grant::Column::ConveningId.eq(gathered.convening));
        of_one.exec(&service.db).await.expect("a grant that is revoked");
        let ended = last(&mut revoked).await;
        assert_eq!(ended["payload"][0]["extensions"]["code"], "FORBIDDEN", "{ended}");
        // The convening of the other goes to another organizer.
        let nobody = Expr::value(Option::<OrganizationId>::None);
        let nobodys = convening::Entity::update_many().col_expr(convening::Column::OrganizerId, nobody);
        nobodys.exec(&service.db).await.expect("a convening of nobody");
        let ended = last(&mut passed_on).await;
        assert!(ended.to_string().contains("FORBIDDEN"), "{ended}");
        drop((revoked, passed_on));
        instance.app.quiet().await;
    });
}

/// What a watcher hears last: whatever came before is passed over.
async fn last(socket: &mut Socket) -> Value {
    loop {
        let message = socket.hear().await.said();
        if message["payload"]["data"]["checkIns"].is_null() {
            return message;
        }
    }
}
