//! What the service answers over HTTP.

mod accept;
mod address;
mod agenda;
mod answers;
mod app;
mod embed;
mod endpoint;
mod export;
mod front;
mod graphiql;
mod health;
mod housekeeping;
mod identify;
mod keys;
mod live;
mod map;
mod once;
mod open;
mod pages;
mod places;
mod problem;
mod public;
mod query;
mod reply;
mod router;
mod tag;
mod websocket;

pub use app::{App, Live, Options};
pub use housekeeping::{keep_house, keep_listening, put_away};
pub use places::Most;
pub use router::router;
