//! What the service answers over HTTP.

mod accept;
mod address;
mod app;
mod document;
mod endpoint;
mod export;
mod front;
mod graphiql;
mod health;
mod housekeeping;
mod identify;
mod keys;
mod live;
mod once;
mod open;
mod pages;
mod places;
mod problem;
mod reply;
mod router;
mod websocket;

pub use app::{App, Live, Options};
pub use housekeeping::{keep_house, put_away};
pub use places::Most;
pub use router::router;
