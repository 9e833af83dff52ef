//! The tests, in the product's words. Each file has one subject.
#![expect(clippy::expect_used, reason = "a test that cannot go on must stop")]

mod command_line;
mod constraints;
mod cursors;
mod first_run;
mod fixtures_lists;
mod fixtures_many;
mod graphiql;
mod house;
mod import;
mod import_changes;
mod import_refusals;
mod migrations;
mod paging;
mod program;
mod record_agenda;
mod record_convenings;
mod record_districts;
mod record_organizations;
mod record_people;
mod record_refusals;
mod record_resources;
mod record_sources;
mod search;
mod search_lists;
mod search_seen;
mod speed;
mod state_file;
mod tree;
