//! The tests, in the product's words. Each file has one subject.
#![expect(clippy::expect_used, reason = "a test that cannot go on must stop")]

mod participation;
mod participation_groups;
mod readiness;
mod readiness_shown;
mod record_agenda;
mod record_convenings;
mod record_districts;
mod record_organizations;
mod record_people;
mod record_resources;
mod record_sources;
mod search;
mod search_lists;
mod search_seen;
mod speed;
