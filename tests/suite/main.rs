//! The tests, in the product's words. Each file has one subject.
#![expect(clippy::expect_used, reason = "a test that cannot go on must stop")]

mod command_line;
mod constraints;
mod first_run;
mod import;
mod import_changes;
mod import_refusals;
mod migrations;
mod program;
mod speed;
mod state_file;
