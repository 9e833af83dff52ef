//! Letters about decisions and places: one to each who leads a district, once it is written down, and to nobody else.

use crate::invitations::REQUEST;
use crate::mail_server::{FROM, MailServer};
use crate::program::{DataFolder, Serving, ask, ask_bearing};
use crate::selection_stage::Stage;
use crate::writes::refusals;
use lmi::auth::{Grant, Role, Scope};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::{Answer, PASSWORD, Service, texts, with_empty};

const GROW: &str = "mutation ($id: ID!, $version: Int!, $capacity: Int) {
    updateConvening(id: $id, version: $version, input: { teamCapacity: $capacity }) {
      convening { version teamCapacity } userErrors { field code message } } }";

/// Three teams for one place, with a mail server; two lead the first district, and one each of the others.
struct Post {
    stage: Stage,
    server: MailServer,
}

impl Post {
    async fn of(service: &Service) -> Self {
        let stage = Stage::of(service, 3, 1).await;
        let lead = |number| Grant::new(Role::TeamLead, Scope::District(Stage::district(number)));
        for (name, number) in [("one", 1), ("also-one", 1), ("two", 2), ("three", 3)] {
            service.make_account(&address(name), &[lead(number)]).await;
        }
        nobody_to_write_to(service, lead(1)).await;
        let (server, mailer) = MailServer::start().await;
        let staff = stage.staff.set_up(|setup| setup.mailer = mailer);
        Self { stage: Stage { service: service.clone(), staff, ..stage }, server }
    }

    /// The next letters: to whom each is, and whether it has these words in it.
    async fn letters(&self, expected: &[(u128, &str)]) {
        let mut awaited: BTreeSet<(String, &str)> = BTreeSet::new();
        for (number, words) in expected {
            awaited.extend(leads(*number).iter().map(|name| (format!("<{}>", address(name)), *words)));
        }
        let mut came = BTreeSet::new();
        for _ in 0..awaited.len() {
            let (to, letter) = self.server.letter().await;
            assert!(letter.contains("The symposium"), "{letter}");
            let words = expected.iter().map(|(_, words)| *words).find(|words| letter.contains(words));
            came.insert((to, words.unwrap_or_else(|| panic!("{letter}"))));
        }
        assert_eq!(came, awaited);
        self.no_letter().await;
    }

    /// Nothing else is on its way: what is asked for now comes next.
    async fn no_letter(&self) {
        self.stage.staff.ask_with(REQUEST, &json!({ "email": address("elsewhere") })).await.data();
        let (to, letter) = self.server.letter().await;
        assert!(to == format!("<{}>", address("elsewhere")) && letter.contains("password-reset"), "{to}: {letter}");
    }

    async fn grow(&self, version: i64, capacity: i32) -> Answer {
        let variables = json!({ "id": self.stage.convening, "version": version, "capacity": capacity });
        self.stage.staff.ask_with(GROW, &variables).await
    }

    async fn version(&self) -> i64 {
        let sql = "SELECT version::text AS text FROM convening WHERE slug = 'symposium'";
        texts(&self.stage.service.db, sql).await[0].parse().expect("a version")
    }
}

fn address(name: &str) -> String {
    format!("{name}@example.org")
}

/// Who leads the district of this number.
fn leads(number: u128) -> &'static [&'static str] {
    match number {
        1 => &["one", "also-one"],
        2 => &["two"],
        _ => &["three"],
    }
}

/// Accounts that lead the district no more, or not any district, or were disabled.
async fn nobody_to_write_to(service: &Service, lead: Grant) {
    let nobody = |name| service.make_account(name, &[]);
    nobody("elsewhere@example.org").await;
    service.make_account("staff@example.org", &[Grant::new(Role::Staff, Scope::Everything)]).await;
    let over = nobody("over@example.org").await;
    service.make_grant(over, lead, Some(Service::clock().now())).await;
    for name in ["revoked@example.org", "disabled@example.org"] {
        service.make_grant(nobody(name).await, lead, None).await;
    }
    let sql = "
        UPDATE role_grant SET revoked_at = now() FROM account WHERE account.id = account_id AND email LIKE 'revoked%';
        UPDATE account SET disabled_at = now() WHERE email LIKE 'disabled%'";
    service.db.execute_unprepared(sql).await.expect("changes");
}

const SELECTED: &str = "was selected for";
const WAITS: &str = "on the waiting list";
const OFFERED: &str = "has become free";

#[test]
fn decisions_are_told_to_each_who_leads_a_district_and_to_nobody_else() {
    with_empty(async |service| {
        let post = Post::of(&service).await;
        let stage = &post.stage;
        assert_eq!(refusals(&stage.publish(1).await, "publishDecisions"), ["[\"id\"] | CONFLICT"], "all are undecided");
        stage.select(json!({})).await.data();
        assert_eq!(refusals(&stage.publish(9).await, "publishDecisions"), ["[\"version\"] | STALE_VERSION"]);
        post.no_letter().await;
        let (selected, waiting) = (stage.standing("selected").await[0], stage.standing("waitlisted").await);
        assert_eq!(refusals(&stage.publish(1).await, "publishDecisions"), [""; 0]);
        post.letters(&[(selected, SELECTED), (waiting[0], WAITS), (waiting[1], WAITS)]).await;
    });
}

