//! Instances are replaced one by one while they are asked, by those of another version or of the same: nobody notices.

use crate::instances::{Instances, set};
use crate::load::{Load, assert_is_held};
use crate::program::{ended, run_on};
use std::path::PathBuf;
use tests::{Node, Service, texts, with_bare, with_empty, with_servers};

const WRITERS: usize = 4;
const ENOUGH: usize = 40;
/// The setting that names the program of the previous release.
const PREVIOUS: &str = "LMI_PREVIOUS";

/// What a newer version does to the tables first: it adds to them, as `migration/README.md` says.
const EXPANDED: &str = "ALTER TABLE organization ADD COLUMN of_a_newer_version text;
    CREATE TABLE of_a_newer_version (id uuid PRIMARY KEY, organization_id uuid NOT NULL REFERENCES organization);
    INSERT INTO seaql_migrations (version, applied_at) VALUES ('9999_of_a_newer_version', 0)";

/// Replaces each instance by another while they are asked.
async fn replaced(instances: &mut Instances, load: &mut Load) {
    for _ in 0..instances.number() {
        instances.add();
        load.goes_on(ENOUGH / 2).await;
        instances.stop().await;
        load.goes_on(ENOUGH / 2).await;
    }
}

/// Ends it all: nobody was refused, and nobody was left without an answer.
async fn nobody_noticed(what: &str, node: &Node, load: Load) {
    let (mut asking, seen) = load.end().await;
    println!("{}", seen.report(what));
    assert!(seen.refused.is_empty() && seen.broken == 0, "{:?}, {} without an answer", seen.refused, seen.broken);
    assert_is_held(node, &seen.acknowledged).await;
    asking.send_again(&seen.acknowledged).await;
    assert_is_held(node, &seen.acknowledged).await;
}

#[test]
fn instances_are_replaced_one_by_one_on_tables_that_were_expanded_and_nobody_notices() {
    with_servers(async || {
        let node = Node::primary().await;
        let mut instances = Instances::start(&node, &node.url(), 2).await;
        let mut load = Load::start(&instances, WRITERS);
        load.goes_on(ENOUGH).await;
        node.execute(EXPANDED).await;
        load.goes_on(ENOUGH).await;
        // Also back: those that start know less than the tables.
        replaced(&mut instances, &mut load).await;
        nobody_noticed("two instances replaced on expanded tables", &node, load).await;
    });
}

#[test]
#[ignore = "takes the program of the previous release: LMI_PREVIOUS=PATH cargo test -p tests -- --ignored the_previous_release"]
fn the_previous_release_is_replaced_under_load_and_nobody_notices() {
    let previous = PathBuf::from(set(PREVIOUS).expect("LMI_PREVIOUS: the path of the program of the previous release"));
    with_servers(async || {
        let node = Node::primary().await;
        let mut instances = Instances::none(&node.url());
        let migrate = |instances: &Instances| {
            let mut migrate = instances.command();
            migrate.arg("migrate");
            ended(migrate).done()
        };
        instances.of_program(Some(previous));
        migrate(&instances);
        instances.start_on(&node, 2).await;
        let mut load = Load::start(&instances, WRITERS);
        load.goes_on(ENOUGH).await;
        instances.of_program(None);
        migrate(&instances);
        load.goes_on(ENOUGH).await;
        replaced(&mut instances, &mut load).await;
        nobody_noticed("the previous release replaced", &node, load).await;
    });
}

async fn expand(service: &Service) {
    sea_orm::ConnectionTrait::execute_unprepared(&service.db, EXPANDED).await.expect("a step of a newer version");
}

#[test]
fn an_older_version_works_on_what_a_newer_one_has_expanded() {
    with_empty(async |service| {
        expand(&service).await;
        assert_eq!(service.get("/health/ready", "*/*").await.status, 200);
        assert_eq!(run_on(&service, &["migrate", "--check"]).done(), "The database is up to date.\n");
        assert_eq!(run_on(&service, &["migrate"]).done(), "The database is up to date.\n");
    });
}

#[test]
fn programs_that_migrate_at_once_migrate_once() {
    with_bare(async |service| {
        std::thread::scope(|threads| {
            let migrating: Vec<_> = (0..4).map(|_| threads.spawn(|| run_on(&service, &["migrate"]).done())).collect();
            for migrated in migrating {
                assert_eq!(migrated.join().expect("a program that ended"), "The database is up to date.\n");
            }
        });
        let twice = "SELECT version AS text FROM seaql_migrations GROUP BY version HAVING count(*) > 1";
        assert_eq!(texts(&service.db, twice).await, Vec::<String>::new());
        assert_eq!(texts(&service.db, "SELECT count(*)::text AS text FROM county").await, ["58"]);
    });
}
