//! What can happen to the database and the network, to two instances of the program that many ask meanwhile: whatever is asked is
//! answered or refused for now, in so many words; the instances say of themselves what is so; they go on by themselves; and
//! everything that was acknowledged is there, once.

use crate::instances::Instances;
use crate::load::{Load, assert_is_held};
use tests::{Disk, Network, Node, Relay, with_servers};

const WRITERS: usize = 4;
/// How much is to happen until the next thing is done.
const ENOUGH: usize = 40;

/// Those who ask two instances on a server, of which enough was answered to begin with.
async fn asked(node: &Node, url: &str) -> (Instances, Load) {
    asked_by(WRITERS, node, url).await
}

async fn asked_by(writers: usize, node: &Node, url: &str) -> (Instances, Load) {
    let instances = Instances::start(node, url, 2).await;
    let mut load = Load::start(&instances, writers);
    load.goes_on(ENOUGH).await;
    (instances, load)
}

/// Waits until everything goes on, and holds the account against the database.
async fn goes_on(fault: &str, node: &Node, mut load: Load) {
    load.goes_on(ENOUGH).await;
    let (mut asking, seen) = load.end().await;
    assert_is_held(node, &seen.acknowledged).await;
    asking.send_again(&seen.acknowledged).await;
    assert_is_held(node, &seen.acknowledged).await;
    println!("{}", seen.report(fault));
}

#[test]
fn a_killed_database_costs_nobody_what_was_acknowledged() {
    with_servers(async || {
        let mut node = Node::primary().await;
        let (_instances, mut load) = asked(&node, &node.url()).await;
        node.kill();
        load.is_refused().await;
        node.start();
        goes_on("PostgreSQL killed and started again", &node, load).await;
    });
}

#[test]
fn a_restarted_database_costs_nobody_what_was_acknowledged() {
    with_servers(async || {
        let mut node = Node::primary().await;
        let (_instances, mut load) = asked(&node, &node.url()).await;
        for _ in 0..3 {
            node.restart();
            load.goes_on(ENOUGH / 4).await;
        }
        goes_on("PostgreSQL restarted three times", &node, load).await;
    });
}

#[test]
fn a_database_that_stands_still_goes_on_where_it_was() {
    with_servers(async || {
        let node = Node::primary().await;
        let (_instances, mut load) = asked(&node, &node.url()).await;
        node.pause();
        load.is_refused().await;
        node.resume();
        goes_on("PostgreSQL paused", &node, load).await;
    });
}

#[test]
fn a_database_without_connections_left_is_a_reason_to_wait() {
    with_servers(async || {
        let node = Node::primary().await;
        let (_instances, mut load) = asked(&node, &node.url()).await;
        let taken = node.take_connections().await;
        load.is_refused().await;
        drop(taken);
        goes_on("PostgreSQL out of connections", &node, load).await;
    });
}

#[test]
fn connections_that_are_ended_cost_nobody_what_was_acknowledged() {
    with_servers(async || {
        let node = Node::primary().await;
        let (_instances, mut load) = asked(&node, &node.url()).await;
        for _ in 0..10 {
            node.end_connections().await;
            load.goes_on(4).await;
        }
        goes_on("all connections ended, ten times", &node, load).await;
    });
}

#[test]
fn a_database_that_only_reads_is_a_reason_to_wait() {
    with_servers(async || {
        let node = Node::primary().await;
        let (_instances, mut load) = asked(&node, &node.url()).await;
        node.only_reads(true).await;
        load.is_refused().await;
        node.only_reads(false).await;
        goes_on("PostgreSQL read-only", &node, load).await;
    });
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_reason_to_wait() {
    with_servers(async || {
        let mut node = Node::on(Disk::of_megabytes(192)).await;
        let (_instances, mut load) = asked(&node, &node.url()).await;
        let refused = |load: &Load| load.seen().refused.values().sum::<usize>();
        let before = refused(&load);
        node.disk().fill();
        load.until(|seen| seen.refused.values().sum::<usize>() > before + ENOUGH).await;
        node.disk().clear();
        // What it could not write into its log ended it, which nothing here starts again.
        if node.has_ended() {
            node.start();
        }
        goes_on("the disk of PostgreSQL full", &node, load).await;
    });
}

#[test]
fn a_network_that_is_cut_costs_nobody_what_was_acknowledged() {
    with_servers(async || {
        let node = Node::primary().await;
        let relay = Relay::before(&node).await;
        let (_instances, mut load) = asked(&node, &relay.url()).await;
        relay.is(Network::Cut);
        load.is_refused().await;
        relay.is(Network::Well);
        load.goes_on(ENOUGH).await;
        relay.is(Network::Slow);
        goes_on("the network cut, well again, and slow", &node, load).await;
    });
}

#[test]
fn a_network_that_falls_silent_is_a_reason_to_wait() {
    with_servers(async || {
        let node = Node::primary().await;
        let relay = Relay::before(&node).await;
        let (_instances, mut load) = asked(&node, &relay.url()).await;
        relay.is(Network::Silent);
        load.is_refused().await;
        relay.is(Network::Well);
        goes_on("the network silent", &node, load).await;
    });
}

#[test]
fn connections_that_a_router_forgot_are_made_anew() {
    with_servers(async || {
        let node = Node::primary().await;
        let relay = Relay::before(&node).await;
        // So many that most connections are in use: were they to stay lost, none would be left after the second time.
        let (_instances, mut load) = asked_by(6 * WRITERS, &node, &relay.url()).await;
        for _ in 0..2 {
            relay.forgets_connections();
            load.goes_on(ENOUGH).await;
        }
        goes_on("connections lost without a word", &node, load).await;
    });
}
