//! Reading from servers that follow the one that takes writes: nobody reads behind what they wrote, or were told of.

use crate::kept_answers::kept;
use lmi::auth::Role;
use serde_json::{Value, json};
use tests::{Answer, Node, Replicated, Service, replicated};

const MEGABYTE: u64 = 1024 * 1024;
const NAMES: &str = "{ organizations(first: 50, orderBy: {field: NAME}) { nodes { name } } }";
const COUNT: &str = "{ organizations(first: 1) { totalCount } }";
const CREATE: &str = "mutation ($name: String!) { createOrganization(input: {name: $name, kind: OTHER}) {
    organization { name } userErrors { message } } }";
const MAP: &str = "/participation.geojson";

const PAUSE: &str = "SELECT pg_wal_replay_pause()";
const RESUME: &str = "SELECT pg_wal_replay_resume()";

async fn create(service: &Service, name: &str) {
    let answer = service.as_role(Role::Staff).ask_with(CREATE, &json!({ "name": name })).await;
    assert_eq!(answer.at("/createOrganization/organization/name"), name, "{}", answer.text);
}

/// The answer to a document, once it is a replica's: asked until no statement is run for it on the primary.
async fn from_a_replica(service: &Service, document: &str) -> Answer {
    loop {
        let (answer, statements) = service.counted(document, &Value::Null).await;
        assert!(!answer.text.contains("errors"), "{}", answer.text);
        if statements == 0 {
            return answer;
        }
    }
}

fn last(answer: &Answer, number: usize) -> Value {
    answer.at(&format!("/organizations/nodes/{}/name", number - 1))
}

#[test]
fn what_was_written_is_read_from_a_replica() {
    replicated(async |servers| {
        let service = servers.instance().await;
        create(&service, "Alder Foundation").await;
        let staff = service.as_role(Role::Staff);
        for reader in [&service, &staff] {
            assert_eq!(last(&from_a_replica(reader, NAMES).await, 1), "Alder Foundation");
        }
        loop {
            let (map, statements) = service.counted_get(MAP).await;
            assert_eq!(map.status, 200, "{}", map.text);
            if statements == 0 {
                break;
            }
        }
    });
}

#[test]
fn nobody_reads_behind_what_was_written() {
    replicated(async |servers| {
        let (service, elsewhere) = (servers.instance().await, servers.instance().await);
        create(&service, "Alder Foundation").await;
        let staff = service.as_role(Role::Staff);
        for reader in [&service, &staff, &elsewhere, &elsewhere.as_role(Role::Staff)] {
            from_a_replica(reader, NAMES).await;
        }
        servers.replica.execute(PAUSE).await;
        create(&service, "Birch Foundation").await;
        for reader in [&staff, &service, &elsewhere.as_role(Role::Staff), &elsewhere] {
            let (answer, statements) = reader.counted(NAMES, &Value::Null).await;
            assert_eq!(last(&answer, 2), "Birch Foundation");
            assert!(statements > 0, "the primary is asked");
        }
        servers.replica.execute(RESUME).await;
        for reader in [&service, &staff] {
            assert_eq!(last(&from_a_replica(reader, NAMES).await, 2), "Birch Foundation");
        }
    });
}

#[test]
fn a_replica_is_read_from_where_the_one_that_takes_writes_has_just_begun_a_new_file() {
    replicated(async |servers| {
        let service = servers.instance().await;
        create(&service, "Alder Foundation").await;
        let staff = service.as_role(Role::Staff);
        from_a_replica(&staff, NAMES).await;
        servers.primary.execute("SELECT pg_switch_wal()").await;
        let mut statements = Vec::new();
        for _ in 0..20 {
            statements.push(staff.counted(NAMES, &Value::Null).await.1);
        }
        assert!(statements.contains(&0), "{statements:?}");
    });
}

#[test]
fn whoever_writes_through_one_instance_reads_it_through_another_each_time() {
    replicated(async |servers| {
        let instances = [servers.instance().await, servers.instance().await];
        for number in 1..=100 {
            create(&instances[number % 2], &format!("Example {number:03}")).await;
            let answer = instances[(number + 1) % 2].as_role(Role::Staff).ask(COUNT).await;
            assert_eq!(answer.at("/organizations/totalCount"), number);
        }
    });
}

#[test]
fn what_is_kept_is_never_what_a_replica_lacks() {
    replicated(async |servers| {
        let service = servers.instance().await.keeping(MEGABYTE);
        create(&service, "Example 001").await;
        kept(&service, NAMES).await;
        for number in 2..40 {
            if number % 10 == 0 {
                servers.replica.execute(if number % 20 == 0 { RESUME } else { PAUSE }).await;
            }
            create(&service, &format!("Example {number:03}")).await;
            assert_eq!(last(&service.ask(NAMES).await, number), format!("Example {number:03}"));
            assert_eq!(last(&kept(&service, NAMES).await, number), format!("Example {number:03}"));
        }
    });
}

#[test]
fn nobody_reads_from_a_server_that_follows_another() {
    replicated(async |servers| {
        // It has everything that the one has which takes writes, and has come farther.
        let stranger = Node::primary().await;
        stranger.migrate().await;
        create(&stranger.instance(&stranger.url(), None, None).await, "Stranger Foundation").await;
        stranger.execute("CREATE TABLE waste AS SELECT generate_series(1, 100000)").await;
        let reads = format!("{},{}", stranger.url(), servers.replica.url());
        let service = servers.primary.instance(&servers.primary.url(), None, Some(&reads)).await;
        create(&service, "Alder Foundation").await;
        let mut from_replicas = 0;
        while from_replicas < 50 {
            for reader in [&service, &service.as_role(Role::Staff)] {
                let (answer, statements) = reader.counted(NAMES, &Value::Null).await;
                assert_eq!(answer.at("/organizations/nodes"), json!([{ "name": "Alder Foundation" }]));
                from_replicas += usize::from(statements == 0);
            }
        }
    });
}

#[test]
fn reads_go_on_without_a_replica_and_turn_to_it_when_it_is_back() {
    replicated(async |Replicated { primary, replica }| {
        let mut servers = Replicated { primary, replica };
        let service = servers.instance().await;
        create(&service, "Alder Foundation").await;
        from_a_replica(&service, NAMES).await;
        servers.replica.kill();
        for _ in 0..50 {
            for reader in [&service, &service.as_role(Role::Staff)] {
                assert_eq!(last(&reader.ask(NAMES).await, 1), "Alder Foundation");
            }
        }
        create(&service, "Birch Foundation").await;
        servers.replica.start();
        assert_eq!(last(&from_a_replica(&service, NAMES).await, 2), "Birch Foundation");
    });
}
