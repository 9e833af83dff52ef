//! Many read and many write at once: nobody is told what was so before a change that had been acknowledged.

use crate::kept_answers::kept;
use lmi::auth::Role;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};
use tests::{Service, with_empty};

const CREATE: &str = "mutation ($name: String!) { createOrganization(input: {name: $name, kind: OTHER}) {
    organization { id slug } userErrors { code } } }";
const UPDATE: &str = "mutation ($id: ID!, $version: Int!, $text: String!) {
    updateOrganization(id: $id, version: $version, input: {description: $text}) { organization { version } userErrors { code } } }";
const WRITERS: usize = 3;
const CHANGES: i64 = 40;

/// Changes one organization again and again, and says what was acknowledged.
async fn write(service: Service, id: Value, acknowledged: &AtomicI64) {
    let staff = service.as_role(Role::Staff);
    for version in 1..=CHANGES {
        let change = json!({ "id": id, "version": version, "text": version.to_string() });
        staff.ask_with(UPDATE, &change).await.at("/updateOrganization/organization/version");
        acknowledged.store(version, Ordering::SeqCst);
    }
}

/// Asks until all is written, and never hears less than what was acknowledged before.
async fn read(service: &Service, acknowledged: &[AtomicI64]) {
    let document = "{ organizations(first: 10, orderBy: {field: NAME}) { nodes { description } } }";
    loop {
        let floor: Vec<i64> = acknowledged.iter().map(|version| version.load(Ordering::SeqCst)).collect();
        // The first keeps its answer for the others.
        for _ in 0..3 {
            let answer = service.ask(document).await;
            for (told, floor) in answer.each("/organizations/nodes", "/description").iter().zip(&floor) {
                let told: i64 = told.as_str().map_or(0, |told| told.parse().expect("a number"));
                assert!(told >= *floor, "{told} was told after {floor} had been acknowledged");
            }
        }
        if floor.iter().all(|version| *version == CHANGES) {
            return;
        }
        tokio::task::yield_now().await;
    }
}

#[test]
fn nobody_is_told_what_was_before_a_change_that_was_acknowledged() {
    with_empty(async |service| {
        let service = service.keeping(1024 * 1024);
        kept(&service, "{ regions { number } }").await;
        let mut writers = Vec::new();
        let acknowledged: &'static [AtomicI64] = Box::leak(Box::new([const { AtomicI64::new(0) }; WRITERS]));
        for (name, acknowledged) in ["Alder", "Birch", "Cedar"].into_iter().zip(acknowledged) {
            let made = service.as_role(Role::Staff).ask_with(CREATE, &json!({ "name": name })).await;
            let id = made.at("/createOrganization/organization/id");
            writers.push(tokio::spawn(write(service.clone(), id, acknowledged)));
        }
        let readers: Vec<_> = (0..6)
            .map(|_| {
                let service = service.clone();
                tokio::spawn(async move { read(&service, acknowledged).await })
            })
            .collect();
        for task in writers.into_iter().chain(readers) {
            task.await.expect("nobody is told what was before");
        }
    });
}