#[test]
fn a_letter_comes_once_what_it_tells_of_is_written_down() {
    with_empty(async |service| {
        let post = Post::of(&service).await;
        post.stage.select(json!({})).await.data();
        let read = async || {
            post.server.letter().await;
            texts(&service.db, "SELECT decisions_published::text AS text FROM convening WHERE slug = 'symposium'").await
        };
        let (published, written) = tokio::join!(post.stage.publish(1), read());
        assert_eq!(written, ["true"]);
        assert_eq!(refusals(&published, "publishDecisions"), [""; 0]);
    });
}

#[test]
fn a_place_that_becomes_free_is_told_to_those_who_are_offered_it() {
    with_empty(async |service| {
        let post = Post::of(&service).await;
        let stage = &post.stage;
        stage.select(json!({})).await.data();
        let (selected, waiting) = (stage.standing("selected").await[0], stage.standing("waitlisted").await);
        stage.publish(1).await.data();
        post.letters(&[(selected, SELECTED), (waiting[0], WAITS), (waiting[1], WAITS)]).await;
        let wrong = stage.say(&stage.staff, "confirmTeam", waiting[1]).await;
        assert_eq!(refusals(&wrong, "confirmTeam"), ["[\"id\"] | ILLEGAL_TRANSITION"]);
        post.no_letter().await;
        stage.say(&stage.staff, "declineTeam", selected).await.data();
        post.letters(&[(waiting[0], OFFERED)]).await;
    });
}

#[test]
fn places_that_come_with_a_greater_capacity_are_offered_at_once() {
    with_empty(async |service| {
        let post = Post::of(&service).await;
        let stage = &post.stage;
        stage.select(json!({})).await.data();
        // Before decisions are published nobody is offered anything.
        assert_eq!(refusals(&post.grow(post.version().await, 2).await, "updateConvening"), [""; 0]);
        assert_eq!(refusals(&post.grow(post.version().await, 1).await, "updateConvening"), [""; 0]);
        let (selected, waiting) = (stage.standing("selected").await[0], stage.standing("waitlisted").await);
        let version = i32::try_from(post.version().await).expect("a version");
        stage.publish(version).await.data();
        post.letters(&[(selected, SELECTED), (waiting[0], WAITS), (waiting[1], WAITS)]).await;
        assert_eq!(refusals(&post.grow(1, 2).await, "updateConvening"), ["[\"version\"] | STALE_VERSION"]);
        assert!(!refusals(&post.grow(post.version().await, 0).await, "updateConvening").is_empty());
        assert_eq!(stage.standing("offered").await, [0; 0]);
        post.no_letter().await;
        let grown = post.grow(post.version().await, 2).await;
        assert_eq!(grown.at("/updateConvening/convening/teamCapacity"), 2);
        assert_eq!(stage.standing("offered").await, waiting[..1]);
        post.letters(&[(waiting[0], OFFERED)]).await;
        // As many as there were: nothing becomes free.
        post.grow(post.version().await, 2).await.data();
        post.no_letter().await;
        assert_eq!(stage.standing("waitlisted").await, waiting[1..]);
    });
}

/// The data that a running program answers with.
fn data(answer: std::io::Result<Value>) -> Value {
    let answer = answer.expect("an answer");
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"].clone()
}

#[test]
fn no_log_line_holds_an_address_not_even_where_a_letter_is_refused() {
    with_empty(async |service| {
        let post = Post::of(&service).await;
        post.stage.select(json!({})).await.data();
        let folder = DataFolder::new();
        let mut program = folder.lmi();
        program.env("DATABASE_URL", &service.url).env("LMI_LOG", "debug");
        program.env("LMI_SMTP_URL", post.server.url()).env("LMI_MAIL_FROM", FROM);
        let mut serving = Serving::run(program);
        let address = serving.address();
        let sign_in = format!(
            "mutation {{ signIn(input: {{ email: \"staff@example.org\", password: \"{PASSWORD}\" }}) {{ accessToken }} }}"
        );
        let signed_in = data(ask(address, &sign_in));
        let token = signed_in["signIn"]["accessToken"].as_str().expect("a token");
        let publish = format!(
            "mutation {{ publishDecisions(id: {}, version: 1, answerDueAt: \"2999-01-01T00:00:00Z\") {{ userErrors {{ code }} }} }}",
            post.stage.convening
        );
        let published = data(ask_bearing(address, token, &publish));
        assert_eq!(published["publishDecisions"]["userErrors"], json!([]));
        let (to, _) = post.server.refused_letter().await;
        assert!(to.contains("@example.org"), "{to}");
        for _ in 0..3 {
            post.server.letter().await;
        }
        let log = serving.log_until("a letter was not sent") + &serving.log();
        assert!(log.contains("it refused"), "{log}");
        assert!(!log.contains("example.org"), "{log}");
    });
}
