//! What the tests stand on: a throwaway PostgreSQL, a database for each test, and the real router on it.
//!
//! ```ignore
//! #[test]
//! fn the_symposium_took_two_days() {
//!     harness::with_record(async |service| {
//!         let answer = service.ask("{ convening(by: {slug: \"2015-symposium\"}) { startsOn endsOn } }").await;
//!         assert_eq!(answer.at("/convening/startsOn"), "2015-05-08");
//!     });
//! }
//! ```
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test that cannot go on must stop")]

mod accounts;
mod answer;
mod cluster;
mod contents;
mod database;
mod disk;
pub mod fixtures;
mod golden;
mod identity_provider;
mod node_faults;
mod plan;
mod pooler;
mod record;
mod recovery;
mod relay;
mod replication;
mod service;

pub use accounts::{PASSWORD, PUBLIC_URL, Tokens, signing_key};
pub use answer::{Answer, line};
pub use cluster::{cluster, options, reap};
pub use contents::{contents, texts};
pub use database::{Seed, run, run_on_state};
pub use disk::Disk;
pub use golden::{golden, root};
pub use identity_provider::{IdentityProvider, ProviderTokens};
pub use plan::{Step, steps};
pub use pooler::{Pooler, SETTINGS};
pub use recovery::Archived;
pub use relay::{Network, Relay};
pub use replication::{Node, Replicated, replicated, run_program, with_servers};
pub use service::{Service, Setup};

/// Runs a test on a database without any table.
pub fn with_bare(test: impl AsyncFnOnce(Service)) {
    run(Seed::Bare, test);
}

/// Runs a test on an empty, migrated database.
pub fn with_empty(test: impl AsyncFnOnce(Service)) {
    run(Seed::Empty, test);
}

/// Runs a test on a database that holds the initiative's record.
pub fn with_record(test: impl AsyncFnOnce(Service)) {
    run(Seed::Record, test);
}

/// Runs a test on a database that holds the [fixture](fixtures).
pub fn with_fixture(test: impl AsyncFnOnce(Service, fixtures::Fixture)) {
    run(Seed::Fixture, async |service| {
        let fixture = fixtures::Fixture::of(&service.db).await;
        test(service, fixture).await;
    });
}
