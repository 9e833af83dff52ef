//! The tests, in the product's words. Each file has one subject.
#![expect(clippy::expect_used, reason = "a test that cannot go on must stop")]

mod documents;
mod expectations;
mod implied_edges;
mod leaks;
mod missing;
mod permissions;
mod policy;
mod root_fields;
mod speed;
mod walk;
