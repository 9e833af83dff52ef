//! Instances of the program that are killed at any point of what they write, again and again: everything that was acknowledged is
//! there, and nothing twice, however often it was sent.

use crate::instances::{Instances, setting};
use crate::load::{Load, assert_is_held};
use tests::{Node, with_servers};

const WRITERS: usize = 4;
/// Writes that are acknowledged from one kill to the next. There is always another under way then, somewhere.
const BETWEEN: [usize; 5] = [31, 7, 58, 1, 23];
/// The setting that says how many are to be acknowledged.
const WRITES: &str = "WRITES";

/// Kills one instance after the other until so many writes are acknowledged.
async fn killed_at_any_point(writes: usize) {
    let node = Node::primary().await;
    let mut instances = Instances::start(&node, &node.url(), 2).await;
    let mut load = Load::start(&instances, WRITERS);
    let mut kills = 0;
    while load.acknowledged() < writes {
        let next = load.acknowledged() + BETWEEN[kills % BETWEEN.len()];
        load.until(|seen| seen.acknowledged.len() >= next).await;
        instances.kill();
        instances.add();
        kills += 1;
    }
    let (mut asking, seen) = load.end().await;
    assert_is_held(&node, &seen.acknowledged).await;
    asking.send_again(&seen.acknowledged).await;
    assert_is_held(&node, &seen.acknowledged).await;
    println!("{}", seen.report(&format!("an instance killed {kills} times")));
}

#[test]
fn an_instance_killed_at_any_point_of_a_write_loses_nothing_and_does_nothing_twice() {
    with_servers(async || killed_at_any_point(300).await);
}

#[test]
#[ignore = "takes long: WRITES=10000 cargo test -p tests -- --ignored --nocapture as_many_writes_as_are_asked_for"]
fn as_many_writes_as_are_asked_for_outlive_kills() {
    with_servers(async || killed_at_any_point(setting(WRITES).unwrap_or(10_000)).await);
}
