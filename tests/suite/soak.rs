//! A day in an hour: two instances are asked for as much as comes in a day, while something goes wrong again and again. In the end
//! everything that was acknowledged is there once, the feed and the webhooks have told of all of it, every error was one of
//! ours, and the memory that the instance holds which was there from the beginning has not grown.
//!
//! Time is what this is about, so that here, and nowhere else in the tests, it is waited for.

use crate::asking::Asking;
use crate::following::follow;
use crate::instances::{Instances, setting};
use crate::load::{Load, assert_is_held};
use crate::receiver::Receiver;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::{Duration, Instant};
use tests::{Network, Node, Relay, with_servers};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

/// The setting that says for how long.
const SECONDS: &str = "SOAK_SECONDS";
const DAY: usize = 3600;
/// Each writer creates something and changes it, once in this time; each reader asks for something.
const WRITES_EVERY: Duration = Duration::from_secs(2);
const READS_EVERY: Duration = Duration::from_millis(200);
const WRITERS: usize = 4;
const READERS: usize = 6;
const FOLLOWERS: usize = 5;
/// How long a fault lasts that does not end by itself, and how long it is from one to the next at most.
const LASTS: Duration = Duration::from_secs(4);
const APART: Duration = Duration::from_mins(1);
/// How many faults there are in a run at least.
const FAULTS: u32 = 9;
/// How much more memory may be held in the last third than in the second: what is freed is not given back at once.
const GROWTH: f64 = 1.10;
/// How long it may take until webhooks have told everything, where whoever told them was killed.
const TOLD: Duration = Duration::from_mins(3);

const ASKED: [&str; 6] = [
    "{ regions { number name } }",
    "{ organizations(first: 20, orderBy: {field: NAME}) { totalCount nodes { name kind } } }",
    "{ organizations(first: 5, filter: {search: \"exampel\"}) { nodes { name description } } }",
    "{ districts(first: 20) { nodes { name county { name } } } }",
    "{ convenings(first: 10) { nodes { title sessions(first: 5) { nodes { title } } } } }",
    "{ changes(from: NOW, first: 10) { pageInfo { endCursor } } }",
];

/// What goes wrong, one after the other.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Restarted,
    Killed,
    Paused,
    Ended,
    Cut,
    Silent,
    Forgotten,
    ReadOnly,
    InstanceKilled,
}

const ALL: [Fault; FAULTS as usize] = [
    Fault::Restarted,
    Fault::InstanceKilled,
    Fault::Paused,
    Fault::Ended,
    Fault::Cut,
    Fault::Forgotten,
    Fault::Silent,
    Fault::ReadOnly,
    Fault::Killed,
];

/// What it happens to.
struct Scene {
    node: Node,
    relay: Relay,
    instances: Instances,
}

impl Scene {
    async fn suffer(&mut self, fault: Fault) {
        let Self { node, relay, instances } = self;
        match fault {
            Fault::Restarted => node.restart(),
            Fault::Killed => {
                node.kill();
                sleep(LASTS).await;
                node.start();
            }
            Fault::Paused => {
                node.pause();
                sleep(LASTS).await;
                node.resume();
            }
            Fault::Ended => node.end_connections().await,
            Fault::Cut | Fault::Silent => {
                relay.is(if matches!(fault, Fault::Cut) { Network::Cut } else { Network::Silent });
                sleep(LASTS).await;
                relay.is(Network::Well);
            }
            Fault::Forgotten => relay.forgets_connections(),
            Fault::ReadOnly => {
                node.only_reads(true).await;
                sleep(LASTS).await;
                node.only_reads(false).await;
            }
            Fault::InstanceKilled => {
                instances.kill_last();
                sleep(LASTS).await;
                instances.add();
            }
        }
    }
}

/// Megabytes that a process holds.
fn megabytes(process: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("a process that runs");
    let held = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("what it holds");
    held.trim().trim_end_matches(" kB").parse::<f64>().expect("a number") / 1024.0
}

/// Creates and changes organizations at its pace.
async fn writes(mut asking: Asking, writer: usize) {
    let mut pace = paced(WRITES_EVERY);
    for number in 0.. {
        pace.tick().await;
        if asking.is_over() {
            return;
        }
        let made = asking.add(writer, number).await;
        asking.describe(&made, number + 1).await;
    }
}

