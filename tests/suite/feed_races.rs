//! Many who write and many who read at once: each change is told once, to all in one order, whenever it was committed.

use crate::changes::{beginning, end, since, told};
use lmi::auth::Role;
use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use serde_json::{Value, json};
use tests::{Service, with_empty};

const CREATE: &str = "mutation ($name: String!) { createOrganization(input: {name: $name, kind: OTHER}) {
    organization { id } userErrors { message } } }";

async fn create(service: &Service, name: &str) -> Value {
    let answer = service.as_role(Role::Staff).ask_with(CREATE, &json!({ "name": name })).await;
    answer.at("/createOrganization/organization/id")
}

fn ids(changes: &[Value]) -> Vec<Value> {
    changes.iter().map(|change| change["nodeId"].clone()).collect()
}

#[test]
fn a_transaction_that_is_held_open_holds_nobody_up_and_is_told_when_it_ends() {
    with_empty(async |service| {
        let start = end(&service).await;
        let held = service.db.begin().await.expect("a transaction");
        let row = "INSERT INTO organization (id, slug, name, kind) VALUES (gen_random_uuid(), 'held', 'Held', 'other')";
        held.execute_unprepared(row).await.expect("a row");
        let first = create(&service, "Made Up Alliance").await;
        let (changes, cursor) = since(&service, &start).await;
        assert_eq!(ids(&changes), [first], "what was begun later and committed is told");
        let second = create(&service, "Another Alliance").await;
        held.commit().await.expect("a commit");
        let (changes, after) = since(&service, &cursor).await;
        assert_eq!(told(&changes), ["CREATED | Organization"; 2]);
        assert!(ids(&changes).contains(&second), "both are told, whichever began first");
        assert!(since(&service, &after).await.0.is_empty(), "once");
    });
}

#[test]
fn what_is_taken_back_was_never_there() {
    with_empty(async |service| {
        let start = end(&service).await;
        let held = service.db.begin().await.expect("a transaction");
        let row = "INSERT INTO organization (id, slug, name, kind) VALUES (gen_random_uuid(), 'held', 'Held', 'other')";
        held.execute_unprepared(row).await.expect("a row");
        held.rollback().await.expect("an end");
        assert!(since(&service, &start).await.0.is_empty());
    });
}

#[test]
fn whoever_reads_while_others_write_has_each_change_once_and_in_one_order() {
    with_empty(async |service| {
        let start = end(&service).await;
        let writers = (0..6).map(|writer| {
            // Each on an instance of its own.
            let service = service.set_up(|_| ());
            tokio::spawn(async move {
                for place in 0..6 {
                    create(&service, &format!("Alliance {writer} {place}")).await;
                }
            })
        });
        let writers: Vec<_> = writers.collect();
        let readers = (0..4).map(|_| {
            let (service, mut cursor) = (service.set_up(|_| ()), start.clone());
            tokio::spawn(async move {
                let mut all = Vec::new();
                while all.len() < 36 {
                    let (changes, next) = since(&service, &cursor).await;
                    all.extend(ids(&changes));
                    cursor = next;
                }
                all
            })
        });
        let readers: Vec<_> = readers.collect();
        for writer in writers {
            writer.await.expect("a writer");
        }
        let mut read = Vec::new();
        for reader in readers {
            read.push(reader.await.expect("a reader"));
        }
        assert!(read.iter().all(|all| *all == read[0]), "one order for all");
        let mut each: Vec<String> = read[0].iter().map(ToString::to_string).collect();
        each.sort_unstable();
        each.dedup();
        assert_eq!((each.len(), read[0].len()), (36, 36), "each once");
    });
}

#[test]
fn many_who_come_first_make_one_feed() {
    with_empty(async |service| {
        let first = (0..8).map(|_| {
            let service = service.set_up(|_| ());
            tokio::spawn(async move { beginning(&service).await })
        });
        let mut told = Vec::new();
        for one in first.collect::<Vec<_>>() {
            told.push(one.await.expect("a feed"));
        }
        assert!(told.iter().all(|one| *one == told[0]), "all are told the same, with the same cursors");
    });
}
