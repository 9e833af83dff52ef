//! An operation that takes too long is told of, with the plan of what took the time, and without anything that was asked for.

use crate::program::{DataFolder, Serving, ask};
use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use tests::{Service, texts, with_record};

const NAME: &str = "Quixotic Organization";
/// Those who wait for another to be done with a table.
const WAITING: &str = "SELECT 'one' AS text FROM pg_locks WHERE NOT granted AND relation = 'organization'::regclass";

/// Holds back whoever reads organizations until this was sent, and for a while.
async fn held_back(service: &Service, asking: impl FnOnce() + Send + 'static) {
    let holder = service.db.begin().await.expect("a transaction");
    holder.execute_unprepared("LOCK TABLE organization IN ACCESS EXCLUSIVE MODE").await.expect("a lock");
    let asked = tokio::task::spawn_blocking(asking);
    while texts(&service.db, WAITING).await.is_empty() {}
    holder.execute_unprepared("SELECT pg_sleep(0.1)").await.expect("a while");
    holder.commit().await.expect("an end");
    asked.await.expect("an answer");
}

#[test]
fn what_took_so_long_is_told_with_its_plan_and_without_its_values() {
    with_record(async |service| {
        let folder = DataFolder::new();
        let mut program = folder.lmi();
        program.env("DATABASE_URL", &service.url).env("LMI_LOG_FORMAT", "json").env("LMI_SLOW_MS", "50");
        let mut serving = Serving::run(program);
        let address = serving.address();
        let document = format!(
            "query LookingFor {{ organizations(first: 5, filter: {{search: \"{NAME}\"}}) {{ nodes {{ name }} }} }}"
        );
        held_back(&service, move || drop(ask(address, &document).expect("an answer"))).await;
        let log = serving.log_until("its slowest statement");
        let line = |words: &str| {
            let line = log.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("no `{words}`: {log}"));
            serde_json::from_str::<serde_json::Value>(line).expect("a line of JSON")
        };
        let slow = line("an operation was slow");
        assert_eq!((slow["operation"].as_str(), slow["kind"].as_str()), (Some("LookingFor"), Some("query")));
        assert_eq!(slow["document"].as_str().map(str::len), Some(64));
        assert!(slow["cost"].as_u64() > Some(0) && slow["ms"].as_f64() >= Some(50.0), "{slow}");
        assert!(slow["each_ms"].as_str().is_some_and(|each| each.starts_with("SELECT ")), "{slow}");
        let plan = line("its slowest statement");
        assert_eq!(plan["request"], slow["request"]);
        assert!(
            plan["plan"].as_str().is_some_and(|plan| plan.contains("cost=") && plan.contains("organization")),
            "{plan}"
        );
        assert!(!log.contains(NAME) && !log.contains("Quixotic"), "{log}");
    });
}

#[test]
fn what_is_slow_can_be_left_alone() {
    with_record(async |service| {
        let folder = DataFolder::new();
        let mut program = folder.lmi();
        program
            .env("DATABASE_URL", &service.url)
            .env("LMI_SLOW_MS", "0")
            .env("LMI_LOG", "warn,lmi=info,lmi::request=debug");
        let mut serving = Serving::run(program);
        let address = serving.address();
        held_back(&service, move || drop(ask(address, "{ organizations { totalCount } }").expect("an answer"))).await;
        let log = serving.log_until("answered");
        assert!(!log.contains("slow"), "{log}");
    });
}
