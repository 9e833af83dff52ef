//! The tests, in the product's words. Each file has one subject.
#![expect(clippy::expect_used, reason = "a test that cannot go on must stop")]

mod cursors;
mod errors;
mod fixtures_lists;
mod fixtures_many;
mod graphiql;
mod http;
mod inputs;
mod pages;
mod paging;
mod selections;
mod speed;
mod tree;
