//! A network that breaks, and programs that share a database: a copy and a webhook end with everything, once and in order.

use crate::feed_faults::Copy;
use crate::program::{DataFolder, ask_bearing};
use crate::receiver::{Answers, Receiver};
use crate::webhook_survival::{add, add_at_last, all_of, on, sign_in};
use crate::webhooking::{self, end_leases, staff};
use crate::wire::Wire;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use tests::{texts, with_empty};
use tokio::sync::Notify;

pub(crate) fn endpoint(program: SocketAddr, token: &str, receiver: SocketAddr) {
    let document = format!(
        "mutation {{ createWebhookEndpoint(input: {{url: \"http://{receiver}/hook\", types: [\"Organization\"]}}) {{
          userErrors {{ message }} }} }}"
    );
    let made = ask_bearing(program, token, &document).expect("an answer");
    assert_eq!(made.pointer("/data/createWebhookEndpoint/userErrors"), Some(&json!([])), "{made}");
}

#[test]
fn a_copy_and_a_webhook_outlive_a_network_that_is_cut_to_either_side() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let (to_database, database) = Wire::to_database(&service.url).await;
        let (folder, to_receiver) = (DataFolder::new(), Wire::to(receiver.address()).await);
        let mut serving = on(&database, &folder, "off");
        let address = serving.address();
        let to_program = Wire::to(address).await;
        staff(&service).await;
        let token = sign_in(address, "ada@example.org");
        endpoint(address, &token, to_receiver.address);
        let mut ids = vec![add(address, &token, "Alder 0").expect("an organization")];
        let mut copy = Copy::default();
        let mut following = copy.follow(to_program.address).await;
        copy.take_until(&mut following, "Alder 0").await.expect("a change");
        let came = receiver.next().await.told();
        assert_eq!(came, webhooking::created(&ids)[0]);

        // Nobody who is told can be reached.
        to_program.cut();
        to_receiver.cut();
        for number in 1..4 {
            ids.push(add(address, &token, &format!("Alder {number}")).expect("an organization"));
        }
        assert!(copy.take_until(&mut following, "Alder 3").await.is_none(), "it broke off");
        let failed = "SELECT 'once' AS text FROM webhook_progress WHERE failures = 1";
        while texts(&service.db, failed).await.is_empty() {}
        to_program.mend();
        to_receiver.mend();
        copy.follow_until(to_program.address, "Alder 3").await;
        copy.assert_is_whole(address);
        all_of(&mut receiver, &ids, 1).await;

        // The database cannot be reached, while something is sent and somebody follows.
        let answered = Arc::new(Notify::new());
        receiver.will([Answers::Once(Arc::clone(&answered))]);
        let mut following = copy.follow(to_program.address).await;
        ids.push(add(address, &token, "Alder 4").expect("an organization"));
        let under_way = receiver.next().await.told();
        assert_eq!(under_way, webhooking::created(&ids)[4]);
        to_database.cut();
        answered.notify_one();
        ids.push(webhooking::add(&service, "Alder 5").await);
        to_database.mend();
        end_leases(&service).await;
        ids.push(add_at_last(address, &token, "Alder 6"));
        // Whoever was waiting goes on to be told, or is told that it broke, and goes on by the cursor.
        while copy.take_until(&mut following, "Alder 6").await.is_none() {
            following = copy.follow(to_program.address).await;
        }
        copy.assert_is_whole(address);
        all_of(&mut receiver, &ids, 4).await;
    });
}

#[test]
fn two_programs_on_one_database_tell_the_same_in_one_order_also_when_one_is_killed() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        // They share the keys that sign, one of which is made by whoever starts first.
        let folder = DataFolder::new();
        let mut first = on(&service.url, &folder, "off");
        let at_first = first.address();
        let mut second = on(&service.url, &folder, "off");
        let addresses = [at_first, second.address()];
        staff(&service).await;
        let tokens = addresses.map(|address| sign_in(address, "ada@example.org"));
        endpoint(addresses[0], &tokens[0], receiver.address());
        let (mut here, mut there) = (Copy::default(), Copy::default());
        let mut following = (here.follow(addresses[0]).await, there.follow(addresses[1]).await);
        let mut ids: Vec<Value> = Vec::new();
        for number in 0..10 {
            let at = number % 2;
            ids.push(add(addresses[at], &tokens[at], &format!("Alder {number}")).expect("an organization"));
        }
        here.take_until(&mut following.0, "Alder 9").await.expect("changes");
        there.take_until(&mut following.1, "Alder 9").await.expect("changes");
        assert_eq!(here.came, there.came);
        all_of(&mut receiver, &ids, 0).await;

        first.signal("-KILL");
        first.ended();
        let lost = here.take_until(&mut following.0, "Alder 19").await;
        assert!(lost.is_none(), "whoever followed the one that was killed knows it");
        for number in 10..20 {
            ids.push(add(addresses[1], &tokens[1], &format!("Alder {number}")).expect("an organization"));
        }
        end_leases(&service).await;
        here.follow_until(addresses[1], "Alder 19").await;
        there.take_until(&mut following.1, "Alder 19").await.expect("changes");
        assert_eq!(here.came, there.came);
        for copy in [here, there] {
            copy.assert_is_whole(addresses[1]);
        }
        all_of(&mut receiver, &ids, 10).await;
    });
}