async fn reads(mut asking: Asking, reader: usize) {
    let mut pace = paced(READS_EVERY);
    for number in reader.. {
        pace.tick().await;
        if asking.is_over() {
            return;
        }
        asking.ask(ASKED[number % ASKED.len()], number).await;
    }
}

async fn looks(asking: Asking) {
    asking.look().await;
}

fn paced(every: Duration) -> tokio::time::Interval {
    let mut pace = interval(every);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    pace
}

fn asked(instances: &Instances) -> Load {
    let mut load = Load::of(instances);
    for writer in 0..WRITERS {
        load.writes(|asking| writes(asking, writer));
    }
    for reader in 0..READERS {
        load.asks(|asking| reads(asking, reader));
    }
    for _ in 0..FOLLOWERS {
        load.asks(follow);
    }
    load.asks(looks);
    load
}

/// Waits for so long, and measures meanwhile.
async fn measured(process: u32, long: Duration, held: &mut Vec<f64>) {
    let began = Instant::now();
    while began.elapsed() < long {
        held.push(megabytes(process));
        sleep(Duration::from_secs(1).min(long)).await;
    }
}

fn mean(held: &[f64]) -> f64 {
    let number = u32::try_from(held.len()).map_or(1.0, f64::from);
    held.iter().sum::<f64>() / number
}

/// Everything that was created came, each first in its turn, however often: how often something came again.
async fn told_of_all(receiver: &mut Receiver, ids: &BTreeSet<String>) -> usize {
    let (mut came, mut again) = (BTreeSet::new(), 0);
    while !ids.is_subset(&came) {
        let message = timeout(TOLD, receiver.next()).await;
        let message = message.unwrap_or_else(|_| panic!("{} of {} were told", came.len(), ids.len()));
        let (kind, id) = message.told();
        if kind == "organization.created" {
            again += usize::from(!came.insert(id.as_str().expect("an id").to_owned()));
        }
    }
    again
}

#[test]
#[ignore = "takes an hour, or SOAK_SECONDS: cargo test -p tests -- --ignored --nocapture a_day_in_an_hour"]
fn a_day_in_an_hour() {
    with_servers(async || {
        let long = Duration::from_secs(setting(SECONDS).unwrap_or(DAY).try_into().expect("a number of seconds"));
        let node = Node::primary().await;
        let relay = Relay::before(&node).await;
        let instances = Instances::start(&node, &relay.url(), 2).await;
        let mut receiver = Receiver::start().await;
        instances.send_webhooks_to(&receiver.url());
        let mut scene = Scene { node, relay, instances };
        let mut load = asked(&scene.instances);
        let (process, mut held, mut suffered) = (scene.instances.process(), Vec::new(), BTreeMap::new());
        let (began, apart) = (Instant::now(), (long / (FAULTS + 1)).min(APART));
        for fault in ALL.into_iter().cycle() {
            measured(process, apart, &mut held).await;
            if began.elapsed() + apart > long {
                break;
            }
            scene.suffer(fault).await;
            load.goes_on(WRITERS).await;
            scene.instances.sign_in();
            *suffered.entry(format!("{fault:?}")).or_insert(0) += 1;
        }
        let (_, seen) = load.end().await;
        let ids = seen.acknowledged.iter().filter_map(|made| made.id.as_str().map(str::to_owned)).collect();
        let again = told_of_all(&mut receiver, &ids).await;
        assert_is_held(&scene.node, &seen.acknowledged).await;
        assert_eq!(scene.node.texts(CHANGED).await, [seen.changed.to_string(), seen.changed.to_string()]);
        let service = scene.node.instance(&scene.node.url(), None, None).await;
        assert_eq!(service.missed_by_the_feed().await, Vec::<String>::new());

        let third = held.len() / 3;
        let (second, last) = (mean(&held[third..2 * third]), mean(&held[2 * third..]));
        println!("{}", seen.report(&format!("{} seconds, {suffered:?}", long.as_secs())));
        println!(
            "changed afterwards: {}; webhooks told again: {again}; streams of the feed: {FOLLOWERS}",
            seen.changed
        );
        println!("memory: {second:.1} MB in the second third, {last:.1} MB in the last");
        assert!(last <= second * GROWTH, "memory grows");
    });
}

/// How many have been changed once, and how many changes were written down.
const CHANGED: &str = "SELECT count(*)::text AS text FROM organization WHERE name LIKE 'Example %' AND version = 2
    UNION ALL SELECT count(*)::text FROM change WHERE table_name = 'organization' AND action = 'updated'";
